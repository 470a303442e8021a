"""The register in Slack: the list, one rule, writing it, publishing, older editions."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from dialogs.rules.changes import changes
from dialogs.rules.models import Content, Rule
from knowledge.handling import EVERYONE
from knowledge.text import normalise

from ... import blocks
from ...conversation import NotThere, Reply, Turn
from ...store import Transaction, nudges, rules
from ..feature import Button
from . import cards, forms
from .answers import shown_in_list
from .house import House, day, words

_PAGE = 10
WRITE, PUBLISH = "rules.write", "rules.publish"


class Register:
    def __init__(self, house: House) -> None:
        self._house = house

    def rule(self, turn: Turn, id: str) -> Rule:
        """A rule that this person may see. NotThere otherwise."""
        found = rules.get(self._house.store, id)
        if found is None:
            raise NotThere("old")
        if not self._house.may_see(turn.person, found):
            raise NotThere("no_rights")
        return found

    def to_edit(self, turn: Turn, id: str) -> Rule:
        found = self.rule(turn, id)
        if not self._house.may_edit(turn.person, found):
            raise NotThere("no_rights")
        return found

    # --- the list

    def overview(self, turn: Turn, page: int = 1, only: Sequence[Rule] = ()) -> Reply:
        """The rules that a person is told; for managers all, with the drafts. only: of these."""
        if turn.person.guest:
            raise NotThere("not_for_guests")
        said, house = words()["list"], self._house
        seen = nudges.seen(house.store, [turn.person.id]).get(turn.person.id, {})
        shown = list(only) or [r for r in rules.every(house.store) if house.may_see(turn.person, r)]
        shown = sorted(
            shown, key=lambda r: (("published", "draft", "retired").index(r.status), r.content.section, r.id)
        )
        pages = max(1, -(-len(shown) // _PAGE))
        page = min(max(page, 1), pages)
        parts: list[dict[str, Any]] = [{"text": said["lead"], "note": said["by_name"], "buttons": [], "beside": None}]
        if not any(r.in_force for r in shown):
            parts[0]["text"] = said["nothing_manager" if turn.person.manages else "nothing"]
            parts[0]["note"] = said["starter"] if turn.person.manages else ""
        for rule in shown[(page - 1) * _PAGE : page * _PAGE]:
            known = seen.get(rule.id)
            state = self._state(rule, bool(known and known.confirmed >= rule.asked > 0))
            text = f"{rule.content.section}　{blocks.esc(rule.content.title)}\n_{state}_"
            open_it = Button("rules.open", words()["button"]["open"], {"r": rule.id})
            spoken = f"{words()['button']['open']}: {rule.content.title}"
            parts.append({"text": text, "note": "", "buttons": [], "beside": open_it.to_view() | {"spoken": spoken}})
        more = []
        if page < pages:
            more.append(Button("rules.page", words()["button"]["more"], {"p": page + 1}))
        if turn.person.manages:
            more.append(Button("rules.new", words()["button"]["new"]))
        note = said["page"].format(page=page, pages=pages) if pages > 1 else ""
        parts.append({"text": "", "note": note, "buttons": [b.to_view() for b in more], "beside": None})
        return Reply("rules_text", {"heading": said["title"], "parts": parts})

    def _state(self, rule: Rule, read: bool) -> str:
        said = words()["list"]["state"]
        if rule.status != "published":
            return str(said[rule.status])
        state = str(said["read" if read else "unread"])
        return f"{state}　{said['changed']}" if rule.draft and rule.draft != rule.content else state

    def command(self, turn: Turn, rest: str) -> Reply:
        """/himitsu ルール, with a part of a rule's heading, its id or its section to open it."""
        wanted = normalise(rest).text
        if not wanted or turn.person.guest:
            return self.overview(turn)
        shown = [r for r in rules.every(self._house.store) if self._house.may_see(turn.person, r)]
        for name in (lambda r: r.id, lambda r: r.content.title, lambda r: r.content.text, lambda r: r.content.section):
            found = [r for r in shown if wanted in normalise(name(r)).text]
            if found:
                return self.card(turn, found[0].id) if len(found) == 1 else self.overview(turn, only=found)
        return self._house.talk.note(words()["list"]["not_found"])

    # --- one rule

    def card(self, turn: Turn, id: str, *, lead: str = "") -> Reply:
        """A rule as it is in force, with what this person may do about it."""
        house, found = self._house, self.rule(turn, id)
        edits = house.may_edit(turn.person, found)
        said, value = words()["rule"], {"r": found.id, "e": found.edition, "n": ""}
        parts: list[dict[str, Any]] = [{"text": lead, "note": "", "buttons": [], "beside": None}] if lead else []
        about = self._about(found.content, turn)
        if found.edition:
            edition = rules.edition(house.store, found.id, found.edition)
            assert edition is not None
            about.append(said["edition"].format(edition=found.edition, day=day(edition.at, turn.person.zone)))
        buttons = self._for_readers(found, value) if found.in_force else []
        parts.append(
            self._part(f"*{blocks.esc(found.content.title)}*\n{blocks.esc(found.content.text)}", about, buttons)
        )
        if edits:
            parts += self._for_editors(found, turn)
        reply = Reply("rules_text", {"heading": words()["list"]["title"], "parts": parts})
        keep = shown_in_list(turn, found.id, found.edition) if found.in_force else None
        return replace(reply, keep=keep, dialogues=(house.open_talk(turn, "rules_card", r=found.id),))

    @staticmethod
    def _part(text: str, notes: Sequence[str], buttons: Sequence[Button]) -> dict[str, Any]:
        return {"text": text, "note": "\n".join(notes), "buttons": [b.to_view() for b in buttons], "beside": None}

    def _about(self, content: Content, turn: Turn) -> list[str]:
        said, house = words()["rule"], self._house
        return [
            f"{said['reason']}: {blocks.esc(content.reason)}",
            f"{said['owner']}: {house.whom(content.owner)}"
            + (f"　{said['deputy']}: {blocks.mention(content.deputy)}" if content.deputy else ""),
            f"{said['audience']}: {house.named(content.audience)}",
            f"{said['section']}: {blocks.esc(house.section(content.section))}"
            f"　{said['every']}: {words()['days'].format(days=content.review_days)}",
        ]

    def _for_readers(self, rule: Rule, value: Mapping[str, Any]) -> list[Button]:
        label = words()["button"]
        return [
            Button("nudge.ok", label["ok"], {**value, "h": "ok"}, "primary"),
            Button("nudge.rethink", label["rethink"], value),
        ]

    def _for_editors(self, rule: Rule, turn: Turn) -> list[dict[str, Any]]:
        label, value = words()["button"], {"r": rule.id}
        parts = []
        if rule.draft and (not rule.in_force or rule.draft != rule.content):
            told = cards.told_changes(self._house, changes(rule.content, rule.draft)) if rule.edition else ""
            note = words()["rule"]["draft_below"] if rule.edition else words()["list"]["drafts"]
            publish = Button("rules.check", label["publish"], value, "primary")
            parts.append(self._part(told or "_" + note + "_", [note] if told else [], [publish]))
        buttons = [Button("nudge.revise", label["edit"], {"r": rule.id, "e": rule.edition, "n": ""})]
        if rule.edition:
            buttons.append(Button("rules.versions", label["versions"], value))
        if rule.in_force:
            buttons.append(Button("rules.team", label["team"], value))
        shown = [b.to_view() for b in buttons]
        if rule.status != "retired":
            said = words()["edit"]
            sure = {"title": said["sure"], "text": said["sure_text"], "yes": said["sure_yes"]}
            sure["no"] = blocks.words()["button"]["cancel"]
            retire = Button("rules.retire", label["retire"], value, "danger").to_view()
            shown.append(retire | {"confirm": sure})
        note = "\n".join(self._unknown_places(rule.content.audience))
        parts.append({"text": "", "note": note, "buttons": shown, "beside": None})
        return [p for p in parts if p["text"] or p["buttons"]]

    def _unknown_places(self, audience: Sequence[str]) -> list[str]:
        """Groups and channels of which Slack did not say who is in them, with the scope that is missing."""
        found = {a: nudges.setting(self._house.store, f"scope:{a}", "") for a in audience if a[0] in "CGS"}
        return [words()["manage"]["scope"].format(scope=s) for s in sorted(set(found.values())) if ":" in s]

    # --- writing

    def form(self, turn: Turn, id: str = "") -> dict[str, Any]:
        """The modal to write a rule in; blank id: a new one."""
        if not id and not turn.person.manages:
            raise NotThere("no_rights")
        rule = self.to_edit(turn, id) if id else None
        content = (rule.draft or rule.content) if rule else None
        sections = {s.id: s.title for s in self._house.place.services.knowledge.sections.values() if s.id[0] in "ABCD"}
        about = blocks.packed({"r": id or f"own.{uuid.uuid4().hex[:10]}", "new": not id})
        return forms.rule(content, sections, about)

    def written(self, turn: Turn, about: Mapping[str, Any], values: Mapping[str, Any]) -> Content | dict[str, str]:
        """What was written in it, or what is wrong by block."""
        if about["new"]:
            if not turn.person.manages:
                raise NotThere("no_rights")
        else:
            self.to_edit(turn, about["r"])
        return forms.read_rule(values, about.get("g", ()))

    def save(self, turn: Turn, id: str, content: Content) -> None:
        rules.save_draft(self._house.store, id, content, by=turn.person.id, now=turn.now)

    def check(self, turn: Turn, id: str) -> dict[str, Any]:
        """The modal that shows what would be published, to whom."""
        rule, said, house = self.to_edit(turn, id), words()["edit"], self._house
        content = rule.draft or rule.content
        lines = [f"*{blocks.esc(content.title)}*", blocks.esc(content.text), *self._about(content, turn)]
        told = cards.told_changes(house, changes(rule.content, content)) if rule.in_force else ""
        if rule.draft is None or (rule.in_force and rule.draft == rule.content):
            return forms.shown("\n".join(lines), said["unchanged"])
        count = len(house.audience(content, turn.now))
        foot = said["count"].format(count=count)
        if EVERYONE in content.audience and not house.everyone():
            foot = said["everyone_off"].format(count=count)
        text = said["preview_lead"] + "\n\n" + "\n".join(lines) + ("\n\n" + told if told else "")
        # The digest: what was looked at is what is published, or it is looked at again.
        return forms.publish(text, foot, blocks.packed({"r": id, "d": content.digest}))

    def publish(self, turn: Turn, id: str, digest: str) -> Reply:
        """The draft comes into force, and its audience is told."""
        rule, said = self.to_edit(turn, id), words()["edit"]
        if rule.draft is None or rule.draft.digest != digest:
            return self._house.talk.note(said["nothing_to_publish"])
        title = blocks.esc(rule.draft.title)
        edition = rules.publish(self._house.store, id, by=turn.person.id, now=turn.now)
        if edition is None:
            return self._house.talk.note(said["nothing_to_publish"])
        nudges.settled_review(self._house.store, id)
        return self._house.talk.note(said["published"].format(title=title, edition=edition.number))

    def retire(self, turn: Turn, id: str) -> Reply:
        """使うのをやめる."""
        rule = self.to_edit(turn, id)

        def keep(tx: Transaction) -> None:
            rules.retire(tx, id, by=turn.person.id, now=turn.now)

        note = self._house.talk.note(words()["edit"]["retired"].format(title=blocks.esc(rule.content.title)))
        return Reply(note.view, note.values, keep=keep)

    # --- older editions

    def versions(self, turn: Turn, id: str) -> Reply:
        """Every edition with what changed in it, the latest first."""
        rule, said, house = self.to_edit(turn, id), words()["edit"], self._house
        found = rules.editions(house.store, id)[:_PAGE]
        parts: list[dict[str, Any]] = [
            {
                "text": f"*{blocks.esc(rule.content.title)}*",
                "note": "" if found else said["nobody_yet"],
                "buttons": [],
                "beside": None,
            }
        ]
        for n, edition in enumerate(found):
            by = blocks.mention(edition.by) if edition.by else words()["told"]["by_file"]
            head = said["version"].format(edition=edition.number, day=day(edition.at, turn.person.zone), by=by)
            head += said["of"].format(of=edition.of) if edition.of else ""
            before = found[n + 1].content if n + 1 < len(found) else None
            told = cards.told_changes(house, changes(before, edition.content)) if before else ""
            back: list[dict[str, Any]] = []
            if edition.number != rule.edition or not rule.in_force:
                sure = {"title": said["sure_back"], "text": said["sure_back_text"], "yes": said["sure_back_yes"]}
                sure["no"] = blocks.words()["button"]["cancel"]
                value = {"r": id, "e": edition.number}
                back = [Button("rules.back", words()["button"]["back_to"], value).to_view() | {"confirm": sure}]
            now = said["now"] if not back else ""
            parts.append({"text": head + ("\n" + told if told else ""), "note": now, "buttons": back, "beside": None})
        return Reply("rules_text", {"heading": said["versions"], "parts": parts})

    def back(self, turn: Turn, id: str, number: int) -> Reply:
        """An older edition's words come into force again."""
        rule, said = self.to_edit(turn, id), words()["edit"]
        edition = rules.roll_back(self._house.store, id, number, by=turn.person.id, now=turn.now)
        if edition is None:
            return self._house.talk.note(said["nothing_to_publish"])
        title = blocks.esc(rule.content.title)
        return self._house.talk.note(said["rolled_back"].format(title=title, of=number, edition=edition.number))
