"""Statements that go past SQLAlchemy give what it gives. On SQLite and PostgreSQL."""

import pytest
import sqlalchemy as sa

from bot.store import Dialogue, StoreError, dialogue
from bot.store.prepared import Prepared
from bot.store.schema import dialogues

TALK = Dialogue("d1", "U1", "D1", {"kind": "secret_check", "rules": ["一", "二"]}, 5, 7, True, None)


def test_rows_are_as_sqlalchemy_gives_them(store):
    dialogue.save(store, TALK)
    query = sa.select(dialogues).where(dialogues.c.person == sa.bindparam("who", type_=sa.Text))
    with store.begin(reads=True) as tx:
        plain = [tuple(row) for row in tx.connection.execute(query, {"who": "U1"})]
        assert [tuple(row) for row in Prepared(query).rows(tx, {"who": "U1"})] == plain
    assert plain[0][3] == TALK.state and plain[0][6] is True


def test_changes_are_counted(store):
    dialogue.save(store, TALK)
    closed = Prepared(sa.update(dialogues).where(dialogues.c.id == sa.bindparam("which")).values(closed=False))
    with store.begin() as tx:
        assert [closed.change(tx, {"which": id}) for id in ("d1", "d2")] == [1, 0]
    assert dialogue.load(store, "d1").closed is False


def test_what_the_driver_refuses_is_a_store_error_and_the_store_goes_on(store):
    broken = Prepared(sa.select(sa.column("nobody")).select_from(dialogues))
    for _ in range(2):
        with pytest.raises(StoreError, match=r"nobody|lacks"), store.begin() as tx:
            broken.rows(tx, {})
    dialogue.save(store, TALK)
    assert dialogue.load(store, "d1") == TALK
