"""The case file and the drafts, over the real wire: into the DM of the desk, noted, and of nobody else."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa

from bot.store import audit
from dialogs.leak.case_file import digest

from .conftest import EMPLOYEE, MANAGER, RESPONDER, Office
from .test_cases import SENT, case_of, head, last, store, tell
from .test_dm import buttons


@pytest.fixture
def told(office: Office) -> Iterator[Office]:
    """A case that the desk has opened, with a fact."""
    tell(office, SENT)
    last(office, RESPONDER, "知らせです")
    office.slack.command(RESPONDER, office.slack.dm(RESPONDER), "/himitsu", f"受付 {head(office).receipt}")
    office.say("事実: 16時にメールで送った", RESPONDER)
    yield office


def file_of(office: Office, ending: str, who: str = RESPONDER) -> bytes:
    """A file that came into somebody's DM."""

    def there() -> Any:
        found = [f for m in office.answers(who) for f in m.get("files", ()) if f["name"].endswith(ending)]
        return found[-1] if found else None

    content: bytes = office.slack.file(office.slack.wait(there)["id"])
    return content


def test_the_case_file_comes_as_json_with_the_proof_and_is_noted(told: Office):
    told.say("JSONで書き出す", RESPONDER)
    last(told, RESPONDER, "を送ります")
    content = file_of(told, ".json")
    made = json.loads(content)
    case = told.slack.wait(lambda: c if (c := case_of(told)).events[-1].kind == "exported" else None)
    assert [e["kind"] for e in made["events"]] == [e.kind for e in case.events[:-1]]
    assert made["case"]["facts"][0]["text"] == "16時にメールで送った" and made["audit"]["verified"] is True
    rows = {r["seq"]: r["mac"] for r in made["audit"]["rows"]}
    kept = {e.seq: e.mac for e in audit.entries(store(told), subject=case.id)}
    assert rows and rows.items() <= kept.items() and made["audit"]["head"]["seq"] in kept
    noted = told.slack.wait(lambda: audit.entries(store(told), kinds=("case.exported",)))
    assert [(e.actor, e.data["sha256"]) for e in noted] == [(RESPONDER, digest(content))]
    assert EMPLOYEE not in content.decode()  # who reported is not in it


def test_the_case_file_comes_as_pdf(told: Office):
    told.say("PDFで書き出す", RESPONDER)
    assert file_of(told, ".pdf").startswith(b"%PDF")


def test_a_broken_chain_is_told_in_the_file(told: Office):
    with store(told).begin() as tx:
        tx.connection.execute(sa.text("UPDATE audit SET actor = 'U9' WHERE seq = 2"))
    told.say("JSONで書き出す", RESPONDER)
    assert json.loads(file_of(told, ".json"))["audit"]["first_broken"] == 2


def test_drafts_are_offered_shown_and_handed_over(told: Office):
    offered = told.say("下書き", RESPONDER)
    assert "社内第一報" in offered["text"] and "himitsuからは送りません" in offered["text"]
    assert {"case.draft.company", "case.draft.ppc", "case.draft.recipient"} <= set(buttons(offered))
    shown = told.say("社内第一報", RESPONDER)
    assert "16時にメールで送った" in shown["text"] and "【未記入】" in shown["text"] and "か所あります" in shown["text"]
    told.say("Wordで受け取る", RESPONDER)
    assert file_of(told, "-company.docx").startswith(b"PK")
    told.say("PDFで受け取る", RESPONDER)
    assert file_of(told, "-company.pdf").startswith(b"%PDF")


def test_what_was_written_down_is_no_markup_and_leaves_no_letter_that_goes_out(told: Office):
    told.say("事実: <!channel> ``` *x* を見た", RESPONDER)
    shown = told.say("社内第一報", RESPONDER)
    assert "<!channel>" not in str(shown["blocks"]) and "&lt;!channel&gt;" in str(shown["blocks"])
    assert "16時に" not in told.say("取引先への第一報", RESPONDER)["text"]


def test_files_and_drafts_are_nobody_elses(told: Office):
    value = json.dumps({"c": head(told).id, "k": "company"})
    message = told.say("こんにちは", MANAGER)
    for action in ("case.pdf", "case.json", "case.drafts", "case.draft.company", "case.draft_docx"):
        element = {"type": "button", "action_id": action, "value": value, "text": {"type": "plain_text", "text": "x"}}
        before = len(told.slack.ephemerals(MANAGER, told.slack.dm(MANAGER)))
        told.slack.press(MANAGER, message, action, element=element)
        said = told.slack.wait(lambda n=before: told.slack.ephemerals(MANAGER, told.slack.dm(MANAGER))[n:])[-1]
        assert "担当だけ" in said["text"], action
    assert not [f for m in told.answers(MANAGER) for f in m.get("files", ())]
