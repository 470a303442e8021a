"""The buttons of a nudge and of an announcement, pressed or typed: each of them finishes the job."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from dialogs.rules.models import Rule
from dialogs.rules.nudges import DAY_S, Standing

from ... import blocks
from ...conversation import NotThere, Reply, Turn
from ...store import Dialogue, Planned, Transaction, audit, nudges, rules
from ...store.nudges import Nudge
from ...store.rules import Comment
from . import cards
from .house import House, day, words

_LATER_S = 5 * DAY_S  # by then it is the next week's turn again


@dataclass(frozen=True)
class About:
    """What a button is about. nudge: None on an announcement or in a list."""

    rule: Rule | None
    edition: int
    nudge: Nudge | None

    @property
    def value(self) -> dict[str, Any]:
        return {"r": self.rule.id if self.rule else "", "e": self.edition, "n": self.nudge.id if self.nudge else ""}


class Answers:
    def __init__(self, house: House) -> None:
        self._house = house

    # --- what it is about

    def about(self, turn: Turn, value: Mapping[str, Any]) -> About:
        """NotThere where it is somebody else's, or not for this person."""
        if turn.person.guest:
            raise NotThere("not_for_guests")
        nudge = nudges.get(self._house.store, str(value["n"])) if value["n"] else None
        if nudge and nudge.person != turn.person.id:
            raise NotThere("not_yours")
        rule = rules.get(self._house.store, str(value["r"])) if value["r"] else None
        return About(rule, int(value["e"]), nudge)

    def latest(self, turn: Turn) -> About | None:
        """The last nudge that reached a person; None where none did."""
        if turn.person.guest:
            raise NotThere("not_for_guests")
        nudge = nudges.latest(self._house.store, turn.person.id)
        if nudge is None:
            return None
        return About(rules.get(self._house.store, nudge.subject), nudge.edition, nudge)

    def waiting(self, turn: Turn) -> About | None:
        """The last nudge, where it waits for an answer and what it is about holds."""
        about = self.latest(turn)
        if about is None or about.nudge is None or about.nudge.state != "sent":
            return None
        if about.nudge.kind in ("task", "desk", "check"):
            return about
        return about if about.rule and about.rule.in_force else None

    # --- for everybody

    def ok(self, turn: Turn, about: About, how: str) -> Reply:
        """守れている, 読みました. How: ok, read or done (said in words)."""
        rule = about.rule
        if rule is None or not rule.in_force:
            return self._gone(turn, about, "retired")
        said = words()["answer"]
        seen = nudges.seen_of(self._house.store, turn.person.id, rule.id)
        if seen.confirmed >= rule.asked and self._answered(about, seen.confirmed_at, turn):
            return self._note(said["again"])
        keep = _Confirm(turn, about, rule.id, about.edition, how)
        if about.edition < rule.asked:
            return self._changed_since(turn, about, rule, keep)
        text = said["read" if how == "read" else "ok"].format(title=blocks.esc(rule.content.title), day=self._day(turn))
        return replace(self._note(text), keep=keep)

    def _answered(self, about: About, confirmed_at: int, turn: Turn) -> bool:
        """Whether this very asking was answered: the nudge, or what stands in a list or an announcement, today."""
        return about.nudge.state == "answered" if about.nudge else confirmed_at > turn.now - DAY_S

    def _changed_since(self, turn: Turn, about: About, rule: Rule, keep: _Confirm) -> Reply:
        """A button of an older edition: what was confirmed is kept, and the new words are shown."""
        edition = rules.edition(self._house.store, rule.id, rule.edition)
        before = rules.edition(self._house.store, rule.id, about.edition)
        assert edition is not None
        card = cards.announcement(self._house, edition, before.content if before else None, zone=turn.person.zone)
        lead = words()["answer"]["changed_since"].format(title=blocks.esc(rule.content.title))
        shown = _Shown(turn, rule.id, rule.edition)

        def both(tx: Transaction) -> None:
            keep(tx)
            shown(tx)

        return Reply("rules_nudge", replace(card, lead=lead, title="").values(), keep=both)

    def later(self, turn: Turn, about: About) -> Reply:
        """来週."""
        if about.nudge is None or about.nudge.state == "answered":
            return self._note(words()["answer"]["gone"])
        nudge = about.nudge

        def keep(tx: Transaction) -> None:
            if nudges.answer(tx, nudge.id, "later", now=turn.now):
                before = nudges.standing_of(tx, nudge.person, nudge.kind, nudge.subject)
                put_off = Standing(max(0, before.sent - 1), before.last_at, int(turn.now + _LATER_S))
                nudges.stand(tx, nudge.person, nudge.kind, nudge.subject, put_off)

        return replace(self._note(words()["answer"]["later"]), keep=keep)

    def comment(self, turn: Turn, about: About, text: str, written: str) -> Reply:
        """見直したい: to the owner, with what was written; once for each modal it was written in."""
        rule = about.rule
        if rule is None or not rule.in_force:
            return self._gone(turn, about, "retired")
        owner = self._house.owner(rule.content)
        id = f"{rule.id}:{written}"
        comment = Comment(id, rule.id, about.edition, turn.person.id, blocks.clip(text.strip(), 1000), int(turn.now))

        def keep(tx: Transaction) -> None:
            if rules.comment(tx, comment):
                data = {"edition": about.edition, "person": turn.person.id}
                audit.append(tx, "rule.commented", rule.id, actor=turn.person.id, now=turn.now, data=data)
            if about.nudge and nudges.answer(tx, about.nudge.id, "rethink", now=turn.now):
                nudges.settled(tx, about.nudge.kind, about.nudge.subject, turn.person.id)
                put_off = Standing(0, int(turn.now), int(turn.now + rule.content.review_days * DAY_S / 2))
                nudges.stand(tx, turn.person.id, about.nudge.kind, about.nudge.subject, put_off)

        said = words()["answer"]
        if not owner:
            return replace(self._note(said["comment_sent_nobody"]), keep=keep)
        planned = Planned(f"comment:{id}", "rule.comment", owner, self._letter(rule, comment), int(turn.now), True)
        sent = said["comment_sent"].format(owner=blocks.mention(owner))
        return replace(self._note(sent), keep=keep, planned=(planned,) if owner != turn.person.id else ())

    def _letter(self, rule: Rule, comment: Comment) -> dict[str, Any]:
        said = words()["comment"]
        buttons = cards.rule_buttons("review", {"r": rule.id, "e": rule.edition, "n": ""})[:3]
        text = f"{said['from']}: {blocks.mention(comment.person)}\n{blocks.esc(comment.text) or said['empty']}"
        values = {
            "lead": said["letter"].format(title=blocks.esc(rule.content.title)),
            "heading": "",
            "text": text,
            "question": said["next"],
            "notes": (),
            "buttons": [b.to_view() for b in buttons],
        }
        return blocks.message("rules_nudge", **values)

    # --- for owners

    def unchanged(self, turn: Turn, about: About) -> Reply:
        """変更なし: looked through."""
        rule = about.rule
        if rule is None or not rule.in_force:
            return self._gone(turn, about, "retired")
        if not self.may_review(turn, rule):
            return self._not_owner(rule)
        said = words()["answer"]
        if (about.nudge and about.nudge.state == "answered") or rule.reviewed_at > turn.now - 60:
            return self._note(said["again"])

        def keep(tx: Transaction) -> None:
            rules.reviewed(tx, rule.id, by=turn.person.id, now=turn.now)
            self.reviewed(tx, turn, about, "unchanged")

        after = turn.now + rule.content.review_days * DAY_S
        text = said["unchanged"].format(
            title=blocks.esc(rule.content.title), day=self._day(turn), next=day(after, turn.person.zone)
        )
        return replace(self._note(text), keep=keep)

    def reviewed(self, tx: Transaction, turn: Turn, about: About, answer: str) -> None:
        """Whatever was asked of anybody about this review is settled."""
        if about.nudge:
            nudges.answer(tx, about.nudge.id, answer, now=turn.now)
        if about.rule:
            nudges.settled(tx, "review", about.rule.id)

    def may_review(self, turn: Turn, rule: Rule) -> bool:
        return self._house.may_edit(turn.person, rule) or self._house.in_charge([rule]).get(rule.id) == turn.person.id

    def hand(self, turn: Turn, about: About, to: str) -> Reply:
        """担当を替える: a new edition with another owner; the new one is told."""
        rule, said = about.rule, words()["answer"]
        if rule is None or not rule.in_force:
            return self._gone(turn, about, "retired")
        if not self.may_review(turn, rule):
            return self._not_owner(rule)
        if to == rule.content.owner:
            return self._note(said["handed_self"])
        if self._house.person(to, turn.now).guest or self._house.person(to, turn.now).deleted:
            return self._note(said["hand_guest"])
        deputy = "" if rule.content.deputy == to else rule.content.deputy

        def keep(tx: Transaction) -> None:
            handed = rules.hand(tx, rule.id, to, deputy, by=turn.person.id, now=turn.now)
            if handed and about.nudge and nudges.answer(tx, about.nudge.id, "handed", now=turn.now):
                nudges.settled(tx, about.nudge.kind, about.nudge.subject)

        title = blocks.esc(rule.content.title)
        note = blocks.message(
            "note",
            text=said["handed_to"].format(by=blocks.mention(turn.person.id), title=title),
            buttons=[],
        )
        row = Planned(
            f"handed:{rule.id}:{rule.edition}:{to}:{int(turn.now)}", "rule.handed", to, note, int(turn.now), True
        )
        reply = self._note(said["handed"].format(title=title, to=blocks.mention(to)))
        return replace(reply, keep=keep, planned=(row,) if to != turn.person.id else ())

    # --- in words, where the button would open a modal

    def ask_words(self, turn: Turn, about: About, kind: str, question: str) -> Reply:
        """Asks for what the modal would hold. kind: nudge_comment or nudge_hand."""
        waiting = Dialogue(
            self._house.place.new_id(turn.now, turn.delivery),
            turn.person.id,
            turn.channel,
            {"kind": kind, "about": about.value},
            int(turn.now),
            int(turn.now),
        )
        return self._house.talk.note(question, dialogues=(waiting,))

    # ---

    def _gone(self, turn: Turn, about: About, reason: str) -> Reply:
        nudge = about.nudge

        def keep(tx: Transaction) -> None:
            if nudge and nudges.answer(tx, nudge.id, "gone", now=turn.now):
                nudges.settled(tx, nudge.kind, nudge.subject, nudge.person)

        return replace(self._note(words()["answer"][reason]), keep=keep)

    def _not_owner(self, rule: Rule) -> Reply:
        owner = self._house.whom(self._house.owner(rule.content))
        return self._note(words()["answer"]["not_owner"].format(owner=owner))

    def _note(self, text: str) -> Reply:
        return self._house.talk.note(text)

    def _day(self, turn: Turn) -> str:
        return day(turn.now, turn.person.zone)


