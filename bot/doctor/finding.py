"""What doctor found: a key into views/doctor.yaml and the values that go into its sentences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .. import render


@dataclass(frozen=True)
class Finding:
    """state: ok, do (must be put right), look (should be looked at), open (cannot be told from here).

    do: what to do, blank where there is nothing.
    """

    check: str
    key: str
    state: str
    says: str
    do: str = ""


def finding(check: str, key: str, **values: object) -> Finding:
    """A finding in words. Raises KeyError for one that views/doctor.yaml does not have."""
    words = render.wording("doctor.yaml")[check][key]
    return Finding(check, key, words["state"], words["says"].format(**values), words.get("do", "").format(**values))


def line(found: Finding) -> str:
    """A finding for the terminal, with what to do below it."""
    words = render.wording("doctor.yaml")
    first = words["line"].format(
        state=words["states"][found.state], check=words["checks"][found.check], says=found.says
    )
    return f"{first}\n{words['advice'].format(do=found.do)}" if found.do else str(first)


def summary(found: Sequence[Finding]) -> str:
    """How many things must be put right."""
    words = render.wording("doctor.yaml")["sum"]
    bad = sum(f.state == "do" for f in found)
    return str(words["bad"].format(bad) if bad else words["good"])
