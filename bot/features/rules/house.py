"""What all parts of the feature share: the company's calendar, its rules, who may do what, how days are written."""

from __future__ import annotations

import functools
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from dialogs.rules import nudges as core
from dialogs.rules.calendar import WEEKDAYS, ZONE, Calendar, tz
from dialogs.rules.models import Content, Rule
from knowledge.company import Company
from knowledge.handling import EVERYONE
from knowledge.text import normalise

from ... import blocks, render
from ...store import Dialogue, nudges, people, rules
from ..feature import Button

if TYPE_CHECKING:
    from slack_sdk.web.client import WebClient

    from ...conversation import Conversation, Turn
    from ...people import Person
    from ...store import Store, Transaction


def words() -> Mapping[str, Any]:
    """views/rules.yaml."""
    return render.wording("rules.yaml")


class House:
    """client: known once the app listens; None before, and on the command line."""

    def __init__(self, talk: Conversation) -> None:
        self.talk = talk
        self.place = talk.workplace
        self.client: WebClient | None = None

    @property
    def store(self) -> Store:
        return self.place.store

    @property
    def company(self) -> Company:
        return self.place.services.knowledge.company

    @property
    def calendar(self) -> Calendar:
        return _calendar(self.company)

    # --- people

    def person(self, id: str, now: float) -> Person:
        return self.place.people.find(id, now)

    def gone(self, id: str) -> bool:
        """Deactivated, a guest or of another company, as far as is known."""
        kept = people.get(self.store, id)
        return kept is not None and (kept.deleted or kept.guest or kept.stranger or kept.bot)

    def here(self, ids: Collection[str]) -> set[str]:
        return {id for id in ids if id and not self.gone(id)}

    def name(self, id: str) -> str:
        """For files: the name Slack gave, else the id."""
        kept = people.get(self.store, id) if id else None
        return (kept.name if kept else "") or id

    # --- rules

    def in_charge(self, found: Sequence[Rule]) -> dict[str, str]:
        """By rule in force, who looks it through next. A rule that nobody does is not in it."""
        standing = nudges.standing_on(self.store, "review")
        managers = self.company.managers
        named = {p for r in found for p in (r.content.owner, r.content.deputy)} | set(managers)
        here = self.here(named)
        charges = {r.id: core.in_charge(r, standing.get(r.id, {}), here, managers) for r in found if r.in_force}
        return {rule: person for rule, person in charges.items() if person}

    def owner(self, content: Content) -> str:
        """Who answers for a rule now: its owner, else its deputy, else the first manager; blank for nobody."""
        here = self.here([content.owner, content.deputy, *self.company.managers])
        return next((p for p in (content.owner, content.deputy, *self.company.managers) if p in here), "")

    def may_edit(self, person: Person, rule: Rule | None) -> bool:
        """Managers any rule; owners and deputies their own."""
        if person.guest:
            return False
        return person.manages or (rule is not None and person.id in (rule.content.owner, rule.content.deputy))

    def may_see(self, person: Person, rule: Rule) -> bool:
        if person.guest:
            return False
        if self.may_edit(person, rule):
            return True
        return rule.in_force and core.listens(person.id, rule.content.audience, self.places_of(person.id))

    def places_of(self, person: str) -> set[str]:
        return {place for place, inside in rules.members(self.store).items() if person in inside}

    def everyone(self, where: Store | Transaction | None = None) -> bool:
        return bool(nudges.setting(where or self.store, "everyone", False))

    def audience(self, content: Content, now: float) -> list[str]:
        """Ids of people who are told a rule: those named, members of its groups and channels as far as they are known.

        `all` is everybody where the manager has set so, else those who get nudges.
        """
        members = rules.members(self.store)
        found: list[str] = []
        for each in content.audience:
            if each == EVERYONE:
                found += nudges.listeners(self.store, everyone=self.everyone(), now=now)
            elif each[0] in "UW":
                found.append(each)
            else:
                found += sorted(members.get(each, ()))
        return list(dict.fromkeys(found))

    def named(self, audience: Collection[str]) -> str:
        """An audience in words, as mrkdwn."""
        table = words()["audience"]
        return " ".join(table["all"] if a == EVERYONE else blocks.mention(a) for a in audience) or table["none"]

    def section(self, id: str) -> str:
        found = self.place.services.knowledge.sections.get(id)
        return f"{id}「{found.title}」" if found else id

    # --- words

    def open_talk(self, turn: Turn, kind: str, **state: str) -> Dialogue:
        """What is typed next may be a button of what is shown now. state: ids."""
        id, now = self.place.new_id(turn.now, turn.delivery), int(turn.now)
        return Dialogue(id, turn.person.id, turn.channel, {"kind": kind, **state}, now, now)

    def whom(self, id: str) -> str:
        return blocks.mention(id) if id else words()["rule"]["none"]


def label_of(text: str) -> str:
    """The key of the button whose label was typed; blank for none."""
    plain = normalise(text).text.strip(" 。.「」[]［］")
    return next((name for name, label in words()["button"].items() if normalise(label).text == plain), "")


def day(at: float, zone: str = ZONE) -> str:
    """11月30日(月), where the person is."""
    local = datetime.fromtimestamp(at, tz(zone))
    return of_date(local.date())


def of_date(local: date) -> str:
    name = words()["weekday"][WEEKDAYS[local.weekday()]][0]
    return str(words()["day"].format(month=local.month, day=local.day, weekday=name))


def day_time(at: float, zone: str = ZONE) -> str:
    """11月30日(月) 10:00, where the person is."""
    local = datetime.fromtimestamp(at, tz(zone))
    name = words()["weekday"][WEEKDAYS[local.weekday()]][0]
    found = words()["day_time"].format(
        month=local.month, day=local.day, weekday=name, hour=local.hour, minute=local.minute
    )
    return str(found)


@functools.lru_cache(maxsize=4)
def _calendar(company: Company) -> Calendar:
    hours = company.working_hours
    return Calendar.make(hours.days, hours.open, hours.close, [h.date for h in company.holidays])


def settings_button() -> Button:
    return Button("nudge.settings", words()["button"]["settings"])
