"""What the environment says, read once. Every problem is told at once, with where to get what is missing."""

from __future__ import annotations

import ipaddress
import os
import stat
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

SLACK = "https://slack.com/api/"
LEASE_S = 60
_TIMEOUT_S = 15  # of a request to Slack
_LEAST_LEASE_S, _LEAST_TRY_OUT_S = 2 * _TIMEOUT_S + 10, 4

_N = TypeVar("_N", int, float)

SECRETS = ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET")
_TOKENS = {  # name -> (how it begins, where to get it)
    "SLACK_BOT_TOKEN": ("xoxb-", "OAuth & Permissions > Bot User OAuth Token"),
    "SLACK_APP_TOKEN": ("xapp-", "Basic Information > App-Level Tokens, connections:write"),
    "SLACK_SIGNING_SECRET": ("", "Basic Information > App Credentials"),
}


class SettingsError(Exception):
    """Variables that are missing or wrong. problems: one sentence each, without any value of a secret."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True)
class Settings:
    """app_token is blank with `serve --http`, signing_secret without it. clock_url, company_dir: None where not set.

    api_url ends with a slash. key_file lies outside data_dir. posts_per_s: of the outbox, all replicas together.
    lease_s: how long a message that came in is its process's own.
    """

    bot_token: str = field(repr=False)
    app_token: str = field(repr=False)
    signing_secret: str = field(repr=False)
    api_url: str
    clock_url: str | None
    data_dir: Path
    database_url: str = field(repr=False)  # may hold a password
    key_file: Path
    company_dir: Path | None
    posts_per_s: float
    http_host: str
    http_port: int
    lease_s: int = LEASE_S

    @property
    def timeout_s(self) -> int:
        """Of a request to Slack: less than half a lease.

        Nothing is posted when less than that half is left, so that no two processes post the same answer.
        """
        return min(_TIMEOUT_S, self.lease_s // 2 - 1)

    @classmethod
    def from_environment(cls, environment: Mapping[str, str], *, http: bool = False) -> Settings:
        """The settings. http: for `serve --http`, which needs the signing secret in place of the app token.

        Blank variables count as not set. Raises SettingsError.
        """
        found, problems = cls.read(environment, http=http)
        if problems:
            raise SettingsError(problems)
        return found

    @classmethod
    def read(cls, environment: Mapping[str, str], *, http: bool = False) -> tuple[Settings, list[str]]:
        """The settings as far as they can be read, and every problem, each beginning with its variable's name."""
        reader = _Reader(environment)
        return reader.settings(http), reader.problems


