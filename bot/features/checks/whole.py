"""A campaign's answers as one: every department's, or one department's, with what they answered differently."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from dialogs.checks.model import Checklist, Gap, Merged

from ... import blocks
from ...conversation import NotThere, Reply, Turn
from ...store import Store, checks
from ..feature import Button
from .flow import Flow
from .outcome import KIND as RESULT
from .outcome import Outcome
from .results import Results
from .words import Told, bar, standing, words

if TYPE_CHECKING:
    from ...conversation import Conversation

ROWS = 12  # departments named one by one
_DIFFERENCES = 3
_NAMES = 4


class Whole:
    def __init__(self, conversation: Conversation, flow: Flow, shown: Outcome, results: Results) -> None:
        self._conversation, self._flow, self._shown, self._results = conversation, flow, shown, results

    @property
    def _store(self) -> Store:
        return self._conversation.workplace.store

    def result(
        self,
        turn: Turn,
        id: str,
        department: str = "",
        *,
        now_kept: Mapping[str, Gap] = MappingProxyType({}),
        details: bool = False,
    ) -> Reply:
        """All departments as one; or one of them, for who answered for it and for managers."""
        campaign = there(self._store, id)
        if not turn.person.manages and not (department and self._took_part(turn, id, department)):
            raise Told(words()["campaign"]["manager_only"])
        checklist = self._flow.checklist(turn, campaign.checklist)
        merged = self._results.of_campaign(turn, campaign, checklist, department=department, now_kept=now_kept)
        scope = f"{id}/{department}" if department else id
        more = _disagreeing(merged, checklist) if department else self._by_part(merged)
        more += self._differences(merged, checklist) if details and not department else []
        buttons = [
            None if details else Button("checks.whole", words()["button"]["details"], {"s": scope}),
            Button("checks.progress", words()["home"]["manager"], {"k": id}) if turn.person.manages else None,
        ]
        shown = [b.to_view() for b in buttons if b]
        made = self._shown.view(turn, merged.result, checklist, scope, buttons=shown, more=more, details=details)
        listed = {g.question: g.choice for g in merged.result.first}
        dialogue = standing(turn, RESULT, {"scope": scope, "gaps": list(listed), "choices": listed})
        return replace(made, dialogues=(dialogue,), log={"campaign": "result", "parts": len(merged.parts)})

    def details(self, turn: Turn, scope: str) -> Reply:
        """The same with areas, earlier scores, measures and differences. scope: `campaign` or `campaign/department`."""
        id, _, department = scope.partition("/")
        return self.result(turn, id, department, details=True)

    def _took_part(self, turn: Turn, id: str, department: str) -> bool:
        runs = checks.of_campaign(self._store, id)
        return any(r.person == turn.person.id and r.department == department for r in runs)

    def _by_part(self, merged: Merged) -> list[str]:
        """The score of each department."""
        w = words()["campaign"]
        lines = [w["parts"]] if merged.parts else []
        for part in merged.parts[:ROWS]:
            state = "" if part.complete else w["part_open"]
            state += w["part_differs"].format(len(part.disagreeing)) if part.disagreeing else ""
            score, name = part.figures.score, blocks.esc(part.name)
            if score is None:
                lines.append(w["part_none"].format(name=name, state=state))
            else:
                lines.append(w["part"].format(bar=bar(score), score=score, name=name, state=state))
        if len(merged.parts) > ROWS:
            lines.append(w["others"].format(len(merged.parts) - ROWS))
        return lines

    def _differences(self, merged: Merged, checklist: Checklist) -> list[str]:
        """What departments answered in different ways, the widest apart first."""
        w = words()["campaign"]
        lines = [w["differences"]] if merged.differences else []
        for difference in merged.differences[:_DIFFERENCES]:
            question = checklist.question(difference.question)
            labels = checklist.choices_of(question) if question else {}
            given: dict[str, list[str]] = {}
            for department, choice in difference.choices.items():
                given.setdefault(labels.get(choice, choice), []).append(
                    blocks.esc(self._results.department(department))
                )
            choices = "／".join(w["choice"].format(label=k, names=_some(names)) for k, names in given.items())
            lines.append(w["difference"].format(text=blocks.esc(difference.text), choices=choices))
        return lines


def there(store: Store, id: str) -> checks.Campaign:
    """A campaign, under way or over. NotThere where it is gone."""
    found = checks.campaign(store, id)
    if found is None:
        raise NotThere("old")
    return found


def _disagreeing(merged: Merged, checklist: Checklist) -> list[str]:
    """What a department's own people answered in different ways; not who answered what."""
    ids = [id for part in merged.parts for id in part.disagreeing][:_DIFFERENCES]
    questions = [q for id in ids if (q := checklist.question(id))]
    w = words()["campaign"]
    return [w["disagreeing"], *(w["disagreed"].format(blocks.esc(q.text)) for q in questions)] if questions else []


def _some(names: Sequence[str]) -> str:
    shown = "・".join(names[:_NAMES])
    return shown + (words()["campaign"]["and_others"].format(len(names) - _NAMES) if len(names) > _NAMES else "")
