"""What a sentence says that no single word of it says, each with what only looks like it (knowledge/grammar.py).

The nouns are ones no word list knows, so that the turn of speech alone is under test.
"""

from pathlib import Path

import pytest

from knowledge.content import load
from knowledge.read import draft
from knowledge.text import normalise

BOOKS = load(Path(__file__).parent / "no-company").books

SAYS = [
    ("unsure", "公開用か社内用か分からないひな壇表です", "公開用のひな壇表です"),
    ("unsure", "どこかに出ていたような気がします", "どこかに出ていました"),
    ("unsure", "載っているのかどうか不明です", "社長しか知らない数字です"),
    ("unsure", "載せた理由は誰も教えてくれません", "載せた理由を教えてもらいました"),
    ("unsure", "消した理由を聞いても、上の指示としか言いません", "消した理由を聞いて分かりました"),
    ("unsure", "出してよいのか、誰も考えたことがありません", "お客さんが泊まったかどうかを答えます"),
    ("consent_no", "「もう使わないでほしい」と電話がありました", "もう使わない道具です"),
    ("consent_no", "本人に同意を撤回されました", "本人に同意を確かめました"),
    ("consent_no", "先方にはまだ伺っておりません", "昨日まで口止めされていました"),
    ("person_record", "お客さんが泊まったかを聞かれました", "うちに泊まれる部屋を聞かれました"),
    ("person_record", "応募者の履歴書です", "履歴書の見本です"),
    ("person_record", "お名前も入った表です", "お名前も会社名もなしの表です"),
    ("told_not", "先方から外に出すなと言われています", "先方から外に出していいと言われています"),
    ("told_not", "社内評価にのみ使用という約束でもらいました", "社内評価に使用しました"),
    ("told_not", "会員外への配布を禁ず、とあります", "会員にも配布しています"),
    ("not_yet", "発行は再来週です", "発行は先週でした"),
    ("not_yet", "来月発表します", "先月発表しました"),
    ("not_yet", "まだ決まっていない案です", "もう決まった案です"),
    ("not_yet", "年末発売の品です", "昨年末発売の品です"),
    ("not_yet", "まだ出していない版です", "先方の返事をまだもらえていません"),
    ("not_yet", "まだ途中の版です", "まだ中身を読んでいません"),
    ("inside_only", "社内の三人しか知りません", "雑誌しか読みません"),
    ("inside_only", "会員専用ページにあります", "公式ページにあります"),
    ("inside_only", "外に出した例はありません", "外に出した例があります"),
    ("inside_only", "よそには見せていません", "よそには見せています"),
    ("inside_only", "得意先にも見せていません", "得意先にも見せています"),
    ("inside_only", "外に出してはいません", "外に出してまずいものですか"),
    ("inside_only", "載っていたのは社内ポータルだけでした", "載っていたのは新聞だけでした"),
    ("inside_only", "会員なら誰でも見られます", "会員でなくても誰でも見られます"),
    ("in_public", "先週ニュースで紹介されました", "先週朝礼で紹介されました"),
    ("in_public", "全国放送で流れました", "館内放送で流れました"),
    ("in_public", "安全衛生規則に書いてあります", "就業規則に書いてあります"),
    ("beside", "公開公報に準じて自社で決めた値です", "公開公報に載っている値です"),
    ("value_doubt", "どこの窯元も同じようなもんです", "どこの窯元もやっていません"),
    ("value_doubt", "社内で意見が割れています", "社内で瓶が割れています"),
    ("value_doubt", "隠すほどのもんでもない", "隠すべきもんだ"),
    ("everyday", "会計で使っているソフトの名前です", "会計で使っている帳面の中身です"),
    ("beside", "番組で紹介されましたが、その数字は取材では言いませんでした", "番組で紹介されました"),
    ("partly", "サイトに出ているのはロゴと発売年だけで、続きは紙です", "サイトに出ているロゴだけを使います"),
    ("person_record", "元社員がなぜ辞めたかを聞かれました", "機械がなぜ止まったかを聞かれました"),
    ("entrusted", "前におった工場のひな壇表です", "前におった棚のひな壇表です"),
    ("unsure", "取り下げた理由は引き継がれていません", "取り下げた理由は引き継ぎました"),
    ("third_party_ban", "表紙に第三者開示禁止とあります", "表紙に第三者とあります"),
    ("named", "ひな壇図を送ります", "さっきの図を送ります"),
    ("not_there", "攻略本に載っていない乱数の決め方を話します", "攻略本に載っている乱数の決め方を話します"),
    ("not_yet", "明日の朝刊に載る予定です", "昨日の朝刊に載りました"),
    ("extra_part", "カタログと一緒に、ひな壇表も送ります", "カタログと一緒に、公開公報も送ります"),
    ("in_public", "お客さんのサイトで、うちのことを記事にしてくれています", "お客さんがうちのことを話してくれています"),
    ("doubt_publication", "サイトを見たら、ページがありません", "サイトを見たら、載っていました"),
    ("in_public", "店の入口に貼ってあります", "店の奥にしまってあります"),
    ("in_public", "公式チャンネルで今も見られます", "公式チャンネルでは見られません"),
    ("in_public", "一般公開に切り替えました", "限定公開に切り替えました"),
    ("limited", "全社四百人、いや全社に回覧しました", "全国に配布しました"),
    ("limited", "社内の発表会で発表しました", "学会で発表しました"),
    ("limited", "取引先にだけ配布しました", "来場者に配布しました"),
    ("partly", "公開したのは外観だけです", "全部公開しました"),
    ("partly", "値札に「特選」と書いています", "値札に「特選」と書いていいですか"),
    ("partly", "パンフに「特殊な処理」と書いてあります", "箱に「社外秘」と書いてあります"),
    ("promise", "そこにないことは書きません", "そこに書いてあります"),
    ("same_part", "載っている範囲だけ話します", "載っています"),
    ("leaked_out", "誤って公開してしまいました", "正しく公開しました"),
    ("everyday", "うちに何台あるか聞かれました", "うちに来るか聞かれました"),
]


