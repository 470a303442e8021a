"""The search index: a rebuildable SQLite file with one FTS5 column of lemmas and character bigrams.

It holds no passage, only numbered terms, so any text can be indexed and any question asked; and beside them what helps a
question that is spelt in another way: words by their sound, words by their spelling, synonyms. `search.py` asks it.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import re
import sqlite3
import threading
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from .text import HERE, Token, cache_dir, normalise, tokens

logger = logging.getLogger(__name__)

_SCHEMA = 1
_APPLICATION_ID = 0x68696D69  # "himi": tells our file from somebody's database that HIMITSU_INDEX names by mistake
_SHAPED_BY = ("text.py", "index.py", "user_dictionary.csv", "words/spelling.yaml")  # a change in these rebuilds
_LOCK_WAIT_S = 120.0  # longer than building 100,000 passages takes (text.md §B)

TITLE_WEIGHT = 2  # eval/ir with its titles apart: MRR@10 .949 -> .951 (noisy .941 -> .944); 3 to 5 add little
SHORTEST_READING = 3  # kana; shorter sounds mean too many words
_SAME_SOUND = 3  # words kept for one reading, the most frequent

_RUN = re.compile(r"[^\W_]+")
MISTYPED = re.compile(r"[ァ-ヺー]{3,}|[a-z]{4,}")  # spellings a slip can be found in; hiragana are too many to tell
_JOINS = {"名詞", "接頭辞", "接尾辞", "形状詞"}


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


# --- words of a text --------------------------------------------------------------------------------------------------


def bigrams(text: str) -> list[str]:
    """Pairs of neighbouring letters or digits of a normalised text; a letter that stands alone is given alone."""
    return [run[i : i + 2] for run in _RUN.findall(text) for i in range(max(1, len(run) - 1))]


def terms(text: str, words: Sequence[Token]) -> list[str]:
    """Content lemmas, then bigrams. Both share one name space, so a lemma of two letters weighs double (text.md §B)."""
    return [word.lemma for word in words if word.is_content] + bigrams(text)


def reading_key(sound: str) -> str:
    """How a reading is looked up: in katakana, without a long vowel at the end (サーバ is サーバー)."""
    kana = "".join(chr(ord(c) + 0x60) if "ぁ" <= c <= "ゖ" else c for c in sound)
    return kana.rstrip("ー") or kana


def sound_of(word: Token) -> str:
    """The dictionary's reading, or the word itself where it is written in katakana and not in the dictionary."""
    return word.reading or (word.surface if re.fullmatch(r"[ァ-ヺー]+", word.surface) else "")


def spelling_keys(word: str) -> set[str]:
    """The word, and the word less one letter: two words one edit apart share such a key."""
    return {word, *(word[:i] + word[i + 1 :] for i in range(len(word)))}


