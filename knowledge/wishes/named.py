"""Days of the week and hours that a text names, in figures, in words and in kana."""

from __future__ import annotations

import re
from dataclasses import dataclass

_DAYS = dict(zip("月火水木金土日", ("mon", "tue", "wed", "thu", "fri", "sat", "sun"), strict=True))
_SPOKEN = dict(zip("げつ か すい もく きん ど にち".split(), _DAYS.values(), strict=True))
_NAMES = _DAYS | _SPOKEN
_D = "([月火水木金土日])"
_DAY = re.compile(
    "|".join(
        (
            rf"{_D}(?:曜日?|ようび?|用日|よう日)",
            rf"毎週{_D}(?!曜)",
            rf"[(]{_D}[)]",
            r"(?<![なんひじ])(げつ|か|すい|もく|きん|ど|にち)よう(?:び|日)?(?!な)",
            rf"(?<![一-龠々ぁ-ゖー・0-9]){_D}(?=・(?![月火水木金土日祝])|に(?:変|か|移|ず|し))",
            rf"(?<=曜日[、を]){_D}(?=に)",
            rf"(?<![一-龠0-9]){_D}(?=→)",
            rf"(?<=→){_D}(?![一-龠0-9])",
            r"(?<![a-z])(mon|tue|wed|thu|fri|sat|sun)(?:s|nes|rs?|ur)?(?:day)?s?(?![a-z])",
        )
    )
)
_WEEK = (  # a part of the week named without its day
    (r"週(?:の?(?:明け|初め|始め|はじめ|頭|あたま))|しゅう(?:はじめ|あけ)|月初め?の平日", "mon"),
    (
        r"週(?:の?(?:半ば|なかば|真ん中|まん中|中日|中ごろ|中頃)|中(?=が|で|へ|に(?:し|変|か|移|届くよ)))|しゅうなかば",
        "wed",
    ),
    (r"週の後半", "thu"),
    (r"週(?:の?(?:終わり|おわり)|の(?:最後|締め|〆))|しゅうのおわり|花金", "fri"),
    (r"週末", "sat"),
)
_WEEKS = tuple((re.compile(pattern), day) for pattern, day in _WEEK)
_NUMBER = "〇一二三四五六七八九"
_HALF = (
    "(午前|午後|ごぜん|ごご|am ?|pm ?|早朝|朝|あさ|昼間|昼|ひる|夕方|ゆうがた|夜中|深夜|夜|よる|晩|ばん)?"
    "(?:の|に)?(?:約|だいたい)?"
)
_COUNT = "([0-9]{1,2}|二?十[一二三四五六七八九]?|[〇一二三四五六七八九])"
_NO_HOUR = "間|停|的|休|中断|止|す[きっと]|み[ゅ]|おふ|お休|解除|保留|ぽーず"  # 二時間, 一時停止
_HOUR = re.compile(
    rf"{_HALF}{_COUNT}(?::[0-5][0-9](?!分)|(?:時|じ(?![ぁ-ゖ]*じ?かん|かん|て))(?!{_NO_HOUR}))(?: ?(am|pm))?"
    r"|(?<![a-z0-9])([0-9]{1,2}) ?(am|pm)(?![a-z])|(?<![a-z])(am|pm) ?([0-9]{1,2})(?![0-9:時])"
)
_COUNTED = "の?[0-9一二三四五六七八九十]"  # 夕方5時: the hour says it
_ALONE = "(?:^|(?<=[おのにはをばがでも、。びう]))"  # in kana, where a word may begin
_CLOSED = "(?=[にでがの。、]|$)"
_PART = (  # a part of the day named without a number; the first that fits
    ("早朝|そうちょう|朝早く|あさはやく", 7),
    (
        rf"(?<![今毎])朝(?:一|いち|方|がた)?(?!礼|食|会|晩|市|型|早|が早|は早|っぱら|{_COUNTED}|でも)|{_ALONE}あさ(?:いち)?{_CLOSED}"
        "|始業|しぎょう|業務開始|出社し?(?:たら|てすぐ|た(?:とき|時)|時)|出勤(?:したら|してすぐ|時)"
        "|午前中?(?![0-9の一二三四五六七八九十])|仕事の?(?:始め|はじめ)",
        9,
    ),
    (
        "昼(?:一|いち|過ぎ|すぎ|休み?明け|休みあけ|休みの?(?:あと|後)|から)|ひるすぎ|ひるいち|ひるやすみの?(?:あけ|あと)"
        "|(?:午後|ごご)(?:一|いち)|らんち(?:のあと|後|明け)|(?:午後|ごご)(?!いち|[のに]?[0-9一二三四五六七八九十])",
        13,
    ),
    (
        rf"正午|しょうご(?=[にでの。、]|$)|昼間(?!{_COUNTED})"
        rf"|昼(?!間|一|いち|過|すぎ|休み?(?:明|あけ|の?(?:あと|後))|から|前|飯|礼|{_COUNTED})"
        rf"|{_ALONE}ひる(?=[にでがの。、]|やすみに|$)|らんち(?!のあと|後|明け)|noon",
        12,
    ),
    ("おやつ", 15),
    (
        rf"夕方(?!{_COUNTED})|ゆうがた(?!の?[0-9])|夕刻|定時(?:の?前|まえ)|終業|しゅうぎょうまえ|退社前|退勤前|退勤時"
        "|帰る前|帰り際|帰りがけ|上がる前|仕事の?(?:終わり|おわり|上がり)(?!次第)",
        17,
    ),
    (rf"(?<![昨今])夜(?!勤|中|間|型|な|{_COUNTED})|{_ALONE}よる{_CLOSED}|晩(?!年|{_COUNTED})", 20),
)
_PARTS = tuple((re.compile(pattern), hour) for pattern, hour in _PART)
_REFUSED = re.compile(
    "日?(?:頃|ごろ|中)?(?:では|じゃ|でなく|ではな|以外|いがい|は?だけは?(?:避け|さけ|勘弁|やめ|だめ)|をやめ|だめ|がだめ"
    "|(?:に|で|って|なんか)(?:来|届い|届か|鳴っ|鳴ら|送っ|送ら|もらっ|くれ|きた)[^。、]{0,8}?"
    "(?:ても|たって|でも)"  # 土曜に来ても誰もいない
    "|が?(?:お?休み|定休日?|公休|休業)(?:に|だ|や|な|で)"
    "|だと|を避け|を外|を除|や(?:と|ったら)"
    "|は(?:こま|やめ|だめ|駄目|無理|困|避け|外|除|なし|会議|忙|いそが|きつ|つら|苦手|いや|嫌|ちょっと|都合|出られ|見られ"
    "|休み?(?:な|で|だ)|いない|不在|ぱす|勘弁|やだ|もう|さすがに|しんど|だる|ばたばた|まだ|寝|定休))"
)


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
    found += [Named(m.start(), m.end(), day, True) for pattern, day in _WEEKS for m in pattern.finditer(text)]
    return sorted(found, key=lambda n: n.start)


def hours(text: str) -> list[Named]:
    """Every hour that is named, in order; minutes are left out, and 1 to 6 by itself is in the afternoon."""
    found = []
    for m in _HOUR.finditer(text):
        value = clock((m[1] or m[3] or m[5] or m[6] or "").strip(), number(m[2] or m[4] or m[7]))
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
