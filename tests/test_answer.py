"""knowledge/answer.py: a message and its reading, with evidence, steps, desks and sources."""

import dataclasses
import json
from datetime import date
from pathlib import Path

import pytest

from knowledge import answer, cite, content, evidence, routes
from knowledge.company import Company
from knowledge.index import Index, Passage
from knowledge.models import Case
from knowledge.read import draft
from knowledge.schema import Fact

KNOWLEDGE = content.load(Path(__file__).parent / "no company here")
PASSAGES = [Passage(f.id, f.text, "", f.questions) for f in KNOWLEDGE.facts.values()]
INDEX = Index.open(PASSAGES, None)

FIELDS = [
    "intent", "verdict", "flags", "desks", "other_desks", "sections", "rules", "evidence", "would_change", "ask",
    "settings", "sources",
]  # fmt: skip

# One of each kind; the other tests run over all of them.
SAMPLES = {
    "預かり物": "A社さんから預かってる図面、加工の見積とるのに別の外注さんに送っていい？A社にはまだ何も言ってないです",
    "未発表": "新型ポンプの試作図面、取引先に見せてもいいですか？まだ発表前です。",
    "個人": "社員の健康診断の結果一覧を外部の経営コンサルに渡してもいい？本人たちの同意は取ってない",
    "認証情報": "サーバーの管理者パスワード、業者さんにチャットで送って大丈夫ですか",
    "AI": "生成ＡＩにうちのソースコード貼ってデバッグしてもらうのはＯＫ？リポジトリは非公開です",
    "退職": "今月末で定年退職いたします。私が作ってきた原価計算のExcelは、持って帰ってもかまいませんよね？",
    "公開": "特許公報に載ってる図面をお客さんに見せるのはOK？登録されて公報も出てます",
    "要確認": "この資料送っていい？",
    "誤送信": "やばい、A社あての見積を間違えてB社に送った！！どうしよう",
    "個人の誤送信": "お客さま200人分のメアド、BCCのはずがCCで一斉送信しちゃいました…",
    "ランサム": "画面に「全部のファイルを暗号化した、ビットコイン払え」って出てる！！！助けて",
    "フィッシング": "ニセのログイン画面にM365のIDとパス入れてもうた😱",
    "紛失": "電車にノートPC忘れました。図面データ入ってます",
    "AIに貼った": "お客様から預かった仕様書をChatGPTに貼り付けて要約させてしまいました。これって漏洩になりますか",
    "警告書": "取引先から秘密保持契約違反や言うて警告書が来た。うちの若いのが、向こうの図面をよその客に見せてしもたらしい",
    "手引き": "防犯カメラって情報漏えい対策になるんですか？",
    "用語": "営業秘密って何ですか？",
    "窓口": "INPITの電話番号おしえて",
    "社内の窓口": "こういうのって社内だとまず誰に言えばいいの？担当者の名前しりたい",
    "自己チェック": "セルフチェックの続きからお願いします",
    "お知らせ": "リマインド月曜の朝9時にして",
    "あいさつ": "こんにちは〜",
    "範囲外": "今日の天気は？",
    "空白": " 　",
}


def read(text, **kwargs):
    return answer.read(text, KNOWLEDGE, **kwargs)


@pytest.mark.parametrize("text", SAMPLES.values(), ids=SAMPLES.keys())
def test_a_reading_is_the_same_every_time_and_quotes_only_what_was_typed(text):
    reading = read(text, index=INDEX)
    assert list(reading.to_json()) == FIELDS
    assert json.dumps(reading.to_json()) == json.dumps(read(text, index=INDEX).to_json())
    assert len(reading.evidence) <= evidence.LIMIT
    assert all(e.text in text and len(e.text) <= evidence.LONGEST for e in reading.evidence)
    assert all(e.means in {*KNOWLEDGE.means, *evidence.MEANINGS} for e in reading.evidence)
    assert all(s.id in KNOWLEDGE.facts for s in reading.sources)


