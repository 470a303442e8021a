"""State in a database: SQLite by default, PostgreSQL by its address. Nothing else imports SQLAlchemy.

Each kind of row has its module of plain functions, which take the Store, or the Transaction of `store.begin()` to do
several things in one commit. Times are passed in, as UTC epoch seconds. All of them raise StoreError.
"""

from . import (
    audit,
    cases,
    channels,
    checks,
    dialogue,
    gaps,
    inbox,
    inventory,
    mydata,
    nudges,
    outbox,
    pacing,
    people,
    requests,
    rules,
)
from .channels import dm_channels, reached
from .dialogue import Dialogue
from .engine import Store, Transaction
from .errors import KeyMissing, KeyRefused, SealBroken, StoreError
from .health import Health, database_file, engine_of, look, open_to_read
from .inbox import Backlog, Delivery
from .opening import open_store, store_is_new
from .outbox import Planned, Row, Trouble
from .pacing import push_back, take_slot
from .people import Person
from .requests import Request
from .sealing import Sealer, open_key

__all__ = [
    "Backlog",
    "Delivery",
    "Dialogue",
    "Health",
    "KeyMissing",
    "KeyRefused",
    "Person",
    "Planned",
    "Request",
    "Row",
    "SealBroken",
    "Sealer",
    "Store",
    "StoreError",
    "Transaction",
    "Trouble",
    "audit",
    "cases",
    "channels",
    "checks",
    "database_file",
    "dialogue",
    "dm_channels",
    "engine_of",
    "gaps",
    "inbox",
    "inventory",
    "look",
    "mydata",
    "nudges",
    "open_key",
    "open_store",
    "open_to_read",
    "outbox",
    "pacing",
    "people",
    "push_back",
    "reached",
    "requests",
    "rules",
    "store_is_new",
    "take_slot",
]
