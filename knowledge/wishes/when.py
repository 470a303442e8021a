"""What tells whether a day or an hour that is named shall be so from now on, or is habit, a date or refused."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .named import Named, refused
from .signs import Said

_TARGET = re.compile(
    r"日?(?:の(?:[^、。]{0,6}?))?(?:頃|ごろ|ころ|くらい|ぐらい|あたり|半|過ぎ|すぎ|ちょうど|[0-5]?[0-9]分)?"
    r"(?:さ|に|へ|で|が(?:いい|良い|よい|ええ|助か|好き|都合|うれし|嬉し|希望|ありがた))(?!届|来|くる|なっ|鳴)"
)
_DATE = re.compile(r"(?:週|今度|次|[0-9]日|[0-9]/[0-9]{1,2})の?[(]?$")
_STOPS = "。!?\n"
_SENTENCE = re.compile(f"[{_STOPS}]")
_TELLING = ("habit", "refused", "until", "as_it_is")  # marks that tell what a day is named for


def around(named: list[Named], n: int, said: Said) -> Iterator[str]:
    """Signs of whether the n-th of `named` is wanted: what stands before and after it, and which of several it is."""
    this, text = named[n], said.text
    kind = "h" if isinstance(this.value, int) else "d"
    before, after = text[max(0, this.start - 4) : this.start], text[this.end : this.end + 6]
    yield from (f"<{before[-k:]}" for k in range(1, len(before) + 1))
    yield from (f">{after[:k]}" for k in range(1, len(after) + 1))
    if not before:
        yield "<^"
    if not after:
        yield ">$"
    if refused(text, this.end):
        yield "refused"
    if _DATE.search(text, max(0, this.start - 6), this.start):
        yield "date"
    if _TARGET.match(text, this.end):
        yield "target"
    others = [m for m in named if m.value != this.value]
    yield f"{kind}:" + ("only" if not others else "last" if n == len(named) - 1 else "first" if n == 0 else "mid")
    if this.part:
        yield f"{kind}:part"
    yield f"s:{min(len(_SENTENCE.findall(text[this.end :].rstrip(_STOPS))), 2)}"
    yield from _next_act(this, said)
    spoken = [f for f in said.found if f.sign.kind != "aside"]
    if spoken:
        yield f"z:{spoken[-1].told}"


def _next_act(this: Named, said: Said) -> Iterator[str]:
    """What is said next behind the day or hour: in its sentence (`a:`) or later (`A:`)."""
    stop = _SENTENCE.search(said.text, this.end)
    close = stop.start() if stop else len(said.text)
    near = (f for f in said.found if f.start >= this.end and (f.endings or f.sign.id in _TELLING))
    then = next(near, None)
    if then is None:
        yield "a:none"
        return
    yield ("a:" if then.start < close else "A:") + then.told
    yield "a:near" if then.start - this.end < 6 else "a:far"