# --- これは秘密か -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sample", "verdict", "family", "quotes"),
    [
        ("預かり物", "secret", "entrusted", {"A社さんから預かってる": "entrusted"}),
        ("未発表", "secret", "unpublished", {"まだ発表前です": "not_published"}),
        ("個人", "secret", "personal", {"同意は取ってない": "no_consent"}),
        ("認証情報", "secret", "credential", {"管理者パスワード": "credential"}),
        ("AI", "secret", "unpublished_ai", {"うちのソースコード": "software"}),
        ("退職", "secret", "leaving", {"原価計算": "cost"}),
        ("公開", "public", "public_default", {}),
        ("要確認", "review", "review_default", {"この資料": "generic"}),
    ],
)
def test_a_check_says_why_in_the_persons_own_words_and_what_to_do(sample, verdict, family, quotes):
    reading = read(SAMPLES[sample])
    assert (reading.intent, reading.verdict, reading.family) == ("secret_check", verdict, family)
    assert quotes.items() <= {e.text: e.means for e in reading.evidence}.items()
    assert reading.rules
    assert reading.would_change
    assert reading.sources
    assert bool(reading.ask) == (verdict == "review")
    assert 1 <= len(reading.steps) <= 3 or reading.ask


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("サーバーのパスワードはHimitsu2024なんですが、業者さんに送っていいですか", "Himitsu2024"),
        ("APIキー sk-a1B2c3D4e5F6 をこのチャンネルに貼っていい？", "sk-a1B2c3D4e5F6"),
        ("偽のサイトにパスワード hunter22 を入れてしまいました", "hunter22"),
        ("暗証番号4821を外注さんに教えていい？", "4821"),
        ("社員のマイナンバー1234 5678 9018の控えを税理士に送っていい？", "5678"),
    ],
)
def test_a_password_or_number_is_never_quoted(text, hidden):
    assert not any(hidden in e.text for e in read(text, index=INDEX).evidence)


def test_every_question_ends_after_at_most_three_answers():
    def walk(question, depth):
        assert depth <= answer.MOST_QUESTIONS, question.id
        assert 2 <= len(question.options) <= 4, question.id
        for option in question.options:
            assert bool(option.verdict) != bool(option.next), option.id
            assert not option.measure or KNOWLEDGE.measures[option.measure].verdict == option.verdict, option.id
            if option.next:
                walk(KNOWLEDGE.questions[option.next], depth + 1)

    for rule in KNOWLEDGE.books.verdicts.rules:
        if rule.ask:
            walk(KNOWLEDGE.questions[rule.ask], 1)


def test_only_a_checked_publication_of_the_very_thing_is_public():
    public = [(q.id, o.id) for q in KNOWLEDGE.questions.values() for o in q.options if o.verdict == "public"]
    assert public == [("same_thing", "same")]
    before = [(q.id, o.id) for q in KNOWLEDGE.questions.values() for o in q.options if o.next == "same_thing"]
    assert before == [("where_published", "opened")]


@pytest.mark.parametrize(
    ("choices", "verdict", "asked"),
    [
        ((), "review", "what_is_it"),
        ((1,), "secret", None),
        ((2,), "secret", None),
        ((3,), "review", "where_published"),
        ((3, 1), "review", "same_thing"),
        ((3, 1, 1), "public", None),
        ((3, 1, 2), "secret", None),
        ((3, 1, 3), "review", None),
        ((3, 3), "secret", None),
        ((4,), "review", None),
    ],
)
def test_answers_lead_on_to_a_verdict(choices, verdict, asked):
    reading = read(SAMPLES["要確認"], choices=choices)
    assert reading.verdict == verdict
    assert (reading.ask.id if reading.ask else None) == asked
    assert len(reading.answered) == len(choices)
    assert reading.ask or reading.steps


def test_an_answer_does_not_make_public_what_the_message_itself_calls_secret(monkeypatch):
    def unsure(source, books, intent):
        return dataclasses.replace(draft(source, books, intent), verdict="review", deciding=(), ask="where_published")

    monkeypatch.setattr(answer, "draft", unsure)
    reading = read("会員名簿を取引先に送っていい？", choices=(1, 1))
    assert reading.verdict == "secret"
    assert "personal" in reading.rules
    assert read("製品写真を取引先に送っていい？", choices=(1, 1)).verdict == "public"


@pytest.mark.parametrize(
    ("text", "choices", "told"),
    [
        (SAMPLES["要確認"], (5,), "choose 1 to 4"),
        (SAMPLES["要確認"], (0,), "choose 1 to 4"),
        (SAMPLES["要確認"], (-1,), "choose 1 to 4"),
        (SAMPLES["要確認"], (1, 1), "nothing is left to ask"),
        (SAMPLES["未発表"], (1,), "nothing is left to ask"),
        (SAMPLES["誤送信"], (1,), "nothing was asked"),
        ("", (1,), "nothing was asked"),
    ],
)
def test_a_choice_that_was_not_offered_is_refused(text, choices, told):
    with pytest.raises(ValueError, match=told):
        read(text, choices=choices)


