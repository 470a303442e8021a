"""Concepts and rules of the data files -> Books, the form in which messages are read; or what is wrong with them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from .cache import lexicon
from .datafile import did_you_mean
from .desk import DeskRule
from .errors import Problem
from .forms import form_concepts
from .frames import Frame, compiled, piece_names
from .grammar import grammar_concepts
from .lexicon import Concept, parse_word
from .pack import Entry, Pack
from .read import Books
from .rules import Condition, Rule, RuleBook, parse_condition
from .status import STATUSES
from .weights import Weights

# Grade of a company's verdict rule that gives none. secret: above all but credentials. review: above consent, below
# what is known to be unpublished. public: above what is secret by its kind or its mark, below entrusted and personal.
COMPANY_GRADES = {"secret": 92, "review": 83, "public": 54}
# A word that the company itself calls secret: above doubts of its value, below its affirmed publication.
COMPANY_WORD_GRADE = 58
# Whose rules hold for a company's new concept that does not say `like`: by flag, then by nature.
_LIKE_FLAG = {"credential": "credential", "personal": "person_record", "technical": "spec"}
_LIKE_NATURE = {"secret": "plan", "minor": "minor", "vague": "generic", "open": "catalogue"}

_RULE_KINDS = ("intents", "verdicts", "section_rules", "derive", "flag_rules")

Likes = dict[str, list[str]]


def build_books(pack: Pack) -> tuple[Books | None, list[Problem]]:
    """Books, or None with the problems, all of them. Rules that a broken file may hold are not missed."""
    problems = list(_check_concepts(pack))
    concepts = {c.id: c for c in (*_concepts(pack), *form_concepts(), *grammar_concepts())}
    likes = _likes(pack)
    complete = "concepts" not in pack.unread
    parse = _Parser(concepts, likes, complete, problems)
    book = {kind: _rules(pack, kind, parse) for kind in _RULE_KINDS}
    desks = [_desk_rule(entry, parse) for entry in pack.entries["desk_rules"].values() if entry.item]
    frames = _frames(pack, problems)
    kinds = {"concepts", *book, "desk_rules", "cues", "section_cues", "flag_cues", "verdict_cues"}
    kinds |= {"section_frames", "pieces"}
    broken = any(entry.item is None for kind in kinds for entry in pack.entries[kind].values())
    if problems or broken or pack.unread & kinds:
        return None, problems
    return (
        Books(
            lexicon=lexicon(tuple(concepts.values()), (*_our_concepts(pack), *form_concepts())),
            intents=RuleBook(book["intents"]),
            verdicts=RuleBook([*book["verdicts"], *_word_rules(pack, concepts)]),
            sections=RuleBook(book["section_rules"]),
            desks=tuple(desks),
            derive=RuleBook(book["derive"]),
            flags=RuleBook(book["flag_rules"]),
            cues=_weights(pack, "cues"),
            section_cues=_weights(pack, "section_cues"),
            flag_cues=_weights(pack, "flag_cues"),
            verdict_cues=_weights(pack, "verdict_cues"),
            section_frames=tuple(frames),
            section_order=tuple(pack.entries["sections"]),
        ),
        [],
    )


def _weights(pack: Pack, kind: str) -> Weights:
    return Weights({sign: entry.item for sign, entry in pack.entries[kind].items()})


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


def _our_concepts(pack: Pack) -> Iterator[Concept]:
    """Ours, without what a company adds to them."""
    for entry in pack.parts:
        if entry.ours and (c := entry.item):
            yield Concept(entry.id, c.group or "", c.words, c.flags or (), c.nature or "", c.label, c.excluded)


def _check_concepts(pack: Pack) -> Iterator[Problem]:
    reserved = {c.id for c in (*form_concepts(), *grammar_concepts())}
    ours = {e.id for e in pack.parts if e.ours}
    for entry in pack.parts:
        c = entry.item
        if entry.id in reserved:
            reason = f"the id {entry.id!r} is taken by a form of sentence (knowledge/forms.py)."
            yield entry.problem("", reason, "Choose another.")
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
                if "/" in word or word[0] in "=~":
                    for reason, hint in _check_word(word, key):
                        yield entry.problem(f".{key}[{n}]", f"{word!r}: {reason}", hint)


def _check_word(word: str, key: str) -> Iterator[tuple[str, str]]:
    base, wants, refuses = parse_word(word)
    if not base.strip("=~ 　"):
        yield "there is no word in it.", ""
    if key == "excluded" and (wants or refuses):
        yield "an excluded word takes no status.", "Write the characters only."
        return
    for status in sorted((wants | refuses) - STATUSES.keys()):
        hint = "A status stands behind the whole word." if "~" in status else did_you_mean(status, list(STATUSES))
        yield f"there is no status {status!r}.", hint


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
            by_flag = [kind for flag, kind in _LIKE_FLAG.items() if flag in (c.flags or ())]
            like = by_flag[0] if by_flag else _LIKE_NATURE.get(c.nature or "", "")
        if like and like != entry.id:
            likes.setdefault(like, []).append(entry.id)
    return likes


def _word_rules(pack: Pack, concepts: Mapping[str, Concept]) -> Iterator[Rule]:
    """A rule `company.<id>` for each concept that a company file calls secret, unless it has a rule of that id."""
    sections: dict[str, float] = {section: 1.0 for section in ("B-1", "C-1") if section in pack.entries["sections"]}
    for entry in pack.parts:
        id = f"company.{entry.id}"
        if not entry.ours and entry.item.nature == "secret" and id not in pack.entries["verdicts"]:
            when = (parse_condition(entry.id, concepts),)
            yield Rule(id, when, verdict="secret", grade=COMPANY_WORD_GRADE, sections=sections)


# --- rules


class _Parser:
    """Conditions of rules, with the company's concepts added; what is wrong with them goes to `problems`."""

    def __init__(self, concepts: Mapping[str, Concept], likes: Likes, complete: bool, problems: list[Problem]):
        self.concepts, self.likes, self.complete, self.problems = concepts, likes, complete, problems
        self.groups = {c.group for c in concepts.values() if c.group}

    def conditions(self, entry: Entry, key: str) -> tuple[Condition, ...]:
        out = []
        for n, source in enumerate(getattr(entry.item, key)):
            wrong = list(self._check(source))
            self.problems += [entry.problem(f".{key}[{n}]", reason, hint) for reason, hint in wrong]
            if not wrong and self.complete:
                out.append(parse_condition(self._with_likes(source) if self.likes else source, self.concepts))
        return tuple(out)

    def _check(self, source: str) -> Iterator[tuple[str, str]]:
        for part in source.split("|"):
            name, wants, refuses = parse_word(part)
            for status in sorted((wants | refuses) - STATUSES.keys()):
                yield f"{source!r}: there is no status {status!r}.", did_you_mean(status, list(STATUSES))
            if not self.complete or name in self.concepts or (name[:1] == "@" and name[1:] in self.groups):
                continue
            if name[:1] == "@":
                hint = did_you_mean(name, ["@" + group for group in self.groups])
                yield f"{source!r}: there is no group {name!r}.", hint
            else:
                hint = f"Write '@{name}' for the group." if name in self.groups else ""
                yield f"{source!r}: there is no concept {name!r}.", hint or did_you_mean(name, list(self.concepts))

    def _with_likes(self, source: str) -> str:
        """`plan/done` -> `plan/done|our_project/done` where our_project is like plan."""
        parts = source.split("|")
        for part in tuple(parts):
            name, slash, statuses = part.partition("/")
            parts += [like + slash + statuses for like in self.likes.get(name, ())]
        return "|".join(parts)


