"""dev.py: what it decides and says. Nothing here installs anything or needs a network."""

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import dev


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A project folder with locks and an empty .venv."""
    for name in ["pyproject.toml", *dev.SOURCES]:
        (tmp_path / name).write_text(f"# {name}\n", encoding="utf-8")
    (tmp_path / ".venv").mkdir()
    monkeypatch.setattr(dev, "ROOT", tmp_path)
    monkeypatch.setattr(dev, "VENV", tmp_path / ".venv")
    return tmp_path


@pytest.fixture
def commands(project, monkeypatch):
    """Every command dev.py would run, in order; all succeed."""
    ran = []

    def call(command, **_):
        ran.append([str(part) for part in command])
        return 0

    monkeypatch.setattr(subprocess, "call", call)
    monkeypatch.setattr(dev, "run_last", lambda command, cwd=None: call(command))
    return ran


def pip_commands(commands):
    return [command for command in commands if command[1:4] == ["-m", "pip", "install"]]


# --- the stamp


@pytest.mark.parametrize("name", ["pyproject.toml", "requirements-build.lock", "requirements.lock"])
def test_a_changed_file_changes_the_digest(project, name):
    before = dev.digest("runtime")
    (project / name).write_text("changed", encoding="utf-8")
    assert dev.digest("runtime") != before


def test_a_changed_dev_lock_leaves_the_runtime_alone(project):
    runtime, everything = dev.digest("runtime"), dev.digest("dev")
    (project / "requirements-dev.lock").write_text("changed", encoding="utf-8")
    assert dev.digest("runtime") == runtime
    assert dev.digest("dev") != everything


def test_a_moved_folder_is_installed_again(project, monkeypatch):
    before = dev.digest("runtime")
    moved = project.rename(project.with_name("moved"))
    monkeypatch.setattr(dev, "ROOT", moved)
    assert dev.digest("runtime") != before


def test_the_second_start_installs_nothing(project, commands):
    dev.prepare("runtime")
    assert pip_commands(commands)
    commands.clear()
    dev.prepare("runtime")
    assert not pip_commands(commands)


def test_after_test_try_has_nothing_to_install_but_not_the_other_way_round(project, commands):
    dev.prepare("dev")
    commands.clear()
    dev.prepare("runtime")
    assert not pip_commands(commands)
    dev.stamp().unlink()
    dev.prepare("runtime")
    commands.clear()
    dev.prepare("dev")
    assert pip_commands(commands)


def test_an_interrupted_installation_is_not_taken_for_a_finished_one(project, commands, monkeypatch):
    dev.prepare("runtime")
    (project / "requirements.lock").write_text("changed", encoding="utf-8")
    monkeypatch.setattr(dev, "pip", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        dev.prepare("runtime")
    assert dev.installed() == []


def test_a_venv_that_does_not_start_is_made_again(project, commands, monkeypatch):
    made = []
    monkeypatch.setattr(dev, "works", lambda code: False)
    monkeypatch.setattr(dev, "make_venv", lambda: made.append(True))
    dev.prepare("runtime")
    assert made and dev.digest("runtime") in dev.installed()


# --- command lines


def test_everything_from_a_lock_is_installed_by_its_hash_and_the_build_tools_come_first(project, commands):
    dev.prepare("dev")
    installs = pip_commands(commands)
    locks = [Path(command[command.index("-r") + 1]).name for command in installs if "-r" in command]
    assert locks == ["requirements-build.lock", "requirements-dev.lock"]
    assert all("--require-hashes" in command for command in installs if "-r" in command)
    assert all("--no-build-isolation" in command for command in installs)
    assert installs[-1][-3:] == ["--no-deps", "-e", str(project)]


@pytest.mark.parametrize(
    ("typed", "program", "rest"),
    [
        (["try"], "himitsu", ["try"]),
        (["try", "--terminal"], "himitsu", ["try", "--terminal"]),
        (
            ["himitsu", "ask", "--json", "この図面、客先に送っていい？"],
            "himitsu",
            ["ask", "--json", "この図面、客先に送っていい？"],
        ),
        (["himitsu"], "himitsu", []),
        (["himitsu", "--help"], "himitsu", ["--help"]),
        (["test"], "python", ["-m", "pytest"]),
        (["test", "-k", "desk and not old"], "python", ["-m", "pytest", "-k", "desk and not old"]),
    ],
)
def test_what_is_typed_becomes_this_command(commands, typed, program, rest):
    assert dev.main(typed) == 0
    assert commands[-1] == [dev.script(program), *rest]


def test_check_runs_all_four_and_names_those_that_failed(project, capsys, monkeypatch):
    ran = []

    def call(command, **_):
        ran.append(command)
        return int("format" in command)

    monkeypatch.setattr(subprocess, "call", call)
    assert dev.check() == 1
    assert len(ran) == 4
    assert capsys.readouterr().err.endswith("Failed: ruff format --check\n")


def test_programs_are_found_on_windows_too(project):
    assert Path(dev.script("himitsu", windows=True)) == project / ".venv" / "Scripts" / "himitsu.exe"
    assert Path(dev.script("himitsu", windows=False)) == project / ".venv" / "bin" / "himitsu"


def test_standard_output_is_left_to_the_command(commands, capsys):
    dev.main(["himitsu", "ask", "--json", "x"])
    assert capsys.readouterr().out == ""


# --- the locks


def test_lock_check_passes_when_resolving_changes_nothing(commands, monkeypatch):
    monkeypatch.setattr(dev, "resolve", lambda folder, options: None)
    assert dev.main(["lock", "--check"]) == 0


def test_lock_check_shows_what_would_change_and_leaves_the_locks_alone(project, commands, capsys, monkeypatch):
    monkeypatch.setattr(dev, "resolve", lambda folder, options: (folder / "requirements.lock").write_text("click==9\n"))
    assert dev.main(["lock", "--check"]) == 1
    said = capsys.readouterr().err
    assert "+click==9" in said and "python3 dev.py lock" in said
    assert (project / "requirements.lock").read_text(encoding="utf-8") == "# requirements.lock\n"


def requirements(lock):
    """The pins of a lock, each with its hashes on one line."""
    text = (Path(dev.__file__).parent / lock).read_text(encoding="utf-8").replace("\\\n", " ")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


@pytest.mark.parametrize("lock", dev.SOURCES)
def test_the_locks_pin_and_hash_everything_and_name_no_address(lock):
    lines = requirements(lock)
    assert lines
    assert all("==" in line and "--hash=sha256:" in line for line in lines)
    assert "://" not in "".join(lines) and "index" not in "".join(lines)


def test_the_locks_agree_with_each_other():
    assert {*requirements("requirements-build.lock"), *requirements("requirements.lock")} <= {
        *requirements("requirements-dev.lock")
    }


def test_words_are_cut_by_the_dictionary_the_tests_know():
    pins = {line.split()[0] for line in requirements("requirements.lock")}
    assert {"fugashi==1.5.2", "unidic-lite==1.0.8"} <= pins


def test_the_backend_that_builds_the_project_is_in_the_lock():
    pyproject = tomllib.loads((Path(dev.__file__).parent / "pyproject.toml").read_text(encoding="utf-8"))
    pins = {line.split("==")[0] for line in requirements("requirements-build.lock")}
    assert {*pyproject["build-system"]["requires"], "editables", "setuptools", "pip"} <= pins


# --- messages


@pytest.mark.parametrize("version", [(3, 11, 0), (3, 13, 1), (4, 0, 0)])
def test_a_new_enough_python_is_no_problem(version):
    assert dev.python_problem(version) is None


def test_an_old_python_is_told_which_one_to_use(monkeypatch):
    monkeypatch.setattr(dev.shutil, "which", lambda name: name if name == "python3.12" else None)
    assert dev.python_problem((3, 9, 6)) == (
        "himitsu needs Python 3.11 or newer; this is 3.9. Run it with python3.12 instead."
    )
    monkeypatch.setattr(dev.shutil, "which", lambda name: None)
    assert "python.org" in dev.python_problem((3, 9, 6))


def test_a_failed_installation_says_what_to_do(project, monkeypatch):
    monkeypatch.setattr(subprocess, "call", lambda *_, **__: 1)
    with pytest.raises(SystemExit, match=r"HTTPS_PROXY.*same command again"):
        dev.pip("-r", "requirements.lock")


def test_without_venv_and_pip_it_names_the_package_to_install(project, monkeypatch):
    monkeypatch.setattr(dev, "quiet", lambda command: False)
    with pytest.raises(SystemExit, match="python3-venv"):
        dev.make_venv()


def test_a_missing_lock_is_named(project):
    (project / "requirements.lock").unlink()
    with pytest.raises(SystemExit, match=r"requirements\.lock cannot be read"):
        dev.digest("runtime")


@pytest.mark.parametrize(("typed", "code"), [([], 2), (["tset"], 2), (["--help"], 0)])
def test_an_unknown_command_shows_the_help_and_installs_nothing(commands, capsys, typed, code):
    assert dev.main(typed) == code
    assert "dev.py try" in capsys.readouterr().err
    assert commands == []


def test_it_can_be_started_from_another_folder(tmp_path):
    done = subprocess.run([sys.executable, dev.__file__, "--help"], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0 and "dev.py test" in done.stderr
