"""load(): every data file, ours and the company's, read and checked once, made into one Knowledge.

Company files have the same names and keys as ours. Where an id is ours too, theirs takes its place; a concept of ours
gains their words instead. All problems are told together, and with any problem nothing is loaded.
"""

from __future__ import annotations

import gc
import logging
import os
import threading
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

from . import cite, handling, models, schema
from . import company as _company
from .books import build_books
from .checklists import Checklist, Countermeasure, CountermeasureFile
from .company import Company
from .datafile import check, did_you_mean, place, read_yaml
from .errors import ContentError, Problem
from .links import dangling
from .pack import Entry, Pack
from .read import Books

logger = logging.getLogger(__name__)

HERE = Path(__file__).parent
SPELLING = "words/spelling.yaml"  # read by text.py; not a list of concepts, and not for companies to add to
WISHES = (
    "wishes/signs.yaml",
    "wishes/weights.yaml",
)  # read by wishes/*.py when first needed, and by validate()
# Folders that are not content, or are read by other parts of the bot.
_ELSEWHERE = {"inventory", "inventory.yaml", _company.TEMPLATE.name}


_FACTS = ("leaflet/*.yaml", "handbook/*.yaml", "law/*.yaml", "facts/*.yaml")


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of data: where its files are, what a file is like, and the key under which its items stand.

    "": the file maps ids to items; ".": the file is one item.
    """

    name: str
    globs: tuple[str, ...]
    file: Any
    item: Any
    key: str


KINDS = (
    Kind("concepts", ("words/*.yaml",), dict[str, schema.ConceptEntry], schema.ConceptEntry, ""),
    Kind("verdicts", ("rules/*.yaml",), schema.RuleFile[schema.VerdictRule], schema.VerdictRule, "rules"),
    Kind("intents", ("intents/intents.yaml",), schema.RuleFile[schema.IntentRule], schema.IntentRule, "rules"),
    Kind("derive", ("derive/*.yaml",), schema.RuleFile[schema.DeriveRule], schema.DeriveRule, "rules"),
    Kind("flag_rules", ("routing/flags.yaml",), schema.RuleFile[schema.FlagRule], schema.FlagRule, "rules"),
    Kind("section_rules", ("routing/sections.yaml",), schema.RuleFile[schema.SectionRule], schema.SectionRule, "rules"),
    Kind("section_frames", ("routing/section_frames.yaml",), schema.FrameFile, schema.SectionFrame, "frames"),
    Kind("pieces", ("routing/section_frames.yaml",), schema.FrameFile, schema.Text, "pieces"),
    Kind("desk_rules", ("routing/desks.yaml",), schema.RuleFile[schema.DeskRuleEntry], schema.DeskRuleEntry, "rules"),
    Kind("facts", _FACTS, schema.FactFile, schema.Fact, "facts"),
    Kind("sections", ("sections.yaml", "sections/*.yaml"), schema.SectionFile, schema.Section, "sections"),
    Kind("sources", ("sources.yaml", "sources/*.yaml"), schema.SourceFile, schema.Source, "sources"),
    Kind("desks", ("desks.yaml", "desks/*.yaml"), schema.DeskFile, schema.Desk, "desks"),
    Kind("glossary", ("glossary.yaml", "glossary/*.yaml"), schema.GlossaryFile, schema.Term, "terms"),
    Kind("questions", ("questions.yaml",), schema.QuestionFile, models.Question, "questions"),
    Kind("measures", ("measures.yaml",), schema.MeasureFile, models.Measure, "measures"),
    Kind("leak_steps", ("leak_steps.yaml", "leak_routes.yaml"), schema.LeakFile, models.LeakSteps, "steps"),
    Kind("handling_rules", ("handling_rules/*.yaml",), handling.HandlingFile, handling.HandlingRule, "rules"),
    Kind("cues", ("intents/cues.yaml",), schema.CueFile, dict[schema.Intent, schema.Number], "cues"),
    Kind("flag_cues", ("routing/flag_cues.yaml",), schema.FlagCueFile, dict[schema.Flag, schema.Number], "cues"),
    Kind(
        "verdict_cues",
        ("routing/verdict_cues.yaml",),
        schema.VerdictCueFile,
        dict[schema.Learned, schema.Number],
        "cues",
    ),
    Kind("checklists", ("checklists/*.yaml",), Checklist, Checklist, "."),
    Kind(
        "countermeasures",
        ("countermeasures.yaml", "countermeasures/*.yaml"),
        CountermeasureFile,
        Countermeasure,
        "countermeasures",
    ),
    Kind("section_cues", ("routing/section_cues.yaml",), schema.SectionCueFile, dict[str, schema.Number], "cues"),
)
# The first that fits is taken: what the company adds stands before ours.
_ORDERED = {"measures", "leak_steps"}
# What else stands in a file: lists, to which company files add, and mappings, of which they replace keys.
_BESIDE = (
    "situations", "principles", "changes", "readings", "phrases", "other_desks", "duties", "reasons", "desk_facts",
    "stops",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Knowledge:
    """Everything the bot knows, read-only. Mappings are by id, ours first, in the order of the files."""

    books: Books
    facts: Mapping[str, schema.Fact]
    sections: Mapping[str, schema.Section]
    sources: Mapping[str, schema.Source]
    desks: Mapping[str, schema.Desk]
    glossary: Mapping[str, schema.Term]
    questions: Mapping[str, models.Question]
    measures: Mapping[str, models.Measure]
    leak_steps: models.LeakBook
    checklists: Mapping[str, Checklist]
    countermeasures: Mapping[str, Countermeasure]
    company: Company
    means: Mapping[str, str]  # concept id -> label: the closed list behind evidence[].means
    rules: Mapping[str, schema.RuleEntry]  # as written, with titles and examples
    situations: tuple[schema.Situation, ...] = ()
    principles: tuple[str, ...] = ()
    changes: tuple[schema.Change, ...] = ()
    readings: tuple[schema.WrittenForm, ...] = ()
    phrases: tuple[schema.Phrase, ...] = ()
    headlines: Mapping[str, str] = field(default_factory=dict)  # section -> the fact that says best what it is about
    handling_rules: Mapping[str, handling.HandlingRule] = field(default_factory=dict)
    company_ids: frozenset[str] = field(default=frozenset())  # ids of rules, facts, … that company files add or replace


_loaded: dict[tuple[str, tuple[tuple[str, int, int], ...]], Knowledge] = {}
_our_pack: dict[tuple[str, tuple[tuple[str, int, int], ...]], Pack] = {}  # one: two Knowledges share its items
_lock = threading.Lock()


def load(company_dir: Path | None = None) -> Knowledge:
    """All content and company files. The same files give the same object again within a process.

    company_dir: None is HIMITSU_COMPANY_DIR or ./company. A folder that is not there means: no company.

    Raises ContentError with every problem of every file; nothing is half-loaded.
    """
    folder = _company.default_dir() if company_dir is None else company_dir
    if company_dir is None and os.environ.get("HIMITSU_COMPANY_DIR") and not folder.exists():
        logger.warning("HIMITSU_COMPANY_DIR names %s, which is not there: no company files are used.", folder)
    with _lock:
        key = (str(folder), _fingerprint(folder))
        if key not in _loaded:
            collecting = gc.isenabled()
            gc.disable()  # hardly anything made here is garbage, and looking for it takes a fifth of the time
            try:
                knowledge = _load(folder)
            finally:
                if collecting:
                    gc.enable()
            if len(_loaded) >= 4:
                _loaded.clear()
            _loaded[key] = knowledge
        return _loaded[key]


def _load(folder: Path) -> Knowledge:
    pack = collect(folder)
    books, problems = build_books(pack)
    problems = [*pack.problems, *problems, *dangling(pack)]
    if problems or books is None:
        raise ContentError(problems)
    return assemble(pack, books)


def assemble(pack: Pack, books: Books) -> Knowledge:
    """The pieces as one Knowledge."""

    def by_id(kind: str) -> Mapping[str, Any]:
        found = pack.entries[kind].values()
        first = [e for e in found if kind in _ORDERED and not e.ours]
        return MappingProxyType({e.id: e.item for e in (*first, *(e for e in found if e not in first))})

    rules: dict[str, schema.RuleEntry] = {}
    for kind in ("intents", "verdicts", "flag_rules", "section_rules", "derive"):
        rules.update(by_id(kind))
    beside: dict[str, Any] = {name: tuple(e.item for e in found) for name, found in pack.beside.items()}
    beside |= {name: {e.id: e.item for e in pack.beside.get(name, ())} for name in ("reasons", "desk_facts", "stops")}
    leak = {f.name: beside[f.name] for f in fields(models.LeakBook) if f.name in beside}
    return Knowledge(
        books=books,
        facts=by_id("facts"),
        sections=by_id("sections"),
        sources=by_id("sources"),
        desks=by_id("desks"),
        glossary=by_id("glossary"),
        questions=by_id("questions"),
        measures=by_id("measures"),
        leak_steps=models.LeakBook(steps=tuple(by_id("leak_steps").values()), **leak),
        checklists=by_id("checklists"),
        countermeasures=by_id("countermeasures"),
        company=pack.company,
        means=MappingProxyType({c.id: c.label or c.id for c in books.lexicon.concepts.values()}),
        rules=MappingProxyType(rules),
        situations=beside.get("situations", ()),
        principles=beside.get("principles", ()),
        changes=beside.get("changes", ()),
        readings=beside.get("readings", ()),
        phrases=beside.get("phrases", ()),
        headlines=MappingProxyType(cite.headlines(by_id("facts").values())),
        handling_rules=by_id("handling_rules"),
        company_ids=frozenset(e.id for found in pack.entries.values() for e in found.values() if not e.ours),
    )


# --- reading


def collect(company_dir: Path) -> Pack:
    """Every item of every file, each checked by itself; problems and what could be read of a file with problems."""
    pack = _ours().another()
    if company_dir.is_dir():
        _read_company(pack, company_dir)
        for kind in KINDS:
            for path in _files(kind, company_dir):
                _read(pack, kind, path, str(path), ours=False)
        pack.problems += unread(company_dir)
    elif company_dir.exists():
        pack.problems.append(Problem(str(company_dir), "", "is not a folder.", "HIMITSU_COMPANY_DIR names a folder."))
    return pack


def _ours() -> Pack:
    """What is in our own files; read once while they stay the same."""
    made_from = (str(HERE), _stats(path for kind in KINDS for path in _files(kind, HERE)))
    if made_from not in _our_pack:
        pack = Pack(entries={kind.name: {} for kind in KINDS})
        for kind in KINDS:
            for path in _files(kind, HERE):
                if path != HERE / SPELLING:
                    _read(pack, kind, path, f"knowledge/{path.relative_to(HERE).as_posix()}", ours=True)
        _check_spelling(pack)
        _our_pack.clear()
        _our_pack[made_from] = pack
    return _our_pack[made_from]


def _files(kind: Kind, folder: Path) -> Iterator[Path]:
    for pattern in kind.globs:
        yield from sorted(folder.glob(pattern))


def _read(pack: Pack, kind: Kind, path: Path, name: str, *, ours: bool) -> None:
    raw, problems = read_yaml(path, name)
    pack.problems += problems
    if raw is None:
        if problems:
            pack.unread.add(kind.name)
        elif ours:
            pack.problems.append(Problem(name, "", "is empty."))
        return
    whole, problems = check(raw, kind.file, path, name)
    pack.problems += problems
    if not isinstance(raw, Mapping):
        pack.unread.add(kind.name)
        return
    if whole is not None:
        for beside in (b for b in _BESIDE if hasattr(whole, b)):
            for key, item in _items(getattr(whole, beside)):
                where = place(raw, (beside, key))
                pack.beside.setdefault(beside, []).append(Entry(beside, str(key), item, name, where, ours))
    if kind.key == ".":
        if isinstance(raw.get("id"), str):
            _add(pack, Entry(kind.name, raw["id"], whole, name, raw["id"], ours))
        return
    rows, good = (raw.get(kind.key), getattr(whole, kind.key, None)) if kind.key else (raw, whole)
    for key, row in _items(rows):
        id = key if isinstance(key, str) else row.get("id") if isinstance(row, Mapping) else None
        if isinstance(id, str):
            item = check(row, kind.item, path, name)[0] if good is None else good[key]
            _add(pack, Entry(kind.name, id, item, name, place(raw, (kind.key, key) if kind.key else (key,)), ours))


def _items(rows: Any) -> Iterator[tuple[Any, Any]]:
    """(key, row) of a mapping, (number, row) of a list; nothing of anything else."""
    if isinstance(rows, Mapping):
        yield from rows.items()
    elif isinstance(rows, (list, tuple)):
        yield from enumerate(rows)


def _add(pack: Pack, entry: Entry) -> None:
    entries = pack.entries[entry.kind]
    before = entries.get(entry.id)
    if before and before.ours == entry.ours:
        hint = f"It is also in {before.file}: {before.place}. Give one of them another id."
        pack.problems.append(Problem(entry.file, entry.place, f"the id {entry.id!r} is used twice.", hint))
        return
    if entry.kind == "concepts":
        pack.parts.append(entry)
        if before and before.item and entry.item:
            entry = Entry(entry.kind, entry.id, _extended(before.item, entry.item), entry.file, entry.place, entry.ours)
    if entry.kind == "handling_rules" and before and before.item and entry.item:
        entry = replace(entry, item=handling.merged(before.item, entry.item))
    entries[entry.id] = entry


def _extended(ours: schema.ConceptEntry, theirs: schema.ConceptEntry) -> schema.ConceptEntry:
    """A concept of ours with the company's words added, and with what else the company says of it."""
    return schema.ConceptEntry(
        group=theirs.group or ours.group,
        label=theirs.label or ours.label,
        flags=ours.flags if theirs.flags is None else theirs.flags,
        nature=ours.nature if theirs.nature is None else theirs.nature,
        words=tuple(dict.fromkeys((*ours.words, *theirs.words))),
        excluded=tuple(dict.fromkeys((*ours.excluded, *theirs.excluded))),
        like=theirs.like,
    )


