"""Search: the right passage first, however the question is typed. The passages and questions are our own."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.bench.search import measure, read_corpus, run
from knowledge.index import Index, Passage
from knowledge.search import Hit, search

IR = Path(__file__).parents[2] / "shared" / "eval" / "ir"

PASSAGES = [
    Passage(
        "list", "会社にある情報を一覧表にまとめます。紙や電子データのほか、社員の頭の中にあるノウハウも書き出します。"
    ),
    Passage("value", "情報の大切さは、売上にどれだけ役立つか、漏れたときの損失がどれほどかで評価します。"),
    Passage("choose", "技術は、特許を取って公開するか、ノウハウとして秘匿するかを選びます。"),
    Passage("access", "サーバーのフォルダーは、仕事で必要な人だけがアクセスできるように権限を設定します。"),
    Passage("virus", "ウイルス対策ソフトを入れ、更新プログラムを適用し、ファイアウォールを有効にします。"),
    Passage("usb", "私物のUSBメモリの持ち込みを禁止し、会社の記録媒体は貸出簿で管理します。"),
    Passage("camera", "出入口に防犯カメラを設置します。無実の社員の疑いを晴らす証拠にもなります。"),
    Passage("mark", "秘密の書類には「社外秘」と表示し、鍵のかかる書庫に保管します。"),
    Passage("training", "年に一度、全社員に研修を行い、取り扱いのルールを話し合います。"),
    Passage("motive", "働きやすい職場と公平な人事評価は、社員のモチベーションを高め、不正を防ぎます。"),
    Passage("record", "自社で開発した経緯は、日付の入った実験ノートに記録しておきます。"),
    Passage("entrusted", "取引先から預かった図面は、自社の図面と分けて保管し、契約の範囲で使います。"),
    Passage("leave", "退職者とは秘密保持契約を結び、貸与したパソコンと入館証を返してもらいます。"),
    Passage("home", "在宅勤務では、のぞき見を防ぐフィルターを付け、公衆無線LANを使いません。"),
    Passage("password", "パスワードは使い回さず、二要素認証を有効にします。付箋に書いて貼ってはいけません。"),
    Passage("mail", "メールの誤送信に気づいたら、相手に削除を頼み、すぐに上司へ報告します。"),
    Passage("ai", "生成AIに顧客名簿や原価を入力する前に、会社が許可したサービスか確かめます。"),
    Passage("desk", "漏えいのおそれがあるときは、社内の窓口に電話し、必要なら警察にも相談します。"),
]
SYNONYMS = {"NDA": ["秘密保持契約"], "テレワーク": ["在宅勤務"], "つける": ["設置"]}

QUESTIONS = [
    ("社員の頭の中のノウハウも一覧に書く？", "list"),
    ("情報が漏れたときの損失はどう評価する？", "value"),
    ("特許とノウハウ、どちらを選ぶべきですか", "choose"),
    ("フォルダーのアクセス権限は誰に付ける？", "access"),
    ("ウイルス対策には何を入れればいいですか", "virus"),
    ("私物のUSBメモリは持ち込んでもいいですか", "usb"),
    ("防犯カメラを設置する意味は？", "camera"),
    ("秘密の書類にはどんな表示をしますか", "mark"),
    ("研修はどのくらいの頻度で行いますか", "training"),
    ("人事評価とモチベーションは関係ある？", "motive"),
    ("開発の経緯は何に記録する？", "record"),
    ("取引先から預かった図面の保管方法", "entrusted"),
    ("退職者から返してもらうもの", "leave"),
    ("在宅勤務で気をつけることは", "home"),
    ("パスワードを使い回してはいけない？", "password"),
    ("メールを誤送信したらどうする？", "mail"),
    ("生成AIに顧客名簿を入力してもいい？", "ai"),
    ("漏えいのおそれがあるとき、どこに電話する？", "desk"),
]

NOISY = [
    ("ｱｸｾｽ権限は誰に??", "access"),  # half-width kana
    ("サーバのフォルダの権限", "access"),  # long vowels
    ("サーバーーーのフォルダー", "access"),
    ("ＵＳＢメモリ持ち込み", "usb"),  # full width, particles dropped
    ("ひみつのしょるいの ひょうじ", "mark"),  # kana instead of kanji
    ("ぼうはんかめら", "camera"),
    ("たいしょくしゃに返してもらうもの", "leave"),
    ("ざいたくきんむで気をつけること", "home"),
    ("けんしゅうっていつやるの", "training"),
    ("ちょさくけん じゃなくて とっきょ の話", "choose"),
    ("パスワドの使い回し", "password"),  # one letter wrong
    ("モチベショーンの上げ方", "motive"),
    ("ファイヤウォールは要る？", "virus"),
    ("ファイアーウォールは要る？", "virus"),
    ("特許おしえて🙏🙏", "choose"),
    ("誤送信しちゃったwww", "mail"),
    ("NDAを結ぶのは誰", "leave"),  # synonyms
    ("テレワークのとき", "home"),
    ("カメラをつけた理由", "camera"),
]


@pytest.fixture(scope="module")
def index() -> Index:
    return Index.open(PASSAGES, None, synonyms=SYNONYMS)


@pytest.mark.parametrize("question, expected", QUESTIONS)
def test_a_plain_question_finds_its_passage_first(index: Index, question: str, expected: str) -> None:
    assert search(question, index)[0].id == expected


@pytest.mark.parametrize("question, expected", NOISY)
def test_a_question_in_another_spelling_finds_it_too(index: Index, question: str, expected: str) -> None:
    assert search(question, index)[0].id == expected


def test_words_of_grammar_are_not_heard_as_nouns() -> None:
    index = Index.open([Passage("smell", "匂いを指定します。"), Passage("law", "法律において定めている。")] * 3, None)
    assert search("法律において定めているもの", index)[0].id == "law"


def test_one_sound_of_many_words_needs_a_letter_in_common() -> None:
    index = Index.open([Passage("wrong", "契約の要請"), Passage("right", "秘密の書類"), Passage("other", "研修")], None)
    assert search("養成", index) == []
    assert search("秘蜜", index)[0].id == "right"


def test_numbers_are_not_taken_for_slips() -> None:
    index = Index.open([Passage("a", "第1234号の契約"), Passage("b", "図面")], None)
    assert [hit.id for hit in search("1234", index)] == ["a"]
    assert search("1567", index) == []
    assert index.spelt_like("1234") == {}


def test_title_and_questions_are_searched() -> None:
    passages = [
        Passage("a", "貸出簿で管理します。", "記録媒体", ("外付けディスクはどうする？",)),
        Passage("b", "鍵をかけます。"),
    ]
    index = Index.open(passages, None)
    assert [hit.id for hit in search("記録媒体", index)] == ["a"]
    assert [hit.id for hit in search("外付けディスク", index)] == ["a"]


def test_a_word_that_every_passage_has_still_finds_them() -> None:
    index = Index.open([Passage("a", "秘密"), Passage("b", "秘密"), Passage("c", "秘密")], None)
    assert [hit.id for hit in search("秘密", index)] == ["a", "b", "c"]


def test_equal_scores_keep_the_order_of_the_passages() -> None:
    index = Index.open(
        [Passage(name, "窓口に電話します。") for name in "zbya"] + [Passage("x", "図面を預かる。")] * 9, None
    )
    hits = search("電話", index)
    assert [hit.id for hit in hits] == ["z", "b", "y", "a"]
    assert len({hit.score for hit in hits}) == 1


def test_scores_fall_and_limit_cuts(index: Index) -> None:
    hits = search("秘密の情報を保管する", index)
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert search("秘密の情報を保管する", index, limit=2) == hits[:2]
    assert len(search("情報を設定する", index, limit=10**30)) <= len(PASSAGES)


@pytest.mark.parametrize("limit", [0, -1])
def test_a_limit_below_one_is_refused(index: Index, limit: int) -> None:
    with pytest.raises(ValueError, match="1 or more"):
        search("秘密", index, limit=limit)


@pytest.mark.parametrize("blank", ["", " ", "　\n\t", "🙏", "？！", "\u200b", "<@U012ABC>"])
def test_blank_finds_nothing(index: Index, blank: str) -> None:
    assert search(blank, index) == []


def test_an_index_of_nothing_finds_nothing() -> None:
    assert search("秘密", Index.open([], None)) == []


NAUGHTY = {
    "operators": '"秘密" AND NOT (情報 OR NEAR(図面, 3)) * ^ : - + {terms}',
    "quotes": '\'; DROP TABLE passage; --"""',
    "surrogates": "\ud83d秘密\udca9",
    "null": "秘密\x00情報",
    "emoji": "👨‍👩‍👧‍👦🔒秘密",
    "rtl": "\u202e秘密\u2066",
    "combining": "か\u3099" * 200,
    "kanji": "秘密情報" * 2500,
    "hiragana": "あいうえおかきくけこ" * 1000,
    "katakana": "アイウエオカキクケコ" * 1000,
    "words": "abcde fghij " * 900,
}


