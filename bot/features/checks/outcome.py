"""What a run comes to, as people see it: figures and bars, the first gaps with their buttons, measures, warnings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from dialogs.checks.model import Checklist, Figures, Gap, Proposal, Result, Run

from ... import blocks
from ...conversation import Reply, Turn
from ..feature import Button
from . import files
from .results import Kept, Results, scope_of
from .words import bar, day, due_in, reply, standing, words

if TYPE_CHECKING:
    from ...conversation import Conversation

KIND = "check_result"  # of the dialogue that typed numbers answer
TAKE_DAYS = 14  # until a gap that one takes on by one tap is due
_PROPOSED = 3


class Outcome:
    def __init__(self, conversation: Conversation, results: Results) -> None:
        self._conversation = conversation
        self._results = results

    def finished(
        self,
        turn: Turn,
        run: Run,
        checklist: Checklist,
        now_kept: Kept = MappingProxyType({}),
        *,
        details: bool = False,
    ) -> Reply:
        """The result of a person's own run. now_kept: gaps that are about to be kept, by question."""
        result = self._results.of_run(turn, run, checklist, now_kept=now_kept)
        scope, about, w = scope_of(run), {"r": run.id}, words()["button"]
        full, shared = result.kind == "full", {"k": run.campaign, "d": run.department}
        buttons = [
            Button("checks.details", w["details"], about) if full and not details else None,
            Button("checks.review", w["review"], about),
            Button("checks.ask", w["ask_somebody"], about) if result.unknown else None,
            Button("checks.part.1", w["department"], shared) if run.campaign else None,
            None if run.campaign else Button("checks.again", w["again"], {"i": checklist.id}),
            Button("checks.menu", w["menu"]),
        ]
        choices = {g.question: g.choice for g in result.first}
        note = [words()["result"]["merged_note"]] if run.campaign else []
        dialogue = standing(turn, KIND, {"run": run.id, "scope": scope, "gaps": list(choices), "choices": choices})
        shown = [b.to_view() for b in buttons if b]
        made = self.view(turn, result, checklist, scope, buttons=shown, extra=note, details=details)
        return replace(made, dialogues=(dialogue,), log={"check": checklist.id, "score": result.figures.score})

    def view(
        self,
        turn: Turn,
        result: Result,
        checklist: Checklist,
        scope: str,
        *,
        buttons: Sequence[dict[str, Any]],
        extra: Sequence[str] = (),
        more: Sequence[str] = (),
        details: bool = False,
    ) -> Reply:
        """What fits a phone: the score, the first gaps, warnings. details: areas, earlier scores and measures as well.

        extra: small lines at the end; more: lines below the gaps.
        """
        w = words()["result"]
        if checklist.kind == "item":
            top, small = _item(result, checklist)
            return reply("checks_result", top=top, first="", gaps=[], rest=[], details=[], small=small, buttons=buttons)
        top = headline(result, checklist)
        small = [rule(checklist)] if result.figures.counted and result.kind != "moment" else []
        shown = [self._gap(turn, n, gap, scope) for n, gap in enumerate(result.first, 1)]
        left = sum(g.state != "done" for g in result.gaps) - len(result.first)
        rest = [w["more_gaps"].format(left)] if left > 0 else []
        if not result.gaps and result.figures.counted:
            rest.append(w["none"])
        rest += [w["unknown"].format(len(result.unknown))] if result.unknown else []
        rest += [w["warnings"].format(blocks.esc(text)) for text in result.warnings]
        if shown:
            small = [*small, w["kept"]]
        if details and checklist.id == "full":
            small = [*small, w["source"]]
        return reply(
            "checks_result",
            top=top,
            first=w["left" if result.kind == "moment" else "first"].format(len(shown)) if shown else "",
            gaps=shown,
            rest=[*rest, *more],
            details=detail_lines(result) if details else [],
            small=[*small, *extra],
            buttons=[*buttons, files.button(scope)] if result.figures.answered else buttons,
        )

    def _gap(self, turn: Turn, number: int, gap: Gap, scope: str) -> dict[str, Any]:
        """A gap with its two buttons, or with who has taken it on."""
        w, company = words()["result"], self._conversation.workplace.services.knowledge.company
        text = blocks.esc(gap.text)
        if gap.departments > 1:
            text = w["gap_departments"].format(text=text, count=gap.departments)
        line = w["gap" if gap.measure else "gap_plain"].format(n=number, text=text, measure=blocks.esc(gap.measure))
        if gap.owner:
            owned = w["owned"].format(owner=blocks.mention(gap.owner), due=day(gap.due))
            return {"text": f"{line}\n{owned}", "buttons": [self._give(gap, scope)]}
        due = due_in(TAKE_DAYS, turn.now, company)
        about = {"s": scope, "q": gap.question, "c": gap.choice, "t": due}
        take = Button("checks.take", words()["button"]["take"].format(day(due)), about, "primary")
        return {"text": line, "buttons": [take.to_view(), self._give(gap, scope)]}

    @staticmethod
    def _give(gap: Gap, scope: str) -> dict[str, Any]:
        about = {"s": scope, "q": gap.question, "c": gap.choice}
        return Button("checks.give", words()["button"]["give"], about).to_view()


