"""Results as values: of a run, of a department, of a whole campaign. Files and messages are made from them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING

from dialogs.checks import engine, merge, score
from dialogs.checks.model import Checklist, Filled, Gap, Merged, Past, Result, Run

from ...store import Store, checks, gaps
from .words import words

if TYPE_CHECKING:
    from ...conversation import Conversation, Turn

Kept = Mapping[str, Gap]


class Results:
    def __init__(self, conversation: Conversation) -> None:
        self._conversation = conversation

    @property
    def _store(self) -> Store:
        return self._conversation.workplace.store

    def book(self, turn: Turn) -> score.Book:
        knowledge = self._conversation.services(turn).knowledge
        return score.Book({id: s.title for id, s in knowledge.sections.items()}, knowledge.countermeasures)

    def of_run(
        self, turn: Turn, run: Run, checklist: Checklist, *, notes: bool = False, now_kept: Kept = MappingProxyType({})
    ) -> Result:
        """The result of one run, with what is kept of its gaps. notes: with what was written in it.

        now_kept: gaps that are about to be kept, by question.
        """
        history: Sequence[Past] = ()
        if not run.campaign:
            before = run.finished_at or int(turn.now)
            history = checks.history(self._store, run.person, run.checklist, before=before)
        written = checks.notes_of(self._store, run.id) if notes else {}
        return score.result(
            checklist,
            engine.valid(checklist, run.state),
            self.book(turn),
            at=run.finished_at or int(turn.now),
            scope=self.department(run.department) if run.department else "",
            history=history,
            kept={**self.kept(scope_of(run)), **now_kept},
            notes={id: (n.note, n.evidence) for id, n in written.items()},
        )

    def of_campaign(
        self,
        turn: Turn,
        campaign: checks.Campaign,
        checklist: Checklist,
        *,
        department: str = "",
        now_kept: Kept = MappingProxyType({}),
    ) -> Merged:
        """Everybody's answers of a campaign as one; department: of that one alone."""
        found = [r for r in checks.of_campaign(self._store, campaign.id) if department in ("", r.department)]
        filled = [Filled(r.department, self.department(r.department), engine.valid(checklist, r.state)) for r in found]
        filled = [one for one in filled if one.answers]
        past = [
            Past(c.closed_at or 0, c.score, c.version or 1)
            for c in checks.closed_campaigns(self._store, campaign.checklist)
            if c.id != campaign.id and not department and (campaign.closed_at or turn.now) >= (c.closed_at or 0)
        ]
        return merge.merge(
            checklist,
            filled,
            self.book(turn),
            at=campaign.closed_at or int(turn.now),
            scope=self.department(department) if department else words()["campaign"]["company"],
            history=past,
            kept={**self.kept(f"{campaign.id}/{department}" if department else campaign.id), **now_kept},
        )

    def kept(self, scope: str) -> dict[str, Gap]:
        """What is kept of a scope's gaps, by question."""
        return {question: as_gap(kept) for question, kept in gaps.of_scope(self._store, scope).items()}

    def department(self, id: str) -> str:
        """A department's name, or its id where the company's files have it no more."""
        company = self._conversation.workplace.services.knowledge.company
        return next((d.name for d in company.departments if d.id == id), id)


def as_gap(kept: gaps.Kept) -> Gap:
    """A kept gap, for score.result to lay over what the answers say."""
    state = "done" if kept.state == "done" else "planned"
    return Gap(
        kept.question,
        "",
        "",
        "not_done",
        "",
        id=kept.id,
        owner=kept.owner,
        due=kept.due,
        state=state,  # type: ignore[arg-type]
        evidence=kept.evidence,
    )


def scope_of(run: Run) -> str:
    """Whose gaps a run's are: its own, or those of its department in a campaign."""
    return f"{run.campaign}/{run.department}" if run.campaign else run.id
