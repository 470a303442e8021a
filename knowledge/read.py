"""Reading a message: concepts -> intent -> verdict or route, with the evidence for it. Pure: no clock, no Slack, no files."""

from __future__ import annotations

from dataclasses import dataclass, field

from .forms import forms
from .lexicon import Lexicon, Message
from .rules import Fired, RuleBook
from .text import Text

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


@dataclass(frozen=True, slots=True)
class Books:
    """The rules, by what they decide."""

    lexicon: Lexicon
    intents: RuleBook
    verdicts: RuleBook
    sections: RuleBook
    desks: RuleBook
    section_order: tuple[str, ...] = field(default=("A-1", "B-1", "B-2", "C-1", "C-2", "C-3", "C-4", "C-5", "D-1", "D-2", "E-1"))


FLAGS = ("personal", "entrusted", "technical", "business", "credential", "cyber", "insider", "lost_device", "misdelivery", "past_dispute")


def draft(source: Text, books: Books) -> Draft:
    message = books.lexicon.read(source)
    message.mentions = message.mentions + forms(message, books.lexicon)
    by_intent = books.intents.fired(message)
    scores: dict[str, float] = dict.fromkeys(INTENTS, 0.0)
    for f in by_intent:
        for intent, value in f.rule.score.items():
            scores[intent] += value
    intent = max(INTENTS, key=lambda i: (round(scores[i], 6), -INTENTS.index(i)))
    if scores[intent] <= 0.5:
        intent = "out_of_scope" if message.tokens else "help"
    verdicts = books.verdicts.fired(message)
    verdict, deciding, ask = None, (), ""
    if intent == "secret_check":
        graded = [f for f in verdicts if f.rule.verdict]
        top = max((f.rule.grade for f in graded), default=0)
        careful = {"secret": 0, "review": 1, "public": 2}
        deciding = tuple(sorted((f for f in graded if f.rule.grade == top), key=lambda f: careful[f.rule.verdict]))
        verdict = deciding[0].rule.verdict if deciding else "review"
        deciding = tuple(f for f in deciding if f.rule.verdict == verdict)
        ask = next((f.rule.ask for f in deciding if f.rule.ask), "what_is_it") if verdict == "review" else ""
    flags = set()
    if intent in ("secret_check", "leak", "handbook", "desk"):
        for m in message.mentions:
            flags |= set(m.concept.flags)
    for f in (*by_intent, *verdicts):
        if (f.rule.flags and f in by_intent and intent == "leak") or (f in verdicts and intent == "secret_check"):
            flags |= set(f.rule.flags)
    sections: dict[str, float] = {}
    for f in (*verdicts, *books.sections.fired(message)):
        if (f in verdicts) == (intent == "secret_check"):
            for s, w in f.rule.sections.items():
                sections[s] = sections.get(s, 0) + w
    ranked = tuple(sorted((s for s in sections if sections[s] > 0), key=lambda s: (-sections[s], books.section_order.index(s))))
    desks: list[str] = []
    return Draft(message, intent, scores, verdict, (*by_intent, *verdicts), deciding, tuple(f for f in FLAGS if f in flags), tuple(desks), ranked, ask)
