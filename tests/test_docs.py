"""What the READMEs say, held against the code: commands, examples, variables, files."""

import ast
import json
import re
import shlex
from functools import cache
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

import dev
from bot.cli import main

ROOT = Path(__file__).parents[1]
READMES = ("README.md", "README.ja.md")
DOCUMENTS = (
    *READMES,
    "CHANGELOG.md",
    "deploy/README.md",
    "tests/eval/README.md",
    "knowledge/company_template/README.md",
)
# Read by libraries and by pip, not by our code.
THEIRS = {"NO_COLOR", "TERM", "HTTPS_PROXY", "SSL_CERT_FILE"}
# Commands whose output is the same on every machine and quick to get.
RUN = {"ask", "search", "try", "init", "validate"}

FENCE = re.compile(r"^ *```(\w*)\n(.*?)^ *```$", re.M | re.S)
SPAN = re.compile(r"`([^`\n]+)`")
COMMAND = re.compile(r"\bhimitsu ((?:[a-z][a-z-]*|--?[a-z][a-z-]*)(?: .*)?)")
PATH = re.compile(r"(?:bot|dialogs|knowledge|tests)/[\w./*-]+")
VARIABLE = re.compile(r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+|TERM|APPDATA|LOCALAPPDATA")


@cache
def text(name):
    return (ROOT / name).read_text(encoding="utf-8")


def outside_fences(name):
    return FENCE.sub("", text(name))


def blocks(name):
    """(prompt line without `$ `, lines shown below it) of every console block."""
    found = []
    for language, body in FENCE.findall(text(name)):
        for line in body.splitlines() if language == "console" else ():
            if line.startswith("$ "):
                found.append((line[2:], []))
            else:
                found[-1][1].append(line)
    return found


def commands(name):
    """What stands behind `himitsu` in code spans and after prompts."""
    code = [*SPAN.findall(outside_fences(name)), *(line for line, _ in blocks(name))]
    return [found[1] for line in code if (found := COMMAND.search(line))]


def problem(command):
    """What is wrong with `COMMAND [SUBCOMMAND] [OPTIONS …]`, or None."""
    here = main
    for word in shlex.split(command.split(" | ")[0].split(" < ")[0].replace("…", "")):
        if word.startswith("-"):
            known = {option for parameter in here.params for option in parameter.opts} | {"-h", "--help"}
            if word.split("=")[0] not in known:
                return f"{here.name} has no option {word}"
        elif isinstance(here, click.Group):
            found = here.get_command(click.Context(here), word)
            if found is None:
                return f"{here.name} has no command {word}"
            here = found
    return None


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_command_that_is_named_exists(name):
    assert [found for c in commands(name) if (found := problem(c))] == []


def test_a_command_that_is_not_there_is_found():
    assert (
        problem("served --http") and problem("serve --https") and problem("ask --jsonp x") and problem("bench slacks")
    )
    assert problem('ask "…" --choose 2') is None


@pytest.mark.parametrize("name", READMES)
def test_every_command_of_the_cli_is_named(name):
    named = {c.split()[0] for c in commands(name)}
    assert set(main.commands) <= named


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_command_of_dev_py_that_is_named_exists(name):
    known = set(re.findall(r"^python3 dev\.py (\w+)", dev.__doc__, re.M))
    assert set(re.findall(r"python3 dev\.py (\w+)", text(name))) <= known


# --- examples


def shown(block):
    """Every console block that can be run here, with what is to be seen in its output."""
    line, output = block
    fed = re.fullmatch(r"printf '(.*)' \| (.*)", line)
    given, line = (fed[1].replace("\\n", "\n"), fed[2]) if fed else (None, line)
    words = shlex.split(line.removeprefix("python3 dev.py himitsu ").removeprefix("python3 dev.py "))
    words = words[1:] if words[0] == "himitsu" else words
    return (tuple(words), given, tuple(output)) if words[0] in RUN and "<" not in words else None


EXAMPLES = sorted({example for name in READMES for block in blocks(name) if (example := shown(block))}, key=str)


@pytest.mark.parametrize("words, given, output", EXAMPLES, ids=[" ".join(words) for words, _, _ in EXAMPLES])
def test_an_example_shows_what_the_command_prints(words, given, output, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)  # where there are no company files
    monkeypatch.delenv("HIMITSU_COMPANY_DIR", raising=False)
    monkeypatch.setenv("HIMITSU_INDEX", str(tmp_path / "index.db"))
    printed = CliRunner().invoke(main, list(words), input=given).stdout
    at = 0
    for piece in (part for line in output for part in line.split("…") if part.strip()):
        found = printed.find(piece.strip(), at)
        assert found >= 0, f"{piece.strip()!r} is not in what is printed:\n{printed[at:]}"
        at = found + len(piece.strip())


def test_every_example_is_in_both_readmes():
    first, second = ([(line, output) for line, output in blocks(name)] for name in READMES)
    assert first == second


# --- environment variables


def read_by_the_code():
    """Names looked up in os.environ (or a mapping called environment), and every HIMITSU_… and SLACK_… there is."""
    found = set()
    for path in [
        ROOT / "dev.py",
        *(p for folder in ("bot", "dialogs", "knowledge") for p in (ROOT / folder).rglob("*.py")),
    ]:
        source = path.read_text(encoding="utf-8")
        found |= set(re.findall(r'(?:environ|environment)(?:\.get\(|\.pop\(|\[)\s*"(\w+)"|getenv\(\s*"(\w+)"', source))
        constants = [
            n.value for n in ast.walk(ast.parse(source)) if isinstance(n, ast.Constant) and isinstance(n.value, str)
        ]
        found |= {(v, "") for v in constants if re.fullmatch(r"(HIMITSU|SLACK)_[A-Z_]+", v)}
    # Python's own variables are only handed on to the processes that `himitsu bench` starts.
    return {name for pair in found for name in pair if name and not name.startswith("PYTHON")}


@pytest.mark.parametrize("name", READMES)
def test_the_environment_variables_are_those_the_code_reads(name):
    in_table = set(re.findall(r"^\| `([A-Z_]+)` \|", text(name), re.M))
    assert in_table == read_by_the_code()
    spans = [s for s in SPAN.findall(outside_fences(name)) if VARIABLE.fullmatch(s.split("=")[0])]
    assert {s.split("=")[0] for s in spans} - THEIRS == in_table


# --- from zero to the first answer


def clicks(name):
    """(number, what to click) of each step in the section on Slack; a name in bold is the button's."""
    section = re.search(r"^## (?:On Slack|Slackで使う)\n(.*?)^## ", text(name), re.M | re.S)[1]
    return [(int(n), bold) for n, bold in re.findall(r"^(\d+)\. (?:\*\*([^*]+)\*\*)?", section, re.M)]


@pytest.mark.parametrize("name", READMES)
def test_the_first_answer_on_slack_takes_at_most_25_clicks(name):
    numbers = [number for number, _ in clicks(name)]
    assert numbers == list(range(1, len(numbers) + 1)) and 10 < len(numbers) <= 25
    assert f"{len(numbers)} clicks" in text(name) or f"{len(numbers)}クリック" in text(name)


def test_both_readmes_click_the_same():
    assert clicks("README.md") == clicks("README.ja.md")


# --- both languages, links, marks


def test_both_readmes_have_the_same_headings():
    first, second = (re.findall(r"^(#+) ", outside_fences(name), re.M) for name in READMES)
    assert first == second


@pytest.mark.parametrize("name", DOCUMENTS)
def test_links_lead_to_files_that_exist(name):
    targets = [t.split("#")[0] for t in re.findall(r"\]\(([^)\s]+)\)", outside_fences(name)) if "://" not in t]
    folder = (ROOT / name).parent
    assert [t for t in targets if t and not (folder / t).exists()] == []


@pytest.mark.parametrize("name", DOCUMENTS)
def test_paths_that_are_named_exist(name):
    named = [s for s in SPAN.findall(outside_fences(name)) if PATH.fullmatch(s)]
    assert [p for p in named if not any(ROOT.glob(p))] == []


@pytest.mark.parametrize("name", READMES)
@pytest.mark.parametrize("block", ["quality", "speed"])
def test_the_figures_have_their_place(name, block):
    assert len(re.findall(rf"^<!-- {block}:begin -->\n(?:.*\n)*?<!-- {block}:end -->$", text(name), re.M)) == 1


def test_ids_of_labelled_messages_are_unique_over_all_files():
    files = [ROOT / "tests/eval/dev.jsonl", *sorted((ROOT / "tests/cases").glob("*.jsonl"))]
    ids = [json.loads(line)["id"] for f in files for line in f.read_text(encoding="utf-8").splitlines() if line.strip()]
    assert len(ids) == len(set(ids))
