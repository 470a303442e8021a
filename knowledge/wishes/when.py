"""What tells whether a day or an hour that is named shall be so from now on, or is habit, a date or refused."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .named import Named, refused
from .signs import Said

_TARGET = re.compile(
    r"日?(?:の(?:[^、。は]{0,6}?))?(?:頃|ごろ|ころ|くらい|ぐらい|あたり|半|過ぎ|すぎ|ちょうど|[0-5]?[0-9]分)?"
    r"(?:さ|に|へ|で|が(?:いい|良い|よい|ええ|助か|好き|都合|うれし|嬉し|希望|ありがた))(?!届|来|くる|なっ|鳴|は)"
)
_DATE = re.compile(r"(?:週|今度|次|[0-9]日|[0-9]/[0-9]{1,2})の?[(]?$")
_BECAUSE = re.compile(  # what stands before it is a reason: 水曜休みになったけん
    r"(?<=[うくすつぬむるぐぶたいえだなやんよで])(?:から|けんど?|け[えぇー]|ので|んで|もんで"
    r"|もんや?だ?から|さかい|し(?=[、。!… ]|なあ|ね)"
    r"|のため|ため|もん(?=[、。])|でよ|ですが、|んだわ|んよ|やで|よね?[、…])"
    r"|[くし]て、|ですよね?[、…]|都合で|関係で|(?:じゃ|や)ないですか、|[^ぁ-ん]や、"
)
_SO = re.compile(rf"(?:{_TARGET.pattern})(?=[、。!?\n]|$)")  # 11時に。 but not 11時に混むもんで
_MEANT = re.compile(  # 水曜がいいから, 金曜なら会議がないので: told so because it is wished
    "(?:が|で|(?<!こと)に|へ|さ|のほうが|だと|とか|と) ?(?:は?一番)?(?:いい|よい|良い|ええ|よか|よさ"
    "|都合が(?:いい|良|え)|助か|好|空い|べすと|楽"
    "|お願|おねが|よろ|頼|たの|し ?(?:て|た|と)|変え|変更|登録|設定|開始|移|ずら|希望|届くよう|来るよう|ほし|欲し"
    "|読める|読みや"
    "|(?:送って|届けて|来て)(?:ほし|欲し|くだ|く[れんだ]|や|いただ|もらえ|もらいた))"
    "|なら(?!な|ん)|希望|だけに|だけ出|読みたい|見たい|一番暇|落ち着|手すき|しか"
)
_POINTS_BACK = re.compile("そこ|そっち|そちら|その ?(?:時間|じかん|枠|頃|ころ|曜|日に|たいみんぐ)|これで|それで")
_UNNAMED = re.compile(  # a wish that leaves the day or the hour open
    "(?:別|べつ|ほか|他|違う|ちがう)[のん]? ?(?:日|ひ|曜|ようび|時間|じかん|day|time|とこ|時)"
    "|(?:もう(?:少|すこ|ちょ)|もっと|ちょこっと|ち(?:っ|い)と|ちょい|ちょっと)[^。、]{0,3}?(?:早|はや|遅|おそ|前|後|ずら)"
    "|終わってから|終わった(?:あと|後)|早い時間|遅い時間|早め|遅め|遅らせ|後ろに|前倒し|前のほう"
    "|どこか|どっか|平日|それ以外|以外[にのへで]|それより|もっと頭"
    "|時間帯?[をは]?(?:変|見直|考|ずら|動)|ずらし|ずらせ|別日|変えられるなら|変えたいです|ぶつから|かち合わ|かぶらな|重ならな"
    "|(?:る|た|い|ふの) ?(?:日|ひ|曜日|時間帯?|頃|ころ) ?(?:に|の(?:ほう|方)|へ)|曜日[をは]?変"
)
_RECALLS = re.compile("[^。!?]{0,8}?(?:った|した|だ|や)っけ(?!ん)")
_STOPS = "。!?\n"
_ENDS = _STOPS + "、… "
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
    if _RECALLS.match(text, this.end):
        yield "recalls"
    others = [m for m in named if m.value != this.value]
    place = "only" if not others else "last" if n == len(named) - 1 else "first" if n == 0 else "mid"
    yield f"{kind}:" + (_reason(this, text) or place)
    if this.part:
        yield f"{kind}:part"
    yield f"s:{min(len(_SENTENCE.findall(text[this.end :].rstrip(_STOPS))), 2)}"
    yield from _next_act(this, said)
    spoken = [f for f in said.found if f.sign.kind != "aside"]
    if spoken:
        yield f"z:{spoken[-1].told}"


def _reason(this: Named, text: str) -> str:
    """`reason` where it is named to tell why (水曜休みになったけん、…), `open` where the wish behind names none.

    Blank where it is neither.
    """
    stop = _SENTENCE.search(text, this.end)
    close = stop.start() if stop else len(text)
    because = _BECAUSE.search(text, this.end, close)
    told, rest = because.span() if because else (close, close)
    if _SO.match(text, this.end) or _MEANT.search(text, this.end, told):
        return ""
    behind = text[rest:].strip(_ENDS)
    if _UNNAMED.search(behind):
        return "open"
    return "reason" if because and behind and not _POINTS_BACK.search(behind) else ""


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
