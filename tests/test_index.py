"""The index file: built once, rebuilt when it must be, never in the way."""

from __future__ import annotations

import logging
import os
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest

import knowledge.index
from knowledge.index import Index, Passage, default_index_path
from knowledge.search import search

PASSAGES = [
    Passage("usb", "私物のUSBメモリを会社のパソコンにつながないでください。"),
    Passage("mark", "秘密の書類には、ひと目でわかるように社外秘と書きます。"),
    Passage("desk", "漏えいに気づいたら、まず社内の窓口に電話します。"),
]
QUESTION = "USBメモリはつないでいい？"


@pytest.fixture
def builds(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Filled with the digest of every index that is built ("" in memory)."""
    made: list[str] = []
    build = knowledge.index._build
    monkeypatch.setattr(knowledge.index, "_build", lambda *given: (made.append(given[-1]), build(*given)))
    return made


def first(index: Index, question: str = QUESTION) -> str:
    return search(question, index)[0].id


def test_an_index_is_built_once_for_the_same_content(tmp_path: Path, builds: list[str]) -> None:
    path = tmp_path / "deep" / "index.db"
    for _ in range(3):
        index = Index.open(PASSAGES, path, synonyms={"メモリ": ["媒体"]})
        assert first(index) == "usb"
        index.close()
    assert len(builds) == 1
    assert {file.name for file in path.parent.iterdir()} == {"index.db", "index.db.lock"}


@pytest.mark.parametrize(
    "passages, synonyms",
    [
        (PASSAGES[:2], {}),
        (PASSAGES[::-1], {}),
        ([*PASSAGES[:2], Passage("desk", PASSAGES[2].text, title="連絡")], {}),
        ([*PASSAGES[:2], Passage("desk", PASSAGES[2].text, questions=("どこに電話？",))], {}),
        (PASSAGES, {"電話": ["連絡"]}),
    ],
)
def test_other_content_builds_again(
    tmp_path: Path, builds: list[str], passages: list[Passage], synonyms: dict[str, list[str]]
) -> None:
    Index.open(PASSAGES, tmp_path / "index.db").close()
    Index.open(passages, tmp_path / "index.db", synonyms=synonyms).close()
    assert len(set(builds)) == 2


@pytest.mark.parametrize("changed", ["version", "dictionary"])
def test_another_tokeniser_builds_again(
    tmp_path: Path, builds: list[str], monkeypatch: pytest.MonkeyPatch, changed: str
) -> None:
    Index.open(PASSAGES, tmp_path / "index.db").close()
    if changed == "version":
        monkeypatch.setattr(knowledge.index, "version", lambda name: "0.0")
    else:
        home = tmp_path / "home"
        (home / "words").mkdir(parents=True)
        for name in knowledge.index._SHAPED_BY:
            (home / name).write_bytes((knowledge.index.HERE / name).read_bytes())
        (home / "user_dictionary.csv").write_text("社外秘,名詞-普通名詞-一般,シャガイヒ,社外秘\n", encoding="utf-8")
        monkeypatch.setattr(knowledge.index, "HERE", home)
    Index.open(PASSAGES, tmp_path / "index.db").close()
    assert len(set(builds)) == 2


@pytest.mark.parametrize("damage", ["garbage", "empty", "cut", "middle"])
def test_a_damaged_file_is_built_again(tmp_path: Path, builds: list[str], damage: str) -> None:
    path = tmp_path / "index.db"
    Index.open(PASSAGES, path).close()
    whole = path.read_bytes()
    middle = whole[:4096] + os.urandom(len(whole) - 8192) + whole[-4096:]
    path.write_bytes({"garbage": b"not a database", "empty": b"", "cut": whole[:5000], "middle": middle}[damage])
    index = Index.open(PASSAGES, path)
    assert first(index) == "usb"
    index.close()
    assert len(builds) == 2
    Index.open(PASSAGES, path).close()
    assert len(builds) == 2


def test_damage_while_it_is_open_does_not_end_the_answers(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path = tmp_path / "index.db"
    index = Index.open(PASSAGES, path)
    index._connection.execute("PRAGMA cache_size = 0")  # else all of so small a file is in memory already
    with path.open("r+b") as file:
        file.truncate(100)
    assert first(index) == "usb"
    assert "built again in memory" in caplog.text
    assert first(index, "どこに電話する？") == "desk"


@pytest.mark.parametrize("place", ["under_a_file", "a_folder", "locked_by_garbage"])
def test_a_place_that_cannot_be_used_means_memory_and_a_warning(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, place: str
) -> None:
    path = tmp_path / "index.db"
    if place == "under_a_file":
        path.write_text("a file", encoding="utf-8")
        path = path / "index.db"
    elif place == "a_folder":
        path.mkdir()
    else:
        path.with_name("index.db.lock").write_bytes(b"x" * 5000)
    with caplog.at_level(logging.WARNING):
        assert first(Index.open(PASSAGES, path)) == "usb"
    [record] = [record for record in caplog.records if "kept in memory" in record.getMessage()]
    assert str(path) in record.getMessage() and record.exc_info is None


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_without_write_permission_means_memory(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    tmp_path.chmod(0o500)
    try:
        assert first(Index.open(PASSAGES, tmp_path / "index.db")) == "usb"
    finally:
        tmp_path.chmod(0o700)
    assert "kept in memory" in caplog.text


def test_a_database_of_something_else_is_left_alone(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path = tmp_path / "himitsu.db"
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE cases (id)")
    other.close()
    before = path.read_bytes()
    assert first(Index.open(PASSAGES, path)) == "usb"
    assert path.read_bytes() == before
    assert "something else" in caplog.text


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="Windows has none")
def test_what_is_no_file_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "pipe"  # stands for /dev/null
    os.mkfifo(path)
    assert first(Index.open(PASSAGES, path)) == "usb"
    assert path.is_fifo() and [*tmp_path.iterdir()] == [path]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
def test_only_its_owner_may_read_the_file(tmp_path: Path) -> None:
    Index.open(PASSAGES, tmp_path / "index.db").close()
    assert (tmp_path / "index.db").stat().st_mode & 0o777 == 0o600


def test_what_a_killed_process_left_is_cleared(tmp_path: Path) -> None:
    (tmp_path / "index.db.new").write_bytes(b"half an index")
    assert first(Index.open(PASSAGES, tmp_path / "index.db")) == "usb"
    assert not (tmp_path / "index.db.new").exists()


def test_processes_that_start_together_build_one_file(tmp_path: Path) -> None:
    program = """
import sys, pathlib, knowledge.index as module
from knowledge.search import search
build = module._build
module._build = lambda *given: (print("built"), build(*given))
index = module.Index.open([module.Passage("usb", "私物のUSBメモリ")], pathlib.Path(sys.argv[1]))
assert search("USB", index)[0].id == "usb"
"""
    command = [sys.executable, "-c", program, str(tmp_path / "index.db")]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parent.parent), "PYTHONUTF8": "1"}
    started = [
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment)
        for _ in range(3)
    ]
    ended = [process.communicate(timeout=120) for process in started]
    assert [process.returncode for process in started] == [0, 0, 0], ended
    assert "".join(out for out, _ in ended).split() == ["built"]


def test_threads_share_an_index(tmp_path: Path) -> None:
    index = Index.open(PASSAGES, tmp_path / "index.db")
    asked = [("USBメモリ", "usb"), ("社外秘と書く", "mark"), ("どこに電話する？", "desk")]
    wrong: list[object] = []

    def ask(shift: int) -> None:
        for turn in range(60):
            question, expected = asked[(turn + shift) % 3]
            try:
                if first(index, question) != expected:
                    wrong.append(question)
            except Exception as reason:
                wrong.append(reason)

    threads = [threading.Thread(target=ask, args=(shift,)) for shift in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_memory_and_file_answer_alike(tmp_path: Path) -> None:
    for question in (QUESTION, "漏えいしたら", "ひみつの書類"):
        assert search(question, Index.open(PASSAGES, None)) == search(question, Index.open(PASSAGES, tmp_path / "i.db"))


def test_the_environment_names_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HIMITSU_INDEX", str(tmp_path / "mine.db"))
    assert default_index_path() == tmp_path / "mine.db"
    monkeypatch.setenv("HIMITSU_INDEX", " ")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert default_index_path() == tmp_path / "himitsu" / "index.db"


ODD = {
    "blank": "",
    "emoji": "🔒",
    "surrogate": "\ud800",
    "operators": '"OR" NOT (*',
    "null": "\x00",
    "long": "ア" * 3000,
}


@pytest.mark.parametrize("odd", ODD.values(), ids=ODD)
def test_any_passage_can_be_indexed(odd: str) -> None:
    index = Index.open([Passage(odd, odd, odd, (odd,)), *PASSAGES], None, synonyms={odd: [odd]})
    assert first(index) == "usb"
