"""The company's own settings (company.yaml), and the example that `himitsu init` writes."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, Strict

from .schema import Bool, Day, Model, Str, Strs, Text, Time

TEMPLATE = Path(__file__).parent / "company_template"
FILE = "company.yaml"


def _is_member(value: str) -> str:
    if not re.fullmatch(r"[UW][A-Z0-9]{5,}", value):
        raise ValueError(
            f"{value!r} is not a person's Slack id.",
            "It begins with U or W: in Slack, the person's profile > ⋮ > Copy member ID.",
        )
    return value


def is_slack_id(value: str) -> str:
    if not re.fullmatch(r"[UWCGS][A-Z0-9]{5,}", value):
        raise ValueError(
            f"{value!r} is not a Slack id.",
            "A person's begins with U or W, a channel's with C or G, a user group's with S.",
        )
    return value


def _is_phone(value: str) -> str:
    if not re.search(r"\d{2}", value):
        raise ValueError(f"{value!r} is not a phone number.", 'Write it as "03-1234-5678" or "内線1234".')
    return value


def _with_number(value: object) -> object:
    return {"number": value} if isinstance(value, (str, int)) else value


def _with_date(value: object) -> object:
    return value if isinstance(value, Mapping) else {"date": value}


def _with_name(value: object) -> object:
    return {"name": value} if isinstance(value, str) else value


Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
Member = Annotated[str, Strict(), AfterValidator(_is_member)]
SlackId = Annotated[str, Strict(), AfterValidator(is_slack_id)]


class WorkingHours(Model):
    """Times of the day in `timezone`; `days` are mon … sun."""

    days: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri")
    open: Time = "09:00"
    close: Time = "18:00"
    timezone: Text = "Asia/Tokyo"


class Phone(Model):
    """`note` says when it is answered: 平日9〜18時, 時間外."""

    number: Annotated[str, Strict(), AfterValidator(_is_phone)]
    note: Str = ""


class CompanyDesk(Model):
    """Where the company's people go first. `alternative`: takes reports about the desk itself."""

    id: Text
    name: Text
    phones: tuple[Annotated[Phone, BeforeValidator(_with_number)], ...] = ()
    slack: SlackId | None = None
    mail: Str = ""
    hours: WorkingHours | None = None
    alternative: Bool = False


class Department(Model):
    id: Text
    name: Text
    also_called: Strs = ()
    manager: Member | None = None


class Holiday(Model):
    """A day on which the company is closed, beside Japan's public holidays."""

    date: Day
    name: Str = ""


class Outlet(Model):
    """Where the company publishes: what stands there is public. Its names are read as public media."""

    name: Text
    also_called: Strs = ()
    url: Str = ""


class Company(Model):
    """All of company.yaml. Every key may be left out; an empty Company is one that has set nothing up."""

    name: Str = ""
    departments: tuple[Department, ...] = ()
    managers: tuple[Member, ...] = ()
    responders: tuple[Member, ...] = ()
    deputies: tuple[Member, ...] = ()
    desks: tuple[CompanyDesk, ...] = ()
    working_hours: WorkingHours = Field(default=WorkingHours())
    holidays: tuple[Annotated[Holiday, BeforeValidator(_with_date)], ...] = ()
    publishes: tuple[Annotated[Outlet, BeforeValidator(_with_name)], ...] = ()

    def company_desk(self) -> CompanyDesk | None:
        """The desk to go to first, with its name and phones, or None where the company has named none."""
        return next((desk for desk in self.desks if not desk.alternative), None)

    def alternative_desk(self) -> CompanyDesk | None:
        """The desk for reports about the first one, or None."""
        return next((desk for desk in self.desks if desk.alternative), None)


def default_dir(environment: Mapping[str, str] = os.environ) -> Path:
    """HIMITSU_COMPANY_DIR, or ./company. It need not exist."""
    return Path(environment.get("HIMITSU_COMPANY_DIR") or "company")


def init(target: Path) -> list[Path]:
    """Write the commented example into `target`, made where it is missing; the files written, sorted.

    Raises FileExistsError, and writes nothing, where one of the files is there already.
    """
    sources = sorted(p for p in TEMPLATE.rglob("*") if p.is_file())
    targets = [target / p.relative_to(TEMPLATE) for p in sources]
    there = [str(p) for p in targets if p.exists()]
    if target.exists() and not target.is_dir():
        there = [str(target)]
    if there:
        hint = "Choose another folder, or move what is there away first."
        raise FileExistsError(f"Nothing was written: {', '.join(there)} is there already. {hint}")
    for source, path in zip(sources, targets, strict=True):
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, path)
    return targets
