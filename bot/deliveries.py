"""What comes in from Slack: each delivery is kept before it is acked, and answered once.

A middleware commits the id before Bolt acks. A DM message keeps its payload, sealed, until it is answered: when this
process dies first, `Recovery` hands it to the app again. Everything else is answered at most once: the person is there
and can press again.
"""

from __future__ import annotations

import hashlib
import json
import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from slack_bolt import App, BoltRequest, BoltResponse

from .store import dialogue, inbox, outbox

if TYPE_CHECKING:
    from .workplace import Workplace

logger = logging.getLogger(__name__)

LEASE_S = 60
EXPIRE_S = 15 * 60
KEEP_S = 7 * 24 * 3600
KEEP_DIALOGUES_S = 90 * 24 * 3600
_RECOVERED = "x-himitsu-recovered"
_TICK_S = 5.0


@dataclass(frozen=True)
class Incoming:
    """kind: message (a person's DM), event, command, action, view, shortcut. recovered: given again after a crash."""

    id: str
    kind: str
    person: str = ""
    channel: str = ""
    ts: str = ""
    recovered: bool = False


def identify(body: Mapping[str, Any]) -> Incoming | None:
    """What a payload is, with an id that is the same for each repetition of it. None for what needs no memory."""
    event = body.get("event")
    if isinstance(event, Mapping):
        return _event(body, event)
    kind = body.get("type")
    user = body.get("user") if isinstance(body.get("user"), Mapping) else {}
    person = str((user or {}).get("id") or body.get("user_id") or "")
    if body.get("command"):
        return Incoming(f"command:{_act(body)}", "command", person, str(body.get("channel_id") or ""))
    if kind == "view_submission":
        view = body.get("view") or {}
        # The view's hash changes with each update of it, so that going on in the same modal is something new.
        return Incoming(f"view:{view.get('id')}:{view.get('hash')}:{_act(body)}", "view", person)
    if kind in ("block_actions", "shortcut", "message_action"):
        return Incoming(f"{kind}:{_act(body)}", "action", person)
    return None


def _act(body: Mapping[str, Any]) -> str:
    """What only this act has: its trigger id; where there is none, a digest of all that came."""
    return str(body.get("trigger_id") or "") or _digest(body)


def _digest(body: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(body, sort_keys=True, default=str).encode()).hexdigest()[:32]


def _event(body: Mapping[str, Any], event: Mapping[str, Any]) -> Incoming:
    if event.get("type") == "message" and event.get("channel_type") == "im" and is_spoken(event):
        channel, ts = str(event.get("channel")), str(event.get("ts"))
        # By its place, not by event_id: a message caught up from history is the same message.
        return Incoming(f"im:{channel}:{ts}", "message", str(event.get("user")), channel, ts)
    return Incoming(f"event:{body.get('event_id') or _digest(body)}", "event", str(event.get("user") or ""))


SPOKEN = (None, "file_share", "thread_broadcast", "me_message")


def is_spoken(event: Mapping[str, Any]) -> bool:
    """A person said something: no bot, no edit, no deletion."""
    return event.get("subtype") in SPOKEN and not event.get("bot_id") and bool(event.get("user"))


def keep(app: App, workplace: Workplace) -> None:
    """Install the middleware. It raises where the store does, so that Slack sends again what was not kept."""

    @app.middleware
    def inbox_middleware(
        body: dict[str, Any], request: BoltRequest, context: dict[str, Any], next: Callable[[], BoltResponse]
    ) -> BoltResponse:
        incoming = identify(body)
        if incoming is None:
            return next()
        if _RECOVERED in request.headers:
            context["incoming"] = Incoming(**{**incoming.__dict__, "recovered": True})
            return next()
        message = incoming.kind == "message"
        new = inbox.receive(
            workplace.store,
            incoming.id,
            incoming.kind,
            json.dumps(body, ensure_ascii=False).encode("utf-8", "surrogatepass") if message else b"",
            owner=workplace.owner,
            now=workplace.clock.now(),
            lease_s=LEASE_S,
            **({"channel": incoming.channel, "ts": incoming.ts, "person": incoming.person} if message else {}),
        )
        if not new:
            logger.info("delivery=%s seen before", incoming.kind)
            return BoltResponse(status=200, body="")
        context["incoming"] = incoming
        return next()


class Recovery:
    """Hands deliveries whose process was lost to the app again, and clears what is old."""

    def __init__(self, app: App, workplace: Workplace):
        self._app, self._workplace = app, workplace
        self._cleared = 0.0

    def run(self, stop: threading.Event) -> None:
        while not stop.wait(_TICK_S):
            self.step()

    def step(self) -> int:
        """One round; how many deliveries were handed on."""
        workplace = self._workplace
        now = workplace.clock.now()
        stale = inbox.claim_stale(workplace.store, owner=workplace.owner, now=now, lease_s=LEASE_S, kinds=("message",))
        for delivery in stale:
            self.hand_over(json.loads(delivery.payload), recovered=True)
        if now >= self._cleared + 60:
            self._cleared = now
            expired = inbox.expire(workplace.store, now=now, after_s=EXPIRE_S)
            if expired:
                logger.warning("deliveries given up after %s minutes: %s", EXPIRE_S // 60, expired)
            inbox.forget(workplace.store, before=now - KEEP_S)
            dialogue.forget(workplace.store, before=now - KEEP_DIALOGUES_S)
            outbox.forget(workplace.store, before=now - KEEP_DIALOGUES_S)
        return len(stale)

    def hand_over(self, body: Mapping[str, Any], *, recovered: bool = False) -> None:
        """Give the app a payload as if it had just come."""
        headers: dict[str, str | Sequence[str]] = {_RECOVERED: "1"} if recovered else {}
        self._app.dispatch(BoltRequest(body=dict(body), mode="socket_mode", headers=headers))