# --- 漏れたかもしれない -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sample", "family", "desks", "others"),
    [
        ("誤送信", "mis_sent", ["inpit"], []),
        ("個人の誤送信", "mis_sent", ["ppc"], []),
        ("ランサム", "malware", ["ipa"], ["jpcert", "police_cyber"]),
        ("フィッシング", "account", ["ipa"], ["jpcert", "police_cyber"]),
        ("紛失", "lost_device", ["inpit"], []),
        ("AIに貼った", "pasted", ["inpit"], []),
        ("警告書", "claim", ["inpit"], ["himawari"]),
    ],
)
def test_a_leak_gets_first_steps_and_desks(sample, family, desks, others):
    reading = read(SAMPLES[sample])
    assert (reading.intent, reading.verdict, reading.family) == ("leak", None, family)
    assert list(reading.desks) == desks
    assert set(others) <= set(reading.other_desks)
    assert [s.kind for s in reading.steps].count("tell") == 1
    assert 2 <= len(reading.steps) <= 3
    assert reading.evidence
    assert reading.rules


def test_a_lawyer_comes_first_where_another_company_accuses():
    assert read(SAMPLES["警告書"]).desk_views[0].id == "himawari"


def test_leaked_personal_data_may_have_to_be_reported_but_no_date_is_made_up():
    reading = read(SAMPLES["個人の誤送信"])
    assert any("個人情報保護委員会" in duty for duty in reading.duties)
    assert {"law.L-114", "law.L-115"} <= {s.id for s in reading.sources}
    assert not read(SAMPLES["誤送信"]).duties


def test_the_last_kind_of_event_fits_always():
    last = KNOWLEDGE.leak_steps.steps[-1]
    assert not (last.concepts or last.also or last.flags or last.words)
    assert all(1 <= s.tell <= len(s.steps) + 1 and 2 <= len(s.steps) + 1 <= 3 for s in KNOWLEDGE.leak_steps.steps)


# --- 窓口 -------------------------------------------------------------------------------------------------------------


def test_a_desk_shows_its_page_first_and_no_old_or_unverified_value():
    for desk in KNOWLEDGE.desks.values():
        shown = routes.view(desk)
        hidden = {c.value for c in desk.channels if not c.show or c.mark not in routes.MARKS_SHOWN}
        assert not hidden & {c.value for c in shown.contacts}, desk.id
        kinds = [c.kind for c in shown.contacts]
        assert kinds == sorted(kinds, key=["web", "form", "phone", "mail"].index), desk.id
        for channel in desk.channels:
            if channel.mark == "seed" and channel.show:
                assert any(c.value == channel.value and "公式サイトで確認" in c.note for c in shown.contacts)


def test_a_desk_is_old_after_the_day_it_is_valid_until():
    last = date.fromisoformat(KNOWLEDGE.desks["inpit"].valid_until)
    assert not read(SAMPLES["窓口"], today=last).desk_views[0].expired
    assert read(SAMPLES["窓口"], today=date(last.year + 1, 1, 1)).desk_views[0].expired
    assert not read(SAMPLES["窓口"]).desk_views[0].expired  # nobody said which day it is


@pytest.mark.parametrize(
    ("text", "desk"),
    [
        ("IPAの相談窓口のURLくれ", "ipa"),
        ("IPAの安心相談窓口の連絡先は？", "ipa_personal"),
        ("知財総合支援窓口の電話番号を教えて", "inpit_regional"),
    ],
)
def test_a_desk_named_by_its_own_name_is_the_one_shown(text, desk):
    assert read(text).desk_views[0].id == desk


def test_the_companys_own_desk_is_named_where_it_is_registered():
    phones = [{"number": "内線1234", "note": "平日9〜18時"}]
    company = Company.model_validate({"desks": [{"id": "info", "name": "情報管理担当", "phones": phones}]})
    knowledge = dataclasses.replace(KNOWLEDGE, company=company)
    reading = answer.read(SAMPLES["社内の窓口"], knowledge)
    assert reading.desks == ()
    assert reading.company[0].name == "情報管理担当"
    assert reading.company[0].contacts[0].value == "内線1234"
    assert read(SAMPLES["社内の窓口"]).company == ()


# --- 手引き -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("index", [None, INDEX], ids=["索引なし", "索引あり"])
@pytest.mark.parametrize(
    ("text", "section"),
    [
        (SAMPLES["手引き"], "C-3"),
        ("開発の経緯の記録なんか、なんで残さなあかんの？", "D-1"),
        ("アクセス権は誰まで付けるものでしょうか。一般的な目安があれば教えてください。", "C-1"),
    ],
)
def test_a_handbook_question_is_answered_by_facts_of_its_section(text, section, index):
    reading = read(text, index=index)
    assert reading.sections[0] == section
    assert 1 <= len(reading.facts) <= 3
    assert any(section in KNOWLEDGE.facts[f.id].sections for f in reading.facts)
    certainties = [f.certainty == "unverified" for f in reading.facts]
    assert certainties == sorted(certainties)  # general advice comes last
    assert not certainties[0]


