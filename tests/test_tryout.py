"""The chat in the terminal: what it answers, and that it works in a pipe, on a narrow screen, and without colour."""

import builtins
import io
import os
import re
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from bot.cli import main
from bot.render import labels
from bot.services import open_services
from bot.tryout import terminal
from bot.tryout.terminal import WORDS, Chat, Reply

ROOT = Path(__file__).parents[1]
SECRET = "A社から預かった図面を外注先に送っていい？"
VAGUE = "この資料、取引先に見せてもいいですか？"


@pytest.fixture(scope="module")
def services(tmp_path_factory):
    home = tmp_path_factory.mktemp("himitsu")
    (home / "no-company").mkdir()
    return open_services(home / "no-company", home / "index.db")


@pytest.fixture
def chat(services):
    return Chat(services)


def options(text):
    return re.findall(r"^\s*(\d)\) (.+)$", text, re.M)


# --- the conversation


def test_a_message_gets_its_answer(chat):
    reply = chat.say(SECRET)
    assert reply.tone == "secret" and reply.text.startswith(labels()["verdict"]["secret"])


def test_a_follow_up_question_leads_to_a_verdict(chat):
    assert len(options(chat.say(VAGUE).text)) >= 2
    reply = chat.say("1")
    assert reply.tone == "secret" and not options(reply.text)


@pytest.mark.parametrize("number", ["1", "１", "①", " 1 ", "1。"])
def test_a_number_may_be_typed_in_any_width(chat, number):
    chat.say(VAGUE)
    assert "お答え: " in chat.say(number).text


def test_an_option_may_be_typed_as_words(chat):
    shown = options(chat.say(VAGUE).text)
    assert f"お答え: {shown[0][1]}" in chat.say(shown[0][1]).text


@pytest.mark.parametrize("path", [["3", "1", "1"], ["3", "1", "2"], ["3", "3"], ["4"], ["2"]])
def test_every_way_through_the_questions_ends(chat, path):
    text = chat.say(VAGUE).text
    for number in path:
        assert options(text)
        text = chat.say(number).text
    assert not options(text)


def test_a_number_that_is_not_offered_leaves_the_question_open(chat):
    shown = options(chat.say(VAGUE).text)
    reply = chat.say("9")
    assert str(len(shown)) in reply.text and reply.tone == ""
    assert "お答え: " in chat.say("1").text


def test_something_else_is_a_new_message(chat):
    chat.say(VAGUE)
    assert chat.say(SECRET).tone == "secret"
    assert chat.say("1").tone not in ("secret", "public")  # the old question is closed


@pytest.mark.parametrize("word", ["出典", "「出典」", "もと", "ＳＯＵＲＣＥＳ"])
def test_the_sources_are_shown_in_full(chat, word):
    assert chat.say(word).text == WORDS["no_answer"]
    chat.say(SECRET)
    text = chat.say(word).text
    assert "秘密情報の取り扱いチェック項目" in text and "確認" in text and "INPIT" not in text.splitlines()[0]
    assert chat.say(word).text == text  # asking for them changes nothing


def test_sources_leave_the_question_open(chat):
    chat.say(VAGUE)
    chat.say("出典")
    assert "お答え: " in chat.say("1").text


def test_the_history_holds_what_was_asked_here(chat):
    assert chat.say("履歴").text == WORDS["no_history"]
    chat.say(SECRET)
    chat.say(VAGUE)
    text = chat.say("履歴").text
    assert f"1. {SECRET}" in text and f"2. {VAGUE}" in text


@pytest.mark.parametrize("word", ["ヘルプ", "help", "ﾍﾙﾌﾟ", "？", "?"])
def test_help_names_every_word_of_the_chat(chat, word):
    text = chat.say(word).text
    assert all(name in text for name in ("出典", "履歴", "ヘルプ", "終了"))


@pytest.mark.parametrize("word", ["終了", "quit", "EXIT", "おわり", "「終了」"])
def test_it_leaves_politely(chat, word):
    assert chat.say(word) == Reply(WORDS["goodbye"], ends=True)


# --- through a pipe


def piped(given, **environment):
    runner = CliRunner(env=environment)
    return runner.invoke(main, ["try", "--terminal"], input=given)


