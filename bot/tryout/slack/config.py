"""Who is in the workspace, which conversations there are, and what the app is registered with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

TEAM_ID = "T00HIMITSU"
TEAM_NAME = "ひみつ工業"
TEAM_DOMAIN = "himitsu-kogyo"
OTHER_TEAM_ID = "T07OTHERCO"
APP_ID = "A00HIMITSU"
BOT_ID = "B00HIMITSU"
BOT_USER_ID = "U00HIMITSU"
MANIFEST = Path(__file__).parents[3] / "deploy" / "manifest.yaml"


@dataclass(frozen=True)
class Person:
    """A member of the workspace, or somebody of another one who shares a channel with it."""

    id: str
    name: str
    real_name: str
    role_label: str = ""
    avatar: str = ""  # one letter or emoji that the page draws
    tz: str = "Asia/Tokyo"
    tz_label: str = "Japan Standard Time"
    tz_offset: int = 9 * 3600  # seconds
    is_admin: bool = False
    is_restricted: bool = False
    is_ultra_restricted: bool = False
    is_stranger: bool = False
    is_bot: bool = False
    deleted: bool = False
    visible: bool = True  # False: users.info answers user_not_visible
    email: str = ""
    team_id: str = TEAM_ID
    locale: str = "ja-JP"

    @property
    def guest(self) -> bool:
        """Sees only the channels they were invited to."""
        return self.is_restricted or self.is_ultra_restricted or self.is_stranger


@dataclass(frozen=True)
class Channel:
    """A conversation. `members` are people's ids; None: everybody who is no guest."""

    id: str
    name: str
    kind: str = "channel"  # "channel", "ext" (shared with another company), "dm"
    members: tuple[str, ...] | None = None
    bot_member: bool = True
    private: bool = False
    archived: bool = False


@dataclass(frozen=True)
class Command:
    """A slash command; `subcommands` are what the page offers to complete, they are not part of a manifest."""

    command: str
    description: str = ""
    usage_hint: str = ""
    should_escape: bool = False  # names in its text arrive as ids
    subcommands: tuple[Mapping[str, str], ...] = ()


@dataclass(frozen=True)
class Shortcut:
    type: str  # "message" or "global"
    name: str
    callback_id: str
    description: str = ""


DEFAULT_SCOPES = ("commands", "chat:write", "im:history", "app_mentions:read", "users:read", "im:write")
DEFAULT_EVENTS = ("message.im", "app_mention", "app_home_opened")
SUBCOMMANDS: tuple[Mapping[str, str], ...] = (
    {"name": "チェック", "alias": "check", "description": "会社・自分・場面の自己チェック"},
    {"name": "漏えい", "alias": "leak", "description": "漏れたかもしれないとき"},
    {"name": "受付", "alias": "case", "description": "漏えいの知らせの状況、担当の人の一覧"},
    {"name": "窓口", "alias": "desk", "description": "相談先を調べる"},
    {"name": "検索", "alias": "search", "description": "手引きを探す"},
    {"name": "お知らせ", "alias": "remind", "description": "週に一度のお知らせの設定"},
    {"name": "ルール", "alias": "rules", "description": "会社の取り扱いルール"},
    {"name": "台帳", "alias": "inventory", "description": "情報の台帳を見る・探す"},
    {"name": "わたしのデータ", "alias": "mydata", "description": "残っている自分のデータを見る・消す"},
    {"name": "ヘルプ", "alias": "help", "description": "できることを見る"},
)


