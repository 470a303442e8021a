"""A small Slack on this machine: what the try-out page shows, and the double that tests drive.

with StandIn() as slack:
    App(client=WebClient(slack.bot_token, base_url=slack.api_url)); SocketModeHandler(app, slack.app_token).connect()
    slack.post("U01EMPLOYEE", slack.dm("U01EMPLOYEE"), "これは秘密？")
    slack.wait(lambda: slack.messages(slack.dm("U01EMPLOYEE"))[1:])
"""

from .acts import NotAllowed
from .api.door import Call
from .blocks import problems, view_problems
from .config import (
    APP_ID,
    BOT_ID,
    BOT_USER_ID,
    TEAM_ID,
    AppConfig,
    Channel,
    Command,
    Limits,
    Person,
    Shortcut,
    default_channels,
    default_people,
)
from .faults import Fault
from .hub import Ack, Delivery
from .standin import StandIn

CommandResult = Ack

__all__ = [
    "APP_ID",
    "BOT_ID",
    "BOT_USER_ID",
    "TEAM_ID",
    "Ack",
    "AppConfig",
    "Call",
    "Channel",
    "Command",
    "CommandResult",
    "Delivery",
    "Fault",
    "Limits",
    "NotAllowed",
    "Person",
    "Shortcut",
    "StandIn",
    "default_channels",
    "default_people",
    "problems",
    "view_problems",
]
