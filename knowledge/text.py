"""Normalising and tokenising: the only module that knows NFKC, MeCab and the user dictionary.

`normalise` keeps, for each character it gives, where it came from, so that an answer can quote what was typed.
"""

from __future__ import annotations

import atexit
import csv
import functools
import hashlib
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import threading
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import fugashi
import unidic_lite
import yaml

from . import dialect
from .errors import ContentError, Problem

HERE = Path(__file__).parent
MAX_CHARS = 10_000  # design.md §2: longer text is read to here, and the answer says so

# NFKC alone would turn these into something else (㊙ -> 秘, a spacing voicing mark -> blank + mark).
_BEFORE_NFKC = {"㊙": "マル秘", "゛": "\u3099", "゜": "\u309a", "〜": "ー", "～": "ー", "…": "。", "‥": "。", "　": " "}
_VOICING = "\u3099\u309aﾞﾟ゛゜"
_DASH = re.compile(r"(?<=[ァ-ヺ])[-‐‑‒–—−－]")
_SLACK = re.compile(
    r"<(?:[@#!][^<>|\n]*\|?([^<>\n]*)|(?:https?|mailto|tel):[^<>|\n]*\|([^<>\n]+))>|:[a-z0-9_+-]*[a-z][a-z0-9_+-]*:(?::skin-tone-\d:)?"
)
_ENTITY = {"&amp;": "&", "&lt;": "<", "&gt;": ">"}
_JAPANESE = re.compile(r"[぀-ヿ㐀-鿿々〆ー]")
_LAUGH = re.compile(r"(?:(?<=[^a-z])w+|[(（]?笑[)）]?|草)(?=$|[。\n!?])")
# What is written in many ways, and its one form; in this order.
_ONE_FORM = (
    (_DASH, "ー"),
    (re.compile(r"ー{2,}"), "ー"),
    # a drawn-out end (ですー), not a word's own (ゆーえすびー)
    (re.compile(r"(?<=[ぁ-んァ-ヺ一-鿿])ー(?=$|[ \n。!?])(?<![ァ-ヺびぴ]ー)"), "。"),
    (re.compile(r"[!！]*[?？][!?！？]*"), "?"),
    (re.compile(r"!+"), "!"),
    (re.compile(r"[｡。]{2,}"), "。"),
    (_LAUGH, "。"),
    # 載りました📰 つなぎの割合を: a picture or a blank in place of the full stop, but not です か
    (
        re.compile(
            r"(?:(?<=ました)|(?<=でした)|(?<=ません)|(?<=です)|(?<=ます)) +"
            r"(?=[^\s。!?!、,」)かがのけよねしとわなでって])"
        ),
        "。",
    ),
    (re.compile(r" +"), " "),
)


@dataclass(frozen=True, slots=True)
class Text:
    """Normalised text with the way back. `starts[i]`, `ends[i]` bound character i of `text` in `raw`."""

    raw: str
    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    truncated: bool = False

    def quote(self, start: int, end: int) -> str:
        """The words as typed behind `text[start:end]`; always a substring of `raw`."""
        if start >= end:
            return ""
        return self.raw[self.starts[start] : max(self.ends[start:end])]


@dataclass(slots=True, unsafe_hash=True)
class Token:
    """One word. `start`, `end` count characters of the normalised text; `lemma` is the dictionary form, never None.

    Never changed, though not frozen: messages make many, and a frozen one takes three times as long to make.
    """

    surface: str
    lemma: str
    pos: str
    pos2: str
    form: str
    reading: str
    start: int
    end: int

    @property
    def is_particle(self) -> bool:
        return self.pos == "助詞"

    @property
    def is_content(self) -> bool:
        """Nouns, verbs, adjectives, adverbs: what a question is about (as text.md §B counts them)."""
        return self.pos in _CONTENT and not (self.pos2 in ("非自立可能", "数詞") and self.pos != "名詞")


_CONTENT = {"名詞", "動詞", "形容詞", "形状詞", "副詞", "代名詞", "接頭辞", "接尾辞"}


# Typed in katakana throughout, as on a ledger machine: a sentence by its endings, and no other letters.
_TELEGRAM = re.compile(
    r"\A(?=[^ぁ-ん一-鿿]*\Z)(?=.{8,}\Z)(?=.*(?:テモ|ﾃﾓ|ﾃﾞﾓ|デモ|デス|ﾃﾞｽ|マス|ﾏｽ|シタ|ｼﾀ|シテ|ｼﾃ|ッテ|ｯﾃ|ヲ|ｦ))"
    r".*[カノスタツイネヨｶﾉｽﾀﾂｲﾈﾖ][?？!！。｡ 　]*\Z",
    re.DOTALL,
)


