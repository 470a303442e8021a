"""The search index: a rebuildable SQLite file with one FTS5 column of lemmas and character bigrams.

It holds no passage, only numbered terms, so any text can be indexed and any question asked; and beside them what helps
a question that is spelt in another way: words by their sound, words by their spelling, synonyms. `search.py` says how
a text becomes terms, and asks.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import sqlite3
import threading
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from .search import (
    MISTYPED,
    SHORTEST_READING,
    reading_key,
    sounds,
    spelling_keys,
    synonym_key,
    terms,
)
from .text import HERE, cache_dir, normalise, tokens

logger = logging.getLogger(__name__)

_SCHEMA = 1
_APPLICATION_ID = 0x68696D69  # "himi": tells our file from somebody's database that HIMITSU_INDEX names by mistake
_SHAPED_BY = (
    "text.py",
    "dialect.py",
    "search.py",
    "index.py",
    "user_dictionary.csv",
    "words/spelling.yaml",
)  # a change rebuilds
_LOCK_WAIT_S = 120.0  # longer than building 100,000 passages takes (text.md §B)

TITLE_WEIGHT = 2  # eval/ir with its titles apart: MRR@10 .951 -> .953, noisy .950 -> .952; 3 and 4 add little
_SAME_SOUND = 3  # words kept for one reading, the most frequent

_TABLES: list[tuple[str, dict[str, Any], Any]] = [
    ("term", {"term": str, "number": int, "passages": int}, "term"),
    ("reading", {"key": str, "words": str}, "key"),
    ("spelling", {"key": str, "word": str, "terms": str, "count": int}, ("key", "word")),
    ("synonym", {"key": str, "terms": str}, "key"),
    ("made_from", {"digest": str}, None),
]


@dataclass(frozen=True)
class Passage:
    """What search finds. `questions` are ways people ask for it; they and `title` are searched like `text`."""

    id: str
    text: str
    title: str = ""
    questions: tuple[str, ...] = ()


def default_index_path() -> Path:
    """The file named by HIMITSU_INDEX, or `index.db` in the cache directory."""
    named = os.environ.get("HIMITSU_INDEX", "").strip()
    return Path(named).expanduser() if named else cache_dir() / "index.db"


def _digest(passages: Sequence[Passage], synonyms: Mapping[str, Sequence[str]]) -> str:
    """One value for all that shapes the index: what is indexed, and how words are cut."""
    found = hashlib.sha256()
    for name in _SHAPED_BY:
        found.update(hashlib.sha256((HERE / name).read_bytes()).digest())
    made_by = [_SCHEMA, version("fugashi"), version("unidic-lite"), unicodedata.unidata_version]
    content = [[p.id, p.text, p.title, list(p.questions)] for p in passages]
    parts = [made_by, content, [[word, list(others)] for word, others in synonyms.items()]]
    found.update(json.dumps(parts).encode("ascii"))
    return found.hexdigest()


def _digest_of(text: str) -> bytes:
    return hashlib.blake2b(text.encode(), digest_size=16).digest()


# --- the index --------------------------------------------------------------------------------------------------------


class Index:
    """Passages ready to be searched, from any thread. Get one by `Index.open`."""

    def __init__(
        self, connection: sqlite3.Connection, passages: Sequence[Passage], synonyms: Mapping[str, Sequence[str]]
    ):
        self.passages = tuple(passages)
        self.has_synonyms = bool(synonyms)
        self._synonyms = synonyms
        self._connection = connection
        self._lock = threading.RLock()
        self._last: tuple[bytes, int, list[tuple[int, float]]] = b"", 0, []

    @classmethod
    def open(
        cls, passages: Sequence[Passage], path: Path | None, *, synonyms: Mapping[str, Sequence[str]] | None = None
    ) -> Index:
        """The index of these passages, built where the file is missing, damaged or made from other content.

        path: the file; None keeps it in memory, and so does a place that cannot be written (with a warning in the log).
        synonyms: a word -> words that a question with that word also looks for.
        """
        given = dict(synonyms or {})
        if path is not None:
            try:
                return cls(_open_or_build(path, passages, given), passages, given)
            except (OSError, sqlite3.Error) as reason:
                logger.warning("search index kept in memory, %s cannot be used: %s", path, reason)
        return cls(_in_memory(passages, given), passages, given)

    def close(self) -> None:
        """Let the file go; the index answers no more."""
        with self._lock:
            self._connection.close()

    def remembered(self, text: str, limit: int) -> list[tuple[int, float]] | None:
        """What the last question found, where it was the same text, and for as many."""
        digest, most, found = self._last
        return found if most >= limit and digest == _digest_of(text) else None

    def remember(self, text: str, limit: int, found: list[tuple[int, float]]) -> None:
        """Keep what a question found until the next one; of its text only a digest."""
        self._last = _digest_of(text), limit, found

    def counts(self, words: Collection[str]) -> dict[str, tuple[int, int]]:
        """For each term that is known: its number, and how many passages have it."""
        return {word: (number, count) for word, number, count in self._of("term", "term", words)}

    def sounding(self, keys: Collection[str]) -> dict[str, list[list[str]]]:
        """For each `reading_key` that is known: the words that sound so, most frequent first, each as terms."""
        return {key: json.loads(words) for key, words in self._of("reading", "key", keys)}

    def spelt_like(self, word: str) -> dict[str, tuple[list[str], int]]:
        """Known words that share a spelling key with this one: their terms, and how often they occur."""
        rows = self._of("spelling", "key", spelling_keys(word))
        return {found: (json.loads(stands_for), count) for _, found, stands_for, count in rows}

    def synonyms(self, keys: Collection[str]) -> dict[str, list[str]]:
        """For each `synonym_key` that is known: the lemmas to look for too."""
        return {key: json.loads(others) for key, others in self._of("synonym", "key", keys)}

    def rank(self, numbers: Iterable[int], limit: int) -> list[tuple[int, float]]:
        """Positions of passages that have any of the numbered terms, with their BM25, best first; ties in order.

        A number given twice weighs double.
        """
        wanted = " OR ".join(map(str, numbers))
        if not wanted:
            return []
        score = "SELECT rowid - 1, -bm25(passage) AS score FROM passage WHERE passage MATCH ?"
        return self._rows(f"{score} ORDER BY score DESC, rowid LIMIT ?", [wanted, min(limit, 2**31)])

    def _of(self, table: str, column: str, keys: Collection[str]) -> list[Any]:
        if not keys:
            return []
        where = f"{column} IN (SELECT value FROM json_each(?))"
        return self._rows(f"SELECT * FROM {table} WHERE {where}", [json.dumps(sorted(keys))])

    def _rows(self, sql: str, values: Sequence[object]) -> list[Any]:
        with self._lock:
            try:
                return self._connection.execute(sql, values).fetchall()
            except sqlite3.ProgrammingError:  # closed
                raise
            except sqlite3.DatabaseError as reason:  # damaged after it was opened: term numbers stay the same
                logger.warning("search index damaged, built again in memory: %s", reason)
                self._connection.close()
                self._connection = _in_memory(self.passages, self._synonyms)
                return self._connection.execute(sql, values).fetchall()


# --- file -------------------------------------------------------------------------------------------------------------


def _in_memory(passages: Sequence[Passage], synonyms: Mapping[str, Sequence[str]]) -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:", check_same_thread=False)
    _build(connection, passages, synonyms, "")
    return connection


def _open_or_build(
    path: Path, passages: Sequence[Passage], synonyms: Mapping[str, Sequence[str]]
) -> sqlite3.Connection:
    """The file, built first where needed. OSError or sqlite3.Error where it cannot be read, written or locked."""
    path = path.absolute()
    digest = _digest(passages, synonyms)
    if ready := _open(path, digest):
        return ready
    path.parent.mkdir(parents=True, exist_ok=True)
    with _locked(path.with_name(path.name + ".lock")):
        if ready := _open(path, digest):  # another process was first
            return ready
        fresh = path.with_name(path.name + ".new")
        fresh.unlink(missing_ok=True)  # left by a process that was killed
        fresh.touch(mode=0o600)
        try:
            with closing(sqlite3.connect(fresh)) as connection:
                _build(connection, passages, synonyms, digest)
            os.replace(fresh, path)
        finally:
            fresh.unlink(missing_ok=True)
        if ready := _open(path, digest):
            return ready
    raise OSError("it does not hold what was written")


def _open(path: Path, digest: str) -> sqlite3.Connection | None:
    """The file where it is whole and of this content, None where it should be built, OSError where it is not ours."""
    if not path.exists():
        return None
    if not path.is_file():  # HIMITSU_INDEX=/dev/null must not replace the device
        raise OSError("it is not a file")
    # A finished file is only ever replaced: immutable needs no lock, and works where nothing can be written.
    connection = sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False)
    try:
        tables = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
        if tables and connection.execute("PRAGMA application_id").fetchone()[0] != _APPLICATION_ID:
            raise FileExistsError("it is a database of something else")
        made_from = connection.execute("SELECT digest FROM made_from").fetchone()[0] if tables else None
        if made_from == digest and connection.execute("PRAGMA quick_check(1)").fetchone()[0] == "ok":
            return connection
    except (sqlite3.DatabaseError, TypeError) as reason:
        logger.warning("search index damaged, built again: %s", reason)
    except FileExistsError:
        connection.close()
        raise
    connection.close()
    return None


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """One process at a time. An empty SQLite file is the lock: it works on every system, and ends with its process."""
    with closing(sqlite3.connect(path, timeout=_LOCK_WAIT_S, isolation_level=None)) as connection:
        connection.execute("BEGIN EXCLUSIVE")
        yield


class _Gathered:
    """What the passages hold, filled while they are inserted."""

    def __init__(self) -> None:
        self.numbers: dict[str, int] = {}
        self.passages: Counter[str] = Counter()  # that have a term
        self.sounds: Counter[tuple[str, tuple[str, ...]]] = Counter()
        self.spelt: dict[str, Counter[tuple[str, ...]]] = {}

    def row(self, passage: Passage) -> str:
        """The passage as numbers of terms."""
        found: list[str] = []
        for part, weight in [(passage.title, TITLE_WEIGHT), (passage.text, 1), *((q, 1) for q in passage.questions)]:
            text = normalise(part, limit=len(part)).text
            words = tokens(text)
            found += terms(text, words) * weight
            self.sounds.update(sounds(text, words))
            for word in words:
                if MISTYPED.fullmatch(word.surface) and word.is_content:
                    self.spelt.setdefault(word.surface, Counter())[tuple(terms(word.surface, [word]))] += 1
        self.passages.update(set(found))
        return " ".join([str(self.numbers.setdefault(term, len(self.numbers) + 1)) for term in found])

    def readings(self) -> dict[str, list[list[str]]]:
        """Reading -> the words that sound so, the most frequent first."""
        words: dict[str, list[list[str]]] = {}
        for (sound, stands_for), _ in self.sounds.most_common():
            if len(sound) >= SHORTEST_READING and len(same := words.setdefault(reading_key(sound), [])) < _SAME_SOUND:
                same.append(list(stands_for))
        return words


def _synonyms(given: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    found: dict[str, dict[str, None]] = {}
    for word, others in given.items():
        if key := synonym_key(tokens(normalise(word).text)):
            lemmas = [token.lemma for other in others for token in tokens(normalise(other).text) if token.is_content]
            found.setdefault(key, {}).update(dict.fromkeys(lemmas))
    return {key: [*lemmas] for key, lemmas in found.items()}


def _build(
    connection: sqlite3.Connection, passages: Sequence[Passage], synonyms: Mapping[str, Sequence[str]], digest: str
) -> None:
    """Fill an empty database."""
    connection.execute("PRAGMA journal_mode = OFF")  # a build that fails is thrown away whole
    connection.execute("PRAGMA synchronous = OFF")
    connection.execute(f"PRAGMA application_id = {_APPLICATION_ID}")
    connection.execute("CREATE VIRTUAL TABLE passage USING fts5(terms, content='', tokenize='ascii')")
    held = _Gathered()
    rows = ((position, held.row(passage)) for position, passage in enumerate(passages, start=1))
    connection.executemany("INSERT INTO passage (rowid, terms) VALUES (?, ?)", rows)
    connection.execute("INSERT INTO passage (passage) VALUES ('optimize')")
    db = Database(connection)
    for name, columns, pk in _TABLES:
        db.table(name).create(columns, pk=pk)
    db.table("term").insert_all({"term": t, "number": n, "passages": held.passages[t]} for t, n in held.numbers.items())
    db.table("reading").insert_all({"key": k, "words": json.dumps(words)} for k, words in held.readings().items())
    db.table("spelling").insert_all(
        {"key": key, "word": word, "terms": json.dumps(counts.most_common(1)[0][0]), "count": counts.total()}
        for word, counts in held.spelt.items()
        for key in spelling_keys(word)
    )
    db.table("synonym").insert_all({"key": k, "terms": json.dumps(lemmas)} for k, lemmas in _synonyms(synonyms).items())
    db.table("made_from").insert({"digest": digest})
    connection.commit()
