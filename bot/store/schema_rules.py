"""Tables of handling rules and nudges (migration 0006)."""

from __future__ import annotations

from sqlalchemy import JSON, BigInteger, Boolean, Column, Index, Integer, LargeBinary, Table, Text

from .schema import _ASCII, metadata

handling_rules = Table(
    "handling_rules",
    metadata,
    Column("id", _ASCII, primary_key=True),
    Column("status", Text, nullable=False),  # draft, published, retired
    Column("edition", Integer, nullable=False),  # in force; 0 before the first
    Column("asked", Integer, nullable=False),  # the first edition with the words in force
    Column("draft", LargeBinary),  # sealed content
    Column("draft_by", _ASCII, nullable=False),
    Column("edited", Boolean, nullable=False),  # in Slack: files no longer change it
    Column("file_digest", Text, nullable=False),
    Column("reviewed_at", BigInteger, nullable=False),
    Column("updated_at", BigInteger, nullable=False),
)

rule_editions = Table(
    "rule_editions",
    metadata,
    Column("rule", _ASCII, primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("content", LargeBinary, nullable=False),  # sealed
    Column("digest", Text, nullable=False),
    Column("by", _ASCII, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("of", Integer),  # rolled back from
    Column("told", Text, nullable=False),  # wanted, planned, none: whether its audience is told
)

# What each person was shown and confirmed last. The proof itself is the audit log.
rule_seen = Table(
    "rule_seen",
    metadata,
    Column("person", _ASCII, primary_key=True),
    Column("rule", _ASCII, primary_key=True),
    Column("shown", Integer, nullable=False),
    Column("shown_at", BigInteger, nullable=False),
    Column("confirmed", Integer, nullable=False),
    Column("confirmed_at", BigInteger, nullable=False),
)

rule_comments = Table(
    "rule_comments",
    metadata,
    Column("id", _ASCII, primary_key=True),
    Column("rule", _ASCII, nullable=False),
    Column("edition", Integer, nullable=False),
    Column("person", _ASCII, nullable=False),
    Column("comment", LargeBinary),  # sealed
    Column("at", BigInteger, nullable=False),
    Index("rule_comments_by_rule", "rule", "at"),
)

# Members of groups and channels, and of nothing else: people are in `people`.
rule_places = Table(
    "rule_places",
    metadata,
    Column("place", _ASCII, primary_key=True),
    Column("person", _ASCII, primary_key=True),
    Column("seen_at", BigInteger, nullable=False),
)

nudge_people = Table(
    "nudge_people",
    metadata,
    Column("person", _ASCII, primary_key=True),
    Column("choice", Text, nullable=False),  # their own: on, off, paused; blank for none
    Column("weekday", Text, nullable=False),
    Column("hour", Integer, nullable=False),
    Column("paused_until", BigInteger),
    Column("announced", Boolean, nullable=False),  # in an audience that was told a rule
    Column("charged", Boolean, nullable=False),  # an owner or a deputy of a rule in force
    Column("zone", Text, nullable=False),  # for which next_at was reckoned
    Column("week", Text, nullable=False),  # of next_at
    Column("next_at", BigInteger),
    Column("changed_at", BigInteger, nullable=False),
    Index("nudge_people_by_next", "next_at"),
)

nudges = Table(
    "nudges",
    metadata,
    Column("id", _ASCII, primary_key=True),  # person:week
    Column("person", _ASCII, nullable=False),
    Column("kind", Text, nullable=False),
    Column("subject", _ASCII, nullable=False),
    Column("edition", Integer, nullable=False),
    Column("state", Text, nullable=False),  # planned, sent, answered, skipped, failed
    Column("tries", Integer, nullable=False),
    Column("due_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
    Column("last_at", BigInteger, nullable=False),  # not planned again after it
    Column("sent_at", BigInteger),
    Column("answer", Text, nullable=False),
    Column("answered_at", BigInteger),
    Index("nudges_by_state", "state", "expires_at"),
    Index("nudges_by_person", "person", "due_at"),
)

nudge_standing = Table(
    "nudge_standing",
    metadata,
    Column("person", _ASCII, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("subject", _ASCII, primary_key=True),
    Column("sent", Integer, nullable=False),
    Column("last_at", BigInteger, nullable=False),
    Column("later_until", BigInteger, nullable=False),
    Column("let_go_at", BigInteger, nullable=False),
)

nudge_settings = Table(
    "nudge_settings",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", JSON, nullable=False),
    Column("by", _ASCII, nullable=False),
    Column("at", BigInteger, nullable=False),
)