def _rules(pack: Pack, kind: str, parse: _Parser) -> list[Rule]:
    out = []
    for entry in pack.entries[kind].values():
        if entry.item is None:
            continue
        given = {name: getattr(entry.item, name) for name in type(entry.item).model_fields if name in Rule.__slots__}
        for key in ("when", "unless", "unless_near"):
            given[key] = parse.conditions(entry, key)
        if kind == "verdicts":
            given["verdict"] = entry.item.verdict or ""
            given["grade"] = _grade(entry, parse.problems)
        if kind == "derive":
            parse.problems += _check_gives(entry, parse.concepts, parse.complete)
        out.append(Rule(**given))
    return out


def _desk_rule(entry: Entry, parse: _Parser) -> DeskRule:
    given = {name: getattr(entry.item, name) for name in type(entry.item).model_fields if name in DeskRule.__slots__}
    for key in ("when", "unless"):
        given[key] = parse.conditions(entry, key)
    for key in ("flags", "unless_flags"):
        given[key] = frozenset(flag for several in given[key] for flag in several.split("|"))
    return DeskRule(**{**given, "intents": frozenset(given["intents"])})


def _grade(entry: Entry, problems: list[Problem]) -> int:
    r = entry.item
    if r.verdict and r.grade is None and entry.ours:
        hint = "The highest grade that fires decides (1 to 100)."
        problems.append(entry.problem("", "a verdict needs a grade.", hint))
    if r.grade and not r.verdict:
        problems.append(entry.problem(".grade", "has no verdict to place.", "Add 'verdict', or take the grade away."))
    if r.ask and r.verdict != "review":
        hint = "Take it away, or write 'verdict: review'."
        problems.append(entry.problem(".ask", "only a review asks a question.", hint))
    return r.grade or COMPANY_GRADES.get(r.verdict or "", 0)


