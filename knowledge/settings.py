"""What a message about the weekly reminder asks for: day, hour, and what to do with it (an action of _ACTIONS)."""

from __future__ import annotations

import re

from .models import Settings
from .text import normalise

_DAYS = dict(zip("月火水木金土日", ("mon", "tue", "wed", "thu", "fri", "sat", "sun"), strict=True))
_SPOKEN = dict(zip("げつ か すい もく きん ど にち".split(), _DAYS.values(), strict=True))
_DAY = re.compile(
    r"([月火水木金土日])曜|毎週([月火水木金土日])(?!曜)|[(]([月火水木金土日])[)]"
    r"|(?<![なん])(げつ|か|すい|もく|きん|ど|にち)よう"
)
_NUMBER = "〇一二三四五六七八九"
_HALF = r"(午前|午後|am|pm|朝|早朝|昼|夕方|夜|晩|深夜|夜中)?(?:の)?(?:約|だいたい)?"
_COUNT = r"([0-9]{1,2}|二?十[一二三四五六七八九]?|[〇一二三四五六七八九])"
_HOUR = re.compile(_HALF + _COUNT + r"(?::[0-5][0-9]|時(?!間))(am|pm)?")
_PART = (  # a part of the day named without a number
    (re.compile(r"早朝"), 7),
    (re.compile(r"朝(?:一|イチ|いち)?(?!礼|食|会|晩)|始業|出社し|午前(?!0-9)"), 9),
    (re.compile(r"昼(?:一|イチ|いち|過ぎ|すぎ|休み明け)|午後一|午後イチ"), 13),
    (re.compile(r"正午|昼(?!食|間)"), 12),
    (re.compile(r"夕方|定時前|終業前|帰る前"), 17),
    (re.compile(r"夜(?!勤|中)|晩(?!年)"), 20),
    (re.compile(r"午後"), 13),
)
_NOT_THIS = re.compile(r"(?:日)?(?:では|じゃ|でなく|以外|はやめ|は無理|はだめ|は駄目|は困る|だと)")
_TARGET = re.compile(r"(?:日)?(?:の(?:[^、。]{0,6}?))?(?:頃|ごろ|ころ|半|[0-5]?[0-9]分)?(?:に|へ)(?!届|来|くる|なっ)")

_STOP = "止|とめ|なし|不要|いら|要ら|オフ|off|切|休|控え|黙|鳴らさ"
_AWAY = "gw|休業|休み|育休|産休|休暇|休職|出張|有休|連休|繁忙期|入院|夏休|年末"
# The first that fits. A report of what is (status) comes before a wish, a short break before an end.
_ACTIONS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("done", (
        r"(?:見直し|確認|チェック|点検)(?:は|を|も)?(?:済|ずみ|した(?!い)|しました|完了|終わ|おわ|できました)",
        r"見直した(?!い)", r"済みに", r"済ませ(?:た|まし)", r"(?:もう|全部)(?:やった|やりました|終わ)", r"既読に",
    )),
    ("next", (
        r"次(?:に|の|は|回)[^。]{0,8}?(?:見直|ルール|項目|番|どれ|何|確認)", r"つぎの", r"どの(?:項目|ルール)", r"何番",
        r"(?:来週|今週|再来週)の?テーマ",
        r"(?:来週|今週|今回)の?(?:お知らせ|通知|ルール|項目|分|は)[^。]{0,10}?(?:どれ|何|なに|どの|どんな|教え|番|見せ)",
    )),
    ("status", (
        r"(?:届|来|こ|き)(?:か|て)?(?:ない|ません|てない|ていない|なかった|ませんで)(?!よう)",
        r"(?:オン|オフ|on|off|設定|登録|停止)(?:に|は|が|って)?(?:なって|されて|どうなって|いつ|何)",
        r"いつ(?:届|来|送|だっけ|です)", r"何曜(?:日)?(?:に)?(?:の|届|来|でした|だっけ|です)",
        r"設定(?:を|の)?(?:確認|見せ|教え|見たい)", r"今の設定",
    )),
    ("pause", (
        rf"(?:一時|しばらく|当分|ひとまず|いったん|一旦)[^。]{{0,16}}(?:{_STOP})", r"休止|スキップ|お休み|ミュート",
        r"だけ(?:止|とめ|休|なし)", rf"(?:{_AWAY})[^。]{{0,30}}(?:{_STOP})", rf"まで[^。]{{0,16}}(?:{_STOP})",
        rf"(?:か月|ヶ月|ヵ月|週間|日間)(?:ほど|くらい|だけ)?[^。]{{0,8}}(?:{_STOP})",
    )),
    ("resume", (
        r"再開", r"復活", r"また(?:始|オン|送|届|はじ)", r"もう一度(?:オン|始|送)", r"元に戻|戻し|もどし",
        r"再び|ふたたび|再度",
    )),
    ("off", (
        r"止め|とめ|停止", r"オフ(?!ィス)|off(?!i)", r"切って|切っと|切る|切り(?!替|かえ|換)|きって", r"なし[でに]",
        r"いらない|いらん|いりません|要らない|要りません|要らん", r"うざ|うるさ|しつこ", r"解除|退会", r"やめ|辞め",
        r"不要", r"送らない|送ってこない|来ないように", r"外して|外しと",
    )),
    ("change", (
        r"変更|変え|かえ|替え", r"ずら|移し", r"早め|早い時|遅め|遅く|遅い時|遅ら|前倒し",
        r"(?:時|半|曜|曜日|朝|昼|夕方|夜|分|イチ|一)(?:に|へ)(?:して|し(?:た|と|ろ)|設定|お願い|頼|でき|なり)",
    )),
    ("on", (
        r"オン(?!ライン)|on(?![a-z])", r"始め|はじめ|開始", r"登録", r"ほしい|欲しい|受け取|受けたい", r"送って|届けて",
        r"設定|有効", r"つけて|付けて|入れて", r"お願い|よろしく|頼",
    )),
)  # fmt: skip
_COMPILED = {action: re.compile("|".join(patterns)) for action, patterns in _ACTIONS}
_BEGIN = re.compile(r"オン|on(?![a-z])|始め|はじめ|開始|登録|ほしい|欲しい|受け取|次|つぎ")


