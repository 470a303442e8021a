"""When somebody gets their nudge, and whether at all: by words and by buttons. A stop holds until it is undone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from dialogs.rules.calendar import WEEKDAYS, Slot, epoch, next_slot, tz
from knowledge.models import Reading, Settings
from knowledge.settings import settings
from knowledge.text import normalise

from ... import blocks
from ...conversation import NotThere, Reply, Turn
from ...store import Dialogue, Transaction, audit, nudges
from ...store.nudges import Member
from ..feature import Button, Part
from .answers import About, Answers
from .house import House, day, day_time, words
from .planner import Planner

_HOURS = range(9, 18)
_FEW = 24  # characters; more is a message of its own


class Preferences:
    def __init__(self, house: House, planner: Planner, answers: Answers) -> None:
        self._house, self._planner, self._answers = house, planner, answers

    # --- words

    def said(self, turn: Turn, reading: Reading) -> Reply | None:
        """The reply to a message about nudges."""
        if turn.person.guest:
            return self._house.talk.note(words()["mine"]["guest"])
        return self.wish(turn, reading.settings or Settings())

    def typed(self, turn: Turn, there: Dialogue, text: str) -> Reply | None:
        """Words below the settings, or below the question for a day or an hour: a wish in few words is about these."""
        plain = normalise(text).text.strip(" 。.!、")
        if len(plain) > _FEW:
            return None
        today = datetime.fromtimestamp(turn.now, tz(turn.person.zone)).date()
        asked = there.state.get("asked")
        if asked == "hour" and plain.isdigit():
            plain += "時"
        if asked == "day" and len(plain) == 1:
            plain += "曜"
        found = self._house.talk.services(turn).read(text, today=today)
        wish = settings(plain, today)
        about_it = found.intent in ("reminder", "out_of_scope", "help") or not found.evidence
        return self.wish(turn, wish) if about_it and wish != Settings() else None

    def command(self, turn: Turn, rest: str) -> Reply:
        """/himitsu お知らせ …"""
        if turn.person.guest:
            raise NotThere("not_for_guests")
        if not rest.strip():
            return self.show(turn)
        today = datetime.fromtimestamp(turn.now, tz(turn.person.zone)).date()
        found = self._house.talk.services(turn).read(rest, intent="reminder", today=today)
        return self.wish(turn, found.settings or Settings())

    def wish(self, turn: Turn, wish: Settings) -> Reply:
        """What a wish does; where it leaves the day or the hour open, that is asked."""
        if wish.until and self._until(turn, wish.until) <= turn.now:
            return self._house.talk.note(words()["set"]["past"])
        before = nudges.member(self._house.store, turn.person.id)
        if wish.action == "status" or wish == Settings():
            return self.show(turn)
        if wish.action == "next":
            return self.preview(turn)
        if wish.action == "done":
            return self._done(turn)
        if wish.action == "off":
            return self.change(turn, replace(before, choice="off", paused_until=None), "off")
        if wish.action == "pause":
            until = self._until(turn, wish.until) if wish.until else None
            return self.change(turn, replace(before, choice="paused", paused_until=until), "pause")
        if wish.action == "resume" and wish.until:
            until = self._until(turn, wish.until)
            return self.change(
                turn, replace(self._timed(before, wish), choice="paused", paused_until=until), "resume_at"
            )
        if wish.action in ("on", "resume"):
            return self.change(turn, replace(self._timed(before, wish), choice="on", paused_until=None), wish.action)
        if wish.weekday is None and wish.hour is None:
            return self.ask(turn, wish)
        changed = self._timed(before, wish)
        if changed.choice == "" and not changed.active(turn.now, self._house.everyone()):
            changed = replace(changed, choice="on")  # who names a day wants it
        return self.change(turn, changed, "still_off" if changed.choice == "off" else "change")

    def _timed(self, member: Member, wish: Settings) -> Member:
        weekday = wish.weekday or member.weekday
        return replace(member, weekday=weekday, hour=member.hour if wish.hour is None else wish.hour)

    def _until(self, turn: Turn, iso: str) -> int:
        """The first moment of a day, where the person is."""
        return epoch(date.fromisoformat(iso), 0, turn.person.zone)

    def _done(self, turn: Turn) -> Reply:
        about = self._answers.waiting(turn)
        if about is None or about.rule is None:
            return self._house.talk.note(words()["answer"]["nothing_open"])
        assert about.nudge is not None
        if about.nudge.kind == "review":
            return self._answers.unchanged(turn, about)
        return self._answers.ok(turn, about, "done")

    # --- what changes

    def change(self, turn: Turn, member: Member, said: str) -> Reply:
        """Keep what was chosen, and say how it is now."""
        if turn.person.guest:
            raise NotThere("not_for_guests")
        kept = replace(member, next_at=None, week="", changed_at=int(turn.now))

        def keep(tx: Transaction) -> None:
            nudges.save_member(tx, kept)
            data = {"choice": kept.choice, "weekday": kept.weekday, "hour": kept.hour, "until": kept.paused_until}
            audit.append(tx, "nudge.set", turn.person.id, actor=turn.person.id, now=turn.now, data=data)

        table = words()["set"]
        shown_until = day(kept.paused_until - 1, turn.person.zone) if kept.paused_until else ""
        if said == "resume_at" and kept.paused_until:
            lead = table["resume_at"].format(day=day(kept.paused_until, turn.person.zone))
        elif said == "pause" and shown_until:
            lead = table["pause_until"].format(day=shown_until)
        else:
            lead = table[said]
        return replace(self._card(turn, kept, lead), keep=keep)

    def pause_for(self, turn: Turn, days: int) -> Reply:
        """しばらく休む, for so many days."""
        local = datetime.fromtimestamp(turn.now, tz(turn.person.zone)).date()
        until = epoch(local + timedelta(days), 0, turn.person.zone)
        before = nudges.member(self._house.store, turn.person.id)
        return self.change(turn, replace(before, choice="paused", paused_until=until), "pause")

    def stop(self, turn: Turn) -> Reply:
        return self.wish(turn, Settings(action="off"))

    def start(self, turn: Turn) -> Reply:
        return self.wish(turn, Settings(action="resume"))

    def pause(self, turn: Turn) -> Reply:
        return self.wish(turn, Settings(action="pause"))

    # --- what is shown

    def show(self, turn: Turn) -> Reply:
        """How it is set now."""
        if turn.person.guest:
            raise NotThere("not_for_guests")
        return self._card(turn, nudges.member(self._house.store, turn.person.id), "")

    def _card(self, turn: Turn, member: Member, lead: str) -> Reply:
        lines = [lead] if lead else [f"*{words()['mine']['title']}*"]
        quiet = lead and not member.active(turn.now, self._house.everyone())  # the lead has said it
        text = "\n".join(lines if quiet else [*lines, *self.lines(turn, member)])
        buttons = [b.to_view() for b in self.buttons(turn, member)]
        parts = [{"text": text, "note": words()["mine"]["words"], "buttons": buttons, "beside": None}]
        return Reply(
            "rules_text", {"heading": "", "parts": parts}, (self._house.open_talk(turn, "nudge_set", asked=""),)
        )

    def lines(self, turn: Turn, member: Member) -> list[str]:
        """How it is set, in a sentence or three."""
        said, everyone = words()["mine"], self._house.everyone()
        day_name = words()["weekday"][member.weekday]
        about = {"weekday": day_name, "hour": member.hour}
        if member.choice == "off":
            return [said["off"]]
        if member.choice == "paused" and not member.active(turn.now, everyone):
            if member.paused_until is None:
                return [said["paused"]]
            return [said["paused_until"].format(day=day(member.paused_until - 1, turn.person.zone), **about)]
        if not member.active(turn.now, everyone):
            return [said["not_enrolled"].format(**about)]
        why = (
            "chosen"
            if member.choice
            else "charged"
            if member.charged
            else "announced"
            if member.announced
            else "everyone"
        )
        return [said["on"].format(**about), *self._moved(member), self.next_turn(turn, member), said["why"][why]]

    def _moved(self, member: Member) -> list[str]:
        calendar, said = self._house.calendar, words()["set"]
        if WEEKDAYS.index(member.weekday) not in calendar.days:
            return [said["weekend"].format(weekday=words()["weekday"][member.weekday])]
        if not calendar.open <= member.hour * 60 < calendar.close:
            hours = {"open": _clock(calendar.open), "close": _clock(calendar.close)}
            return [said["moved"].format(hour=member.hour, **hours)]
        return []

    def next_turn(self, turn: Turn, member: Member) -> str:
        slot, said = self._slot(turn, member), words()["mine"]
        return str(said["next"].format(day=day_time(slot.at, turn.person.zone)) if slot else said["no_next"])

    def _slot(self, turn: Turn, member: Member) -> Slot | None:
        calendar, zone = self._house.calendar, turn.person.zone
        slot = next_slot(calendar, zone, member.weekday, member.hour, turn.now)
        if slot and nudges.get(self._house.store, f"{member.person}:{slot.week}"):
            # this week's was there already, before the day was changed
            return next_slot(calendar, zone, member.weekday, member.hour, slot.at)
        return slot

    def buttons(self, turn: Turn, member: Member) -> list[Button]:
        label = words()["button"]
        when = Button("nudge.when", label["when"])
        if member.choice in ("off", "paused") and not member.active(turn.now, self._house.everyone()):
            more = []
            if member.choice == "paused" and member.paused_until is None:
                more = [Button("nudge.pause.weeks", label["pause_2w"]), Button("nudge.pause.month", label["pause_1m"])]
            return [Button("nudge.start", label["again"], {}, "primary"), *more, when]
        if not member.active(turn.now, self._house.everyone()):
            return [Button("nudge.start", label["start"], {}, "primary"), when]
        return [when, Button("nudge.pause", label["pause"]), Button("nudge.stop", label["stop"])]

    def ask(self, turn: Turn, wish: Settings) -> Reply:
        """Which day, or which hour."""
        said, label = words()["set"], words()["weekday"]
        if wish.wants == "hour":
            hours = [h for h in _HOURS if h != nudges.member(self._house.store, turn.person.id).hour]
            buttons = [Button(f"nudge.hour.{h}", words()["when"]["hour_label"].format(hour=h), {"h": h}) for h in hours]
            return self._asked(turn, "hour", said["ask_hour"], buttons)
        days = [d for n, d in enumerate(WEEKDAYS) if n in self._house.calendar.days and d not in wish.avoid]
        return self._asked(turn, "day", said["ask_day"], [Button(f"nudge.day.{d}", label[d], {"w": d}) for d in days])

    def _asked(self, turn: Turn, asked: str, text: str, buttons: Sequence[Button]) -> Reply:
        parts = [{"text": text, "note": "", "buttons": [b.to_view() for b in buttons], "beside": None}]
        return Reply(
            "rules_text", {"heading": "", "parts": parts}, (self._house.open_talk(turn, "nudge_set", asked=asked),)
        )

    def preview(self, turn: Turn) -> Reply:
        """Which rule is next, as it looks now."""
        member = nudges.member(self._house.store, turn.person.id)
        slot = self._slot(turn, member)
        if slot is None or not member.active(turn.now, self._house.everyone()):
            return self.show(turn)
        round = self._planner.round(slot.at)
        people = self._planner.people([turn.person.id], slot.at)
        due = self._planner.choice(turn.person.id, round, people, slot.at).due
        said = words()["set"]
        if due is None:
            return self._house.talk.note(said["next_nothing"])
        rule = round.rules.get(due.subject)
        title = blocks.esc(rule.content.title) if rule else words()["manage"]["kinds"][due.kind]
        return self._house.talk.note(said["next_is"].format(day=day_time(slot.at, turn.person.zone), title=title))

    def home(self, turn: Turn) -> list[Part]:
        """App Home: how it is set, and what waits for an answer."""
        member = nudges.member(self._house.store, turn.person.id)
        parts = [Part("\n".join(self.lines(turn, member)), tuple(self.buttons(turn, member)), words()["mine"]["title"])]
        about = self._answers.waiting(turn)
        return parts + ([self._open(about)] if about and about.rule else [])

    def _open(self, about: About) -> Part:
        from .cards import rule_buttons

        assert about.rule is not None and about.nudge is not None
        content = about.rule.content
        owns = about.nudge.person in (content.owner, content.deputy)
        buttons = rule_buttons(about.nudge.kind, about.value, owns=owns)[:-1]
        return Part(f"{words()['mine']['open']}\n「{blocks.esc(content.title)}」\n{blocks.esc(content.text)}", buttons)


def _clock(minutes: int) -> str:
    return f"{minutes // 60}:{minutes % 60:02}"