def _item(result: Result, checklist: Checklist) -> tuple[list[str], list[str]]:
    """Of one piece of information: what is met, what is missing, what to do; it is never called public."""
    w = words()["item"]
    good, bad = [], []
    for area in checklist.areas:
        given = [row.choice for row in result.rows if row.area == area.id]
        if all(choice == "done" for choice in given):
            good.append(area.title)
        else:
            unsure = all(choice in ("done", "unknown") for choice in given)
            bad.append(w["unsure" if unsure else "bad"].format(title=area.title, missing=area.missing))
    entrusted = any(r.question == "entrusted" and r.choice in ("partly", "not_done") for r in result.rows)
    head = w["entrusted" if entrusted else "missing" if bad else "met"]
    lines = [w["good"].format("、".join(good))] if good else []
    return [head, *lines, *bad, w["next"]], [w["note"], w["sources"]]


def headline(result: Result, checklist: Checklist) -> list[str]:
    """Score and counts; of a moment, what is done."""
    w, f = words()["result"], result.figures
    if result.kind == "moment":
        total = f.counted + f.unanswered
        key = "moment_all" if f.done == total else "moment"
        return [w[key].format(title=result.title, done=f.done, total=total)]
    if f.score is None:
        return [w["no_score"].format(title=result.title)]
    past = [p.score for p in result.history if p.score is not None]
    before = w["before"].format(past[-1]) if past else ""
    line = w["scope" if result.scope else "score"].format(
        scope=blocks.esc(result.scope), title=result.title, score=f.score, before=before
    )
    counts = "、".join(
        w["count"].format(label=label, count=getattr(f, choice)) for choice, label in checklist.choices.items()
    )
    return [line, f"{bar(f.score)}　{words()['bands'][result.band]}", counts]


def rule(checklist: Checklist) -> str:
    """How the score is counted, in the words of the checklist's own answers."""
    return str(words()["result"]["rule"].format(**(words()["answers"] | dict(checklist.choices))))


def detail_lines(result: Result) -> list[str]:
    """By area, over time, and what else may be done."""
    w = words()["result"]
    lines = [w["areas"], *(area_line(a.title, a.figures, a.band) for a in result.areas)]
    scores = [p.score for p in result.history if p.score is not None]
    if scores and result.figures.score is not None:
        lines.append(w["history"].format(" → ".join(f"{s}点" for s in [*scores, result.figures.score])))
    if result.without_evidence:
        lines.append(w["unproven"].format(len(result.without_evidence)))
    for gap in result.gaps:
        if gap.state == "done":
            proof = w["with_evidence" if gap.evidence else "without_evidence"]
            lines.append(w["ended"].format(text=blocks.esc(gap.text), evidence=proof))
    return lines + proposal_lines(result)


def area_line(title: str, figures: Figures, band: str) -> str:
    w, name = words()["result"], words()["bands"][band]
    if figures.score is None:
        return str(w["area_none"].format(title=blocks.esc(title), band=name))
    return str(w["area"].format(bar=bar(figures.score), score=figures.score, title=blocks.esc(title), band=name))


def proposal_lines(result: Result) -> list[str]:
    """Measures beyond those that the first gaps name already, of different purposes."""
    w = words()
    named = {gap.measure for gap in result.first}
    others = [p for p in result.proposals if p.text not in named]
    by_purpose: dict[str, Proposal] = {}
    for each in others:
        by_purpose.setdefault(each.purpose, each)
    chosen = [*by_purpose.values(), *(p for p in others if p not in by_purpose.values())][:_PROPOSED]
    if not chosen:
        return []
    lines = [
        w["result"]["proposal"].format(
            text=blocks.esc(p.text), purpose=w["purposes"][p.purpose], audience=w["audiences"][p.audience]
        )
        for p in chosen
    ]
    return [w["result"]["proposals"], *lines]
