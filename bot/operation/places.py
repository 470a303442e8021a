"""Where database and key are, as for `serve`; the tokens are not needed here."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import ParamSpec, TypeVar

import click

from ..settings import Settings
from ..store import KeyMissing, Sealer, Store, StoreError, open_key, open_store, open_to_read, store_is_new

_MINE = ("HIMITSU_DATABASE_URL", "HIMITSU_DATA_DIR", "HIMITSU_KEY_FILE")
P = ParamSpec("P")
T = TypeVar("T")


def told(command: Callable[P, T]) -> Callable[P, T]:
    """A command that tells what the store refuses, in place of a traceback."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return command(*args, **kwargs)
        except StoreError as reason:
            raise click.ClickException(str(reason)) from None

    return run


def settings() -> Settings:
    """Raises ClickException where what is needed here cannot be read."""
    found, problems = Settings.read(os.environ)
    mine = [problem for problem in problems if problem.startswith(_MINE)]
    if mine:
        raise click.ClickException("\n".join(mine))
    return found


def key(found: Settings) -> Sealer:
    """The key there is; none is made. Raises StoreError."""
    if not found.key_file.exists():
        raise KeyMissing(f"The key file {found.key_file} is not there. Put it back from your copy (HIMITSU_KEY_FILE).")
    return open_key(found.key_file, store_is_new=False)


@contextmanager
def store(found: Settings, *, reads: bool = False) -> Iterator[Store]:
    """The database there is; none is made. reads: it is not written to, and not brought up to date either."""
    if store_is_new(found.database_url):
        raise StoreError("There is no database yet. `himitsu serve` makes it at its first start.")
    sealer = key(found)
    opened = open_to_read(found.database_url, sealer) if reads else open_store(found.database_url, sealer)
    try:
        yield opened
    finally:
        opened.close()