@pytest.mark.parametrize(
    ("question", "term"),
    [
        ("営業秘密って何？", "営業秘密"),
        ("ひみつじょうほう って なんですか？", "秘密情報"),
        ("公知ってどういう意味？", "公知"),
        ("「NDA」とは", "NDA"),
        ("営業秘密はなんで守るの？", None),
        ("営業秘密の管理は大変ですか", None),
    ],
)
def test_a_term_is_explained_where_its_meaning_is_asked_for(question, term):
    found = cite.definition(question, KNOWLEDGE)
    assert (found[0] if found else None) == term


def test_the_leaflets_own_fact_stands_for_the_handbooks_repetition():
    facts = [f.id for f in cite.answering("他社から情報をもらうときは", ["D-2"], KNOWLEDGE, INDEX)]
    assert "leaflet.D-2" in facts
    assert "handbook.H-285" not in facts


# --- そのほか ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["", " ", "　\n", "…", "🎬🎬", "！？", "\x00\u200b"], ids=range(7))
def test_blank_and_signs_are_help(text):
    assert read(text).intent == "help"


def test_text_is_read_to_its_ten_thousandth_character():
    assert not read("いろは。" * 2_500).truncated
    assert read("この図面を送っていい？" + "いろは。" * 2_500).truncated


def test_a_reminder_says_what_is_asked_for_and_nothing_else_does():
    assert read(SAMPLES["お知らせ"]).to_json()["settings"] == {"weekday": "mon", "hour": 9, "action": "change"}
    assert read(SAMPLES["窓口"]).settings is None


STRANGE = ["{{ 7*7 }}", "<!channel>", "\ud800", "'; DROP TABLE", "%s%n", "a" * 3000, "㍿" * 500]


@pytest.mark.parametrize("number", range(len(STRANGE)))
def test_strange_texts_are_read_and_never_called_public(number):
    reading = read(STRANGE[number], index=INDEX)
    assert reading.intent and reading.verdict != "public"


@pytest.mark.parametrize("number", range(4))
def test_a_quote_holds_nothing_that_a_terminal_would_obey(number):
    between = ["\x1b[31m", "\u202e", "\ud800", "\x07"][number]
    reading = read(f"試作{between}図面を客先に見せていい？まだ発{between}表前です")
    assert not any(between in e.text for e in reading.evidence)


def test_every_derived_meaning_names_a_concept_that_exists():
    assert {concept for concept, _, _ in evidence.DERIVED} <= set(KNOWLEDGE.means)


def test_there_is_a_measure_for_every_verdict():
    for verdict in ("secret", "public", "review"):
        last = [m for m in KNOWLEDGE.measures.values() if m.verdict == verdict and not m.rules]
        assert any(not (m.concepts or m.also or m.flags) for m in last), verdict
    assert all(len(m.steps) <= 3 for m in KNOWLEDGE.measures.values())


def test_a_fact_without_a_date_is_cited_without_one():
    fact: Fact = KNOWLEDGE.facts["leaflet.B-1.1"]
    cited = cite.cite(fact, KNOWLEDGE)
    assert (cited.title, cited.date, cited.certainty) == ("秘密情報の取り扱いチェック項目", None, "seed")


@pytest.mark.parametrize("section", ["A-1", "B-2", "C-3", "D-1"])
def test_a_section_named_by_its_id_is_told_from_the_leaflet(section):
    reading = read(f"リーフレットの{section}には何が書いてある？")
    assert reading.sections[0] == section
    assert reading.facts and all(f.id.startswith(f"leaflet.{section}") for f in reading.facts)


def test_where_a_thing_stands_is_not_shown_as_what_happened():
    assert [e.text for e in read("パスワードを書いた付箋が見つかりました").evidence] == ["パスワード"]


def test_a_question_goes_on_from_ids_alone():
    asked = answer.read("この資料、取引先に見せてもいいですか？", KNOWLEDGE)
    assert asked.ask and asked.case
    kept = json.dumps(asked.case.to_json(), ensure_ascii=False)
    assert "取引先" not in kept
    case = Case.from_json(json.loads(kept))
    for number, option in enumerate(KNOWLEDGE.questions[asked.ask.id].options, 1):
        with_words = answer.read("この資料、取引先に見せてもいいですか？", KNOWLEDGE, choices=[number])
        assert answer.go_on(case, option.id, KNOWLEDGE) == dataclasses.replace(with_words, evidence=())


