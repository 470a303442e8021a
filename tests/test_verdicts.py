"""Verdicts of questions that turn on grammar: what was published, to whom, by whom, and whether it is the very thing asked about.

Written beside the mechanisms of knowledge/phrases/ and knowledge/beside.py, one turn of speech a line of
tests/cases/verdicts/*.txt.
"""

from pathlib import Path

import pytest

from bot.services import open_services

FILES = Path(__file__).parent / "cases" / "verdicts"
CASES = [
    (verdict, text)
    for verdict in ("public", "secret", "review")
    for text in (FILES / f"{verdict}.txt").read_text(encoding="utf-8").splitlines()
]


@pytest.fixture(scope="module")
def services(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HIMITSU_COMPANY_DIR", str(tmp_path_factory.mktemp("none") / "company"))
        return open_services()


@pytest.mark.parametrize(("verdict", "text"), CASES)
def test_the_verdict_turns_on_the_grammar(services, verdict, text):
    row = services.row(text)
    assert (row["intent"], row["verdict"]) == ("secret_check", verdict)


def test_no_sentence_stands_twice():
    texts = [text for _, text in CASES]
    assert len(set(texts)) == len(texts) > 900
