"""What the owner of a gap is sent: that it is theirs, that its day has come, or a question that somebody asks them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from dialogs.checks.model import Question

from ... import blocks
from ...store import gaps
from ..feature import Button, Part
from .words import day, words

if TYPE_CHECKING:
    from knowledge.content import Knowledge

    from ...workplace import Workplace


class Letters:
    def __init__(self, workplace: Workplace) -> None:
        self._workplace = workplace

    @property
    def _knowledge(self) -> Knowledge:
        return self._workplace.services.knowledge

    def question(self, kept: gaps.Kept) -> Question | None:
        checklist = self._knowledge.checklists.get(kept.checklist)
        return checklist.question(kept.question) if checklist else None

    def texts(self, kept: gaps.Kept) -> dict[str, str]:
        question = self.question(kept)
        known = self._knowledge.countermeasures
        measures = [known[id].text for id in (question.measures if question else ()) if id in known]
        return {
            "text": blocks.esc(question.text) if question else words()["gap"]["gone"],
            "measure": blocks.esc(measures[0]) if measures else "",
            "due": day(kept.due),
            "by": blocks.mention(kept.assigned_by) if kept.assigned_by else "",
        }

    def buttons(self, kept: gaps.Kept) -> list[Button]:
        w, about = words()["button"], {"g": kept.id}
        return [
            Button("checks.done", w["done"], about, "primary"),
            Button("checks.evidence", w["done_with"], about),
            Button("checks.postpone", w["postpone"], about),
        ]

    def given(self, kept: gaps.Kept) -> dict[str, Any]:
        w = words()["gap"]
        part = Part(w["told"].format(**self.texts(kept)), tuple(self.buttons(kept)))
        return message([part], [w["due_note"]])

    def due(self, kept: gaps.Kept) -> dict[str, Any]:
        w = words()["gap"]
        texts = self.texts(kept)
        by = [w["due_by"].format(texts["by"])] if kept.assigned_by != kept.owner else []
        return message([Part(w["due_today"].format(**texts), tuple(self.buttons(kept)))], by)

    def asking(self, kept: gaps.Kept) -> dict[str, Any]:
        """A question with its answers as buttons."""
        w, question = words()["asking"], self.question(kept)
        checklist = self._knowledge.checklists.get(kept.checklist)
        labels = checklist.choices_of(question) if checklist and question else {}
        answers = [
            Button(f"checks.reply.{choice}", f"{n} {label}", {"g": kept.id, "c": choice})
            for n, (choice, label) in enumerate(labels.items(), 1)
        ]
        return message([Part(w["letter"].format(**self.texts(kept)), tuple(answers))], [w["letter_note"]])


def message(parts: Sequence[Part], small: Sequence[str]) -> dict[str, Any]:
    """As the outbox takes it."""
    return blocks.message("checks_list", w=words(), parts=[p.to_view() for p in parts], small=list(small))
