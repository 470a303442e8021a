"""content.load(): what it takes, what it refuses, and how company files take part."""

import os
import pickle
import re
from collections import Counter
from itertools import chain
from pathlib import Path

import pytest

from knowledge import cache, content
from knowledge.errors import ContentError
from knowledge.lexicon import Lexicon
from knowledge.read import draft
from knowledge.text import normalise

NOWHERE = Path("/nowhere/company")
FRAMES = "routing/section_frames.yaml"


def problems(company_dir: Path = NOWHERE) -> list[str]:
    """What load() refuses, without the folder of the company."""
    with pytest.raises(ContentError) as refused:
        content.load(company_dir)
    return [str(p).replace(f"{company_dir}/", "company/") for p in refused.value.problems]


def read(text: str, knowledge: content.Knowledge):
    return draft(normalise(text), knowledge.books)


# --- ours


def test_our_content_loads_whole():
    knowledge = content.load(NOWHERE)
    assert len(knowledge.facts) > 500
    assert set(knowledge.books.section_order) == set(knowledge.sections)
    assert all(fact.source in knowledge.sources for fact in knowledge.facts.values())
    assert knowledge.means["drawing"] == "図面・設計データ"
    assert knowledge.company.company_desk() is None
    assert not knowledge.company_ids


def test_the_small_house_loads_and_reads(house):
    knowledge = content.load(NOWHERE)
    assert read("図面を客先に送っていい？", knowledge).verdict == "secret"
    assert knowledge.desks["inpit"].purposes == ("相談",)
    assert knowledge.leak_steps.reasons == {"inpit": "相談"}
    assert knowledge.situations[0].then == ("company",)
    assert knowledge.books.cues == {"漏れる": {"leak": 0.1}}
    assert knowledge.books.section_cues == {"鍵": {"C-1": 0.5}}
    assert read("新人に全部見せるとどうなりますか？", knowledge).sections == ("C-1",)
    assert read("全部の新人に見せるとどうなりますか？", knowledge).sections == ()


def test_what_is_loaded_cannot_be_changed(house):
    knowledge = content.load(NOWHERE)
    with pytest.raises(TypeError):
        knowledge.facts["x"] = None
    with pytest.raises(AttributeError):
        knowledge.facts = {}
    with pytest.raises(ValueError):
        knowledge.facts["leaflet.B-2.1"].text = "別の文"


# --- YAML


def test_broken_yaml_is_told_with_file_line_and_reason(house, edit):
    edit(house, "rules/secret.yaml", "when: [plan]", "when: [plan")
    (found,) = problems()
    assert found.startswith("knowledge/rules/secret.yaml: line 3, column")
    assert "not valid YAML" in found and "expected ',' or ']'" in found


def test_a_key_written_twice_is_not_swallowed(house, edit):
    edit(house, "words/kinds.yaml", "plan: {group", "drawing: {group")
    assert any("words/kinds.yaml: line 3: the key 'drawing' is written twice." in p for p in problems())


def test_a_merged_key_that_is_written_again_is_no_mistake(house, edit):
    edit(house, "words/kinds.yaml", "drawing: {", "drawing: &d {")
    edit(house, "words/kinds.yaml", "spec: {", "spec: {<<: *d, ")
    assert content.load(NOWHERE).means["spec"] == "仕様"


@pytest.mark.parametrize(
    ("raw", "told"),
    [
        (b"rules:\n- {id: \xff}\n", "is not UTF-8. Save the file as UTF-8."),
        (b"", "is empty."),
        (b"rules: \x07\n", "is not valid YAML"),
        (b"- a\n- b\n", "a list is not a set of keys."),
        (b"rules:\n- id: a\n  when: [drawing]\n\tverdict: secret\n", "line 4"),
    ],
    ids=["not UTF-8", "empty", "control character", "list", "tab"],
)
def test_a_file_that_is_no_data_is_told(house, raw, told):
    (house / "rules" / "secret.yaml").write_bytes(raw)
    assert any("knowledge/rules/secret.yaml" in p and told in p for p in problems())


