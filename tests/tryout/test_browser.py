"""himitsu try in the browser: what the bot's process is told."""

import pytest
from slack_sdk import WebClient

from bot.tryout import browser
from bot.tryout.slack import StandIn


@pytest.fixture(scope="module")
def slack():
    with StandIn() as running:
        yield running


def test_nothing_of_a_real_workspace_reaches_the_bot(slack, tmp_path):
    outside = {
        "SLACK_BOT_TOKEN": "xoxb-real",
        "SLACK_SIGNING_SECRET_FILE": "x",
        "HIMITSU_DATABASE_URL": "x",
        "LANG": "C",
    }
    told = browser.environment(slack, tmp_path, outside)
    assert told["SLACK_BOT_TOKEN"] == slack.bot_token and told["LANG"] == "C"
    assert not {"SLACK_SIGNING_SECRET_FILE", "HIMITSU_DATABASE_URL"} & set(told)


@pytest.mark.parametrize("name", ["HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy"])
def test_a_proxy_does_not_come_between_the_bot_and_this_machine(slack, tmp_path, monkeypatch, name):
    outside = {name: "http://127.0.0.1:9"}
    for proxy, value in browser.environment(slack, tmp_path, outside).items():
        if proxy.upper().endswith("_PROXY"):
            monkeypatch.setenv(proxy, value)
    assert WebClient(base_url=slack.api_url).api_test()["ok"]
