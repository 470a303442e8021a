"""handling_rules/*.yaml: ours, and what a company's file changes."""

import pytest

from knowledge import content
from knowledge.handling import NEEDED
from knowledge.links import dangling
from knowledge.validate import validate

OURS = content.load().handling_rules


def test_ours_are_drafts_of_the_leaflets_c_and_d():
    assert 12 <= len(OURS) <= 16
    assert {rule.section for rule in OURS.values()} == {"C-1", "C-2", "C-3", "C-4", "C-5", "D-1", "D-2"}
    for rule in OURS.values():
        assert rule.status == "draft" and rule.source and all(getattr(rule, name) for name in NEEDED)
        assert all(id.startswith(f"leaflet.{rule.section}") for id in rule.source)


def test_an_id_of_ours_changes_only_what_it_names(company_files):
    folder = company_files(
        {"handling_rules/company.yaml": "rules:\n- {id: c2.usb, owner: U0123ABCDE, status: published}\n"}
    )
    found = content.load(folder).handling_rules
    assert (found["c2.usb"].text, found["c2.usb"].owner) == (OURS["c2.usb"].text, "U0123ABCDE")
    assert found["c2.usb"].status == "published" and len(found) == len(OURS)


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("{id: own.x, title: 見出し}", ".text: is blank"),
        ("{id: own.x, title: a, text: b, reason: c, section: Z-9}", "no section 'Z-9'"),
        ("{id: c2.usb, owner: 鈴木}", "not a person's Slack id"),
        ("{id: c2.usb, audience: [みんな]}", "not a Slack id"),
        ("{id: c2.usb, audience: []}", "audience"),
        ("{id: c2.usb, review_days: 1}", "review_days"),
        ("{id: c2.usb, status: on}", "status"),
        ("{id: c2.usb, owner: U0123ABCDE, deputy: U0123ABCDE}", "is the owner"),
        ("{id: 'だめ', title: a, text: b, reason: c, section: C-1}", "id"),
        ("{id: c2.usb, text: " + "長" * 401 + "}", "401 characters"),
    ],
)
def test_what_is_wrong_is_told(company_files, row, told):
    pack = content.collect(company_files({"handling_rules/company.yaml": f"rules:\n- {row}\n"}))
    problems = list(map(str, (*pack.problems, *dangling(pack))))  # of validate(), what is about the files alone
    assert any(told in problem for problem in problems), problems


def test_validate_tells_it(company_files):
    folder = company_files({"handling_rules/company.yaml": "rules:\n- {id: c2.usb, owner: 鈴木}\n"})
    assert "not a person's Slack id" in str([p for p in validate(folder) if "handling_rules" in p.file])
