"""Reading a message: concepts -> intent -> verdict or route, with the evidence for it.

Pure: no clock, no Slack, no files.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from itertools import pairwise

from .belongings import private_only
from .beside import beside
from .desk import DeskRule, route
from .forms import forms, whole
from .frames import Frame
from .grammar import grammar
from .left_out import left_out, meant
from .lexicon import Lexicon, Mention, Message
from .likely import likely
from .likeness import concept_signs, likeness
from .overruled import OCCASION
from .phrases.another import BEHIND_IN
from .reach import beyond
from .rules import Fired, RuleBook, Said
from .text import Text
from .things import named
from .unsaid import meant_by_a_name, only_named
from .weights import Weights
from .whereto import whereto

INTENTS = ("leak", "secret_check", "desk", "handbook", "checklist", "reminder", "help", "out_of_scope")


@dataclass(frozen=True, slots=True)
class Draft:
    """The reading before it is put in words."""

    message: Message
    intent: str
    scores: dict[str, float]
    verdict: str | None
    fired: tuple[Fired, ...]
    deciding: tuple[Fired, ...]
    flags: tuple[str, ...]
    desks: tuple[str, ...]
    sections: tuple[str, ...]
    ask: str = ""
    asked: Message | None = None  # without the mentions of what is left out; spans: where that is, in characters
    spans: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Books:
    """The rules, by what they decide."""

    lexicon: Lexicon
    intents: RuleBook
    verdicts: RuleBook
    sections: RuleBook
    desks: tuple[DeskRule, ...]
    derive: RuleBook
    flags: RuleBook
    cues: Weights = field(default_factory=Weights)
    section_cues: Weights = field(default_factory=Weights)
    section_frames: tuple[Frame, ...] = ()
    flag_cues: Weights = field(default_factory=Weights)
    verdict_cues: Weights = field(default_factory=Weights)
    section_votes: Callable[[str], Mapping[str, float]] | None = None
    section_order: tuple[str, ...] = field(
        default=("A-1", "B-1", "B-2", "C-1", "C-2", "C-3", "C-4", "C-5", "D-1", "D-2", "E-1")
    )


# Two readings in doubt give the more careful one: a possible leak within this distance of the best reading is a leak.
# Chosen on 450 messages at first sight (rounds 37-39) and by cross-validation, since leaks are learned with their
# events gone (tests/eval/fit_weights.py): none missed at any distance up to 1; the wider, the more is taken for a leak.
LEAK_CAUTION: Mapping[str, float] = {
    "handbook": 0.5,
    "desk": 0.5,
    "out_of_scope": 0.5,
    "help": 0.5,
    "secret_check": 0.25,
}
NO_EVENT = ("hypothetical", "no_event", "past_solved", "for_paper")  # said so: nothing to be careful about
INVENTED = {"for_paper", "no_event"}  # written for an exercise, and nothing has happened: no leak, whatever it tells
NOT_GIVEN = re.compile(
    r"に(?:聞か|尋ねら)れ|(?:聞か|訊か|尋ねら)れ(?:て(?:い)?)?たお?客|(?:買付|有価証券|大量保有)け?(?:届出書|報告書)"
)
NAMED = 100.0  # a section named by its id (C-3) comes before what its words may point to
_SECTION_ID = re.compile(r"(?<![a-z0-9])([a-e])-([1-5])(?![a-z0-9])")

CAREFUL = ("secret", "review", "public")
FLAGGED = ("secret_check", "leak", "handbook", "desk")

SAID = frozenset({"done", "neg", "if", "may", "want", "ought", "q", "plan"})  # statuses that tip an intent
TOLD = frozenset({"done", "neg", "if", "may", "role"})  # statuses that tell an event from a plan or a topic
PLAIN = frozenset({"past_dispute"})  # too rare to learn, and named in so many words
# Log odds from which a flag is given: from a third on, rare events from a quarter on. Chosen file by file.
FLAG_ENOUGH: Mapping[str, float] = defaultdict(
    lambda: -0.9, {"technical": -0.5, "business": -0.7, "personal": -0.7, "lost_device": -1.2, "past_dispute": -1.1}
)
# Words alone make no attack of a leak: a word of it, a machine or an account must be told of (as in all 235 labelled).
HINTS: Mapping[str, frozenset[str]] = {"cyber": frozenset({"machine", "account_thing", "logs_in"})}
FEW = 24  # words; so few say little for or against a flag that none of them names
_NO_KIND = frozenset({"助詞", "助動詞", "補助記号", "空白", "記号"})  # words that name nothing
_KANJI = re.compile(r"[一-龥々]+")

SEARCH_WORTH = 6.0  # chosen on the labelled handbook questions: section_hit1 .84 without, .89 with

FLAGS = (
    "personal",
    "entrusted",
    "technical",
    "business",
    "credential",
    "cyber",
    "insider",
    "lost_device",
    "misdelivery",
    "past_dispute",
)


def content_pairs(message: Message) -> set[str]:
    """Dictionary forms of content words and pairs of neighbouring ones (`a b`), as section_cues.yaml writes them."""
    lemmas = [t.lemma for t in message.tokens if t.is_content]
    return set(lemmas) | {f"{a} {b}" for a, b in pairwise(lemmas)}


def derive(message: Message, books: Books) -> None:
    """Add what follows from mentions together (先方 + 預かった = entrusted), drop what the message takes back."""
    for f in books.derive.fired(message):
        if not f.rule.gives.startswith("drop "):
            first, last = min(m.begin for m in f.mentions), max(m.end for m in f.mentions)
            words = message.tokens
            registers = {m.end for m in message.mentions if m.concept.id == "register"}
            if f.rule.gives == "entrusted" and (
                last in registers or NOT_GIVEN.search(message.source.text, words[first].start, words[last - 1].end + 4)
            ):
                continue  # 他社の特許公報, 親会社の公開買付届出書 are everybody's; 仕入先に聞かれた gives nothing
            if f.rule.gives == "entrusted" and len(f.mentions) > 1 and _one_word(f.mentions):
                continue  # 機械メーカー: who they are, and nothing of theirs
            if f.rule.gives == "in_medium" and BEHIND_IN.search(
                message.source.text, words[first].start, words[last - 1].end + 4
            ):
                continue  # 社史の、編集委員だけで回したゲラに書いてある
            if f.rule.gives == "unpublished" and OCCASION.match(message.source.text, words[first].start):
                continue  # 来週の配信で見せる: where it is shown
            status = frozenset[str]().union(*(m.status for m in f.mentions))
            message.mentions.append(
                Mention(
                    books.lexicon.concepts[f.rule.gives],
                    first,
                    last,
                    words[first].start,
                    words[last - 1].end,
                    status,
                    message.clause_of[last - 1],
                    message.sentence_of[last - 1],
                )
            )
    opened = {m.begin for m in message.mentions if m.concept.id == "register"}
    message.mentions = [  # 前の会社の決算公告 is everybody's
        m for m in message.mentions if m.concept.id != "entrusted" or m.end not in opened
    ]
    message.mentions.sort(key=lambda m: (m.begin, m.end, m.concept.id))
    for f in books.derive.fired(message):  # again: what was given may be taken back, or take back
        kind, _, names = f.rule.gives.partition(" ")
        if kind == "drop":
            dropped, near = set(names.split("|")), f.rule.within != "message"
            last_met, met = f.mentions[-1], f.mentions
            message.mentions = [
                m
                for m in message.mentions
                if m.concept.id not in dropped
                or (m.begin > last_met.end and not any(x.begin <= m.begin < x.end for x in met))
                or (near and m.sentence != last_met.sentence)
            ]


def _one_word(mentions: tuple[Mention, ...]) -> bool:
    """Whether the mentions lie upon each other."""
    return max(m.begin for m in mentions) < min(m.end for m in mentions)


def cue_words(message: Message) -> set[str]:
    """Dictionary forms, neighbours (`a b`), forms in the last sentence (`a.`) and concepts, as in cues.yaml."""
    lemmas = [t.lemma for t in message.tokens]
    closing = message.sentence_of[-1] if lemmas else 0
    out = set(lemmas) | {f"{a} {b}" for a, b in pairwise(lemmas)} | concept_signs(message, SAID)
    return out | {f"{t.lemma}." for t, s in zip(message.tokens, message.sentence_of, strict=True) if s == closing}


def draft(source: Text, books: Books, intent: str = "") -> Draft:
    """intent: what the person said it is, where they were asked; blank finds it."""
    message = books.lexicon.read(source)
    grammar(message, books.lexicon)
    derive(message, books)
    whereto(message, books.lexicon)
    lexicon = books.lexicon
    spans = left_out(message)
    asked = replace(message, mentions=meant(message, spans)) if spans else message
    more = [*beside(asked, lexicon), *beyond(asked, lexicon), *named(asked, lexicon, spans), *forms(message, lexicon)]
    message.mentions = [*message.mentions, *more]
    private_only(message, lexicon)
    told = Said(message.mentions)
    asked = replace(message, mentions=meant(message, spans)) if spans else message
    by_intent = books.intents.fired(message, told)
    scores = intent_scores(message, by_intent, books)
    said = {m.concept.id for m in message.mentions}
    settled = not said.isdisjoint(NO_EVENT)
    if said >= INVENTED:
        scores["leak"] = 0.0
    if named_only := only_named(message):
        scores |= meant_by_a_name(named_only, best_intent(scores, settled), scores)
    intent = intent or (best_intent(scores, settled) if message.tokens else "help")
    verdicts = books.verdicts.fired(asked, None if spans else told) if intent == "secret_check" else []
    deciding = most_careful(verdicts)
    if looks := likeness(deciding, asked, books.verdict_cues, spans):
        asked.mentions.append(whole(looks, message, lexicon))
        verdicts = books.verdicts.fired(asked)
        deciding = most_careful(verdicts)
    verdict, ask = None, ""
    if intent == "secret_check":
        verdict = deciding[0].rule.verdict if deciding else "review"
        if verdict == "review":
            ask = next((f.rule.ask for f in deciding if f.rule.ask), "what_is_it")
    events = events_of(message, intent, verdicts, books)
    flags = flags_of(message, intent, events, books)
    own = intent == "desk" and any(m.concept.group == "own_desk" for m in message.mentions)
    return Draft(
        message,
        intent,
        scores,
        verdict,
        (*by_intent, *verdicts, *events),
        deciding,
        tuple(f for f in FLAGS if f in flags),
        tuple(route(intent, flags, message, books.desks, own_desk=own)),
        sections_of(message, intent, verdicts, books),
        ask,
        asked,
        tuple(spans),
    )


def intent_scores(message: Message, by_intent: list[Fired], books: Books) -> dict[str, float]:
    """Every intent's sum over the rules that hold and the words that are there."""
    scores: dict[str, float] = dict.fromkeys(INTENTS, 0.0)
    for f in by_intent:
        for intent, value in f.rule.score.items():
            scores[intent] += value
    for intent, value in books.cues.total(cue_words(message)).items():
        scores[intent] += value
    return scores


