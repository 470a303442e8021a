"""What a message as a whole is like, by learned weights, where the rules that decide its verdict are in doubt.

The rules decide. A likeness is one more mention, of which rules of low rank may speak: it takes a `public` back, turns
a `secret` for which nothing speaks but the kind of thing into a question, and a doubt into `secret`. Nothing becomes
public by it.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from .lexicon import Message
from .rules import Fired
from .weights import Weights

# A verdict public stands only above these log odds. Few words say little for or against, and who keeps to what was
# published has said what matters. Source: weights learned without the file of the message (fit_weights.py): 8 of 952
# right publics become a question, and 10 of 10 wrong ones; of 116 at first sight (rounds 22-33) 1 of 113, and 2 of 3.
PUBLIC = -0.2
PUBLIC_SHORT = -1.6
SHORT, LONG = 22, 40  # words; between them the bar rises evenly
KEPT_TO = {"same_part", "promise"}
# Log odds of a question against a secret. Source: 672 questions read by rules and weights that had not seen them
# (rounds 22-33): above ASK 13 of 13 secrets that rank low were questions, below TELL 9 of 11 doubts secrets, 2 public.
ASK = 0.8
TELL = -1.2

Spans = Sequence[tuple[int, int]]
HEDGED = frozenset({"done", "neg", "if", "may", "plan", "doubt", "want", "past", "whether", "said"})
_NO_SIGN = frozenset({"補助記号", "記号", "空白", "感動詞"})
_POLITE = frozenset("です ます だ ね よ ちょっと 済む".split())  # すみません


def concept_signs(message: Message, statuses: frozenset[str]) -> set[str]:
    """`=concept` and `=concept/status` for what is said in the message."""
    said = [m for m in message.mentions if m.concept.group != "form"]
    return {f"={m.concept.id}" for m in said} | {f"={m.concept.id}/{s}" for m in said for s in m.status & statuses}


def verdict_signs(message: Message, spans: Spans = ()) -> set[str]:
    """What speaks for a verdict, as verdict_cues.yaml writes it.

    Dictionary forms, neighbours (`a b`) and forms in the last sentence (`a.`), without punctuation and politeness;
    `=concept`, `=concept/status`; `=s_any`, which is always there. spans: characters of what is left out.
    """
    placed = zip(message.tokens, message.sentence_of, strict=True)
    words = [
        (t.lemma, s)
        for t, s in placed
        if t.pos not in _NO_SIGN and t.lemma not in _POLITE and not any(a <= t.start < b for a, b in spans)
    ]
    closing = message.sentence_of[-1] if message.tokens else 0
    out = {w for w, _ in words} | {f"{a} {b}" for (a, _), (b, _) in pairwise(words)}
    return out | {f"{w}." for w, s in words if s == closing} | concept_signs(message, HEDGED) | {"=s_any"}


def odds(message: Message, cues: Weights, spans: Spans = ()) -> dict[str, float]:
    """Log odds of `public`, and of `review` against secret; a name without weights is not there."""
    return cues.total(verdict_signs(message, spans))


def likeness(deciding: tuple[Fired, ...], message: Message, cues: Weights, spans: Spans = ()) -> str:
    """The concept (forms.py, LOOKS) that speaks against what the rules say, or "" where nothing does.

    spans: characters of what is left out; message: without the mentions of it.
    """
    if not deciding or not cues:
        return ""
    verdict, said = deciding[0].rule.verdict, odds(message, cues, spans)
    if verdict == "public":
        kept_to = bool(spans) or not KEPT_TO.isdisjoint(m.concept.id for m in message.mentions)
        told = 0.0 if kept_to else min(max((len(message.tokens) - SHORT) / (LONG - SHORT), 0.0), 1.0)
        return "unlike_public" if said.get("public", 0.0) < PUBLIC_SHORT + (PUBLIC - PUBLIC_SHORT) * told else ""
    asks = said.get("review", 0.0)
    if verdict == "secret":
        return "unlike_secret" if asks > ASK else ""
    return "unlike_doubt" if asks < TELL and said.get("public", 0.0) < 0 else ""