def test_a_file_saved_by_a_windows_editor_is_read(house):
    path = house / "rules" / "secret.yaml"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    assert content.load(NOWHERE).rules["vague"].ask == "what_is_it"


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("words: [図面]", "words: [図面, off]", 'drawing.words[1]: YAML reads off as true or false; text is needed. Quote it: "off".'),
        ("words: [図面]", "words: [0312345670]", 'drawing.words[0]: YAML reads 0312345670 as a number; text is needed. Quote it: "0312345670".'),
        ("label: 図面", "label: 1.10", 'drawing.label: YAML reads 1.10 as a number; text is needed. Quote it: "1.10".'),
        ("label: 図面", "label: 2026-11-23", 'drawing.label: YAML reads 2026-11-23 as a date; text is needed. Quote it: "2026-11-23".'),
        ("label: 図面", "label: ~", "drawing.label: holds nothing; text is needed."),
        ("label: 図面", "label: [図面]", "drawing.label: a list is not text."),
        ("words: [図面]", "words: 図面", "drawing.words: '図面' is not a list."),
        ("words: [図面]", 'words: [図面, " "]', "drawing.words[1]: is blank."),
        ("nature: secret, words: [図面]", "nature: secrets, words: [図面]", "drawing.nature: 'secrets' is not possible here. Did you mean 'secret'?"),
        ("flags: [technical], nature: secret, words: [図面]", "flags: [tecnical], words: [図面]", "drawing.flags[0]: 'tecnical' is not possible here. Did you mean 'technical'?"),
    ],
)  # fmt: skip
def test_what_yaml_bites_is_refused_with_what_to_write(house, before, after, told, edit):
    edit(house, "words/kinds.yaml", before, after)
    assert any(p.startswith(f"knowledge/words/kinds.yaml: {told}") for p in problems())