def events_of(message: Message, intent: str, verdicts: list[Fired], books: Books) -> list[Fired]:
    """The rules that tell of an event or an actor: flags.yaml for a leak, verdict rules with flags for a question."""
    if intent == "leak":
        return books.flags.fired(message)
    return [f for f in verdicts if f.rule.flags] if intent == "secret_check" else []


def said_flags(message: Message, events: list[Fired]) -> set[str]:
    """Flags that rules and single words give by themselves."""
    return {flag for f in events for flag in f.rule.flags} | {f for m in message.mentions for f in m.concept.flags}


def flag_signs(message: Message, intent: str, said: set[str]) -> set[str]:
    """What speaks for or against a flag, as flag_cues.yaml writes it.

    Words in their dictionary form, `=concept`, `=concept/status`; `~kind`, a kind by how its name is put together;
    `-表`, what a row of kanji ends in (the head of a compound that no list has); with what is wanted before them
    `leak:word`, `leak=concept`, `leak?flag` (words or rules say it alone).
    """
    about = {"leak": "leak", "secret_check": "check"}.get(intent, "topic")
    words = {t.lemma for t in message.tokens if t.pos not in _NO_KIND}
    signs = words | concept_signs(message, TOLD)
    signs |= {f"-{run[-1]}" for run in _KANJI.findall(message.source.text)}
    signs |= {f"{about}:{w}" for w in words} if about != "topic" else set()
    signs |= {f"{about}={m.concept.id}" for m in message.mentions}
    signs |= {f"~{name}" for name in likely(message.source.text)}
    return signs | {f"{about}?", *(f"{about}?{flag}" for flag in said)}


