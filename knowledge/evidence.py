"""The words of a message that led to its reading: which mentions to show, and how much of the message around them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence

from .lexicon import Mention, Message
from .models import Evidence
from .text import Token

LIMIT = 4
LONGEST = 60  # characters of a quote
_WIDER = 24  # a quote grows to whole phrases up to here

# What concepts mean in a sentence, where that is more than the concept itself: (concept, a status it must have).
DERIVED: tuple[tuple[str, str, str], ...] = (
    ("consent_no", "", "no_consent"),
    ("consent_yes", "", "consent"),
    ("consent_unclear", "", "consent_unclear"),
    ("unpublished", "", "not_published"),
    ("publish", "whether", "publication_unclear"),
    ("publish", "done", "published"),
    ("publish", "neg", "not_published"),
    ("publish", "plan", "not_published"),
    ("carried", "whether", "publication_unclear"),
    ("carried", "done", "published"),
    ("carried", "adn", "published"),
    ("carried", "neg", "not_published"),
    ("open_access", "", "published"),
    ("official", "", "published"),
    ("doubt_publication", "", "publication_unclear"),
    ("weak_doubt", "", "publication_unclear"),
)
MEANINGS = frozenset(means for _, _, means in DERIVED)

# Said of the sentence, not of a thing: no reason for anything.
_SILENT_GROUPS = frozenset({"form", "mood", "frame", "bot", "get", "consent_noun", "time"})
_SILENT = frozenset({"disclose", "discard", "counterparty", "received"})  # what everybody does; not why
_GUARDED = ("credential", "cred_entered")  # with these in a message, quotes do not grow
# What tells most: why it is secret or public, then whose it is, then what it is, then to whom.
_RANKS = (
    "relation consent unpublished mark event doubt extra_part reverse value_doubt unknown_content leaving",
    "publication medium weak_doubt",
    "official kind officer desk topic",
    "device ask_desk own_desk",
)
_TELLING = {group: rank for rank, groups in enumerate(_RANKS) for group in groups.split()}
_LAST = len(_RANKS)
_GROWING = frozenset("consent publication event unpublished doubt reverse value_doubt unknown_content".split())
_AUXILIARY = frozenset("為る 居る 仕舞う 置く 貰う 有る 御座る 来る 行く 頂く 下さる 呉れる 無い 出来る".split())
_SUFFIX = frozenset("前 後 中 済み 済 予定 途中 段階 直前 待ち".split())
_DANGLING = frozenset("こと 事 なら".split())
_PARTIES = {"audience", "counterparty", "staff", "time"}
_VALUE = re.compile(
    r"(?=[^\s]*\d)(?=[^\s]*[A-Za-z])[A-Za-z0-9+/=_.$!#%&*@-]{6,}"  # letters and digits mixed: a password, a key
    r"|\d(?:[\s-]?\d){6,}"  # card, telephone, My Number
    r"|[\w.+-]+@[\w-]+\.[\w.]+"
    r"|[A-Za-z0-9+/=_-]{20,}",
)


def means(mention: Mention) -> str:
    """What the mention means here: one of MEANINGS, or the id of its concept."""
    for concept, status, derived in DERIVED:
        if mention.concept.id == concept and (not status or status in mention.status):
            return derived
    return mention.concept.id


def evidence(
    deciding: Iterable[Mention], message: Message, *, beside: Iterable[Mention] = (), limit: int = LIMIT
) -> tuple[Evidence, ...]:
    """Quotes for the mentions that decided, then for those `beside` them; one meaning and one place once.

    Within each, the most telling first, and the longest among equals. Every quote is a substring of the message as
    typed, at most LONGEST characters, and holds no password, number or address (`_VALUE`): such a mention is left out.
    """
    guarded = any(m.concept.id in _GUARDED for m in message.mentions)
    found: list[Evidence] = []
    taken: list[tuple[int, int]] = []
    vague: set[str] = set()  # 「この資料」 tells something only where nothing else does
    for mention in [*_ranked(deciding), *_ranked(beside)]:
        meaning = means(mention)
        if any(e.means == meaning for e in found) or any(mention.start < b and a < mention.stop for a, b in taken):
            continue
        if not guarded:
            start, stop = _phrase(mention, message, taken)
        elif mention.exact:
            start, stop = mention.start, mention.stop
        else:  # パスワード~入れる: the password may stand in between
            start, stop = message.tokens[mention.end - 1].start, mention.stop
        quote = _quote(message, start, stop)
        if not quote and not guarded:
            start, stop = mention.start, mention.stop
            quote = _quote(message, start, stop)
        if not quote or any(e.text == quote for e in found):
            continue
        taken.append((start, stop))
        found.append(Evidence(quote, meaning))
        vague |= {meaning} if mention.concept.nature == "vague" else set()
        if len(found) == limit:
            break
    return tuple([e for e in found if e.means not in vague] or found)


def _ranked(mentions: Iterable[Mention]) -> list[Mention]:
    told = [m for m in mentions if m.concept.group not in _SILENT_GROUPS and m.concept.id not in _SILENT]
    return sorted(told, key=lambda m: (_TELLING.get(m.concept.group, _LAST), m.start - m.stop, m.start, m.concept.id))


def _quote(message: Message, start: int, stop: int) -> str:
    quote = message.source.quote(start, stop).strip()
    unseen = any(unicodedata.category(c)[0] == "C" for c in quote)  # line breaks, escapes, text direction, surrogates
    return "" if len(quote) > LONGEST or unseen or _VALUE.search(quote) else quote


def _phrase(mention: Mention, message: Message, taken: Sequence[tuple[int, int]]) -> tuple[int, int]:
    """The mention with the nouns around it (新型ポンプの試作図面) and the endings of its verb (発表してない)."""
    words = message.tokens
    begin, end = mention.begin, mention.end

    def here(k: int) -> bool:
        return 0 <= k < len(words) and message.clause_of[k] == message.clause_of[mention.end - 1]

    if mention.concept.group in ("kind", "relation", "device"):
        k = begin
        while here(k - 1) and (_noun(words[k - 1]) or _of(words, k - 1)):
            k -= 1
        while k < begin and not _noun(words[k]):
            k += 1
        if words[begin].start - words[k].start <= _WIDER - (mention.stop - mention.start):
            begin = k
        others = {m.begin for m in message.mentions if m.concept.group in _PARTIES}
        k = end
        while here(k) and words[k].start == words[k - 1].end and _noun(words[k]):
            if k in others or words[k].pos == "接頭辞":
                break  # この図面お客さんに: a particle left out, and another word begins
            k += 1
        if words[k - 1].end - words[begin].start <= _WIDER:
            end = k
    if mention.concept.group in _GROWING or words[end - 1].pos in ("動詞", "助動詞", "形容詞"):
        k = end
        if mention.concept.id == "open_access" and k < len(words) and words[k].pos == "動詞":
            k += 1  # 誰でも見られる
        while here(k) and _ending(words, k, end):
            k += 1
        while k > end and (words[k - 1].pos == "助詞" or words[k - 1].surface in _DANGLING):
            if words[k - 2].surface == "なく":
                break
            k -= 1
        if words[k - 1].end - words[begin].start <= _WIDER:
            end = k
    start = min(words[begin].start, mention.start)
    stop = max(words[end - 1].end, mention.stop)
    if any(start < b and a < stop for a, b in taken):
        return mention.start, mention.stop
    return start, stop


def _noun(word: Token) -> bool:
    return word.pos in ("名詞", "接頭辞", "接尾辞") and word.surface not in ("こと", "もの", "ため", "よう")


def _of(words: Sequence[Token], k: int) -> bool:
    return words[k].surface == "の" and words[k].pos == "助詞" and k > 0 and _noun(words[k - 1])


def _ending(words: Sequence[Token], k: int, begin: int) -> bool:
    """words[k] belongs to the ending of the word before it: してない, したことない, 前, 済み."""
    word = words[k]
    if word.pos == "助動詞" or word.surface in ("て", "で", "た", "だ"):
        return True
    if word.pos in ("動詞", "形容詞"):
        return word.lemma in _AUXILIARY
    if word.surface in ("こと", "事"):
        return words[k - 1].pos == "助動詞"
    if word.surface in ("は", "も", "が"):
        return k > begin and words[k - 1].surface in ("こと", "事", "て", "で")
    return word.surface in _SUFFIX and k == begin
