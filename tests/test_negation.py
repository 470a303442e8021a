"""What is denied, planned or forbidden is not public: the forms of shared/text.md §C, one a line.

公開 is the same noun in every one of them; only the words around it tell what is said. A wrong `public` lets a secret out.
"""

import itertools
from pathlib import Path

import pytest

from knowledge.answer import read
from knowledge.content import load
from knowledge.text import normalise

KNOWLEDGE = load(Path(__file__).parent / "no-company")

# As a predicate (この資料は…。) and in front of a noun (…資料).
NEGATED = [
    ("公開していません", "公開していない"),
    ("公開してないです", "公開してない"),
    ("公開していないんです", "公開しておらず社内だけの"),
    ("公開しておりません", "公開しておりません、という"),
    ("公開されていません", "公開されていない"),
    ("公開されてません", "公開されてない"),
    ("公開せずに持っています", "公開せずに持っている"),
    ("公開できません", "公開できない"),
    ("公開してへんねん", "公開してへん"),
    ("公開しとらんです", "公開しとらん"),
    ("公開してまへん", "公開してひん"),
    ("公開はしていません", "公開はしていない"),
    ("公開などしていません", "公開などしていない"),
    ("公開しないことになりました", "公開しないことになった"),
    ("公開されなかったです", "公開されなかった"),
    ("未公開です", "未公開の"),
    ("非公開です", "非公開の"),
    ("公開不可です", "公開不可の"),
    ("公開なしです", "公開なしの"),
    ("非公開にしています", "非公開にしている"),
]
WITHDRAWN = [
    ("公開を停止しました", "公開を停止した"),
    ("公開は取りやめました", "公開を取りやめた"),
    ("公開を見送りました", "公開を見送った"),
]
PLANNED = [
    ("公開前です", "公開前の"),
    ("公開する前です", "公開する前の"),
    ("出願前です", "出願前の"),
    ("公開予定です", "公開予定の"),
    ("公開する予定です", "公開する予定の"),
    ("来月公開します", "来月公開する"),
    ("来週公開されます", "来週公開される"),
    ("公開されるまで社内だけです", "公開されるまで社内だけの"),
    ("まだ公開されていません", "まだ公開されていない"),
    ("まだ公開してません", "まだ公開してない"),
    ("公開するつもりです", "公開するつもりの"),
    ("公開待ちです", "公開待ちの"),
    ("公開の準備中です", "公開準備中の"),
    ("そのうち公開されるはずです", "そのうち公開されるはずの"),
    ("公開することになっています", "公開することになっている"),
    ("公開が決まっています", "公開が決まっている"),
    ("もうすぐ公開です", "もうすぐ公開の"),
]
LIMITED = [
    ("会員だけに限定公開しています", "会員限定公開の"),
    ("社内だけに公開しています", "社内だけに公開している"),
    ("グループ会社にだけ公開しています", "グループ会社にだけ公開している"),
]
DONE = [
    "公開済みの",
    "公開済の",
    "公開後の",
    "公開ずみの",
    "すでに公開している",
    "先月公開した",
    "もう公開された",
    "一般に公開されている",
]
TWICE = [
    "公開しないわけではない",
    "公開していないわけではありません",
    "公開していないとは言えない",
    "公開されていないとは言い切れない",
    "公開していないこともない",
    "公開しないとは限らない",
    "非公開ではないとは言えない",
    "未公開ではない",
    "公開していなくはない",
]
FORBIDDEN = [
    "公開するな",
    "公開しちゃだめだ",
    "公開してはいけない",
    "公開しないでくれ",
    "公開は禁止だ",
    "公開しては困る",
]
INVITED = ["この資料、公開しませんか？", "この資料公開しない？", "この資料、そろそろ公開しませんか"]
NOT_SECRET = ["秘密じゃない", "秘密ではない", "秘密ではありません", "秘密でない"]

THINGS = ["資料", "図面", "仕様書", "特許の明細書", "決算の数字"]
QUESTIONS = ["取引先に見せてもいいですか？", "お客さんに送っていい？", "SNSに載せても大丈夫でしょうか"]


def told(predicate, thing="資料", question=QUESTIONS[0]):
    return f"この{thing}は{predicate}。{question}"


def named(form, thing="資料", question=QUESTIONS[0]):
    return f"{form}{thing}を{question}"


def verdict(text):
    return read(text, KNOWLEDGE).verdict


