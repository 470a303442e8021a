"""handling_rules/*.yaml: what a company asks of its people (取り扱いルール). Not a `Rule`, which reads messages.

A company file that names an id of ours replaces only the keys it gives: `{id: c2.usb, owner: U0123ABCDE, status:
published}` is enough to adopt one.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, Strict

from .company import Member, is_slack_id
from .pack import Entry
from .schema import Int, Model, Str, Strs

Status = Literal["draft", "published", "retired"]
EVERYONE = "all"
NEEDED = ("title", "text", "reason", "section")
_LONGEST = {"title": 60, "text": 400, "reason": 300}  # characters; a nudge has to fit a phone screen


def _is_listener(value: str) -> str:
    return value if value == EVERYONE else is_slack_id(value)


def _as_list(value: object) -> object:
    return [value] if isinstance(value, str) else value


Listener = Annotated[str, Strict(), AfterValidator(_is_listener)]


class HandlingRule(Model):
    """audience: `all`, or ids of people (U…), user groups (S…), channels (C…). review_days: read again after so many.

    source: ids of facts. status: a draft is shown to nobody but the managers until it is published.
    """

    id: Annotated[str, Strict(), Field(pattern=r"^[a-z0-9][a-z0-9._-]{0,39}$")]
    title: Str = ""
    text: Str = ""
    reason: Str = ""
    section: Str = ""
    source: Strs = ()
    owner: Member | None = None
    deputy: Member | None = None
    audience: Annotated[tuple[Listener, ...], BeforeValidator(_as_list), Field(min_length=1)] = (EVERYONE,)
    review_days: Annotated[Int, Field(ge=7, le=1100)] = 180
    status: Status = "draft"


class HandlingFile(Model):
    chapter: Str = ""
    rules: tuple[HandlingRule, ...] = ()


def merged(ours: HandlingRule, theirs: HandlingRule) -> HandlingRule:
    """Ours, with what the company's file says of it."""
    return ours.model_copy(update={name: getattr(theirs, name) for name in theirs.model_fields_set})


def incomplete(entry: Entry) -> Iterator[tuple[str, str, str]]:
    """(where, what is wrong, hint) of a rule that says too little, or too much for a phone."""
    for name in NEEDED:
        if not str(getattr(entry.item, name)).strip():
            yield f".{name}", "is blank.", "Only a rule of ours may leave it out; write it here."
    for name, most in _LONGEST.items():
        if len(getattr(entry.item, name)) > most:
            yield f".{name}", f"has {len(getattr(entry.item, name))} characters; at most {most} fit.", "Make two of it."
    if entry.item.owner and entry.item.owner == entry.item.deputy:
        yield ".deputy", "is the owner.", "Name somebody who can stand in for the owner."
