"""The audit chain: whole as written, and every change or gap shows. On SQLite and PostgreSQL."""

from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

from bot.store import audit
from bot.store.audit import Broken
from bot.store.schema import audit as table


def fill(store, rows: int = 4) -> None:
    for n in range(rows):
        audit.append(store, "rule.shown", f"rule-{n % 2}", actor="U1", now=1000 + n, data={"edition": n})


def test_rows_come_back_in_order_and_the_chain_is_whole(store):
    assert audit.verify(store) is None and audit.entries(store) == []
    fill(store)
    assert [e.seq for e in audit.entries(store)] == [1, 2, 3, 4]
    assert [e.data for e in audit.entries(store, subject="rule-1")] == [{"edition": 1}, {"edition": 3}]
    assert audit.entries(store, kinds=("case.opened",)) == []
    assert audit.verify(store) is None


@pytest.mark.parametrize(
    ("change", "found"),
    [
        (sa.update(table).where(table.c.seq == 2).values(actor="U2"), Broken(2, "changed")),
        (sa.update(table).where(table.c.seq == 3).values(data={"edition": 9}), Broken(3, "changed")),
        (sa.delete(table).where(table.c.seq == 1), Broken(1, "missing")),
        (sa.delete(table).where(table.c.seq == 3), Broken(3, "missing")),
    ],
)
def test_a_change_or_a_gap_shows(store, change, found):
    fill(store)
    with store.begin() as tx:
        tx.connection.execute(change)
    assert audit.verify(store) == found


def test_writers_at_the_same_time_make_one_chain(store):
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda n: audit.append(store, "k", "s", actor="", now=n), range(40)))
    assert [e.seq for e in audit.entries(store)] == list(range(1, 41))
    assert audit.verify(store) is None
