"""Sealing: AES-256-GCM, with the key's id in the value, and the value bound to its place (design §8).

A sealed value is: format (1 byte), key id (4), nonce (12), ciphertext with its tag. Its place, `table/row id/column`,
is authenticated along with it, so that a value copied to another row or column does not open.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import logging
import os
import stat
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from .errors import KeyMissing, KeyRefused, SealBroken

_FORMAT = b"\x01"
_ID, _NONCE, _KEY = 4, 12, 32  # bytes
_HEAD = len(_FORMAT) + _ID
_FILE_HEAD = (
    "# himitsu: the key that opens what is sealed in the database. Keep a copy apart from the database's backups.\n"
    "# One key a line. The first seals; the others only open what was sealed with them.\n"
)

_FORMER = "# gone: "
logger = logging.getLogger(__name__)


class Sealer:
    """Seals with the first key, opens with any. Safe to share between threads."""

    def __init__(self, keys: Sequence[bytes], source: Path | None = None) -> None:
        """keys: 32 bytes each, the current one first; at least one. Raises ValueError otherwise.

        source: the file they are from. When a rotation changes it, its keys take their place without a restart.
        """
        self._source, self._stamp = source, _stamp(source)
        self._take(keys)

    def _take(self, keys: Sequence[bytes]) -> None:
        if not keys or any(len(key) != _KEY for key in keys):
            raise ValueError(f"A sealer needs keys of {_KEY} bytes.")
        self._held = _key_id(keys[0]), {_key_id(key): AESGCM(key) for key in keys}  # at once: others may be sealing

    def __repr__(self) -> str:
        return f"Sealer({', '.join(key.hex() for key in self._held[1])})"  # ids, not keys

    def _look(self) -> None:
        """Take the file's keys where a rotation has changed it.

        A file that cannot be used, or that does not know the key in use, leaves things as they are: what was sealed
        with another file's key would be lost as soon as the right one is put back.
        """
        stamp = _stamp(self._source)
        if self._source is None or stamp is None or stamp == self._stamp:
            return
        self._stamp = stamp
        with suppress(KeyRefused, OSError):
            keys = _read(self._source)
            if self._held[0] in {*map(_key_id, keys), *_former(self._source)}:
                self._take(keys)
                return
        logger.error("The key file %s was changed into another one: the key that was there stays in use.", self._source)

    @property
    def current(self) -> bytes:
        """The id of the key that seals."""
        self._look()
        return self._held[0]

    def seal(self, data: bytes, *, place: str) -> bytes:
        """The sealed form of data, different each time; 33 bytes longer. Blank data is sealed too."""
        self._look()
        current, ciphers = self._held
        nonce = os.urandom(_NONCE)
        head = _FORMAT + current
        return head + nonce + ciphers[current].encrypt(nonce, data, head + place.encode())

    def unseal(self, sealed: bytes, *, place: str) -> bytes:
        """What was sealed for this place. Raises SealBroken."""
        head, nonce, rest = sealed[:_HEAD], sealed[_HEAD : _HEAD + _NONCE], sealed[_HEAD + _NONCE :]
        if head[len(_FORMAT) :] not in self._held[1]:
            self._look()
        cipher = self._held[1].get(head[len(_FORMAT) :])
        if head[: len(_FORMAT)] != _FORMAT or len(nonce) != _NONCE:
            raise SealBroken(f"{place} holds no sealed value.")
        if cipher is None:
            raise SealBroken(f"{place} was sealed with key {head[len(_FORMAT) :].hex()}, which is not in the key file.")
        try:
            return cipher.decrypt(nonce, rest, head + place.encode())
        except InvalidTag:
            raise SealBroken(f"{place} was changed, or its value belongs to another place.") from None


def _key_id(key: bytes) -> bytes:
    return hashlib.sha256(b"himitsu key id" + key).digest()[:_ID]


def open_key(path: Path, *, store_is_new: bool) -> Sealer:
    """The sealer of a key file, which is made (mode 0600, folder 0700) where store_is_new and there is none.

    Raises KeyMissing where there is none and the store is not new, KeyRefused where it cannot or must not be used.
    """
    try:
        if not path.exists():
            if not store_is_new:
                raise KeyMissing(
                    f"The key file {path} is not there, but the database holds data sealed with it. Put the key back"
                    " from your copy, or name its place in HIMITSU_KEY_FILE. Without it, what is sealed stays shut."
                )
            _make(path)
        return Sealer(_read(path), path)
    except OSError as error:
        raise KeyRefused(f"The key file {path} cannot be used: {error.strerror}.") from None


def add_key(path: Path) -> None:
    """Put a new key before those of the file: from now on it seals. Raises KeyRefused where the file cannot be used."""
    try:
        _write(path, [os.urandom(_KEY), *_read(path)], _former(path), replace=True)
    except OSError as error:
        raise KeyRefused(f"The key file {path} cannot be used: {error.strerror}.") from None


def count_keys(path: Path) -> int:
    """How many keys a file holds. Raises KeyRefused."""
    try:
        return len(_read(path))
    except OSError as error:
        raise KeyRefused(f"The key file {path} cannot be used: {error.strerror}.") from None


def drop_old_keys(path: Path) -> int:
    """Leave only the key that seals; how many went. What is sealed with the others stays shut: look for it before."""
    try:
        keys = _read(path)
        if len(keys) > 1:
            _write(path, keys[:1], [*_former(path), *map(_key_id, keys[1:])], replace=True)
        return len(keys) - 1
    except OSError as error:
        raise KeyRefused(f"The key file {path} cannot be used: {error.strerror}.") from None


def _make(path: Path) -> None:
    """Write a new key, all of it or nothing. Where another process was faster, its key stays."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    _write(path, [os.urandom(_KEY)], [], replace=False)


def _write(path: Path, keys: Sequence[bytes], former: Sequence[bytes], *, replace: bool) -> None:
    """former: ids of keys that are gone, by which a bot that was idle for long knows the file for its own."""
    gone = "".join(f"{_FORMER}{id.hex()}\n" for id in former)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")  # mode 0600
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(_FILE_HEAD + gone + "".join(base64.b64encode(key).decode() + "\n" for key in keys))
            file.flush()
            os.fsync(file.fileno())
        if replace:
            os.replace(name, path)
            return
        with suppress(FileExistsError):
            if os.name == "nt":
                os.rename(name, path)
            else:
                os.link(name, path)  # a rename would replace the other's key
    finally:
        with suppress(FileNotFoundError):
            os.unlink(name)


def _stamp(path: Path | None) -> tuple[int, int] | None:
    """What changes with a file; None where it cannot be seen."""
    try:
        found = path.stat() if path else None
    except OSError:
        return None
    return (found.st_mtime_ns, found.st_ino) if found else None


def _former(path: Path) -> list[bytes]:
    """Ids of keys that the file once held."""
    lines = path.read_text(encoding="ascii").splitlines()
    return [bytes.fromhex(line.removeprefix(_FORMER)) for line in lines if line.startswith(_FORMER)]


def _read(path: Path) -> list[bytes]:
    mode = path.stat().st_mode
    if os.name != "nt" and mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise KeyRefused(f"Others can read or write the key file {path}. Run: chmod 600 {path}")
    try:
        lines = path.read_text(encoding="ascii").splitlines()
        keys = [base64.b64decode(line, validate=True) for line in lines if line.strip() and not line.startswith("#")]
    except (UnicodeDecodeError, binascii.Error):
        keys = []
    if not keys or any(len(key) != _KEY for key in keys):
        raise KeyRefused(f"The key file {path} is damaged: each line is one key of {_KEY} bytes in base64.")
    return keys
