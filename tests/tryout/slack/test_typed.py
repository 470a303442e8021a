"""Typed text as it arrives at an app."""

import pytest

from bot.tryout.slack.typed import rich_text


@pytest.mark.parametrize(
    ("typed", "arrives"),
    [
        ("a < b & c > d", "a &lt; b &amp; c &gt; d"),
        ("<@U01EMPLOYEE> さん", "<@U01EMPLOYEE> さん"),
        ("@佐藤あおい さん", "<@U01EMPLOYEE> さん"),
        ("@himitsu これは？", "<@U00HIMITSU> これは？"),
        ("#全社 に書く", "<#C01ALL|全社> に書く"),
        ("@channel みなさん", "<!channel> みなさん"),
        ("<!channel>", "<!channel>"),
        ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
        ("https://example.jp/a?b=1&c=2 を見て", "<https://example.jp/a?b=1&amp;c=2> を見て"),
        ("資料はhttps://example.jp/a です。", "資料は<https://example.jp/a> です。"),
        ("www.example.co.jp に載せた", "<http://www.example.co.jp|www.example.co.jp> に載せた"),
        ("taro@example.co.jp 宛て", "<mailto:taro@example.co.jp|taro@example.co.jp> 宛て"),
        ("図面.pdf と v1.2 と 3.5mm", "図面.pdf と v1.2 と 3.5mm"),
    ],
)
def test_marks_are_made_of_what_people_type(slack, typed, arrives):
    slack.post("U01EMPLOYEE", "C01ALL", typed)
    assert slack.messages("C01ALL")[0]["text"] == arrives


def test_the_composers_blocks_say_the_same_without_marks():
    parts = rich_text("<@U01> &amp; <#C01|全社> <!here> <https://a.jp/?x&amp;y> <mailto:a@b.jp|a@b.jp>")[0]["elements"][
        0
    ]["elements"]
    assert [p["type"] for p in parts] == [
        "user",
        "text",
        "channel",
        "text",
        "broadcast",
        "text",
        "link",
        "text",
        "link",
    ]
    assert (parts[1]["text"], parts[6]["url"], parts[8]["text"]) == (" & ", "https://a.jp/?x&y", "a@b.jp")
    assert rich_text("") == []
