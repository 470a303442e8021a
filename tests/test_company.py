"""company.yaml, and the example that `himitsu init` writes."""

import re
from pathlib import Path

import pytest
from pydantic import ValidationError

from knowledge import company, content
from knowledge.company import Company, CompanyDesk, Phone, default_dir, init
from knowledge.errors import ContentError
from knowledge.read import draft
from knowledge.text import normalise
from knowledge.validate import validate


def refused(folder: Path) -> list[str]:
    with pytest.raises(ContentError) as error:
        content.load(folder)
    return [f"{p.place}: {p.reason} {p.hint}".strip() for p in error.value.problems]


# --- the desk


def test_without_desks_there_is_no_company_desk():
    assert Company().company_desk() is None
    assert Company().alternative_desk() is None


def test_the_first_desk_that_is_no_alternative_is_the_companys():
    audit = CompanyDesk(id="audit", name="監査役", alternative=True)
    info = CompanyDesk(id="info", name="情報管理担当", phones=(Phone(number="内線1234", note="平日9〜18時"),))
    found = Company(desks=(audit, info))
    assert found.company_desk() is info and found.alternative_desk() is audit
    assert found.company_desk().phones[0].number == "内線1234"


def test_a_company_cannot_be_changed():
    with pytest.raises(ValidationError):
        Company().name = "x"


# --- company.yaml


def test_everything_that_can_be_set_is_read(house, company_files):
    folder = company_files(
        {
            "company.yaml": """
                name: 山田製作所
                departments: [{id: dev, name: 開発部, also_called: [開発], manager: U0123ABCDE}]
                managers: [U0123ABCDE]
                responders: [U0456FGHIJ]
                deputies: [W0789KLMNO]
                desks: [{id: info, name: 情報管理担当, phones: ["内線1234", {number: "090-0000-0000", note: 時間外}], slack: C0123ABCDE}]
                working_hours: {days: [mon, tue], open: "08:30", close: "17:15"}
                holidays: ["2026-12-30", {date: "2026-12-29", name: 年末年始}]
                publishes: [ニュース, {name: 技報, url: "https://example.jp"}]
                """
        }
    )
    found = content.load(folder).company
    assert (found.name, found.departments[0].manager, found.deputies) == ("山田製作所", "U0123ABCDE", ("W0789KLMNO",))
    assert [(p.number, p.note) for p in found.company_desk().phones] == [("内線1234", ""), ("090-0000-0000", "時間外")]
    assert (found.working_hours.open, found.working_hours.timezone) == ("08:30", "Asia/Tokyo")
    assert [(h.date, h.name) for h in found.holidays] == [("2026-12-30", ""), ("2026-12-29", "年末年始")]
    assert [o.name for o in found.publishes] == ["ニュース", "技報"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("mangers: [U0123ABCDE]", ": unknown key 'mangers'. Did you mean 'managers'?"),
        ("managers: [yamada]", "managers[0]: 'yamada' is not a person's Slack id."),
        ("managers: U0123ABCDE", "managers: 'U0123ABCDE' is not a list."),
        ("desks: [{id: a, name: b, phones: [0312345670]}]", "desks[0] (a).phones[0].number: YAML reads 0312345670 as a number; text is needed. Quote it: \"0312345670\"."),
        ("desks: [{id: a, name: b, phones: [うち]}]", "desks[0] (a).phones[0].number: 'うち' is not a phone number."),
        ("desks: [{id: a, name: b, slack: general}]", "desks[0] (a).slack: 'general' is not a Slack id."),
        ("desks: [{id: a, name: b, tel: x}]", "desks[0] (a): unknown key 'tel'."),
        ("working_hours: {open: 9:30}", "working_hours.open: YAML reads 9:30 as a number; text is needed. Quote it: \"9:30\"."),
        ('working_hours: {open: "9:30"}', "working_hours.open: '9:30' is not a time. Write it as \"09:00\"."),
        ("working_hours: {days: [monday]}", "working_hours.days[0]: 'monday' is not possible here."),
        ("holidays: [2026-12-29]", "holidays[0].date: YAML reads 2026-12-29 as a date; text is needed. Quote it: \"2026-12-29\"."),
        ('holidays: ["2026-02-30"]', "holidays[0].date: '2026-02-30' is not a date."),
        ("- a", ": a list is not a set of keys."),
    ],
)  # fmt: skip
def test_a_slip_in_company_yaml_is_told(house, company_files, text, told):
    found = refused(company_files({"company.yaml": text + "\n"}))
    assert any(f.startswith(told) for f in found), found


def test_the_folder_is_company_unless_the_environment_says_otherwise():
    assert default_dir({}) == Path("company")
    assert default_dir({"HIMITSU_COMPANY_DIR": ""}) == Path("company")
    assert default_dir({"HIMITSU_COMPANY_DIR": "/srv/himitsu"}) == Path("/srv/himitsu")


# --- the example


def activated(folder: Path) -> Path:
    """The example as its comments say: the # at the head of each line taken away, explanations left."""
    for path in folder.rglob("*.yaml"):
        path.write_text(re.sub(r"(?m)^#(?! \S)", "", path.read_text(encoding="utf-8")), encoding="utf-8")
    return folder


def test_init_writes_the_example_and_says_what(tmp_path):
    written = init(tmp_path / "deep" / "company")
    assert [p.relative_to(tmp_path / "deep" / "company").as_posix() for p in written] == [
        "README.md", "company.yaml", "handling_rules/company.yaml", "inventory.yaml", "rules/company.yaml",
        "words/names.yaml",
    ]  # fmt: skip
    assert all(
        p.read_bytes() == (company.TEMPLATE / p.relative_to(tmp_path / "deep" / "company")).read_bytes()
        for p in written
    )


def test_init_overwrites_nothing_and_writes_nothing_then(tmp_path):
    (tmp_path / "words").mkdir()
    (tmp_path / "words" / "names.yaml").write_text("mine", encoding="utf-8")
    with pytest.raises(FileExistsError, match=r"Nothing was written: .*names\.yaml is there already"):
        init(tmp_path)
    assert [p.name for p in tmp_path.rglob("*") if p.is_file()] == ["names.yaml"]
    assert (tmp_path / "words" / "names.yaml").read_text(encoding="utf-8") == "mine"


def test_init_into_a_file_is_refused(tmp_path):
    path = tmp_path / "company"
    path.write_text("mine")
    with pytest.raises(FileExistsError):
        init(path)
    assert path.read_text() == "mine"


def test_the_example_as_written_sets_nothing(house, tmp_path):
    init(tmp_path / "company")
    knowledge = content.load(tmp_path / "company")
    assert knowledge.company == Company() and not knowledge.company_ids


def test_every_line_of_the_example_works_with_our_content(lexicon_cache, tmp_path):
    init(tmp_path / "company")
    folder = activated(tmp_path / "company")
    assert list(map(str, validate(folder))) == []
    knowledge = content.load(folder)
    assert set(Company.model_fields) == knowledge.company.model_fields_set  # the example shows all there is
    assert knowledge.company.company_desk().name == "情報管理担当"
    found = draft(normalise("あじさい計画って秘密？"), knowledge.books)
    assert (found.verdict, found.flags) == ("secret", ("technical",))
    assert draft(normalise("得意先カルテを外注に渡していい？"), knowledge.books).verdict == "secret"
    assert draft(normalise("ひみつ工業ニュースに載っている写真を使っていい？"), knowledge.books).verdict == "public"
