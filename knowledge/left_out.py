"""What a message names only to say that it is not meant, or not given: 原価抜きの定価表, 図面は付けません.

Of a thing left out nothing is asked. Its flags stay (it is named), but no verdict rests on it.
"""

from __future__ import annotations

import re

from .lexicon import Mention, Message

# Not that one, but another. だけではなく names both.
_NOT_THAT = re.compile(
    r"(?<!だけ)(?<!のみ)(?<!ばかり)(?<!わけ)(?<!まで)(?:の(?:話|こと|件|方|ほう|やつ)|とか|なんか)?(?:では|じゃ|で)"
    r"(?:なく(?:て)?(?![なす])|ない(?:方|ほう|やつ)(?!が)|ないです(?:、|。|けど|が))"
)
# 名簿ちゃうで, 図面じゃないです: told of, and not asked.
_IS_NOT = re.compile(
    r"(?:は|とか|も)+(?:要らない|いらない|要りません|いりません|要らん|いらん|不要|求められて(?:い)?(?:ない|ません)|頼まれて(?:い)?(?:ない|ません)|聞かれて(?:い)?(?:ない|ません))(?:です|だ|ので|から|し|けど|が|よ)*(?=。|、|\)|$)"
    r"|(?:の(?:話|こと|件|方|ほう|やつ)|とか|なんか)?(?:(?:では|じゃ)(?:ない|ありません)|と?(?:ちゃう|ちがう|違う))(?:です)?(?:よ|で|わ|ので|から|し|けど|が|ねん)*(?=。|、|\)|$)"
)
_APART = re.compile(
    r"(?:の(?:話|こと|件|方|ほう))?(?:と(?:は)?(?:全然|まったく|全く)?別(?:に|で|の話)|は(?:さておき|置いといて|おいといて|置いておいて|別(?:として|にして)|ともかく)"
    r"|(?:と)?は(?:一切|全く|まったく)?(?:関係な[いくし]|無関係|関係ありません))"
)
_WITHOUT = re.compile(
    r"(?:を)?(?:除い(?:て|た)|除き(?:ます|、)|のぞい(?:て|た)|以外(?:の|は|を|なら|で|、)|抜き(?:の|で|に|、|です)|なし(?:の|で(?!き)))"
)
_TAKEN_OUT = re.compile(
    r"(?:とか|など|なんか)?(?:は|を|も)(?:全部|ちゃんと|もう|先に|きちんと|事前に|すべて|全て)?(?:外し|抜い|除い|のぞい|省い|はぶい|消し|伏せ|黒塗りし|塗りつぶし|切り取っ|切っ|カットし|マスクし|マスキングし|削っ|削除し|取っ払っ|はずし)"
    r"(?:(?:まし)?た(?!い|ら|と|人|会社|方(?!で|の|を|は|、))|てある|てます|ています|ておき(?:ます|ました)|てあり(?:ます)|とき(?:ます|ました)|てお(?:く|いた)|とく|といた|て(?=、|渡|出|送|見せ))"
)
# A thing without it: 原価の載っていないカタログ. What is not in a place (公報に載っていない温度) is no such thing.
_NOT_ON_IT = re.compile(
    r"(?:の|が|は|も|とか(?:が|は|も)?)?(?:一切|いっさい|全く|何も)?(?:入って|載って|のって|書いて|書かれて|写って|映って|付いて|ついて|含まれて|入れて|載せて|出てこ)(?:い)?(?:ない|ません|ず)"
    r"(?=方|ほう|やつ|もの|版|[一-鿿ァ-ヺ]|、(?:うち|当社|弊社|普通)の)"
)
# 図面は付けません, 実験データには触れず. Told, and neither asked nor ordered by somebody.
_NOT_GIVEN = re.compile(
    r"(?:とか|など|なんか)?(?:は|には|も|まで|とか|を)(?:一切|いっさい|絶対(?:に)?|もちろん|全く|何も|一つも)?"
    r"(?:当然|今回|ここに|一緒に|これに)?(?:付け|つけ|添え|入れ|出さ|出し|渡さ|渡し|見せ|持って行か|持っていか|持ってか|持って行き|持っていき|触れ|触ら|混ぜ|言わ|言い|話さ|話し|しゃべら|喋ら|しゃべり|載せ|送ら|送り|使わ|使い|含め|貼ら|写さ|映さ|配ら|教え|触り|書か|書き|写り|映り|写って(?:い)?|映って(?:い)?)"
    r"(?:ないで(?!ください|ほしい|欲しい|くれ|と|」|ね|よ|す)|ん(?:と(?:して)?、|(?:で|から|し|けど|よ|わ)*(?=、|。|,|$|\)))|ない(?:です|つもり(?:です)?|よ|わ|から|ので|し|けど|ん(?:です|だ)?)*(?=、|。|,|\.|$|\)|…|!|し|で、|の(?:で|です))|ません(?!か)(?:から|ので|し|けど|よ|が)*(?=、|。|$|\)|…|!|の)|ず(?:に)?(?=、|。|$|[一-鿿]))"
)
_HUSH = re.compile(
    r"(?:は|を|も|のことは)(?:聞かれても|訊かれても)?、?(?:黙って(?:お|い|る)|黙っと|内緒にし|内緒で|伏せと|言わんと)"
)
# 名簿を出すわけじゃなくて
_NOT_THAT_ONE_DOES = re.compile(
    r"(?:を|は|とか|なんか|まで)+(?:出す|見せる|渡す|送る|配る|載せる|話す|言う|教える|使う|入れる|持ち出す)(?:わけ|の|ん|つもり)?(?:では|じゃ)"
    r"(?:なく(?:て)?(?![なす])|な(?:い(?:です|けど|し|の|。|、|$)))"
)
_MARKERS = (_NOT_THAT, _IS_NOT, _APART, _WITHOUT, _TAKEN_OUT, _NOT_ON_IT, _NOT_GIVEN, _NOT_THAT_ONE_DOES, _HUSH)
_TOLD_APART = (_NOT_THAT, _IS_NOT, _APART)

