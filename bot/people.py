"""Who somebody is: a guest or not, in which zone, with which roles. Slack is asked once an hour a person."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .slack_errors import NETWORK, understand
from .store import Store, people

if TYPE_CHECKING:
    from slack_sdk import WebClient

    from knowledge.company import Company

logger = logging.getLogger(__name__)

FRESH_S = 3600
_PAGE = 900  # of the directory (Slack: under 1,000); ten thousand people in the calls that Slack gives in a minute
_MOST_NEAR = 2000  # persons; the store has them all
DEFAULT_ZONE = "Asia/Tokyo"


@dataclass(frozen=True)
class Person:
    """guest: a guest account, or somebody of another workspace. roles: manager, responder, deputy."""

    id: str
    guest: bool = False
    zone: str = DEFAULT_ZONE
    deleted: bool = False
    roles: frozenset[str] = frozenset()

    @property
    def manages(self) -> bool:
        return "manager" in self.roles and not self.guest


class People:
    """Persons by id, from the store where it is fresh, else from Slack.

    hasty: a client that gives up within a second, for what Slack wants acknowledged within three.
    """

    def __init__(self, kept: Store, company: Company, reader: WebClient, hasty: WebClient, team: str):
        self._store, self._company, self._team = kept, company, team
        self._reader, self._hasty = reader, hasty
        self._near: dict[str, people.Person] = {}

    def find(self, id: str, now: float, *, soon: bool = False, fresh_s: float = FRESH_S) -> Person:
        """A person as far as Slack tells. Who cannot be looked up is treated as a guest: nothing of the company's.

        soon: what was known before is better than a late answer. fresh_s: how old what is known may be.
        """
        if known := self.near(id, now, fresh_s=fresh_s):
            return known
        profile = people.get(self._store, id)
        if profile is None or profile.fetched_at < now - fresh_s:
            profile = self._ask(id, now, self._hasty if soon else self._reader) or profile
        if profile is None:
            return Person(id, guest=True)
        if len(self._near) >= _MOST_NEAR:
            self._near.clear()
        self._near[id] = profile
        return self._person(profile)

    def near(self, id: str, now: float, *, fresh_s: float = FRESH_S) -> Person | None:
        """A person that is known without asking anybody; None where that takes a look at the store, or at Slack."""
        profile = self._near.get(id)
        return None if profile is None or profile.fetched_at < now - fresh_s else self._person(profile)

    def _person(self, profile: people.Person) -> Person:
        guest = profile.guest or profile.stranger or (bool(self._team) and profile.team != self._team)
        return Person(profile.id, guest, profile.tz or DEFAULT_ZONE, profile.deleted, self._roles(profile.id))

    def forget(self, id: str) -> None:
        self._near.pop(id, None)

    def _ask(self, id: str, now: float, reader: WebClient) -> people.Person | None:
        try:
            user: Mapping[str, Any] = reader.users_info(user=id)["user"]
        except NETWORK as error:
            logger.warning("users.info: %s", understand(error).reason)
            return None
        profile = self._profile(id, user, now)
        people.put(self._store, profile)
        return profile

    def list_all(self, now: float) -> bool:
        """Ask Slack for everybody, page by page. False where it stopped giving: the rest stays as it was known."""
        cursor = ""
        while True:
            try:
                page = self._reader.users_list(limit=_PAGE, cursor=cursor)
            except NETWORK as error:
                logger.warning("users.list: %s", understand(error).reason)
                return False
            found = [self._profile(str(u["id"]), u, now) for u in page.get("members") or () if u.get("id")]
            people.put_many(self._store, found)
            self._near.clear()
            cursor = str((page.get("response_metadata") or {}).get("next_cursor") or "")
            if not cursor:
                return True

    def _profile(self, id: str, user: Mapping[str, Any], now: float) -> people.Person:
        return people.Person(
            id=id,
            team=self._team_of(user),
            name=user.get("real_name") or user.get("name") or "",
            tz=user.get("tz") or DEFAULT_ZONE,
            guest=bool(user.get("is_restricted") or user.get("is_ultra_restricted")),
            stranger=bool(user.get("is_stranger")),
            bot=bool(user.get("is_bot")),
            deleted=bool(user.get("deleted")),
            fetched_at=int(now),
        )

    def _team_of(self, user: Mapping[str, Any]) -> str:
        """Ours where the person is a member of it: in an Enterprise Grid, team_id may name another one of theirs."""
        teams = (user.get("enterprise_user") or {}).get("teams") or ()
        return self._team if self._team in teams else str(user.get("team_id") or "")

    def _roles(self, id: str) -> frozenset[str]:
        named = {
            "manager": self._company.managers,
            "responder": self._company.responders,
            "deputy": self._company.deputies,
        }
        return frozenset(role for role, ids in named.items() if id in ids)
