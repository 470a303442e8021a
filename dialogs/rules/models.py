"""What a handling rule says, and what became of it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

from knowledge.handling import EVERYONE, HandlingRule

Status = Literal["draft", "published", "retired"]
FIELDS = ("title", "text", "reason", "section", "owner", "deputy", "audience", "review_days")


@dataclass(frozen=True)
class Content:
    """What an edition holds. owner, deputy: Slack ids or blank. audience: `all`, U…, S…, C…. review_days: days."""

    title: str
    text: str
    reason: str
    section: str
    owner: str = ""
    deputy: str = ""
    audience: tuple[str, ...] = (EVERYONE,)
    review_days: int = 180

    @classmethod
    def of_file(cls, rule: HandlingRule) -> Content:
        return cls(
            rule.title,
            rule.text,
            rule.reason,
            rule.section,
            rule.owner or "",
            rule.deputy or "",
            rule.audience,
            rule.review_days,
        )

    def reads_like(self, other: Content) -> bool:
        """Whether people are asked the same: what it says, not who looks after it."""
        return all(getattr(self, name) == getattr(other, name) for name in ("title", "text", "reason"))

    def to_json(self) -> dict[str, Any]:
        return asdict(self) | {"audience": list(self.audience)}

    @classmethod
    def from_json(cls, row: Mapping[str, Any]) -> Content:
        """What to_json gave. KeyError where a field is missing."""
        return cls(**{name: row[name] for name in FIELDS} | {"audience": tuple(row["audience"])})

    @property
    def digest(self) -> str:
        """Tells two contents apart; an export shows it, so that anybody can see which words were shown."""
        plain = json.dumps(self.to_json(), ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(plain.encode()).hexdigest()[:16]


@dataclass(frozen=True)
class Rule:
    """edition: the number in force, 0 before the first. content: of that edition, or of the draft before it.

    asked: the first edition that says what this one says; who confirmed that one need not do so again. draft: what is
    being written, not in force. edited: in Slack, so that files no longer change it. reviewed_at: when
    its owner last looked it through, or it was published.
    """

    id: str
    status: Status
    edition: int
    content: Content
    asked: int = 0
    draft: Content | None = None
    draft_by: str = ""
    edited: bool = False
    file_digest: str = ""
    reviewed_at: int = 0

    @property
    def in_force(self) -> bool:
        return self.status == "published" and self.edition > 0


@dataclass(frozen=True)
class Edition:
    """A content as it was published. of: the older edition it was taken from, where it was rolled back."""

    rule: str
    number: int
    content: Content
    by: str
    at: int
    of: int | None = None
