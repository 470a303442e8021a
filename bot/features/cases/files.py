"""Files of a case, handed over in the DM: the case file with the audit log's proof, and drafts of letters."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Any

from slack_sdk import WebClient

from dialogs.leak import case_file, drafts, legal_clock
from dialogs.leak.case import Case
from dialogs.leak.drafts import Draft

from ... import blocks, files
from ...conversation import Conversation, NotThere, Reply, Turn
from ...store import audit
from ..feature import Button
from . import outlook
from .change import Change
from .words import TOKYO, label, says, show

if TYPE_CHECKING:
    from .work import Work


class Files:
    def __init__(self, conversation: Conversation, work: Work):
        self._conversation, self._work = conversation, work

    # --- drafts

    def drafts(self, turn: Turn, id: str) -> Reply:
        """Which drafts there are for a case."""
        case = self._work.case(turn, id)
        titles = drafts.titles()
        buttons = [
            Button(f"case.draft.{n}", titles[kind], {"c": id, "k": kind}).to_view()
            for n, kind in enumerate(drafts.offered(case, self._clock(case)), 1)
        ]
        return self._conversation.note(says()["work"]["which_draft"], buttons=buttons)

    def draft(self, turn: Turn, id: str, kind: str) -> Reply:
        """A draft to copy, and as a file. What is not known stays blank in it."""
        made = self._draft(turn, self._work.case(turn, id), kind)
        value = {"c": id, "k": kind}
        buttons = [
            Button("case.docx", label("docx"), value, "primary").to_view(),
            Button("case.pdfdraft", label("pdf_draft"), value).to_view(),
        ]
        return show("case_draft", name=made.title, text=made.text, blanks=made.blanks, buttons=buttons)

    def _draft(self, turn: Turn, case: Case, kind: str) -> Draft:
        if kind not in drafts.KINDS:
            raise NotThere("old")
        return drafts.draft(kind, drafts.content_of(case, self._work.desk.company, _aware(turn.now)))

    def _clock(self, case: Case) -> legal_clock.Clock:
        answers = legal_clock.answers_of(case.answers, case.flags)
        return legal_clock.run(case.known_on, answers, self._work.desk.company)

    # --- handing over

    def send(self, turn: Turn, id: str, what: str, client: WebClient, kind: str = "") -> Reply:
        """Make a file and put it into the person's DM; that it was made is noted, with its digest.

        what: json and pdf are the case file; docx and pdfdraft the draft of a kind.
        """
        case = self._work.case(turn, id)
        words = says()["work"]
        if what in ("docx", "pdfdraft"):
            title, ending, content = self._letter(turn, case, what, kind)
        else:
            title, ending = words["file_title"].format(case.receipt), what
            content = self._whole(turn, case, what)
        name = f"himitsu-{case.receipt}{f'-{kind}' if kind else ''}.{ending}"
        outcome = files.hand_over(client, turn.person.id, name, content, title=title)
        if outcome != "sent":
            return self._conversation.note(words["file_no_scope" if outcome == "missing_scope" else "file_failed"])
        change = Change(self._work.desk, turn, case)
        change.add("exported", turn.person.id, file=name, sha256=case_file.digest(content))
        return change.on(self._conversation.note(words["file_sent"].format(blocks.esc(title))))

    def _letter(self, turn: Turn, case: Case, what: str, kind: str) -> tuple[str, str, bytes]:
        made, at = self._draft(turn, case, kind), _aware(turn.now)
        if what == "docx":
            return made.title, "docx", drafts.to_docx(made, made_at=at)
        return made.title, "pdf", drafts.to_pdf(made, made_at=at)

    def _whole(self, turn: Turn, case: Case, what: str) -> bytes:
        at, proof = _aware(turn.now), self._proof(case)
        whole = case_file.to_json(case, proof, made_at=at)
        if what == "json":
            return whole
        desk = self._work.desk
        return case_file.to_pdf(
            case,
            proof,
            made_at=at,
            told=outlook.told(case, desk.company),
            stops=outlook.stops(case, desk.workplace.services.knowledge, turn.now),
            names=desk.name_of,
            json_digest=case_file.digest(whole),
        )

    def _proof(self, case: Case) -> case_file.Proof:
        store = self._work.desk.workplace.store
        rows: list[dict[str, Any]] = [asdict(entry) for entry in audit.entries(store, subject=case.id)]
        broken = audit.verify(store)
        return case_file.Proof(rows, audit.head(store), broken.seq if broken else None)


def _aware(now: float) -> datetime:
    return datetime.fromtimestamp(now, TOKYO)
