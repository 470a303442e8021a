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

from . import phrases
from .lexicon import Concept, Lexicon, Mention, Message
from .overruled import clause_start, overrule
from .sieve import Sieve
from .status import status_of
from .text import Token

GRAMMAR = {
    "unsure": ("doubt", "分からないと述べている"),
    "told_not": ("consent", "出さないように言われている"),
    "not_yet": ("unpublished", "これからのこと"),
    "inside_only": ("unpublished", "限られた人だけのもの"),
    "named": ("form", "名前のあるもの"),
    "in_public": ("publication", "人の集まるところに出ている"),
    "made_public": ("publication", "配るために作られたもの"),
    "promise": ("same_part", "載っていないことは出さないと述べている"),
    "not_there": ("unpublished", "公にした資料に載っていない"),
    "partly": ("unpublished", "一部だけが公開されている"),
    "limited": ("unpublished", "限られた相手に出されている"),
    "beside": ("unpublished", "公開されたものとは別のもの"),
    "inner_cost": ("cost_part", "原価や仕入れのこと"),
    "third_party_ban": ("consent", "第三者への開示が禁じられている"),
    "beyond_consent": ("unpublished", "承諾の外にあるもの"),
    "partly_agreed": ("consent", "一部だけ承諾されている"),
    "left_already": ("past_staff", "ほかの人がもう辞めている"),
    "duty": ("mood", "しなければならないかを尋ねている"),
    "reason": ("mood", "わけを尋ねている"),
    "everyday": ("value_doubt", "数や使っているものなど、ふだんのこと"),
}

_BREAK = {"けれど", "ので", "のに", "から"}
_STOP = set("。!?\n")


_FIRST_EVENT = len(phrases.PHRASES)
_SIEVE = Sieve(pattern for _, pattern in (*phrases.PHRASES, *phrases.EVENTS))


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
        message.mentions.append(mention_of("unsure", begin, stop, message, lexicon))
    for found in phrases.hidden.TO_SOME.finditer(text):
        begin, end = tokens_at(message.tokens, found.start(), found.end())
        message.mentions = [
            replace(m, status=m.status - {"done", "prog", "past"})
            if m.concept.group == "publication" and begin <= m.begin < end
            else m
            for m in message.mentions
        ]
        message.mentions.append(mention_of("limited", begin, end, message, lexicon))
    there = _SIEVE.passing(text)
    for name, pattern in [phrases.PHRASES[n] for n in there if n < _FIRST_EVENT]:
        for found in pattern.finditer(text):
            if name == "not_yet" and phrases.doubt.IGNORANT.search(found[0]):
                continue
            if name == "in_public" and phrases.hidden.NOT_THERE.search(found[0]):
                continue  # ノートには公報にない温度も書いてある
            begin, end = tokens_at(message.tokens, found.start(), found.end())
            if name == "in_public" and phrases.doubt.HEARSAY.match(text, found.end()):
                message.mentions.append(mention_of("weak_doubt", begin, end, message, lexicon))
                continue
            if end and not any(a <= begin and end <= c for a, _, c in scopes):
                hidden = pattern in (phrases.hidden.COMING, phrases.hidden.AFTER) or (
                    pattern is phrases.hidden.STILL and phrases.hidden.PUBLISHING.search(found[0])
                )
                message.mentions.append(mention_of(name, begin, end, message, lexicon))
                if name == "inside_only" or hidden:
                    message.mentions.append(mention_of("unpublished", begin, end, message, lexicon))
    really = phrases.events.REALLY.search(text)
    if really:
        message.mentions = [m for m in message.mentions if m.concept.id != "hypothetical" or m.start > really.start()]
    for name, pattern in [phrases.EVENTS[n - _FIRST_EVENT] for n in there if n >= _FIRST_EVENT]:
        for found in pattern.finditer(text):
            begin, end = tokens_at(message.tokens, found.start(), found.end())
            if end:
                message.mentions.append(mention_of(name, begin, end, message, lexicon))
    _suppose(message)
    _out_or_not(message, lexicon)
    overrule(message, lexicon)
    message.mentions.sort(key=lambda m: (m.begin, m.end, m.concept.id))


def _suppose(message: Message) -> None:
    """Nothing has happened inside a condition (仮に持ち出していたと分かったら), or where it is to be found out."""
    text = message.source.text
    spans = [found.span() for found in phrases.asking.SUPPOSED.finditer(text)]
    spans += [(clause_start(text, found.start(), 40), found.end()) for found in phrases.asking.SUPPOSES.finditer(text)]
    solved = [
        m for m in message.mentions if m.concept.id == "past_solved" and not m.status & {"neg", "want", "if", "adn"}
    ]
    disputed = phrases.asking.DISPUTE.search(text)
    if solved and disputed and any(m.concept.id in _FROM_NOW and m.begin > solved[0].end for m in message.mentions):
        last = solved[-1].clause  # 示談は済みました。次からどう残せば: what was told up to there is over
        spans += [(0, max(t.end for t, n in zip(message.tokens, message.clause_of, strict=True) if n == last))]
    if spans:
        message.mentions = [
            replace(m, status=(m.status - _HAPPENED) | {"if"})
            if any(a <= m.start and m.stop <= b for a, b in spans)
            else m
            for m in message.mentions
        ]


