"""The sample company that the try-out page starts with."""

from pathlib import Path

import pytest

import bot
from bot.tryout.slack import default_people
from knowledge import content
from knowledge.validate import validate

FOLDER = Path(bot.__file__).parent / "tryout" / "company"


@pytest.fixture(scope="module")
def sample() -> content.Knowledge:
    return content.load(FOLDER)


def test_nothing_is_wrong_with_it():
    assert validate(FOLDER) == []


def test_its_roles_are_people_of_the_workspace(sample):
    company, people = sample.company, {p.id: p for p in default_people()}
    assert company.name == "ひみつ工業"
    assert [people[id].role_label for id in (*company.managers, *company.responders, *company.deputies)] == [
        "情報管理責任者",
        "漏えい対応",
        "代理",
    ]
    assert {d.manager for d in company.departments} <= people.keys()
    assert company.company_desk().slack in people
    assert company.alternative_desk().name == "監査役"
    assert sample.company_ids >= {"company.ajisai_to_outside", "project_ajisai"}
