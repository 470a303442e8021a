"""What is drawn has a listener, what is listened to is drawn, and imports point one way."""

from __future__ import annotations

import ast
import functools
import re
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from bot import blocks, letters, listeners, render
from bot.conversation import Conversation
from bot.listeners import shortcuts
from bot.manifest import manifest

ROOT = Path(__file__).parent.parent
VIEWS = ROOT / "bot" / "views" / "slack"
_IDS = re.compile(r'"id": "([a-z]+(?:\.[a-z]+)+)"')


class Listening:
    """Stands in for an App: which constraints were registered, by kind of listener."""

    def __init__(self) -> None:
        self.there: dict[str, list] = {}

    def __getattr__(self, kind: str):
        def register(constraint):
            self.there.setdefault(kind, []).append(constraint)
            return lambda function: function

        return register


@pytest.fixture(scope="module")
def registered() -> dict[str, list]:
    class Shell:
        conversation = Conversation(SimpleNamespace(store=None, services=None, people=None, clock=None))  # type: ignore[arg-type]
        workplace = letters = None

    listening = Listening()
    listeners.register(listening, Shell())
    return listening.there


@functools.cache
def drawn() -> set[str]:
    """Every action_id that a template or a function of blocks.py or letters.py can give a button."""
    chips = render.wording("chips.yaml")
    found = {f"check.choose.{n}" for n in range(1, 10)}
    sources = [*VIEWS.glob("*.j2"), Path(blocks.__file__), Path(letters.__file__)]
    for source in sources:
        found |= set(_IDS.findall(source.read_text(encoding="utf-8")))
    found |= {b["id"] for b in blocks.card_buttons("d", back=True, guest=False)}
    found |= {b["id"] for b in blocks.leak_buttons("d", guest=False)}
    found |= {b["id"] for b in blocks.intent_buttons(["secret_check", "handbook", "desk", "leak"], "")}
    found |= {b["id"] for b in blocks.chip_buttons("kind", chips["kinds"], "")}
    found |= {b["id"] for b in blocks.chip_buttons("act", chips["acts"], "drawing")}
    found |= {b["id"] for b in blocks.event_buttons(chips["events"])}
    return found | {id for id in named_by_features() if isinstance(id, str)}


def named_by_features() -> set[str | re.Pattern]:
    """The ids of the buttons that the features' code makes; a pattern where a part of one is put in."""
    found: set[str | re.Pattern] = set()
    for path in (ROOT / "bot" / "features").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) == "Button":
                first = node.args[0] if node.args else next(k.value for k in node.keywords if k.arg == "id")
                if isinstance(first, ast.Constant):
                    found.add(str(first.value))
                elif isinstance(first, ast.JoinedStr):
                    parts = [re.escape(p.value) if isinstance(p, ast.Constant) else r"[\w.]+" for p in first.values]
                    found.add(re.compile("".join(parts)))
    return found


def fits(constraint, action: str) -> bool:
    return bool(constraint.fullmatch(action)) if isinstance(constraint, re.Pattern) else constraint == action


def may_be(constraint, put_together: re.Pattern) -> bool:
    """Whether an id that is put together can be one that is listened to."""
    if isinstance(constraint, str):
        return bool(put_together.fullmatch(constraint))
    return any(constraint.fullmatch(put_together.pattern.replace("\\.", ".").replace(r"[\w.]+", x)) for x in ("1", "x"))


def test_every_button_has_one_listener(registered):
    for action in drawn():
        assert len([c for c in registered["action"] if fits(c, action)]) == 1, action
    for put_together in named_by_features() - drawn():
        assert any(may_be(c, put_together) for c in registered["action"]), put_together


def test_every_listener_to_a_button_has_one(registered):
    made = named_by_features() - drawn()
    for constraint in registered["action"]:
        there = any(fits(constraint, action) for action in drawn())
        assert there or any(may_be(constraint, p) for p in made), constraint


def test_every_modal_with_a_submit_button_has_a_listener(registered):
    code = [Path(letters.__file__), *(ROOT / "bot" / "features").rglob("*.py")]
    sent = {name for path in code for name in re.findall(r'callback="([a-z._]+)"', path.read_text(encoding="utf-8"))}
    assert sent == set(registered["view"])


def test_what_is_listened_to_is_in_the_manifest(registered):
    made = manifest()
    assert set(registered["command"]) == {c["command"] for c in made["features"]["slash_commands"]}
    told = {"message" if e == "message.im" else e for e in made["settings"]["event_subscriptions"]["bot_events"]}
    assert set(registered["event"]) == told
    ids = {(s["type"], s["callback_id"]) for s in made["features"]["shortcuts"]}
    assert ids == {("message", shortcuts.IS_SECRET), ("global", shortcuts.LEAK)}
    assert registered["message_shortcut"] == [shortcuts.IS_SECRET]
    assert registered["global_shortcut"] == [shortcuts.LEAK]


def test_every_template_is_used():
    code = "\n".join(p.read_text(encoding="utf-8") for p in (ROOT / "bot").rglob("*.py"))
    intents = {"secret_check", "leak", "handbook", "desk", "checklist", "reminder", "out_of_scope", "help"}
    for view in VIEWS.glob("[a-z]*.j2"):
        assert view.stem in intents or f'"{view.stem}"' in code, view.name


def imported(path: Path) -> set[str]:
    """The modules a file imports, relative ones as the package's own."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {name.name.split(".")[0] for name in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            found.add((node.module or "").split(".")[0])
    return found


@pytest.mark.parametrize(
    "name, only",
    [("sqlalchemy", ["bot/store"]), ("alembic", ["bot/store"]), ("slack_sdk", ["bot"]), ("slack_bolt", ["bot"])],
)
def test_only_one_place_imports(name, only):
    files = [p for folder in ("knowledge", "dialogs", "bot") for p in (ROOT / folder).rglob("*.py")]
    users = {p.relative_to(ROOT).as_posix() for p in files if name in imported(p)}
    assert users
    assert [u for u in users if not any(u.startswith(f"{place}/") for place in only)] == []


@pytest.mark.parametrize("package, never", [("knowledge", ("bot", "dialogs")), ("dialogs", ("bot",))])
def test_imports_point_one_way(package, never):
    for path in (ROOT / package).rglob("*.py"):
        assert not imported(path) & set(never), path


def test_the_pure_packages_load_no_slack():
    code = (
        "import importlib, pkgutil, sys, knowledge, dialogs\n"
        "for package in (knowledge, dialogs):\n"
        "    for m in pkgutil.walk_packages(package.__path__, package.__name__ + '.'):\n"
        "        importlib.import_module(m.name)\n"
        "print([m for m in sys.modules if m.split('.')[0] in ('slack_sdk', 'slack_bolt', 'sqlalchemy', 'bot')])"
    )
    said = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert said.strip() == "[]"