@pytest.mark.parametrize(
    ("name", "before", "after", "told"),
    [
        ("rules/secret.yaml", "verdict: public", "verdct: public", "rules[2] (published.done): unknown key 'verdct'. Did you mean 'verdict'?"),
        ("rules/secret.yaml", "grade: 65", 'grade: "65"', "rules[2] (published.done).grade: '65' is not a whole number."),
        ("rules/secret.yaml", "grade: 65", "grade: true", "rules[2] (published.done).grade: True is not a whole number."),
        ("rules/secret.yaml", "grade: 65, ", "", "rules[2] (published.done): a verdict needs a grade."),
        ("rules/secret.yaml", "verdict: public, ", "", "rules[2] (published.done).grade: has no verdict to place."),
        ("rules/secret.yaml", "id: vague, ", "", "rules[3]: the key 'id' is missing."),
        ("rules/secret.yaml", "when: [plan]", "when: []", "rules[1] (nature.business).when: is empty; at least one is needed."),
        ("intents/intents.yaml", "secret_check: 1.1", "secretcheck: 1.1", "rules[0] (check.form).score.secretcheck: 'secretcheck' is not possible here. Did you mean 'secret_check'?"),
        ("words/kinds.yaml", "plan: {group: kind,", "plan: {grup: kind,", "plan: unknown key 'grup'. Did you mean 'group'?"),
        ("words/kinds.yaml", "plan: {group: kind, ", "plan: {", "plan: the key 'group' is missing."),
        ("leaflet/B-2.yaml", 'verified_on: "2026-11-23", sections: [B-2], questions: [公', 'verified_on: "2026-11-31", sections: [B-2], questions: [公', "facts[0] (leaflet.B-2.1).verified_on: '2026-11-31' is not a date."),
        ("desks.yaml", "mark: seed", "mark: sede", "desks[0] (inpit).channels[0].mark: 'sede' is not possible here. Did you mean 'seed'?"),
        ("desks.yaml", "show: true", "show: 1", "desks[0] (inpit).channels[0].show: 1 is not true or false."),
        ("desks.yaml", "kind: web,", "kind: web, vale: x,", "desks[0] (inpit).channels[0]: unknown key 'vale'. Did you mean 'value'?"),
        ("questions.yaml", "measure: careful", "mesure: careful", "questions[0] (what_is_it).options[0] (own): unknown key 'mesure'. Did you mean 'measure'?"),
        ("leak_steps.yaml", "reasons:", "resons:", "unknown key 'resons'. Did you mean 'reasons'?"),
        ("words/spelling.yaml", "[よか, いい]", "[よか]", "dialect[0]: has too few items."),
        (FRAMES, "worth: 3", "worht: 3", "frames[0] (C-1.all_to_see): unknown key 'worht'. Did you mean 'worth'?"),
        (FRAMES, "worth: 3", 'worth: "3"', "frames[0] (C-1.all_to_see).worth: '3' is not a number."),
        (FRAMES, "worth: 3", "worth: -9", "frames[0] (C-1.all_to_see).worth: Input should be greater than or equal to -6."),
        (FRAMES, "match: [新人", "match: [], matches: [新人", "frames[0] (C-1.all_to_see).examples.match: is empty; at least one is needed."),
        (FRAMES, "no_match:", "nomatch:", "frames[0] (C-1.all_to_see).examples: the key 'no_match' is missing."),
        (FRAMES, "pieces:", "piece:", "unknown key 'piece'. Did you mean 'pieces'?"),
        (FRAMES, "{0,4}", "{4,0}", "frames[0] (C-1.all_to_see).pattern: is no pattern: min repeat greater than max repeat, at 「4,0}全部」."),
        (FRAMES, "全部'", "(全部'", "frames[0] (C-1.all_to_see).pattern: is no pattern: missing ), unterminated subpattern, at 「(全部」."),
        (FRAMES, "{0,4}", "{99999999999}", "frames[0] (C-1.all_to_see).pattern: is no pattern: the repetition number is too large."),
        (FRAMES, "'(社員|新人)'", "'[社員'", "pieces.staff: is no pattern: unterminated character set, at 「[社員」."),
        (FRAMES, "'(社員|新人)'", "'{people}'", "pieces.staff: holds the piece 'people', which is not filled in here."),
        (FRAMES, "'(社員|新人)'", "[社員]", "pieces.staff: a list is not text."),
    ],
)  # fmt: skip
def test_a_slip_is_told_with_its_place_and_what_was_meant(house, name, before, after, told, edit):
    edit(house, name, before, after)
    found = problems()
    assert any(p.startswith(f"knowledge/{name}: {told}") for p in found), found


# --- ids


