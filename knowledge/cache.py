"""The Lexicon, kept in the user's cache directory: cutting 24,000 words takes 1.3 s, reading them back 0.1 s.

A file is named by what it was made from, so it is never out of date, and is read by an unpickler that makes nothing but
the classes of lexicon.py. Whatever goes wrong with it, the Lexicon is built again.
"""

from __future__ import annotations

import hashlib
import io
import logging
import os
import pickle
import sys
import threading
from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import replace
from pathlib import Path

from . import lexicon as _lexicon
from .lexicon import Concept, Lexicon
from .text import HERE, cache_dir

logger = logging.getLogger(__name__)

_SHAPED_BY = ("text.py", "dialect.py", "lexicon.py", "cache.py", "user_dictionary.csv", "words/spelling.yaml")
_KEPT = 4  # files, at most 4 MB each; older ones are removed


class _Unpickler(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> type:
        if module == _lexicon.__name__ and name in ("Lexicon", "_Term"):
            return getattr(_lexicon, name)  # type: ignore[no-any-return]
        raise pickle.UnpicklingError(f"{module}.{name} has no place in a lexicon")


_ours: dict[str, Lexicon] = {}  # one: with and without the company's words the bot holds ours once
_turn = threading.Lock()


def lexicon(concepts: Sequence[Concept], ours: Sequence[Concept] = ()) -> Lexicon:
    """Lexicon(concepts), from the cache where it is there. ours: concepts whose words are among them, held once."""
    before = {c.id: c for c in ours}
    now = {c.id: c for c in concepts}
    if not all(_within(c, now) for c in ours):
        return _kept(concepts)
    less = [_less(c, before.get(c.id)) for c in concepts]
    added = [c for c in less if c.words or c.excluded]
    return _base(ours).joined(_kept(added) if added else Lexicon(()), concepts)


def _base(ours: Sequence[Concept]) -> Lexicon:
    digest = _digest(ours)
    with _turn:
        if digest not in _ours:
            _ours.clear()
            _ours[digest] = _kept(ours)
        return _ours[digest]


def _within(ours: Concept, concepts: Mapping[str, Concept]) -> bool:
    """Whether all words are there, in front of what was added."""
    now = concepts.get(ours.id)
    return bool(
        now and now.words[: len(ours.words)] == ours.words and now.excluded[: len(ours.excluded)] == ours.excluded
    )


def _less(concept: Concept, ours: Concept | None) -> Concept:
    if ours is None:
        return concept
    return replace(concept, words=concept.words[len(ours.words) :], excluded=concept.excluded[len(ours.excluded) :])


def _kept(concepts: Sequence[Concept]) -> Lexicon:
    path = cache_dir() / f"lexicon-{_digest(concepts)}.pickle"
    try:
        found = _read(path)
        found.concepts = {c.id: c for c in concepts}
        return found
    except FileNotFoundError:
        pass
    except Exception as error:  # a damaged file may raise nearly anything; it is made again
        logger.warning("%s cannot be used (%s) and is made again.", path, type(error).__name__)
    built = Lexicon(concepts)
    _write(path, built)
    return built


def _digest(concepts: Sequence[Concept]) -> str:
    made_of = hashlib.sha256(repr((sys.version_info[:2], concepts)).encode())
    for name in _SHAPED_BY:
        made_of.update((HERE / name).read_bytes())
    return made_of.hexdigest()[:24]


def _read(path: Path) -> Lexicon:
    found = _Unpickler(io.BytesIO(path.read_bytes())).load()
    if not isinstance(found, Lexicon):
        raise pickle.UnpicklingError("no lexicon")
    return found


def _write(path: Path, built: Lexicon) -> None:
    fresh = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        fresh.touch(mode=0o600)  # it holds the words of the company
        bare = copy(built)
        bare.concepts = {}  # who reads it has them: read too, their words would be held twice
        fresh.write_bytes(pickle.dumps(bare, protocol=5))
        os.replace(fresh, path)
        older = sorted(path.parent.glob("lexicon-*.pickle"), key=lambda p: p.stat().st_mtime, reverse=True)
        for old in older[_KEPT:]:
            old.unlink(missing_ok=True)
    except OSError as error:
        logger.info("%s is not kept: %s", path, error.strerror)
        fresh.unlink(missing_ok=True)
