"""The case file, handed over in the DM."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from slack_sdk import WebClient

from dialogs.leak.case import Case

from ... import files
from ...conversation import Conversation, Reply, Turn
from ...store import audit
from .change import Change
from .words import says

if TYPE_CHECKING:
    from .work import Work


class Files:
    def __init__(self, conversation: Conversation, work: Work):
        self._conversation, self._work = conversation, work

    def send(self, turn: Turn, id: str, kind: str, client: WebClient) -> Reply:
        """Make the file and put it into the person's DM; that it was made is noted."""
        case = self._work.case(turn, id)
        words = says()["work"]
        name = f"himitsu-{case.receipt}.{kind}"
        content = self._made(case, kind)
        outcome = files.hand_over(client, turn.person.id, name, content, title=words["file_title"].format(case.receipt))
        if outcome != "sent":
            return self._conversation.note(words["file_no_scope" if outcome == "missing_scope" else "file_failed"])
        change = Change(self._work.desk, turn, case).add("exported", turn.person.id)
        return change.on(self._conversation.note(words["file_sent"].format(kind.upper())))

    def _made(self, case: Case, kind: str) -> bytes:
        entries = audit.entries(self._work.desk.workplace.store, subject=case.id)
        return json.dumps([e.kind for e in entries]).encode()
