"""validate(): everything load() refuses, and what makes content wrong without stopping the bot.

Words listed twice, rules that miss their own examples or lose them to another rule, texts that are too long or spelt in
another way than ours, contacts that must not be shown. The company's files are checked as ours are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from . import company as _company
from . import content
from .books import build_books
from .checklists import MEASURE_LIMIT, own_words
from .datafile import check, read_yaml
from .errors import Problem
from .grammar import grammar
from .links import dangling
from .pack import Entry, Pack
from .read import Books, Draft, draft
from .text import normalise
from .wishes import signs, weigh

FACT_LIMIT = 220  # characters; a fact has to fit a phone screen beside its source
# How we do not write, and how we do.
SPELLINGS = {"漏洩": "漏えい", "持出し": "持ち出し", "取扱い": "取り扱い"}
_QUOTED = re.compile(r"「[^「」]*」|『[^『』]*』")
_NOT_SHOWN = ("old", "unverified")
# Keys that hold our own words, by kind. Not: words people type, and names and headings quoted from others.
_OWN_WORDS: dict[str, tuple[str, ...]] = {
    "concepts": ("label",),
    "verdicts": ("title", "label", "why", "would_change", "steps"),
    "facts": ("text",),
    "sections": ("title", "summary", "note"),
    "desks": ("purposes", "not_for", "bring", "notes"),
    "glossary": ("definition",),
    "questions": ("text",),
    "measures": ("why", "steps", "would_change"),
    "countermeasures": ("text",),
    "leak_steps": ("title", "steps"),
    "situations": ("when", "note"),
    "changes": ("now",),
    "other_desks": ("reason",),
    "duties": ("text",),
    "stops": ("name", "reason", "without", "bring"),
    "phrases": ("reading",),
    "handling_rules": ("title", "text", "reason"),
}
_BOOKS = {"intents": "intents", "verdicts": "verdicts", "flag_rules": "flags", "section_rules": "sections"}


def validate(company_dir: Path | None = None) -> list[Problem]:
    """Every problem in our content and the company's files, sorted; [] where there is none. Raises nothing.

    company_dir: None is HIMITSU_COMPANY_DIR or ./company, which need not be there; a folder that is named must be.
    """
    if company_dir is not None and not company_dir.exists():
        return [Problem(str(company_dir), "", "is not there.", "'himitsu init' writes an example.")]
    pack = content.collect(_company.default_dir() if company_dir is None else company_dir)
    books, problems = build_books(pack)
    found = [*pack.problems, *problems, *dangling(pack), *_words(pack), *_texts(pack), *_contacts(pack), *_ids(pack)]
    found += [*content.unread(content.HERE), *_wishes()]
    if books is not None:
        found += _examples(pack, books)
    return sorted(set(found))


# --- words


def _words(pack: Pack) -> Iterator[Problem]:
    """A word twice in one concept, or in two concepts of a group that give it different flags."""
    flags = {id: set((e.item.flags if e.item else None) or ()) for id, e in pack.entries["concepts"].items()}
    groups = {id: e.item.group if e.item else "" for id, e in pack.entries["concepts"].items()}
    first: dict[tuple[str, str], tuple[str, str]] = {}
    for entry in pack.parts:
        if entry.item is None:
            continue
        seen: dict[str, tuple[int, str]] = {}
        for n, word in enumerate(entry.item.words):
            base, *marks = word.split("/")
            key = "/".join([("=" if base[:1] == "=" else "") + normalise(base.lstrip("=")).text, *sorted(marks)])
            if key in seen:
                number, earlier = seen[key]
                reason = "is listed twice" if earlier == word else f"is read as {earlier!r}, which is listed already"
                yield entry.problem(f".words[{n}]", f"{word!r} {reason}.", f"Keep words[{number}] alone.")
                continue
            seen[key] = n, word
            here = f"{entry.file}: {entry.place}.words[{n}]"
            other, where = first.setdefault((groups[entry.id], key), (entry.id, here))
            if other != entry.id and flags[other] != flags[entry.id]:
                reason = f"{word!r} is also a word of {other!r} (group {groups[entry.id]!r}), with other flags."
                yield entry.problem(f".words[{n}]", reason, f"Keep one of the two; the other is {where}.")


def _ids(pack: Pack) -> Iterator[Problem]:
    """A rule id in two books: answers name rules by id alone."""
    first: dict[str, Entry] = {}
    for kind in _BOOKS:
        for entry in pack.entries[kind].values():
            before = first.setdefault(entry.id, entry)
            if before is not entry:
                hint = f"It is also in {before.file}: {before.place}. Give one of them another id."
                yield entry.problem("", f"the id {entry.id!r} is used twice.", hint)


# --- rules and their examples


def _examples(pack: Pack, books: Books) -> Iterator[Problem]:
    drafts: dict[str, Draft] = {}
    for kind in (*_BOOKS, "derive", "desk_rules", "section_frames"):
        for entry in pack.entries[kind].values():
            for key in ("match", "no_match"):
                for n, text in enumerate(getattr(entry.item.examples, key)):
                    if text not in drafts:
                        drafts[text] = draft(normalise(text), books)
                    yield from _example(entry, key, f".examples.{key}[{n}]", text, drafts[text], books)


def _wishes() -> Iterator[Problem]:
    """What is wrong with wishes/*.yaml, and signs that miss their examples."""
    whole = {}
    for name, shape in ((signs.FILE, signs.SignFile), (weigh.FILE, weigh.WeightFile)):
        path = content.HERE / name
        if not path.exists():
            continue
        raw, problems = read_yaml(path, f"knowledge/{name}")
        whole[name], wrong = check(raw, shape, path, f"knowledge/{name}")
        yield from problems or wrong
    for entry in whole[signs.FILE].signs if whole.get(signs.FILE) else ():
        for key, text in signs.misses(entry):
            reason = f"the sign is {'not ' if key == 'match' else ''}found in 「{text}」."
            hint = "Add to 'words'." if key == "match" else "Add to 'without'."
            yield Problem(f"knowledge/{signs.FILE}", f"signs ({entry.id}).examples.{key}", reason, hint)


def _example(entry: Entry, key: str, where: str, text: str, read: Draft, books: Books) -> Iterator[Problem]:
    fires = entry.id in _fired(entry.kind, read, books)
    frame = entry.kind == "section_frames"
    called = "frame" if frame else "rule"
    if key == "no_match" and fires:
        hint = "Make 'pattern' narrower." if frame else "Add to 'unless', or make 'when' narrower."
        yield entry.problem(where, f"the {called} fires on 「{text}」.", hint)
    if key == "match" and not fires:
        found = sorted({m.concept.id for m in read.message.mentions if m.concept.group != "form"})
        hint = f"Found in it: {', '.join(found) or 'no concept'}."
        if frame:
            hint = f"The pattern is looked for in 「{read.message.source.text}」."
        yield entry.problem(where, f"the {called} does not fire on 「{text}」.", hint)
    if key == "match" and fires:
        thief = _stolen_by(entry, read)
        if thief:
            hint = "Write a question on the handbook." if frame else "Make one narrower."
            yield entry.problem(where, f"「{text}」 is read as {thief[0]}, stolen by {thief[1]}.", hint)


def _fired(kind: str, read: Draft, books: Books) -> set[str]:
    if kind == "derive":
        message = books.lexicon.read(read.message.source)
        grammar(message, books.lexicon)
        return {f.rule.id for f in books.derive.fired(message)}
    if kind == "desk_rules":
        return {rule.id for rule in books.desks if rule.holds(read.intent, read.flags, read.message)}
    if kind == "section_frames":
        return {frame.id for frame in books.section_frames if frame.pattern.search(read.message.source.text)}
    book = getattr(books, _BOOKS[kind])
    return {f.rule.id for f in book.fired(read.message)}


def _stolen_by(entry: Entry, read: Draft) -> tuple[str, str] | None:
    """(what a match example is read as, the rules that made it so), where that is not what the rule stands for."""
    intents = _stands_for(entry)
    if intents and read.intent not in intents:
        rules = [f.rule for f in read.fired if f.rule.score.get(read.intent, 0) > 0]
        rules.sort(key=lambda r: -r.score[read.intent])
        return f"the intent {read.intent}", ", ".join(r.id for r in rules[:3]) or "no rule (words of cues.yaml)"
    if entry.kind == "verdicts" and entry.item.verdict and read.verdict != entry.item.verdict:
        return f"{read.verdict}", ", ".join(f.rule.id for f in read.deciding) or "no rule"
    return None


def _stands_for(entry: Entry) -> list[str]:
    """Intents that a match example may have; [] for any. Learned weights of one rule do not tell it: `read_as` does."""
    if entry.kind == "section_frames":
        return ["handbook"]
    if entry.item.examples.read_as:
        return [entry.item.examples.read_as]
    if entry.kind == "intents" and entry.item.score:
        wanted = max(entry.item.score.values())
        return [intent for intent, score in entry.item.score.items() if score == wanted]
    if entry.kind == "flag_rules":
        return ["leak"]
    return ["secret_check"] if entry.kind == "verdicts" and entry.item.verdict else []


# --- texts and contacts


def _texts(pack: Pack) -> Iterator[Problem]:
    for entry in pack.entries["facts"].values():
        if entry.item and len(entry.item.text) > FACT_LIMIT:
            reason = f"the text has {len(entry.item.text)} characters; at most {FACT_LIMIT} fit."
            yield entry.problem(".text", reason, "Make two facts of it.")
    for entry in pack.entries["countermeasures"].values():
        if entry.item and len(entry.item.text) > MEASURE_LIMIT:
            reason = f"the text has {len(entry.item.text)} characters; at most {MEASURE_LIMIT} fit a phone."
            yield entry.problem(".text", reason, "Say it shorter.")
    rows = [e for found in pack.entries.values() for e in found.values()] + [e for f in pack.beside.values() for e in f]
    for entry in rows:
        if entry.item is None or not entry.ours:
            continue
        for inside, text in _own_words(entry):
            plain = _QUOTED.sub("", text)
            for wrong, right in SPELLINGS.items():
                if wrong in plain:
                    yield entry.problem(inside, f"「{wrong}」 is not how we write it.", f"Write 「{right}」.")


def _own_words(entry: Entry) -> Iterator[tuple[str, str]]:
    if isinstance(entry.item, str):  # principles, reasons; what people type is in pieces
        if entry.kind != "pieces":
            yield "", entry.item
        return
    if entry.kind == "checklists":
        yield from own_words(entry.item)
    for key in _OWN_WORDS.get(entry.kind, ()):
        shown = "for" if key == "purposes" else key
        yield from _strings(f".{shown}", getattr(entry.item, key))
    if entry.kind == "desks":
        for n, fact in enumerate(entry.item.facts):
            yield f".facts[{n}].text", fact.text
    if entry.kind == "questions":
        for n, option in enumerate(entry.item.options):
            for key in ("label", "why", "would_change"):
                yield f".options[{n}] ({option.id}).{key}", getattr(option, key)


def _strings(inside: str, value: Any) -> Iterable[tuple[str, str]]:
    if isinstance(value, str):
        return [(inside, value)]
    return [(f"{inside}[{n}]", text) for n, text in enumerate(value or ())]


def _contacts(pack: Pack) -> Iterator[Problem]:
    for entry in pack.entries["desks"].values():
        if entry.item is None:
            continue
        rows = [(f".channels[{n}]", row) for n, row in enumerate(entry.item.channels)]
        rows += [(f".facts[{n}]", row) for n, row in enumerate(entry.item.facts)]
        rows += [(".hours", entry.item.hours)] if entry.item.hours else []
        for inside, row in rows:
            if row.show and row.mark in _NOT_SHOWN:
                hint = "Write 'show: false', or check it at a new source and mark it new."
                yield entry.problem(inside, f"is shown although it is marked {row.mark}.", hint)
