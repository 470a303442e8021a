"""The case file: everything that was written down, the chain's proof, and never who reported."""

import json
import re
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from dialogs.leak import case_file, legal_clock, routes
from dialogs.leak.case import REPORTER, Event, of_events
from dialogs.leak.case_file import Proof, digest, to_json, to_pdf, words
from knowledge.content import load

TOKYO = ZoneInfo("Asia/Tokyo")
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=TOKYO)
OPENED = int(datetime(2026, 11, 23, 17, 40, tzinfo=TOKYO).timestamp())
KNOWLEDGE = load(Path("bot/tryout/company"))

STEPS = [
    ("opened", REPORTER, {"family": "mis_sent", "title": "まちがった相手に送った", "flags": ["personal"], "known_on": "2026-11-23", "receipt": "11-23-1"}),
    ("answered", REPORTER, {"question": "duty", "options": ["over_1000"]}),
    ("answered", REPORTER, {"question": "gone", "options": ["x"]}),  # of another version
    ("taken", "U03", {"owner": "U03"}),
    ("fact", "U03", {"text": "16時ごろ送った", "happened": "2026-11-23T16:05"}),
    ("evidence", "U03", {"what": "送ったメール", "holder": "営業部", "place": "サーバー"}),
    ("task", "U03", {"id": "t1", "text": "削除を頼む", "due": "2026-11-24", "owner": "U03"}),
    ("task_done", "U03", {"id": "t1"}),
    ("told", "U03", {"who": "送り先の総務", "how": "電話"}),
    ("said", "U03", {"to": REPORTER, "text": "ありがとうございます"}),
    ("said", REPORTER, {"to": "desk", "text": "了解です"}),
    ("looked", "U09", {}),
    ("lesson", "U03", {"id": "l1", "text": "2人で確かめる", "due": "", "owner": ""}),
    ("from_the_future", "U03", {"text": "later"}),
    ("closed", "U03", {"outcome": "done"}),
]  # fmt: skip
CASE = of_events("case-id", [Event(n, OPENED + 60 * n, k, by, d) for n, (k, by, d) in enumerate(STEPS, 1)])
ROWS = [
    {"seq": n + 40, "at": e.at, "kind": f"case.{e.kind}", "subject": "case-id", "actor": "" if e.by == REPORTER else e.by,
     "data": {"seq": e.seq} | ({"by": REPORTER} if e.by == REPORTER else {}), "mac": f"{n:064x}"}
    for n, e in enumerate(CASE.events, 1)
]  # fmt: skip
WHOLE = Proof(ROWS, (99, "f" * 64))


def test_the_json_holds_every_event_and_every_row_of_the_chain():
    made = json.loads(to_json(CASE, WHOLE, made_at=NOW))
    assert made["format"] == "himitsu.case/1" and made["made_at"] == "2026-11-24T09:00:00+09:00"
    assert [(e["seq"], e["kind"], e["by"], e["data"]) for e in made["events"]] == [
        (e.seq, e.kind, e.by, dict(e.data)) for e in CASE.events
    ]
    assert made["case"]["known_on"] == "2026-11-23" and made["case"]["facts"][0]["text"] == "16時ごろ送った"
    assert made["audit"]["rows"] == [r | {"at_iso": case_file._iso(r["at"])} for r in ROWS]
    assert made["audit"]["head"] == {"seq": 99, "mac": "f" * 64} and made["audit"]["verified"] is True


def test_the_case_can_be_put_together_again_from_the_json():
    made = json.loads(to_json(CASE, WHOLE, made_at=NOW))
    events = [Event(e["seq"], e["at"], e["kind"], e["by"], e["data"]) for e in made["events"]]
    again = of_events("case-id", events)
    assert to_json(again, WHOLE, made_at=NOW) == to_json(CASE, WHOLE, made_at=NOW)


def test_the_same_case_gives_the_same_bytes_and_one_change_another_digest():
    one = to_json(CASE, WHOLE, made_at=NOW)
    assert one == to_json(CASE, WHOLE, made_at=NOW) and digest(one) == digest(one) and len(digest(one)) == 64
    other = of_events("case-id", [*CASE.events, Event(99, OPENED, "fact", "U03", {"text": "もう1つ"})])
    assert digest(to_json(other, WHOLE, made_at=NOW)) != digest(one)