def concepts(text: str) -> set[str]:
    return {m.concept.id for m in draft(normalise(text), BOOKS).message.mentions}


@pytest.mark.parametrize(("concept", "says", "near_miss"), SAYS)
def test_a_turn_of_speech_is_told_from_what_looks_like_it(concept: str, says: str, near_miss: str) -> None:
    assert concept in concepts(says)
    assert concept not in concepts(near_miss)


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("ひな壇表を同業の人に見せていい？", "secret"),
        ("これ、同業の人に見せていい？", "review"),
        ("ホームページに載っているひな壇表を同業の人に見せていい？", "public"),
        ("新聞に入ったうちのチラシです。チラシの値段を友人に教えていい？", "public"),
        ("新聞に入ったうちのチラシです。チラシの値段の決め方を友人に教えていい？", "secret"),
        ("新聞に入ったうちのチラシです。チラシの原価を友人に教えていい？", "secret"),
        ("社内の発表会で発表したひな壇表を同業の人に見せていい？", "secret"),
        ("ひな壇表はサイトに載っています。組み方の控えを同業の人に見せていい？", "secret"),
        ("ひな壇表はサイトに載っています。そのページのリンクを同業の人に送っていい？", "public"),
        ("ひな壇表がサイトに載っているか分かりません。同業の人に見せていい？", "review"),
        ("以前は社員専用だったひな壇表、今は公式サイトに載っています。お客さんに見せていい？", "public"),
        ("ひな壇表はもう公表されたそうです。お客さんに見せていい？", "review"),
        ("誤って公開フォルダに置いたひな壇表、誰でも見られる状態だったので渡していい？", "secret"),
    ],
)
def test_a_noun_of_no_list_is_judged_by_what_is_said_of_it(text: str, verdict: str) -> None:
    assert draft(normalise(text), BOOKS).verdict == verdict
