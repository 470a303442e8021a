"""What this machine tells: key, database, company files, index."""

from __future__ import annotations

import os
import stat
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from knowledge import company
from knowledge.content import Knowledge, load
from knowledge.errors import ContentError
from knowledge.index import default_index_path

from ..services import with_index
from ..settings import Settings
from ..store import Health, KeyRefused, Sealer, StoreError, database_file, engine_of, look, open_key
from .finding import Finding, finding

_LATE_S = 15 * 60  # by then a delivery should have been answered or given up


@dataclass(frozen=True)
class CompanyFiles:
    """knowledge: None where it cannot be loaded, with how many problems there are."""

    folder: Path
    knowledge: Knowledge | None
    problems: int = 0


def read_company(settings: Settings) -> CompanyFiles:
    """Content and company files together, as serve loads them."""
    folder = settings.company_dir or company.default_dir({})
    try:
        return CompanyFiles(folder, load(folder))
    except ContentError as error:
        return CompanyFiles(folder, None, len(error.problems))


def examine(settings: Settings, files: CompanyFiles, *, now: float) -> Iterator[Finding]:
    """Key, database, company files, index. now: UTC epoch seconds."""
    sealer, key = _key(settings.key_file)
    health: Health | None = None
    refused = ""
    try:
        health = look(settings.database_url, sealer)
    except StoreError as error:
        refused = str(error)
    yield key or _fit(settings.key_file, sealer, health, refused)
    yield from _database(settings, health, refused)
    if health and not (health.damage or health.behind or health.newer):
        yield from _deliveries(health, now)
    yield from _company(settings, files)
    yield _index(files)


# --- key


def _key(path: Path) -> tuple[Sealer | None, Finding | None]:
    """The key, or what keeps it from being used; neither where it is not there."""
    try:
        if not path.exists():
            return None, None
        if _exposed(path):
            return None, finding("key", "exposed", path=path)
        return open_key(path, store_is_new=False), None
    except (KeyRefused, OSError) as error:
        return None, finding("key", "broken", path=path, detail=error)


def _fit(path: Path, sealer: Sealer | None, health: Health | None, refused: str) -> Finding:
    """Whether the key, or its absence, goes with the database."""
    if sealer is None:
        return finding("key", "away" if refused else "missing" if health else "new", path=path)
    if health is None:
        return finding("key", "unproven" if refused else "unused", path=path)
    fits = {True: "ok", False: "other", None: "unproven"}
    return finding("key", fits[health.key_fits], path=path)


def _exposed(path: Path) -> bool:
    return os.name != "nt" and bool(path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO))


# --- database


def _database(settings: Settings, health: Health | None, refused: str) -> Iterator[Finding]:
    if refused:
        yield finding("database", "refused", detail=refused)
        return
    path = database_file(settings.database_url)
    if health is None:
        place = path.parent if path else settings.data_dir
        can = path is None or _can_make(path)
        yield finding("database", "new" if can else "no_place", engine=engine_of(settings.database_url), place=place)
        return
    if path and _exposed(path):
        yield finding("database", "exposed", path=path)
    key = "damaged" if health.damage else "newer" if health.newer else "behind" if health.behind else "ok"
    yield finding("database", key, engine=engine_of(settings.database_url), detail=health.damage)


def _can_make(path: Path) -> bool:
    """Whether a file can be made there; its folders may be missing."""
    folder = next(parent for parent in path.absolute().parents if parent.exists())
    return folder.is_dir() and os.access(folder, os.W_OK | os.X_OK)


def _deliveries(health: Health, now: float) -> Iterator[Finding]:
    found = []
    backlog = health.backlog
    late_s = now - backlog.oldest_at if backlog.oldest_at is not None else 0.0
    if late_s > _LATE_S:
        found.append(finding("deliveries", "backlog", count=backlog.open, minutes=int(late_s // 60)))
    elif backlog.open:
        found.append(finding("deliveries", "waiting", count=backlog.open))
    if backlog.expired:
        found.append(finding("deliveries", "given_up", count=backlog.expired))
    if health.troubles:
        reasons = Counter(trouble.reason or trouble.state for trouble in health.troubles)
        detail = ", ".join(f"{reason} {count}" for reason, count in sorted(reasons.items()))
        found.append(finding("deliveries", "troubles", count=len(health.troubles), detail=detail))
    yield from found or [finding("deliveries", "ok")]


# --- content


def _company(settings: Settings, files: CompanyFiles) -> Iterator[Finding]:
    if files.knowledge is None:
        yield finding("company", "problems", count=files.problems)
    elif not files.folder.exists():
        yield finding("company", "lost" if settings.company_dir else "none", path=files.folder)
    else:
        desk = files.knowledge.company.company_desk()
        name = desk.name if desk else ""
        yield finding("company", "ok" if desk else "no_desk", path=files.folder, desk=name)


def _index(files: CompanyFiles) -> Finding:
    if files.knowledge is None:
        return finding("index", "skipped")
    path = default_index_path()
    with_index(files.knowledge, path).index.close()
    kept = path.exists() and os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)
    return finding("index", "ok" if kept else "memory", path=path)