@pytest.mark.parametrize(
    ("name", "before", "after", "told"),
    [
        ("rules/secret.yaml", "drawing|spec", "drawing|spek", "rules[0] (nature.technical).when[0]: 'drawing|spek': there is no concept 'spek'. Did you mean 'spec'?"),
        ("rules/secret.yaml", "publish/done", "publish/don", "rules[2] (published.done).when[0]: 'publish/don': there is no status 'don'. Did you mean 'done'?"),
        ("rules/secret.yaml", "[plan]", '["@kinds"]', "rules[1] (nature.business).when[0]: '@kinds': there is no group '@kinds'. Did you mean '@kind'?"),
        ("rules/secret.yaml", "[plan]", "[kind]", "rules[1] (nature.business).when[0]: 'kind': there is no concept 'kind'. Write '@kind' for the group."),
        ("rules/secret.yaml", "[plan], verdict", "[plan], unless: [x/neg], verdict", "rules[1] (nature.business).unless[0]: 'x/neg': there is no concept 'x'."),
        ("rules/secret.yaml", "{B-2: 3}", "{B-3: 3}", "rules[2] (published.done).sections: there is no section 'B-3'. Did you mean 'B-2'?"),
        ("rules/secret.yaml", "source: leaflet.B-2.1", "source: leaflet.B-2.9", "rules[2] (published.done).source: there is no fact or source 'leaflet.B-2.9'."),
        ("rules/secret.yaml", "ask: what_is_it", "ask: what_is_that", "rules[3] (vague).ask: there is no question 'what_is_that'. Did you mean 'what_is_it'?"),
        ("rules/secret.yaml", "verdict: public, grade: 65", "verdict: public, grade: 65, ask: what_is_it", "rules[2] (published.done).ask: only a review asks a question."),
        ("leaflet/B-2.yaml", "see: [leaflet.B-2.2]", "see: [leaflet.B-2.3]", "facts[0] (leaflet.B-2.1).see[0]: there is no fact 'leaflet.B-2.3'."),
        ("leaflet/B-2.yaml", "source: leaflet, verified_on", "source: leaflets, verified_on", "facts[0] (leaflet.B-2.1).source: there is no source 'leaflets'. Did you mean 'leaflet'?"),
        ("leaflet/B-2.yaml", "sections: [B-2], questions: []", "sections: [B-2, Z], questions: []", "facts[1] (leaflet.B-2.2).sections[1]: there is no section 'Z'."),
        ("derive/relations.yaml", "drop plan", "drop plans", "rules[0] (retract.x).gives: there is no concept 'plans'. Did you mean 'plan'?"),
        ("routing/desks.yaml", "desk: inpit", "desk: inpitt", "rules[0] (leak.own).desk: there is no desk 'inpitt'. Did you mean 'inpit'?"),
        ("routing/desks.yaml", "technical|business", "technical|busines", "rules[0] (leak.own).flags[0]: there is no flag 'busines'. Did you mean 'business'?"),
        ("routing/sections.yaml", "C-1", "C-9", "rules[0] (s.C1).sections: there is no section 'C-9'."),
        ("routing/section_cues.yaml", "C-1", "C-7", "cues.鍵: there is no section 'C-7'."),
        (FRAMES, "section: C-1", "section: C-8", "frames[0] (C-1.all_to_see).section: there is no section 'C-8'."),
        (FRAMES, "{staff}", "{staf}", "frames[0] (C-1.all_to_see).pattern: there is no piece 'staf'. Did you mean 'staff'?"),
        ("desks.yaml", "first: inpit", "first: inpi", "situations[0].first: there is no desk 'inpi'. Did you mean 'inpit'?"),
        ("desks.yaml", "source: leaflet", "source: leaf", "desks[0] (inpit).channels[0].source: there is no source 'leaf'."),
        ("questions.yaml", "measure: careful", "measure: carefull", "questions[0] (what_is_it).options[0] (own).measure: there is no measure 'carefull'. Did you mean 'careful'?"),
        ("questions.yaml", "verdict: review", "next: what_is_it", "questions[0] (what_is_it): the answers lead back to this question."),
        ("questions.yaml", ", verdict: review", "", "questions[0] (what_is_it).options[1] (other): one of 'verdict' and 'next' is needed"),
        ("measures.yaml", "facts: [leaflet.B-2.1]", "concepts: [drawin]", "measures[0] (careful).concepts[0]: there is no concept 'drawin'. Did you mean 'drawing'?"),
        ("measures.yaml", "facts: [leaflet.B-2.1]", "rules: [natur]", "measures[0] (careful).rules[0]: there is no rule 'natur'. Did you mean 'nature'?"),
        ("measures.yaml", "verdict: public, why: 公開です。", "verdict: public, rules: [vague], why: 公開です。", "measures: none fits every message that is public."),
        ("leak_steps.yaml", "title: 漏れた", "title: 漏れた, flags: [cyber]", "steps: none fits every event."),
        ("words/kinds.yaml", "words: [図面]", "words: [図面/nag]", "drawing.words[0]: '図面/nag': there is no status 'nag'. Did you mean 'neg'?"),
        ("words/kinds.yaml", "words: [図面]", "words: [図面/neg~見る]", "drawing.words[0]: '図面/neg~見る': there is no status 'neg~見る'. A status stands behind the whole word."),
        ("words/kinds.yaml", "words: [図面]", 'words: ["="]', "drawing.words[0]: '=': there is no word in it."),
        ("words/kinds.yaml", "drawing: {", "s_any: {", "s_any: the id 's_any' is taken by a form of sentence"),
        ("words/kinds.yaml", "nature: secret, words: [図面]", "like: spec, words: [図面]", "drawing.like: is for company files only."),
    ],
)  # fmt: skip
def test_an_id_that_points_at_nothing_is_told(house, name, before, after, told, edit):
    edit(house, name, before, after)
    found = problems()
    assert any(p.startswith(f"knowledge/{name}: {told}") for p in found), found


