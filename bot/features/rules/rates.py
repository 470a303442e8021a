"""How many people answered their nudge, week by week; never who."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from dialogs.rules.calendar import ZONE, tz
from dialogs.rules.chart import Week
from dialogs.rules.nudges import DAY_S

from ...store import nudges
from .house import House

_WEEKS = 12


def weeks(house: House, now: float, count: int = _WEEKS) -> list[Week]:
    """Of the last weeks, the latest last; weeks without a nudge are left out."""
    sent, answered = Counter[str](), Counter[str]()
    for nudge in nudges.sent_between(house.store, now - count * 7 * DAY_S, now + 1):
        year, week, _ = datetime.fromtimestamp(nudge.sent_at or 0, tz(ZONE)).isocalendar()
        name = f"{year}-W{week:02}"
        sent[name] += 1
        answered[name] += nudge.state == "answered"
    return [Week(name, sent[name], answered[name]) for name in sorted(sent)]
