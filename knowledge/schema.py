"""The shape of every data file: which keys it may have, and of what type. content.py says where the files are.

Types are strict, so what YAML makes of a bare `off`, `0312345670` or `2026-11-23` is refused (datafile.py: the hint
says to quote it). A ValueError here has two arguments, what is wrong and what to write instead.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Generic, Literal, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, Strict, with_config

from . import models

# What models.py describes itself: unknown keys are refused there too.
for _entry in (
    models.Option, models.Question, models.Measure, models.LeakSteps, models.OtherDesk, models.Duty, models.RouteWhen,
    models.RouteStop,
):  # fmt: skip
    with_config(ConfigDict(extra="forbid"))(_entry)

Intent = Literal["leak", "secret_check", "desk", "handbook", "checklist", "reminder", "help", "out_of_scope"]
Verdict = Literal["secret", "public", "review"]
Learned = Literal["public", "review"]  # verdicts whose odds are learned: knowledge/likeness.py
Flag = Literal[
    "personal", "entrusted", "technical", "business", "credential",
    "cyber", "insider", "lost_device", "misdelivery", "past_dispute",
]  # fmt: skip
Certainty = Literal["seed", "official", "secondary", "unverified"]
Mark = Literal["new", "seed", "old", "unverified"]  # where a desk's value was seen: a new source, only the leaflet, …
Nature = Literal["", "secret", "minor", "vague", "open"]


def _filled(value: str) -> str:
    if not value.strip():
        raise ValueError("is blank.", "Write something, or leave the key out.")
    return value


def _is_date(value: str) -> str:
    try:
        if len(value) == 10 and date.fromisoformat(value):
            return value
    except ValueError:
        pass
    raise ValueError(f"{value!r} is not a date.", 'Write it as "2026-11-23".')


def _is_time(value: str) -> str:
    if not re.fullmatch(r"(?:[01]\d|2[0-3]):[0-5]\d|24:00", value):
        raise ValueError(f"{value!r} is not a time.", 'Write it as "09:00".')
    return value


Str = Annotated[str, Strict()]
Text = Annotated[str, Strict(), AfterValidator(_filled)]
Strs = tuple[Text, ...]
Day = Annotated[str, Strict(), AfterValidator(_is_date)]
Time = Annotated[str, Strict(), AfterValidator(_is_time)]
Int = Annotated[int, Strict()]
Number = Annotated[float, Strict()]
Bool = Annotated[bool, Strict()]


class Model(BaseModel):
    """Read-only, and every key is known."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=False)


# --- words and rules


class ConceptEntry(Model):
    """words/*.yaml: a concept and the words for it. In company files `group` may be left out, and `like` names the
    concept of ours whose rules hold for it too."""

    group: Str = ""
    label: Str = ""
    flags: tuple[Flag, ...] | None = None
    nature: Nature | None = None
    words: Strs = ()
    excluded: Strs = ()
    like: Str = ""


class Examples(Model):
    """Messages on which the rule must fire, and must not. `read_as` is the intent of those in `match`, where the rule
    itself does not say it (validate.py)."""

    read_as: Intent | None = None
    match: Strs = ()
    no_match: Strs = ()


class RuleEntry(Model):
    """What rules of every book share (knowledge/rules.py says what each key does)."""

    id: Text
    when: Annotated[Strs, Field(min_length=1)]
    unless: Strs = ()
    unless_near: Strs = ()
    within: Literal["message", "sentence", "clause", "last", "story"] = "message"
    near: Annotated[int, Strict(), Field(ge=0)] = 0
    between: tuple[Str, ...] = ()
    ordered: Bool = False
    title: Str = ""
    label: Str = ""
    why: Str = ""
    source: Str = ""
    examples: Examples = Examples()


class IntentRule(RuleEntry):
    score: Mapping[Intent, Number] = {}


class VerdictRule(RuleEntry):
    """Company rules may leave `grade` out (content.py: COMPANY_GRADES)."""

    verdict: Verdict | None = None
    grade: Annotated[int, Strict(), Field(ge=1, le=100)] | None = None
    flags: tuple[Flag, ...] = ()
    desks: Strs = ()
    sections: Mapping[Str, Number] = {}
    ask: Str = ""
    would_change: Str = ""
    steps: Strs = ()


class DeriveRule(RuleEntry):
    gives: Text


class SectionRule(RuleEntry):
    sections: Mapping[Str, Number]


class FlagRule(RuleEntry):
    flags: Annotated[tuple[Flag, ...], Field(min_length=1)]


class FrameExamples(Model):
    """Handbook questions in which the pattern must be found, and texts in which it must not."""

    match: Annotated[Strs, Field(min_length=1)]
    no_match: Annotated[Strs, Field(min_length=1)]


class SectionFrame(Model):
    """routing/section_frames.yaml (knowledge/frames.py)."""

    id: Text
    section: Text
    pattern: Text
    worth: Annotated[float, Strict(), Field(ge=-6)]
    examples: FrameExamples


class DeskRuleEntry(Model):
    """routing/desks.yaml. A flag may be several in one: `technical|business`."""

    id: Text
    desk: Text
    order: Int
    intents: tuple[Literal["leak", "desk"], ...] = Field(alias="for", min_length=1)
    when: Strs = ()
    unless: Strs = ()
    flags: Strs = ()
    unless_flags: Strs = ()
    examples: Examples = Examples()


