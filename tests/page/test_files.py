"""The page's files, without a browser."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import bot.tryout

PAGE = Path(bot.tryout.__file__).parent / "page"
SCRIPTS = sorted(PAGE.glob("*.js"))
STYLES = sorted(PAGE.glob("*.css"))
COMMENT = re.compile(r"^\s*(?://|/\*|\*).*|\s//\s.*$", re.MULTILINE)
JAPANESE = re.compile("[ぁ-んァ-ヶ一-龠]")


def named(path: Path) -> str:
    return path.name


@pytest.mark.parametrize("path", SCRIPTS, ids=named)
def test_data_never_becomes_markup_or_code(path):
    assert not re.search(
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function", path.read_text("utf-8")
    )


@pytest.mark.parametrize("path", [*SCRIPTS, *STYLES, PAGE / "index.html"], ids=named)
def test_nothing_is_asked_of_other_machines(path):
    text = path.read_text("utf-8").replace("http://www.w3.org/2000/svg", "")
    assert not re.search(r"https?://[\w.]", text)
    assert "@import" not in text


def test_the_first_page_has_no_code_or_style_of_its_own():
    html = (PAGE / "index.html").read_text("utf-8")
    assert not re.search(r"<style|style=|\son\w+=|<script(?![^>]*\ssrc=)", html)


@pytest.mark.parametrize("path", [p for p in SCRIPTS if p.name != "words.js"], ids=named)
def test_wording_is_in_one_file(path):
    assert not JAPANESE.search(COMMENT.sub("", path.read_text("utf-8")))


def test_every_word_is_used_and_there():
    words = (PAGE / "words.js").read_text("utf-8")
    given = set(re.findall(r"^ {4}(\w+):", words.split("const REASONS")[0], re.MULTILINE))
    used = set(re.findall(r"\bW\.(\w+)", "".join(p.read_text("utf-8") for p in SCRIPTS if p.name != "words.js")))
    assert given == used


@pytest.mark.parametrize("path", [*SCRIPTS, PAGE / "index.html"], ids=named)
def test_what_a_file_names_is_there(path):
    text = path.read_text("utf-8")
    names = re.findall(r'from "\./([\w.]+)"', text) + re.findall(r'(?:src|href)="/page/([\w.]+)"', text)
    assert [name for name in names if not (PAGE / name).is_file()] == []