def _check_gives(entry: Entry, concepts: Mapping[str, Concept], complete: bool) -> Iterator[Problem]:
    kind, _, dropped = entry.item.gives.partition(" ")
    for name in dropped.split("|") if kind == "drop" else [entry.item.gives]:
        if complete and name not in concepts:
            yield entry.problem(".gives", f"there is no concept {name!r}.", did_you_mean(name, list(concepts)))


# --- frames

_PATTERN_HINT = "Every '(' and '[' needs its end; before a sign that is meant as text write '\\'."


def _frames(pack: Pack, problems: list[Problem]) -> list[Frame]:
    """The frames that are right; what is wrong with the others, and with their pieces, goes to `problems`."""
    out = []
    pieces = {entry.id: _piece(entry, problems) for entry in pack.entries["pieces"].values()}
    for entry in pack.entries["section_frames"].values():
        f = entry.item
        if f is None:
            continue
        names = piece_names(f.pattern)
        missing = [name for name in names if name not in pieces] if "pieces" not in pack.unread else []
        for name in missing:
            reason = f"there is no piece {name!r}."
            problems.append(entry.problem(".pattern", reason, did_you_mean(name, list(pieces))))
        try:
            pattern = compiled(f.pattern, {name: pieces.get(name, ".") for name in names})
        except ValueError as error:
            problems.append(entry.problem(".pattern", f"is no pattern: {error}.", _PATTERN_HINT))
        else:
            out.append(Frame(f.id, f.section, pattern, f.worth))
    return out


def _piece(entry: Entry, problems: list[Problem]) -> str:
    """What stands for a piece in patterns: any letter where it is wrong, so that the rest of them is checked."""
    if entry.item is None:
        return "."
    if names := piece_names(entry.item):
        reason = f"holds the piece {names[0]!r}, which is not filled in here."
        problems.append(entry.problem("", reason, "Write out what it stands for."))
        return "."
    try:
        compiled(entry.item, {})
    except ValueError as error:
        problems.append(entry.problem("", f"is no pattern: {error}.", _PATTERN_HINT))
        return "."
    return str(entry.item)