class Written:
    """Stands in for the pages: what is written on them, in order."""

    def __init__(self, title, **about):
        self.lines = [title]

    def heading(self, text, level=1):
        self.lines.append(text)

    text = heading

    def bullets(self, lines, *, mark=""):
        self.lines += lines

    def table(self, head, rows, widths=None):
        rows = [tuple(row) for row in rows]
        assert all(len(row) == len(head) for row in rows) and (widths is None or len(widths) == len(head))
        self.lines += [" | ".join(head), *(" | ".join(row) for row in rows)]

    def to_bytes(self):
        return "\n".join(self.lines).encode()


@pytest.fixture
def printed(monkeypatch):
    monkeypatch.setattr(case_file, "Paper", Written)

    def make(proof=WHOLE, **more):
        names = {"U03": "担当 花子", "U09": "窓口 次郎"}
        return to_pdf(CASE, proof, made_at=NOW, names=lambda id: names.get(id, id), **more).decode()

    return make


def test_the_pages_say_all_of_it_in_words(printed):
    clock = legal_clock.run(CASE.known_on, legal_clock.answers_of(CASE.answers, CASE.flags), KNOWLEDGE.company)
    stops = routes.route(routes.of_case(CASE), KNOWLEDGE, NOW)
    said = printed(told=legal_clock.tell(clock), stops=stops, json_digest="ab" * 32)
    for part in (
        "受付の記録 11-23-1", "2026年11月23日(月)", "担当 花子", "16時ごろ送った", "2026-11-23 17:45", "送ったメール | 営業部 | サーバー",
        "削除を頼む | 11月24日(火) | 担当 花子 | 2026-11-23 17:48", "知らせた人 | 了解です", "窓口 次郎", "2人で確かめる", "対応が終わった",
        "12月22日(火)まで", "個人情報保護委員会", "ab" * 32, "1,000人を超える",
    ):  # fmt: skip
        assert part in said, part
    assert all(f"{n:064x}" in said for n in range(1, len(STEPS) + 1))
    assert "99件、切れ目も書きかえもありません" in said and "99:" + "f" * 64 in said


def test_a_broken_chain_is_said_so(printed):
    said = printed(Proof(ROWS, (99, "f" * 64), broken=47))
    assert "47番で壊れています" in said and "切れ目も書きかえもありません" not in said
    assert json.loads(to_json(CASE, Proof(ROWS, None, 47), made_at=NOW))["audit"] == {
        "verified": False, "first_broken": 47, "head": None, "rows": json.loads(to_json(CASE, WHOLE, made_at=NOW))["audit"]["rows"]
    }  # fmt: skip


def test_every_kind_of_event_has_a_word():
    from dialogs.leak import case

    assert set(case._STEPS) <= set(words()["kinds"])
    assert set(words()["statuses"]) == set(case.Status.__args__)
    assert set(words()["outcomes"]) == set(case.Outcome.__args__) - {""}


def test_an_empty_case_is_written_too(printed, monkeypatch):
    bare = of_events("c", [Event(1, OPENED, "opened", REPORTER, {"receipt": "11-23-2"})])
    said = to_pdf(bare, Proof((), None), made_at=NOW).decode()
    assert "未記入" in said and "まだ決まっていません" in said and said.count("(なし)") >= 6


def test_the_pages_are_a_pdf_and_the_same_twice():
    made = to_pdf(CASE, WHOLE, made_at=NOW)
    assert made.startswith(b"%PDF") and made == to_pdf(CASE, WHOLE, made_at=NOW)


def test_nobody_but_those_who_acted_is_named(printed):
    """The person who reported has an id somewhere; it is no part of a case, and a row that named it would show."""
    said = printed() + to_json(CASE, WHOLE, made_at=NOW).decode()
    assert set(re.findall(r"\bU\d+\b", said)) == {"U03", "U09"}
