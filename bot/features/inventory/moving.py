"""The inventory out to a file and in from one, in the DM. What comes in is shown first, and written after a yes."""

from __future__ import annotations

import hashlib
import json
import logging
import urllib.error
import urllib.request
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import replace
from http.client import HTTPMessage
from typing import IO, TYPE_CHECKING, Any
from urllib.parse import urlsplit

from slack_sdk import WebClient

from dialogs.inventory import table, transfer
from dialogs.inventory.transfer import Plan
from knowledge.text import normalise

from ... import blocks
from ...conversation import Handed, NotThere, Reply
from ...slack_errors import NETWORK, understand
from ...store import Dialogue, audit, inventory
from ...store.inventory import Stale
from ..feature import Button
from . import shown
from .shelf import written
from .shown import words

if TYPE_CHECKING:
    from ...conversation import Turn
    from .talk import Talk

logger = logging.getLogger(__name__)

KIND = "inventory.import"
_TAKE_IN = ("取り込", "取込", "インポート")  # beside a file: it is meant for the inventory
_CALLED, _FEW = "台帳", 12  # its name alone, in a few letters; a longer text asks something
_TABLES = ("csv", "tsv", "txt", "xlsx", "xlsm", "xls", "xlsb")
_FETCH_S = 20


class NotGot(Exception):
    """A file that Slack did not hand out; the reason is a key of the views' `import`."""


def how_to_import(talk: Talk, turn: Turn) -> Reply:
    """How to send a table, with an empty one to fill in. The next file in the DM is for the inventory."""
    if not talk.rights.edits(turn.person):
        return talk.note(words()["errors"]["no_list"])
    waiting = _waiting(talk, turn, {})
    button = Button("inventory.template", words()["button"]["template"])
    return talk.conversation.note(words()["import"]["how"], buttons=[button.to_view()], dialogues=(waiting,))


def exported(talk: Talk, turn: Turn, ending: str = "xlsx") -> Reply:
    """Everything that the person may see, as xlsx or csv, handed over in the DM. The audit log tells who took it."""
    if not talk.rights.lists(turn.person):
        return talk.note(words()["errors"]["no_list"])
    items = talk.rights.seen(turn.person, talk.shelf.items())
    say = words()["export"]
    name = f"{say['file']}_{talk.conversation.workplace.today(turn.now):%Y%m%d}.{ending}"
    write = transfer.export_csv if ending == "csv" else transfer.export_xlsx

    def done() -> None:
        data = {"count": len(items)}
        audit.append(talk.shelf.store, "inventory.exported", "inventory", actor=turn.person.id, now=turn.now, data=data)

    file = Handed(name, say["file"], lambda: write(items), done)
    return replace(talk.note(say["sending"].format(count=len(items), name=name)), file=file)


def template(talk: Talk, turn: Turn) -> Reply:
    """An empty table with the headings."""
    if not talk.rights.edits(turn.person):
        return talk.note(words()["errors"]["no_list"])
    say = words()["export"]
    file = Handed(f"{say['template']}.xlsx", say["template"], transfer.template_xlsx)
    return replace(talk.note(say["template_sending"]), file=file)


def received(
    talk: Talk, turn: Turn, text: str, files: Sequence[Mapping[str, Any]], client: WebClient, *, expected: bool
) -> Reply | None:
    """A file in the DM. None where it is not for the inventory: then nothing of it is opened.

    expected: the person has just been told how to send one. Words that ask something are answered, not the file.
    """
    tables = [f for f in files if str(f.get("name") or "").rpartition(".")[2].lower() in _TABLES]
    if not tables or not talk.rights.edits(turn.person):
        return None
    if not _is_meant(text):
        if text.strip():
            return None
        if not expected:
            return talk.note(words()["import"]["not_asked"])
    if len(files) > 1:
        return talk.note(words()["import"]["one"])
    return looked_at(talk, turn, str(tables[0].get("id") or ""), client)


def _is_meant(text: str) -> bool:
    plain = normalise(text).text
    if "?" in plain or plain.endswith("か"):
        return False
    return any(word in plain for word in _TAKE_IN) or (_CALLED in plain and len(plain) <= _FEW)


def looked_at(talk: Talk, turn: Turn, file: str, client: WebClient) -> Reply:
    """What importing a file would do, or what is wrong with it; with buttons to do it or leave it."""
    try:
        name, plan = _read(talk, turn, file, client)
    except NotGot as reason:
        return talk.note(words()["import"][str(reason)])
    return _shown(talk, turn, file, name, plan)


