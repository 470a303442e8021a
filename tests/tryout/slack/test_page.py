"""What the page uses, over HTTP; and that nothing else may."""

import json
import socket
import threading
from queue import Empty, Queue
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from bot.tryout.slack import StandIn
from tests.tryout.slack.wire import AOI, GUEST, MINAMI, Link, actions, button, field, modal, plain, section


class Browser:
    """One page of one person."""

    def __init__(self, slack: StandIn, user: str) -> None:
        self.slack, self.user = slack, user
        self.changes: Queue[dict] = Queue()

    def state(self, reload: bool = False) -> dict:
        more = "&reload=1" if reload else ""
        return json.loads(urlopen(f"{self.slack.page_url}_page/state?user={self.user}{more}").read())

    def do(self, name: str, **body) -> dict:
        data = json.dumps({"user": self.user, **body}).encode()
        headers = {"Content-Type": "application/json", "X-Himitsu-Page": "1"}
        try:
            return json.loads(urlopen(Request(f"{self.slack.page_url}_page/{name}", data, headers)).read())
        except HTTPError as error:
            return {"status": error.code} | json.loads(error.read())

    def listen(self) -> None:
        stream = urlopen(f"{self.slack.page_url}_page/events?user={self.user}")
        assert stream.readline() == b": open\n"

        def read() -> None:
            try:
                for line in stream:
                    if line.startswith(b"data: "):
                        self.changes.put(json.loads(line[6:]))
            except OSError:
                return

        threading.Thread(target=read, daemon=True).start()

    def change(self, type: str) -> dict:
        """The next change of a type; others before it are left out."""
        while (found := self.changes.get(timeout=5))["type"] != type:
            pass
        return found

    def hears_nothing(self, type: str) -> bool:
        try:
            while self.changes.get(timeout=0.15)["type"] != type:
                pass
        except Empty:
            return True
        return False


@pytest.fixture
def aoi(slack) -> Browser:
    return Browser(slack, AOI)


@pytest.fixture
def minami(slack) -> Browser:
    return Browser(slack, MINAMI)


# --- state


def test_a_person_sees_their_conversations_and_no_others(slack, aoi):
    found = aoi.state()
    assert (found["me"], found["connected"], found["bot"]) == (AOI, 0, "stopped")
    assert [(c["id"], c["kind"], c["bot_member"]) for c in found["channels"]] == [
        (slack.dm(AOI), "dm", True),
        ("C01ALL", "channel", True),
        ("C02DEV", "channel", True),
        ("C03PARTNER", "ext", True),
        ("C04CHAT", "channel", False),
    ]
    assert [c["kind"] for c in Browser(slack, GUEST).state()["channels"]] == ["dm", "ext"]
    assert found["app"]["commands"][0]["command"] == "/himitsu" and found["app"]["commands"][0]["subcommands"]
    people = {p["id"]: p for p in found["people"]}
    assert people[GUEST]["guest"] and not people[AOI]["guest"] and people[AOI]["real_name"] == "佐藤あおい"


def test_ephemerals_are_in_the_state_until_the_page_is_loaded_anew(slack, client, aoi, minami):
    client.chat_postEphemeral(channel="C01ALL", user=AOI, text="あなただけ")
    assert aoi.state()["messages"]["C01ALL"][0]["ephemeral"]
    assert minami.state(reload=True)["messages"]["C01ALL"] == []
    assert len(aoi.state()["messages"]["C01ALL"]) == 1
    assert aoi.state(reload=True)["messages"]["C01ALL"] == []


def test_unread_counts_until_it_is_read(aoi, minami):
    aoi.do("message", channel="C01ALL", text="一")

    def unread(page: Browser) -> int:
        return {c["id"]: c["unread"] for c in page.state()["channels"]}["C01ALL"]

    assert (unread(aoi), unread(minami)) == (0, 1)
    minami.do("read", channel="C01ALL")
    assert unread(minami) == 0


def test_an_unknown_person_is_404(slack):
    assert status(f"{slack.page_url}_page/state?user=U99") == status(f"{slack.page_url}_page/events?user=U99") == 404


# --- changes


