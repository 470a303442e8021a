"""That a place is open to all says nothing of what is to be put there; what stands there already is public."""

from pathlib import Path

import pytest

from knowledge.answer import read
from knowledge.content import load

KNOWLEDGE = load(Path(__file__).parent / "no-company")


@pytest.mark.parametrize(
    "text",
    [
        "誰でも見れる掲示板に手順書を貼っていいですか",
        "うちの焙煎カーブをサポート掲示板に貼ってもいい？掲示板は誰でも見られます",
        "この図面をQiitaに貼っていい？Qiitaは公開されてます",
        "ブログは誰でも読めます。うちの原価表をブログに載せていいですか",
        "一般公開されているシートに顧客の一覧を入れたいのですが",
        "手順書をログインなしで見られるページに移していい？",
    ],
)
def test_an_open_place_makes_nothing_public(text):
    assert read(text, KNOWLEDGE).verdict == "secret"


@pytest.mark.parametrize(
    "text",
    [
        "誰でも見られる自社サイトに載せた表を客に送っていい？",
        "誰でも見られるサイトに載っている図をブログに貼っていい？",
        "YouTubeで公開している動画を、誰でも見られるXに投稿していい？",
        "製品の使い方動画はログイン不要のサイトに移しました。そのリンクを送っていい？",
    ],
)
def test_what_stands_in_an_open_place_already_is_public(text):
    assert read(text, KNOWLEDGE).verdict == "public"