@pytest.fixture(autouse=True)
def environment(tmp_path_factory, services, monkeypatch):
    (empty := tmp_path_factory.getbasetemp() / "no-company").mkdir(exist_ok=True)
    monkeypatch.setenv("HIMITSU_COMPANY_DIR", str(empty))
    monkeypatch.setenv("HIMITSU_INDEX", str(tmp_path_factory.getbasetemp() / "index.db"))


def test_a_pipe_gets_one_plain_answer_a_line_and_no_prompt():
    result = piped(f"{SECRET}\n\n{VAGUE}\n1\nこんにちは\n")
    assert result.exit_code == 0 and result.stderr == ""
    assert "himitsu>" not in result.stdout and "\x1b" not in result.stdout and "│" not in result.stdout
    answers = result.stdout.strip().split("\n\n")
    assert len(answers) == 4
    assert answers[0].startswith("🔒") and "お答え: " in answers[2]


@pytest.mark.parametrize(
    "given", ["", "\n\n", b"\xff\xfe\x00\n", "終了\n図面を送っていい？\n"], ids=["nothing", "blank", "bytes", "leave"]
)
def test_a_pipe_always_ends_well(given):
    result = piped(given)
    assert result.exit_code == 0 and "🔒" not in result.stdout


def test_one_message_that_fails_does_not_end_the_chat(monkeypatch, caplog):
    import bot.services

    real = bot.services.read
    monkeypatch.setattr(
        bot.services, "read", lambda text, *a, **k: real(text, *a, **k) if "ゾルダ" not in text else 1 / 0
    )
    result = piped("ゾルダを送っていい？\nこんにちは\n")
    first, second = result.stdout.strip().split("\n\n")
    assert result.exit_code == 0 and "参照 " in first and "聞いてください" in second
    assert "ゾルダ" not in result.output + caplog.text


def test_nothing_that_moves_the_cursor_is_printed():
    assert "\x1b" not in piped("A社から\x1b[2J預かった図面を送っていい？\n履歴\n").stdout


# --- on a screen


@pytest.fixture
def screen(monkeypatch, services):
    """Runs the chat as a person would, and gives what is drawn."""

    def run(*typed, columns=80, keys=None, **environment):
        drawn = io.StringIO()
        drawn.isatty = lambda: True
        stdin = io.StringIO()
        stdin.isatty = lambda: True
        monkeypatch.setattr(sys, "stdout", drawn)
        for name in ("NO_COLOR", "FORCE_COLOR"):
            monkeypatch.delenv(name, raising=False)
        for name, value in {"COLUMNS": str(columns), "TERM": "xterm-256color", **environment}.items():
            monkeypatch.setenv(name, value)
        waiting = iter(typed)

        def answer(prompt):
            drawn.write(f"{prompt}\n")
            line = next(waiting, keys or EOFError())
            if isinstance(line, BaseException):
                raise line
            return line

        monkeypatch.setattr(builtins, "input", answer)
        terminal.run(Chat(services), failed=str, stdin=stdin)
        return drawn.getvalue()

    return run


def columns_of(line):
    line = re.sub(r"\x1b\[[0-9;]*m", "", line)
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in line)


def test_a_person_gets_a_prompt_a_greeting_and_a_goodbye(screen):
    text = screen(SECRET)
    assert text.count("himitsu> ") == 2
    assert "秘密情報" in text.split("himitsu> ")[0] and text.rstrip().endswith(WORDS["goodbye"])


def test_the_word_ends_it_with_one_goodbye(screen):
    assert screen("終了").count(WORDS["goodbye"]) == 1


def test_control_c_leaves_as_politely(screen):
    assert screen(SECRET, keys=KeyboardInterrupt()).rstrip().endswith(WORDS["goodbye"])


@pytest.mark.parametrize("columns", [24, 40, 49, 50, 80, 200])
def test_every_line_fits_the_screen(screen, columns):
    text = screen(SECRET, VAGUE, "1", "出典", "ヘルプ", "履歴", "スマホをなくした", columns=columns)
    assert max(map(columns_of, text.splitlines())) <= columns


def test_a_narrow_screen_loses_no_word(screen):
    def words(text):
        return re.sub(r"[\s│╭╮╰╯─]|\x1b\[[0-9;]*m", "", text)

    assert words(screen(SECRET, columns=40)) == words(screen(SECRET, columns=120))


