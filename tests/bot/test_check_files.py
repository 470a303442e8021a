"""Results of self-checks as files in the DM: for who may see them, with what may be in them."""

import csv
import io
from typing import Any

from .conftest import COLLEAGUE, EMPLOYEE, MANAGER, Office
from .test_dm import buttons


def walked(office: Office, word: str, choice: str, who: str = EMPLOYEE) -> dict[str, Any]:
    card = office.say(word, who)
    while f"checks.answer.{choice}" in buttons(card):
        card = office.pressed(card, f"checks.answer.{choice}", who)
    return card


def handed(office: Office, who: str = EMPLOYEE) -> dict[str, bytes]:
    """Files in somebody's DM, by name."""
    files = [f for m in office.answers(who) for f in m.get("files") or ()]
    return {f["name"]: office.slack.file(f["id"]) for f in files}


def told(office: Office, text: str, who: str = EMPLOYEE) -> dict[str, Any]:
    """What the person alone sees below a button."""
    dm = office.slack.dm(who)
    return office.slack.wait(
        lambda: next((m for m in office.slack.messages(dm, seen_by=who) if text in m["text"]), None)
    )


def test_a_result_is_taken_as_a_file_by_button_and_by_word(office: Office):
    result = walked(office, "退職者が出る", "not_done")
    office.slack.press(EMPLOYEE, result, "checks.files")
    offer = told(office, "どの形で受け取りますか")
    assert "checks.file.html" in buttons(offer) and "checks.file.partner" not in buttons(offer)
    office.slack.press(EMPLOYEE, offer, "checks.file.csv")
    office.slack.wait(lambda: handed(office))
    assert "himitsuとのDMに届きます" in office.say("ファイル")["text"]
    office.say("エクセル")  # the file may come right behind the answer
    assert any("xlsx を、himitsuとのDMに送ります" in m["text"] for m in office.answers())
    office.slack.wait(lambda: len(handed(office)) == 2)
    [name] = [n for n in handed(office) if n.endswith(".csv")]
    rows = list(csv.reader(io.StringIO(handed(office)[name].decode("utf-8-sig"))))
    assert rows[0][:3] == ["項目", "設問", "答え"] and len(rows) == 7


def test_somebody_else_s_result_is_not_handed_over(office: Office):
    result = walked(office, "退職者が出る", "done")
    files = next(e for b in result["blocks"] for e in b.get("elements", ()) if e.get("action_id") == "checks.files")
    mine = walked(office, "退職者が出る", "done", COLLEAGUE)
    for action in ("checks.files", "checks.file.csv"):
        forged = files | {"action_id": action, "value": files["value"].replace("}", ',"f":"csv"}')}
        office.slack.press(COLLEAGUE, mine, action, element=forged)
    told(office, "本人だけ", COLLEAGUE)
    assert not handed(office, COLLEAGUE)


def test_the_page_for_partners_is_for_managers_and_for_what_is_in_place(office: Office):
    walked(office, "会社のチェック", "done")
    assert "責任者だけ" in office.say("取引先向け")["text"]
    walked(office, "会社のチェック", "done", MANAGER)
    office.say("取引先向け", MANAGER)
    assert any("点数と足りないところは入れていません" in m["text"] for m in office.answers(MANAGER))
    [name] = office.slack.wait(lambda: list(handed(office, MANAGER)), timeout_s=20)
    assert name.startswith("秘密情報の管理についての取り組み_") and handed(office, MANAGER)[name].startswith(b"%PDF")
