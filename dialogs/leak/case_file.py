"""The case file: all that a case holds, as JSON for machines and PDF for people, with the audit chain's proof.

Who reported is no part of a case, and so not of its file. The rows of the audit log are handed in as plain data.
"""

from __future__ import annotations

import functools
import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from ..papers.pdf import Paper
from . import days, intake
from .case import BOT, REPORTER
from .hours import TOKYO

if TYPE_CHECKING:
    from .case import Case, Event
    from .legal_clock import Told
    from .routes import Stop

FORMAT = "himitsu.case/1"
Names = Callable[[str], str]  # a Slack id -> the name to print


@functools.cache
def words() -> Mapping[str, Any]:
    """case_file.yaml."""
    found: Mapping[str, Any] = yaml.safe_load((Path(__file__).parent / "case_file.yaml").read_text(encoding="utf-8"))
    return found


@dataclass(frozen=True)
class Proof:
    """rows: of the audit log about this case: seq, at, kind, subject, actor, data, mac (hex). head: (number, MAC) of
    the whole log's last row. broken: the first row that does not fit, or None where all of the log was found whole.
    """

    rows: Sequence[Mapping[str, Any]]
    head: tuple[int, str] | None
    broken: int | None = None


def to_json(case: Case, proof: Proof, *, made_at: datetime) -> bytes:
    """UTF-8, keys sorted, times as UTC epoch seconds beside ISO ones. The same case gives the same bytes.

    made_at: aware.
    """
    whole = {
        "format": FORMAT,
        "made_at": made_at.astimezone(TOKYO).isoformat(timespec="seconds"),
        "case": {name: _plain(value) for name, value in asdict(case).items() if name != "events"},
        "events": [_plain(asdict(event)) | {"at_iso": _iso(event.at)} for event in case.events],
        "audit": {
            "verified": proof.broken is None,
            "first_broken": proof.broken,
            "head": {"seq": proof.head[0], "mac": proof.head[1]} if proof.head else None,
            "rows": [_plain(dict(row)) | {"at_iso": _iso(row["at"])} for row in proof.rows],
        },
    }
    return (json.dumps(whole, ensure_ascii=False, sort_keys=True, indent=1) + "\n").encode()


def digest(content: bytes) -> str:
    """SHA-256 of a file, hex: for the audit log, and for the PDF that goes with a JSON file."""
    return hashlib.sha256(content).hexdigest()


def to_pdf(
    case: Case,
    proof: Proof,
    *,
    made_at: datetime,
    told: Told | None = None,
    stops: Sequence[Stop] = (),
    names: Names = str,
    json_digest: str = "",
) -> bytes:
    """For people. told, stops: dates and desks as they stood when it was made. names: of the people who acted."""
    return _File(case, names, made_at).written(proof, told, stops, json_digest)


# --- pages