def test_an_id_used_twice_names_both_places(house, edit):
    edit(house, "rules/secret.yaml", "id: vague", "id: published.done")
    (found,) = problems()
    assert found.startswith(
        "knowledge/rules/secret.yaml: rules[3] (published.done): the id 'published.done' is used twice."
    )
    assert "knowledge/rules/secret.yaml: rules[2] (published.done)" in found


def test_ids_that_may_be_in_an_unreadable_file_are_not_missed(house):
    (house / "words" / "kinds.yaml").write_text("drawing: [", encoding="utf-8")
    (house / "sections.yaml").write_text("sections: [", encoding="utf-8")
    assert sorted(re.split(":", p)[0] for p in problems()) == ["knowledge/sections.yaml", "knowledge/words/kinds.yaml"]


def test_everything_wrong_with_frames_is_told_at_once(house):
    examples = "examples: {match: [a], no_match: [b]}"
    (house / FRAMES).write_text(
        "pieces: {staff: '(社員'}\nframes:\n"
        f"- {{id: a, section: C-8, pattern: '{{staf}}(', worth: 1, {examples}}}\n"
        f"- {{id: a, section: C-1, pattern: '{{staff}}', worth: 1, {examples}}}\n"
        f"- {{id: c, section: C-1, pattern: '{{staff}}', worth: one, {examples}}}\n",
        encoding="utf-8",
    )
    places = [p.removeprefix(f"knowledge/{FRAMES}: ").split(". ")[0] for p in problems()]
    assert places == [
        "frames[0] (a).pattern: is no pattern: missing ), unterminated subpattern, at 「(」",
        "frames[0] (a).pattern: there is no piece 'staf'",
        "frames[0] (a).section: there is no section 'C-8'",
        "frames[1] (a): the id 'a' is used twice",
        "frames[2] (c).worth: 'one' is not a number",
        "pieces.staff: is no pattern: missing ), unterminated subpattern, at 「(社員」",
    ]


@pytest.mark.parametrize("after", ["'[社員'", "[社員]"])
def test_a_piece_with_a_slip_is_told_once_and_not_where_it_is_used(house, after, edit):
    edit(house, FRAMES, "'(社員|新人)'", after)
    (found,) = problems()
    assert found.startswith(f"knowledge/{FRAMES}: pieces.staff: ")


def test_frames_that_are_no_yaml_are_told_once(house):
    (house / FRAMES).write_text("frames: [", encoding="utf-8")
    (found,) = problems()
    assert found.startswith(f"knowledge/{FRAMES}: line ") and "not valid YAML" in found


def test_an_item_with_a_slip_is_still_there_for_others(house, edit):
    edit(house, "sections.yaml", "title: 使い方を決める", "titel: 使い方を決める")
    assert all("there is no section" not in p for p in problems())


# --- all at once


def test_all_problems_of_all_files_are_told_together_in_order(house, company_files, edit):
    edit(house, "rules/secret.yaml", "drawing|spec", "drawing|spek")
    edit(house, "leaflet/B-2.yaml", "certainty: seed, source: leaflet,", "certainty: sead, source: leaflet,")
    (house / "glossary.yaml").write_text("terms: [", encoding="utf-8")
    folder = company_files(
        {"company.yaml": "nmae: 会社\n", "rules/own.yaml": "rules:\n- {id: a, when: [nothing], verdict: secret}\n"}
    )
    found = problems(folder)
    assert [p.split(":")[0] for p in found] == [
        "company/company.yaml",
        "company/rules/own.yaml",
        "knowledge/glossary.yaml",
        "knowledge/leaflet/B-2.yaml",
        "knowledge/leaflet/B-2.yaml",
        "knowledge/rules/secret.yaml",
    ]


