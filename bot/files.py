"""A file handed to a person in the DM. Needs the optional scope files:write; without it, that is said."""

from __future__ import annotations

import logging
from typing import Literal

from slack_sdk.web.client import WebClient

from .slack_errors import NETWORK, understand

logger = logging.getLogger(__name__)

Outcome = Literal["sent", "missing_scope", "failed"]


def hand_over(client: WebClient, person: str, name: str, content: bytes, *, title: str, comment: str = "") -> Outcome:
    """Put a file into a person's DM with the bot. At most once: after an unclear outcome it is not sent again."""
    try:
        channel = str(client.conversations_open(users=person)["channel"]["id"])
        client.files_upload_v2(channel=channel, filename=name, content=content, title=title, initial_comment=comment)
    except NETWORK as error:
        failure = understand(error)
        logger.warning("file: %s %s", failure.kind, failure.reason)
        return "missing_scope" if failure.reason == "missing_scope" else "failed"
    return "sent"