def test_a_message_reaches_everybody_in_the_conversation(aoi, minami):
    aoi.listen(), minami.listen()
    ts = aoi.do("message", channel="C01ALL", text="図面 & <b>")["ts"]
    assert aoi.change("message")["message"]["ts"] == ts
    found = minami.change("message")
    assert (found["channel"], found["message"]["text"]) == ("C01ALL", "図面 &amp; &lt;b&gt;")
    assert minami.change("unread") == {"type": "unread", "channel": "C01ALL", "unread": 1}
    aoi.do("edit", channel="C01ALL", ts=ts, text="直した")
    assert minami.change("message_changed")["message"]["text"] == "直した"
    aoi.do("delete", channel="C01ALL", ts=ts)
    assert minami.change("message_deleted")["ts"] == ts


def test_a_dm_and_an_ephemeral_reach_one_person(slack, client, aoi, minami):
    aoi.listen(), minami.listen()
    client.chat_postMessage(channel=AOI, text="x", metadata={"event_type": "e", "event_payload": {}})
    assert "metadata" not in aoi.change("message")["message"]
    client.chat_postEphemeral(channel="C01ALL", user=AOI, text="あなただけ")
    assert aoi.change("ephemeral")["message"]["ephemeral"]
    assert minami.hears_nothing("message") and minami.hears_nothing("ephemeral")


def test_links_and_clock_are_told(slack, aoi):
    aoi.listen()
    link = Link(slack)
    assert aoi.change("status") == {"type": "status", "connected": 1, "bot": "running"}
    slack.set_bot("starting")
    assert aoi.change("status")["bot"] == "starting"
    assert aoi.do("clock", advance_s=86400)["offset"] == pytest.approx(86400)
    assert aoi.change("clock")["clock"]["offset"] == pytest.approx(86400)
    now = json.loads(urlopen(slack.clock_url).read())
    assert now["now"] == pytest.approx(slack.clock.now(), abs=2) and now["offset"] == pytest.approx(86400)
    assert aoi.do("clock", set=1_800_000_000)["now"] == pytest.approx(1_800_000_000, abs=2)
    assert aoi.do("clock", reset=True)["offset"] == 0
    link.close()


# --- doing


def test_the_way_through_buttons_and_a_modal(slack, client, aoi):
    link = Link(slack)
    aoi.listen()
    client.chat_postMessage(channel=AOI, text="x", blocks=[actions(button(), block_id="b1")])
    message = aoi.change("message")
    container = {"type": "message", "channel": message["channel"], "ts": message["message"]["ts"], "ephemeral": False}
    link.event()
    assert aoi.do("action", container=container, block_id="b1", action_id="go", type="button", value="1")["acked"]
    trigger = link.take()["payload"]["trigger_id"]
    client.views_open(trigger_id=trigger, view=modal(field("f"), field("d", {"type": "datepicker", "action_id": "a"})))
    view = aoi.change("modal_open")["view"]
    assert aoi.state()["modals"] == [view]
    assert aoi.do("submit", view_id=view["id"], values={})["errors"].keys() == {"f", "d"}
    values = {
        "f": {"a": {"type": "plain_text_input", "value": "書いた"}},
        "d": {"a": {"type": "datepicker", "selected_date": "2026-11-27"}},
    }
    assert aoi.do("submit", view_id=view["id"], values=values) == {"ok": True}
    assert link.take()["payload"]["view"]["state"]["values"] == values
    assert aoi.change("modal_close") == {"type": "modal_close", "view_id": view["id"]}
    link.close()


def test_selects_send_what_was_chosen(slack, client, aoi):
    link = Link(slack)
    yes = {"text": plain("はい"), "value": "yes"}
    boxes = {"type": "checkboxes", "action_id": "c", "options": [yes]}
    client.views_publish(user_id=AOI, view={"type": "home", "blocks": [actions(boxes, block_id="b")]})
    container = {"type": "view", "view_id": aoi.state()["home"]["id"]}
    aoi.do(
        "action",
        container=container,
        block_id="b",
        action_id="c",
        type="checkboxes",
        selected_options=[yes],
        state={"values": {"b": {"c": {"type": "checkboxes", "selected_options": [yes]}}}},
    )
    body = link.take()["payload"]
    assert body["actions"][0]["selected_options"] == [yes]
    assert body["view"]["state"]["values"]["b"]["c"]["selected_options"] == [yes]
    link.close()


