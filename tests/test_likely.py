"""Kinds by how their names are put together."""

from __future__ import annotations

import pytest

from knowledge.likely import likely
from knowledge.text import normalise


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("お客さんの名前と携帯を書いた紙", "name_pair"),
        ("生徒さんの進路を教えていい?", "personal_like"),
        ("メーカーさんからの入荷数が見える", "business_like"),
        ("来春の棚割りの話", "business_like"),
        ("新しい料金のページ", "business_word"),
        ("釉薬の配合", "technical_word"),
        ("判定のしきい値を話していい?", "technical_like"),
        ("酵母の起こし方を教えていい?", "technical_like"),
        ("得意先の図面を見せていい?", "theirs_like"),
        ("先方にはまだ何も聞いていません", "not_asked"),
    ],
)
def test_a_name_that_no_list_has_tells_its_kind(text, kind):
    assert kind in likely(normalise(text).text)


@pytest.mark.parametrize("text", ["", "今日はいい天気ですね", "お弁当の頼み方を教えて", "名前を書いてください"])
def test_other_words_tell_none(text):
    assert not likely(normalise(text).text)
