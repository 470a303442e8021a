"""Who gets a case, who may open it, who may see who reported: by the company's files, and by who still has Slack."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from knowledge.company import Company, CompanyDesk

from ...people import Person
from ...store import people
from ...workplace import Workplace


@dataclass(frozen=True)
class Desk:
    """The company's desks as cases need them. alternative: the one for reports about the first one."""

    workplace: Workplace

    @property
    def company(self) -> Company:
        return self.workplace.services.knowledge.company

    def registered(self, alternative: bool = False) -> CompanyDesk | None:
        return self.company.alternative_desk() if alternative else self.company.company_desk()

    def members(self, alternative: bool) -> tuple[str, ...]:
        """Everybody who may open its cases. Managers only where the company has named nobody else."""
        own = self._own(alternative)
        if alternative:
            return own
        named = tuple(dict.fromkeys((*self.company.responders, *own, *self.company.deputies)))
        return named or tuple(self.company.managers)

    def may_open(self, person: Person, alternative: bool) -> bool:
        return not person.guest and person.id in self.members(alternative)

    def contact(self, alternative: bool) -> str:
        """The one person who may see who reported; blank where there is none."""
        first = (*self._own(alternative), *(() if alternative else (*self.company.responders, *self.company.managers)))
        return first[0] if first else ""

    def told(self, alternative: bool, now: float, *, but: str = "") -> tuple[str, ...]:
        """Who is told of a new case: those named for it who still have Slack; but: the person who reports it.

        Where none of them is left, the deputies, then the managers; for the alternative desk nobody else.
        """
        own = self._own(alternative)
        if alternative:
            return self.active(own, now, but=but)
        for named in (self.company.responders or own, self.company.deputies, self.company.managers):
            if found := self.active(named, now, but=but):
                return found
        return ()

    def follows(self, owner: str, alternative: bool, now: float) -> tuple[str, ...]:
        """Who is told of a date: the owner and the deputies; where nobody has taken it, everybody of the desk."""
        deputies = () if alternative else self.company.deputies
        found = self.active((owner, *deputies) if owner else self.members(alternative), now)
        return found or self.told(alternative, now)

    def active(self, people: Iterable[str], now: float, *, but: str = "") -> tuple[str, ...]:
        """Those of them who have not left Slack. Who cannot be looked up just now is not taken for gone."""
        there = dict.fromkeys(id for id in people if id and id != but)
        return tuple(id for id in there if not self.workplace.people.find(id, now, soon=True).deleted)

    def channel(self, alternative: bool) -> str:
        """The channel that the company named for its desk, or blank."""
        desk = self.registered(alternative)
        return desk.slack if desk and desk.slack and desk.slack[0] in "CG" else ""

    def name(self, alternative: bool) -> str:
        desk = self.registered(alternative)
        return desk.name if desk else ""

    def name_of(self, person: str) -> str:
        """A person's name as Slack has it, or their id."""
        kept = people.get(self.workplace.store, person)
        return kept.name if kept and kept.name else person

    def phones(self, alternative: bool) -> list[str]:
        """Numbers with when they are answered."""
        desk = self.registered(alternative)
        return [f"{p.number}({p.note})" if p.note else p.number for p in (desk.phones if desk else ())]

    def _own(self, alternative: bool) -> tuple[str, ...]:
        desk = self.registered(alternative)
        return (desk.slack,) if desk and desk.slack and desk.slack[0] in "UW" else ()