@dataclass(frozen=True)
class AppConfig:
    """What the app's manifest says: names, commands, shortcuts, scopes, events."""

    name: str = "himitsu"
    commands: tuple[Command, ...] = (
        Command(
            "/himitsu",
            "これは秘密かどうか、漏れたかもしれないときに聞く",
            "聞きたいこと、または チェック・漏えい・窓口",
            subcommands=SUBCOMMANDS,
        ),
    )
    shortcuts: tuple[Shortcut, ...] = (
        Shortcut("message", "これは秘密？", "check.message", "このメッセージの中身が秘密かを聞く"),
        Shortcut("global", "漏えいかも", "leak.start", "漏れたかもしれないときの最初の手順"),
    )
    scopes: tuple[str, ...] = DEFAULT_SCOPES
    events: tuple[str, ...] = DEFAULT_EVENTS
    home_tab: bool = True
    usergroups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # S… -> people
    bot_token: str = "xoxb-himitsu-tryout-bot"
    app_token: str = "xapp-1-A00HIMITSU-tryout"
    signing_secret: str = "tryout-signing-secret"

    @classmethod
    def from_manifest(cls, manifest: Mapping[str, Any], **more: Any) -> AppConfig:
        """The app as a manifest (Slack's keys, already read from YAML) registers it. Missing parts register nothing."""
        features = manifest.get("features", {})
        settings = manifest.get("settings", {})
        commands = tuple(
            Command(
                c["command"],
                c.get("description", ""),
                c.get("usage_hint", ""),
                bool(c.get("should_escape", False)),
                SUBCOMMANDS if c["command"] == "/himitsu" else (),
            )
            for c in features.get("slash_commands", ())
        )
        shortcuts = tuple(
            Shortcut(s["type"], s["name"], s["callback_id"], s.get("description", ""))
            for s in features.get("shortcuts", ())
        )
        found: dict[str, Any] = {
            "name": features.get("bot_user", {}).get("display_name")  # what people see and mention
            or manifest.get("display_information", {}).get("name", cls.name),
            "commands": commands,
            "shortcuts": shortcuts,
            "scopes": tuple(manifest.get("oauth_config", {}).get("scopes", {}).get("bot", ())),
            "events": tuple(settings.get("event_subscriptions", {}).get("bot_events", ())),
            "home_tab": bool(features.get("app_home", {}).get("home_tab_enabled", False)),
        }
        return cls(**(found | more))

    @classmethod
    def default(cls) -> AppConfig:
        """The app of deploy/manifest.yaml where that is present, else a like one; with every optional scope."""
        if not MANIFEST.is_file():
            return cls()
        return cls.from_manifest(yaml.safe_load(MANIFEST.read_text(encoding="utf-8")))


def default_people() -> tuple[Person, ...]:
    """The people of the sample company; bot/tryout/company names the same ids."""
    return (
        Person("U01EMPLOYEE", "aoi.sato", "佐藤あおい", "営業部・社員", "あ"),
        Person("U02MANAGER", "mamoru.suzuki", "鈴木まもる", "情報管理責任者", "ま", is_admin=True),
        Person("U03RESPOND", "ryo.takahashi", "高橋りょう", "漏えい対応", "り"),
        Person("U04DEPUTY", "kei.tanaka", "田中けい", "代理", "け"),
        Person("U05EMPLOYE2", "minami.ito", "伊藤みなみ", "開発部・社員", "み"),
        Person("U06GUEST", "guest.yamamoto", "山本ゲスト", "ゲスト", "ゲ", is_restricted=True),
        Person("U07STRANGER", "kobayashi", "小林", "他社", "小", is_stranger=True, team_id=OTHER_TEAM_ID),
        Person("U08AUDITOR", "naoki.kato", "加藤なおき", "監査役", "な"),
    )


def default_channels(people: Sequence[Person] = ()) -> tuple[Channel, ...]:
    """The channels of the sample company. people: those of `ext` besides the workspace's own; default the sample's."""
    people = people or default_people()
    everybody = tuple(p.id for p in people)
    return (
        Channel("C01ALL", "全社"),
        Channel("C02DEV", "開発"),
        Channel("C03PARTNER", "取引先共有", kind="ext", members=everybody),
        Channel("C04CHAT", "雑談", bot_member=False),
    )


@dataclass(frozen=True)
class Limits:
    """Slack's limits in real time (seconds, counts). Tests may shorten the waits, not the rules."""

    ack_s: float = 3.0
    trigger_s: float = 3.0
    response_url_s: float = 30 * 60
    response_url_uses: int = 5
    retry_after_s: tuple[float, ...] = (0, 60, 300)
    sockets: int = 10
    rates: bool = False  # True: one post a second and channel, and the tiers of slack.md §5
    tiers: Mapping[str, int] = field(default_factory=dict)  # calls a minute by method, over the built-in ones
