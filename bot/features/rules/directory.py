"""Who is in the workspace, its groups and channels: asked of Slack once a day, by one replica."""

from __future__ import annotations

import logging
from collections.abc import Iterator

from dialogs.rules.nudges import DAY_S
from knowledge.handling import EVERYONE

from ...slack_errors import NETWORK, understand
from ...store import nudges, rules
from .house import House

logger = logging.getLogger(__name__)

_PAGE = 200  # advised by Slack
SCOPES = {"C": "channels:read", "G": "groups:read", "S": "usergroups:read"}


class Directory:
    def __init__(self, house: House) -> None:
        self._house = house
        self._asked = 0.0

    def refresh(self, now: float) -> None:
        """Where it has not been asked for a day, and somebody is to be reminded. What cannot be asked is said later."""
        house = self._house
        if house.client is None or abs(now - self._asked) < 600:
            return
        self._asked = now
        in_force = [r for r in rules.every(house.store) if r.in_force]
        if not (in_force or house.everyone()) or not nudges.take(house.store, "directory", now=now, every_s=DAY_S):
            return
        if not house.place.people.list_all(now):
            nudges.release(house.store, "directory")  # asked again in ten minutes
        if house.everyone():
            nudges.enrol(house.store, nudges.staff(house.store), now=now)
        for place in sorted({a for r in in_force for a in r.content.audience if a != EVERYONE and a[0] in SCOPES}):
            self.ask(place, now)

    def ask(self, place: str, now: float) -> str:
        """Who is in a group or channel. Blank, or the scope that is missing, or `failed`."""
        client = self._house.client
        if client is None:
            return "failed"
        try:
            found = list(self._members(place))
        except NETWORK as error:
            failure = understand(error)
            logger.warning("members of a place: %s", failure.reason)
            return SCOPES[place[0]] if failure.reason == "missing_scope" else "failed"
        rules.put_members(self._house.store, place, found, now=now)
        return ""

    def _members(self, place: str) -> Iterator[str]:
        client = self._house.client
        assert client is not None
        if place[0] == "S":
            yield from client.usergroups_users_list(usergroup=place)["users"]
            return
        cursor = ""
        while True:
            page = client.conversations_members(channel=place, limit=_PAGE, cursor=cursor)
            yield from page["members"]
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return
