"""Entries from a file and into one: found by their headings in any order, all or nothing.

What export writes, import reads back as the same entries; what a spreadsheet would run is written as text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from rapidfuzz import fuzz

from dialogs.papers.tables import to_csv, to_xlsx

from . import model, table
from .model import FIELDS, House, Item, Trouble, letters, words

SHEET = "情報の台帳"
_HEAD_WITHIN = 10  # lines in which the heading is looked for
_HEAD_LEAST = 2  # headings by which a line is one
_ALIKE = 75  # of 100
# A quote that was put before what looks like a formula, by us or by somebody as careful.
_QUOTED = re.compile(r"'+[ \u3000]*[=+\-@＝＋－＠\t\r]")


@dataclass(frozen=True)
class Change:
    """An entry that becomes another; fields: what differs."""

    before: Item
    after: Item
    fields: tuple[str, ...]


@dataclass(frozen=True)
class Plan:
    """What an import would do. troubles: with any, nothing is done. unused: headings that were not read. other:
    sheets that were not."""

    new: tuple[Item, ...] = ()
    changes: tuple[Change, ...] = ()
    same: int = 0
    troubles: tuple[Trouble, ...] = ()
    unused: tuple[str, ...] = ()
    other: tuple[str, ...] = ()

    @property
    def does_nothing(self) -> bool:
        return not self.new and not self.changes


def columns() -> Mapping[str, Sequence[str]]:
    """By field, the headings that are read as it; the first is the one that is written."""
    found: Mapping[str, Sequence[str]] = words()["columns"]
    return found


def heading(field: str) -> str:
    return columns()[field][0]


# --- out


def _cells(item: Item) -> list[str]:
    texts = model.as_texts(item) | {"id": item.id, "version": str(item.version or "")}
    return [f"'{t}" if _QUOTED.match(t) else t for t in (texts[field] for field in columns())]


def export_csv(items: Iterable[Item]) -> bytes:
    """All of it, with id and version, by which an import knows what it changes."""
    return to_csv([heading(f) for f in columns()], [_cells(i) for i in items])


def export_xlsx(items: Iterable[Item]) -> bytes:
    return to_xlsx({SHEET: ([heading(f) for f in columns()], [_cells(i) for i in items])})


def template_xlsx() -> bytes:
    """An empty table with the headings."""
    return to_xlsx({SHEET: ([heading(f) for f in columns() if f not in ("id", "version")], [])})


# --- in


def plan(
    name: str,
    data: bytes,
    there: Sequence[Item],
    house: House,
    new_id: Callable[[], str],
    *,
    may: Callable[[Item], bool] = lambda item: True,
) -> Plan:
    """What importing a file would do to the entries that are there. Nothing is written.

    A row belongs to the entry of its id, else to the one of its name and department; what else is there stays as it is.
    may: whether the person may change, or add, an entry.
    """
    try:
        sheet = table.read(name, data)
    except table.Refused as refused:
        return Plan(troubles=refused.troubles)
    found = _heading(sheet)
    if isinstance(found, Trouble):
        return Plan(troubles=(found,))
    head, fields, unused, troubles = found
    unusable = list(table.troubles_of(sheet, head.line, {n: heading(field) for n, field in fields.items()}))
    troubles += unusable
    spoilt = {line for t in unusable for line in range(t.line, t.about.get("last", t.line) + 1)}
    rows = [r for r in sheet.rows if r.line > head.line]
    if len(rows) > table.MOST_ROWS:
        return Plan(troubles=(Trouble(0, "", "too_many_rows", {"most": table.MOST_ROWS}),))
    if not rows:
        troubles.append(Trouble(head.line, "", "no_rows", {}))
    made = _Made(there, house, new_id, may)
    for row in rows:
        texts = {field: _plain(row.cells[n]) if n < len(row.cells) else "" for n, field in fields.items()}
        if row.line not in spoilt:
            made.add(row.line, texts)
    troubles += made.troubles
    if troubles:
        return Plan(troubles=tuple(sorted(troubles, key=lambda t: t.line)), unused=unused, other=sheet.other)
    return Plan(tuple(made.new), tuple(made.changes), made.same, (), unused, sheet.other)


class _Made:
    """Rows as they are taken, one after the other."""

    def __init__(
        self, there: Sequence[Item], house: House, new_id: Callable[[], str], may: Callable[[Item], bool]
    ) -> None:
        self._by_id = {i.id: i for i in there}
        self._by_key: dict[tuple[str, str], list[Item]] = {}
        for item in there:
            self._by_key.setdefault(model.key_of(item), []).append(item)
        self._house, self._new_id, self._may = house, new_id, may
        self._lines: dict[object, int] = {}
        self.new: list[Item] = []
        self.changes: list[Change] = []
        self.same = 0
        self.troubles: list[Trouble] = []

    def add(self, line: int, texts: Mapping[str, str]) -> None:
        id, version = model.clean(texts.get("id", "")), model.clean(texts.get("version", ""))
        before = self._by_id.get(id)
        given = self._given(texts, before)
        item, wrong = model.make(given, self._house, id=id or "new", line=line)
        self.troubles += wrong
        if item is None:
            return
        if id and before is None:
            self._wrong(line, "id", "no_such_id", said=id[:40])
            return
        if before is None:
            twins = self._by_key.get(model.key_of(item), [])
            if len(twins) > 1:
                self._wrong(line, "name", "which_one")
                return
            before = twins[0] if twins else None
            if before:  # now that it is known, what the file has no column for stays
                item, _ = model.make(self._given(texts, before), self._house, id=before.id, line=line)
                assert item is not None
        first = self._lines.setdefault(before.id if before else model.key_of(item), line)
        if first != line:
            self._wrong(line, "name", "twice", first=first)
        elif before and version and version != str(before.version):
            self._wrong(line, "version", "changed_since", said=version[:10], now=before.version)
        elif before is None or model.changed(before, item):
            self._take(line, before, item)
        else:
            self.same += 1

    def _take(self, line: int, before: Item | None, item: Item) -> None:
        if not self._may(item) or (before and not self._may(before)):
            self._wrong(line, "department", "not_yours")
        elif before is None:
            self.new.append(replace(item, id=self._new_id()))
        else:
            after = replace(item, id=before.id, version=before.version)
            self.changes.append(Change(before, after, model.changed(before, after)))

    @staticmethod
    def _given(texts: Mapping[str, str], before: Item | None) -> dict[str, str]:
        """The row's texts; for what it has no column for, those of the entry it changes."""
        kept = model.as_texts(before) if before else {}
        return {field: texts.get(field, kept.get(field, "")) for field in FIELDS}

    def _wrong(self, line: int, column: str, reason: str, **about: object) -> None:
        self.troubles.append(Trouble(line, column, reason, about))


