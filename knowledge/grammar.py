"""What a sentence says that no single word of it says; seen as statuses and mentions, so that rules can speak of it.

- `unsure`: the writer does not know (載っているか分からない, 公開用か社内用か). What stands in its scope is in doubt.
- `told_not`: somebody asked that it stays inside (外に出すなと言われた), or allowed one use only (社内評価にのみ).
- `not_yet`: it is still to come (発行は再来週, まだ決まっていない). `inside_only`: 社内の人しか知らない.
- `named`: a thing is called by a name of its own (換算シート), not only pointed at (この資料).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from .lexicon import Concept, Lexicon, Mention, Message
from .status import status_of
from .text import Token

GRAMMAR = {
    "unsure": ("doubt", "分からないと述べている"),
    "told_not": ("consent", "出さないように言われている"),
    "not_yet": ("unpublished", "これからのこと"),
    "inside_only": ("unpublished", "社内の人しか知らない"),
    "named": ("form", "名前のあるもの"),
}

_NOT = r"(?:な|ず|ん|へん|ませ|まへん|ぬ)"
_IGNORANT = re.compile(
    r"(?<!しか)(?:分か|わか|判ら|解)(?:ら" + _NOT + r"|り(?:ませ|かね|にくい)|んな)"
    r"|(?<!しか)(?:知ら|思い出せ|思い出さ|判断(?:が|は|も)?(?:でき|つか))" + _NOT + "|知りませ|判断(?:が)?つきませ"
    r"|(?<!しか)(?:知っ|覚え|おぼえ|書い|書かれ|見|読め|読ん|聞い|聞け|聞き返し|聞き返せ|調べ|確かめ|確認し|確認でき|確認とれ|確認取れ|控え|残っ|見比べ)"
    r"(?:て|と)(?:は|も)?(?:い|お)?(?:な|ませ|ん|へん|ら|りませ)"
    r"|不明|未確認|はっきり(?:と)?(?:し|せ)|あいまい|曖昧|怪しい|あやしい|謎|微妙|自信(?:が|は|も)?(?:な|あり)|定か"
    r"|(?:人|者|記録|記憶|資料|証拠|手がかり|印)(?:が|も|は)?(?:誰も)?(?:お(?:ら|りませ)|い(?:な|ませ)|残っ|な[いし]|ありませ)"
)
# A memory or an impression: あったような気がする, 写ってる気もする, 出したはず.
_VAGUELY = re.compile(
    r"(?:た|だ|てる|ている|とる|でる|ような|らしい)(?:ような)?気(?:が|も|ぃ|い|は)?(?:す|し)"
    r"|(?:た|だ|てる|ている|とる)(?:か)?ような(?=。|、|$|\n|[^。!?\n]{0,8}(?:ない|なかった|とらん|てない)ような)"
    r"|(?:た|てる|ている|とる|済みの)はず(?!が|だった|でした|やった)"
    r"|(?:て(?:い)?る|とる|のか|んか)も(?!ら|ん(?!(?:な|し|。)))(?:しれ|知れ|。|$|な)"
)
_ALLOWED = re.compile(
    r"(?:いい|よい|良い|ok|大丈夫|べき|よろしい|ええ|よか|セーフ|アウト|平気|秘密|構わない|すれば|したら|問題ない|だめ|ダメ|まずい)"
    r"(?:もの|ん|の|もん|こと|やつ|な|です|でしょう|だろう)*$"
)
_BREAK = {"けれど", "ので", "のに", "から"}
_STOP = set("。!?\n")

_KEPT = re.compile(
    r"(?:(?:出|見せ|話|言|渡|載せ|配|送|使|回|広め|漏ら|もらさ|教え|伝え|公開|公表|撮|口外|コピー|転送|持ち出)"
    r"[ぁ-ん]{0,3}?(?:ない|ぬ)?(?:な|ない(?:こと|で(?:ほしい|くれ|ください|ね|よ)?|ように|でおいて)|禁止|厳禁|不可|だめ|ダメ)"
    r"|内緒(?:に|で|ね|だ)?|伏せ(?:て|と)|黙って(?:い)?て|秘密に)[^。!?\n、]{0,6}?(?:」|』)?"
    r"(?:って|と|との|という|ように)[^。!?\n、]{0,6}?"
    r"(?:言わ|いわ|頼ま|釘|書い|書か|約束|念を|指示|注意|お願い|ある|あり|あっ|条件|聞い|決ま|なって)"
)
_ONLY = re.compile(
    r"(?:のみ|だけ|に限(?:り|って|る)|以外(?:に|には)?)(?:に|で)?(?:使用|利用|使う|使い|使わ|使っ|用い|閲覧|許可|承諾|同意)(?!できる|て(?:い|も))"
    r"|目的以外|以外(?:に|には)[^。!?\n、]{0,8}(?:ない|ません)(?:約束|条件|こと|と)"
)

_INSIDE = re.compile(
    r"(?:社員|社内|うち|内部|部内|課内|課|社長|会長|役員|上|担当|本部|本社|店長|工場|開発|研究|設計|製造|現場|親方|職人|師匠|家族|身内|自分|わし|俺|私|ワイ|僕"
    r"|[\d一二三四五六七八九十数]+(?:人|名)|関係者|一部の人|限られた|メンバー|チーム|サーバー|紙|ノート|帳面|頭の中|契約し[^。!?\n、]{0,8}|会員|株主|代理店)"
    r"[^。!?\n、]{0,8}?しか[^。!?\n、]{0,10}?(?:知ら|見|持っ|分か|わか|使|入|開け|読|触|聞|話し|渡し|配っ|出し|出て|残っ|載っ|書い|な)"
    r"[^。!?\n、]{0,4}?(?:ない|ません|なく|なかっ|ず|ん|へん|ね)"
)

_EVENT = (
    r"(?:公開|発表|発行|発売|公表|解禁|リリース|配信|放送|放映|掲載|開示|公示|告示|公告|刊行|出版|オープン|上映|封切り|開業|開店|公布"
    r"|お披露目|ローンチ|出願|登録|情報解禁|プレス|決算発表|記者会見|締結|調印|実施|施行|開催|入札|開札|本番|試験|テスト|決定|投稿)"
)
_LATER = (
    r"(?:(?:再来|来)(?:週|月|年|期|季|春|夏|秋|冬|シーズン|年度)|明日|あした|明後日|あさって|今(?:夜|晩)|これから|先(?:です|だ|の話|なん)"
    r"|(?:\d+|[一二三四五六七八九十]+)(?:日|週間|か月|ヶ月|ヵ月|カ月|ケ月|月|年)(?:後|先)|予定|近々|もうすぐ|まだ(?!お)|後日|未定)"
)
_COMING = re.compile(
    _EVENT + r"(?:日|時期)?(?:は|が|も|って|まで(?:は|に)?|前)?(?:[^。!?\n、]{0,8}?)" + _LATER + r"(?![^。!?\n、]{0,3}(?:以前|前に))"
)
_STILL = re.compile(
    r"まだ(?!お客)(?:(?:です|だ|や|なん|の(?=[^。!?\n、]{0,12}(?:を|は|が|、))|で(?=、|す|し)|。|$)"
    r"|[^。!?\n、]{0,14}?(?:て|で)?(?:い|お)?(?:ない|ません|なく|なかっ|ず(?!っと)|らん|とらん|へん|てん|前|中(?!の人)|途中|段階))"
)


def grammar_concepts() -> list[Concept]:
    return [Concept(name, group, (), label=label) for name, (group, label) in GRAMMAR.items()]


def grammar(message: Message, lexicon: Lexicon) -> None:
    """Put what stands in doubt into doubt, and add mentions of `unsure`, `told_not` and `not_yet`."""
    text = message.source.text
    scopes = list(_doubtful(message))
    for begin, end, stop in scopes:
        message.mentions = [
            replace(m, status=(m.status - {"done"}) | {"whether", "doubt"}) if begin <= m.begin and m.end <= end else m
            for m in message.mentions
        ]
        message.mentions.append(_mention("unsure", begin, stop, message, lexicon))
    for name, pattern in (("told_not", _KEPT), ("told_not", _ONLY), ("not_yet", _COMING), ("not_yet", _STILL), ("inside_only", _INSIDE)):
        for found in pattern.finditer(text):
            if name == "not_yet" and _IGNORANT.search(found[0]):
                continue
            begin, end = _tokens_at(message.tokens, found.start(), found.end())
            if end and not any(a <= begin and end <= c for a, _, c in scopes):
                message.mentions.append(_mention(name, begin, end, message, lexicon))
    message.mentions.sort(key=lambda m: (m.begin, m.end, m.concept.id))


def _tokens_at(words: list[Token], start: int, stop: int) -> tuple[int, int]:
    inside = [k for k, t in enumerate(words) if t.start < stop and start < t.end]
    return (inside[0], inside[-1] + 1) if inside else (0, 0)


def _mention(name: str, begin: int, end: int, message: Message, lexicon: Lexicon) -> Mention:
    words = message.tokens
    return Mention(
        lexicon.concepts[name],
        begin,
        end,
        words[begin].start,
        words[end - 1].end,
        status_of(words, begin, end, message.source.text),
        message.clause_of[end - 1],
        message.sentence_of[end - 1],
    )


def _doubtful(message: Message) -> Iterable[tuple[int, int, int]]:
    """(first word in doubt, end of what is in doubt, end of the words that say so)."""
    words, text = message.tokens, message.source.text
    for found in _VAGUELY.finditer(text):
        first, stop = _tokens_at(words, found.start(), found.end())
        if stop:
            begin = first
            while begin and message.clause_of[begin - 1] == message.clause_of[first]:
                begin -= 1
            yield begin, stop, stop
    k = 0
    while k < len(words):
        close = _sentence_end(words, k)
        asked = [
            i
            for i in range(k + 1, close)
            if words[i].surface in ("か", "やら")
            and words[i].pos == "助詞"
            and i + 1 < close
            and words[i - 1].surface != "と"
            and words[i - 1].lemma not in ("誰", "何", "何処", "何時")
            and not _ALLOWED.search(text[max(0, words[i].start - 16) : words[i].start])
        ]
        asked = [i for i in asked if not text.startswith(("かも", "かな", "かね", "からの", "かしら", "かと"), words[i].start)]
        if asked:
            first, last = asked[0], asked[-1]
            behind = text[words[last].end : min(words[close - 1].end, words[last].end + 34)]
            said = _IGNORANT.search(behind)
            if said or len(asked) > 1:
                begin = first
                while begin > k and not (words[begin - 1].pos2 == "接続助詞" and words[begin - 1].lemma in (*_BREAK, "が")):
                    begin -= 1
                stop = _tokens_at(words, words[last].end, words[last].end + said.end())[1] if said else last + 1
                yield begin, last + 1, max(stop, last + 1)
        k = close


def _sentence_end(words: list[Token], k: int) -> int:
    while k < len(words):
        if words[k].surface in _STOP or (k and words[k].start > words[k - 1].end):  # a line break leaves a gap
            return k + 1
        k += 1
    return k


_OTHER = {"counterparty", "audience", "time", "mood", "frame", "device", "leaving", "staff", "official", "own", "venue"}
_EMPTY = set(
    """
    事 もの 物 者 為 訳 所 方 人 時 際 中 前 後 上 下 内 外 先 所 分 程 件 話 事柄 感じ 気 形 場合 為 様 自分 皆 みんな 本人 今 今日
    昨日 先週 先月 去年 最近 昔 今回 例 本当 最新 最終 中身 数字 文 面 他 ほか 記事 本社 支店 グループ 全部 一部 一つ 一枚 一度 少し 名前 会社 社外 社内 外部 仕事 相手 友達 知り合い 家族 社長 部長 課長
    主任 店長 先輩 同僚 上司 担当 担当者 広報 総務 許可 承諾 同意 返事 連絡 相談 質問 確認 問題 秘密 情報 参考 必要 予定 つもり お願い
    挨拶 お世話 説明 紹介 掲載 公開 発表 利用 使用 提供 共有 送付 転送 配布 投稿 印刷 コピー 翻訳 要約 添付 保存 電話 メール 会議
    打ち合わせ 取材 見学 説明会 研修 勉強会 セミナー 営業 商談 訪問 客 お客 さん
    """.split()
)


def named(message: Message, lexicon: Lexicon) -> list[Mention]:
    """The first thing that is called by a name of its own: a noun that no word list knows as person, place or pointer."""
    words = message.tokens
    known = [False] * len(words)
    for m in message.mentions:
        if m.concept.group in _OTHER or m.concept.nature == "vague" or m.concept.group in ("publication", "medium", "act"):
            for k in range(m.begin, m.end):
                known[k] = True
    for k, t in enumerate(words):
        if t.pos != "名詞" or t.pos2 != "普通名詞" or known[k] or t.lemma in _EMPTY or t.surface in _EMPTY:
            continue
        end = k + 1
        while end < len(words) and words[end].pos in ("名詞", "接尾辞"):
            end += 1
        behind = words[end].surface if end < len(words) else ""
        if behind in ("を", "は", "も", "って", "、", "が", "とか", "や", "の", "", "?", "。", "(", "なん"):
            return [_mention("named", k, end, message, lexicon)]
    return []
