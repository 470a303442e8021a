"""The proof that people were told: which edition was shown to whom, when, how, and how they confirmed it.

Everything comes from the audit log, whose chain is verified with each export.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from dialogs.papers.pdf import Paper
from dialogs.papers.tables import Cell, to_csv, to_xlsx
from dialogs.rules.calendar import ZONE, epoch, tz
from dialogs.rules.chart import Week, bars
from dialogs.rules.models import Content

from ...store import audit, rules
from ...store.audit import Broken, Entry
from .house import House, words
from .rates import weeks as recent

KINDS = (
    "rule.published", "rule.shown", "rule.confirmed", "rule.reviewed", "rule.retired", "rule.handed", "rule.commented",
)  # fmt: skip
FORMATS = ("csv", "xlsx", "pdf")


@dataclass(frozen=True)
class Wanted:
    """What is exported; blank or None: all. since, until: dates in Japan, both counted in."""

    rule: str = ""
    person: str = ""
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True)
class Proof:
    """What an export holds. rows: as the head of rules.yaml names them."""

    rows: tuple[tuple[Cell, ...], ...]
    editions: tuple[tuple[Cell, ...], ...]
    whole: bool
    chain: str
    period: str
    made: str
    weeks: tuple[Week, ...] = ()


class Proofs:
    def __init__(self, house: House) -> None:
        self._house = house

    def collect(self, wanted: Wanted, now: float) -> Proof:
        """The records, the words of the editions they name, and whether the chain is whole."""
        found = [e for e in audit.entries(self._house.store, kinds=KINDS) if _fits(e, wanted)]
        contents = {
            (e.rule, e.number): e.content
            for rule in {e.subject for e in found}
            for e in rules.editions(self._house.store, rule)
        }
        named = {(e.subject, int(e.data.get("edition") or 0)) for e in found}
        rows = tuple(self._row(e, contents) for e in found)
        head = sorted(key for key in named if key in contents)
        editions = tuple(
            (rule, number, contents[rule, number].title, contents[rule, number].text, contents[rule, number].reason,
             contents[rule, number].digest)
            for rule, number in head
        )  # fmt: skip
        said = words()["proof"]
        since = wanted.since.isoformat() if wanted.since else said["all_time"]
        made = f"{datetime.fromtimestamp(now, tz(ZONE)):%Y-%m-%d %H:%M}"
        until = wanted.until.isoformat() if wanted.until else made
        weeks = () if wanted != Wanted() else tuple(recent(self._house, now))
        return Proof(
            rows,
            editions,
            *self.chain(),
            said["period"].format(since=since, until=until),
            said["made"].format(at=made),
            weeks,
        )

    def _row(self, entry: Entry, contents: dict[tuple[str, int], Content]) -> tuple[Cell, ...]:
        said = words()["proof"]
        number = int(entry.data.get("edition") or 0)
        content = contents.get((entry.subject, number))
        how = str(entry.data.get("how") or "")
        person = str(entry.data.get("person") or entry.actor or "")
        named = f"{self._house.name(person)} ({person})" if person else str(entry.data.get("channel") or said["bot"])
        return (
            f"{datetime.fromtimestamp(entry.at, tz(ZONE)):%Y-%m-%d %H:%M:%S}",
            entry.subject,
            number or "",
            content.title if content else "",
            named,
            said["words"][entry.kind],
            said["how"].get(how, how),
            str(entry.data.get("digest") or ""),
            entry.seq,
        )

    def chain(self) -> tuple[bool, str]:
        """Whether the audit log is whole, in words too."""
        said = words()["proof"]
        broken = audit.verify(self._house.store)
        if isinstance(broken, Broken):
            return False, str(said["chain_broken"].format(seq=broken.seq, reason=said["chain"][broken.reason]))
        seq, mac = audit.head(self._house.store) or (0, "-")
        return True, str(said["chain_ok"].format(seq=seq, mac=mac[:16]))


def _fits(entry: Entry, wanted: Wanted) -> bool:
    if wanted.rule and entry.subject != wanted.rule:
        return False
    if wanted.person and wanted.person not in (entry.actor, entry.data.get("person")):
        return False
    if wanted.since and entry.at < epoch(wanted.since, 0, ZONE):
        return False
    return not (wanted.until and entry.at >= epoch(wanted.until + timedelta(1), 0, ZONE))


def to_file(proof: Proof, form: str, now: float) -> bytes:
    """csv, xlsx or pdf."""
    said = words()["proof"]
    head: Sequence[str] = said["head"]
    if form == "csv":
        return to_csv(head, [*proof.rows, (), (proof.chain,), (proof.period,), (proof.made,)])
    about = [(proof.chain,), (proof.period,), (proof.made,)]
    if form == "xlsx":
        return to_xlsx(
            {
                said["records"]: (head, proof.rows),
                said["editions"]: (_edition_head(), proof.editions),
                said["title"]: ((said["title"],), about),
            }
        )
    return _pdf(proof, now)


def _rates(paper: Paper, weeks: Sequence[Week]) -> None:
    """How many answered, by week: drawn, and in figures."""
    said = words()["proof"]
    paper.heading(said["rates"])
    paper.svg(bars(weeks), width_mm=150)
    paper.text(said["rates_note"], small=True)
    rows = [[w.week, str(w.sent), str(w.answered), f"{w.percent}%"] for w in weeks if w.shown]
    paper.table(said["rates_head"], rows)


def _edition_head() -> tuple[str, ...]:
    field, head = words()["field"], words()["proof"]["head"]
    return head[1], head[2], field["title"], field["text"], field["reason"], head[7]


def _pdf(proof: Proof, now: float) -> bytes:
    said = words()["proof"]
    head = said["head"]
    paper = Paper(said["title"], made_at=datetime.fromtimestamp(now, tz(ZONE)))
    for line in (proof.period, proof.made, proof.chain):
        paper.text(line)
    if any(w.shown for w in proof.weeks):
        _rates(paper, proof.weeks)
    paper.heading(said["records"])
    if not proof.rows:
        paper.text(said["empty"])
    else:
        kept = [(0, 16), (1, 13), (2, 5), (4, 22), (5, 12), (6, 18), (8, 7)]
        rows = [[str(row[n]) for n, _ in kept] for row in proof.rows]
        paper.table([head[n] for n, _ in kept], rows, [w for _, w in kept])
    if proof.editions:
        paper.heading(said["editions"])
        for rule, number, title, text, reason, digest in proof.editions:
            paper.heading(f"{rule}  {head[2]} {number}  {title}", level=2)
            paper.text(str(text))
            paper.text(f"{words()['field']['reason']}: {reason}")
            paper.text(f"{head[7]}: {digest}", small=True)
    return paper.to_bytes()
