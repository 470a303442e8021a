"""Ids that point at nothing: sources, sections, facts, desks, questions, … that are named but not there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import get_args

from . import schema
from .checklists import misfits
from .datafile import did_you_mean
from .errors import Problem
from .forms import FORMS, LOOKS
from .grammar import GRAMMAR
from .handling import incomplete
from .pack import Entry, Pack

_CALLED = {
    "sources": "source", "sections": "section", "facts": "fact", "desks": "desk", "questions": "question",
    "measures": "measure", "countermeasures": "countermeasure", "concepts": "concept", "verdicts": "rule",
}  # fmt: skip
INSIDE = ("emergency", "company", "deputy", "owner", "lost_office")  # stops that are no outside desk
_RULES = ("verdicts", "intents", "section_rules", "flag_rules", "derive")


def dangling(pack: Pack) -> list[Problem]:
    """Every id that is pointed at and does not exist; ids that may be in a file that cannot be read are not missed."""
    return list(_Links(pack).find())


class _Links:
    def __init__(self, pack: Pack):
        self.pack = pack
        self.known = {kind: list(found) for kind, found in pack.entries.items()}
        self.known["concepts"] += (*FORMS, *LOOKS, *GRAMMAR)
        rules = self.known["verdicts"]  # measures.yaml names a rule, or the first part of several
        rules += sorted({id.split(".")[0] for id in rules} | {"company"})
        self.sets = {kind: set(ids) for kind, ids in self.known.items()}

    def need(self, entry: Entry, inside: str, ids: Iterable[str | None], *kinds: str) -> Iterator[Problem]:
        """`inside` is where the ids stand in the entry; [] in it becomes the number of the id. Blank ids are none."""
        if self.pack.unread & set(kinds):
            return
        for n, id in enumerate(ids):
            if id and not any(id in self.sets[kind] for kind in kinds):
                called = " or ".join(_CALLED[kind] for kind in kinds)
                hint = did_you_mean(id, [known for kind in kinds for known in self.known[kind]])
                yield entry.problem(inside.replace("[]", f"[{n}]"), f"there is no {called} {id!r}.", hint)

    def words(
        self, entry: Entry, inside: str, given: Iterable[str], known: Iterable[str], what: str
    ) -> Iterator[Problem]:
        known = sorted(known)
        for n, word in enumerate(given):
            if word not in known:
                where = inside.replace("[]", f"[{n}]")
                yield entry.problem(where, f"there is no {what} {word!r}.", did_you_mean(word, known))

    def whole(self, *kinds: str) -> Iterator[Entry]:
        for kind in kinds:
            yield from (e for e in self.pack.entries[kind].values() if e.item is not None)

    def find(self) -> Iterator[Problem]:
        yield from self.facts_and_desks()
        yield from self.rules()
        yield from self.answers()
        yield from self.checks()
        yield from self.handling()

    def handling(self) -> Iterator[Problem]:
        for e in self.whole("handling_rules"):
            yield from self.need(e, ".section", [e.item.section], "sections")
            yield from self.need(e, ".source[]", e.item.source, "facts")
            for where, reason, hint in incomplete(e):
                yield e.problem(where, reason, hint)

    def facts_and_desks(self) -> Iterator[Problem]:
        for e in self.whole("facts"):
            yield from self.need(e, ".source", [e.item.source], "sources")
            yield from self.need(e, ".also[]", e.item.also, "sources")
            yield from self.need(e, ".sections[]", e.item.sections, "sections")
            yield from self.need(e, ".see[]", e.item.see, "facts")
        for e in self.whole("desks"):
            yield from self.need(e, ".sources[]", e.item.sources, "sources")
            for key in ("channels", "facts"):
                for n, row in enumerate(getattr(e.item, key)):
                    yield from self.need(e, f".{key}[{n}].source", [row.source], "sources")
            if e.item.hours:
                yield from self.need(e, ".hours.source", [e.item.hours.source], "sources")
        for e in self.pack.beside.get("situations", ()):
            yield from self.need(e, ".first", [e.item.first if e.item.first != "company" else None], "desks")
            yield from self.need(e, ".then[]", [d if d != "company" else None for d in e.item.then], "desks")

    def rules(self) -> Iterator[Problem]:
        flags = get_args(schema.Flag)
        for e in self.whole(*_RULES):
            yield from self.need(e, ".source", [e.item.source], "facts", "sources")
        for e in self.whole("verdicts", "section_rules"):
            yield from self.need(e, ".sections", e.item.sections, "sections")
        for e in self.whole("verdicts"):
            yield from self.need(e, ".desks[]", e.item.desks, "desks")
            yield from self.need(e, ".ask", [e.item.ask], "questions")
        for e in self.whole("section_frames"):
            yield from self.need(e, ".section", [e.item.section], "sections")
        for e in self.whole("section_cues"):
            yield from self.need(e, "", e.item, "sections")
        for e in self.whole("desk_rules"):
            yield from self.need(e, ".desk", [e.item.desk], "desks")
            for key in ("flags", "unless_flags"):
                for n, several in enumerate(getattr(e.item, key)):
                    yield from self.words(e, f".{key}[{n}]", several.split("|"), flags, "flag")

    def answers(self) -> Iterator[Problem]:
        """questions.yaml, measures.yaml, leak_steps.yaml."""
        verdicts, flags = get_args(schema.Verdict), get_args(schema.Flag)
        for e in self.whole("questions"):
            yield from self.need(e, ".source", [e.item.source], "facts", "sources")
            for n, option in enumerate(e.item.options):
                at = f".options[{n}] ({option.id})"
                yield from self.need(e, f"{at}.next", [option.next], "questions")
                yield from self.need(e, f"{at}.measure", [option.measure], "measures")
                if option.verdict:
                    yield from self.words(e, f"{at}.verdict", [option.verdict], verdicts, "verdict")
                if bool(option.verdict) == bool(option.next):
                    reason = "one of 'verdict' and 'next' is needed, and only one."
                    yield e.problem(at, reason, "An answer is final, or leads to another question.")
        yield from self.ends()
        for e in self.whole("measures"):
            yield from self.words(e, ".verdict", [e.item.verdict], verdicts, "verdict")
            yield from self.need(e, ".rules[]", e.item.rules, "verdicts")
        for e in self.whole("measures", "leak_steps"):
            yield from self.need(e, ".concepts[]", (*e.item.concepts, *getattr(e.item, "also", ())), "concepts")
            yield from self.words(e, ".flags[]", e.item.flags, flags, "flag")
            yield from self.need(e, ".facts[]", e.item.facts, "facts")
        for e in self.pack.beside.get("other_desks", ()):
            yield from self.need(e, ".desk", [e.item.desk], "desks")
            yield from self.need(e, ".concepts[]", e.item.concepts, "concepts")
            yield from self.words(e, ".flags[]", e.item.flags, flags, "flag")
        for e in self.pack.beside.get("duties", ()):
            yield from self.words(e, ".flags[]", e.item.flags, flags, "flag")
            yield from self.need(e, ".facts[]", e.item.facts, "facts")
        for e in self.pack.beside.get("desk_facts", ()):
            yield from self.need(e, "", [e.item], "facts")

        yield from self.stops()

    def stops(self) -> Iterator[Problem]:
        """leak_routes.yaml: every key is a desk or one of those within, every condition is known."""
        flags, families = get_args(schema.Flag), self.known["leak_steps"]
        for e in self.pack.beside.get("stops", ()):
            if e.id not in INSIDE:
                yield from self.need(e, "", [e.id], "desks")
            yield from self.need(e, ".facts[]", e.item.facts, "facts")
            for key in ("when", "unless"):
                for n, row in enumerate(getattr(e.item, key)):
                    yield from self.words(e, f".{key}[{n}].flags[]", row.flags, flags, "flag")
                    yield from self.words(e, f".{key}[{n}].families[]", row.families, families, "kind of event")

    def checks(self) -> Iterator[Problem]:
        """checklists/*.yaml, countermeasures.yaml."""
        for e in self.whole("countermeasures"):
            yield from self.need(e, ".facts[]", e.item.facts, "facts")
        for e in self.whole("checklists"):
            yield from misfits(e)
            own = {area.id for area in e.item.areas}
            for n, question in enumerate(e.item.questions):
                at = f".questions[{n}] ({question.id})"
                yield from self.need(e, f"{at}.area", [None if question.area in own else question.area], "sections")
                yield from self.need(e, f"{at}.source[]", question.source, "facts")
                yield from self.need(e, f"{at}.measures[]", question.measures, "countermeasures")

    def ends(self) -> Iterator[Problem]:
        """Questions come to an end; every verdict has something to do, and every event a first step."""
        following = {e.id: [option.next for option in e.item.options if option.next] for e in self.whole("questions")}
        for e in self.whole("questions"):
            reached, ahead = set(), list(following[e.id])
            while ahead:
                if (id := ahead.pop()) not in reached:
                    reached.add(id)
                    ahead += following.get(id, [])
            if e.id in reached:
                yield e.problem("", "the answers lead back to this question.", "Let one of them be final.")
        if not self.pack.unread & {"measures", "leak_steps"}:
            measures, steps = list(self.whole("measures")), list(self.whole("leak_steps"))
            for verdict in get_args(schema.Verdict):
                if measures and not any(e.item.verdict == verdict and _always(e) for e in measures):
                    hint = "Add one without rules, concepts and flags."
                    yield Problem(measures[0].file, "measures", f"none fits every message that is {verdict}.", hint)
            if steps and not any(map(_always, steps)):
                yield Problem(steps[0].file, "steps", "none fits every event.", "Add one without concepts and flags.")


def _always(entry: Entry) -> bool:
    return not any(getattr(entry.item, key, ()) for key in ("rules", "concepts", "also", "flags"))
