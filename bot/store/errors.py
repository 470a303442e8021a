"""What can go wrong with the store. Messages are for who runs the bot; none holds a value of a row."""

from __future__ import annotations


class StoreError(Exception):
    """The store cannot be used; the message says what to do. Also raised for a database that is locked or gone."""


class KeyMissing(StoreError):
    """There is sealed data, and the key file that opens it is not there."""


class KeyRefused(StoreError):
    """The key file is there and must not be used: others can read it, it is damaged, or it is another key."""


class SealBroken(StoreError):
    """A sealed value does not open: changed, moved to another place, or sealed with a key that is not in the file."""
