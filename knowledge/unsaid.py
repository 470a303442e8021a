"""Messages that name something, or cry out, and say nothing about it: 顧客名簿, 紛失, 助けて！"""

from __future__ import annotations

import re
from collections.abc import Mapping

from .forms import WH
from .lexicon import Message

_NOUNS = {"名詞", "接頭辞", "接尾辞"}
_JOINS = {"の", "と", "や", "・"}
_ABOUT_IT = re.compile(r"(?:の(?:件|こと|話)|について|に関して|です)?[、。!?…\s]*\Z")
_LONGEST_NAME = 15  # words
_SECRECY = re.compile(r"(?:企業|営業)?秘密(?:情報)?|機密(?:情報)?|社外秘|部外秘|関係者外秘|極秘")
_LEAK = re.compile(r"(?:漏えい|漏洩|ろうえい)\Z")
_ELSEWHERE = {"desk", "own_desk"}  # INPITの電話番号: asked for
_KEPT = {"secret", "minor", "vague"}


def only_named(message: Message) -> str:
    """What a message only names, without a word about it; "" where it says more.

    "thing" (顧客名簿, 見積書の件, 図面？), "deed" where another name stands behind it (カルテ放置),
    "leak" (情報漏えい), "event" (盗難), "secrecy" (社外秘), and "cry", which names nothing (助けて！, どうしよう).
    """
    if len(message.tokens) > _LONGEST_NAME:
        return ""
    if _cry(message):
        return "cry"
    about_it = _ABOUT_IT.search(message.source.text)
    end = about_it.start() if about_it else 0
    words = [t for t in message.tokens if t.start < end]
    if not words or not all((t.pos in _NOUNS and t.lemma not in WH) or t.surface in _JOINS for t in words):
        return ""
    if _LEAK.search(message.source.text, 0, end):
        return "leak"
    said = [m for m in message.mentions if m.start < end]
    if any(m.concept.group in _ELSEWHERE for m in said):
        return ""
    if any(m.concept.group == "event" for m in said):
        return "event"
    things = [m for m in said if m.concept.group == "kind" and m.concept.nature in _KEPT]
    if things:
        return "thing" if any(m.end == len(words) for m in things) else "deed"
    return "secrecy" if _SECRECY.fullmatch(message.source.text, 0, end) else ""


def _cry(message: Message) -> bool:
    """Whether each word is one of alarm, or asks what to do."""
    said = [m for m in message.mentions if m.concept.id == "regret" or m.concept.group == "mood"]
    content = [k for k, t in enumerate(message.tokens) if t.is_content]
    return (
        any(m.concept.id == "regret" for m in said)
        and all(any(m.begin <= k < m.end for m in said) for k in content)
        and not any(m.concept.group == "bot" for m in message.mentions)
    )


def meant_by_a_name(named: str, intent: str, scores: Mapping[str, float]) -> dict[str, float]:
    """Scores for a message that only names something (only_named): where no word says what of it, it is asked
    (near_intents). An event whose name points nowhere else has happened.

    intent: what the message was taken for so far. A leak, and what was understood, stay so; but for a thing, of which
    nothing at all is told.
    """
    best = max(scores.values())
    if named == "thing" or (named == "deed" and intent != "leak"):
        return {"secret_check": best + 1, "leak": best + 0.5, "handbook": best + 0.5}
    if named == "leak":
        return {"leak": best + 1}
    if intent not in ("help", "out_of_scope"):
        return {}
    if named == "event":
        return {"leak": best + 1}
    if named == "secrecy":
        return {"handbook": best + 1, "secret_check": best + 0.5, "leak": best + 0.2}
    return {"help": best + 1, "leak": best + 0.4, "secret_check": best + 0.3, "desk": best + 0.2}
