"""「漏えいかも」: help before anything else; nothing is kept or sent until the person says so."""

from __future__ import annotations

import re

from slack_bolt import App

from ..shell import Shell
from .cards import on


def register(app: App, shell: Shell) -> None:
    talk = shell.conversation
    on(app, shell, "leak.open", lambda t, v: talk.events(t), replace=False)
    on(app, shell, re.compile(r"leak\.kind\.\w+"), lambda t, v: talk.event(t, v["e"]))