def _heading(
    sheet: table.Sheet,
) -> tuple[table.Row, dict[int, str], tuple[str, ...], list[Trouble]] | Trouble:
    """The heading's row, field by column, headings that are not read, and what is wrong with it."""
    known = {letters(word): field for field, also in columns().items() for word in also}
    best: tuple[int, table.Row, dict[int, str]] | None = None
    for row in sheet.rows[:_HEAD_WITHIN]:
        fields = {n: known[letters(c)] for n, c in enumerate(row.cells) if letters(c) in known}
        if "name" in fields.values() and len(fields) >= _HEAD_LEAST and (best is None or len(fields) > best[0]):
            best = (len(fields), row, fields)
    if best is None:
        return Trouble(sheet.rows[0].line if sheet.rows else 0, "", "no_heading", {"heads": [heading("name")]})
    _, head, fields = best
    troubles = [
        Trouble(head.line, heading(field), "heading_twice", {})
        for field in dict.fromkeys(fields.values())
        if list(fields.values()).count(field) > 1
    ]
    troubles += [
        Trouble(head.line, heading(field), "heading_missing", {})
        for field in ("secrecy", "department")
        if field not in fields.values()
    ]
    unused = []
    for n, cell in enumerate(head.cells):
        if n in fields or not cell.strip():
            continue
        meant = _meant(cell, known, set(fields.values()))
        if meant:
            troubles.append(Trouble(head.line, cell[:40], "heading_unknown", {"meant": meant}))
        else:
            unused.append(model.clean(cell)[:40])
    return head, fields, tuple(unused), troubles


def _meant(cell: str, known: Mapping[str, str], taken: set[str]) -> str:
    """A heading of ours that is misspelt here; blank where it is something else."""
    said = letters(cell)
    near = [(fuzz.ratio(said, word), field) for word, field in known.items() if field not in taken and len(word) > 2]
    score, field = max(near, default=(0, ""))
    return heading(field) if score >= _ALIKE else ""


def _plain(cell: str) -> str:
    """A cell's text without the quote that keeps a spreadsheet from running it."""
    return cell[1:] if _QUOTED.match(cell) else cell
