"""deploy/: what is written there fits the code, and holds no secret."""

import re
import shlex
from configparser import ConfigParser
from pathlib import Path

import pytest
import yaml

from bot.cli import main
from bot.settings import Settings

ROOT = Path(__file__).parents[1]
DEPLOY = ROOT / "deploy"
FILES = sorted(p for p in DEPLOY.iterdir() if p.is_file())
# Read by libraries, not by our code.
THEIRS = {"HTTPS_PROXY", "SSL_CERT_FILE"}
SECRETS = {"SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET"}


def variables(text):
    """NAME -> (value, whether it is in use) of env.example."""
    return {name: (value, not off) for off, name, value in re.findall(r"^(#?)([A-Z_]+)=(.*)$", text, re.M)}


@pytest.fixture(scope="module")
def example():
    return variables((DEPLOY / "env.example").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def unit():
    parser = ConfigParser(strict=True, interpolation=None)
    parser.optionxform = str
    parser.read(DEPLOY / "himitsu.service", encoding="utf-8")
    return parser


def read_by_the_code():
    """Names the code looks up in the environment, and every HIMITSU_… and SLACK_… in quotes."""
    found = set()
    for folder in ("bot", "dialogs", "knowledge"):
        for path in (ROOT / folder).rglob("*.py"):
            source = path.read_text(encoding="utf-8")
            found |= set(re.findall(r'environ(?:ment)?(?:\.get\(|\[)\s*"(\w+)"', source))
            found |= set(re.findall(r'"((?:HIMITSU|SLACK)_[A-Z_]+[A-Z])"', source))
    return {name for name in found if not name.startswith("PYTHON")}


def test_the_search_for_variables_finds_some_of_each_kind():
    assert {"SLACK_BOT_TOKEN", "HIMITSU_KEY_FILE", "HIMITSU_INDEX", "XDG_CACHE_HOME", "APPDATA"} <= read_by_the_code()


def test_env_example_names_every_variable_the_code_reads(example):
    assert set(example) == read_by_the_code() | {f"{name}_FILE" for name in SECRETS} | THEIRS


def test_env_example_is_understood_once_the_token_files_are_there(example, tmp_path):
    used = {name: value for name, (value, on) in example.items() if on}
    for name, begins in (("SLACK_BOT_TOKEN_FILE", "xoxb-1"), ("SLACK_APP_TOKEN_FILE", "xapp-1")):
        file = tmp_path / name
        file.write_text(begins)
        file.chmod(0o600)
        used[name] = str(file)
    found = Settings.from_environment(used)
    assert found.database_url == "sqlite:////var/lib/himitsu/himitsu.db"
    assert (found.bot_token, found.app_token) == ("xoxb-1", "xapp-1")


def test_values_behind_a_mark_are_what_holds_without_them(example):
    found = Settings.from_environment({"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1"})
    for name, value in {
        "SLACK_API_URL": found.api_url,
        "HIMITSU_HTTP_HOST": found.http_host,
        "HIMITSU_HTTP_PORT": str(found.http_port),
        "HIMITSU_POSTS_PER_SECOND": f"{found.posts_per_s:g}",
    }.items():
        assert example[name] == (value, False)


@pytest.mark.parametrize("path", FILES, ids=[p.name for p in FILES])
def test_there_is_no_secret(path, example):
    assert not re.search(r"xox[bp]-\w|xapp-\w|BEGIN .*KEY", path.read_text(encoding="utf-8"))
    assert all(example[name] == ("", False) for name in SECRETS)


def test_the_unit_starts_a_command_that_is_there(unit):
    program, *words = shlex.split(unit["Service"]["ExecStart"])
    assert program == "/opt/himitsu/.venv/bin/himitsu" and words == ["serve"] and "serve" in main.commands


def test_the_unit_may_write_where_env_example_says(unit, example):
    states = [f"/var/lib/{name}" for name in unit["Service"]["StateDirectory"].split()]
    caches = [f"/var/cache/{name}" for name in unit["Service"]["CacheDirectory"].split()]
    assert example["HIMITSU_DATA_DIR"][0] in states
    assert str(Path(example["HIMITSU_KEY_FILE"][0]).parent) in states
    assert str(Path(example["HIMITSU_INDEX"][0]).parent) in caches
    assert f"{example['XDG_CACHE_HOME'][0]}/himitsu" in caches


def test_the_unit_leaves_time_to_finish_and_starts_again(unit):
    assert int(unit["Service"]["TimeoutStopSec"]) >= 60 and unit["Service"]["Restart"] == "always"


def test_the_image_is_made_of_files_that_are_there_and_let_in():
    docker = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
    sources = {s for line in re.findall(r"^COPY (.*)$", docker, re.M) for s in line.split()[:-1]}
    ignore = (DEPLOY / "Dockerfile.dockerignore").read_text(encoding="utf-8").splitlines()
    assert ignore[1] == "*" and {line[1:] for line in ignore if line.startswith("!")} == sources
    assert all((ROOT / source).exists() for source in sources)
    known = read_by_the_code() | {
        "PYTHONDONTWRITEBYTECODE",
        "PIP_NO_CACHE_DIR",
        "PIP_DISABLE_PIP_VERSION_CHECK",
        "PATH",
    }
    assert set(re.findall(r"\b([A-Z][A-Z_]+)=", docker)) <= known


def test_compose_mounts_what_the_image_expects():
    service = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))["services"]["himitsu"]
    docker = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
    targets = {mount.split(":")[1] for mount in service["volumes"]}
    assert {"/data", "/key", "/cache", "/company", "/run/secrets"} == targets
    assert all(f"={target}" in docker for target in ("/data", "/key", "/company", "/cache"))
    assert {f"{name}_FILE" for name in SECRETS} >= set(service["environment"])
    assert service["read_only"] and service["cap_drop"] == ["ALL"]
