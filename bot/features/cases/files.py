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
from .change import about
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
        """The case as a file of a kind (pdf, json)."""
        case, made_at = self._work.case(turn, id), _moment(turn)
        title = says()["work"]["file_title"].format(case.receipt)
        told = self._conversation.note(says()["work"]["file_coming"].format(blocks.esc(title)))
        handed = self._handed(
            turn, case, f"himitsu-{case.receipt}.{kind}", title, lambda: self._made(id, kind, made_at)
        )
        return replace(told, file=handed)

    def _handed(self, turn: Turn, case: Case, name: str, title: str, make: Callable[[], bytes]) -> Handed:
        """A file, on its way. Once it is there, that is noted with its digest, by which a changed copy shows."""
        digests: list[str] = []

        def made() -> bytes:
            content = make()
            digests.append(case_file.digest(content))
            return content

        def done() -> None:
            with self._store.begin() as tx:
                data = {"file": name, "sha256": digests[-1]}
                cases.add(tx, case.id, "exported", by=turn.person.id, data=data, now=turn.now)

        return Handed(name, title, made, done)

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
        case, made, made_at = self._work.case(turn, id), self._draft(turn, id, kind), _moment(turn)
        to = drafts.to_docx if form == "docx" else drafts.to_pdf
        name = f"himitsu-{case.receipt}-{kind}.{form}"
        told = self._conversation.note(says()["work"]["draft_coming"].format(made.title))
        return replace(told, file=self._handed(turn, case, name, made.title, lambda: to(made, made_at)))

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
