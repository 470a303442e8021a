"""What is kept of a person, all of it, for わたしのデータ."""

from __future__ import annotations

from collections.abc import Sequence

from . import channels, dialogue, outbox, people, requests
from .engine import Store, Transaction, write


def delete_person(where: Store | Transaction, person: str, *, own: Sequence[str] = ()) -> dict[str, int]:
    """Remove what is kept of a person, in one commit: how many rows of each kind.

    own: kinds of outbox rows that are for a person alone, beside `direct`. What others still need stays: letters to
    them in a role, and what they sent that nobody has dealt with, without their name (`nameless`).
    """
    kinds = {"dialogues": dialogue, "people": people, "requests": requests, "channels": channels}
    with write(where) as tx:
        counts = {name: kind.delete_person(tx, person) for name, kind in kinds.items()}
        counts["nameless"] = requests.forget_sender(tx, person)
        counts["outbox"] = outbox.delete_person(tx, person, own=("direct", *own))
    return counts