class _File:
    def __init__(self, case: Case, names: Names, made_at: datetime) -> None:
        self.case, self.names = case, names
        here = made_at.astimezone(TOKYO)
        self.paper = Paper(words()["title"].format(receipt=case.receipt), made_at=here, foot=words()["foot"])

    def written(self, proof: Proof, told: Told | None, stops: Sequence[Stop], json_digest: str) -> bytes:
        self.paper.text(words()["lead"])
        self._summary()
        self._dates(told)
        self._stops(stops)
        self._tables()
        self._proof(proof, json_digest)
        return self.paper.to_bytes()

    def _summary(self) -> None:
        case, named, said = self.case, words()["rows"], words()
        self._heading("summary")
        rows = [
            (named["receipt"], case.receipt),
            (named["opened"], _when(case.opened_at)),
            (named["title"], case.title or said["unknown"]),
            (named["known"], days.said(case.known_on, year=True) if case.known_on else said["unknown"]),
            (named["status"], said["statuses"].get(case.status, case.status)),
            (named["owner"], self._name(case.owner) if case.owner else said["nobody"]),
            (named["alternative"], said["yes"] if case.alternative else said["no"]),
            (named["consent"], said["yes"] if case.consent else said["no"]),
        ]
        if case.withdrawn:
            rows.append((named["withdrawn"], said["yes"]))
        if case.closed_at is not None:
            rows += [(named["closed"], _when(case.closed_at))]
            rows += [(named["outcome"], said["outcomes"].get(case.outcome, case.outcome))]
        if case.linked:
            rows.append((named["linked"], "、".join(receipt for _, receipt in case.linked)))
        rows += [(f"{named['answers']}：{question}", answer) for question, answer in _answers(case)]
        self.paper.table(said["heads"]["summary"], rows, (34, 66))

    def _dates(self, told: Told | None) -> None:
        if told is None:
            return
        self._heading("dates")
        self.paper.text(told.headline)
        self.paper.text(told.why.text)
        self.paper.bullets(line.text for line in told.dates)
        self.paper.text(told.counted)
        self.paper.bullets(line.text for line in (*told.beside, *told.unsure))

    def _stops(self, stops: Sequence[Stop]) -> None:
        if stops:
            self._heading("routes")
            self.paper.bullets((f"{stop.name}：{stop.reason}。{stop.opening}".rstrip("。") for stop in stops), mark="1")

    def _tables(self) -> None:
        case, name = self.case, self._name
        self._table("facts", ((_when(f.at), f.happened, f.text, name(f.by)) for f in case.facts), (20, 20, 44, 16))
        self._table("tasks", (_task(t, name) for t in case.tasks), (48, 18, 16, 18))
        self._table("told", ((_when(t.at), t.who, t.how, name(t.by)) for t in case.told), (20, 34, 30, 16))
        self._table("evidence", ((_when(e.at), e.what, e.holder, e.place) for e in case.evidence), (20, 34, 20, 26))
        self._table("said", ((_when(s.at), name(s.by), s.text) for s in case.said), (20, 16, 64))
        self._table("lessons", (_task(t, name) for t in case.lessons), (48, 18, 16, 18), head="tasks")
        self._table("looks", ((_when(at), name(by)) for at, by in case.looks), (30, 70))
        self._table("events", (self._event(e) for e in case.events), (8, 20, 20, 14, 38))

    def _event(self, event: Event) -> tuple[str, ...]:
        kind = words()["kinds"].get(event.kind, event.kind)
        return str(event.seq), _when(event.at), kind, self._name(event.by), _told(event, self._name)

    def _proof(self, proof: Proof, json_digest: str) -> None:
        said = words()["proof"]
        self._heading("proof")
        self.paper.text(said["how"])
        if proof.broken is not None:
            self.paper.text(said["broken"].format(seq=proof.broken))
        elif proof.head:
            seq, mac = proof.head
            self.paper.text(said["whole"].format(count=seq, seq=seq, mac=mac))
        if json_digest:
            self.paper.text(said["digest"].format(digest=json_digest))
        rows = [(str(r["seq"]), _when(r["at"]), str(r["kind"]), self._actor(r), str(r["mac"])) for r in proof.rows]
        self.paper.table(words()["heads"]["proof"], rows, (7, 18, 18, 14, 43))

    def _actor(self, row: Mapping[str, Any]) -> str:
        """Who did it; the person who reported stays so."""
        return words()["reporter"] if row.get("data", {}).get("by") == REPORTER else self._name(str(row["actor"]))

    def _heading(self, part: str) -> None:
        self.paper.heading(words()["parts"][part])

    def _table(self, part: str, rows: Iterable[Sequence[str]], widths: Sequence[float], *, head: str = "") -> None:
        there = list(rows)
        self._heading(part)
        if there:
            self.paper.table(words()["heads"][head or part], there, widths)
        else:
            self.paper.text(words()["empty"])

    def _name(self, by: str) -> str:
        fixed = {REPORTER: words()["reporter"], BOT: words()["bot"], "desk": words()["desk"]}
        return fixed[by] if by in fixed else self.names(by)


def _task(task: Any, name: Names) -> tuple[str, str, str, str]:
    due = days.said(task.due) if task.due else ""
    return task.text, due, name(task.owner) if task.owner else "", _when(task.done_at) if task.done_at else ""


def _told(event: Event, name: Names) -> str:
    """What an event says, for people; ids of things are left to the JSON."""
    parts = []
    for key, called in words()["data"].items():
        value = event.data.get(key)
        if value in (None, "", [], ()):
            continue
        if key == "question":
            value = _question(str(value))
        elif key == "options":
            value = "、".join(_option(str(event.data.get("question", "")), str(each)) for each in value)
        elif key in ("owner", "to"):
            value = name(str(value))
        elif key in ("status", "outcome"):
            value = words()["statuses" if key == "status" else "outcomes"].get(value, value)
        parts.append(f"{called}：{value}")
    return "、".join(parts)


def _answers(case: Case) -> Iterable[tuple[str, str]]:
    for question, options in case.answers.items():
        yield _question(question), "、".join(_option(question, each) for each in options) or words()["unknown"]


def _question(id: str) -> str:
    return next((q.text for q in intake.book().questions if q.id == id), id)


def _option(question: str, id: str) -> str:
    """An option's label; its id where another version asked it."""
    found = next((q for q in intake.book().questions if q.id == question), None)
    return next((o.label for o in found.options if o.id == id), id) if found else id


def _when(at: int) -> str:
    return f"{datetime.fromtimestamp(at, TOKYO):%Y-%m-%d %H:%M}"


def _iso(at: int) -> str:
    return datetime.fromtimestamp(at, TOKYO).isoformat()


def _plain(value: Any) -> Any:
    """As JSON can hold it."""
    if isinstance(value, Mapping):
        return {str(k): _plain(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(each) for each in value]
    return value.isoformat() if isinstance(value, date) else value
