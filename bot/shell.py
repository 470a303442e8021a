"""From a turn to what people get: the one place that knows how each surface is answered."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.webhook import WebhookClient

from knowledge.text import remembering

from . import blocks
from .conversation import Conversation, Handed, NotThere, Reply, Turn
from .deliveries import EARLY, Incoming, may_post
from .early import Early
from .edge import refer
from .files import hand_over
from .letters import Letters
from .outbox import REPLY, posted_already
from .slack_errors import NETWORK, UNFIT, understand
from .store import Planned, StoreError, channels, inbox, outbox, requests

if TYPE_CHECKING:
    from .workplace import Workplace

logger = logging.getLogger(__name__)

_NO_STACK = ("push_limit_reached", "expired_trigger_id", "exchanged_trigger_id")


@dataclass(frozen=True)
class Shell:
    workplace: Workplace
    conversation: Conversation
    letters: Letters
    client: WebClient

    def turn(self, context: dict[str, Any], body: dict[str, Any], surface: str = "") -> Turn:
        """Who acts where, of any payload."""
        incoming: Incoming = context.get("incoming") or Incoming("", "")
        now = self.workplace.clock.now()
        person = self.workplace.people.find(incoming.person, now, soon=incoming.kind not in ("message", "event"))
        channel, found = _place(body)
        if found == "dm" and incoming.kind in ("command", "action") and not self._ours(person.id, channel, body):
            found = "channel"
        return Turn(person, surface or channel, surface or found, now, incoming.id, early=context.get(EARLY))

    def _ours(self, person: str, channel: str, body: dict[str, Any]) -> bool:
        """Whether a DM is the one with himitsu. One between two people is read by both, like a channel."""
        if (body.get("container") or {}).get("is_ephemeral") is False:
            return True  # a message of ours that stays: nowhere else do we post one
        store = self.workplace.store
        return channel in (channels.channel_of(store, person), outbox.known_channel(store, person))

    def after_ack(
        self, body: dict[str, Any], context: dict[str, Any], client: WebClient, job: Callable[[Turn], None]
    ) -> None:
        """Do a job of a person when their earlier ones are done, away from the threads that ack."""
        incoming: Incoming = context["incoming"]

        early: Early | None = context.get(EARLY)

        def run() -> None:
            if incoming.kind == "message" and not may_post(self.workplace, incoming):
                return
            try:
                with self.workplace.in_turn(incoming.person), remembering(early.memory if early else None):
                    job(self.turn(context, body))
            except Exception as error:  # the edge of this thread; Bolt's own is behind the ack
                self.failed(error, body, context, client)

        self.workplace.work.soon(incoming.person, run)

    def failed(self, error: Exception, body: dict[str, Any], context: dict[str, Any], client: WebClient) -> str:
        """Tell the person calmly that something unexpected happened; what was told."""
        said: str = blocks.words()["errors"]["failed"].format(*[refer(error)] * 2)
        incoming: Incoming = context["incoming"]
        if incoming.id in self.workplace.unclear:
            return said  # the answer is perhaps posted already: Recovery will see
        turn = self.turn(context, body)
        if incoming.kind == "message":
            event = body.get("event") or {}
            self.post(client, turn, self.conversation.note(said), incoming, event.get("thread_ts"))
        elif incoming.kind != "command":
            self.sorry(client, turn, said)
            inbox.finish(self.workplace.store, incoming.id, now=turn.now)
        return said

    def try_to(self, make: Callable[[], Reply]) -> Reply:
        """The reply, or the calm sentence for what cannot be done (any more)."""
        try:
            return make()
        except NotThere as reason:
            return self.conversation.refuse(str(reason))

    # --- answering -------------------------------------------------------------------------------------------------

    def post(self, client: WebClient, turn: Turn, reply: Reply, incoming: Incoming, thread_ts: str | None) -> None:
        """Answer a DM message exactly once: what may have been posted before a crash is looked up first.

        An outcome that is unknown, or an error that passes, leaves the delivery open: Recovery comes back to it.
        """
        message = reply.message()
        about = {"event_type": REPLY, "event_payload": {"delivery_id": incoming.id}}
        unclear = self.workplace.unclear
        try:
            found = incoming.recovered and posted_already(
                client, turn.channel, incoming.id, incoming.ts, thread_ts=thread_ts
            )
            if not found:
                if not may_post(self.workplace, incoming):
                    return
                unclear.add(incoming.id)
                client.chat_postMessage(
                    channel=turn.channel, thread_ts=thread_ts, metadata=about, unfurl_links=False, **message
                )
        except NETWORK as error:
            failure = understand(error)
            logger.warning("chat.postMessage: %s %s", failure.kind, failure.reason)
            if failure.kind == "unclear":
                return
            unclear.discard(incoming.id)
            if failure.reason in UNFIT:
                self.sorry(client, turn, message["text"])  # the same in words alone
            if failure.kind == "later":
                self._postpone(incoming, failure.after_s)
                return
        try:
            self.finish(turn, reply)
        except StoreError as error:  # posted, but not noted: Recovery finds it in the history and notes it
            logger.error("delivery=message posted and not closed: %s", error)
            return
        unclear.discard(incoming.id)

    def _postpone(self, incoming: Incoming, after_s: float) -> None:
        place = self.workplace
        until = place.clock.now() + after_s
        inbox.postpone(place.store, incoming.id, owner=place.owner, attempts=incoming.attempts, until=until)

    def finish(self, turn: Turn, reply: Reply) -> None:
        """Keep what the reply leaves behind and close the delivery, in one commit."""
        logger.info("delivery=%s surface=%s %s", turn.delivery.split(":")[0], turn.surface, _logged(reply))
        letter = reply.letter
        rows = [*reply.planned, *self._direct(turn, reply)]
        with self.workplace.store.begin() as tx:
            if letter:
                requests.add(
                    tx,
                    letter.kind,
                    letter.person,
                    note=letter.note,
                    rules=letter.rules,
                    verdict=letter.verdict,
                    intent=letter.intent,
                    now=turn.now,
                    id=letter.id,
                )
            if reply.keep:
                reply.keep(tx)
            inbox.finish(tx, turn.delivery, now=turn.now, dialogues=reply.dialogues, planned=rows)
        if file := reply.file:
            self.workplace.work.soon(turn.person.id, lambda: self._hand_over(turn, file))

    def _hand_over(self, turn: Turn, file: Handed) -> None:
        """After the delivery is closed: a file is sent at most once, and where it was not, that is said."""
        outcome = hand_over(self.client, turn.person.id, file.name, file.make(), title=file.title)
        if outcome != "sent":
            self.sorry(self.client, turn, blocks.words()["files"][outcome])
        elif file.done:
            file.done()

    def _direct(self, turn: Turn, reply: Reply) -> list[Planned]:
        if reply.direct is None:
            return []
        return [
            Planned(
                id=f"direct:{turn.delivery}",
                kind="direct",
                target=turn.person.id,
                message=reply.direct.message(),
                due_at=int(turn.now),
                lookup=True,
            )
        ]

    def answer_press(
        self,
        body: dict[str, Any],
        client: WebClient,
        turn: Turn,
        reply: Reply,
        *,
        replace: bool = True,
    ) -> None:
        """Answer a button where it stands: in its message, in its modal, or, from App Home, in a new modal.

        At most once. What cannot be shown is not kept either, so that pressing again begins where it was.
        """
        try:
            if turn.surface == "modal" and not replace:
                self._on_top(body, client, modal(reply))
            elif turn.surface == "modal":
                client.views_update(view_id=body["view"]["id"], view=modal(reply))
            elif turn.surface == "home":
                client.views_open(trigger_id=body["trigger_id"], view=modal(reply))
            else:
                self._respond(body, reply, replace=replace and not reply.refusal)
        except NETWORK as error:
            logger.warning("answer to a press: %s", understand(error).reason)
            self.sorry(client, turn)
            return
        self.finish(turn, reply)

    @staticmethod
    def _on_top(body: dict[str, Any], client: WebClient, view: dict[str, Any]) -> None:
        """Above the modal, which is there again once this one is closed; in its place where Slack does not stack it:
        it is the fourth, or the press was over three seconds ago."""
        try:
            client.views_push(trigger_id=body["trigger_id"], view=view)
        except SlackApiError as error:
            if understand(error).reason not in _NO_STACK:
                raise
            client.views_update(view_id=body["view"]["id"], view=view)

    def _respond(self, body: dict[str, Any], reply: Reply, *, replace: bool) -> None:
        """Through the response_url: in place of the message, or below it, in its thread, for the person only."""
        where: dict[str, Any] = {"replace_original": replace}
        if not replace:  # what is replaced stays as visible as it was
            where["response_type"] = "ephemeral"
            if thread_ts := (body.get("container") or {}).get("thread_ts"):
                where["thread_ts"] = thread_ts
        sent = WebhookClient(body["response_url"], retry_handlers=[]).send_dict({**reply.message(), **where})
        if sent.status_code != HTTPStatus.OK or '"ok":false' in (sent.body or "").replace(" ", ""):
            raise OSError(f"response_url: {sent.status_code}")

    def whisper(self, client: WebClient, turn: Turn, reply: Reply, thread_ts: str | None) -> None:
        """Answer in a channel, visible to the asker only; at most once, since nobody can look up what was whispered."""
        try:
            client.chat_postEphemeral(channel=turn.channel, user=turn.person.id, thread_ts=thread_ts, **reply.message())
        except NETWORK as error:
            logger.warning("chat.postEphemeral: %s", understand(error).reason)
            self.sorry(client, replace(turn, channel=turn.person.id))
            return
        self.finish(turn, reply)

    def open_modal(
        self, body: dict[str, Any], client: WebClient, turn: Turn, view: dict[str, Any], reply: Reply | None = None
    ) -> None:
        """Open a modal, on top of the one the button stands in. reply: what it leaves behind."""
        try:
            if turn.surface == "modal" and body.get("view"):
                client.views_push(trigger_id=body["trigger_id"], view=view)
            else:
                client.views_open(trigger_id=body["trigger_id"], view=view)
        except NETWORK as error:
            logger.warning("views.open: %s", understand(error).reason)
            self.sorry(client, turn)
            return
        self.finish(turn, reply or Reply("modal", {}))

    def sorry(self, client: WebClient, turn: Turn, text: str = "") -> None:
        """Tell the person that the answer did not arrive, by whatever way is left; failing that, it is only logged."""
        said = text or blocks.words()["errors"]["again"]
        try:
            if turn.channel.startswith(("C", "G")):
                client.chat_postEphemeral(channel=turn.channel, user=turn.person.id, text=said)
            else:
                client.chat_postMessage(channel=turn.person.id, text=said)
        except NETWORK as error:
            logger.warning("telling so: %s", understand(error).reason)


def value_of(body: dict[str, Any]) -> dict[str, Any]:
    """What the pressed button carries. NotThere is for the caller where keys are missing: a button of long ago."""
    try:
        value = json.loads(body["actions"][0].get("value") or "{}")
    except ValueError:
        value = {}
    return Carried(value if isinstance(value, dict) else {})


class Carried(dict[str, Any]):
    """A button's value; a key that an older version did not write is a button that is too old."""

    def __missing__(self, key: str) -> Any:
        raise NotThere("old")


def modal(reply: Reply) -> dict[str, Any]:
    """A reply as a modal that only shows."""
    titles = blocks.words()["modal"]["titles"]
    return blocks.modal(reply.view, titles.get(reply.view, titles["other"]), aside=reply.foot, **reply.values)


def _place(body: dict[str, Any]) -> tuple[str, str]:
    """(channel, surface) of a payload."""
    container = body.get("container") or {}
    if container.get("type") == "view" or (body.get("view") and not body.get("channel")):
        home = (body.get("view") or {}).get("type") == "home"
        return ("home", "home") if home else ("modal", "modal")
    channel = body.get("channel")
    id = (
        channel.get("id")
        if isinstance(channel, dict)
        else body.get("channel_id") or (body.get("event") or {}).get("channel")
    )
    if not id:  # nowhere to post: a press is answered in a modal
        return "home", "home"
    return str(id), "dm" if str(id).startswith("D") else "channel"


def _logged(reply: Reply) -> str:
    return " ".join(f"{key}={value}" for key, value in reply.log.items()) or f"view={reply.view}"
