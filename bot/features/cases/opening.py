"""Cases as they are kept: one that does not open (a damaged row, a key that is gone) holds up no other."""

from __future__ import annotations

import logging

from dialogs.leak.case import Case

from ...conversation import NotThere
from ...store import SealBroken, Store, Transaction, cases
from .words import says

logger = logging.getLogger(__name__)


def the_case(where: Store | Transaction, id: str) -> Case:
    """A case. NotThere where it is gone or does not open, with what to do."""
    try:
        case = cases.load(where, id)
    except SealBroken as error:
        logger.error("case=%s: %s", id, error)
        head = cases.head(where, id)
        raise NotThere(says()["shut"].format(head.receipt if head else "")) from None
    if case is None:
        raise NotThere("old")
    return case


def opened(where: Store | Transaction, id: str) -> Case | None:
    """One of several: None where it is gone or does not open, for the others to go on."""
    try:
        return the_case(where, id)
    except NotThere:
        return None
