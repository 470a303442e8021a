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
    ("told_not", "先方から外に出すなと言われています", "先方から外に出していいと言われています"),
    ("told_not", "社内評価にのみ使用という約束でもらいました", "社内評価に使用しました"),
    ("told_not", "会員外への配布を禁ず、とあります", "会員にも配布しています"),
    ("not_yet", "発行は再来週です", "発行は先週でした"),
    ("not_yet", "来月発表します", "先月発表しました"),
    ("not_yet", "まだ決まっていない案です", "もう決まった案です"),
    ("inside_only", "社内の三人しか知りません", "雑誌しか読みません"),
    ("inside_only", "会員専用ページにあります", "公式ページにあります"),
    ("inside_only", "外に出した例はありません", "外に出した例があります"),
    ("inside_only", "よそには見せていません", "よそには見せています"),
    ("in_public", "店の入口に貼ってあります", "店の奥にしまってあります"),
    ("in_public", "公式チャンネルで今も見られます", "公式チャンネルでは見られません"),
    ("in_public", "一般公開に切り替えました", "限定公開に切り替えました"),
    ("limited", "社内の発表会で発表しました", "学会で発表しました"),
    ("limited", "取引先にだけ配布しました", "来場者に配布しました"),
    ("partly", "公開したのは外観だけです", "全部公開しました"),
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