@functools.cache
def _spelling() -> tuple[re.Pattern[str], dict[str, str]]:
    tables = yaml.safe_load((HERE / "words" / "spelling.yaml").read_text(encoding="utf-8"))
    # A pair of the same two keeps a longer word from a shorter pair inside it: ませんで from せんで.
    pairs = {written: standard for group in tables.values() for written, standard in group}
    return re.compile("|".join(map(re.escape, sorted(pairs, key=len, reverse=True)))), pairs


class _Builder:
    """A text with its characters' origins; each step maps runs of them and keeps the origins."""

    def __init__(self, text: str, starts: list[int], ends: list[int]):
        self.text, self.starts, self.ends = text, starts, ends

    def sub(self, pattern: re.Pattern[str], replace: str | dict[str, str]) -> None:
        """Replace every match; each new character points to the whole matched run."""
        text, last = self.text, 0
        parts: list[str] = []
        starts: list[int] = []
        ends: list[int] = []
        for m in pattern.finditer(text):
            i, j = m.span()
            new = m.expand(replace) if isinstance(replace, str) else replace[m[0]]
            if i == j or new == m[0]:
                continue
            parts += (text[last:i], new)
            starts += self.starts[last:i]
            ends += self.ends[last:i]
            starts += [self.starts[i]] * len(new)
            ends += [self.ends[j - 1]] * len(new)
            last = j
        if last:
            parts.append(text[last:])
            self.text = "".join(parts)
            self.starts = starts + self.starts[last:]
            self.ends = ends + self.ends[last:]

    def keep(self, places: list[int]) -> None:
        """Leave out all characters but those at these places."""
        self.text = "".join([self.text[k] for k in places])
        self.starts = [self.starts[k] for k in places]
        self.ends = [self.ends[k] for k in places]


@dataclass(slots=True)
class Memory:
    """Texts of one message: normalised, and cut into words."""

    texts: dict[tuple[str, int], Text] = field(default_factory=dict)
    words: dict[str, list[Token]] = field(default_factory=dict)


class _Thread(threading.local):
    memory: Memory | None = None


_thread = _Thread()


@contextmanager
def remembering(memory: Memory | None = None) -> Iterator[Memory]:
    """While it lasts, this thread normalises a text once, and cuts it into words once. Several threads may share one
    memory; with the last of them it is gone."""
    before = _thread.memory
    _thread.memory = memory or Memory()
    try:
        yield _thread.memory
    finally:
        _thread.memory = before


def normalise(raw: str, *, limit: int = MAX_CHARS) -> Text:
    """One form for the many ways to type the same words. Blank gives an empty Text.

    raw: as typed, any Unicode, also control characters and unpaired surrogates (dropped).
    limit: characters of `raw` that are read; beyond it `truncated` is set.
    """
    memory = _thread.memory
    if memory is None:
        return _normalised(raw, limit)
    key = raw, min(limit, len(raw))
    return memory.texts.get(key) or memory.texts.setdefault(key, _normalised(raw, limit))


def _normalised(raw: str, limit: int) -> Text:
    cut = raw[:limit]
    letters = [_ALONE[c] for c in cut]
    b = _marked_up(cut) if None in letters else _plainly(letters)  # type: ignore[arg-type]
    if _TELEGRAM.search(cut):  # アレ､ ﾒｰﾙﾃﾞ ｵｸｯﾃﾓ ｲｲ?
        b.text = hiragana(b.text)
    for pattern, one in _ONE_FORM:
        b.sub(pattern, one)
    _drop_blanks(b)
    for needles, ending, standard in dialect.ENDINGS:
        for needle in needles:
            if needle in b.text:
                b.sub(ending, standard)
                break
    spelling, table = _spelling()
    b.sub(spelling, table)
    return Text(raw, b.text, tuple(b.starts), tuple(b.ends), truncated=len(raw) > limit)


class _Letters(dict[str, "str | None"]):
    """What a letter becomes where it stands alone; None for one that may belong to what is before or behind it."""

    def __missing__(self, letter: str) -> str | None:
        joins = letter in "<:&" or letter in _VOICING or unicodedata.combining(letter)
        plain = self[letter] = None if joins else _plain(letter)
        return plain


