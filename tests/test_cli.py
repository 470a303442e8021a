"""The himitsu command: what it prints, what it refuses, and what it never says."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

import bot.services
from bot.cli import main
from bot.render import labels
from knowledge.errors import ContentError, Problem

ROOT = Path(__file__).parents[1]
SECRET = "A社から預かった図面を外注先に送っていい？"
VAGUE = "この資料、取引先に見せてもいいですか？"
KEYS = (
    "id intent verdict flags desks other_desks sections rules evidence would_change ask settings sources answer ms"
).split()


@pytest.fixture(scope="session")
def home(tmp_path_factory):
    folder = tmp_path_factory.mktemp("himitsu")
    (folder / "no-company").mkdir()
    return folder


@pytest.fixture(autouse=True)
def environment(home, monkeypatch):
    monkeypatch.setenv("HIMITSU_INDEX", str(home / "index.db"))
    monkeypatch.setenv("HIMITSU_COMPANY_DIR", str(home / "no-company"))


@pytest.fixture
def himitsu():
    def run(*args, given=None):
        return CliRunner().invoke(main, [*args], input=given)

    return run


def rows(result):
    return [json.loads(line) for line in result.stdout.splitlines()]


def without_ms(row):
    return {key: value for key, value in row.items() if key != "ms"}


# --- ask


def test_an_answer_begins_with_the_verdict_and_quotes_the_message(himitsu):
    result = himitsu("ask", SECRET)
    assert result.exit_code == 0
    assert result.stdout.startswith(labels()["verdict"]["secret"] + "\n")
    assert "預かった" in result.stdout and "もと: " in result.stdout


def test_json_is_one_line_with_the_promised_keys_in_order(himitsu):
    result = himitsu("ask", "--json", SECRET)
    (row,) = rows(result)
    assert [*row] == KEYS
    assert row["id"] is None and (row["intent"], row["verdict"]) == ("secret_check", "secret")
    assert all([*e] == ["text", "means"] and e["text"] in SECRET for e in row["evidence"])
    assert all([*s] == ["id", "title", "date", "url", "certainty"] for s in row["sources"])
    assert "\\u" not in result.stdout


def test_words_need_no_quotes(himitsu):
    (row,) = rows(himitsu("ask", "--json", "この図面を", "送っていい？"))
    assert row["intent"] == "secret_check"


def test_without_a_text_it_reads_standard_input_whole(himitsu):
    (row,) = rows(himitsu("ask", "--json", given="この図面を\n送っていい？\n"))
    assert row["verdict"] == "secret"


@pytest.mark.parametrize("blank", ["", " \n　", "\t"], ids=["nothing", "blanks", "tab"])
def test_blank_is_help(himitsu, blank):
    assert rows(himitsu("ask", "--json", given=blank))[0]["intent"] == "help"
    assert rows(himitsu("ask", "--json", blank))[0]["intent"] == "help"


def test_a_question_is_answered_by_number_and_ends_in_a_verdict(himitsu):
    (row,) = rows(himitsu("ask", "--json", VAGUE))
    assert row["verdict"] == "review" and row["ask"]["question"] and len(row["ask"]["options"]) >= 2
    (row,) = rows(himitsu("ask", "--json", VAGUE, "--choose", "1"))
    assert row["ask"] is None and row["verdict"] == "secret"
    assert "お答え: " in himitsu("ask", VAGUE, "--choose", "1").stdout


@pytest.mark.parametrize(
    "choices", [["--choose", "99"], ["--choose", "0"], ["--choose", "x"], ["--choose", "1", "--choose", "1"]]
)
def test_a_number_that_is_not_offered_is_refused(himitsu, choices):
    result = himitsu("ask", VAGUE, *choices)
    assert result.exit_code == 2 and "--choose" in result.stderr and result.stdout == ""


def test_json_lines_are_answered_in_order_and_a_bad_one_in_its_place(himitsu):
    given = [
        json.dumps({"id": "a", "text": SECRET}, ensure_ascii=False),
        "{こわれている",
        "",
        json.dumps({"id": "b", "text": ""}),
        "[1, 2]",
        '{"id": "c"}',
        '{"text": "図面"}',
        '{"id": "d", "text": 5}',
        "[" * 50_000,
        json.dumps({"id": 7, "text": "こんにちは", "extra": 1}),
    ]
    result = himitsu("ask", "--jsonl", given="\n".join(given))
    found = rows(result)
    assert result.exit_code == 1 and result.stderr == ""
    assert [row["id"] for row in found] == ["a", None, "b", None, None, None, None, None, 7]
    assert [row["line"] for row in found if row["id"] is None] == [2, 5, 6, 7, 8, 9]
    assert all([*row] == ["id", "line", "error"] and row["error"] for row in found if row["id"] is None)
    assert [row["intent"] for row in found if row["id"] in ("b", 7)] == ["help", "help"]
    assert "こわれ" not in result.stdout


def test_good_lines_exit_with_zero_and_no_lines_print_nothing(himitsu):
    assert himitsu("ask", "--jsonl", given='\ufeff{"id": "a", "text": "図面を送っていい？"}\r\n').exit_code == 0
    result = himitsu("ask", "--jsonl", given="")
    assert (result.exit_code, result.stdout) == (0, "")


def test_the_same_input_gives_the_same_bytes_but_for_the_time(himitsu):
    given = "\n".join(
        json.dumps({"id": str(n), "text": t})
        for n, t in enumerate([SECRET, VAGUE, "漏れたかも", "INPITの電話番号は？"])
    )
    first, second = (himitsu("ask", "--jsonl", given=given) for _ in range(2))
    assert [*map(without_ms, rows(first))] == [*map(without_ms, rows(second))]
    alone = rows(himitsu("ask", "--json", SECRET))[0]
    assert without_ms(alone) | {"id": "0"} == without_ms(rows(first)[0])


def test_choices_are_used_on_the_lines_that_ask(himitsu):
    given = "\n".join(json.dumps({"id": t, "text": t}) for t in (VAGUE, "こんにちは"))
    result = himitsu("ask", "--jsonl", "--choose", "1", given=given)
    assert result.exit_code == 0
    assert [row["verdict"] for row in rows(result)] == ["secret", None]
    assert [row["id"] for row in rows(himitsu("ask", "--jsonl", "--choose", "99", given=given))] == [None, "こんにちは"]


def test_unpaired_surrogates_come_back_as_they_were(himitsu):
    text = "図面\ud800を送っていい？"
    result = himitsu("ask", "--jsonl", given='{"id": "\\udfff", "text": ' + json.dumps(text) + "}")
    (row,) = rows(result)
    assert row["id"] == "\udfff" and all(e["text"] in text for e in row["evidence"])
    result.stdout.encode("utf-8")


@pytest.mark.parametrize(
    "data",
    [b"\xff\xfe\x00\x80\n", bytes(range(256)), b"\x00" * 100, "図面".encode("cp932")],
    ids=["utf16", "all", "nul", "cp932"],
)
def test_bytes_that_are_no_text_are_read_all_the_same(himitsu, data):
    assert himitsu("ask", given=data).exit_code == 0
    assert himitsu("ask", "--jsonl", given=data).exit_code == 1


def test_a_long_text_is_read_to_its_ten_thousandth_character_and_says_so(himitsu):
    result = himitsu("ask", "図面を送っていい？" + "あ" * 40_000)
    assert result.exit_code == 0 and "1万文字" in result.stdout


def test_nothing_that_moves_the_cursor_or_turns_the_writing_is_printed(himitsu):
    result = himitsu("ask", "A社から\x1b[2J預かった\u202e図面\x07を送っていい？")
    assert not set("\x1b\x07\u202e") & set(result.stdout)


@pytest.mark.parametrize("command", ["ask", "search"])
@pytest.mark.parametrize("args", [["--json", "--jsonl"], ["--jsonl", "図面"], ["--nope"]])
def test_options_that_do_not_go_together_are_refused(himitsu, command, args):
    assert himitsu(command, *args).exit_code == 2


# --- search


def test_search_finds_facts_with_their_source(himitsu):
    result = himitsu("search", "私物のUSBメモリ", "--limit", "3")
    assert result.exit_code == 0 and "USB" in result.stdout and result.stdout.count("もと: ") == 3


def test_search_prints_ids_and_scores_best_first(himitsu):
    given = '{"id": "q", "text": "USBメモリ"}\nx\n{"id": "none", "text": ""}'
    result = himitsu("search", "--jsonl", "--limit", "4", given=given)
    hit, bad, none = rows(result)
    assert result.exit_code == 1 and bad["line"] == 2 and none == {"id": "none", "hits": []}
    assert [*hit] == ["id", "hits"] and len(hit["hits"]) == 4 and all([*h] == ["id", "score"] for h in hit["hits"])
    scores = [h["score"] for h in hit["hits"]]
    assert scores == sorted(scores, reverse=True)
    assert rows(himitsu("search", "--json", "USBメモリ"))[0]["hits"][:4] == hit["hits"]
    assert len(rows(himitsu("search", "--json", "USBメモリ"))[0]["hits"]) == 10


def test_search_reads_passages_of_ones_own(himitsu, tmp_path):
    corpus = tmp_path / "own.jsonl"
    corpus.write_text(
        '{"id": "a", "text": "梅雨は雨の季節です。"}\n{"id": "b", "text": "秘密の図面です。"}\n', encoding="utf-8"
    )
    assert rows(himitsu("search", "--json", "梅雨", "--corpus", str(corpus)))[0]["hits"][0]["id"] == "a"
    assert "梅雨は雨の季節です。" in himitsu("search", "梅雨", "--corpus", str(corpus)).stdout
    assert "見つかりません" in himitsu("search", "zzzz", "--corpus", str(corpus)).stdout


def test_a_corpus_that_cannot_be_read_is_told_with_its_line(himitsu, tmp_path):
    corpus = tmp_path / "own.jsonl"
    corpus.write_text('{"id": "a", "text": "x"}\n{"id": "a", "text": "y"}\n', encoding="utf-8")
    result = himitsu("search", "x", "--corpus", str(corpus))
    assert result.exit_code == 1 and "line 2" in result.stderr
    assert himitsu("search", "x", "--corpus", str(tmp_path / "none")).exit_code == 2


# --- content


def test_our_own_content_has_no_problem(himitsu):
    result = himitsu("validate")
    assert (result.exit_code, result.stdout) == (0, "直すところはありません。\n")


def test_the_example_that_init_writes_is_valid_and_is_not_written_twice(himitsu, tmp_path):
    folder = tmp_path / "company"
    result = himitsu("init", str(folder))
    assert result.exit_code == 0 and str(folder / "company.yaml") in result.stdout
    assert himitsu("validate", str(folder)).exit_code == 0
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    result = himitsu("init", str(folder))
    assert result.exit_code == 1 and "company.yaml" in result.stderr
    assert before == {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_validate_lists_every_problem_of_the_company_files(himitsu, tmp_path):
    (tmp_path / "company.yaml").write_text("nme: x\ndesks: [{id: a}]\n", encoding="utf-8")
    (tmp_path / "words").mkdir()
    (tmp_path / "words" / "w.yaml").write_text("a: {words: 5}\n", encoding="utf-8")
    result = himitsu("validate", str(tmp_path))
    assert result.exit_code == 1
    assert "'nme'" in result.stdout and "w.yaml" in result.stdout and "直すところが" in result.stdout


def test_content_with_problems_stops_every_command_and_lists_them_all(himitsu, monkeypatch):
    problems = [Problem("a.yaml", "x", "is bad."), Problem("b.yaml", "y", "is worse.")]

    def refuse(*_):
        raise ContentError(problems)

    monkeypatch.setattr(bot.services, "load", refuse)
    for command in (["ask", "x"], ["search", "x"], ["try"], ["eval", str(ROOT / "tests/eval/dev.jsonl")]):
        result = himitsu(*command)
        assert result.exit_code == 2 and result.stdout == ""
        assert "a.yaml: x: is bad." in result.stderr and "b.yaml: y: is worse." in result.stderr
        assert "Traceback" not in result.output


# --- what goes wrong


@pytest.fixture
def broken(monkeypatch):
    def fail(text, *_, **__):
        raise KeyError(text)

    monkeypatch.setattr(
        bot.services, "read", lambda text, *a, **k: fail(text) if text != "準備" else _real(text, *a, **k)
    )


_real = bot.services.read


def test_an_unexpected_error_is_told_calmly_and_says_nothing_of_the_message(himitsu, broken, caplog):
    result = himitsu("ask", SECRET)
    assert result.exit_code == 1 and result.stdout == ""
    assert "参照 " in result.stderr and "社内窓口" in result.stderr
    everything = result.output + caplog.text
    assert "KeyError" in caplog.text and "預かった" not in everything and "Traceback" not in everything
    reference = result.stderr.split("参照 ")[1][:4]
    assert f"reference={reference}" in caplog.text
    assert himitsu("ask", VAGUE).stderr == result.stderr  # the same fault, the same reference


def test_one_line_that_fails_leaves_the_others_alone(himitsu, monkeypatch, caplog):
    def read(text, *args, **kwargs):
        return _real(text, *args, **kwargs) if "ゾルダ" not in text else 1 / 0

    monkeypatch.setattr(bot.services, "read", read)
    result = himitsu("ask", "--jsonl", given='{"id": "a", "text": "ゾルダ"}\n{"id": "b", "text": "こんにちは"}')
    assert result.exit_code == 1 and [row["id"] for row in rows(result)] == [None, "b"]
    assert "ゾルダ" not in result.output + caplog.text


def test_a_message_is_never_logged(himitsu, caplog):
    caplog.set_level(0)
    himitsu("ask", "--json", SECRET)
    himitsu("search", "極秘のコード名ゾルダ")
    assert "預かった" not in caplog.text and "ゾルダ" not in caplog.text


# --- help


@pytest.mark.parametrize(
    "command",
    [[], *([name] for name in main.commands), *(["bench", name] for name in ("read", "search", "checks", "all"))],
)
def test_every_command_explains_itself_in_japanese_and_english(himitsu, command):
    result = himitsu(*command, "--help")
    assert result.exit_code == 0
    body = result.stdout.split("Options:")[0]
    assert any("ぁ" <= c <= "ん" for c in body) and any(
        len(line.split()) > 4 and line.isascii() for line in body.splitlines()
    )
    assert max(map(len, result.stdout.splitlines())) <= 100


def test_the_version_is_printed(himitsu):
    assert himitsu("--version").stdout.startswith("himitsu ")


# --- figures


def test_eval_prints_the_figures_of_the_script_given_to_us(himitsu, tmp_path):
    gold = ROOT / "tests" / "eval" / "dev.jsonl"
    lines = gold.read_text(encoding="utf-8").splitlines()[:40]
    few = tmp_path / "few.jsonl"
    few.write_text("\n".join(lines), encoding="utf-8")
    read = himitsu("ask", "--jsonl", given="\n".join(lines))
    (tmp_path / "read.jsonl").write_text(read.stdout, encoding="utf-8")
    command = [sys.executable, ROOT / "tests" / "eval" / "score.py", few, tmp_path / "read.jsonl"]
    theirs = subprocess.run(command, capture_output=True, text=True, check=True, encoding="utf-8").stdout
    assert himitsu("eval", str(few)).stdout == theirs
    figures = json.loads(himitsu("eval", str(few), "--json", "--variants").stdout)
    assert figures["messages"] == 40 and 0 <= figures["robustness"]["total"] <= 1
    assert "robustness" not in json.loads(himitsu("eval", str(few), "--json").stdout)


def test_eval_refuses_a_file_with_bad_labels(himitsu, tmp_path):
    bad = tmp_path / "bad.jsonl"
    bad.write_text('{"id": "a", "text": "x", "intent": "chat"}\n', encoding="utf-8")
    result = himitsu("eval", str(bad))
    assert result.exit_code == 1 and f"{bad}:1" in result.stderr


def test_bench_prints_one_figure_a_line(himitsu, monkeypatch):
    from bot.bench import search

    monkeypatch.setattr(search, "run", lambda folder: {"passages": 2, "clean": {"r1": 0.5}})
    result = himitsu("bench", "search", "--ir", str(ROOT))
    assert [line.split() for line in result.stdout.splitlines()] == [
        ["search.passages", "2"],
        ["search.clean.r1", "0.5"],
    ]
    assert json.loads(himitsu("bench", "search", "--ir", str(ROOT), "--json").stdout)["search"]["passages"] == 2
    assert himitsu("bench", "search").exit_code == 2


def test_bench_read_measures_everything_it_names(himitsu, tmp_path, monkeypatch):
    from bot.bench import read

    for name, small in {"ROUNDS": 1, "STARTS": 1, "BUILDS": 1, "FEW": 2, "MANY": 20}.items():
        monkeypatch.setattr(read, name, small)
    messages = tmp_path / "m.jsonl"
    messages.write_text("".join(json.dumps({"id": str(n), "text": VAGUE}) + "\n" for n in range(3)), encoding="utf-8")
    found = json.loads(himitsu("bench", "read", "--messages", str(messages), "--json").stdout)["read"]
    assert found["messages"] == 3 and found["start_s"] > 0 and found["index_build_s"] > 0
    assert found["reading"]["with_search"]["median_ms"] <= found["reading"]["with_search"]["p99_ms"]
    assert {"2", "20", "ratio", "build_s"} == {*found["rules"]}
    if Path("/proc/self/smaps").exists():
        assert 0 < found["memory"]["private"] <= found["memory"]["used"] < 500


# --- as a process


def process(*args, given=b"", **kwargs):
    environment = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "error::ResourceWarning"}
    return subprocess.run(
        [sys.executable, "-m", "bot.cli", *args], input=given, capture_output=True, env=environment, **kwargs
    )


def test_in_a_bare_locale_japanese_goes_in_and_out():
    os.environ["LC_ALL"] = "C"
    try:
        done = process("ask", "--json", SECRET)
    finally:
        del os.environ["LC_ALL"]
    assert done.returncode == 0 and done.stderr == b""
    assert json.loads(done.stdout.decode("utf-8"))["verdict"] == "secret"


@pytest.mark.skipif(os.name == "nt", reason="head")
def test_a_reader_that_leaves_early_is_no_error():
    given = "".join(json.dumps({"id": str(n), "text": VAGUE}) + "\n" for n in range(300)).encode()
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "bot.cli", "ask", "--jsonl"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment
    ) as run:
        head = subprocess.Popen(["head", "-n", "1"], stdin=run.stdout, stdout=subprocess.PIPE)
        run.stdout.close()
        try:
            run.stdin.write(given)
            run.stdin.close()
        except BrokenPipeError:
            pass
        assert json.loads(head.communicate()[0])["id"] == "0"
        assert run.stderr.read() == b""