_BREAKS = "。!?\n、,「」()（）"
_JOINS = frozenset({"の", "や", "と", "とか", "用", "・", "および", "及び"})
_NO_NAME = tuple(
    "ほか 他 以外 こと ところ ログイン 登録 サインイン パスワード 認証 申し込み 手続き 料金 お金 制限 限定 関係 問題"
    " 心配 許可 承諾 同意 了解 断り 返事 返信 連絡 予定 つもり 必要 理由 意味 悪気 悪意 契約 自信 記憶".split()
)
_NOUNS = frozenset({"名詞", "接頭辞", "接尾辞", "形状詞", "代名詞", "連体詞"})
_VERBS = frozenset({"動詞", "助動詞", "形容詞"})
_IN_A_PLACE = re.compile(r"(?:に|にも|には)$")
_ASKED = re.compile(r"[^。!?\n、]{0,6}(?:\?|か(?:な|ね)?(?:。|$)|(?:て|で)も?(?:いい|よい|大丈夫))")

# What a thing is, and how it stands with it. Whom it goes to is said of all that is given.
_OF_A_THING = frozenset("kind medium publication unpublished mark extra_part cost_part unpublished_past".split())
_OF_IT = frozenset("entrusted from_them received carried".split())  # of other groups
_OUT = frozenset("in_medium in_public open_access register medium catalogue".split())


def left_out(message: Message) -> list[tuple[int, int]]:
    """Characters (start, stop) of what is left out, with the words that say so, in order; [] for blank."""
    text = message.source.text
    found = [
        (start, match.start(), match.end(), marker in _TOLD_APART)
        for marker in _MARKERS
        for match in marker.finditer(text)
        if not (marker in (_NOT_GIVEN, _TAKEN_OUT, _IS_NOT) and _ASKED.match(text, match.end()))
        and (start := _name_start(message, match.start(), whole=marker is _NOT_THAT)) < match.start()
        and not (marker in (_NOT_ON_IT, _NOT_GIVEN) and _IN_A_PLACE.search(text, 0, start))
    ]
    places = [(start, stop) for start, stop, _, _ in found]
    return sorted(
        (start, end) for start, stop, end, apart in found if not _again(text[start:stop], apart, places, text)
    )


def _name_start(message: Message, stop: int, *, whole: bool) -> int:
    """Where the name begins that ends at a character; whole: with the words that say which one it is."""
    words, text = message.tokens, message.source.text
    k = next((n for n in range(len(words) - 1, -1, -1) if words[n].end <= stop), -1)
    if k < 0 or words[k].end != stop or words[k].pos not in _NOUNS or text.endswith(_NO_NAME, 0, stop):
        return stop
    first = k
    while first and words[first - 1].end == words[first].start:
        before = words[first - 1]
        if before.surface in _BREAKS:
            break
        stem = before.pos == "動詞" and before.form.startswith("連用形-一般")  # 掛け率
        if before.pos in _NOUNS or before.surface in _JOINS or stem:
            first -= 1
        elif before.pos in _VERBS and words[first].pos in _NOUNS and _says_which(words[first - 1].form):
            edge = max(text.rfind(mark, 0, before.start) for mark in _BREAKS) + 1
            return edge if whole else _verb_start(message, first - 1, edge)
        else:
            break
    while first < k and words[first].surface in _JOINS:
        first += 1
    return words[first].start


def _says_which(form: str) -> bool:
    return form.startswith(("連体形", "終止形"))


def _verb_start(message: Message, k: int, edge: int) -> int:
    """From 預かった in 一緒に預かった実験データ back to the last topic or object before it."""
    words = message.tokens
    while k and words[k - 1].start >= edge and words[k - 1].surface not in ("は", "を", "が", "も"):
        k -= 1
    return words[k].start


def _again(called: str, apart: bool, places: list[tuple[int, int]], text: str) -> bool:
    """Whether the thing is named once more where it is not left out: then it is what is asked about.

    apart: it is told from another of its kind (連結の数字ではなく、店ごとの数字), so that its whole name counts.
    """
    name = called if apart else re.split(r"[のやとた]", called)[-1]
    if len(name) < 2:
        return False
    again = [m.start() for m in re.finditer(re.escape(name), text)]
    return any(not any(a <= place < b for a, b in places) for place in again)


def meant(message: Message, spans: list[tuple[int, int]]) -> list[Mention]:
    """The mentions of a message without those of what it leaves out (left_out).

    A secret is left out only beside something that is out: else it is looked at all the same.
    """
    gone = {
        id(m)
        for m in message.mentions
        if (m.concept.group in _OF_A_THING or m.concept.id in _OF_IT)
        and any(a <= m.start and m.stop <= b for a, b in spans)
    }
    rest = [m for m in message.mentions if id(m) not in gone]
    return (
        rest if any(_is_out(m) for m in rest) else [m for m in message.mentions if id(m) not in gone or not _is_out(m)]
    )


def _is_out(m: Mention) -> bool:
    return m.concept.id in _OUT or (m.concept.id == "publish" and "done" in m.status)
