"""Files of a case, handed over in the DM: the case file with the audit chain's proof, and drafts of letters."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import datetime
from typing import TYPE_CHECKING

from dialogs.leak import case_file, drafts, legal_clock
from dialogs.leak.case import Case

from ... import blocks
from ...conversation import Conversation, Handed, NotThere, Reply, Turn
from ...store import Dialogue, audit, cases
from ..feature import Button
from . import outlook
from .change import Change, about
from .words import TOKYO, label, says, show

if TYPE_CHECKING:
    from .work import Work

_PIECE = 2400  # characters of a draft in one block; escaped they have to stay under 3,000


class Files:
    def __init__(self, conversation: Conversation, work: Work):
        self._conversation, self._work = conversation, work
        self._store = conversation.workplace.store

    # --- the case file

    def send(self, turn: Turn, id: str, kind: str) -> Reply:
        """The case as a file of a kind (pdf, json). That it was asked for is noted in the case, and so in the file."""
        case = self._work.case(turn, id)
        words = says()["work"]
        name, made_at = f"himitsu-{case.receipt}.{kind}", _moment(turn)
        told = self._conversation.note(words["file_coming"].format(kind.upper()))
        change = Change(self._work.desk, turn, case).add("exported", turn.person.id)
        make = self._noted(turn, id, kind, lambda: self._made(id, kind, made_at))
        return replace(change.on(told), file=Handed(name, words["file_title"].format(case.receipt), make))

    def _noted(self, turn: Turn, id: str, kind: str, make: Callable[[], bytes]) -> Callable[[], bytes]:
        """Makes a file and keeps its digest in the audit log: a copy can be told from a changed one later."""

        def made() -> bytes:
            content = make()
            data = {"file": kind, "sha256": case_file.digest(content)}
            audit.append(self._store, "case.file", id, actor=turn.person.id, now=turn.now, data=data)
            return content

        return made

    def _made(self, id: str, kind: str, made_at: datetime) -> bytes:
        with self._store.begin(reads=True) as tx:  # one moment: the chain's end and the case belong together
            case = cases.load(tx, id)
            rows = [asdict(entry) for entry in audit.entries(tx, subject=id)]
            broken, head = audit.verify(tx), audit.head(tx)
        if case is None:
            raise NotThere("old")
        proof = case_file.Proof(rows, head, broken.seq if broken else None)
        if kind == "json":
            return case_file.to_json(case, proof, made_at=made_at)
        desk = self._work.desk
        return case_file.to_pdf(
            case,
            proof,
            made_at=made_at,
            told=outlook.told(case, desk.company),
            stops=outlook.stops(case, desk.workplace.services.knowledge, made_at.timestamp()),
            names=desk.name_of,
        )

    # --- drafts

    def offered(self, turn: Turn, id: str) -> Reply:
        """The letters that go with a case."""
        case = self._work.case(turn, id)
        texts, titles = drafts.words()["about"], drafts.titles()
        kinds = drafts.offered(case, self._clock(case))
        rows = [
            {
                "text": f"*{titles[kind]}*\n{texts[kind]}",
                "buttons": [Button(f"case.draft.{kind}", titles[kind], {"c": id, "k": kind}).to_view()],
            }
            for kind in kinds
        ]
        return show("case_drafts", rows=rows)

    def draft(self, turn: Turn, id: str, kind: str) -> Reply:
        """A letter's text, to copy, and the ways to get it as a file."""
        made = self._draft(turn, id, kind)
        value = {"c": id, "k": kind}
        buttons = [
            Button("case.draft_docx", label("docx"), value).to_view(),
            Button("case.draft_pdf", label("draft_pdf"), value).to_view(),
        ]
        lead = says()["draft"]["blanks"].format(made.blanks) if made.blanks else says()["draft"]["no_blanks"]
        shown = show("case_draft", name=made.title, lead=lead, pieces=_pieces(made.text), buttons=buttons)
        return replace(shown, dialogues=(self._standing(turn, id, kind),))

    def _standing(self, turn: Turn, id: str, kind: str) -> Dialogue:
        """So that words below it are about this case, and this letter."""
        own = self._work.desk.workplace.new_id(turn.now, turn.delivery)
        there = about(self._store, turn.person.id, "work", id, id=own, now=turn.now)
        return replace(there, state={**there.state, "draft": kind})

    def draft_file(self, turn: Turn, id: str, kind: str, form: str) -> Reply:
        """A letter as docx or pdf, into the DM."""
        made, made_at = self._draft(turn, id, kind), _moment(turn)
        to = drafts.to_docx if form == "docx" else drafts.to_pdf
        receipt = self._work.case(turn, id).receipt
        told = self._conversation.note(says()["work"]["file_coming"].format(form.upper()))
        return replace(told, file=Handed(f"himitsu-{receipt}-{kind}.{form}", made.title, lambda: to(made, made_at)))

    def _draft(self, turn: Turn, id: str, kind: str) -> drafts.Draft:
        case = self._work.case(turn, id)
        if kind not in drafts.KINDS:
            raise NotThere("old")
        return drafts.draft(kind, drafts.content_of(case, self._work.desk.company, _moment(turn)))

    def _clock(self, case: Case) -> legal_clock.Clock:
        answers = legal_clock.answers_of(case.answers, case.flags)
        return legal_clock.run(case.known_on, answers, self._work.desk.company)


def _moment(turn: Turn) -> datetime:
    return datetime.fromtimestamp(turn.now, TOKYO)


def _pieces(text: str) -> list[str]:
    """A text in parts that fit a block each, cut between lines; ready for mrkdwn."""
    pieces = [""]
    for line in text.replace("```", "'''").splitlines(keepends=True):
        if len(pieces[-1]) + len(blocks.esc(line)) > _PIECE:
            pieces.append("")
        pieces[-1] += blocks.clip(blocks.esc(line), _PIECE)
    return pieces