def _shown(talk: Talk, turn: Turn, file: str, name: str, plan: Plan, *, lead: str = "") -> Reply:
    say = words()["import"]
    told = blocks.esc(blocks.clip(name, 60))
    if plan.troubles:
        lines = [blocks.esc(line) for line in shown.troubles(plan)]
        return talk.note("\n".join([say["refused"].format(file=told), *lines, say["fix"]]))
    if plan.does_nothing:
        return talk.note(say["nothing"].format(file=told))
    waiting = _waiting(talk, turn, {"file": file, "sum": digest(plan)})
    value = {"d": waiting.id}
    buttons = [
        Button("inventory.take", words()["button"]["take"], value, "primary"),
        Button("inventory.leave", words()["button"]["leave"], value),
    ]
    lines = [lead, say["preview"].format(file=told), *(blocks.esc(line) for line in shown.planned(plan))]
    text = "\n".join(line for line in lines if line)
    return talk.conversation.note(text, buttons=[b.to_view() for b in buttons], dialogues=(waiting,))


def take(talk: Talk, turn: Turn, dialogue: str) -> Reply:
    """The yes to a preview: read once more, and written if it is still what was shown. A second yes finds it done."""
    there = talk.conversation.mine(turn, dialogue)
    file = str(there.state.get("file") or "")
    client = talk.client
    if there.state.get("done"):
        return talk.note(words()["import"]["done_before"])
    if there.state.get("kind") != KIND or there.closed or not file or client is None:
        raise NotThere("old")
    try:
        name, plan = _read(talk, turn, file, client)
    except NotGot as reason:
        return talk.note(words()["import"][str(reason)])
    if plan.troubles or plan.does_nothing:
        return _shown(talk, turn, file, name, plan)
    say = words()["import"]
    if digest(plan) != there.state.get("sum"):
        return _shown(talk, turn, file, name, plan, lead=say["again"])
    writes = [*(written(None, i) for i in plan.new), *(written(c.before, c.after) for c in plan.changes)]
    try:
        inventory.save(talk.shelf.store, writes, by=turn.person.id, now=turn.now, origin="import")
    except Stale:
        return _shown(talk, turn, file, *_read(talk, turn, file, client), lead=say["again"])
    talk.shelf.names()  # made anew here, and not while somebody waits for an answer
    done = replace(there, state={**there.state, "done": True}, closed=True, updated_at=int(turn.now))
    return replace(talk.note(say["done"].format(new=len(plan.new), changed=len(plan.changes))), dialogues=(done,))


def leave(talk: Talk, turn: Turn, dialogue: str) -> Reply:
    """The no to a preview."""
    there = talk.conversation.mine(turn, dialogue)
    return replace(
        talk.note(words()["import"]["left"]), dialogues=(replace(there, closed=True, updated_at=int(turn.now)),)
    )


def digest(plan: Plan) -> str:
    """What tells two plans apart: the same file on the same inventory has the same. New ids do not count."""
    new = [item.content() for item in plan.new]
    changes = [[c.before.id, c.before.version, c.after.content()] for c in plan.changes]
    return hashlib.sha256(json.dumps([new, changes], ensure_ascii=False).encode()).hexdigest()[:16]


def _waiting(talk: Talk, turn: Turn, state: Mapping[str, Any]) -> Dialogue:
    id = talk.conversation.workplace.new_id(turn.now, turn.delivery)
    return Dialogue(id, turn.person.id, turn.channel, {"kind": KIND, **state}, int(turn.now), int(turn.now))


def _read(talk: Talk, turn: Turn, file: str, client: WebClient) -> tuple[str, Plan]:
    """(name, what importing it would do). Raises NotGot."""
    name, data = fetch(client, file)
    plan = transfer.plan(
        name,
        data,
        talk.shelf.items(),
        talk.shelf.house,
        lambda: uuid.uuid4().hex[:20],  # thousands in one moment
        may=lambda item: talk.rights.may_edit(turn.person, item),
    )
    return name, plan


def fetch(client: WebClient, file: str) -> tuple[str, bytes]:
    """(name, bytes) of a file in Slack; at most one byte more than may be read. Raises NotGot."""
    try:
        about: Mapping[str, Any] = client.files_info(file=file)["file"]
        url = str(about.get("url_private_download") or about.get("url_private") or "")
        return str(about.get("name") or ""), _download(client, url)
    except NETWORK as error:
        failure = understand(error)
        logger.warning("file: %s %s", failure.kind, failure.reason)
        raise NotGot("missing_scope" if failure.reason == "missing_scope" else "not_got") from None


def _download(client: WebClient, url: str) -> bytes:
    """The bytes behind an address of Slack's. The token goes nowhere else: not to other hosts, and not along a
    redirect, by which Slack sends those without the right to its sign-in page."""
    ours, asked = urlsplit(client.base_url), urlsplit(url)
    if not (asked.scheme == "https" and asked.hostname == "files.slack.com") and asked[:2] != ours[:2]:
        raise NotGot("not_got")
    request = urllib.request.Request(url, headers={"Authorization": f"Bearer {client.token}"})
    handlers: list[Any] = [_Stay()]
    if client.proxy:
        handlers.append(urllib.request.ProxyHandler({asked.scheme: client.proxy}))
    with urllib.request.build_opener(*handlers).open(request, timeout=_FETCH_S) as answer:
        data: bytes = answer.read(table.MOST_BYTES + 1)
    return data


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> None:
        raise urllib.error.HTTPError(req.full_url, code, "redirect", headers, fp)