def _check_spelling(pack: Pack) -> None:
    path, name = HERE / SPELLING, f"knowledge/{SPELLING}"
    raw, problems = read_yaml(path, name)
    pack.problems += problems or check(raw, dict[str, tuple[tuple[schema.Str, schema.Str], ...]], path, name)[1]


def _read_company(pack: Pack, folder: Path) -> None:
    path = folder / _company.FILE
    if not path.exists():
        return
    raw, problems = read_yaml(path, str(path))
    pack.problems += problems
    if raw is not None:
        found, problems = check(raw, Company, path, str(path))
        pack.problems += problems
        pack.company = found or pack.company


def unread(folder: Path) -> Iterator[Problem]:
    """Data files that nothing reads: a misspelt folder or ending would otherwise be silence."""
    read = {path for kind in KINDS for path in _files(kind, folder)} | {folder / _company.FILE}
    read |= {HERE / file for file in WISHES}
    folders = sorted({pattern.split("/")[0] for kind in KINDS for pattern in kind.globs if "/" in pattern})
    for path in sorted(folder.rglob("*.y*ml")):
        inside = path.relative_to(folder)
        hidden = any(part.startswith(".") for part in inside.parts)
        if path in read or hidden or not path.is_file() or inside.parts[0] in _ELSEWHERE:
            continue
        if path.suffix != ".yaml":
            hint = f"Name it {path.stem}.yaml."
        elif len(inside.parts) == 1:
            hint = did_you_mean(path.name, [_company.FILE, *(p for k in KINDS for p in k.globs if "/" not in p)])
        else:
            hint = did_you_mean(inside.parts[0], folders)
        yield Problem(str(path), "", "is not read: no kind of content has its files here.", hint)


def _fingerprint(folder: Path) -> tuple[tuple[str, int, int], ...]:
    """Name, time and size of every file that load() reads."""
    paths = {path for root in (HERE, folder) for kind in KINDS for path in _files(kind, root)}
    return _stats(paths | {folder, *folder.rglob("*.y*ml")})


def _stats(paths: Iterable[Path]) -> tuple[tuple[str, int, int], ...]:
    stats = ((str(path), path.stat()) for path in sorted(paths) if path.exists())
    return tuple((name, stat.st_mtime_ns, stat.st_size) for name, stat in stats)
