"""Quality of readings over labelled messages, and their robustness against other ways to say the same.

The figures are those of tests/eval/score.py and tests/eval/variants.py, which stay as they were given to us: the tests
hold these functions to them. They stand here because tests/ is not part of an installed package.
"""

from __future__ import annotations

import json
import math
import random
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from knowledge.read import FLAGS, INTENTS

Row = dict[str, Any]
Reader = Callable[[str], Row]  # a message -> its reading, with the fields of `himitsu ask --json`

_VERDICTS = ("secret", "public", "review")
_SHOWN = ("intent", "verdict", "desks", "sections")


class LabelError(ValueError):
    """A file of labelled messages cannot be used; the message names the file, and every line with what is wrong."""


# --- the file ---------------------------------------------------------------------------------------------------------


def labelled(path: Path) -> dict[str, Row]:
    """Labelled messages by id, in order (tests/eval/LABELS.md). Blank lines are left out.

    Raises LabelError with every bad line: no JSON object, an id that is missing or stands twice, a label that
    LABELS.md does not know.
    """
    rows: dict[str, Row] = {}
    problems = []
    for number, line in enumerate(path.read_bytes().decode("utf-8-sig", "replace").split("\n"), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except (ValueError, RecursionError):
            row = None
        reason = _reason(row, rows)
        if reason:
            problems.append(f"{path}:{number}: {reason}")
        else:
            rows[row["id"]] = row
    if not rows and not problems:
        problems.append(f"{path}: メッセージが1件もありません。")
    if problems:
        raise LabelError("\n".join(problems))
    return rows


def _reason(row: object, rows: Mapping[str, Row]) -> str:
    """Why a line cannot be used, or ""."""
    if not isinstance(row, dict):
        return 'JSONのオブジェクトではありません。{"id": …, "text": …, "intent": …} の形にしてください。'
    if not isinstance(row.get("id"), str):
        return "id(文字列)がありません。"
    if row["id"] in rows:
        return f"id {row['id']} が2回出てきます。"
    if not isinstance(row.get("text"), str):
        return "text(文字列)がありません。"
    if row.get("intent") not in INTENTS:
        return f"intent は次のどれかです: {' '.join(INTENTS)}"
    if row["intent"] == "secret_check" and row.get("verdict") not in _VERDICTS:
        return f"secret_check の verdict は次のどれかです: {' '.join(_VERDICTS)}"
    for key in ("flags", "desks", "sections"):
        if not isinstance(row.get(key, []), list | None):
            return f"{key} はリストにしてください。"
    unknown = set(row.get("flags") or ()) - set(FLAGS)
    return f"知らない flags です: {' '.join(sorted(map(str, unknown)))}" if unknown else ""


# --- quality ----------------------------------------------------------------------------------------------------------


def share(hits: int, total: int) -> float | None:
    return round(hits / total, 4) if total else None


def interval(p: float | None, n: int) -> tuple[float, float] | None:
    """95 % Wilson interval of a share of n."""
    if p is None or not n:
        return None
    z, d = 1.96, 1 + 1.96**2 / n
    mid, half = (p + z * z / (2 * n)) / d, z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / d
    return round(max(0.0, mid - half), 3), round(min(1.0, mid + half), 3)


def micro_f1(pairs: Iterable[tuple[Row, Row]], key: str) -> float | None:
    """Micro F1 of a list of labels; what is predicted counts only where the intent is right."""
    tp = fp = fn = 0
    for gold, got in pairs:
        g = set(gold.get(key) or [])
        p = set(got.get(key) or []) if _same(gold, got) else set()
        tp, fp, fn = tp + len(g & p), fp + len(p - g), fn + len(g - p)
    return round(2 * tp / (2 * tp + fp + fn), 4) if tp + fp + fn else None


def _same(gold: Row, got: Row) -> bool:
    return bool(gold["intent"] == got.get("intent"))


def score(gold: Mapping[str, Row], got: Mapping[str, Row]) -> tuple[dict[str, Any], dict[str, int], list[str]]:
    """Figures, the number of messages behind each share, and a line for each miss.

    Shares (0-1) and counts are explained at the top of tests/eval/score.py. Everything but `intent` counts a message
    only where the predicted intent is right.
    """
    pairs = [(g, got[i]) for i, g in gold.items()]
    misses: list[str] = []

    def rate(kind: str, rows: list[tuple[Row, Row]], ok: Callable[[Row, Row], object]) -> tuple[float | None, int]:
        bad = [(g, p) for g, p in rows if not ok(g, p)]
        for g, p in bad:
            want, have = ({k: x.get(k) for k in _SHOWN if x.get(k)} for x in (g, p))
            misses.append(f"{kind:13} {g['id']} want={want} got={have} | {g['text'][:80]}")
        return share(len(rows) - len(bad), len(rows)), len(rows)

    def by(*intents: str) -> list[tuple[Row, Row]]:
        return [(g, p) for g, p in pairs if g["intent"] in intents]

    def verdict(g: Row, p: Row) -> bool:
        return _same(g, p) and p.get("verdict") == g.get("verdict")

    def first_desk(g: Row, p: Row) -> bool:
        return _same(g, p) and (p.get("desks") or [None])[0] == g["desks"][0]

    def top(n: int) -> Callable[[Row, Row], object]:
        return lambda g, p: _same(g, p) and set((p.get("sections") or [])[:n]) & set(g["sections"])

    checks, book = by("secret_check"), [x for x in by("handbook") if x[0].get("sections")]
    desked = [x for x in by("leak", "desk") if x[0].get("desks")]
    public = [x for x in checks if x[0]["verdict"] == "public"]
    figures: dict[str, Any] = {"messages": len(pairs)}
    sizes: dict[str, int] = {}
    for name, (value, n) in {
        "intent": rate("intent", pairs, _same),
        "verdict": rate("verdict", checks, verdict),
        "public_recall": rate("public", public, verdict),
        "desk_first": rate("desk", desked, first_desk),
        "section_hit1": rate("section", book, top(1)),
        "section_hit3": rate("section3", book, top(3)),
        "check_hit3": rate("check_section", [x for x in checks if x[0].get("sections")], top(3)),
    }.items():
        figures[name], sizes[name] = value, n
    figures["flags_f1"] = micro_f1(by("secret_check", "leak"), "flags")
    figures["desks_f1"] = micro_f1(by("leak", "desk"), "desks")
    quoted = [(g, p) for g, p in pairs if p.get("evidence")]
    figures["evidence_ok"] = share(
        sum(all(e["text"] in g["text"] for e in p["evidence"]) for g, p in quoted), len(quoted)
    )
    reviews = [p for _, p in pairs if p.get("verdict") == "review"]
    figures["review_asks"] = share(sum(bool(p.get("ask")) for p in reviews), len(reviews))
    called = [x for x in pairs if x[1].get("verdict") == "public"]
    rate("WRONG_PUBLIC", called, lambda g, p: g.get("verdict") == "public")  # for its lines
    figures["wrong_public"] = sum(g.get("verdict") != "public" for g, p in called)
    figures["missed_leak"] = sum(not _same(g, p) for g, p in by("leak"))
    figures["false_leak"] = sum(p.get("intent") == "leak" and g["intent"] != "leak" for g, p in pairs)
    return figures, sizes, misses


def confusions(gold: Mapping[str, Row], got: Mapping[str, Row]) -> list[tuple[str, str, int]]:
    """(intent wanted, intent read, messages), the most frequent first."""
    pairs = Counter((g["intent"], got[i].get("intent")) for i, g in gold.items() if not _same(g, got[i]))
    return [(want, str(have), n) for (want, have), n in pairs.most_common()]


@dataclass(frozen=True)
class Report:
    """Figures, the number of messages behind each share, the intents taken for another, and a line for each miss."""

    figures: dict[str, Any]
    sizes: dict[str, int]
    confused: list[tuple[str, str, int]]
    misses: list[str]

    def lines(self) -> list[str]:
        """As tests/eval/score.py prints them; robustness below."""
        plain = {name: value for name, value in self.figures.items() if name != "robustness"}
        found = []
        for name, value in plain.items():
            ci = interval(value, self.sizes[name]) if name in self.sizes else None
            found.append(f"{name:14} {value}" + (f"   n={self.sizes[name]} 95% {ci[0]}-{ci[1]}" if ci else ""))
        found += [f"  {want} read as {have}: {n}" for want, have, n in self.confused]
        if "robustness" in self.figures:
            found += ["", *(f"{name:14} {value}" for name, value in self.figures["robustness"].items())]
        return found


def report(gold: Mapping[str, Row], reader: Reader, *, variants: bool = False) -> Report:
    """Read every message and score the readings; variants: also the same messages said in other ways."""
    got = {i: reader(row["text"]) for i, row in gold.items()}
    figures, sizes, misses = score(gold, got)
    if variants:
        figures["robustness"], lost = robustness(gold, got, reader)
        misses += lost
    return Report(figures, sizes, confusions(gold, got), misses)


# --- robustness: the same message, said in another way ----------------------------------------------------------------

Change = Callable[[str, random.Random], str]

_HALF = dict(
    zip(
        map(chr, range(0x30A1, 0x30FB)),
        "ｧ ｱ ｨ ｲ ｩ ｳ ｪ ｴ ｫ ｵ ｶ ｶﾞ ｷ ｷﾞ ｸ ｸﾞ ｹ ｹﾞ ｺ ｺﾞ ｻ ｻﾞ ｼ ｼﾞ ｽ ｽﾞ ｾ ｾﾞ ｿ ｿﾞ ﾀ ﾀﾞ ﾁ ﾁﾞ ｯ ﾂ ﾂﾞ ﾃ ﾃﾞ ﾄ ﾄﾞ ﾅ ﾆ ﾇ ﾈ ﾉ "
        "ﾊ ﾊﾞ ﾊﾟ ﾋ ﾋﾞ ﾋﾟ ﾌ ﾌﾞ ﾌﾟ ﾍ ﾍﾞ ﾍﾟ ﾎ ﾎﾞ ﾎﾟ ﾏ ﾐ ﾑ ﾒ ﾓ ｬ ﾔ ｭ ﾕ ｮ ﾖ ﾗ ﾘ ﾙ ﾚ ﾛ ヮ ﾜ ヰ ヱ ｦ ﾝ ｳﾞ ヵ ヶ ヷ ヸ ヹ ヺ".split(),
        strict=True,
    ),
    ー="ｰ",
)
_ENDINGS = [  # the longest first
    ("しまいました", "しまった"),
    ("大丈夫ですか", "大丈夫"),
    ("いいですか", "いい"),
    ("でしょうか", "ですか"),
    ("ください", "て"),
    ("ですか", "っすか"),
    ("ますか", "ます"),
    ("ました", "た"),
    ("です", "だよ"),
]
_FILLERS = ["えっと、", "すみません、", "あのー、", "お疲れさまです。", "ちょっと聞きたいんですが、", "質問です。"]
_TAILS = [" 🙏", " 😅", "ねー", "…", " よろしくお願いします", "!!"]
_GUARD = re.compile(r"ない|なく|なか|ませ|まだ|もう|ず|前|済|予定|まで|へん|ぬ|後")  # a slip here changes what is said


def _fullwidth(t: str, r: random.Random) -> str:
    return re.sub(r"[A-Za-z0-9]", lambda m: chr(ord(m[0]) + 0xFEE0), t)


def _halfkana(t: str, r: random.Random) -> str:
    return "".join(_HALF.get(c, c) for c in t)


def _nolongvowel(t: str, r: random.Random) -> str:
    return re.sub(r"(?<=[ァ-ヺ]{2})ー(?![ァ-ヺー])", "", t)


def _spaces(t: str, r: random.Random) -> str:
    return re.sub(r"(?<=[一-龥ァ-ヺー])([はがをにで])(?=[一-龥ァ-ヺ])", lambda m: m[1] + " ", t)


def _filler(t: str, r: random.Random) -> str:
    return r.choice(_FILLERS) + t


def _tail(t: str, r: random.Random) -> str:
    return t.rstrip() + r.choice(_TAILS)


def _politeness(t: str, r: random.Random) -> str:
    found = re.fullmatch(r"(.*?)([？?！!。\s]*)", t, re.S)
    body, mark = found.groups() if found else (t, "")
    for polite, plain in _ENDINGS:
        if body.endswith(polite):
            return body[: -len(polite)] + plain + mark
    return t


def _particle(t: str, r: random.Random) -> str:
    found = list(re.finditer(r"(?<=[一-龥ァ-ヺー])[はがを](?=[一-龥ァ-ヺA-Za-z])", t))
    if not found:
        return t
    m = r.choice(found)
    return t[: m.start()] + t[m.end() :]


def _typo(t: str, r: random.Random) -> str:
    runs = [m for m in re.finditer(r"[ぁ-ん]{4,}", t) if not _GUARD.search(m[0])]
    if not runs:
        return t
    m = r.choice(runs)
    i = r.randrange(m.start(), m.end() - 1)
    return t[:i] + t[i + 1] + t[i] + t[i + 2 :]


KINDS: dict[str, Change] = {
    "fullwidth": _fullwidth,
    "halfkana": _halfkana,
    "nolongvowel": _nolongvowel,
    "spaces": _spaces,
    "filler": _filler,
    "tail": _tail,
    "politeness": _politeness,
    "particle": _particle,
    "typo": _typo,
}


def variants(row: Row) -> list[tuple[str, str]]:
    """(kind, text) for each kind that changes the message. Seeded by the id: the same row gives the same texts."""
    made = ((kind, change(row["text"], random.Random(f"{row['id']}{kind}"))) for kind, change in KINDS.items())
    return [(kind, text) for kind, text in made if text != row["text"]]


def robustness(gold: Mapping[str, Row], got: Mapping[str, Row], reader: Reader) -> tuple[dict[str, Any], list[str]]:
    """Share of variants read like the message itself: equal intent, verdict and first desk; and a line for each other.

    {"variants": count, "total": share, kind: share, …}; a kind that changes no message is null.
    """
    hits: Counter[str] = Counter()
    made: Counter[str] = Counter()
    misses = []
    for i, row in gold.items():
        said = _essence(got[i])
        for kind, text in variants(row):
            made[kind] += 1
            if (read := _essence(reader(text))) == said:
                hits[kind] += 1
            else:
                misses.append(f"{kind:13} {i} {_named(said)} -> {_named(read)} | {text[:80]}")
    total = {"variants": made.total(), "total": share(hits.total(), made.total())}
    return total | {kind: share(hits[kind], made[kind]) for kind in KINDS}, misses


def _essence(reading: Row) -> tuple[Any, Any, Any]:
    return reading.get("intent"), reading.get("verdict"), (reading.get("desks") or [None])[0]


def _named(essence: tuple[Any, Any, Any]) -> str:
    return "/".join(str(part) for part in essence if part)