@pytest.mark.parametrize("text", NAUGHTY.values(), ids=NAUGHTY)
def test_naughty_strings_are_only_strings(index: Index, text: str) -> None:
    assert all(isinstance(hit, Hit) for hit in search(text, index))


JAPANESE = st.text(st.sampled_from('秘密情報図面のをはひみつサーバーｻｰﾊﾞ゛ーUSB１2"*()-:^ \n🔒\ud800'), max_size=60)


@settings(max_examples=200, deadline=None)
@given(st.one_of(st.text(), st.text(st.characters()), JAPANESE), st.integers(1, 50))
def test_any_string_is_a_question(text: str, limit: int) -> None:
    index = _shared()
    hits = search(text, index, limit=limit)
    assert len(hits) <= limit
    assert hits == search(text, index, limit=limit)


_made: list[Index] = []


def _shared() -> Index:
    if not _made:
        _made.append(Index.open(PASSAGES, None, synonyms=SYNONYMS))
    return _made[0]


# --- bench ------------------------------------------------------------------------------------------------------------


def test_a_corpus_is_read_in_order(tmp_path: Path) -> None:
    file = tmp_path / "corpus.jsonl"
    file.write_text('\ufeff{"id": "b", "text": "図面", "more": 1}\n\n{"id": "a", "text": ""}', encoding="utf-8")
    assert read_corpus(file) == [Passage("b", "図面"), Passage("a", "")]


