"""A small content tree for tests of loading and checking, and empty databases for tests of the store."""

import os
import shutil
import subprocess
import tempfile
import textwrap
import uuid
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from knowledge import cache, content

# One or two items of each kind, all ids met.
HOUSE = {
    "words/spelling.yaml": "dialect:\n- [よか, いい]\n",
    "words/kinds.yaml": """
        drawing: {group: kind, label: 図面, flags: [technical], nature: secret, words: [図面]}
        spec: {group: kind, label: 仕様, flags: [technical], nature: secret, words: [仕様書]}
        plan: {group: kind, label: 計画, flags: [business], nature: secret, words: [事業計画]}
        generic: {group: kind, label: 資料, words: [資料]}
        medium: {group: medium, label: 公の媒体, words: [ホームページ]}
        publish: {group: publication, label: 公開, words: [公開, 発表]}
        disclose: {group: act, label: 渡す, words: [送る, 見せる]}
        audience_out: {group: audience, label: 社外, words: [客先, 外注]}
        """,
    "rules/secret.yaml": """
        rules:
        - {id: nature.technical, when: [drawing|spec], verdict: secret, grade: 40, sections: {C-1: 2}}
        - {id: nature.business, when: [plan], verdict: secret, grade: 40, sections: {C-1: 2}}
        - {id: published.done, when: [publish/done], verdict: public, grade: 65, sections: {B-2: 3}, source: leaflet.B-2.1}
        - {id: vague, when: [s_any], verdict: review, grade: 1, ask: what_is_it}
        """,
    "intents/intents.yaml": "rules:\n- {id: check.form, when: [s_permission], score: {secret_check: 1.1}}\n"
    "- {id: book.form, when: [s_wh], score: {handbook: 1.1}}\n",
    "intents/cues.yaml": 'cues:\n  "漏れる": {leak: 0.1}\n',
    "routing/flag_cues.yaml": "cues: {}\n",
    "routing/section_cues.yaml": 'cues:\n  "鍵": {C-1: 0.5}\n',
    "routing/verdict_cues.yaml": "cues: {}\n",
    "derive/relations.yaml": "rules:\n- {id: retract.x, when: [drawing, plan], gives: drop plan}\n",
    "routing/flags.yaml": "rules:\n- {id: flag.x, when: [drawing], flags: [insider]}\n",
    "routing/sections.yaml": "rules:\n- {id: s.C1, when: [drawing], sections: {C-1: 2}}\n",
    "routing/section_frames.yaml": """
        pieces: {staff: '(社員|新人)'}
        frames:
        - id: C-1.all_to_see
          section: C-1
          pattern: '{staff}に.{0,4}全部'
          worth: 3
          examples: {match: [新人に全部見せるとどうなりますか？], no_match: [全部の社員に話すとどうなりますか？]}
        """,
    "routing/desks.yaml": "rules:\n- {id: leak.own, for: [leak], flags: [technical|business], desk: inpit, order: 2}\n",
    "leaflet/B-2.yaml": """
        chapter: B-2
        facts:
          - {id: leaflet.B-2.1, text: 公開された情報は秘密ではありません。, certainty: seed, source: leaflet, verified_on: "2026-11-23", sections: [B-2], questions: [公開とは？], see: [leaflet.B-2.2]}
          - {id: leaflet.B-2.2, text: 二つ目です。, certainty: seed, source: leaflet, verified_on: "2026-11-23", sections: [B-2], questions: []}
        """,
    "sections.yaml": """
        sections:
          - {id: B-2, title: 使い方を決める, summary: 使い方を決めます。}
          - {id: C-1, title: 近寄りにくくする, summary: 人を絞ります。}
        """,
    "sources/all.yaml": "sources:\n  - {id: leaflet, title: チェック項目}\n",
    "desks.yaml": """
        desks:
          - id: inpit
            label: inpit
            name: INPIT
            for: [相談]
            channels: [{kind: web, value: "http://example.jp", mark: seed, source: leaflet, show: true}]
            verified_on: "2026-11-23"
            valid_until: "2027-05-23"
        situations:
          - {when: 漏れた, first: inpit, then: [company]}
        """,
    "glossary.yaml": "terms:\n  - {id: G-001, term: 秘密情報, definition: 守る情報です。}\n",
    "questions.yaml": """
        questions:
          - id: what_is_it
            text: それは何ですか。
            options:
              - {id: own, label: 図面, verdict: secret, measure: careful}
              - {id: other, label: ほか, verdict: review}
        """,
    "measures.yaml": """
        measures:
          - {id: careful, verdict: secret, why: 秘密です。, steps: [出さない], facts: [leaflet.B-2.1]}
          - {id: open, verdict: public, why: 公開です。, steps: [確かめる]}
          - {id: ask, verdict: review, why: 分かりません。, steps: [聞く]}
        """,
    "leak_steps.yaml": """
        steps:
          - {id: any, title: 漏れた, steps: [書いておく]}
        reasons: {inpit: 相談}
        """,
}


def write(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(text).lstrip("\n"), encoding="utf-8")
    return folder


@pytest.fixture
def lexicon_cache(tmp_path, monkeypatch) -> Path:
    """A cache of the test's own: nothing of the user's is read or thrown out."""
    folder = tmp_path / "cache"
    folder.mkdir()
    monkeypatch.setattr(cache, "cache_dir", lambda: folder)
    monkeypatch.setattr(cache, "_ours", {})
    return folder


