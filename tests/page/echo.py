"""A small Bolt app: echoes, answers in channels to the asker alone, opens a modal that insists on ten letters."""

from __future__ import annotations

from typing import Any

from slack_bolt import App
from slack_sdk import WebClient

from bot.tryout.slack import StandIn


def plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text}


def button(text: str, action_id: str, **more: Any) -> dict[str, Any]:
    return {"type": "button", "text": plain(text), "action_id": action_id, **more}


def note_view() -> dict[str, Any]:
    """A modal with a required field, one with a start, choices, and a button that puts another modal on it."""
    options = [{"text": plain("メール"), "value": "mail"}, {"text": plain("共有フォルダー"), "value": "folder"}]
    kinds = [{"text": plain(name), "value": name} for name in ("図面", "価格", "名簿")]
    return {
        "type": "modal",
        "callback_id": "note",
        "title": plain("担当に伝える"),
        "submit": plain("送る"),
        "close": plain("やめる"),
        "blocks": [
            {"type": "section", "text": {"type": "mrkdwn", "text": "分かることだけで大丈夫です。"}},
            {
                "type": "input",
                "block_id": "what",
                "label": plain("何がありましたか"),
                "element": {"type": "plain_text_input", "action_id": "text", "multiline": True},
                "hint": plain("お客様の名前などは書かないでください。"),
            },
            {
                "type": "input",
                "block_id": "where",
                "label": plain("どこで"),
                "optional": True,
                "element": {
                    "type": "static_select",
                    "action_id": "place",
                    "options": options,
                    "initial_option": options[0],
                },
            },
            {
                "type": "input",
                "block_id": "kinds",
                "label": plain("種類"),
                "optional": True,
                "element": {"type": "multi_static_select", "action_id": "kind", "options": kinds},
            },
            {
                "type": "input",
                "block_id": "product",
                "label": plain("製品"),
                "optional": True,
                "element": {"type": "external_select", "action_id": "found", "min_query_length": 1},
            },
            {"type": "actions", "elements": [button("書き方を見る", "how")]},
        ],
    }


def home_view(text: str = "私物のUSBメモリは会社のPCにつながない") -> dict[str, Any]:
    return {
        "type": "home",
        "blocks": [
            {"type": "header", "text": plain("今週の1件")},
            {"type": "section", "text": {"type": "mrkdwn", "text": text}},
            {"type": "actions", "elements": [button("守れている", "home.keep", style="primary")]},
        ],
    }


def build_app(slack: StandIn, sent: list[dict[str, Any]]) -> App:
    """sent: takes the values of every modal that was well."""
    app = App(client=WebClient(slack.bot_token, base_url=slack.api_url), signing_secret=slack.signing_secret)

    @app.event("message")
    def on_message(event: dict[str, Any], say: Any) -> None:
        if event.get("bot_id") or event.get("subtype"):
            return
        buttons = [
            button("くわしく", "more", value="1", style="primary"),
            button("担当に伝える", "tell"),
            button("消す", "drop", style="danger", confirm=drop_confirm()),
        ]
        blocks = [
            {"type": "section", "text": {"type": "mrkdwn", "text": f"*受けとりました*\n{event['text']}"}},
            {"type": "actions", "block_id": "acts", "elements": buttons},
        ]
        say(text=f"受けとりました: {event['text']}", blocks=blocks, thread_ts=event.get("thread_ts"))

    @app.event("app_mention")
    def on_mention(event: dict[str, Any], client: WebClient) -> None:
        client.chat_postEphemeral(channel=event["channel"], user=event["user"], text="あなただけへの答えです")

    @app.event("app_home_opened")
    def on_home(event: dict[str, Any], client: WebClient) -> None:
        if event.get("tab") == "home":
            client.views_publish(user_id=event["user"], view=home_view())

    @app.action("more")
    def on_more(ack: Any, say: Any) -> None:
        ack()
        say("くわしい説明です")

    @app.action("tell")
    def on_tell(ack: Any, body: dict[str, Any], client: WebClient) -> None:
        ack()
        client.views_open(trigger_id=body["trigger_id"], view=note_view())

    @app.action("home.keep")
    def on_keep(ack: Any, body: dict[str, Any], client: WebClient) -> None:
        ack()
        client.views_publish(user_id=body["user"]["id"], view=home_view("来週また確かめます"))

    @app.action("drop")
    def on_drop(ack: Any, respond: Any) -> None:
        ack()
        respond(replace_original=True, text="消しました")

    @app.action("how")
    def on_how(ack: Any, body: dict[str, Any], client: WebClient) -> None:
        ack()
        text = {"type": "section", "text": plain("いつ・どこで・なにを、の順に。")}
        client.views_push(
            trigger_id=body["trigger_id"], view={"type": "modal", "title": plain("書き方"), "blocks": [text]}
        )

    @app.options("found")
    def on_letters(ack: Any, payload: dict[str, Any]) -> None:
        ack(options=[{"text": plain(f"{payload['value']}-{n}"), "value": str(n)} for n in (1, 2)])

    @app.view("note")
    def on_note(ack: Any, view: dict[str, Any]) -> None:
        values = view["state"]["values"]
        if len(values["what"]["text"]["value"]) < 10:
            ack(response_action="errors", errors={"what": "もう少しくわしく書いてください。"})
            return
        ack()
        sent.append(values)

    @app.command("/himitsu")
    def on_command(ack: Any, command: dict[str, Any]) -> None:
        ack(f"コマンド: {command['text']}")

    @app.shortcut("check.message")
    def on_check(ack: Any, body: dict[str, Any], client: WebClient) -> None:
        ack()
        client.views_open(trigger_id=body["trigger_id"], view=note_view())

    return app


def drop_confirm() -> dict[str, Any]:
    return {
        "title": plain("消しますか"),
        "text": plain("元には戻せません。"),
        "confirm": plain("消す"),
        "deny": plain("やめる"),
        "style": "danger",
    }