@pytest.mark.parametrize(
    "line, reason",
    [
        (b'{"id": "a"', "not JSON"),
        (b'["a", "b"]', "not an object"),
        (b"null", "not an object"),
        (b'{"id": "a"}', '"text" must be a text'),
        (b'{"id": 1, "text": "a"}', '"id" must be a text'),
        (b'{"id": "first", "text": "a"}', "already used in line 1"),
        (b'{"id": "\xff", "text": "a"}', "UTF-8"),
        (b"[" * 100_000, "not JSON"),
    ],
    ids=lambda value: None if isinstance(value, str) else "line",
)
def test_a_bad_line_of_a_corpus_is_named(tmp_path: Path, line: bytes, reason: str) -> None:
    file = tmp_path / "corpus.jsonl"
    file.write_bytes(b'{"id": "first", "text": "a"}\n' + line + b"\n")
    with pytest.raises(ValueError, match=reason) as found:
        read_corpus(file)
    assert f"{file}: line 2: " in str(found.value)


def test_the_bench_measures_quality_and_time(tmp_path: Path) -> None:
    def write(name: str, rows: list[dict[str, object]]) -> None:
        lines = "\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
        (tmp_path / name).write_text(lines, encoding="utf-8")

    write("passages.jsonl", [{"id": p.id, "text": p.text} for p in PASSAGES])
    write("queries.jsonl", [{"id": q, "text": q, "relevant": [right]} for q, right in QUESTIONS])
    figures = run(tmp_path)
    assert figures["passages"] == len(PASSAGES) and "noisy" not in figures
    assert figures["clean"]["r1"] >= 0.9 and figures["clean"]["mrr10"] >= figures["clean"]["r1"]
    write("queries_noisy.jsonl", [{"id": "x", "text": "秘密", "relevant": ["none"]}])
    assert run(tmp_path)["noisy"] | {"median_ms": 0, "p99_ms": 0} == {
        "questions": 1, "r1": 0, "r5": 0, "mrr10": 0, "median_ms": 0, "p99_ms": 0,
    }  # fmt: skip
    (tmp_path / "queries.jsonl").write_text("", encoding="utf-8")
    with pytest.raises(ValueError, match="no questions"):
        measure(tmp_path / "queries.jsonl", Index.open(PASSAGES, None))


@pytest.mark.skipif(not IR.exists(), reason=f"NOT MEASURED: the development set is not at {IR}")
def test_the_development_set_keeps_its_quality() -> None:
    figures = run(IR)
    assert figures["clean"]["r1"] >= 0.925 and figures["clean"]["r5"] >= 0.97 and figures["clean"]["mrr10"] >= 0.945
    assert figures["noisy"]["r1"] >= 0.92 and figures["noisy"]["mrr10"] >= 0.94
    # Times are many times what was measured (0.9 and 2.8 ms, 2 s): tests run on busy machines. `himitsu bench` has the figures.
    assert figures["clean"]["median_ms"] <= 10 and figures["clean"]["p99_ms"] <= 50 and figures["build_s"] <= 30


def test_the_same_text_again_is_not_looked_up_again_but_another_or_a_longer_list_is(monkeypatch):
    index = Index.open(PASSAGES, None)
    ranked = []
    rank = index.rank
    monkeypatch.setattr(index, "rank", lambda numbers, limit: ranked.append(limit) or rank(numbers, limit))
    few, many = search("秘密の書類", index, limit=2), search("秘密の書類", index, limit=10)
    assert many[:2] == few and len(ranked) == 1
    assert search("防犯カメラ", index, limit=10) != many and len(ranked) == 2
    assert search("秘密の書類", index, limit=10) == many and len(ranked) == 3
    assert search("秘密の書類", index, limit=1000)[:10] == many and len(ranked) == 4
