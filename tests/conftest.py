"""A small content tree for tests of loading and checking: fast, and still while the real content grows."""

import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest

from knowledge import cache, content

# One or two items of each kind, all ids met.
HOUSE = {
    "words/spelling.yaml": "dialect:\n- [よか, いい]\n",
    "words/kinds.yaml": """
        drawing: {group: kind, label: 図面, flags: [technical], nature: secret, words: [図面]}
        spec: {group: kind, label: 仕様, flags: [technical], nature: secret, words: [仕様書]}
        plan: {group: kind, label: 計画, flags: [business], nature: secret, words: [事業計画]}
        generic: {group: kind, label: 資料, words: [資料]}
        medium: {group: medium, label: 公の媒体, words: [ホームページ]}
        publish: {group: publication, label: 公開, words: [公開, 発表]}
        disclose: {group: act, label: 渡す, words: [送る, 見せる]}
        audience_out: {group: audience, label: 社外, words: [客先, 外注]}
        """,
    "rules/secret.yaml": """
        rules:
        - {id: nature.technical, when: [drawing|spec], verdict: secret, grade: 40, sections: {C-1: 2}}
        - {id: nature.business, when: [plan], verdict: secret, grade: 40, sections: {C-1: 2}}
        - {id: published.done, when: [publish/done], verdict: public, grade: 65, sections: {B-2: 3}, source: leaflet.B-2.1}
        - {id: vague, when: [s_any], verdict: review, grade: 1, ask: what_is_it}
        """,
    "intents/intents.yaml": "rules:\n- {id: check.form, when: [s_permission], score: {secret_check: 1.1}}\n",
    "intents/cues.yaml": 'cues:\n  "漏れる": {leak: 0.1}\n',
    "routing/flag_cues.yaml": "cues: {}\n",
    "routing/section_cues.yaml": 'cues:\n  "鍵": {C-1: 0.5}\n',
    "derive/relations.yaml": "rules:\n- {id: retract.x, when: [drawing, plan], gives: drop plan}\n",
    "routing/flags.yaml": "rules:\n- {id: flag.x, when: [drawing], flags: [insider]}\n",
    "routing/sections.yaml": "rules:\n- {id: s.C1, when: [drawing], sections: {C-1: 2}}\n",
    "routing/desks.yaml": "rules:\n- {id: leak.own, for: [leak], flags: [technical|business], desk: inpit, order: 2}\n",
    "leaflet/B-2.yaml": """
        chapter: B-2
        facts:
          - {id: leaflet.B-2.1, text: 公開された情報は秘密ではありません。, certainty: seed, source: leaflet, verified_on: "2026-11-23", sections: [B-2], questions: [公開とは？], see: [leaflet.B-2.2]}
          - {id: leaflet.B-2.2, text: 二つ目です。, certainty: seed, source: leaflet, verified_on: "2026-11-23", sections: [B-2], questions: []}
        """,
    "sections.yaml": """
        sections:
          - {id: B-2, title: 使い方を決める, summary: 使い方を決めます。}
          - {id: C-1, title: 近寄りにくくする, summary: 人を絞ります。}
        """,
    "sources/all.yaml": "sources:\n  - {id: leaflet, title: チェック項目}\n",
    "desks.yaml": """
        desks:
          - id: inpit
            label: inpit
            name: INPIT
            for: [相談]
            channels: [{kind: web, value: "http://example.jp", mark: seed, source: leaflet, show: true}]
            verified_on: "2026-11-23"
            valid_until: "2027-05-23"
        situations:
          - {when: 漏れた, first: inpit, then: [company]}
        """,
    "glossary.yaml": "terms:\n  - {id: G-001, term: 秘密情報, definition: 守る情報です。}\n",
    "questions.yaml": """
        questions:
          - id: what_is_it
            text: それは何ですか。
            options:
              - {id: own, label: 図面, verdict: secret, measure: careful}
              - {id: other, label: ほか, verdict: review}
        """,
    "measures.yaml": """
        measures:
          - {id: careful, verdict: secret, why: 秘密です。, steps: [出さない], facts: [leaflet.B-2.1]}
          - {id: open, verdict: public, why: 公開です。, steps: [確かめる]}
          - {id: ask, verdict: review, why: 分かりません。, steps: [聞く]}
        """,
    "leak_steps.yaml": """
        steps:
          - {id: any, title: 漏れた, steps: [書いておく]}
        reasons: {inpit: 相談}
        """,
}


def write(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(text).lstrip("\n"), encoding="utf-8")
    return folder


@pytest.fixture
def lexicon_cache(tmp_path, monkeypatch) -> Path:
    """A cache of the test's own: nothing of the user's is read or thrown out."""
    folder = tmp_path / "cache"
    folder.mkdir()
    monkeypatch.setattr(cache, "cache_dir", lambda: folder)
    return folder


@pytest.fixture
def house(tmp_path, monkeypatch, lexicon_cache) -> Path:
    """The small house in place of our content; gives its folder."""
    folder = write(tmp_path / "house", HOUSE)
    monkeypatch.setattr(content, "HERE", folder)
    monkeypatch.delenv("HIMITSU_COMPANY_DIR", raising=False)
    return folder


@pytest.fixture
def company_files(tmp_path) -> Callable[[dict[str, str]], Path]:
    """Writes company files and gives their folder."""
    return lambda files: write(tmp_path / "company", files)


@pytest.fixture
def edit() -> Callable[[Path, str, str, str], None]:
    """edit(folder, name, before, after): what an editor does to one of the files."""

    def change(folder: Path, name: str, before: str, after: str) -> None:
        path = folder / name
        text = path.read_text(encoding="utf-8")
        assert before in text
        path.write_text(text.replace(before, after), encoding="utf-8")

    return change
