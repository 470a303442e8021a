"""No words of a message in logs, or in the database once it is answered."""

import logging
from pathlib import Path

from .conftest import ALL, EMPLOYEE, Office

SECRET = "紫陽花プロジェクトの溶接条件表"
QUESTIONS = [
    f"{SECRET}を外注に渡していい？",
    f"{SECRET}をメールでまちがえて送った",
    f"{SECRET}は何のため？",
    f"<@U02MANAGER> {SECRET} 4111 1111 1111 1111",
]


def everything(folder: Path) -> bytes:
    return b"".join(p.read_bytes() for p in folder.rglob("*") if p.is_file())


def test_nothing_that_was_typed_is_logged_or_kept(office: Office, caplog):
    caplog.set_level(logging.DEBUG)
    for logger in ("slack_sdk", "slack_bolt", "himitsu.socket", "himitsu.bolt"):
        logging.getLogger(logger).setLevel(logging.INFO)
    for question in QUESTIONS:
        office.say(question)
        office.slack.command(EMPLOYEE, ALL, "/himitsu", question)
        office.slack.post(EMPLOYEE, ALL, f"<@U00HIMITSU> {question}")
    office.slack.wait(lambda: len(office.slack.ephemerals(EMPLOYEE, ALL)) >= 2 * len(QUESTIONS))
    office.close()
    kept = everything(Path(office.settings.data_dir))
    assert kept
    for word in ("紫陽花", "溶接条件", "4111", "まちがえて"):
        assert word not in caplog.text
        assert word.encode() not in kept
        assert word.encode("unicode_escape") not in kept


def test_an_error_says_a_reference_and_no_words(office: Office, caplog, monkeypatch):
    def broken(*_, **__):
        raise RuntimeError(f"broken by {SECRET}")

    monkeypatch.setattr("bot.services.read", broken)
    answer = office.say(f"{SECRET}を渡していい？")
    assert "うまく答えられませんでした(参照 " in answer["text"] and "RuntimeError" not in answer["text"]
    reference = answer["text"].split("参照 ")[1][:4]
    assert f"reference={reference}" in caplog.text
    assert "紫陽花" not in caplog.text and "紫陽花" not in answer["text"]
    ack = office.slack.command(EMPLOYEE, ALL, "/himitsu", SECRET)
    assert ack.acked and "参照" in ack.response["text"]
