"""Who may see and change which entries. Names of secrets are telling: the list is for those who look after it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from dialogs.inventory.model import House, Item

if TYPE_CHECKING:
    from knowledge.company import Company

    from ...people import Person

_SEE_ALL = {"manager", "responder", "deputy"}


_MEMBER = re.compile(r"(?:<@)?([UW][A-Z0-9]{5,})(?:\|[^>]*)?>?")


def owner_id(item: Item) -> str:
    """The Slack id by which an entry names its person; blank where it is a name."""
    match = _MEMBER.fullmatch(item.person.strip())
    return match[1] if match else ""


def owner_name(item: Item) -> str:
    """The department, and the person where it is a name."""
    return item.department if owner_id(item) else item.owner()


class Rights:
    """Managers change all of it, a department's manager that department's, an owner who is named by a Slack id their
    own entry; responders and deputies see all of it.

    Everybody else may ask by name (what they name, they know); guests get nothing.
    """

    def __init__(self, company: Company, house: House) -> None:
        self._company, self._house = company, house

    def departments(self, person: Person) -> tuple[str, ...]:
        """Names of the departments that a person manages."""
        if person.guest:
            return ()
        return tuple(d.name for d in self._company.departments if d.manager == person.id)

    def edits(self, person: Person) -> bool:
        """Whether there is anything that they may change."""
        return person.manages or bool(self.departments(person))

    def may_edit(self, person: Person, item: Item) -> bool:
        if person.guest:
            return False
        return (
            person.manages
            or owner_id(item) == person.id
            or self._house.department(item.department) in self.departments(person)
        )

    def may_change(self, person: Person, before: Item | None, after: Item) -> bool:
        """Whether they may turn one into the other. An owner may hand their entry on inside the department."""
        if before is None:
            return self.may_edit(person, after)
        stays = before.department == after.department
        return self.may_edit(person, before) and (stays or self.may_edit(person, after))

    def lists(self, person: Person) -> bool:
        return not person.guest and (self.edits(person) or bool(person.roles & _SEE_ALL))

    def seen(self, person: Person, items: Sequence[Item]) -> list[Item]:
        """Those whose every detail they may see."""
        if person.guest:
            return []
        if person.roles & _SEE_ALL:
            return list(items)
        return [i for i in items if self.may_edit(person, i)]