def test_with_a_problem_nothing_is_loaded_and_after_mending_everything_is(house, company_files, edit):
    folder = company_files({"words/names.yaml": "ajisai: {label: あじさい, nature: secret, words: [あじさい計画]}\n"})
    good = content.load(folder)
    edit(folder, "words/names.yaml", "nature: secret", "nature: secrett")
    problems(folder)
    problems(folder)  # and no half of it is kept for the second call
    edit(folder, "words/names.yaml", "nature: secrett", "nature: secret")
    again = content.load(folder)
    assert again.means == good.means and "ajisai" in again.means


# --- company files


def test_a_folder_that_is_not_there_means_no_company(house):
    assert content.load(NOWHERE).company.name == ""


def test_the_folder_comes_from_the_environment(house, company_files, monkeypatch):
    folder = company_files({"company.yaml": "name: 山田製作所\n"})
    monkeypatch.setenv("HIMITSU_COMPANY_DIR", str(folder))
    assert content.load().company.name == "山田製作所"


def test_a_mistyped_folder_in_the_environment_is_logged(house, monkeypatch, caplog):
    monkeypatch.setenv("HIMITSU_COMPANY_DIR", "/nowhere/company")
    content.load()
    assert "HIMITSU_COMPANY_DIR names /nowhere/company, which is not there" in caplog.text


def test_without_the_variable_it_is_company_in_the_working_folder(house, company_files, monkeypatch):
    folder = company_files({"company.yaml": "name: 山田製作所\n"})
    monkeypatch.chdir(folder.parent)
    assert content.load().company.name == "山田製作所"


def test_a_file_in_place_of_the_folder_is_told(house, tmp_path):
    path = tmp_path / "file"
    path.write_text("name: x")
    assert problems(path) == [f"{path}: is not a folder. HIMITSU_COMPANY_DIR names a folder."]


def test_files_with_comments_alone_are_fine(house, company_files):
    folder = company_files({"company.yaml": "# nothing yet\n", "rules/own.yaml": "# nothing yet\n"})
    assert content.load(folder).company.name == ""


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("rule/own.yaml", "Did you mean 'rules'?"),
        ("rules/own.yml", "Name it own.yaml."),
        ("compny.yaml", "Did you mean 'company.yaml'?"),
        ("rules/deeper/own.yaml", ""),
    ],
)
def test_a_file_that_nothing_reads_is_told(house, company_files, name, hint):
    folder = company_files({name: "rules: []\n"})
    (found,) = problems(folder)
    assert found.startswith(f"company/{name}: is not read") and hint in found


def test_files_of_other_parts_of_the_bot_are_left_alone(house, company_files):
    folder = company_files({"inventory/own.yaml": "id: x\n", ".git/x.yaml": "a", "README.md": "# x\n"})
    assert content.load(folder).company_ids == content.load(NOWHERE).company_ids


def test_a_rule_of_ours_is_overridden_by_its_id(house, company_files):
    text = "図面を客先に送っていい？"
    folder = company_files(
        {"rules/own.yaml": "rules:\n- {id: nature.technical, when: [drawing], verdict: review, ask: what_is_it}\n"}
    )
    knowledge = content.load(folder)
    assert read(text, knowledge).verdict == "review"
    assert [r.id for r in knowledge.books.verdicts.rules].count("nature.technical") == 1
    assert "nature.technical" in knowledge.company_ids
    assert read(text, content.load(NOWHERE)).verdict == "secret"


def test_facts_desks_and_sections_are_overridden_and_added_by_id(house, company_files):
    fact = '{certainty: official, source: ours, verified_on: "2026-11-23", sections: [X-1], questions: []'
    folder = company_files(
        {
            "facts/own.yaml": f"facts:\n- {fact}, id: leaflet.B-2.1, text: 会社の文です。}}\n- {fact}, id: own.1, text: 足した文です。}}\n",
            "sections.yaml": "sections:\n- {id: X-1, title: 会社の節, summary: 会社の節です。}\n",
            "sources.yaml": "sources:\n- {id: ours, title: 社内規程}\n",
        }
    )
    knowledge = content.load(folder)
    assert knowledge.facts["leaflet.B-2.1"].text == "会社の文です。"
    assert list(knowledge.facts) == ["leaflet.B-2.1", "leaflet.B-2.2", "own.1"]
    assert knowledge.books.section_order == ("B-2", "C-1", "X-1")