def _sounds(text: str, words: Sequence[Token]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Readings of single words and of two nouns side by side, each with the terms it stands for."""
    for here, after in zip(words, [*words[1:], None], strict=False):
        sound = sound_of(here)
        if not here.is_content or not sound:
            continue
        if here.pos not in _JOINS:
            yield sound, (here.lemma,)
            continue
        yield sound, tuple(terms(here.surface, [here]))
        if after and after.pos in _JOINS and after.start == here.end and sound_of(after):
            yield sound + sound_of(after), tuple(terms(text[here.start : after.end], [here, after]))


def _digest(passages: Sequence[Passage], synonyms: Mapping[str, Sequence[str]]) -> str:
    """One value for all that shapes the index: what is indexed, and how words are cut."""
    found = hashlib.sha256()
    for name in _SHAPED_BY:
        found.update(hashlib.sha256((HERE / name).read_bytes()).digest())
    made_by = [_SCHEMA, version("fugashi"), version("unidic-lite")]
    content = [[p.id, p.text, p.title, list(p.questions)] for p in passages]
    parts = [made_by, content, [[word, list(others)] for word, others in synonyms.items()]]
    found.update(json.dumps(parts).encode("ascii"))
    return found.hexdigest()


# --- the index --------------------------------------------------------------------------------------------------------


class Index:
    """Passages ready to be searched, from any thread. Get one by `Index.open`."""

    def __init__(self, connection: sqlite3.Connection, passages: Sequence[Passage], synonyms: Mapping[str, Sequence[str]]):
        self.passages = tuple(passages)
        self._synonyms = synonyms
        self._connection = connection
        self._lock = threading.RLock()

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
        return {key: json.loads(others) for key, others in self._of("synonym", "key", keys)} if self._synonyms else {}

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
        return self._rows(f"SELECT * FROM {table} WHERE {column} IN (SELECT value FROM json_each(?))", [json.dumps([*keys])])

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


def synonym_key(words: Sequence[Token]) -> str:
    """How a synonym is looked up: by lemmas, so that 漏れた finds 漏れる."""
    return " ".join(word.lemma for word in words)


# --- file -------------------------------------------------------------------------------------------------------------


def _in_memory(passages: Sequence[Passage], synonyms: Mapping[str, Sequence[str]]) -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:", check_same_thread=False)
    _build(connection, passages, synonyms, "")
    return connection


def _open_or_build(path: Path, passages: Sequence[Passage], synonyms: Mapping[str, Sequence[str]]) -> sqlite3.Connection:
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
    # A finished file is never written again, only replaced: immutable spares locks and works where nothing can be written.
    connection = sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False)
    try:
        tables = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
        if tables and connection.execute("PRAGMA application_id").fetchone()[0] != _APPLICATION_ID:
            raise FileExistsError("it is a database of something else")
        if tables and connection.execute("SELECT digest FROM made_from").fetchone()[0] == digest:
            if connection.execute("PRAGMA quick_check(1)").fetchone()[0] == "ok":
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


def _build(
    connection: sqlite3.Connection, passages: Sequence[Passage], synonyms: Mapping[str, Sequence[str]], digest: str
) -> None:
    """Fill an empty database."""
    connection.execute("PRAGMA journal_mode = OFF")
    connection.execute(f"PRAGMA application_id = {_APPLICATION_ID}")
    connection.execute("CREATE VIRTUAL TABLE passage USING fts5(terms, content='', tokenize='ascii')")
    numbers: dict[str, int] = {}
    having: Counter[str] = Counter()
    sounds: Counter[tuple[str, tuple[str, ...]]] = Counter()
    spelt: dict[str, Counter[tuple[str, ...]]] = {}

    def row(passage: Passage) -> str:
        found: list[str] = []
        for part, weight in [(passage.title, TITLE_WEIGHT), (passage.text, 1), *((q, 1) for q in passage.questions)]:
            text = normalise(part, limit=len(part)).text
            words = tokens(text)
            found += terms(text, words) * weight
            sounds.update(_sounds(text, words))
            for word in words:
                if word.is_content and MISTYPED.fullmatch(word.surface):
                    spelt.setdefault(word.surface, Counter())[tuple(terms(word.surface, [word]))] += 1
        having.update(set(found))
        return " ".join(str(numbers.setdefault(term, len(numbers) + 1)) for term in found)

    rows = ((position, row(passage)) for position, passage in enumerate(passages, start=1))
    connection.executemany("INSERT INTO passage (rowid, terms) VALUES (?, ?)", rows)
    connection.execute("INSERT INTO passage (passage) VALUES ('optimize')")

    by_sound: dict[str, list[list[str]]] = {}
    for (sound, stands_for), _ in sounds.most_common():
        if len(sound) >= SHORTEST_READING and len(words := by_sound.setdefault(reading_key(sound), [])) < _SAME_SOUND:
            words.append(list(stands_for))
    spellings = (
        {"key": key, "word": word, "terms": json.dumps(counts.most_common(1)[0][0]), "count": counts.total()}
        for word, counts in spelt.items()
        for key in spelling_keys(word)
    )
    others = {}
    for word, means in synonyms.items():
        key = synonym_key(tokens(normalise(word).text))
        lemmas = [t.lemma for other in means for t in tokens(normalise(other).text) if t.is_content]
        others[key] = [*dict.fromkeys([*others.get(key, []), *lemmas])]
    db = Database(connection)
    for name, columns, pk in _TABLES:
        db[name].create(columns, pk=pk)
    db["term"].insert_all({"term": t, "number": n, "passages": having[t]} for t, n in numbers.items())
    db["reading"].insert_all({"key": k, "words": json.dumps(w)} for k, w in by_sound.items())
    db["spelling"].insert_all(spellings)
    db["synonym"].insert_all({"key": k, "terms": json.dumps(t)} for k, t in others.items() if k)
    db["made_from"].insert({"digest": digest})
    connection.commit()
