"""Endings of dialects become the forms that the rules know, and what only looks like them stays as it is."""

from __future__ import annotations

import pytest

from knowledge.text import normalise

SAID = (
    ("外付けに吸い出しよる", "外付けに吸い出している"),
    ("台帳に載せなかんのきゃ？", "台帳に載せないといけないのか?"),
    ("書かなあかんの？", "書かないといけないの?"),
    ("マル秘の判ば押さんといかんと？", "マル秘の判を押さないといけないの?"),
    ("表にせにゃいけんの？", "表にしないといけないの?"),
    ("出さんでもええの？", "出さなくてもいいの?"),
    ("気になっとうと", "気になっていると"),
    ("倉庫で眠っとる型", "倉庫で眠っている型"),
    ("借りとる木型", "借りている木型"),
    ("誰に見せちょるか", "誰に見せているか"),
    ("お客さんごとの運賃表", "お客さんごとの運賃表"),
    ("社員の心が離れんごとする手はあるとですか", "社員の心が離れないようにする手はあるのですか"),
    ("何がまずいのかようわからんかった", "何がまずいのかよくわからなかった"),
    ("知りませんでした", "知りませんでした"),
    ("言い逃れをさせへんために", "言い逃れをさせないために"),
    ("追加の説明はせえへん", "追加の説明はしない"),
    ("情報ば守る", "情報を守る"),
    ("書ぎ出しておぐ意味", "書き出しておく意味"),
    ("どぎゃんすりゃよか？", "どうすればいい?"),
    ("何ばしたらよかとですか", "何をしたらいいのですか"),
    ("教えてつかあさい", "教えてください"),
    ("教えてけろ", "教えてください"),
    ("守る会社が多かとですか", "守る会社が多いのですか"),
    ("母校に送りたいけん", "母校に送りたいから"),
    ("出したらいけんの？", "出したらだめの?"),
    ("図面は持っていかんよ", "図面は持っていかないよ"),
    ("公表されとります", "公表されています"),
    ("こうすりゃよかった", "こうすればよかった"),
)
ONLY_LOOKS_SO = (
    "今週だけ飛ばして",
    "図面ばかり見ている",
    "いいのかなだめなのかな",
    "真ん中の図面",
    "このへんの図面",
    "駅はどこらへんですか",
    "頼んでもいい?",
    "ずっとうちの図面",
    "もっとうまくやる",
    "アカウントを乗っとられた",
    "昔の寸法を半ばで変えた",
    "図面を見ましたか",
    "なかなか決まらない",
)


@pytest.mark.parametrize(("said", "standard"), SAID, ids=[s for s, _ in SAID])
def test_an_ending_of_a_dialect_is_read_in_its_standard_form(said, standard):
    assert normalise(said).text == standard


@pytest.mark.parametrize("text", ONLY_LOOKS_SO)
def test_what_only_looks_like_dialect_stays(text):
    assert normalise(text).text == text


@pytest.mark.parametrize(
    ("said", "standard"), [("ゆーえすびー ない", "usbない"), ("なくしましたー 助けて", "なくしました。助けて")]
)
def test_a_drawn_out_end_is_no_part_of_a_word(said, standard):
    assert normalise(said).text == standard


def test_what_was_typed_is_quoted():
    text = normalise("これも台帳に載せなかんの？")
    begin = text.text.index("ないと")
    assert text.quote(begin, begin + 3) == "なかん"
