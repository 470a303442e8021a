"""App Home as a person may see it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from . import blocks
from .conversation import Turn
from .store import outbox, requests

if TYPE_CHECKING:
    from .shell import Shell


def view(shell: Shell, turn: Turn) -> dict[str, Any]:
    """Go on with a question, quick buttons, and for managers what waits for them."""
    store = shell.workplace.store
    manages = turn.person.manages
    waiting = requests.open_requests(store) if manages else []
    zone = ZoneInfo(turn.person.zone)
    shown = [
        {
            "id": r.id,
            "kind": r.kind,
            # Read by those it was addressed to: what is told of a leak goes to the responders.
            "note": r.note if turn.person.id in shell.letters.recipients(r.kind) else "",
            "when": datetime.fromtimestamp(r.created_at, zone).strftime("%m/%d %H:%M"),
        }
        for r in waiting
    ]
    return blocks.home(
        "home",
        guest=turn.person.guest,
        manager=manages,
        open=shell.conversation.going_on(turn),
        requests=shown,
        parts=[] if turn.person.guest else [p.to_view() for p in shell.conversation.features.home(turn)],
        troubles=len(outbox.troubles(store)) if manages else 0,
        company_known=bool(shell.workplace.services.knowledge.company.company_desk()),
    )
