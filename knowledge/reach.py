"""What a consent that was given does not reach."""

from __future__ import annotations

import re

from . import phrases
from .grammar import mention_of, tokens_at
from .lexicon import Lexicon, Mention, Message

_YES = re.compile(r"許|諾|同意|了|ok|いい|よい|承認|もら")
_ONLY_THAT = re.compile(
    r"(?:もらっ|取っ|得|いただい|聞い|言わ|くれ)[ぁ-ん]{0,6}のは[^。!?\n、]{1,16}?(?:だけ|のみ|まで)(?=で|です|だ|や|。|、)"
)
_CONTRAST = re.compile(
    r"(?:^|[。!?\n])(?:ただ(?!し書)|でも|しかし|だけど|けど)|(?:けど|けれど|ですが|ますが|たが|のに)(?=、|。)|一方"
)


def beyond(message: Message, lexicon: Lexicon) -> list[Mention]:
    """What a consent does not reach: 本人の同意はもらっています。ただ後ろに新しい機械が写っています."""
    text = message.source.text
    given = [
        m
        for m in message.mentions
        if m.concept.id == "consent_yes" and "neg" not in m.status and _YES.search(text, m.start, m.stop)
    ]
    if not given:
        return []
    one_use = phrases.consent.ONE_USE.search(text)
    unmentioned = phrases.consent.UNMENTIONED.search(text, one_use.end()) if one_use else None
    if unmentioned:
        return [mention_of("beyond_consent", *tokens_at(message.tokens, *unmentioned.span()), message, lexicon)]
    one = phrases.consent.FOR_ONE.search(text)
    if one:  # 同意は論文掲載についてだけ: whatever else is asked
        asks = {m.sentence for m in message.mentions if "may" in m.status and m.concept.group == "act"}
        asked = "".join(t.surface for t, s in zip(message.tokens, message.sentence_of, strict=True) if s in asks)
        if asks and one[1][:2] not in asked and one[1][-2:] not in asked:
            return [mention_of("beyond_consent", *tokens_at(message.tokens, *one.span()), message, lexicon)]
    last = given[0].stop
    only = _ONLY_THAT.search(text)
    promises = [m for m in message.mentions if m.concept.id == "promise"]
    for m in message.mentions:
        hidden = m.concept.id in ("inside_only", "unpublished") and not m.status & {"whether", "doubt", "past"}
        if m.start < last or not (hidden or (m.concept.nature == "secret" and m.exact)):
            continue
        if any(p.clause == m.clause for p in promises) or text[m.start : m.stop] in text[:last]:
            continue
        too = only is not None and only.end() <= m.start
        if too or _CONTRAST.search(text[last : m.start]):
            return [mention_of("beyond_consent", m.begin, m.end, message, lexicon)]
    return []
