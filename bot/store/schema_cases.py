"""Tables of leak cases. What anybody wrote, and who reported, is sealed; the rest is ids, days and states."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, LargeBinary, Table

from .schema import _ASCII, metadata

cases = Table(
    "cases",
    metadata,
    Column("id", _ASCII, primary_key=True),
    Column("receipt", _ASCII, nullable=False),
    Column("day", _ASCII, nullable=False),  # of the receipt, ISO, in Japan
    Column("number", Integer, nullable=False),  # on that day, from 1
    Column("state", _ASCII, nullable=False),  # open, closed
    Column("alternative", Boolean, nullable=False),
    Column("owner", _ASCII, nullable=False),  # blank: nobody has taken it
    Column("next_on", _ASCII, nullable=False),  # ISO day, or blank where no date runs
    Column("opened_at", BigInteger, nullable=False),
    Column("updated_at", BigInteger, nullable=False),
    Column("closed_at", BigInteger),
    Column("reporter", LargeBinary),  # sealed; empty once taken back
    Column("reporter_key", _ASCII),  # to find a person's own: says nothing without the key
    Column("origin_key", _ASCII, unique=True),  # of what was told, so that a second yes opens nothing more
    Index("cases_by_state", "state", "next_on"),
    Index("cases_by_day", "day", "number", unique=True),
    Index("cases_by_reporter", "reporter_key"),
)

case_events = Table(
    "case_events",
    metadata,
    Column("id", _ASCII, primary_key=True),  # case:seq
    Column("case", _ASCII, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("kind", _ASCII, nullable=False),
    Column("by", _ASCII, nullable=False),  # a Slack id, `reporter`, or blank for the bot
    Column("body", LargeBinary, nullable=False),  # sealed JSON
    Index("case_events_by_case", "case", "seq", unique=True),
)

case_dates = Table(
    "case_dates",
    metadata,
    Column("id", _ASCII, primary_key=True),  # case:kind:day:time
    Column("case", _ASCII, nullable=False),
    Column("kind", _ASCII, nullable=False),
    Column("day", _ASCII, nullable=False),  # the date it is about, ISO
    Column("at", BigInteger, nullable=False),  # when somebody is to be told of it
    Column("state", _ASCII, nullable=False),  # due, planned, dropped
    Index("case_dates_by_state", "state", "at"),
    Index("case_dates_by_case", "case"),
)