def test_a_company_adds_frames_and_says_what_a_piece_stands_for_there(house, company_files):
    frame = "{id: own, section: B-2, pattern: '{staff}の棚', worth: 1, examples: {match: [a], no_match: [b]}}"
    folder = company_files({FRAMES: f"pieces: {{staff: (社員|新人|クルー)}}\nframes:\n- {frame}\n"})
    assert read("クルーに全部見せるとどうなりますか？", content.load(folder)).sections == ("C-1",)
    assert read("クルーの棚はどうなりますか？", content.load(folder)).sections == ("B-2",)
    assert read("クルーの棚はどうなりますか？", content.load(NOWHERE)).sections == ()


def test_what_the_company_adds_to_a_list_that_is_tried_in_order_comes_first(house, company_files):
    folder = company_files(
        {"measures.yaml": "measures:\n- {id: own, verdict: secret, why: 会社の決まりです。, steps: [止める]}\n"}
    )
    assert list(content.load(folder).measures) == ["own", "careful", "open", "ask"]


def test_words_are_added_to_a_concept_of_ours(house, company_files):
    folder = company_files({"words/names.yaml": "drawing: {words: [からくり絵], excluded: [図面展]}\n"})
    concept = content.load(folder).books.lexicon.concepts["drawing"]
    assert concept.words == ("図面", "からくり絵")
    assert (concept.label, concept.flags, concept.excluded) == ("図面", ("technical",), ("図面展",))
    assert read("からくり絵を客先に送っていい？", content.load(folder)).verdict == "secret"


def test_a_word_of_the_company_makes_a_message_secret(house, company_files):
    text = "あじさい計画の資料を客先に見せていい？"
    assert read(text, content.load(NOWHERE)).verdict == "review"
    folder = company_files({"words/names.yaml": "ajisai: {label: あじさい, nature: secret, words: [あじさい計画]}\n"})
    found = read(text, content.load(folder))
    assert (found.verdict, [f.rule.id for f in found.deciding]) == ("secret", ["company.ajisai"])


def test_what_was_affirmed_as_published_is_public_though_the_word_is_the_companys(house, company_files):
    folder = company_files({"words/names.yaml": "ajisai: {label: あじさい, nature: secret, words: [あじさい計画]}\n"})
    assert read("あじさい計画は発表済みです。客先に見せていい？", content.load(folder)).verdict == "public"


@pytest.mark.parametrize(
    ("says", "rule"),
    [
        ("nature: secret", "nature.business"),
        ("nature: secret, flags: [technical]", "nature.technical"),
        ("like: drawing", "nature.technical"),
    ],
)
def test_the_rules_for_a_kind_hold_for_the_companys_word_of_that_kind(house, company_files, says, rule):
    folder = company_files({"words/names.yaml": f"ajisai: {{label: あじさい, {says}, words: [あじさい計画]}}\n"})
    assert rule in [f.rule.id for f in read("あじさい計画を見せていい？", content.load(folder)).fired]


def test_a_new_word_needs_a_label_and_an_existing_kind(house, company_files):
    folder = company_files({"words/names.yaml": "ajisai: {like: planing, words: [あじさい計画]}\n"})
    assert problems(folder) == [
        "company/words/names.yaml: ajisai: the key 'label' is missing. It is what an answer calls the thing.",
        "company/words/names.yaml: ajisai.like: there is no concept 'planing'. Did you mean 'plan'?",
    ]


@pytest.mark.parametrize(("verdict", "grade"), [("secret", 92), ("review", 83), ("public", 54)])
def test_a_rule_of_the_company_without_a_grade_gets_one_for_its_verdict(house, company_files, verdict, grade):
    folder = company_files({"rules/own.yaml": f"rules:\n- {{id: own, when: [generic], verdict: {verdict}}}\n"})
    assert [r.grade for r in content.load(folder).books.verdicts.rules if r.id == "own"] == [grade]