_OUT = {"publish", "carried", "in_medium", "in_public", "open_access"}
_HELD_BACK = {"unpublished", "inside_only", "not_yet", "limited", "told_not"}


def _out_or_not(message: Message, lexicon: Lexicon) -> None:
    """Where it is asked (もう出たんだっけ?) or supposed (載ってたら) that a thing is out, nothing is told of it."""
    text = message.source.text
    asked = _clauses(phrases.doubt.OUT_ASKED, text)
    supposed = _clauses(phrases.doubt.OUT_IF, text)
    if supposed and any(_is_out(m) and not _within(m, asked + supposed) for m in message.mentions):
        supposed = []  # 公報が出ています。出ているなら: since it is
    spans = asked + supposed
    if not spans:
        return
    # What is told to be held back stays so, whatever is asked of it.
    held = any(m.concept.id in _HELD_BACK and not _within(m, spans) for m in message.mentions)
    open_to_doubt = [] if held else [(a, b) for a, b in spans if not phrases.doubt.AS_GOOD.search(text, a, b + 8)]
    message.mentions = [
        replace(m, status=(m.status - {"done"}) | ({"whether", "doubt"} if _within(m, open_to_doubt) else set()))
        if m.concept.id in _OUT and _within(m, spans)
        else m
        for m in message.mentions
    ]
    message.mentions += [
        mention_of("unsure", *tokens_at(message.tokens, a, b), message, lexicon) for a, b in open_to_doubt
    ]


def _clauses(pattern: re.Pattern[str], text: str) -> list[tuple[int, int]]:
    """Where a pattern is found outside quotes, each from the beginning of its clause."""
    found = [f.span() for f in pattern.finditer(text)]
    return [(clause_start(text, a, 40), b) for a, b in found if text.count("「", 0, a) <= text.count("」", 0, a)]


def _within(m: Mention, spans: list[tuple[int, int]]) -> bool:
    return any(a <= m.start < b for a, b in spans)


def _is_out(m: Mention) -> bool:
    return (
        m.concept.id in _OUT
        and (m.concept.id != "carried" or "done" in m.status)
        and not m.status & {"if", "whether", "plan", "neg"}
    )


_FROM_NOW = {"ask_how", "ask_why", "ask_ought", "from_now_on"}
_HAPPENED = {"done", "past", "prog", "regret"}
_MAYBE = re.compile(
    r"かも(?!、?(?:まだ)?(?:不明|分から|わから|判ら|知ら|未|覚え|聞い|確か|確認|裏付|はっきり|書い"
    r"|どの|どれ|いつ|誰))"
)


def tokens_at(words: list[Token], start: int, stop: int) -> tuple[int, int]:
    inside = [k for k, t in enumerate(words) if t.start < stop and start < t.end]
    return (inside[0], inside[-1] + 1) if inside else (0, 0)


def mention_of(name: str, begin: int, end: int, message: Message, lexicon: Lexicon) -> Mention:
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
    for found in phrases.doubt.VAGUELY.finditer(text):
        if phrases.doubt.BELIEVED_HIDDEN.search(text, max(0, found.start() - 10), found.end()):
            continue  # 非公開だったはず: no doubt that it is out
        if not found[0].startswith("ない") and phrases.doubt.BAN_TOLD.search(
            text, max(0, found.start() - 24), found.start()
        ):
            continue  # 渡すなと書いてあった気がする: to doubt a ban lifts nothing
        first, stop = tokens_at(words, found.start(), found.end())
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
            if words[i].surface in ("か", "やら", "なんか")
            and words[i].pos == "助詞"
            and i + 1 < close
            and words[i - 1].surface != "と"
            and (
                words[i - 1].surface != "どう" or words[i + 1].surface in "…。"
            )  # 泊まったかどうかを答える: no doubt of the writer's
            and (words[i - 1].lemma not in ("誰", "何", "何処", "何時") or words[i - 2].surface in ("が", "は", "って"))
            and not phrases.doubt.ALLOWED.search(text[max(0, words[i].start - 16) : words[i].start])
        ]
        asked = [
            i
            for i in asked
            if not text.startswith(("かな", "かね", "からの", "かしら", "かと"), words[i].start)
            and not _MAYBE.match(text, words[i].start)
        ]
        if asked:
            first, last = asked[0], asked[-1]
            behind = text[words[last].end : min(words[close - 1].end, words[last].end + 34)]
            said = phrases.doubt.IGNORANT.search(behind)
            quoted = text[words[k].start : words[last].end].count("「") > text[words[k].start : words[last].end].count(
                "」"
            )
            if said or (len(asked) > 1 and not quoted):
                begin = first
                while begin > k and not (
                    words[begin - 1].pos2 == "接続助詞" and words[begin - 1].lemma in (*_BREAK, "が")
                ):
                    begin -= 1
                stop = tokens_at(words, words[last].end, words[last].end + said.end())[1] if said else last + 1
                yield begin, last + 1, max(stop, last + 1)
        k = close


def _sentence_end(words: list[Token], k: int) -> int:
    while k < len(words):
        if words[k].surface in _STOP or (k and words[k].start > words[k - 1].end):  # a line break leaves a gap
            return k + 1
        k += 1
    return k