_ALONE = _Letters()


def _plainly(letters: list[str]) -> _Builder:
    """Each letter by itself; most become one."""
    text = "".join(letters)
    if len(text) == len(letters) and all(letters):
        return _Builder(text, list(range(len(text))), list(range(1, len(text) + 1)))
    starts = [i for i, plain in enumerate(letters) for _ in plain]
    return _Builder(text, starts, [i + 1 for i in starts])


def _marked_up(cut: str) -> _Builder:
    """Letters with their marks, Slack's markup and entities in one."""
    chars: list[tuple[str, int, int]] = []
    i = 0
    while i < len(cut):
        markup = _SLACK.match(cut, i) if cut[i] in "<:" else None
        if markup:
            inner = markup[1] or markup[2] or " "
            chars += [(c, i, markup.end()) for c in unicodedata.normalize("NFKC", inner).lower()]
            i = markup.end()
            continue
        entity = next((e for e in _ENTITY if cut.startswith(e, i)), None) if cut[i] == "&" else None
        if entity:
            chars.append((_ENTITY[entity], i, i + len(entity)))
            i += len(entity)
            continue
        j = i + 1
        while j < len(cut) and (cut[j] in _VOICING or unicodedata.combining(cut[j])):
            j += 1
        chars += [(c, i, j) for c in _plain(cut[i:j])]
        i = j
    return _Builder("".join(c for c, _, _ in chars), [s for _, s, _ in chars], [e for _, _, e in chars])


@functools.lru_cache(maxsize=8192)
def _plain(cluster: str) -> str:
    """A letter with its marks, in the one form: one kind of line break and of blank, and nothing that is not seen."""
    kept = []
    for c in unicodedata.normalize("NFKC", "".join(_BEFORE_NFKC.get(c, c) for c in cluster)).lower():
        category = unicodedata.category(c)
        if c in "\n\r\u2028\u2029":
            kept.append("\n")
        elif c.isspace() or category in ("Zs", "So", "Sk"):
            kept.append(" ")
        elif category[0] != "C" and category not in ("Mn", "Me"):
            kept.append(c)
    return "".join(kept)


def _drop_blanks(b: _Builder) -> None:
    """Blanks inside Japanese separate nothing (easy Japanese writes わかち書き); between ASCII words they stay."""
    text = b.text
    if " " not in text:
        return
    kept = []
    for k, letter in enumerate(text):
        if letter == " ":
            before, after = text[k - 1 : k], text[k + 1 : k + 2]
            if not before or not after or _JAPANESE.match(before) or _JAPANESE.match(after):
                continue
        kept.append(k)
    b.keep(kept)


# --- tokens -----------------------------------------------------------------------------------------------------------

_ASCII_RUN = re.compile(r"[a-z0-9][a-z0-9+._@/-]*[a-z0-9+]|[a-z0-9]")
_lock = threading.Lock()
_tagger: fugashi.Tagger | None = None


def cache_dir() -> Path:
    """Where rebuildable files go: the user's cache directory, or a private temporary one where it cannot be written."""
    base = os.environ.get("XDG_CACHE_HOME") or os.environ.get("LOCALAPPDATA")
    path = Path(base) / "himitsu" if base else Path.home() / ".cache" / "himitsu"
    try:
        path.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=path):
            return path
    except (OSError, RuntimeError):
        return _private_directory()


@functools.cache
def _private_directory() -> Path:
    """This process's own: what lies in a shared one could have been put there by someone else."""
    path = Path(tempfile.mkdtemp(prefix="himitsu-"))
    atexit.register(shutil.rmtree, path, ignore_errors=True)
    return path


def _user_dictionary() -> Path:
    """Compile `user_dictionary.csv` (surface, part of speech, reading, lemma) once per content; gives the .dic file."""
    source = (HERE / "user_dictionary.csv").read_bytes()
    target = cache_dir() / f"user-{hashlib.sha256(source).hexdigest()[:16]}.dic"
    if target.exists() and target.stat().st_size:
        return target
    rows = []
    for row in csv.reader(source.decode("utf-8").splitlines()):
        if not row or row[0].startswith("#"):
            continue
        surface, pos, reading, lemma = row
        columns = [*pos.split("-"), "*", "*", "*"][:4]
        # 26 UniDic columns; negative ids let MeCab find them, a low cost makes the whole word win (text.md §C).
        feature = [*columns, "*", "*", reading, lemma, surface, reading, surface, reading, "固"]
        feature += ["*", "*", "*", "*", *[reading] * 4, "*", "*", "*", "*"]
        rows.append(",".join([surface, "-1", "-1", "1", *feature]))
    with tempfile.TemporaryDirectory() as folder:
        plain, built = Path(folder) / "user.csv", Path(folder) / "user.dic"
        plain.write_text("\n".join(rows) + "\n", encoding="utf-8")
        _build(plain, built)
        fresh = target.with_name(f"{target.name}.{os.getpid()}")
        fresh.write_bytes(built.read_bytes())
        os.replace(fresh, target)
    return target