def flags_of(message: Message, intent: str, events: list[Fired], books: Books) -> set[str]:
    """Flags that the signs together speak for, and those of words whose weight was not learned: a company's own."""
    if intent not in FLAGGED:
        return set()
    said = said_flags(message, events)
    if not books.flag_cues:
        return said
    signs = flag_signs(message, intent, said)
    weights = dict.fromkeys(FLAGS, 0.0) | books.flag_cues.total(signs)
    few = len(message.tokens) < FEW
    enough = {
        flag for flag, weight in weights.items() if weight > (0.5 if few and flag not in said else FLAG_ENOUGH[flag])
    }
    if intent == "leak":
        ids = {m.concept.id for m in message.mentions}
        enough -= {flag for flag, hints in HINTS.items() if flag not in said and ids.isdisjoint(hints)}
        enough |= said & PLAIN
    if intent in ("leak", "secret_check") and "~name_pair" in signs:
        enough.add("personal")
    return enough | {f for m in message.mentions if f"={m.concept.id}" not in books.flag_cues for f in m.concept.flags}


# A reading this close to the best may be what was meant. Of 300 messages at first sight 7 came so close, and the
# right reading was among those offered each time.
CLOSE = 1.0
ASKED_ABOUT = ("secret_check", "leak", "handbook", "desk")


