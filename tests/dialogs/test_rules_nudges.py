"""What is due to whom, which one comes first, and who is next when nobody answers."""

from dataclasses import replace

from dialogs.rules.changes import Change, changes
from dialogs.rules.chart import Week, bars, line
from dialogs.rules.models import Content, Rule
from dialogs.rules.nudges import DAY_S, Due, Seen, Standing, choose, in_charge, listens, of_rules, to_let_go

NOW = 1_800_000_000
USB = Content(
    "私物のUSB", "つなぎません。会社のものを使います。", "持ち出しを防ぎます。", "C-2", "U1", "U2", ("all",), 180
)
RULE = Rule("c2.usb", "published", 1, USB, asked=1, reviewed_at=NOW - 10 * DAY_S)


def due(person="U5", rule=RULE, seen=None, places=(), charges=None):
    return of_rules(person, [rule], seen or {}, places, charges or {}, NOW)


def test_a_rule_never_confirmed_is_to_be_read_and_one_confirmed_lately_is_not():
    assert [(d.kind, d.since) for d in due()] == [("reread", RULE.reviewed_at)]
    assert due(seen={"c2.usb": Seen(1, NOW - DAY_S, 1, NOW - DAY_S)}) == []
    old = NOW - 181 * DAY_S
    assert [d.kind for d in due(seen={"c2.usb": Seen(1, old, 1, old)})] == ["reread"]


def test_a_changed_rule_is_due_to_who_knew_the_older_words_but_not_right_after_it_was_told():
    changed = replace(RULE, edition=3, asked=2)
    knew = Seen(1, NOW - 50 * DAY_S, 1, NOW - 50 * DAY_S)
    assert [d.kind for d in due(rule=changed, seen={"c2.usb": knew})] == ["changed"]
    told = replace(knew, shown=2, shown_at=NOW - DAY_S)
    assert due(rule=changed, seen={"c2.usb": told}) == []
    assert [d.kind for d in due(rule=changed, seen={"c2.usb": replace(told, shown_at=NOW - 6 * DAY_S)})] == ["changed"]


def test_another_owner_changes_nothing_for_readers():
    handed = replace(RULE, edition=2, asked=1)
    assert due(rule=handed, seen={"c2.usb": Seen(1, NOW - DAY_S, 1, NOW - DAY_S)}) == []


def test_rules_concern_their_audience_and_drafts_nobody():
    named = replace(RULE, content=replace(USB, audience=("U5", "C9")))
    assert due(rule=named) and due("U6", named, places={"C9"}) and not due("U6", named)
    assert not due(rule=replace(RULE, status="draft")) and not due(rule=replace(RULE, status="retired"))
    assert listens("U1", ("all",), ()) and not listens("U1", ("S1",), ("S2",))


def test_a_review_is_due_to_who_is_in_charge():
    old = replace(RULE, reviewed_at=NOW - 181 * DAY_S, content=replace(USB, audience=("U9",)))
    assert [d.kind for d in due("U1", old, charges={"c2.usb": "U1"})] == ["review"]
    assert due("U2", old, charges={"c2.usb": "U1"}) == []
    assert due("U1", RULE, {"c2.usb": Seen(1, NOW, 1, NOW)}, charges={"c2.usb": "U1"}) == []


def test_one_is_chosen_by_kind_then_the_stalest():
    items = [Due("check", "x", 1), Due("reread", "a", 500), Due("reread", "b", 400), Due("task", "t", 900)]
    assert choose(items, {}, NOW).subject == "t"
    assert choose(items[:3], {}, NOW).subject == "b"
    assert choose([], {}, NOW) is None


def test_what_is_put_off_or_let_go_is_left_out_until_then():
    item = Due("reread", "a", 1, again_s=100)
    later, gone = Standing(later_until=NOW + 1), Standing(3, NOW - 50, 0, NOW - 50)
    assert choose([item], {("reread", "a"): later}, NOW) is None
    assert choose([item], {("reread", "a"): later}, NOW + 2) == item
    assert choose([item], {("reread", "a"): gone}, NOW) is None
    assert choose([item], {("reread", "a"): gone}, NOW + 51) == item


def test_after_two_reminders_it_is_let_go():
    assert [to_let_go(Standing(sent=n)) for n in range(5)] == [False, False, False, True, True]
    assert not to_let_go(Standing(sent=3, let_go_at=5))


def test_the_owner_then_the_deputy_then_the_managers_list():
    here, gone = {"U1", "U2", "U8"}, Standing(3, 5, 0, 5)
    assert in_charge(RULE, {}, here, ["U8"]) == "U1"
    assert in_charge(RULE, {"U1": gone}, here, ["U8"]) == "U2"
    assert in_charge(RULE, {"U1": gone, "U2": gone}, here, ["U8"]) is None
    assert in_charge(RULE, {}, {"U2", "U8"}, ["U8"]) == "U2"  # the owner left the company
    assert in_charge(RULE, {}, {"U8"}, ["U7", "U8"]) == "U8"  # both did: the first manager who is there
    nobody = replace(RULE, content=replace(USB, owner="", deputy=""))
    assert in_charge(nobody, {}, here, ["U8"]) == "U8" and in_charge(nobody, {}, here, []) is None


def test_changes_are_told_by_sentence():
    after = replace(
        USB, text="つなぎません。会社の共有フォルダーを使います。拾ったUSBもつなぎません。", owner="U3", review_days=90
    )
    assert changes(USB, USB) == []
    assert changes(USB, after) == [
        Change("text", "replaced", "会社のものを使います。", "会社の共有フォルダーを使います。"),
        Change("text", "added", after="拾ったUSBもつなぎません。"),
        Change("owner", "replaced", "U1", "U3"),
        Change("review_days", "replaced", "180", "90"),
    ]
    added = replace(USB, text=USB.text + "迷ったら聞きます。")
    assert changes(USB, added) == [Change("text", "added", after="迷ったら聞きます。")]
    assert changes(added, USB) == [Change("text", "removed", before="迷ったら聞きます。")]


def test_a_content_survives_json_and_its_digest_tells_words_apart():
    assert Content.from_json(USB.to_json()) == USB
    assert USB.digest == replace(USB).digest != replace(USB, text="別").digest
    assert USB.reads_like(replace(USB, owner="U9")) and not USB.reads_like(replace(USB, title="別"))


def test_rates_are_drawn_and_groups_under_five_are_not():
    weeks = [Week("2026-W48", 10, 7), Week("2026-W49", 4, 4), Week("2026-W50", 20, 0)]
    assert [line(w) for w in weeks] == ["■■■■■■■□□□", "", "□□□□□□□□□□"]
    picture = bars(weeks)
    assert picture.count("<rect") == 4 and 'height="112.0"' in picture and "text" not in picture
    assert "<rect" not in bars([])
