"""The points at which a feature (a checklist, a leak case, a nudge) meets the conversation."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from slack_bolt import App
    from slack_sdk import WebClient

    from knowledge.models import Reading

    from ..conversation import Reply, Turn
    from ..shell import Shell
    from ..store import Dialogue, Row, Transaction


@dataclass(frozen=True)
class Button:
    """id: an action id that the feature listens to. value: what it carries. style: primary, danger or blank."""

    id: str
    label: str
    value: Mapping[str, Any] = field(default_factory=dict)
    style: str = ""

    def to_view(self) -> dict[str, Any]:
        shown: dict[str, Any] = {"id": self.id, "label": self.label, "value": dict(self.value)}
        return shown | {"style": self.style} if self.style else shown


@dataclass(frozen=True)
class Part:
    """A part of App Home, or what stands open and can be gone on with. text: mrkdwn, what is not ours escaped."""

    text: str
    buttons: tuple[Button, ...] = ()
    title: str = ""

    def to_view(self) -> dict[str, Any]:
        return {"title": self.title, "text": self.text, "buttons": [b.to_view() for b in self.buttons]}


@dataclass(frozen=True)
class DueItem:
    """What waits for a person and may be their one nudge of the week (features/rules).

    kind: task (a gap, a task, a case), desk (contacts past their date) or check (not finished). subject: an id that is
    the same each time. since: when it became due, epoch seconds. text: mrkdwn, what is not ours escaped. buttons: of
    the feature that offers it; at most three.
    """

    kind: Literal["task", "desk", "check"]
    subject: str
    since: int
    text: str
    buttons: tuple[Button, ...] = ()


@dataclass(frozen=True)
class Feature:
    """One feature. Every field but the name may stay empty.

    listen: registers its buttons, modals and shortcuts.
    typed: by the `kind` of a dialogue's state, what words do while it is the person's newest open one; None where they
    are no answer to it and are to be read as a new message.
    resumed: by kind, how an open dialogue is offered to go on with; None where it cannot be.
    said: words that are nothing but a call for it, tried before they are read as a message; None where they are not.
    intents: by a reading's intent, the reply in place of the usual one; None leaves the usual one.
    regards: what it knows of the things a message names: the reading, changed before it is answered. Not for guests,
    and not where the message holds private numbers.
    receives: files that a person put into the DM, with the words beside them; None leaves them alone. Called in the
    person's turn, away from the ack; the client is for fetching them.
    commands: by a name of slack.yaml `command.names`, the reply to the rest of the words.
    verbs: by a key of slack.yaml `typed`, what a typed button does that needs nothing open.
    about: the same for one that stands below an answer; it is given that answer's dialogue.
    home: parts of App Home for a person.
    tick: called every few seconds, on every replica: plans what has become due, harmless when called again.
    wanted: by an outbox row's kind, whether it is still to be posted; asked right before.
    sent: by an outbox row's kind, what else is kept in the commit that marks it sent.
    personal: kinds of outbox rows that are for a person alone: わたしのデータ removes them unsent. Others stay, as they
    were written to somebody as a manager, a responder, an owner.
    due: for persons (ids) at a time, what waits for each; nobody else's and nothing for those who are not named. Asked
    for hundreds at once, outside any transaction.
    kept, forget: わたしのデータ: lines on what is kept of a person, and its removal (how many rows).
    """

    name: str
    listen: Callable[[App, Shell], None] | None = None
    typed: Mapping[str, Callable[[Turn, Dialogue, str], Reply | None]] = field(default_factory=dict)
    resumed: Mapping[str, Callable[[Turn, Dialogue], Part | None]] = field(default_factory=dict)
    said: Callable[[Turn, str], Reply | None] | None = None
    intents: Mapping[str, Callable[[Turn, Reading], Reply | None]] = field(default_factory=dict)
    regards: Callable[[Turn, str, Reading], Reading] | None = None
    receives: Callable[[Turn, str, Sequence[Mapping[str, Any]], WebClient], Reply | None] | None = None
    commands: Mapping[str, Callable[[Turn, str], Reply]] = field(default_factory=dict)
    verbs: Mapping[str, Callable[[Turn], Reply]] = field(default_factory=dict)
    about: Mapping[str, Callable[[Turn, str], Reply]] = field(default_factory=dict)
    home: Callable[[Turn], Sequence[Part]] | None = None
    tick: Callable[[float], None] | None = None
    wanted: Mapping[str, Callable[[Row], bool]] = field(default_factory=dict)
    sent: Mapping[str, Callable[[Transaction, Row], None]] = field(default_factory=dict)
    personal: Sequence[str] = ()
    due: Callable[[Sequence[str], float], Mapping[str, Sequence[DueItem]]] | None = None
    kept: Callable[[Turn], Sequence[str]] | None = None
    forget: Callable[[Transaction, str], int] | None = None


@dataclass(frozen=True)
class Features:
    """All of them as one. No two features may answer for the same name: the first one would win unnoticed."""

    all: tuple[Feature, ...] = ()

    def __post_init__(self) -> None:
        for point in ("typed", "resumed", "intents", "commands", "verbs", "about", "wanted", "sent"):
            names = [name for feature in self.all for name in getattr(feature, point)]
            if len(names) != len(set(names)):
                raise ValueError(f"Two features answer for the same {point}: {sorted(names)}")

    def _of(self, point: str, name: str) -> Any:
        return next((getattr(f, point)[name] for f in self.all if name in getattr(f, point)), None)

    def typed(self, turn: Turn, there: Dialogue, text: str) -> Reply | None:
        answer = self._of("typed", str(there.state.get("kind")))
        return answer(turn, there, text) if answer else None

    def resumed(self, turn: Turn, there: Dialogue) -> Part | None:
        show = self._of("resumed", str(there.state.get("kind")))
        return show(turn, there) if show else None

    def said(self, turn: Turn, text: str) -> Reply | None:
        replies = (feature.said(turn, text) for feature in self.all if feature.said)
        return next((reply for reply in replies if reply), None)

    def intent(self, turn: Turn, reading: Reading) -> Reply | None:
        answer = self._of("intents", reading.intent)
        return answer(turn, reading) if answer else None

    def regard(self, turn: Turn, text: str, reading: Reading) -> Reading:
        for feature in self.all:
            reading = feature.regards(turn, text, reading) if feature.regards else reading
        return reading

    def receive(self, turn: Turn, text: str, files: Sequence[Mapping[str, Any]], client: WebClient) -> Reply | None:
        replies = (feature.receives(turn, text, files, client) for feature in self.all if feature.receives)
        return next((reply for reply in replies if reply), None)

    def command(self, name: str) -> Callable[[Turn, str], Reply] | None:
        found: Callable[[Turn, str], Reply] | None = self._of("commands", name)
        return found

    def verb(self, name: str) -> Callable[[Turn], Reply] | None:
        found: Callable[[Turn], Reply] | None = self._of("verbs", name)
        return found

    def about(self, name: str) -> Callable[[Turn, str], Reply] | None:
        found: Callable[[Turn, str], Reply] | None = self._of("about", name)
        return found

    def home(self, turn: Turn) -> list[Part]:
        return [part for feature in self.all if feature.home for part in feature.home(turn)]

    def wanted(self, row: Row) -> bool:
        ask = self._of("wanted", row.kind)
        return ask is None or bool(ask(row))

    def sent(self, tx: Transaction, row: Row) -> None:
        keep = self._of("sent", row.kind)
        if keep:
            keep(tx, row)

    def due(self, persons: Sequence[str], now: float) -> dict[str, list[DueItem]]:
        """What waits for each of them; who has nothing is left out."""
        found: dict[str, list[DueItem]] = {}
        for feature in self.all:
            for person, items in feature.due(persons, now).items() if feature.due else ():
                found.setdefault(person, []).extend(items)
        return found

    def personal(self) -> list[str]:
        return [kind for feature in self.all for kind in feature.personal]

    def kept(self, turn: Turn) -> list[str]:
        return [line for feature in self.all if feature.kept for line in feature.kept(turn)]

    def forget(self, tx: Transaction, person: str) -> int:
        return sum(feature.forget(tx, person) for feature in self.all if feature.forget)
