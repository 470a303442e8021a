"""validate(): each check finds what it is for, and says where it is and what to write instead."""

import time
from pathlib import Path

import pytest

from knowledge.content import collect
from knowledge.validate import validate

WORDS = "words/kinds.yaml"
RULES = "rules/secret.yaml"
FRAMES = "routing/section_frames.yaml"


@pytest.fixture
def check(house, edit):
    """What validate says after edits (file, before, after) to the small house."""

    def run(*edits: tuple[str, str, str]) -> list[str]:
        for change in edits:
            edit(house, *change)
        return [str(p) for p in validate()]

    return run


def with_examples(match: str = "", no_match: str = "", rule: str = "sections: {B-2: 3}") -> tuple[str, str, str]:
    """An edit that gives the rule published.done (or the one that `rule` is part of) these examples."""
    return RULES, rule, f"{rule}, examples: {{match: [{match}], no_match: [{no_match}]}}"


def test_our_content_has_no_problem_and_is_checked_in_time():
    begin = time.process_time()  # of this process: others on the machine do not count
    assert list(map(str, validate())) == []
    assert time.process_time() - begin < 10


def test_the_small_house_has_no_problem(check):
    assert check() == []


def test_what_load_refuses_is_told_too_beside_what_only_validate_sees(check):
    found = check((RULES, "drawing|spec", "drawing|spek"), (WORDS, "words: [図面]", "words: [図面, 図面]"))
    assert len(found) == 2
    assert "there is no concept 'spek'" in found[0] and "'図面' is listed twice" in found[1]


def test_a_folder_that_is_named_must_be_there(house, tmp_path):
    (found,) = validate(tmp_path / "compny")
    assert str(found) == f"{tmp_path / 'compny'}: is not there. 'himitsu init' writes an example."


def test_a_data_file_of_ours_that_nothing_reads_is_told(house):
    (house / "routing" / "desk.yaml").write_text("rules: []\n", encoding="utf-8")
    (found,) = map(str, validate())
    assert found.startswith(f"{house}/routing/desk.yaml: is not read")


def test_company_files_are_checked_too(house, company_files):
    folder = company_files(
        {
            "words/names.yaml": "ajisai: {label: あじさい, nature: secret, words: [あじさい計画, あじさい計画]}\n",
            "rules/own.yaml": "rules:\n- {id: own, when: [ajisai], verdict: secret, examples: {match: [図面を送っていい？]}}\n",
        }
    )
    own_rule, own_word = map(str, validate(folder))
    assert own_rule.startswith(f"{folder}/rules/own.yaml: rules[0] (own).examples.match[0]: the rule does not fire")
    assert own_word.startswith(f"{folder}/words/names.yaml: ajisai.words[1]: 'あじさい計画' is listed twice.")


# --- words


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("図面, 図面", "drawing.words[1]: '図面' is listed twice. Keep words[0] alone."),
        ("図面/neg, 図面/neg", "drawing.words[1]: '図面/neg' is listed twice. Keep words[0] alone."),
        (
            "CAD図, ＣＡＤ図",
            "drawing.words[1]: 'ＣＡＤ図' is read as 'CAD図', which is listed already. Keep words[0] alone.",
        ),
    ],
)
def test_a_word_twice_in_a_concept_is_told(check, words, told):
    assert check((WORDS, "words: [図面]", f"words: [{words}]")) == [f"knowledge/{WORDS}: {told}"]


@pytest.mark.parametrize("words", ["図面, 図面/neg", "図面, =図面", "図面/neg, 図面/!neg"])
def test_a_word_in_another_state_is_another_word(check, words):
    assert check((WORDS, "words: [図面]", f"words: [{words}]")) == []


def test_a_word_of_two_concepts_of_a_group_with_other_flags_is_told(check):
    (found,) = check((WORDS, "words: [事業計画]", "words: [事業計画, 図面]"))
    assert found.startswith(
        f"knowledge/{WORDS}: plan.words[1]: '図面' is also a word of 'drawing' (group 'kind'), with other flags."
    )


@pytest.mark.parametrize(
    ("before", "after"), [("words: [仕様書]", "words: [仕様書, 図面]"), ("words: [ホームページ]", "words: [図面]")]
)
def test_the_same_flags_or_another_group_are_fine(check, before, after):
    assert check((WORDS, before, after)) == []


