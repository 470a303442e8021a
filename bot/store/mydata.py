"""What is kept of a person, all of it, for わたしのデータ."""

from __future__ import annotations

from . import channels, dialogue, outbox, people, requests
from .engine import Store, Transaction, write


def delete_person(where: Store | Transaction, person: str) -> dict[str, int]:
    """Remove everything kept of a person, in one commit: how many rows of each kind."""
    kinds = {"dialogues": dialogue, "people": people, "requests": requests, "channels": channels, "outbox": outbox}
    with write(where) as tx:
        return {name: kind.delete_person(tx, person) for name, kind in kinds.items()}
