"""Concepts and rules of the data files -> Books, the form in which messages are read; or what is wrong with them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from .datafile import did_you_mean
from .desk import DeskRule
from .errors import Problem
from .forms import form_concepts
from .lexicon import Concept, Lexicon, parse_word
from .pack import Entry, Pack
from .read import Books
from .rules import Condition, Rule, RuleBook, parse_condition
from .status import STATUSES

# Grade of a company's verdict rule that gives none. secret: above all but credentials. review: above consent, below what
# is known to be unpublished. public: above what is secret by its kind or a stale mark, below entrusted and personal.
COMPANY_GRADES = {"secret": 92, "review": 83, "public": 54}
# A word that the company itself calls secret: above doubts of its value, below its affirmed publication.
COMPANY_WORD_GRADE = 58
# Whose rules hold for a company's new concept that does not say `like`: by flag, then by nature.
_LIKE_FLAG = {"credential": "credential", "personal": "person_record", "technical": "spec"}
_LIKE_NATURE = {"secret": "plan", "minor": "minor", "vague": "generic", "open": "catalogue"}

Likes = dict[str, list[str]]


def build_books(pack: Pack) -> tuple[Books | None, list[Problem]]:
    """Books, or None with the problems, all of them. Rules that a broken file may hold are not missed."""
    problems = list(_check_concepts(pack))
    concepts = {c.id: c for c in (*_concepts(pack), *form_concepts())}
    likes = _likes(pack)
    complete = "concepts" not in pack.unread
    book = {kind: _rules(pack, kind, concepts, likes, problems, complete) for kind in
            ("intents", "verdicts", "section_rules", "derive", "flag_rules")}  # fmt: skip
    desks = []
    for entry in pack.entries["desk_rules"].values():
        if entry.item is None:
            continue
        found = {k: _conditions(entry, k, concepts, likes, problems, complete) for k in ("when", "unless")}
        flags = frozenset(f for several in entry.item.flags for f in several.split("|"))
        r = entry.item
        desks.append(DeskRule(r.id, r.desk, r.order, frozenset(r.intents), found["when"], found["unless"], flags))
    kinds = {"concepts", *book, "desk_rules", "cues"}
    if problems or pack.unread & kinds or any(e.item is None for kind in kinds for e in pack.entries[kind].values()):
        return None, problems
    order = tuple(pack.entries["sections"])
    return Books(
        Lexicon(concepts.values()), RuleBook(book["intents"]), RuleBook([*book["verdicts"], *_word_rules(pack, concepts)]),
        RuleBook(book["section_rules"]), tuple(desks), RuleBook(book["derive"]), RuleBook(book["flag_rules"]),
        {cue: e.item for cue, e in pack.entries["cues"].items()}, section_order=order,
    ), []  # fmt: skip


# --- concepts


def _concepts(pack: Pack) -> Iterator[Concept]:
    outlets = [name for outlet in pack.company.publishes for name in (outlet.name, *outlet.also_called)]
    for entry in pack.entries["concepts"].values():
        c = entry.item
        if c is None:  # its rules can still be checked
            yield Concept(entry.id, "", ())
            continue
        words = (*c.words, *(w for w in outlets if w not in c.words)) if entry.id == "medium" else c.words
        group = c.group or ("" if entry.ours else "kind")
        yield Concept(entry.id, group, words, c.flags or (), c.nature or "", c.label, c.excluded)


def _check_concepts(pack: Pack) -> Iterator[Problem]:
    reserved = {c.id for c in form_concepts()}
    ours = {e.id for e in pack.parts if e.ours}
    for entry in pack.parts:
        c = entry.item
        if entry.id in reserved:
            yield entry.problem("", f"the id {entry.id!r} is taken by a form of sentence (knowledge/forms.py).", "Choose another.")
        if c is None:
            continue
        if entry.ours and not c.group:
            yield entry.problem("", "the key 'group' is missing.")
        if entry.id not in ours and not c.label:
            yield entry.problem("", "the key 'label' is missing.", "It is what an answer calls the thing.")
        if entry.ours and c.like:
            yield entry.problem(".like", "is for company files only.", "Name the concept in the rules.")
        if c.like and c.like not in pack.entries["concepts"] and "concepts" not in pack.unread:
            hint = did_you_mean(c.like, list(pack.entries["concepts"]))
            yield entry.problem(".like", f"there is no concept {c.like!r}.", hint)
        for key in ("words", "excluded"):
            for n, word in enumerate(getattr(c, key)):
                base, wants, refuses = parse_word(word)
                for status in sorted((wants | refuses) - STATUSES.keys()):
                    hint = did_you_mean(status, list(STATUSES)) if key == "words" else "excluded words take none."
                    yield entry.problem(f".{key}[{n}]", f"{word!r}: there is no status {status!r}.", hint)
                if not base.strip("=~ 　"):
                    yield entry.problem(f".{key}[{n}]", f"{word!r} holds no word.")


def _likes(pack: Pack) -> Likes:
    """Concept of ours -> concepts of the company that its conditions speak of as well."""
    ours = {e.id for e in pack.parts if e.ours}
    likes: Likes = {}
    for entry in pack.parts:
        c = entry.item
        if entry.ours or c is None:
            continue
        like = c.like
        if not like and entry.id not in ours:
            like = next((_LIKE_FLAG[f] for f in _LIKE_FLAG if f in (c.flags or ())), "") or _LIKE_NATURE.get(c.nature or "", "")
        if like and like != entry.id:
            likes.setdefault(like, []).append(entry.id)
    return likes


def _word_rules(pack: Pack, concepts: Mapping[str, Concept]) -> Iterator[Rule]:
    """A rule for each concept that a company file calls secret."""
    for entry in pack.parts:
        if not entry.ours and entry.item.nature == "secret":
            yield Rule(
                f"company.{entry.id}", (parse_condition(entry.id, concepts),),
                verdict="secret", grade=COMPANY_WORD_GRADE, sections={"B-1": 1, "C-1": 1},
            )  # fmt: skip


# --- rules


def _rules(
    pack: Pack, kind: str, concepts: Mapping[str, Concept], likes: Likes, problems: list[Problem], complete: bool
) -> list[Rule]:
    out = []
    for entry in pack.entries[kind].values():
        if entry.item is None:
            continue
        given = {name: getattr(entry.item, name) for name in type(entry.item).model_fields if name in Rule.__slots__}
        for key in ("when", "unless", "unless_near"):
            given[key] = _conditions(entry, key, concepts, likes, problems, complete)
        if kind == "verdicts":
            given["verdict"] = entry.item.verdict or ""
            given["grade"] = _grade(entry, problems)
        if kind == "derive":
            problems += _check_gives(entry, concepts, complete)
        out.append(Rule(**given))
    return out


def _grade(entry: Entry, problems: list[Problem]) -> int:
    r = entry.item
    if r.verdict and r.grade is None and entry.ours:
        problems.append(entry.problem("", "a verdict needs a grade.", "The highest grade that fires decides (1 to 100)."))
    if r.grade and not r.verdict:
        problems.append(entry.problem(".grade", "has no verdict to place.", "Add 'verdict', or take the grade away."))
    if r.ask and r.verdict != "review":
        problems.append(entry.problem(".ask", "only a review asks a question.", "Take it away, or write 'verdict: review'."))
    return r.grade or COMPANY_GRADES.get(r.verdict or "", 0)


def _check_gives(entry: Entry, concepts: Mapping[str, Concept], complete: bool) -> Iterator[Problem]:
    kind, _, dropped = entry.item.gives.partition(" ")
    for name in dropped.split("|") if kind == "drop" else [entry.item.gives]:
        if complete and name not in concepts:
            yield entry.problem(".gives", f"there is no concept {name!r}.", did_you_mean(name, list(concepts)))


def _conditions(
    entry: Entry, key: str, concepts: Mapping[str, Concept], likes: Likes, problems: list[Problem], complete: bool
) -> tuple[Condition, ...]:
    out = []
    for n, source in enumerate(getattr(entry.item, key)):
        wrong = list(_check_condition(source, concepts, complete))
        problems += [entry.problem(f".{key}[{n}]", reason, hint) for reason, hint in wrong]
        if not wrong and complete:
            out.append(parse_condition(_with_likes(source, likes) if likes else source, concepts))
    return tuple(out)


def _with_likes(source: str, likes: Likes) -> str:
    """`plan/done` -> `plan/done|our_project/done` where our_project is like plan."""
    parts = source.split("|")
    for part in tuple(parts):
        name, slash, statuses = part.partition("/")
        parts += [like + slash + statuses for like in likes.get(name, ())]
    return "|".join(parts)


def _check_condition(source: str, concepts: Mapping[str, Any], complete: bool) -> Iterator[tuple[str, str]]:
    groups = {c.group for c in concepts.values()}
    for part in source.split("|"):
        name, wants, refuses = parse_word(part)
        for status in sorted((wants | refuses) - STATUSES.keys()):
            yield f"{source!r}: there is no status {status!r}.", did_you_mean(status, list(STATUSES))
        if not complete:
            continue
        if name.startswith("@"):
            if name[1:] not in groups:
                yield f"{source!r}: there is no group {name!r}.", did_you_mean(name, ["@" + g for g in groups if g])
        elif name not in concepts:
            near = did_you_mean(name, list(concepts))
            hint = "Write '@" + name + "' for the group." if name in groups and name else near
            yield f"{source!r}: there is no concept {name!r}.", hint