def test_a_rule_id_in_two_books_is_told(check):
    (found,) = check(("routing/flags.yaml", "flag.x", "vague"))
    assert "the id 'vague' is used twice." in found and f"knowledge/{RULES}: rules[3] (vague)" in found


# --- examples


def test_examples_that_hold_are_fine(check):
    assert check(with_examples(match="発表した資料を客先に送っていい？", no_match="発表する資料を送っていい？")) == []


def test_a_match_that_does_not_fire_is_told_with_what_was_found(check):
    (found,) = check(with_examples(match="図面を客先に送っていい？"))
    assert found == (
        f"knowledge/{RULES}: rules[2] (published.done).examples.match[0]: the rule does not fire on 「図面を客先に送っていい？」."
        " Found in it: audience_out, disclose, drawing."
    )


def test_a_no_match_that_fires_is_told(check):
    (found,) = check(with_examples(no_match="まだです, 発表した資料を客先に送っていい？"))
    assert found.startswith(f"knowledge/{RULES}: rules[2] (published.done).examples.no_match[1]: the rule fires on")


def test_a_match_whose_verdict_another_rule_takes_is_stolen(check):
    (found,) = check(with_examples(match="発表した図面を客先に送っていい？", rule="when: [drawing|spec]"))
    assert (
        "is read as public, stolen by published.done." in found
        and "rules[0] (nature.technical).examples.match[0]" in found
    )


def test_a_match_that_is_no_question_of_secrecy_is_stolen(check):
    (found,) = check(with_examples(match="発表した資料です"))
    assert "is read as the intent " in found and "secret_check" not in found


def test_a_match_whose_intent_another_rule_takes_is_stolen(check):
    more = "score: {secret_check: 1.1}, examples: {match: [図面を送っていい？]}}\n- {id: leak.x, when: [drawing], score: {leak: 3}}"
    (found,) = check(("intents/intents.yaml", "score: {secret_check: 1.1}}", more))
    assert (
        "rules[0] (check.form).examples.match[0]" in found and "is read as the intent leak, stolen by leak.x." in found
    )


@pytest.mark.parametrize(
    ("read_as", "told"),
    [
        ("", "read as the intent secret_check"),
        ("read_as: secret_check, ", ""),
        ("read_as: leak, ", "intent secret_check"),
    ],
)
def test_a_match_is_read_as_its_examples_say_or_else_as_the_highest_weight(check, read_as, told):
    score = "score: {leak: 2, secret_check: 1}"
    more = f"{score}, examples: {{{read_as}match: [図面を送っていい？]}}}}\n- {{id: check.x, when: [drawing], score: {{secret_check: 3}}"
    found = check(("intents/intents.yaml", "score: {secret_check: 1.1}", more))
    assert len(found) == bool(told)
    assert all("rules[0] (check.form).examples.match[0]" in p and told in p for p in found)


def test_a_match_of_a_flag_rule_is_a_leak(check):
    (found,) = check(
        ("routing/flags.yaml", "flags: [insider]", "flags: [insider], examples: {match: [図面を送っていい？]}")
    )
    assert "rules[0] (flag.x).examples.match[0]" in found and "is read as the intent secret_check" in found


def test_every_rule_of_ours_has_examples_both_ways():
    pack = collect(Path("none"))
    kinds = ("intents", "verdicts", "flag_rules", "section_rules", "derive", "desk_rules")
    rules = [e for kind in kinds for e in pack.entries[kind].values() if e.ours]
    assert [e.id for e in rules if not e.item.examples.match] == []
    always = [e.id for e in rules if any("s_any" in w.split("|") for w in e.item.when) and not e.item.unless]
    assert [e.id for e in rules if not e.item.examples.no_match and e.id not in always] == []


@pytest.mark.parametrize(
    ("name", "before"),
    [
        ("routing/flags.yaml", "flags: [insider]"),
        ("routing/sections.yaml", "sections: {C-1: 2}"),
        ("derive/relations.yaml", "gives: drop plan"),
        ("routing/desks.yaml", "order: 2"),
    ],
)
def test_examples_of_every_kind_of_rule_are_read(check, name, before):
    (found,) = check((name, before, f"{before}, examples: {{match: [今日は暑い]}}"))
    assert found.startswith(f"knowledge/{name}: rules[0]") and "does not fire on 「今日は暑い」" in found