def _build(plain: Path, built: Path) -> None:
    """Run MeCab's dictionary builder in a process of its own: it prints, and ends the process where a row is bad."""
    options = ["-d", unidic_lite.DICDIR, "-u", str(built), "-f", "utf8", "-t", "utf8"]
    command = shlex.join(["build", *options, str(plain)])
    code = "import sys, fugashi; fugashi.build_dictionary(sys.argv[1])"
    run = subprocess.run([sys.executable, "-c", code, command], capture_output=True, text=True, errors="replace")
    if not built.exists():
        raise ContentError([Problem("user_dictionary.csv", "", "MeCab cannot build it:", run.stderr.strip()[-300:])])


def _get_tagger() -> fugashi.Tagger:
    global _tagger
    if _tagger is None:
        _tagger = fugashi.Tagger(f'-u "{_user_dictionary()}"')
        _tagger("準備")
    return _tagger


def tokens(text: str) -> list[Token]:
    """Words of a *normalised* text, in order. Blank gives []. Thread-safe: nodes are copied under a lock.

    ASCII runs such as `3d-cad` or `e-mail` are one token; blanks and line breaks give none.
    """
    memory = _thread.memory
    if memory is None:
        return _cut(text)
    return list(memory.words.get(text) or memory.words.setdefault(text, _cut(text)))


def _cut(text: str) -> list[Token]:
    if not text.strip():
        return []
    rows: list[Token] = []
    with _lock:  # a shared Tagger mixes sentences up (style.md: 41 wrong of 24,000 without the lock)
        position = 0
        for node in _get_tagger()(text):
            surface = node.surface
            start = text.index(surface, position)
            position = start + len(surface)
            rows.append(_token(surface, node.feature_raw, start))
    return _join_ascii(text, rows)


def _token(surface: str, raw: str, start: int) -> Token:
    lemma, pos, pos2, form, reading = _features(raw)
    return Token(surface, lemma or surface, pos, pos2, form, reading, start, start + len(surface))


@functools.lru_cache(maxsize=2048)
def _features(raw: str) -> tuple[str, str, str, str, str]:
    """(lemma, part of speech, its detail, form, reading) of a row of the dictionary, as MeCab gives it; most blank for
    a word that it does not know."""
    fields = raw.split(",", 12)
    pos, pos2, form = fields[0], fields[1], fields[5] if len(fields) > 5 else "*"
    reading = fields[6] if len(fields) > 6 else ""
    lemma = fields[7].split("-")[0] if len(fields) > 7 else ""
    if lemma == "*":
        lemma = ""
    if lemma == "た" and form.startswith("仮定"):
        lemma = "たら"  # UniDic gives た; a rule about what has happened must not meet a condition
    return lemma, pos, pos2, form, reading if reading != "*" else ""


def _join_ascii(text: str, rows: Sequence[Token]) -> list[Token]:
    runs = [m.span() for m in _ASCII_RUN.finditer(text) if m.end() - m.start() > 1]
    if not runs:
        return list(rows)
    out: list[Token] = []
    r = 0
    for t in rows:
        while r < len(runs) and runs[r][1] <= t.start:
            r += 1
        if r < len(runs) and runs[r][0] <= t.start and t.end <= runs[r][1]:
            start, end = runs[r]
            if t.start == start or not out or out[-1].start != start:
                pos2 = "数詞" if text[start:end].replace(".", "").isdigit() else "普通名詞"
                out.append(Token(text[start:end], text[start:end], "名詞", pos2, "*", "", start, end))
            continue
        out.append(t)
    return out


def hiragana(text: str) -> str:
    """Katakana letters as hiragana, all else as it is."""
    return text.translate(_HIRAGANA)


_HIRAGANA = {letter: letter - 0x60 for letter in range(ord("ァ"), ord("ヶ") + 1)}
