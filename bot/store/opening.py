"""Opening the store: connect, migrate, and see that the key is the one the data was sealed with."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

from .engine import Store, Transaction, explain, insert_new, make_engine, parse, sqlite_file
from .errors import KeyRefused, SealBroken, StoreError
from .migrate import migrate
from .schema import meta
from .sealing import Sealer

_CHECK, _PLACE = "key_check", "meta/key_check/sealed"


def store_is_new(url: str) -> bool:
    """Whether nothing was ever stored there, so that open_key() may make a key. StoreError where nobody can tell."""
    address = parse(url)
    if address.get_backend_name() == "sqlite":
        path = sqlite_file(address)
        return path is None or not path.exists() or path.stat().st_size == 0
    engine = make_engine(url)
    try:
        with engine.connect() as connection:
            return not sa.inspect(connection).has_table(meta.name)
    except SQLAlchemyError as error:
        raise StoreError(explain(error, engine.url)) from error
    finally:
        engine.dispose()


def open_store(url: str, sealer: Sealer) -> Store:
    """The store at url (sqlite:///… or postgresql://…), its tables made or brought to this version.

    Raises StoreError where it cannot be opened, is damaged, or was made by a newer himitsu; KeyRefused for another key
    than the data was sealed with.
    """
    store = Store(make_engine(url), sealer)
    try:
        with store.begin() as tx:
            _look_for_damage(tx)
            migrate(tx)
            _check_key(tx)
    except BaseException:
        store.close()
        raise
    return store


def _look_for_damage(tx: Transaction) -> None:
    if tx.connection.dialect.name != "sqlite":
        return
    found = str(tx.connection.exec_driver_sql("PRAGMA quick_check(1)").scalar()).splitlines()[-1]
    if found != "ok":
        raise StoreError(
            f"The database {tx.connection.engine.url} is damaged ({found}). Stop the bot, keep the file, and put the"
            " last backup in its place."
        )


def _check_key(tx: Transaction) -> None:
    """The first start keeps a sealed value; every later one has to open it."""
    insert_new(tx, meta, {"name": _CHECK, "sealed": tx.sealer.seal(b"himitsu", place=_PLACE)})
    if not key_opens(tx):
        raise KeyRefused(
            "The key file holds another key than the one this database was sealed with. Put the right one back, or copy"
            " it from the machine that was set up first (HIMITSU_KEY_FILE)."
        )


def key_opens(tx: Transaction) -> bool:
    """Whether the transaction's key is the one the data was sealed with. True where nothing was kept to tell it by."""
    kept = tx.connection.execute(sa.select(meta.c.sealed).where(meta.c.name == _CHECK)).scalar_one_or_none()
    try:
        return kept is None or tx.sealer.unseal(kept, place=_PLACE) is not None
    except SealBroken:
        return False