def near_intents(intent: str, scores: Mapping[str, float]) -> tuple[str, ...]:
    """Where two readings are close, the two or three to choose from, likeliest first; else ().

    A leak is never asked about: help comes first. The order among equals is that of INTENTS.
    """
    if intent == "leak":
        return ()
    close = [i for i in INTENTS if i in ASKED_ABOUT and scores[i] >= scores[intent] - CLOSE]
    ranked = sorted(close, key=lambda i: -round(scores[i], 6))[:3]
    return tuple(ranked) if set(ranked) - {intent} and len(ranked) > 1 else ()


def best_intent(scores: Mapping[str, float], settled: bool) -> str:
    """The highest, the first of INTENTS among equals; a leak where it is nearly as likely (LEAK_CAUTION).

    settled: the message says that nothing has happened, so that only what is likelier counts.
    """
    intent = max(INTENTS, key=lambda i: (round(scores[i], 6), -INTENTS.index(i)))
    if intent in LEAK_CAUTION and scores["leak"] >= scores[intent] - (0.0 if settled else LEAK_CAUTION[intent]):
        return "leak"
    return intent if scores[intent] > 0.5 or intent == "leak" else "out_of_scope"


def most_careful(verdicts: list[Fired]) -> tuple[Fired, ...]:
    """The rules that decide: of the highest grade, and where those disagree secret before review before public."""
    graded = [f for f in verdicts if f.rule.verdict]
    top = max((f.rule.grade for f in graded), default=0)
    highest = [f for f in graded if f.rule.grade == top]
    first = min((CAREFUL.index(f.rule.verdict) for f in highest), default=0)
    return tuple(f for f in highest if f.rule.verdict == CAREFUL[first])


def sections_of(message: Message, intent: str, verdicts: list[Fired], books: Books) -> tuple[str, ...]:
    """Section ids, the best first, by what the message speaks of; those without any weight are left out."""
    sections: dict[str, float] = defaultdict(float)
    if intent == "secret_check":
        for f in verdicts:
            for s, weight in f.rule.sections.items():
                sections[s] += weight
    else:
        for f in books.sections.fired(message):
            total = weight_of_words(f, message)
            for s, weight in f.rule.sections.items():
                sections[s] += weight * total
    if intent == "handbook":
        for s, weight in books.section_cues.total(content_pairs(message)).items():
            sections[s] += weight
        for frame in books.section_frames:
            if frame.pattern.search(message.source.text):
                sections[frame.section] += frame.worth
        if books.section_votes:  # what the knowledge base itself finds, beside the words of the topics
            for s, share in books.section_votes(message.source.text).items():
                sections[s] += SEARCH_WORTH * share
        for s in named_sections(message):
            sections[s] += NAMED
    found = [s for s in sections if sections[s] > 0 and s in books.section_order]
    return tuple(sorted(found, key=lambda s: (-sections[s], books.section_order.index(s))))


def named_sections(message: Message) -> list[str]:
    """Sections that the message names by id, in order: 「C-3には何が」 gives ["C-3"]. They need not exist."""
    return [f"{letter.upper()}-{number}" for letter, number in _SECTION_ID.findall(message.source.text)]


def weight_of_words(fired: Fired, message: Message) -> float:
    """Up to four different words of a topic, each 1, or 1.3 in the last sentence, where the question is."""
    last = message.sentence_of[-1] if message.tokens else 0
    words: dict[str, float] = {}
    for m in message.mentions:
        if any(c.met_by(m) for c in fired.rule.when):
            text = message.source.text[m.start : m.stop]
            words[text] = max(words.get(text, 0), 1.3 if m.sentence == last else 1.0)
    return sum(sorted(words.values(), reverse=True)[:4])
