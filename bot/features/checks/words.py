"""The wording of self-checks, and small things that several of its modules say alike."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from dialogs.leak.days import company_holiday, said
from knowledge.private import find_private
from knowledge.text import normalise

from ... import blocks, render
from ...conversation import NotThere, Reply, Turn
from ...people import DEFAULT_ZONE
from ...store import Dialogue

if TYPE_CHECKING:
    from knowledge.company import Company

CELLS = 5
_SHUT_DAYS = 60  # no company stays shut for longer
ASK_AT_HOUR = 10  # of the due day, in Tokyo
_EDGES = "。、．.!！?？ 　「」[]［］"


def words() -> Mapping[str, Any]:
    """views/checks.yaml."""
    return render.wording("checks.yaml")


def reply(view: str, *, dialogues: tuple[Dialogue, ...] = (), **values: Any) -> Reply:
    """A reply with a view of ours, which finds its wording as `w`."""
    return Reply(view, {"w": words(), **values}, dialogues)


@functools.cache
def _verbs() -> Mapping[str, str]:
    return {normalise(word).text: verb for verb, several in words()["typed"].items() for word in several}


def standing(turn: Turn, kind: str, state: dict[str, Any], *, closed: bool = False) -> Dialogue:
    """What words typed next are about: one for each person and place, so that the latest of ours is the one."""
    now = int(turn.now)
    about = {"kind": kind, **state}
    return Dialogue(f"check:{turn.person.id}:{turn.channel}", turn.person.id, turn.channel, about, now, now, closed)


def plain(text: str) -> str:
    """As typed words are compared."""
    return normalise(text).text.strip(_EDGES)


def verb_of(text: str) -> str:
    """The key of checks.yaml `typed` that a text is, or blank."""
    return _verbs().get(plain(text), "")


def note_in(text: str) -> tuple[str, str]:
    """(`note` or `evidence`, what stands behind the word) of 「メモ 台帳は作成中」; ("", "") of anything else."""
    first, *rest = re.split(r"[\s　:：]+", text.strip(), maxsplit=1)
    verb = verb_of(first)
    return (verb, rest[0].strip()) if rest and rest[0].strip() and verb in ("note", "evidence") else ("", "")


def refuse_private(text: str) -> None:
    """Raises Told where a note holds what must not be kept: card numbers, My Number, long marked text."""
    if kinds := find_private(text).kinds:
        raise Told(blocks.private_note(kinds))


class Told(NotThere):
    """Something that cannot be done, with the sentence that says so."""


def bar(score: int) -> str:
    """▮▮▮▯▯: fifths, halves up; the number always stands beside it."""
    full = (score * CELLS * 2 + 100) // 200
    return "▮" * full + "▯" * (CELLS - full)


# --- days -------------------------------------------------------------------------------------------------------------


def today(now: float) -> date:
    return datetime.fromtimestamp(now, ZoneInfo(DEFAULT_ZONE)).date()


def day(text: str) -> str:
    """12月11日(金) of a kept date."""
    return said(date.fromisoformat(text)) if text else ""


def due_in(days: int, now: float, company: Company) -> str:
    """The first day on which the company works, so many days ahead or later."""
    there = today(now) + timedelta(days)
    working = (there + timedelta(n) for n in range(_SHUT_DAYS))
    return next((d for d in working if not company_holiday(d, company)), there).isoformat()


def ask_at(due: str) -> int:
    """When to ask about what is due: in the morning of that day."""
    that = date.fromisoformat(due)
    return int(datetime(that.year, that.month, that.day, ASK_AT_HOUR, tzinfo=ZoneInfo(DEFAULT_ZONE)).timestamp())


def checked_due(due: str, now: float) -> str:
    """A date somebody chose. Told where its morning is past, or it is too far away to mean anything."""
    try:
        chosen = date.fromisoformat(due)
    except ValueError:
        raise Told(words()["gap"]["past"]) from None
    if ask_at(chosen.isoformat()) <= now:
        raise Told(words()["gap"]["past"])
    if chosen > today(now) + timedelta(366):
        raise Told(words()["gap"]["far"])
    return chosen.isoformat()