def settings(text: str) -> Settings:
    """What a reminder message asks for; minutes are left out (half past ten is 10).

    text: as typed. An hour from 1 to 6 that says nothing of morning or night is meant in the afternoon.
    Where two days or hours are named, the one it shall become (月曜から金曜に -> fri).
    """
    plain = normalise(text).text
    weekday, hour = _weekday(plain), _hour(plain)
    action = next((name for name, pattern in _COMPILED.items() if pattern.search(plain)), None)
    if weekday or hour is not None:  # a day or an hour that is not to begin with is a change: 月曜はやめて火曜に
        wish = action == "off" and _COMPILED["change"].search(plain)
        if wish or action is None or (action in ("on", "next") and not _BEGIN.search(plain)):
            action = "change"
    return Settings(weekday, hour, action)


def _pick(found: list[tuple[int, str | int]], plain: str) -> str | int | None:
    """The value that stands before に or へ, else the last that is not refused. found: (end of the words, value)."""
    kept = [(end, value) for end, value in found if not _NOT_THIS.match(plain, end)]
    target = [value for end, value in kept if _TARGET.match(plain, end)]
    return target[-1] if target else kept[-1][1] if kept else None


def _weekday(plain: str) -> str | None:
    found: list[tuple[int, str | int]] = [
        (m.end(), (_DAYS | _SPOKEN)[next(g for g in m.groups() if g)]) for m in _DAY.finditer(plain)
    ]
    picked = _pick(found, plain)
    return str(picked) if picked is not None else None


def _hour(plain: str) -> int | None:
    found: list[tuple[int, str | int]] = []
    for m in _HOUR.finditer(plain):
        value = _clock(m[1] or m[3] or "", _number(m[2]))
        if value is not None:
            found.append((m.end(), value))
    picked = _pick(found, plain)
    if picked is not None:
        return int(picked)
    return next((hour for pattern, hour in _PART if pattern.search(plain)), None)


def _number(written: str) -> int:
    if written.isdigit():
        return int(written)
    tens, _, ones = written.rpartition("十")
    if "十" not in written:
        return _NUMBER.index(written)
    return (_NUMBER.index(tens) if tens else 1) * 10 + (_NUMBER.index(ones) if ones else 0)


def _clock(half: str, number: int) -> int | None:
    """Hour of the day, None where there is no such hour."""
    if number > 24:
        return None
    if half in ("午後", "pm", "夕方", "夜", "晩") and number < 12:
        return number + 12
    if half == "昼" and number < 6:
        return number + 12
    if not half and 1 <= number <= 6:
        return number + 12
    return number % 24