def test_going_back_asks_the_same_again():
    asked = answer.read("この資料、取引先に見せてもいいですか？", KNOWLEDGE)
    further = answer.go_on(asked.case, "outward", KNOWLEDGE)
    assert further.ask != asked.ask
    assert (
        answer.go_back(further.case, KNOWLEDGE)
        == answer.go_back(asked.case, KNOWLEDGE)
        == dataclasses.replace(asked, evidence=())
    )


@pytest.mark.parametrize("question, option", [("what_is_it", "gone"), ("gone", "own"), ("", "own")])
def test_an_answer_to_a_question_that_is_gone_is_refused(question, option):
    with pytest.raises(ValueError, match="case"):
        answer.go_on(Case("review", question), option, KNOWLEDGE)


@pytest.mark.parametrize("row", [{}, {"verdict": "review"}, {"verdict": "review", "question": "", "picked": [1]}])
def test_what_is_no_case_is_refused(row):
    with pytest.raises(ValueError, match="not a case"):
        Case.from_json(row)


@pytest.mark.parametrize(
    "changed",
    [
        {"verdict": "harmless"},
        {"question": "gone"},
        {"picked": (("gone", "yes"),)},
        {"picked": (("what_is_it", "gone"),)},
    ],
    ids=str,
)
def test_a_case_that_content_no_longer_knows_is_a_value_error(changed):
    with pytest.raises(ValueError, match="case"):
        answer.settle(dataclasses.replace(Case("review", "what_is_it"), **changed), KNOWLEDGE)


def test_what_else_a_case_names_may_be_gone():
    case = Case("secret", rules=("gone.rule",), secret_rules=("gone.rule",), concepts=("gone",), sections=("Z-9",))
    found = answer.settle(case, KNOWLEDGE)
    assert found.verdict == "secret" and found.steps


def test_the_leaflets_fact_stands_first_for_a_section_then_the_surest():
    for section in KNOWLEDGE.sections:
        own = [f for f in KNOWLEDGE.facts.values() if section in f.sections]
        best = KNOWLEDGE.facts[cite.headline(section, KNOWLEDGE)]
        leaflet = [f.id for f in own if f.id.startswith(f"leaflet.{section}") and f.certainty == "seed"]
        assert best in own
        assert not leaflet or best.id in leaflet, section
    assert cite.headline("Z-9", KNOWLEDGE) is None


@pytest.mark.parametrize(
    "text", ["見積書", "図面？", "顧客名簿", "見積書の件", "新製品の図面と見積書", "給与明細です", "ﾊﾟｽﾜｰﾄﾞ"]
)
def test_of_a_thing_that_is_only_named_it_is_asked_what_about_it(text):
    found = read(text)
    assert found.intent == "secret_check" and found.verdict in ("secret", "review")
    assert found.near == ("secret_check", "leak", "handbook")


@pytest.mark.parametrize("text", ["漏えい", "情報漏洩", "紛失", "盗難の件", "誤送信", "スマホ紛失", "カルテ放置"])
def test_an_event_that_is_only_named_has_happened(text):
    assert read(text).intent == "leak"


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("退職者", "handbook"),
        ("漏えい事例", "handbook"),
        ("会議室", "out_of_scope"),
        ("社員旅行のバス、何時集合ですか？", "out_of_scope"),
        ("窓口", "desk"),
        ("ヘルプ", "help"),
    ],
)
def test_other_names_mean_what_they_meant(text, intent):
    assert read(text).intent == intent


@pytest.mark.parametrize("text", ["助けて！", "どうしよう", "え、やばい", "申し訳ありません"])
def test_of_a_cry_that_tells_nothing_it_is_asked_what_happened(text):
    assert read(text).near == ("leak", "secret_check", "desk")


@pytest.mark.parametrize(
    "text", ["ヘルプ", "PowerPointの図形がくっつかない、助けて", "助けて、USBなくした", "ごめん、間違えた"]
)
def test_who_says_what_it_is_about_is_not_asked(text):
    assert read(text).near == ()


@pytest.mark.parametrize("text", ["懲戒！", "報告した方が！"])
def test_a_cry_that_may_be_of_a_leak_is_not_asked_about(text):
    assert read(text).intent == "leak" and read(text).near == ()


@pytest.mark.parametrize("text", ["社外秘", "秘密", "機密情報"])
def test_secrecy_that_is_only_named_is_a_topic(text):
    assert read(text).near == ("handbook", "secret_check", "leak")