def test_a_public_rule_of_the_company_does_not_release_what_is_known_to_be_entrusted_or_personal():
    graded = {r.id: r.grade for r in content.load(NOWHERE).books.verdicts.rules}
    assert graded["nature.business"] < 54 < min(graded["entrusted"], graded["personal"])
    assert max(g for id, g in graded.items() if id != "credential") < 92


def test_where_the_company_publishes_is_a_public_medium(house, company_files):
    folder = company_files(
        {"company.yaml": "publishes:\n- ひみつ通信\n- {name: 社外だより, also_called: [そとだより]}\n"}
    )
    words = content.load(folder).books.lexicon.concepts["medium"].words
    assert words == ("ホームページ", "ひみつ通信", "社外だより", "そとだより")


# --- kept in the process and in the cache


def test_the_same_files_give_the_same_object_and_changed_ones_another(house, company_files):
    folder = company_files({"company.yaml": "name: 前\n"})
    first = content.load(folder)
    assert content.load(folder) is first
    (folder / "company.yaml").write_text("name: 改名後の会社\n", encoding="utf-8")
    assert content.load(folder).company.name == "改名後の会社"


def test_the_lexicon_is_read_back_from_the_cache(house, lexicon_cache, monkeypatch):
    before = content.load(NOWHERE)
    assert [p.suffix for p in lexicon_cache.iterdir()] == [".pickle"]
    content._loaded.clear()
    cache._ours.clear()
    monkeypatch.setattr(cache, "_write", lambda *_: pytest.fail("built again"))
    after = content.load(NOWHERE)
    assert after is not before
    assert read("図面を客先に送っていい？", after).verdict == "secret"


def test_a_company_adds_its_words_to_ours_which_are_held_once(house, lexicon_cache, company_files):
    alone = content.load(NOWHERE)
    words = "drawing: {words: [設計画]}\nsecret_thing: {label: 極秘計画, nature: secret, words: [銀河計画]}\n"
    folder = company_files({"words/names.yaml": words})
    ours = content.load(folder)
    assert len([*lexicon_cache.iterdir()]) == 2
    for text, found in [("設計画を客先に送っていい？", "drawing"), ("銀河計画を客先に送っていい？", "secret_thing")]:
        assert found in {m.concept.id for m in ours.books.lexicon.read(normalise(text)).mentions}
        assert found not in {m.concept.id for m in alone.books.lexicon.read(normalise(text)).mentions}
    built = Lexicon(ours.books.lexicon.concepts.values())
    for name in ("_by_text", "_by_kana", "_excluded"):
        assert getattr(built, name) == getattr(ours.books.lexicon, name)
    # Which word of a term is the rarest is told of ours and of the company's each by itself.
    assert Counter(chain(*built._by_rarest.values())) == Counter(chain(*ours.books.lexicon._by_rarest.values()))
    term = next(iter(alone.books.lexicon._by_rarest.values()))[0]
    assert any(term is t for terms in ours.books.lexicon._by_rarest.values() for t in terms)


class Evil:
    def __reduce__(self):
        return (os.mkdir, ("evil",))


@pytest.mark.parametrize(
    "data",
    [b"", b"nonsense", pickle.dumps([1]), pickle.dumps(Evil())],
    ids=["empty", "nonsense", "another thing", "a command"],
)
def test_a_damaged_or_hostile_cache_file_is_made_again(house, lexicon_cache, monkeypatch, tmp_path, data):
    monkeypatch.chdir(tmp_path)
    content.load(NOWHERE)
    (kept,) = lexicon_cache.iterdir()
    good = kept.read_bytes()
    kept.write_bytes(data)
    content._loaded.clear()
    cache._ours.clear()
    assert read("図面を客先に送っていい？", content.load(NOWHERE)).verdict == "secret"
    assert not (tmp_path / "evil").exists()
    assert len(kept.read_bytes()) == len(good)


def test_a_cache_that_cannot_be_written_does_no_harm(house, monkeypatch):
    monkeypatch.setattr(cache, "cache_dir", lambda: Path("/nowhere/cache"))
    assert content.load(NOWHERE).means["plan"] == "計画"
