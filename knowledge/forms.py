"""What the sentences of a message are like: asked, told, begged for; seen as mentions, so that rules can speak of them.

A permission asked for (…ていい？) is told apart from a wh-question that ends alike (どうすればいい？).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from .lexicon import Concept, Lexicon, Mention, Message
from .text import Token

FORMS = {
    "s_any": "何か書いてある",
    "s_question": "問いの文",
    "s_last_question": "最後の文が問い",
    "s_permission": "してよいかを尋ねる文",
    "s_last_permission": "最後の問いがしてよいかを尋ねている",
    "s_wh": "何・どう・どこ・なぜと尋ねる文",
    "s_last_wh": "最後の問いが何・どう・どこ・なぜと尋ねている",
    "s_past": "済んだこと・続いていることを述べる文",
    "s_many_past": "そうした文が二つ以上ある",
    "s_last_past": "最後の文がそうした文",
    "s_no_question": "問いの文がない",
    "s_request": "してほしいと頼む文",
    "s_wish": "したいと述べる文",
    "s_short": "とても短い",
    "s_long": "三文以上ある",
    "s_aside": "最後の問いは、情報を渡すこととは別の用件",
}
# What the message as a whole may look like (knowledge/likeness.py).
LOOKS = {
    "unlike_public": "全体としては、公開済みのものの話に見えない",
    "unlike_secret": "全体としては、秘密と決めるには足りない",
    "unlike_doubt": "全体としては、社外に出していないものの話に見える",
}
WH = set(
    """
    何 どう どこ 何処 誰 どの どんな どれ どちら いつ 何時 なぜ 何故 どうして どういう 如何 なん どなた
    どっち 何方 いくら どのよう
    """.split()
)
_ASKING = set("か かな かね かしら の っけ かい け や".split())
_DRAWN = {"ね", "ねえ", "ねぇ", "なあ", "なぁ", "のう", "なー", "ねー"}  # …ですかねえ
_REQUEST = (
    "ください",
    "下さい",
    "ほしい",
    "欲しい",
    "お願い",
    "頼む",
    "たのむ",
    "たのんます",
    "くれ",
    "ちょうだい",
    "ちょ",
    "教えて",
    "おしえて",
    "見せて",
    "みせて",
    "出して",
    "して",
)
_REQUESTS = (*_REQUEST, *(request + more for request in _REQUEST for more in ("ね", "よ", "な", "ます", "します")))
_PLACES = {"audience_ai", "sns"}
_SLIGHT = {"generic", "minor", "equipment", "minor_business", "catalogue"}
# What hands a thing on or points back to it; a question without any of it is about something else.
_HANDS = re.compile(
    r"見せ|みせ|送(?!迎|別)|おく[っりる]|渡[しすせ]|わたし|載[せっ]|のせ|話(?!し合)|はな[しす]|教え|おしえ|喋|しゃべ|匂わ|映[しすっ]|通し|投げ|はが|許可|宣伝|披露|実演|案内|聞か|きか|触|言[っうい]|伝え|答え|使|つか[っうえ]"
    r"|貼|上げ|あげ|公開|投稿|発表|持[っちた]|もって|撮|写[しすせ]|印刷|コピー|コピペ|配[っりる]|共有|転送|貸|預|売|説明|読[まみんめ]|保存|残[しす]|残って|紹介|流[しす]|参考|引用|真似|まね|保管|開示|提出|提供"
    r"|報告|相談|届け|黙|内緒|秘密|セーフ|アウト|問題|大丈夫|平気|まず|やば|放[っ置]|ほっと|そのまま|このまま|やって|やっちゃ"
    r"|(?:^|、)(?:これ|それ|あれ|この|その|あの|こう|そう|で)?、?(?:は|も|って|なら|で)?(?:もう)?(?:いい|ええ|よい|良い|よろし|構[いわ]|かま[いわ]|だめ|ダメ|ok)"
)
# … or may do so; not where the question names an occasion or errand of its own: 次の案件の見積つくっていい?
_MAY_HAND = re.compile(
    r"出[しすせ]て?|だして|入れ|いれ|置[いきけ]|書[いきけ]|メール|作[っりる]|つくっ|開[けい]|連絡|(?:^|[をにうもと、])して(?:も)?(?:いい|良い|よい|ok)"
)
_OWN_ERRAND = re.compile(
    r"(?:^|[。、!?])(?:じゃあ?|では|で、|ちなみに|ところで|とりあえず|あと|それより)?、?(?:次|次回|今度|明日|あした|明後日|今日|午後|今夜|来週|来月|今月|お礼|新しい|俺ら|私ら)(?:の|から|は)?(?!で)"
)
_SPARES = re.compile(
    r"[^。、!?\n]{0,12}?(?:送|出|書|報告|連絡|話|見せ)[らさかしせ]?(?:し)?なくて(?:も)?(?:いい|大丈夫|ok)"
)


def _aside(text: str, inside: list[Mention]) -> bool:
    """Whether a question asks leave for something that hands no information on: 新しいの買っていい?"""
    rest = _SPARES.sub("", text)
    if _HANDS.search(rest) or any(m.concept.id in _PLACES for m in inside):
        return False
    if _OWN_ERRAND.search(text) or any(m.concept.id == "oos" for m in inside):
        return True
    named = any(m.concept.group == "kind" and m.concept.id not in _SLIGHT for m in inside)
    return not named and not _MAY_HAND.search(rest)


def form_concepts() -> list[Concept]:
    return [Concept(f, "form", (), label=label) for f, label in (FORMS | LOOKS).items()]


def forms(message: Message, lexicon: Lexicon) -> list[Mention]:
    """Mentions of FORMS; a sentence-wide one spans its sentence, the others the message. Blank gives []."""
    words = message.tokens
    if not words:
        return []
    out: list[Mention] = []

    def add(name: str, begin: int, end: int) -> None:
        concept = lexicon.concepts[name]
        out.append(
            Mention(
                concept,
                begin,
                end,
                words[begin].start,
                words[end - 1].end,
                frozenset(),
                message.clause_of[end - 1],
                message.sentence_of[end - 1],
            )
        )

    sentences = _sentences(message)
    asked_last, aside = "", False
    past = 0
    for number, (begin, end) in enumerate(sentences):
        last = number == len(sentences) - 1
        body_end = end
        while body_end > begin and words[body_end - 1].surface in "。！!？?\n」』)）":
            body_end -= 1
        if body_end == begin:
            continue
        tail = words[body_end - 1]
        inside = [m for m in message.mentions if begin <= m.begin < end]
        marked = any(words[i].surface in "?？" for i in range(body_end, end))
        permission = _permission(message, inside, begin, end)
        drawn = tail.surface in _DRAWN and body_end - 1 > begin and words[body_end - 2].surface == "か"
        asked = marked or tail.surface in _ASKING or drawn or permission
        wh = asked and any(words[i].lemma in WH or words[i].surface in WH for i in range(begin, end))
        if asked:
            add("s_question", begin, end)
            if last:
                add("s_last_question", begin, end)
        if permission:
            add("s_permission", begin, end)
            asked_last = "s_last_permission"
        elif wh:
            add("s_wh", begin, end)
            asked_last = "s_last_wh"
        if last and number and asked:
            aside = _aside(message.source.text[words[begin].start : words[end - 1].end], inside)
        if not asked and _tells_what_was(words[max(begin, body_end - 5) : body_end]):
            past += 1
            add("s_past", begin, end)
            if last:
                add("s_last_past", begin, end)
        text = message.source.text[words[begin].start : tail.end]
        if text.endswith(_REQUESTS):
            add("s_request", begin, end)
        if any(t.surface.startswith("た") and t.lemma == "たい" for t in words[max(begin, body_end - 4) : body_end]):
            add("s_wish", begin, end)
    whole = (0, len(words))
    add("s_any", *whole)
    if asked_last:
        add(asked_last, *whole)
    if aside:
        add("s_aside", *whole)
    if not any(m.concept.id == "s_question" for m in out):
        add("s_no_question", *whole)
    if past > 1:
        add("s_many_past", *whole)
    if len(words) <= 6:
        add("s_short", *whole)
    if len(sentences) >= 3:
        add("s_long", *whole)
    return out


def whole(name: str, message: Message, lexicon: Lexicon) -> Mention:
    """A mention of one of LOOKS, which spans the message. It has at least one word."""
    words = message.tokens
    scope = message.clause_of[-1], message.sentence_of[-1]
    return Mention(lexicon.concepts[name], 0, len(words), words[0].start, words[-1].end, frozenset(), *scope)


def _tells_what_was(closing: Sequence[Token]) -> bool:
    """Whether a sentence that ends with these words tells of something past or going on."""
    return any(
        (t.pos == "助動詞" and t.lemma in ("た", "てる", "とる")) or (t.pos == "動詞" and t.lemma == "居る")
        for t in closing
    )


def _sentences(message: Message) -> list[tuple[int, int]]:
    out: list[tuple[int, int]] = []
    begin = 0
    numbers = message.sentence_of
    for i in range(1, len(numbers) + 1):
        if i == len(numbers) or numbers[i] != numbers[begin]:
            out.append((begin, i))
            begin = i
    return out


def _permission(message: Message, inside: list[Mention], begin: int, end: int) -> bool:
    """A permission is asked where an act or a set phrase asks for it and its clause holds no wh-word."""
    words = message.tokens
    for m in inside:
        if m.concept.id == "ask_permission" or ("may" in m.status and m.concept.group in ("act", "publication")):
            clause = [i for i in range(begin, end) if message.clause_of[i] == message.clause_of[m.end - 1]]
            asked = [i for i in clause if i < m.end + 3 and (words[i].lemma in WH or words[i].surface in WH)]
            if all(
                words[i].lemma == "何処" and i + 1 < len(words) and words[i + 1].surface == "まで" for i in asked
            ):  # どこまで言っていい?
                return True
    return False
