"""お知らせのようす: what managers see and set. Figures by week; nobody is ranked, groups under five are hidden."""

from __future__ import annotations

from collections import Counter
from typing import Any

from dialogs.rules.chart import FEWEST, line
from dialogs.rules.nudges import DAY_S

from ... import blocks
from ...conversation import NotThere, Reply, Turn
from ...store import Planned, Transaction, audit, nudges, outbox, rules
from ..feature import Button, Part
from .house import House, words
from .rates import weeks
from .telling import Telling

_OURS = ("nudge", "rule.told", "rule.team", "rule.comment", "rule.handed")


class Manage:
    def __init__(self, house: House, telling: Telling) -> None:
        self._house, self._telling = house, telling

    def allowed(self, turn: Turn) -> None:
        if not turn.person.manages:
            raise NotThere("no_rights")

    def show(self, turn: Turn, lead: str = "") -> Reply:
        self.allowed(turn)
        said, house, label = words()["manage"], self._house, words()["button"]
        everyone = house.everyone()
        count = nudges.counts(house.store, everyone=everyone, now=turn.now)
        if everyone:
            count["active"] = len(nudges.listeners(house.store, everyone=True, now=turn.now))
        channel = nudges.setting(house.store, "team_channel", "")
        weekly = said["weekly"].format(channel=blocks.mention(channel)) if channel else said["weekly_none"]
        switch = Button("manage.everyone", label["everyone_off" if everyone else "everyone_on"], {"on": not everyone})
        buttons = [switch, Button("rules.list", label["rules"])]
        buttons += [Button("manage.quiet", words()["team"]["stop"])] if channel else []
        parts = [self._part(lead)] if lead else []
        text = "\n".join([said["everyone"]["on" if everyone else "off"], said["enrolled"].format(**count), weekly])
        parts += [
            self._part(text, buttons),
            self._part(f"*{said['answered']}*\n{self._figures(turn.now)}"),
            self._part(f"*{said['waiting']}*\n{self._waiting(turn.now) or said['nothing_failed']}"),
            self._failed(),
            self._part(
                said["proof"], [Button("proof.csv", "csv"), Button("proof.xlsx", "xlsx"), Button("proof.pdf", "PDF")]
            ),
        ]
        return Reply("rules_text", {"heading": said["title"], "parts": parts}, (house.open_talk(turn, "rules_manage"),))

    @staticmethod
    def _part(text: str, buttons: list[Button] | None = None, note: str = "") -> dict[str, Any]:
        return {"text": text, "note": note, "buttons": [b.to_view() for b in buttons or ()], "beside": None}

    def _figures(self, now: float) -> str:
        said = words()["manage"]
        lines = [
            said["week"].format(bar=line(w), week=w.week, sent=w.sent, answered=w.answered, percent=w.percent)
            if w.shown
            else said["hidden"].format(week=w.week)
            for w in weeks(self._house, now)
        ]
        return "\n".join(lines) or str(said["no_figures"])

    def _waiting(self, now: float) -> str:
        """What nobody answered, after all reminders: the rule, and how many people, never who."""
        said, house = words()["manage"], self._house
        found = {r.id: r for r in rules.every(house.store)}
        charged = house.in_charge(list(found.values()))
        given_up = nudges.let_go(house.store, since=now - 365 * DAY_S)
        lines = []
        for rule in found.values():
            over = rule.reviewed_at + rule.content.review_days * DAY_S <= now
            if rule.in_force and over and rule.id not in charged:
                lines.append(said["waiting_owner"].format(title=blocks.esc(rule.content.title)))
        counted = Counter((kind, subject) for kind, subject, _ in given_up if kind != "review")
        for (kind, subject), count in sorted(counted.items()):
            known = found.get(subject)
            title = blocks.esc(known.content.title) if known else said["kinds"][kind]
            people = said["people"].format(count=count) if count >= FEWEST else said["few"]
            lines.append(said["waiting_line"].format(title=title, kind=said["kinds"][kind], count=people))
        return "\n".join(lines[:15])

    def _failed(self) -> dict[str, Any]:
        """Posts that Slack refused, or of which nobody knows whether they arrived."""
        said = words()["manage"]
        found = [t for t in outbox.troubles(self._house.store) if t.kind in _OURS][:10]
        lines = []
        for each in found:
            known = said["reasons"].get(each.reason or "")
            reason = said["reasons"]["unknown"] if each.state == "unknown" else known
            told = reason or said["reasons"]["other"].format(reason=blocks.esc(each.reason or "-"))
            lines.append(said["failed_line"].format(to=blocks.mention(each.target), reason=told))
        settle = (
            [Button("manage.settled", words()["button"]["settled"], {"ids": [t.id for t in found]})] if found else []
        )
        return self._part(f"*{said['failed']}*\n" + ("\n".join(lines) or said["nothing_failed"]), settle)

    # --- what is set

    def everyone(self, turn: Turn, on: bool) -> Reply:
        self.allowed(turn)
        store, said = self._house.store, words()["manage"]
        nudges.set_setting(store, "everyone", on, by=turn.person.id, now=turn.now)
        audit.append(store, "nudge.everyone", "company", actor=turn.person.id, now=turn.now, data={"on": on})
        if on:
            nudges.enrol(store, nudges.staff(store), now=turn.now)
            nudges.release(store, "directory")
        return self.show(turn, said["everyone_now_on" if on else "everyone_now_off"])

    def settle(self, turn: Turn, ids: list[str]) -> Reply:
        self.allowed(turn)
        for id in ids:
            outbox.settle(self._house.store, str(id))
        return self.show(turn)

    def settle_all(self, turn: Turn) -> Reply:
        """確認した, typed: all that is shown as not delivered."""
        return self.settle(turn, [t.id for t in outbox.troubles(self._house.store) if t.kind in _OURS][:10])

    def quiet(self, turn: Turn) -> Reply:
        """No weekly post any more."""
        self.allowed(turn)
        nudges.set_setting(self._house.store, "team_channel", "", by=turn.person.id, now=turn.now)
        return self.show(turn, words()["team"]["weekly_off"])

    def talk(self, turn: Turn, rule_id: str, channel: str, weekly: bool) -> Reply:
        """A rule into a channel now; weekly: one a week from now on."""
        rule = rules.get(self._house.store, rule_id)
        if rule is None or not rule.in_force or not self._house.may_edit(turn.person, rule):
            raise NotThere("no_rights")
        said = words()["team"]
        day = int(turn.now // DAY_S)
        row: Planned = self._telling.post(rule, channel, f"talk:{rule.id}:{channel}:{day}", int(turn.now))
        weekly = weekly and turn.person.manages

        def keep(tx: Transaction) -> None:
            if weekly:
                nudges.set_setting(tx, "team_channel", channel, by=turn.person.id, now=turn.now)

        lines = [said["done"]] + ([said["weekly_on"].format(channel=blocks.mention(channel))] if weekly else [])
        note = self._house.talk.note("\n".join(lines))
        return Reply(note.view, note.values, planned=(row,), keep=keep)

    def home(self, turn: Turn) -> Part:
        """The part of App Home about rules, for everybody; managers get more buttons."""
        said, house, label = words()["home"], self._house, words()["button"]
        seen = nudges.seen(house.store, [turn.person.id]).get(turn.person.id, {})
        every = rules.every(house.store)
        mine = [r for r in every if r.in_force and house.may_see(turn.person, r)]
        unread = sum(r.id not in seen or seen[r.id].confirmed < r.asked for r in mine)
        lines = [said["in_force"].format(count=len(mine))]
        lines += [said["unread"].format(count=unread)] if unread else []
        buttons = [Button("rules.list", label["rules"])]
        if turn.person.manages:
            drafts = sum(r.status == "draft" or bool(r.draft) for r in every)
            lines += [said["drafts"].format(count=drafts)] if drafts else []
            buttons.append(Button("manage.show", label["manage"]))
        return Part("\n".join(lines), tuple(buttons), said["rules"])
