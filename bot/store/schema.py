"""The tables as they are now. A change here needs a new migration; a test compares the two.

Times are UTC epoch seconds. `sealed` columns hold what sealing.py makes, bound to `table/id/column`.
"""

from __future__ import annotations

from sqlalchemy import JSON, BigInteger, Boolean, Column, Index, Integer, LargeBinary, MetaData, Table, Text

# Slack's ids and times compare byte by byte, whatever language the server sorts in.
_ASCII = Text().with_variant(Text(collation="C"), "postgresql")

metadata = MetaData()

meta = Table(
    "meta",
    metadata,
    Column("name", Text, primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
)

inbox = Table(
    "inbox",
    metadata,
    Column("id", _ASCII, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("payload", LargeBinary),  # sealed; empty once done or expired
    Column("state", Text, nullable=False),  # open, done, expired
    Column("owner", Text, nullable=False),
    Column("lease_until", BigInteger, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("received_at", BigInteger, nullable=False),
    Column("finished_at", BigInteger),
    Index("inbox_by_state", "state", "received_at"),
)

channels = Table(
    "channels",
    metadata,
    Column("id", _ASCII, primary_key=True),
    Column("person", _ASCII, nullable=False),
    Column("last_ts", _ASCII, nullable=False),
)

dialogues = Table(
    "dialogues",
    metadata,
    Column("id", _ASCII, primary_key=True),
    Column("person", _ASCII, nullable=False),
    Column("channel", _ASCII, nullable=False),
    Column("state", JSON, nullable=False),  # ids only: not sealed, so that a test can see that no text is in it
    Column("opened_at", BigInteger, nullable=False),
    Column("updated_at", BigInteger, nullable=False),
    Column("closed", Boolean, nullable=False),
    Column("message_ts", _ASCII),
    Index("dialogues_by_person", "person", "channel", "updated_at"),
)

people = Table(
    "people",
    metadata,
    Column("id", _ASCII, primary_key=True),
    Column("team", _ASCII, nullable=False),
    Column("name", Text, nullable=False),
    Column("tz", Text, nullable=False),
    Column("guest", Boolean, nullable=False),
    Column("stranger", Boolean, nullable=False),
    Column("bot", Boolean, nullable=False),
    Column("deleted", Boolean, nullable=False),
    Column("fetched_at", BigInteger, nullable=False),
)

requests = Table(
    "requests",
    metadata,
    Column("id", _ASCII, primary_key=True),
    Column("kind", Text, nullable=False),  # ask, disagree, leak
    Column("person", LargeBinary, nullable=False),  # sealed
    Column("note", LargeBinary),  # sealed
    Column("rules", JSON, nullable=False),
    Column("verdict", Text),
    Column("intent", Text, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("state", Text, nullable=False),  # open, done
    Column("handled_by", _ASCII),
    Column("handled_at", BigInteger),
    Index("requests_by_state", "state", "created_at"),
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", _ASCII, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("target", _ASCII, nullable=False),  # a person's or a channel's id
    Column("message", LargeBinary),  # sealed JSON; empty once sent or skipped
    Column("lookup", Boolean, nullable=False),  # whether the place can be read: a DM, not a channel
    Column("due_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger),
    Column("state", Text, nullable=False),  # due, sending, sent, skipped, failed, unknown
    Column("owner", Text, nullable=False),
    Column("lease_until", BigInteger, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("first_try_at", BigInteger),
    Column("channel", _ASCII),  # where it was posted
    Column("ts", _ASCII),
    Column("reason", Text),
    Index("outbox_by_state", "state", "due_at", "id"),
    Index("outbox_by_target", "target"),
)

pacing = Table(
    "pacing",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("next_ms", BigInteger, nullable=False),  # UTC epoch milliseconds
)

# Rows are only ever added; each mac covers the row and the mac before it (audit.py).
audit = Table(
    "audit",
    metadata,
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("at", BigInteger, nullable=False),
    Column("kind", Text, nullable=False),
    Column("subject", _ASCII, nullable=False),
    Column("actor", _ASCII, nullable=False),
    Column("data", JSON, nullable=False),
    Column("mac", LargeBinary, nullable=False),
    Index("audit_by_subject", "subject", "seq"),
)

# Their tables are part of the same metadata.
from . import schema_cases, schema_checks, schema_inventory, schema_rules  # noqa: E402, F401
