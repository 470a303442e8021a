"""What a message names only to say that it is not meant, or not given; and what only looks so."""

from pathlib import Path

import pytest

from knowledge.answer import read
from knowledge.content import load
from knowledge.left_out import left_out
from knowledge.lexicon import Message
from knowledge.text import normalise

KNOWLEDGE = load(Path(__file__).parent / "no-company")


def names(text: str) -> list[str]:
    source = normalise(text)
    message: Message = KNOWLEDGE.books.lexicon.read(source)
    return [source.text[start:stop] for start, stop in left_out(message)]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("図面は付けません。カタログを送っていい？", "図面"),
        ("図面は付けへんで、カタログを送ってええ？", "図面"),
        ("原価抜きの定価表を送っていい？", "原価"),
        ("原価表以外の、サイトに載っている資料を送っていい？", "原価表"),
        ("社外秘の手順書とは別に、会社案内を渡していい？", "社外秘の手順書"),
        ("仕様書じゃなくて、取説の方を送っていい？", "仕様書"),
        ("有報に載っている連結の数字じゃなくて、店ごとの数字を出していい？", "有報に載っている連結の数字"),
        ("掛け率表は外しました。カタログを渡していい？", "掛け率表"),
        ("卸値の載っていないカタログを渡していい？", "卸値"),
        ("名簿ちゃうで。会社案内を渡していい？", "名簿"),
        ("一緒に預かった実験データには触れず、論文の図を紹介していい？", "一緒に預かった実験データ"),
    ],
)
def test_what_is_left_out_is_found_with_the_words_that_say_which(text, name):
    (found,) = names(text)
    assert found.startswith(name)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "図面を送っていい？",
        "図面は付けない方がいいですか？",
        "図面を付けないといけませんか？",
        "図面だけでなく写真も送っていい？",
        "カタログに載っていない寸法を伝えていい？",
        "公報には書いていない温度を話していい？",
        "許可なしで写真を使っていい？",
        "ログインなしで見られるページの写真を送っていい？",
        "載っていること以外は話しません。送っていい？",
        "図面は付けません。図面の写真は送っていい？",
    ],
)
def test_nothing_else_is_left_out(text):
    assert names(text) == []


@pytest.mark.parametrize(
    ("text", "verdict", "flag"),
    [
        ("図面は付けません。サイトに載っている料金表を送っていい？", "public", "technical"),
        ("図面は付けません。料金表を送っていい？", "secret", "technical"),
        ("サイトに載っている写真じゃなくて、試作品の図面を送っていい？", "secret", "technical"),
    ],
)
def test_a_secret_is_left_out_only_beside_what_is_out_and_keeps_its_flag(text, verdict, flag):
    found = read(text, KNOWLEDGE)
    assert (found.intent, found.verdict) == ("secret_check", verdict)
    assert flag in found.flags


@pytest.mark.parametrize("text", ["図面を客先に送れますか", "顧客リスト貼れる？", "公開前の明細書、客に見せられる？"])
def test_whether_one_can_asks_for_leave(text):
    found = read(text, KNOWLEDGE)
    assert (found.intent, found.verdict) == ("secret_check", "secret")


@pytest.mark.parametrize("text", ["INPITの電話番号", "IPAの住所", "個人情報保護委員会の電話"])
def test_the_number_of_a_desk_is_nobodys_secret(text):
    assert read(text, KNOWLEDGE).intent == "desk"