class _Reader:
    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = environment
        self.problems: list[str] = []

    def settings(self, http: bool) -> Settings:
        api_url = self._api_url()
        data_dir = self._path("HIMITSU_DATA_DIR", _data_dir)
        return Settings(
            bot_token=self._secret("SLACK_BOT_TOKEN", needed=True),
            app_token=self._secret("SLACK_APP_TOKEN", needed=not http),
            signing_secret=self._secret("SLACK_SIGNING_SECRET", needed=http),
            api_url=api_url,
            clock_url=self._clock_url(api_url),
            data_dir=data_dir,
            database_url=self._get("HIMITSU_DATABASE_URL") or f"sqlite:///{(data_dir / 'himitsu.db').as_posix()}",
            key_file=self._key_file(data_dir),
            company_dir=Path(folder) if (folder := self._get("HIMITSU_COMPANY_DIR")) else None,
            posts_per_s=self._number("HIMITSU_POSTS_PER_SECOND", 1.0, 0.01, 50.0, float),
            http_host=self._get("HIMITSU_HTTP_HOST") or "127.0.0.1",
            http_port=self._number("HIMITSU_HTTP_PORT", 3000, 0, 65535, int),
            lease_s=self._lease_s(api_url),
        )

    def _get(self, name: str) -> str:
        return self._environment.get(name, "").strip()

    def _secret(self, name: str, *, needed: bool) -> str:
        begins, place = _TOKENS[name]
        value, file = self._get(name), self._get(f"{name}_FILE")
        if value and file:
            self.problems.append(f"{name} and {name}_FILE are both set. Keep one.")
            return ""
        if file:
            value = self._secret_file(f"{name}_FILE", Path(file))
        elif not value and needed:
            self.problems.append(f"{name} is not set ({place}).")
        if value and (not value.isascii() or len(value.split()) != 1 or not value.startswith(begins)):
            expected = f"begins with {begins}" if begins else "is one word of ASCII"
            self.problems.append(f"{name} is not what is expected: it {expected} ({place}).")
        return value

    def _secret_file(self, name: str, path: Path) -> str:
        try:
            mode = path.stat().st_mode
            if os.name != "nt" and mode & (stat.S_IRWXG | stat.S_IRWXO):
                self.problems.append(f"{name}: others can read or write {path}. Run: chmod 600 {path}")
                return ""
            value = path.read_text(encoding="utf-8").strip()
        except UnicodeDecodeError:
            self.problems.append(f"{name}: {path} is not a text file.")
            return ""
        except OSError as error:
            self.problems.append(f"{name}: {path} cannot be read ({error.strerror}).")
            return ""
        if not value:
            self.problems.append(f"{name}: {path} is empty.")
        return value

    def _api_url(self) -> str:
        url = self._get("SLACK_API_URL") or SLACK
        if not _is_url(url) or not (url.startswith("https:") or is_loopback(url)):
            # Plain http would show the token to everybody on the way.
            self.problems.append("SLACK_API_URL must begin with https:// (http:// only on this machine, 127.0.0.1).")
        return url if url.endswith("/") else url + "/"

    def _clock_url(self, api_url: str) -> str | None:
        url = self._get("HIMITSU_CLOCK_URL")
        if url and not (_is_url(url) and is_loopback(url) and is_loopback(api_url)):
            self.problems.append("HIMITSU_CLOCK_URL is for the try-out only: with a SLACK_API_URL on this machine.")
        return url or None

    def _lease_s(self, api_url: str) -> int:
        """Short ones are for tests: Slack may take longer to answer than a short lease leaves time for."""
        least = _LEAST_TRY_OUT_S if is_loopback(api_url) else _LEAST_LEASE_S
        return self._number("HIMITSU_LEASE_SECONDS", LEASE_S, least, 600, int)

    def _key_file(self, data_dir: Path) -> Path:
        path = self._path("HIMITSU_KEY_FILE", _key_file)
        if path.is_relative_to(data_dir):
            self.problems.append(f"HIMITSU_KEY_FILE must lie outside {data_dir}: a backup of the data would hold it.")
        return path

    def _path(self, name: str, default: Callable[[Mapping[str, str]], Path]) -> Path:
        given = self._get(name)
        return Path(os.path.abspath(Path(given).expanduser() if given else default(self._environment)))

    def _number(self, name: str, default: _N, least: _N, most: _N, kind: Callable[[str], _N]) -> _N:
        given = self._get(name)
        try:
            value = kind(given) if given else default
            if least <= value <= most:
                return value
        except ValueError:
            pass
        self.problems.append(f"{name} must be a number from {least} to {most}.")
        return default


def is_loopback(url: str) -> bool:
    """Whether a URL stays on this machine."""
    try:
        host = urlsplit(url).hostname or ""
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _is_url(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:  # a port that is no number
        return False


def _data_dir(environment: Mapping[str, str]) -> Path:
    if os.name == "nt":
        return Path(environment.get("LOCALAPPDATA") or Path.home() / "AppData/Local") / "himitsu"
    return Path(environment.get("XDG_DATA_HOME") or Path.home() / ".local/share") / "himitsu"


def _key_file(environment: Mapping[str, str]) -> Path:
    if os.name == "nt":
        return Path(environment.get("APPDATA") or Path.home() / "AppData/Roaming") / "himitsu/key"
    return Path(environment.get("XDG_CONFIG_HOME") or Path.home() / ".config") / "himitsu/key"