def test_commands_shortcuts_home_and_suggestions_go_to_the_app(slack, client, aoi):
    link = Link(slack)
    assert aoi.do("command", channel="C01ALL", command="/himitsu", text="x")["acked"]
    assert aoi.do("shortcut", callback_id="report_leak")["acked"]
    ts = aoi.do("message", channel="C04CHAT", text="図面")["ts"]
    assert aoi.do("shortcut", callback_id="check_message", channel="C04CHAT", ts=ts)["acked"]
    assert aoi.do("home") == {"ok": True}
    kinds = [link.take()["type"] for _ in range(4)]
    assert kinds == ["slash_commands", "interactive", "interactive", "events_api"]
    client.views_publish(
        user_id=AOI,
        view={"type": "home", "blocks": [section(accessory={"type": "external_select", "action_id": "who"})]},
    )
    offered = [{"text": plain("営業部"), "value": "sales"}]
    link.answers = lambda envelope: {"options": offered}
    container = {"type": "view", "view_id": aoi.state()["home"]["id"]}
    assert aoi.do("suggest", container=container, action_id="who", value="営")["options"] == offered
    link.close()


def test_without_an_app_a_command_says_so(aoi):
    found = aoi.do("command", channel="C01ALL", command="/himitsu", text="x")
    assert (found["acked"], found["error"]) == (False, "dispatch_failed")


def test_the_bot_can_be_restarted_where_somebody_sees_to_it(stand_in, aoi):
    asked: list[str] = []
    assert Browser(stand_in(on_bot=asked.append), AOI).do("bot", do="restart") == {"ok": True}
    assert asked == ["restart"]
    assert aoi.do("bot", do="restart")["status"] == 400


def test_reset_forgets_what_was_said(slack, aoi):
    aoi.listen()
    aoi.do("message", channel="C01ALL", text="x")
    aoi.do("reset")
    assert aoi.change("reset") and slack.messages("C01ALL") == []


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("message", {"channel": "C99", "text": "x"}),
        ("message", {"channel": "C01ALL"}),
        ("message", {"channel": "C01ALL", "text": 5}),
        ("read", {"channel": "C99"}),
        ("submit", {"view_id": "V99"}),
        ("clock", {"advance_s": "あした"}),
        ("action", {"container": {"type": "message"}, "action_id": "x"}),
        ("shortcut", {"callback_id": "check_message", "channel": "C01ALL", "ts": "1.0"}),
    ],
)
def test_what_makes_no_sense_is_400(aoi, name, body):
    assert aoi.do(name, **body)["status"] == 400


# --- who may not


def status(url: str, data: bytes | None = None, **headers: str) -> int:
    try:
        return urlopen(Request(url, data, {k.replace("_", "-"): v for k, v in headers.items()})).status
    except HTTPError as error:
        return error.code


def test_another_host_or_origin_is_refused_everywhere(slack):
    for path in ("", "_page/state?user=U01EMPLOYEE", "_clock", "api/api.test"):
        url = slack.page_url + path
        assert status(url, Host="evil.example") == 403
        assert status(url, Host=f"evil.example:{slack.port}") == 403
        assert status(url, Host="127.0.0.1") == 403
        assert status(url, Origin="https://evil.example") == 403
        assert status(url, Origin="null") == 403
        assert status(url, Origin=f"http://127.0.0.1:{slack.port + 1}") == 403
        assert status(url, Sec_Fetch_Site="cross-site") == 403
    for host in ("127.0.0.1", "localhost"):
        own = f"{host}:{slack.port}"
        assert status(f"{slack.page_url}_clock", Host=own, Origin=f"http://{own}") == 200


def test_a_post_without_the_pages_header_is_refused(slack):
    body = json.dumps({"user": AOI, "channel": "C01ALL", "text": "x"}).encode()
    assert status(f"{slack.page_url}_page/message", body) == 403
    assert slack.messages("C01ALL") == []


def test_it_listens_on_one_address_of_this_machine_only(slack):
    with pytest.raises(OSError):
        socket.create_connection(("127.0.0.2", slack.port), timeout=0.5)  # answers where all addresses are bound


def test_files_outside_the_page_are_not_served(slack):
    for path in (
        "page/../slack/config.py",
        "page/%2e%2e/slack/config.py",
        "page/..%2fslack%2fconfig.py",
        "page/none.js",
    ):
        assert status(slack.page_url + path) == 404


def test_a_taken_port_is_an_error(slack, stand_in):
    with pytest.raises(OSError):
        stand_in(port=slack.port)


def test_stopping_closes_open_pages_at_once(stand_in):
    slack = stand_in()
    Browser(slack, AOI).listen()
    slack.stop()
    slack.stop()
    with pytest.raises(OSError):
        urlopen(slack.page_url)