# --- facts and what they point at


class Fact(Model):
    """One statement in our own words. `kind` tells law (must) from guidance; `see` names other facts."""

    id: Text
    text: Text
    certainty: Certainty
    source: Text
    verified_on: Day
    sections: Strs
    questions: Strs
    see: Strs = ()
    also: Strs = ()
    statute: Str = ""
    kind: Literal["", "must", "guidance", "background"] = ""
    purpose: Str = ""
    audience: Str = ""
    page: Str = ""


class Section(Model):
    id: Text
    title: Text
    heading: Str | None = None
    summary: Text
    handbook_ref: Str | None = None
    checks: Strs = ()
    note: Str = ""


class Source(Model):
    id: Text
    title: Text
    publisher: Str | None = None
    date: Str | None = None
    url: Str | None = None
    note: Str | None = None


class Channel(Model):
    kind: Literal["web", "phone", "mail", "form"]
    value: Text
    mark: Mark
    as_of: Str | None = None
    source: Str | None = None
    show: Bool
    note: Str | None = None


class Break(Model):
    start: Time
    end: Time


class Hours(Model):
    text: Text
    open: Time
    close: Time
    last_call: Time | None = None
    days: Literal["weekdays", "everyday"]
    breaks: tuple[Break, ...] = ()
    holidays_closed: Bool
    mark: Mark
    source: Str | None = None
    show: Bool


class DeskFact(Model):
    about: Text
    text: Text
    mark: Mark
    as_of: Str | None = None
    source: Str | None = None
    show: Bool


class Desk(Model):
    """An outside desk. `label` is its id in LABELS.md; None for desks that are named only as `other_desks`."""

    id: Text
    label: Literal["inpit", "ipa", "police", "meti", "ppc"] | None = None
    name: Text
    also_called: Strs = ()
    purposes: Strs = Field(alias="for")
    not_for: Strs = ()
    channels: tuple[Channel, ...] = ()
    hours: Hours | None = None
    fee: Str | None = None
    fee_mark: Mark | None = None
    bring: Strs = ()
    notes: Strs = ()
    facts: tuple[DeskFact, ...] = ()
    sources: Strs = ()
    verified_on: Day
    valid_until: Day


class Situation(Model):
    """`first` and `then` are desk ids; `company` is the company's own desk."""

    when: Text
    first: Text
    then: Strs = ()
    note: Str | None = None


class Change(Model):
    item: Text
    leaflet: Text
    now: Text
    certainty: Certainty


class Term(Model):
    id: Text
    term: Text
    variants: Strs = ()
    misspelt: Strs = ()
    definition: Text
    hints: Strs = ()
    questions: Strs = ()


class WrittenForm(Model):
    written: Text
    means: Text


class Phrase(Model):
    phrase: Text
    reading: Text


# --- files


T = TypeVar("T", bound=Model)


class RuleFile(Model, Generic[T]):
    rules: tuple[T, ...]


class FrameFile(Model):
    """`pieces`: parts of patterns by name, for several frames."""

    pieces: Mapping[Str, Text] = {}
    frames: tuple[SectionFrame, ...] = ()


class FactFile(Model):
    chapter: Str = ""
    title: Str = ""
    facts: tuple[Fact, ...]


class SectionFile(Model):
    sections: tuple[Section, ...]


class SourceFile(Model):
    sources: tuple[Source, ...]


class DeskFile(Model):
    desks: tuple[Desk, ...] = ()
    situations: tuple[Situation, ...] = ()
    principles: Strs = ()
    changes: tuple[Change, ...] = ()


class GlossaryFile(Model):
    terms: tuple[Term, ...] = ()
    readings: tuple[WrittenForm, ...] = ()
    phrases: tuple[Phrase, ...] = ()


class CueFile(Model):
    """Words (dictionary forms) and what each adds to an intent."""

    cues: Mapping[Str, Mapping[Intent, Number]] = {}


class SectionCueFile(Model):
    """Words and pairs of words, and what each adds to a section."""

    cues: Mapping[Str, Mapping[Str, Number]] = {}


class FlagCueFile(Model):
    """Signs (words, concepts, rules of flags.yaml), and what each adds to a flag."""

    cues: Mapping[Str, Mapping[Flag, Number]] = {}


class VerdictCueFile(Model):
    """Signs (words, concepts) of what is public, and of what is a question rather than a secret."""

    cues: Mapping[Str, Mapping[Learned, Number]] = {}


class QuestionFile(Model):
    questions: tuple[models.Question, ...]


class MeasureFile(Model):
    measures: tuple[models.Measure, ...]


class LeakFile(Model):
    """models.LeakBook, of which a company file may hold a part."""

    steps: tuple[models.LeakSteps, ...] = ()
    reasons: Mapping[Str, Text] = {}
    desk_facts: Mapping[Str, Text] = {}
    other_desks: tuple[models.OtherDesk, ...] = ()
    duties: tuple[models.Duty, ...] = ()
    stops: Mapping[Str, models.RouteStop] = {}
