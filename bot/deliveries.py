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
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from slack_bolt import App, BoltRequest, BoltResponse

from .edge import refer
from .store import StoreError, channels, dialogue, inbox, outbox

if TYPE_CHECKING:
    from .socket_mode import Listeners
    from .workplace import Workplace

logger = logging.getLogger(__name__)

EXPIRE_S = 15 * 60
KEEP_S = 7 * 24 * 3600
KEEP_DIALOGUES_S = 90 * 24 * 3600
_RECOVERED = "recovered"  # in the context of a request, where nothing from outside can put it
EARLY = "early"  # there too: the words of a message, being read
Begin = Callable[[Mapping[str, Any]], dict[str, Any]]  # from a payload to what is put into its context
_TICK_S = 1.0
_PAGE = 20  # messages taken over at once; more while so many are under way would only wait here


@dataclass(frozen=True)
class Incoming:
    """kind: message (a person's DM), event, command, action, view, shortcut. id: "" where nothing is kept of it.

    attempts: 2 or more is a message given again, whose answer may have been posted before. lease_until: UTC epoch
    seconds; taken: when it was leased, by time.monotonic().
    """

    id: str
    kind: str
    person: str = ""
    channel: str = ""
    ts: str = ""
    attempts: int = 1
    lease_until: float = 0.0
    taken: float = 0.0

    @property
    def recovered(self) -> bool:
        return self.attempts > 1


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
    person = str(event.get("user") or "")
    if event.get("type") == "message":
        if event.get("channel_type") != "im" or not is_spoken(event):
            return Incoming("", "event", person)  # what bots say, we too, edits: nothing is done, nothing to remember
        channel, ts = str(event.get("channel")), str(event.get("ts"))
        # By its place, not by event_id: a message caught up from history is the same message.
        return Incoming(f"im:{channel}:{ts}", "message", person, channel, ts)
    if event.get("type") == "app_home_opened":
        return Incoming("", "event", person)  # shown anew each time: a repetition does no harm
    return Incoming(f"event:{body.get('event_id') or _digest(body)}", "event", person)


SPOKEN = (None, "file_share", "thread_broadcast", "me_message")


def is_spoken(event: Mapping[str, Any]) -> bool:
    """A person said something: no bot, no edit, no deletion."""
    return event.get("subtype") in SPOKEN and not event.get("bot_id") and bool(event.get("user"))


def keep(app: App, workplace: Workplace, begin: Begin, listeners: Listeners) -> None:
    """Install the middleware. It raises where the store does, so that Slack sends again what was not kept.

    begin: called with a message's payload while it is kept, to have its words read in the meantime (EARLY).
    """

    @app.middleware
    def inbox_middleware(
        body: dict[str, Any], context: dict[str, Any], next: Callable[[], BoltResponse]
    ) -> BoltResponse:
        incoming = identify(body)
        listeners.here(yes=incoming is not None and incoming.kind in ("message", "event"))
        context["client"] = app.client  # Bolt makes one for each request, which would find no connection open
        if incoming is None:
            return next()
        taken, now = time.monotonic(), workplace.clock.now()
        if not incoming.id or _RECOVERED in context:
            context["incoming"] = context.get(_RECOVERED, incoming)
            return next()
        message = incoming.kind == "message"
        payload = json.dumps(body, ensure_ascii=False).encode("utf-8", "surrogatepass") if message else b""
        dm = {"channel": incoming.channel, "ts": incoming.ts, "person": incoming.person} if message else {}
        first = False
        with workplace.store.begin(hurry=True) as tx:
            if message and incoming.channel not in workplace.dms:
                first = channels.opened(tx, incoming.channel, incoming.person, incoming.ts)
            new = inbox.receive(
                tx,
                incoming.id,
                incoming.kind,
                payload,
                owner=workplace.owner,
                now=now,
                lease_s=workplace.lease_s,
                **dm,
            )
            if new and message:
                context |= begin(body)  # now: until the commit is on the disk, this thread has nothing to do
        if message:
            workplace.dms.add(incoming.channel)
        if first:
            workplace.new_dm(incoming.channel)
        if not new:
            logger.info("delivery=%s seen before", incoming.kind)
            return BoltResponse(status=200, body="")
        context["incoming"] = replace(incoming, lease_until=int(now) + workplace.lease_s, taken=taken)
        return next()


def may_post(workplace: Workplace, incoming: Incoming) -> bool:
    """Whether the answer may be posted now: half of the lease is left, which is longer than a request lasts, or it is
    renewed. False where another process took the message over, or this one did, later on."""
    left = min(incoming.lease_until - workplace.clock.now(), workplace.lease_s - (time.monotonic() - incoming.taken))
    return left >= workplace.lease_s / 2 or inbox.renew(
        workplace.store,
        incoming.id,
        owner=workplace.owner,
        attempts=incoming.attempts,
        now=workplace.clock.now(),
        lease_s=workplace.lease_s,
    )


class Recovery:
    """Hands deliveries whose process was lost to the app again, and clears what is old."""

    def __init__(self, app: App, workplace: Workplace):
        self._app, self._workplace = app, workplace
        self._cleared = 0.0

    def run(self, stop: threading.Event) -> None:
        """Until stop is set. Errors are logged, and the loop goes on."""
        while not stop.wait(_TICK_S):
            try:
                while self.step() == _PAGE and not stop.is_set():
                    pass
            except StoreError as error:
                logger.error("recovery: %s", error)
            except Exception as error:  # the edge of this thread
                refer(error)

    def step(self) -> int:
        """One round; how many deliveries were handed on."""
        workplace = self._workplace
        now, taken = workplace.clock.now(), time.monotonic()
        if workplace.work.waiting() >= _PAGE:
            return 0
        stale = inbox.claim_stale(
            workplace.store,
            owner=workplace.owner,
            now=now,
            lease_s=workplace.lease_s,
            kinds=("message",),
            limit=_PAGE,
        )
        for delivery in stale:
            body = json.loads(delivery.payload)
            if incoming := identify(body):
                until = int(now) + workplace.lease_s
                self.hand_over(body, replace(incoming, attempts=delivery.attempts, lease_until=until, taken=taken))
        if now >= self._cleared + 60:
            self._cleared = now
            expired = inbox.expire(workplace.store, now=now, after_s=EXPIRE_S)
            if expired:
                logger.warning("deliveries given up after %s minutes: %s", EXPIRE_S // 60, expired)
            inbox.forget(workplace.store, before=now - KEEP_S)
            dialogue.forget(workplace.store, before=now - KEEP_DIALOGUES_S)
            outbox.forget(workplace.store, before=now - KEEP_DIALOGUES_S)
        return len(stale)

    def hand_over(self, body: Mapping[str, Any], recovered: Incoming | None = None) -> bool:
        """Give the app a payload as if it had just come. recovered: one that is kept already, leased again.

        Whether it is kept.
        """
        context = {_RECOVERED: recovered} if recovered else {}
        answer = self._app.dispatch(BoltRequest(body=dict(body), mode="socket_mode", context=context))
        return answer.status == HTTPStatus.OK