@pytest.fixture
def house(tmp_path, monkeypatch, lexicon_cache) -> Path:
    """The small house in place of our content; gives its folder."""
    folder = write(tmp_path / "house", HOUSE)
    monkeypatch.setattr(content, "HERE", folder)
    monkeypatch.delenv("HIMITSU_COMPANY_DIR", raising=False)
    return folder


@pytest.fixture
def company_files(tmp_path) -> Callable[[dict[str, str]], Path]:
    """Writes company files and gives their folder."""
    return lambda files: write(tmp_path / "company", files)


@pytest.fixture
def edit() -> Callable[[Path, str, str, str], None]:
    """edit(folder, name, before, after): what an editor does to one of the files."""

    def change(folder: Path, name: str, before: str, after: str) -> None:
        path = folder / name
        text = path.read_text(encoding="utf-8")
        assert before in text
        path.write_text(text.replace(before, after), encoding="utf-8")

    return change


# --- databases: SQLite, and PostgreSQL by HIMITSU_TEST_DATABASE_URL or Debian's server, started here for the tests


def server_binaries() -> Path | None:
    """The newest installed PostgreSQL's folder with initdb and postgres."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if found:
        return found[-1].parent
    initdb = shutil.which("initdb")
    return Path(initdb).resolve().parent if initdb else None


def start_server(binaries: Path, folder: Path) -> subprocess.Popen:
    """A server of our own on a socket in folder; gives its process. It does not run as root: as root, it is postgres."""
    user = {"user": "postgres", "group": "postgres", "extra_groups": []} if os.geteuid() == 0 else {}
    if user:
        shutil.chown(folder, "postgres", "postgres")
    data = folder / "data"
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE, "cwd": folder}
    initdb = [binaries / "initdb", "-D", data, "-U", "himitsu", "-A", "trust", "-E", "UTF8", "--no-locale", "-N"]
    subprocess.run(initdb, check=True, **quiet, **user)
    options = ["-k", folder, "-h", "", "-c", "fsync=off", "-c", "max_connections=60"]
    server = subprocess.Popen(
        [binaries / "postgres", "-D", data, *options], **(quiet | {"stderr": subprocess.DEVNULL}), **user
    )
    ready = [binaries / "pg_isready", "-h", folder, "-U", "himitsu", "-q"]
    for _ in range(100):
        if subprocess.run([*ready, "-t", "1"], **quiet).returncode == 0:
            return server
        if server.poll() is not None:
            break
    server.kill()
    raise RuntimeError("PostgreSQL was installed and did not start.")


@pytest.fixture(scope="session")
def postgres_server():
    """The address of a PostgreSQL server where databases may be made, or the reason why there is none."""
    if given := os.environ.get("HIMITSU_TEST_DATABASE_URL"):
        yield given
        return
    binaries = server_binaries()
    if binaries is None:
        if os.environ.get("CI") == "true":
            pytest.fail("PostgreSQL is not installed here, and CI runs every test of the store on it.")
        warnings.warn(
            "The store was not tested on PostgreSQL: it is not installed (apt-get install postgresql).", stacklevel=1
        )
        pytest.skip("PostgreSQL is not installed (apt-get install postgresql)")
    folder = Path(tempfile.mkdtemp(prefix="himitsu-pg-", dir="/tmp"))  # a socket's path has to be short
    try:
        server = start_server(binaries, folder)
        try:
            yield f"postgresql://himitsu@/postgres?host={folder}"
        finally:
            server.terminate()
            server.wait(20)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def postgres_url(postgres_server):
    """A database of the test's own."""
    import sqlalchemy as sa

    name = f"t{uuid.uuid4().hex[:12]}"
    address = sa.make_url(postgres_server).set(drivername="postgresql+psycopg")
    engine = sa.create_engine(address, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(sa.text(f"CREATE DATABASE {name}"))
    yield address.set(drivername="postgresql", database=name).render_as_string(hide_password=False)
    with engine.connect() as connection:
        connection.execute(sa.text(f"DROP DATABASE {name} WITH (FORCE)"))
    engine.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request, tmp_path):
    """The address of an empty database, on each engine."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/himitsu.db"
    return request.getfixturevalue("postgres_url")


@pytest.fixture
def sealer():
    from bot.store import Sealer

    return Sealer([b"k" * 32])


@pytest.fixture
def store(url, sealer):
    from bot.store import open_store

    store = open_store(url, sealer)
    yield store
    store.close()


# --- a browser, for tests of the page


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """Debian's Chromium. Skips where there is none, fails where CI=true."""
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        message = "no Chromium here: the page is not tested (on Debian: apt-get install chromium fonts-noto-cjk)"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--lang=ja"])
        yield browser
        browser.close()


@pytest.fixture
def shots(request: pytest.FixtureRequest) -> Any:
    """Keeps screenshots where PAGE_SHOTS names a folder."""
    folder = os.environ.get("PAGE_SHOTS")

    def shot(page: Any, name: str) -> None:
        if folder:
            page.screenshot(path=str(Path(folder) / f"{request.node.name}-{name}.png"))

    return shot
