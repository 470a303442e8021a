"""Days of the week and hours that a text names, with what stands around each: signs of whether it shall be so from now on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from .signs import Said

_DAYS = dict(zip("月火水木金土日", ("mon", "tue", "wed", "thu", "fri", "sat", "sun"), strict=True))
_SPOKEN = dict(zip("げつ か すい もく きん ど にち".split(), _DAYS.values(), strict=True))
_NAMES = _DAYS | _SPOKEN
_DAY = re.compile(
    r"([月火水木金土日])(?:曜日?|ようび?|用日|よう日)|毎週([月火水木金土日])(?!曜)|[(]([月火水木金土日])[)]"
    r"|(?<![なんひじ])(げつ|か|すい|もく|きん|ど|にち)よう(?:び|日)?(?!な)"
    r"|(?<![一-龠々ぁ-ゖー・0-9])([月火水木金土日])(?=・(?![月火水木金土日祝])|に(?:変|か|移|ず|し))"
    r"|(?<=曜日、)([月火水木金土日])(?=に)"
    r"|(?<![a-z])(mon|tue|wed|thu|fri|sat|sun)(?:s|nes|rs?|ur)?(?:day)?s?(?![a-z])"
)
_WEEK = (  # a part of the week named without its day
    (re.compile(r"週(?:明け|初め|始め|はじめ|の初め|の始め|のはじめ|頭|の頭|あたま|のあたま)|しゅうはじめ|しゅうあけ|月初め?の平日"), "mon"),
    (re.compile(r"週(?:半ば|なかば|の半ば|のなかば|中ごろ|の真ん中|のまん中|の中日|の中ごろ|の中頃)|しゅうなかば"), "wed"),
    (re.compile(r"週の後半"), "thu"),
    (re.compile(r"週(?:の終わり|のおわり|終わり|おわり|の最後|の締め|の〆)|しゅうのおわり|花金"), "fri"),
    (re.compile(r"週末"), "sat"),
)  # fmt: skip
_NUMBER = "〇一二三四五六七八九"
_HALF = r"(午前|午後|ごぜん|ごご|am ?|pm ?|早朝|朝|あさ|昼間|昼|ひる|夕方|ゆうがた|夜中|深夜|夜|よる|晩|ばん)?(?:の|に)?(?:約|だいたい)?"
_COUNT = r"([0-9]{1,2}|二?十[一二三四五六七八九]?|[〇一二三四五六七八九])"
_HOUR = re.compile(
    _HALF + _COUNT + r"(?::[0-5][0-9](?!分)|(?:時|じ(?![ぁ-ゖ]*じ?かん|かん|て))(?!間|停|的|休|中断|止|す[きっと]|み[ゅ]|おふ|お休|解除|保留|ぽーず))(?: ?(am|pm))?"
    r"|(?<![a-z0-9])([0-9]{1,2}) ?(am|pm)(?![a-z])"
)  # fmt: skip
_PART = (  # a part of the day named without a number
    (r"早朝|そうちょう|朝早く|あさはやく", 7),
    (r"(?<![今毎])朝(?:一|いち|方|がた)?(?!礼|食|会|晩|市|型|の?[0-9一二三四五六七八九十]|でも)|(?:^|(?<=[のにはも、。びう]))あさ(?:いち)?(?=[にでがの。、]|$)|始業|しぎょう|業務開始"
     r"|出社し?(?:たら|てすぐ|た(?:とき|時)|時)|出勤(?:したら|してすぐ|時)|午前中?(?![0-9の一二三四五六七八九十])|仕事(?:の)?(?:始め|はじめ)", 9),
    (r"昼(?:一|いち|過ぎ|すぎ|休み?明け|休みあけ|休みの?(?:あと|後)|から)|ひるすぎ|ひるいち|ひるやすみの?(?:あけ|あと)|(?:午後|ごご)(?:一|いち)"
     r"|らんち(?:のあと|後|明け)|(?:午後|ごご)(?!いち|[のに]?[0-9一二三四五六七八九十])", 13),
    (r"正午|しょうご(?=[にでの。、]|$)|昼(?!間|一|いち|過|すぎ|休み?(?:明|あけ|の?(?:あと|後))|から|前|飯|礼|の?[0-9一二三四五六七八九十])|(?<=[おのにはも、。びう])ひる(?=[にでがの。、]|やすみに|$)"
     r"|らんち(?!のあと|後|明け)|noon", 12),
    (r"おやつ", 15),
    (r"夕方(?!の?[0-9一二三四五六七八九十])|ゆうがた(?!の?[0-9])|夕刻|定時(?:前|まえ|の前)|終業|しゅうぎょうまえ|退社前|退勤前|退勤時|帰る前|帰り際|帰りがけ|上がる前|仕事(?:の)?(?:終わり|おわり|上がり)(?!次第)", 17),
    (r"(?<![昨今])夜(?!勤|中|間|な|の?[0-9一二三四五六七八九十])|(?:^|(?<=[のにはも、。びう]))よる(?=[にでがの。、]|$)|晩(?!年|の?[0-9一二三四五六七八九十])", 20),
)  # fmt: skip
_PARTS = tuple((re.compile(pattern), hour) for pattern, hour in _PART)
_REFUSED = re.compile(
    r"(?:日)?(?:頃|ごろ|中)?(?:では|じゃ|でなく|ではな|以外|はやめ|をやめ|はだめ|は駄目|だめ|は無理|は困|がだめ|だと|は避け|を避け|は外|を外|は除|を除|はなし|や(?:と|ったら)"
    r"|は(?:会議|忙|いそが|きつ|つら|苦手|いや|嫌|ちょっと|都合|出られ|見られ|休み?(?:な|で|だ)|いない|不在|ぱす|勘弁|やだ|もう|さすがに|しんど|だる|ばたばた|まだ|寝|定休))"
)
_TARGET = re.compile(
    r"(?:日)?(?:の(?:[^、。]{0,6}?))?(?:頃|ごろ|ころ|くらい|ぐらい|あたり|半|過ぎ|すぎ|ちょうど|[0-5]?[0-9]分)?(?:さ|に|へ|で|が(?:いい|良い|よい|ええ|助か|好き|都合|うれし|嬉し|希望|ありがた))(?!届|来|くる|なっ|鳴)"
)
_STOPS = "。!?\n"
_SENTENCE = re.compile(f"[{_STOPS}]")
_TELLING = ("habit", "refused", "until", "as_it_is")  # marks that tell what a day is named for


@dataclass(frozen=True, slots=True)
class Named:
    """A day (`mon`-`sun`) or an hour (0-23) as named: `text[start:end]`. `part`: without its number or its name."""

    start: int
    end: int
    value: str | int
    part: bool = False


def days(text: str) -> list[Named]:
    """Every day that is named, in order. text: normalised, katakana as hiragana."""
    found = [
        Named(m.start(), m.end(), _NAMES.get(name := next(g for g in m.groups() if g), name))
        for m in _DAY.finditer(text)
    ]
    found += [Named(m.start(), m.end(), day, True) for pattern, day in _WEEK for m in pattern.finditer(text)]
    return sorted(found, key=lambda n: n.start)


def hours(text: str) -> list[Named]:
    """Every hour that is named, in order; minutes are left out, and 1 to 6 by itself is in the afternoon."""
    found = []
    for m in _HOUR.finditer(text):
        value = clock((m[1] or m[3] or m[5] or "").strip(), number(m[2] or m[4]))
        if value is not None:
            found.append(Named(m.start(), m.end(), value))
    taken = [(n.start, n.end) for n in found]
    for pattern, hour in _PARTS:
        for m in pattern.finditer(text):
            if not any(a < m.end() and m.start() < b for a, b in taken):
                found.append(Named(m.start(), m.end(), hour, True))
                taken.append(m.span())
    return sorted(found, key=lambda n: n.start)


def refused(text: str, end: int) -> bool:
    """Whether the day or hour that ends here is not wanted: 月曜はやめて, 金曜じゃなくて."""
    return bool(_REFUSED.match(text, end))


def number(written: str) -> int:
    """10, 十, 二十一 as a count."""
    if written.isdigit():
        return int(written)
    tens, _, ones = written.rpartition("十")
    if "十" not in written:
        return _NUMBER.index(written)
    return (_NUMBER.index(tens) if tens else 1) * 10 + (_NUMBER.index(ones) if ones else 0)


def clock(half: str, count: int) -> int | None:
    """Hour of the day, None where there is no such hour."""
    if count > 24:
        return None
    if half in ("午後", "ごご", "pm", "夕方", "ゆうがた", "夜", "よる", "晩", "ばん") and count < 12:
        return count + 12
    if half in ("昼", "昼間", "ひる") and count < 6:
        return count + 12
    if not half and 1 <= count <= 6:
        return count + 12
    return count % 24


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
    if _TARGET.match(text, this.end):
        yield "target"
    others = [m for m in named if m.value != this.value]
    yield f"{kind}:" + ("only" if not others else "last" if n == len(named) - 1 else "first" if n == 0 else "mid")
    if this.part:
        yield f"{kind}:part"
    yield f"s:{min(len(_SENTENCE.findall(text[this.end :].rstrip(_STOPS))), 2)}"
    yield from _next_act(this, said)
    spoken = [f for f in said.found if not f.aside]
    if spoken:
        yield f"z:{spoken[-1].told}"


def _next_act(this: Named, said: Said) -> Iterator[str]:
    """What is said next behind the day or hour: in its sentence (`a:`) or later (`A:`)."""
    stop = _SENTENCE.search(said.text, this.end)
    close = stop.start() if stop else len(said.text)
    near = (f for f in said.found if f.start >= this.end and (f.endings or f.sign in _TELLING))
    then = next(near, None)
    if then is None:
        yield "a:none"
        return
    yield ("a:" if then.start < close else "A:") + then.told
    yield "a:near" if then.start - this.end < 6 else "a:far"