def publication(text):
    """Statuses of the words that speak of publication, or {"unpublished"} where the word itself says so."""
    mentions = KNOWLEDGE.books.lexicon.read(normalise(text)).mentions
    found = [
        {"unpublished"} if m.concept.id == "unpublished" else set(m.status)
        for m in mentions
        if m.concept.group == "publication" or m.concept.id == "unpublished"
    ]
    return set().union(*found)


@pytest.mark.parametrize("predicate", [p for p, _ in NEGATED + WITHDRAWN + PLANNED + LIMITED])
def test_said_of_a_thing_it_is_not_public(predicate):
    for thing, question in itertools.product(THINGS, QUESTIONS):
        text = told(predicate, thing, question)
        assert verdict(text) in ("secret", "review"), text


@pytest.mark.parametrize("form", [f for _, f in NEGATED + WITHDRAWN + PLANNED + LIMITED])
def test_in_front_of_a_thing_it_is_not_public(form):
    for thing, question in itertools.product(THINGS, QUESTIONS):
        text = named(form, thing, question)
        assert verdict(text) in ("secret", "review"), text


@pytest.mark.parametrize("predicate", [p for p, _ in NEGATED])
def test_a_negation_is_seen(predicate):
    assert publication(told(predicate)) & {"neg", "unpublished"}


@pytest.mark.parametrize("predicate", [p for p, _ in PLANNED])
def test_a_thing_not_yet_public_is_seen_as_such(predicate):
    assert verdict(told(predicate)) == "secret"


@pytest.mark.parametrize("form", DONE)
def test_what_has_been_published_is_seen_as_done(form):
    found = publication(named(form))
    assert "done" in found and not found & {"neg", "neg2", "plan", "unpublished"}


@pytest.mark.parametrize("form", DONE)
@pytest.mark.parametrize("thing", ["カタログ", "プレスリリース", "特許公報"])
def test_what_has_been_published_is_public(form, thing):
    assert verdict(named(form, thing)) == "public"


@pytest.mark.parametrize("twice", TWICE)
@pytest.mark.parametrize(
    "frame", ["この資料は{}のですが、取引先に見せてもいいですか？", "{}資料を取引先に渡していいですか？"]
)
def test_two_negations_are_not_flipped_twice_but_asked_about(frame, twice):
    assert verdict(frame.format(twice)) == "review"


@pytest.mark.parametrize("twice", TWICE)
@pytest.mark.parametrize("thing", THINGS)
def test_two_negations_never_make_a_thing_public(twice, thing):
    assert verdict(told(twice, thing)) != "public"


@pytest.mark.parametrize("form", FORBIDDEN)
def test_a_prohibition_is_not_a_publication(form):
    for thing, question in itertools.product(THINGS, QUESTIONS):
        assert verdict(f"この{thing}は「{form}」と言われています。{question}") in ("secret", "review")


@pytest.mark.parametrize("text", INVITED)
def test_an_invitation_is_not_a_negation(text):
    assert not publication(text) & {"neg", "neg2", "unpublished"}
    assert verdict(text) != "public"


@pytest.mark.parametrize("form", NOT_SECRET)
def test_somebody_saying_it_is_no_secret_makes_nothing_public(form):
    for thing in THINGS:
        assert verdict(f"この{thing}は{form}と聞きました。{QUESTIONS[0]}") in ("secret", "review")


WORDS = ["公開", "公表", "発表", "掲載", "開示", "リリース", "出版", "アップ"]
DENIALS = [
    "していない",
    "してない",
    "されていない",
    "できない",
    "する予定の",
    "前の",
    "予定の",
    "待ちの",
    "されるまで社内限りの",
]


@pytest.mark.parametrize("word", WORDS)
def test_no_word_for_publication_is_public_when_denied_or_planned(word):
    for denial, thing, question in itertools.product(DENIALS, THINGS, QUESTIONS[:2]):
        text = f"{word}{denial}{thing}を{question}"
        assert verdict(text) != "public", text


@pytest.mark.parametrize("word", WORDS)
@pytest.mark.parametrize("future", ["来週", "来月", "4月に", "明日", "これから", "そのうち", "年内に"])
def test_no_publication_to_come_is_public(word, future):
    for thing, ending in itertools.product(THINGS, ["します", "する予定です", "されます", "するそうです"]):
        text = f"この{thing}は{future}{word}{ending}。取引先に見せていいですか？"
        assert verdict(text) != "public", text
