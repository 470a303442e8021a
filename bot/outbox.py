"""Posts what the outbox holds: each row once, looked up before it is posted a second time (design §6).

A row is claimed for a lease. Nothing is posted when less than half of it is left, which is longer than a request may
last, so that two processes never post the same row. What remains: a process that stands still for that long between
that look at the clock and its request.
"""

from __future__ import annotations

import logging
import threading
import time
import uuid
from collections.abc import Callable
from typing import Any

from slack_sdk.web.client import WebClient

from .clock import Clock
from .edge import refer
from .slack_errors import NETWORK, Failure, understand
from .store import Row, Store, StoreError, Transaction, channels, outbox, pacing

logger = logging.getLogger(__name__)

DELIVERY = "himitsu_delivery"  # metadata event types: of the outbox's posts,
REPLY = "himitsu_reply"  # and of answers to messages
LEASE_S = 120
_TICK_S = 0.5
_REST_S = 5.0  # after trouble with the database
_PAGE = 200
_SKEW_S = 86_400  # how far our clock and Slack's may be apart
_NAMES = uuid.UUID("6b3b6a0e-41d7-4d5c-9a52-0b6d1d3c3f0e")  # of client_msg_id


class Outbox:
    """client: without retry handlers, which would post twice. per_s: posts a second of all replicas together.

    wanted: asked again right before a row is posted; False skips it.
    sent: what else is kept in the commit that marks a row as sent. lease_s: over twice the client's timeout. Raises
    ValueError where client or lease would let a message be posted twice.
    """

    def __init__(
        self,
        store: Store,
        client: WebClient,
        clock: Clock,
        per_s: float = 1.0,
        wanted: Callable[[Row], bool] = lambda row: True,
        sent: Callable[[Transaction, Row], None] = lambda tx, row: None,
        *,
        lease_s: int = LEASE_S,
    ) -> None:
        if client.retry_handlers or client.timeout * 2 >= lease_s:
            raise ValueError(f"The outbox needs a WebClient(retry_handlers=[], timeout=less than {lease_s // 2}).")
        self._store, self._client, self._clock = store, client, clock
        self._per_s, self._wanted, self._sent_too, self._lease_s = per_s, wanted, sent, lease_s
        self._owner = uuid.uuid4().hex
        self._rest_s = 0.0

    def run(self, stop: threading.Event) -> None:
        """Until stop is set; a post that has begun is ended first. Errors are logged, and the loop goes on."""
        while not stop.is_set():
            try:
                busy = self.step()
            except StoreError as error:
                logger.error("outbox: %s", error)
                busy, self._rest_s = False, _REST_S
            except Exception as error:  # the edge of this thread
                refer(error)
                busy, self._rest_s = False, _REST_S
            if not busy:
                stop.wait(self._rest_s or _TICK_S)

    def step(self) -> bool:
        """Deal with one row. False where none is due, or it is not yet time for the next post."""
        self._rest_s = 0.0
        now = self._clock.now()
        due = outbox.next_due(self._store)
        if due is None or due > now:
            return False
        outbox.skip_late(self._store, now=now)
        if wait := pacing.take_slot(self._store, now=now, per_s=self._per_s):
            self._rest_s = min(wait, _TICK_S)
            return False
        row = outbox.claim(self._store, owner=self._owner, now=now, lease_s=self._lease_s)
        if row is None:
            return False
        claimed = time.monotonic()
        if row.perhaps_posted and self._looked_up(row):
            return True
        wanted = self._wanted(row)
        now = self._clock.now()
        if row.expires_at is not None and now > row.expires_at:
            outbox.skip(self._store, row, reason="late")
        elif not wanted:
            outbox.skip(self._store, row, reason="not_wanted")
        elif min(row.lease_until - now, self._lease_s - (time.monotonic() - claimed)) >= self._lease_s / 2:
            self._post(row)
        return True

    # --- posting

    def _post(self, row: Row) -> None:
        about: dict[str, Any] = {
            "channel": row.target,
            "metadata": {"event_type": DELIVERY, "event_payload": {"delivery_id": row.id}},
            # Slack does not document it and may ignore it; where it does not, a second post is refused.
            "client_msg_id": str(uuid.uuid5(_NAMES, row.id)),
        }
        try:
            answer = self._client.chat_postMessage(**({"unfurl_links": False} | row.message | about))
        except NETWORK as error:
            self._failed(row, understand(error))
            return
        self._sent(row, str(answer["channel"]), str(answer["ts"]))

    def _failed(self, row: Row, failure: Failure) -> None:
        logger.warning("outbox: row=%s %s reason=%s", row.id, failure.kind, failure.reason)
        if failure.kind == "later":
            again = self._clock.now() + failure.after_s
            outbox.requeue(self._store, row, at=again, reason=failure.reason)
            pacing.push_back(self._store, again)
        elif failure.kind == "refused":
            outbox.fail(self._store, row, reason=failure.reason)
        elif not row.lookup:
            outbox.park(self._store, row, reason=failure.reason)
        # Else it stays claimed. When the lease is over, Slack has settled too, and it is looked up.

    def _sent(self, row: Row, channel: str, ts: str) -> None:
        with self._store.begin() as tx:
            ours = outbox.mark_sent(tx, row, channel=channel, ts=ts)
            if ours:
                self._sent_too(tx, row)
        if ours:
            logger.info("outbox: row=%s sent", row.id)
        else:
            logger.error("outbox: row=%s was posted after its lease was over", row.id)

    # --- looking up

    def _looked_up(self, row: Row) -> bool:
        """Whether this is all that can be done with a row that was perhaps posted: it was, or nobody can tell now."""
        if not row.lookup:
            outbox.park(self._store, row)
            return True
        try:
            channel = self._channel(row.target)
            since = row.first_try_at - _SKEW_S
            ts = posted_already(self._client, channel, row.id, since, event_type=DELIVERY)
        except NETWORK as error:
            failure = understand(error)
            logger.warning("outbox: row=%s cannot be looked up: %s", row.id, failure.reason)
            if failure.kind == "refused" or failure.reason == "missing_scope":
                outbox.park(self._store, row, reason=failure.reason)
            return True  # else again when this lease is over
        if ts is None:
            return False
        self._sent(row, channel, ts)
        return True

    def _channel(self, target: str) -> str:
        """The id of the DM with a person. Asks Slack only where nothing was ever sent or received there."""
        if target.startswith("D"):
            return target
        known = outbox.known_channel(self._store, target) or channels.channel_of(self._store, target)
        return known or str(self._client.conversations_open(users=target)["channel"]["id"])


def posted_already(
    client: WebClient,
    channel: str,
    id: str,
    oldest: float | str,
    *,
    event_type: str = REPLY,
    thread_ts: str | None = None,
) -> str | None:
    """The ts of the post whose metadata carry this delivery id, in a DM or a thread of it; None where there is none.

    oldest: epoch seconds or a ts, to look no further back. Raises what the client raises: not knowing is not None.
    """
    about: dict[str, Any] = {"channel": channel, "oldest": str(oldest), "include_all_metadata": True, "limit": _PAGE}
    while True:
        if thread_ts:
            answer = client.conversations_replies(ts=thread_ts, **about)
        else:
            answer = client.conversations_history(**about)
        for message in answer.get("messages") or []:
            metadata = message.get("metadata") or {}
            payload = metadata.get("event_payload") or {}
            if metadata.get("event_type") == event_type and payload.get("delivery_id") == id:
                return str(message["ts"])
        cursor = (answer.get("response_metadata") or {}).get("next_cursor")
        if not cursor:
            return None
        about["cursor"] = cursor