@dataclass(frozen=True)
class _Confirm:
    """Keeps a yes: what was asked is answered, which edition is confirmed, and the proof."""

    turn: Turn
    about: About
    rule: str
    edition: int
    how: str

    def __call__(self, tx: Transaction) -> None:
        person, now, nudge = self.turn.person.id, self.turn.now, self.about.nudge
        if nudge and not nudges.answer(tx, nudge.id, self.how, now=now):
            return
        for kind in ("reread", "changed"):
            nudges.settled(tx, kind, self.rule, person)
        nudges.confirmed(tx, person, self.rule, self.edition, now=now)
        data = {"edition": self.edition, "digest": rules.digest(tx, self.rule, self.edition), "person": person}
        audit.append(tx, "rule.confirmed", self.rule, actor=person, now=now, data=data | {"how": self.how})


@dataclass(frozen=True)
class _Shown:
    """Keeps that a rule was put before somebody who asked for it, once a day."""

    turn: Turn
    rule: str
    edition: int

    def __call__(self, tx: Transaction) -> None:
        person, now = self.turn.person.id, self.turn.now
        before = nudges.seen_of(tx, person, self.rule)
        if before.shown >= self.edition and before.shown_at > now - DAY_S:
            return
        nudges.shown(tx, person, self.rule, self.edition, now=now)
        data = {"edition": self.edition, "digest": rules.digest(tx, self.rule, self.edition), "person": person}
        audit.append(tx, "rule.shown", self.rule, actor="", now=now, data=data | {"how": "list"})


def shown_in_list(turn: Turn, rule: str, edition: int) -> _Shown:
    """What a reply keeps where it shows a rule in force."""
    return _Shown(turn, rule, edition)
