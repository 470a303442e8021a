"""Results as files, handed over in the DM: for who may see the result, and one page for partners by managers."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from dialogs.checks import report, report_files
from dialogs.checks.model import Merged

from ... import render
from ...conversation import Handed, NotThere, Reply, Turn
from ...people import DEFAULT_ZONE
from ...store import Dialogue, checks, people
from ..feature import Button
from .words import Told, plain

if TYPE_CHECKING:
    from ...conversation import Conversation
    from .gap import Gaps
    from .results import Results


class Files:
    def __init__(self, conversation: Conversation, results: Results, gap: Gaps) -> None:
        self._conversation, self._results, self._gap = conversation, results, gap

    def offer(self, turn: Turn, scope: str) -> Reply:
        """The kinds of files that the person may have of a result."""
        merged = self._merged(turn, scope)
        w = words()
        buttons = [
            Button(f"checks.file.{kind}", w["kinds"][kind], {"s": scope, "f": kind})
            for kind in report_files.KINDS
            if kind != "partner" or self._for_partners(turn, merged)
        ]
        return self._conversation.note(w["offer"], buttons=[b.to_view() for b in buttons])

    def file(self, turn: Turn, scope: str, kind: str) -> Reply:
        """One file. NotThere where the result is gone or not theirs, Told where there is nothing to put into it."""
        if kind not in report_files.KINDS:
            raise NotThere("old")
        merged, w = self._merged(turn, scope), words()
        if kind == "partner":
            if not turn.person.manages:
                raise Told(w["managers"])
            if not self._for_partners(turn, merged):
                raise Told(report.words()["partner"]["nothing"])
        cover = self._cover(turn, merged)
        name = report_files.name(kind, merged, cover)
        file = Handed(name, name.rpartition(".")[0], lambda: report_files.content(kind, merged, cover))
        said = w["sending_partner" if kind == "partner" else "sending"].format(name=name)
        hidden = [w["hidden"]] if merged.result.hidden else []
        return replace(self._conversation.note("\n".join([said, *hidden])), file=file, log={"check_file": kind})

    def typed(self, turn: Turn, dialogue: Dialogue, text: str) -> Reply | None:
        """「ファイル」, 「PDF」 … below a result; None for other words."""
        verb = _verbs().get(plain(text), "")
        scope = str(dialogue.state.get("scope") or dialogue.state.get("run") or "")
        if not verb or not scope:
            return None
        return self.offer(turn, scope) if verb == "offer" else self.file(turn, scope, verb)

    def _merged(self, turn: Turn, scope: str) -> Merged:
        there = self._gap.scope(turn, scope)
        if there.run:
            merged = Merged(self._results.of_run(turn, there.run, there.checklist, notes=True))
        else:
            campaign = checks.campaign(self._conversation.workplace.store, there.campaign)
            if campaign is None:
                raise NotThere("old")
            merged = self._results.of_campaign(turn, campaign, there.checklist, department=there.department)
        if not merged.result.figures.answered and not merged.result.hidden:
            raise Told(words()["not_yet"])
        return merged

    @staticmethod
    def _for_partners(turn: Turn, merged: Merged) -> bool:
        full = merged.result.kind == "full" and not merged.result.hidden
        return turn.person.manages and full and bool(report_files.in_place_of(merged))

    def _cover(self, turn: Turn, merged: Merged) -> report.Cover:
        place = self._conversation.workplace
        ids = {g.owner for g in merged.result.gaps if g.owner} | {turn.person.id}
        names = {id: found.name for id in ids if (found := people.get(place.store, id)) and found.name}
        company: str = place.services.knowledge.company.name
        at = datetime.fromtimestamp(turn.now, ZoneInfo(DEFAULT_ZONE))
        return report.Cover(company, at, names.get(turn.person.id, ""), names)


def words() -> Mapping[str, Any]:
    """views/check_files.yaml."""
    return render.wording("check_files.yaml")


def button(scope: str) -> dict[str, Any]:
    """Below a result."""
    return Button("checks.files", words()["button"], {"s": scope}).to_view()


@functools.cache
def _verbs() -> Mapping[str, str]:
    return {plain(word): verb for verb, several in words()["typed"].items() for word in several}