@pytest.mark.parametrize(
    ("line", "width", "expected"),
    [
        ("秘密情報を守る。", 12, "秘密情報を守\nる。"),
        ("秘密情報を守る。", 14, "秘密情報を守\nる。"),  # not 。 alone
        ("図面は「預かり」です", 8, "図面は\n「預か\nり」です"),
        ("1) 他社から預かったもの", 12, "1) 他社から\n預かったもの"),
        ("abc def ghi", 8, "abc def\nghi"),
        ("https://example.com/a", 8, "https://\nexample.\ncom/a"),
        ("", 10, ""),
        ("一\n\n二", 10, "一\n\n二"),
    ],
)
def test_japanese_is_broken_where_japanese_breaks(line, width, expected):
    assert terminal.folded(line, width) == expected


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet="図面をっ、。「」()ab 1x-🔒ー\n", max_size=60), st.integers(4, 30))
def test_folding_loses_nothing_and_fits(text, width):
    lines = terminal.folded(text, width)
    assert re.sub(r"\s", "", lines) == re.sub(r"\s", "", text)
    assert all(cell_len(line) <= width for line in lines.split("\n"))


def test_without_colour_it_says_the_same(screen):
    coloured, plain = screen(SECRET), screen(SECRET, NO_COLOR="1")
    assert "\x1b[31m" in coloured and not re.search(r"\x1b\[(?:3|4|9)\d", plain)
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == re.sub(r"\x1b\[[0-9;]*m", "", plain)
    assert "\x1b" not in screen(SECRET, TERM="dumb")


def test_each_verdict_is_told_in_words_as_well_as_in_colour(screen):
    text = screen(SECRET, VAGUE, "スマホをなくした", NO_COLOR="1")
    assert labels()["verdict"]["secret"] in text and labels()["verdict"]["ask"] in text and "🚨 まず" in text


def test_markup_in_a_message_is_only_text(screen):
    assert "[red]図面[/red]" in screen("[red]図面[/red] :lock: を送っていい？", "履歴")


def test_it_works_where_there_is_no_readline(screen, monkeypatch):
    real = builtins.__import__

    def without(name, *rest):
        if name == "readline":
            raise ImportError(name)
        return real(name, *rest)

    monkeypatch.setattr(builtins, "__import__", without)
    assert "🔒" in screen(SECRET)


# --- as a process


@pytest.mark.skipif(os.name == "nt", reason="no pseudo-terminal")
def test_in_a_real_terminal_the_arrow_key_brings_back_the_last_message_and_nothing_is_written(tmp_path):
    import pty

    pytest.importorskip("readline")
    home = tmp_path / "home"
    home.mkdir()
    settings = {"HOME": str(home), "PYTHONPATH": str(ROOT), "TERM": "xterm", "COLUMNS": "60", "LC_ALL": "C.UTF-8"}
    ours, theirs = pty.openpty()
    run = subprocess.Popen(
        [sys.executable, "-m", "bot.cli", "try", "--terminal"],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env=os.environ | settings,
        cwd=tmp_path,
    )
    os.close(theirs)

    def read_until(mark):
        seen = b""
        while mark not in seen:
            seen += os.read(ours, 65536)
        return seen.decode("utf-8")

    read_until(b"himitsu> ")
    os.write(ours, "ゾルダのUSBメモリをなくした\n".encode())
    assert "🚨" in read_until(b"himitsu> ")
    os.write(ours, b"\x1b[A\n")
    assert "ゾルダのUSBメモリをなくした" in read_until(b"himitsu> ")
    os.write(ours, b"\x04")
    rest = b""
    try:
        while chunk := os.read(ours, 65536):
            rest += chunk
    except OSError:  # Linux: the other end is closed
        pass
    assert run.wait(20) == 0 and WORDS["goodbye"].encode() in rest
    os.close(ours)
    written = [p for p in tmp_path.rglob("*") if p.is_file()]
    assert not any("ゾルダ".encode() in p.read_bytes() for p in written)


def test_a_start_loads_neither_slack_nor_what_only_draws():
    code = "import sys, bot.cli, bot.tryout.terminal; print([m for m in sys.modules if m.split('.')[0] in ('rich', 'slack_bolt', 'slack_sdk', 'sqlalchemy')])"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=os.environ | {"PYTHONPATH": str(ROOT)}
    )
    assert done.stdout.strip() == "[]", done.stderr