def test_examples_of_frames_are_looked_for_in_the_text_as_it_is_read(check):
    in_match, in_no_match = check(
        (FRAMES, "[新人に全部", "[ＡＢＣに全部"), (FRAMES, "[全部の", "[社員に全部話すとどうなりますか？, 全部の")
    )
    assert in_match == (
        f"knowledge/{FRAMES}: frames[0] (C-1.all_to_see).examples.match[0]: the frame does not fire on"
        " 「ＡＢＣに全部見せるとどうなりますか？」. The pattern is looked for in 「abcに全部見せるとどうなりますか?」."
    )
    assert in_no_match.endswith(
        "examples.no_match[0]: the frame fires on 「社員に全部話すとどうなりますか？」. Make 'pattern' narrower."
    )


def test_a_match_of_a_frame_is_a_question_on_the_handbook(check):
    (found,) = check((FRAMES, "見せるとどうなりますか？", "送っていい？"))
    assert "frames[0] (C-1.all_to_see).examples.match[0]" in found
    assert found.endswith("is read as the intent secret_check, stolen by check.form. Write a question on the handbook.")


def test_every_frame_of_ours_has_two_examples_and_a_near_miss():
    frames = collect(Path("none")).entries["section_frames"].values()
    assert len(frames) > 30
    assert [e.id for e in frames if len(e.item.examples.match) < 2 or not e.item.examples.no_match] == []
    assert [e.id for e in frames if not e.id.startswith(f"{e.item.section}.")] == []


def test_pieces_of_patterns_are_what_people_type_and_keep_their_spelling(check):
    assert check((FRAMES, "社員|", "社員|漏洩|")) == []


# --- texts and contacts


def test_a_fact_that_does_not_fit_is_told(check):
    (found,) = check(("leaflet/B-2.yaml", "二つ目です。", "あ" * 221))
    assert "facts[1] (leaflet.B-2.2).text: the text has 221 characters; at most 220 fit." in found


@pytest.mark.parametrize(
    ("name", "before", "after", "place"),
    [
        ("leaflet/B-2.yaml", "二つ目です。", "漏洩です。", "facts[1] (leaflet.B-2.2).text"),
        (RULES, "verdict: public", "verdict: public, why: 持出しです。", "rules[2] (published.done).why"),
        ("sections.yaml", "summary: 人を絞ります。", "summary: 取扱いを決めます。", "sections[1] (C-1).summary"),
        ("desks.yaml", "for: [相談]", "for: [相談, 漏洩]", "desks[0] (inpit).for[1]"),
        ("glossary.yaml", "守る情報です。", "漏洩を防ぎます。", "terms[0] (G-001).definition"),
        ("questions.yaml", "label: ほか", "label: 取扱い", "questions[0] (what_is_it).options[1] (other).label"),
        ("measures.yaml", "steps: [出さない]", "steps: [持出しを止める]", "measures[0] (careful).steps[0]"),
        ("leak_steps.yaml", "inpit: 相談", "inpit: 漏洩の相談", "reasons.inpit"),
        (WORDS, "label: 図面", "label: 図面の取扱い", "drawing.label"),
    ],
)
def test_our_own_texts_are_spelt_our_way(check, name, before, after, place):
    (found,) = check((name, before, after))
    assert found.startswith(f"knowledge/{name}: {place}: 「") and "is not how we write it. Write 「" in found


def test_names_in_quotes_and_what_people_type_keep_their_spelling(check):
    assert (
        check(
            ("leaflet/B-2.yaml", "二つ目です。", "「持出しを困難にする対策」のことです。"),
            ("leaflet/B-2.yaml", "questions: [公開とは？]", "questions: [漏洩とは？]"),
            ("sections.yaml", "summary: 人", "heading: 取扱いは?, summary: 人"),
            (WORDS, "words: [図面]", "words: [図面, 漏洩]"),
        )
        == []
    )


@pytest.mark.parametrize("mark", ["old", "unverified"])
def test_a_contact_that_must_not_be_shown_is_told(check, mark):
    (found,) = check(("desks.yaml", "mark: seed", f"mark: {mark}"))
    assert f"desks[0] (inpit).channels[0]: is shown although it is marked {mark}." in found


def test_an_old_contact_that_is_not_shown_is_fine(check):
    assert check(("desks.yaml", "mark: seed", "mark: old"), ("desks.yaml", "show: true", "show: false")) == []


def test_a_broken_file_does_not_hide_what_is_wrong_elsewhere(check):
    found = check((RULES, "when: [plan]", "when: [plan"), ("desks.yaml", "mark: seed", "mark: old"))
    assert len(found) == 2
