"""What a message about the weekly reminder asks for: day, hour, and what to do with it (an action of _ACTIONS)."""

from __future__ import annotations

import re
from datetime import date

from .dates import until_day
from .models import Settings
from .text import hiragana, normalise

_DAYS = dict(zip("月火水木金土日", ("mon", "tue", "wed", "thu", "fri", "sat", "sun"), strict=True))
_SPOKEN = dict(zip("げつ か すい もく きん ど にち".split(), _DAYS.values(), strict=True))
_NAMES = _DAYS | _SPOKEN
_DAY = re.compile(
    r"([月火水木金土日])曜|毎週([月火水木金土日])(?!曜)|[(]([月火水木金土日])[)]"
    r"|(?<![なん])(げつ|か|すい|もく|きん|ど|にち)よう"
    r"|(?<![一-龠々ぁ-ゖァ-ヺー・0-9])([月火水木金土日])(?=・(?![月火水木金土日祝]))"
    r"|(?<![a-z])(mon|tue|wed|thu|fri|sat|sun)(?:s|nes|rs?|ur)?(?:day)?s?(?![a-z])"
)
_NUMBER = "〇一二三四五六七八九"
_KANA = dict(
    zip(
        "いち に さん よ ご ろく しち なな はち く じゅう じゅういち じゅうに".split(),
        (1, 2, 3, 4, 5, 6, 7, 7, 8, 9, 10, 11, 12),
        strict=True,
    )
)
_NOON = {"ごぜん": "午前", "ごご": "午後"}
_SPELT = re.compile(  # an hour in kana stands after a particle or a day: げつようびのじゅうじに, not あじに
    rf"(?:^|(?<![ぁ-ゖー])|(?<=[のをはび]))(?P<half>{'|'.join(_NOON)})?(?P<of>の)?"
    rf"(?:(?P<kana>{'|'.join(sorted(_KANA, key=len, reverse=True))})|(?P<digits>[0-9]{{1,2}}))じ"
    r"(?=に|へ|で|から|ごろ|ころ|はん|ちょうど|[、。!?]|$)"
)
_HALF = r"(午前|午後|am|pm|朝|早朝|昼|夕方|夜|晩|深夜|夜中)?(?:の)?(?:約|だいたい)?"
_COUNT = r"([0-9]{1,2}|二?十[一二三四五六七八九]?|[〇一二三四五六七八九])"
_HOUR = re.compile(_HALF + _COUNT + r"(?::[0-5][0-9]|時(?!間|停|的|休|中断|止|ス|ミ|オフ|お休))(am|pm)?")
_PART = (  # a part of the day named without a number
    (re.compile(r"早朝"), 7),
    (
        re.compile(
            r"朝(?:一|イチ|いち|方|がた)?(?!礼|食|会|晩)|始業|出社し?(?:たら|てすぐ|た(?:とき|時)|時)|出勤(?:したら|してすぐ|時)|午前中?(?![0-9])|仕事(?:の)?(?:始め|はじめ)"
        ),
        9,
    ),
    (
        re.compile(
            r"昼(?:一|イチ|いち|過ぎ|すぎ|休み?明け|休みの?(?:あと|後)|から)|午後(?:一|イチ|いち)|ランチ(?:のあと|後|明け)"
        ),
        13,
    ),
    (re.compile(r"正午|昼(?!食|間|一|イチ|いち|過|すぎ|休|から|の?[0-9])|お昼どき|ランチ(?!のあと|後|明け)"), 12),
    (re.compile(r"おやつ"), 15),
    (re.compile(r"夕方|夕刻|定時前|終業|退社前|退勤前|帰る前|仕事(?:の)?(?:終わり|おわり)"), 17),
    (re.compile(r"夜(?!勤|中)|晩(?!年)"), 20),
    (re.compile(r"午後(?![0-9一]|イチ|いち|の?[0-9])"), 13),
)
_REFUSED = (
    r"では|じゃ|でなく|ではな|以外|はやめ|をやめ|はだめ|は駄目|はダメ|は無理|は困|がだめ|だと|は避け|を避け|は外|を外|は除|を除|はなし"
    r"|は(?:会議|忙|いそが|きつ|つら|苦手|いや|嫌|ちょっと|都合|出られ|見られ|休み?(?:な|で|だ)|いない|不在|パス|勘弁|やだ)"
)
_NOT_THIS = re.compile(rf"(?:日)?(?:頃|ごろ|中)?(?:{_REFUSED})")
_HABIT = re.compile(  # 毎週月曜に来るコレ: when it comes today, not when it shall come
    r"[^、。にが]{0,8}に(?:来る|くる|届く|来て(?:い)?る|届いて(?:い)?る)"
    r"(?:この|その|あの|毎週の|週一の)?(?:お知らせ|通知|リマインド|リマインダー|連絡|メッセージ|やつ|もの|コレ|これ|アレ|あれ)"
)
_WITH = re.compile(r"(?:日)?(?:と|や|、|・|も|か|及び|および)")
_TARGET = re.compile(
    r"(?:日)?(?:の(?:[^、。]{0,6}?))?(?:頃|ごろ|ころ|半|[0-5]?[0-9]分)?(?:に|へ|が(?:いい|良い|よい|助か|好き|都合|うれし))(?!届|来|くる|なっ)"
)
_WEEK = (  # a part of the week named without its day
    (re.compile(r"週(?:明け|初め|はじめ|の初め|のはじめ|頭|の頭)|月初め?の平日"), "mon"),
    (re.compile(r"週(?:半ば|なかば|の半ば|中ごろ|の真ん中|のまん中|の中日|の中ごろ)"), "wed"),
    (re.compile(r"週の後半"), "thu"),
    (re.compile(r"週(?:の終わり|の最後|の締め)|花金"), "fri"),
    (re.compile(r"週末"), "sat"),
)

_STOP = "止|(?<!ま)とめ|なし|不要|いら|要ら|オフ|off|切|休|控え|黙|鳴らさ|送らな|送らん|ストップ|お休|中断|見送"
_AWAY = "gw|休業|休み|育休|産休|休暇|休職|出張|有休|連休|繁忙期|入院|夏休|年末|年内|留守|不在|旅行|研修中|療養|忌引"
_BREAK = r"停止|休止|休み|お休み|ミュート|中断|ストップ|オフ|止める|とめる|休む"
# The first that fits. A report of what is (status) comes before a wish, a short break before an end.
_ACTIONS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("done", (
        r"(?:見直し|確認|チェック|点検)(?:は|を|も)?(?:済|ずみ|した(?!い)|しました|完了|終わ|おわ|できました)",
        r"見直した(?!い)",
        r"済みに",
        r"済ませ(?:た|まし)",
        r"(?:もう|全部)(?:やった|やりました|終わ)",
        r"既読に",
        r"(?:ルール|お知らせ|今週の|内容)[^。]{0,8}(?:読んだ(?!り)|読みました|目を通し|確かめた(?!い)|確かめました)",
        r"(?:守れて|守って)(?:る(?!か)|い?ます(?!か)|おります)",
        r"^(?:もう|全部|ちゃんと|さっき)?(?:読みました|読んだよ?|確かめました|見ました)", r"読み終|目を通しました",
        r"見直しました|見直しが?(?:済|終)|済ん(?:だ|で(?:い)?ます)|済み(?:です|ました|だよ|$)|(?:確認|チェック|見直し?|対応|点検)(?:し)?(?:ときました|といた(?!だ)|ておきました|ずみ)|やっておきました|対応しました",
    )),
    ("resume", (
        rf"(?:{_BREAK})(?:期間|設定|状態|中)?(?:を|の|は|が)?(?:のを)?(?:解除|解い|取り消|取りやめ|キャンセル|やめ|終わ(?:り|った|っ)|終え|明け(?:た|まし))",
        # a stop that is past, and a wish to go on: 止めてもらっていたお知らせ、また…
        r"(?:止めて|とめて|やめて|休ませ|休んで|中断して|中断|休止して|オフにして)(?:い|お|と|て|もら|もろ|いただ|頂|って(?:言|いう|いっ|ゆう))"
        r"[^?？]{0,20}?(?:た|だ|とった|っとった|おった)[^?？]{0,45}(?:また|再び|ふたたび|再開|復活|動かし)",
    )),
    ("next", (
        r"次(?:に|の|は|回)[^。]{0,8}?(?:見直|ルール|項目|番|どれ|何|なに|確認)",
        r"つぎの(?!休)",
        r"どの(?:項目|ルール)",
        r"何番",
        r"(?:来週|今週|再来週)の?テーマ", r"(?:次|つぎ|次回|今度)の[^。]{0,8}?(?:中身|内容|テーマ|予定|項目)",
        r"(?:来週|今週|今回|今度)の?(?:お知らせ|通知|ルール|項目|分|は)[^。]{0,10}?(?:どれ|何|なに|どの|どんな|教え|番|見せ|見たい)",
    )),
    ("status", (
        r"(?:届|来|こ|き)(?:か|て)?(?:ない|ません|てない|ていない|なかった|ませんで)(?!よう|で|く|ほう)",
        r"(?:オン|オフ|on|off|設定|登録|停止)(?:に|は|が|って)?(?:なって|されて|どうなって|いつ|何)",
        r"どうなって(?:い?る|い?ます)|オンかオフ",
        r"いつ[?？。]?$", r"いつ(?:届|来|送|だっけ|です|に(?:届|来|なって))",
        r"何曜(?:日)?(?:に)?(?:の|届|来|でした|だっけ|です|[?？])",
        r"何時(?:に|だっけ|です|で?した|ごろ(?:来|届))",
        r"設定(?:を|の|内容|状況)?(?:の|を)?(?:確認|見せ|教え|見たい|知りたい|表示|どうなって)",
        r"(?:今|いま|現在|わたし|私)の(?:お知らせの)?(?:設定|状態|状況)",
        r"(?:止ま|休み|動い|受け取っ|続い)(?:って|中|て)?(?:い)?(?:る|ます|に?なって)(?:の)?(?:か|っけ|[?？])",
    )),
    ("pause", (
        rf"(?:一時|しばらく|当分|当面|ひとまず|いったん|一旦|少し|ちょっと|いまだけ|今だけ)[^。]{{0,16}}(?:{_STOP})",
        r"休止|スキップ|お休み|ミュート|中断|休憩|飛ばし|とばし",
        r"だけ(?:止|とめ|休|なし|パス|いらな|送らな|オフ|ストップ)",
        rf"(?:{_AWAY})[^。]{{0,30}}(?:{_STOP})",
        rf"(?:まで|いっぱい|末で|の間|のあいだ|中は|内は)[^。]{{0,16}}(?:{_STOP})",
        rf"(?:[0-9一二三四五六七八九十数半]+(?:か月|ヶ月|ヵ月|カ月|ケ月|箇月|週間?|日間?|年間?))(?:ほど|くらい|ぐらい|だけ|間)?"
        rf"[^。]{{0,8}}(?:{_STOP})",
        r"(?:今週|来週|今回|次回|今月|来月)(?:分)?(?:だけ|のみ|は|の(?:お知らせ|通知|分)は?)?[、 ]?"
        r"(?:パス|いい(?:です|よ|や|わ|$)|なし|いらな|休|見送|送らなく|止め|とめ)",
        rf"(?:今週|来週|今月|来月|今回|次回|今年|今期|当月)(?:中|いっぱい|の間|だけ)?は[^。]{{0,20}}(?:{_STOP})",
        r"休(?:む|み(?:ます|たい|で(?!も)|に(?:し|入|なり))|ませ(?:て|ろ)|もう|んで)(?!明け)",
    )),
    ("resume", (
        r"再開",
        r"復活",
        r"また[^。]{0,4}(?:ください|くれ)|また(?:始|オン|送|届|はじ|受け|お願|毎週|鳴ら|頼)",
        r"もう一度(?:オン|始|送|受け)",
        r"元に戻|戻し|もどし",
        r"再び|ふたたび|再度|改めて",
        r"(?:復帰|復職|戻)(?:し|り)?(?:た|まし)",
        r"(?:月|週|年|日|明け|休み|連休)からに(?:し|でき|なり|お願)",
        r"(?<![時分半])(?:から|より)(?:、)?(?:また|再|お願い|届け|送って|受け取り|始め)",
        r"(?:止め|とめ|やめ|休ま)ない(?:で|ように)",
        r"(?:止め|とめ|やめ|休)(?:る|た|む|んだ)のを?、?(?:やっぱり?|やはり)?(?:やめ|取り消|なかった|なし)",
    )),
    ("off", (
        r"止め|(?<!ま)とめ|停止",
        r"オフ(?!ィス)|off(?!i)",
        r"切って|切っと|切る|切り(?!替|かえ|換)|きって",
        r"なし[でに]",
        r"いらない|いらん|いりません|いらぬ|要らない|要りません|要らん",
        r"うざ|うるさ|しつこ",
        r"解除|解約|退会|脱退|登録を?(?:消|削除|抹消|取り消)",
        r"やめ|辞め",
        r"不要|無効",
        r"unsubscribe",
        r"(?:送ら|寄こさ|よこさ)(?:ない|なく|ん|んで|ず|れなく|ねで)|送るな|送ってこない|(?:来|こ|届か)(?:ない|なく)(?:よう|ていい|て結構|てもいい|て大丈夫|してほし|して)",
        r"外して|外しと|外れ(?:たい|ます)|抜け(?:たい|ます|させ)",
        r"ストップ|終了|(?<!仕事)(?<!仕事の)(?<!週の)終わりに(?:し|する|して)|打ち切|拒否|(?:受け取り|ほし|欲し)(?:たく|く)(?:は)?な|受け取らな|(?:もう|お知らせは)(?:結構|けっこう|十分|たくさん)",
        r"消して|キャンセル",
    )),
    ("change", (
        r"変更|変え|かえ|替え",
        r"ずら|だろうし(?:て|た)|移し|動かし|振り替",
        r"早め|早い時|遅め|遅く|遅い時|遅ら|前倒し|後ろ倒し|(?:早|遅)い(?:ほう|方)",
        r"(?:時|半|曜|曜日|朝|昼|夕方|夜|分|イチ|一|午前|午後|前|後|明け|半ば|週末)(?:に|へ)(?:して|し(?:た|と|ろ)|設定|お願い|頼|でき|なり)",
        r"(?:別|ほか|他|違う|ちがう)の(?:日|曜|時)",
        r"(?:曜日|時間|時刻|時間帯)(?:だけ|を|が|は)[^。]{0,10}(?:選|合わ|決め|直|調整|都合)",
    )),
    ("on", (
        r"オン(?!ライン)|on(?![a-z])",
        r"始め|はじめ|開始|スタート",
        r"登録|購読|参加|加え|入り(?:たい|ます)",
        r"ほしい|欲しい|受け取|受けたい|もらいたい|もらえ|ください|くれ",
        r"送って|届けて|知らせて|通知して|教えて",
        r"設定|有効",
        r"つけて|付けて|入れて",
        r"お願い|よろしく|頼",
    )),
)  # fmt: skip
_COMPILED = tuple((action, re.compile("|".join(patterns))) for action, patterns in _ACTIONS)
_CHANGE = next(pattern for action, pattern in _COMPILED if action == "change")
_DENIED = re.compile(
    r"[^、。!?]*(?<!だけ)(?:では|じゃ)なく(?!て?(?:なっ|なり|いい|よい|も))て?"
)  # 一時停止ではなく: what is not wished for
_BACK_ON = re.compile(r"[月火水木金土日]曜?日?(?:まで|に(?:は)?(?:復帰|復職|職場復帰|戻(?!し|す)))")
_BEGIN = re.compile(r"オン|on(?![a-z])|始め|はじめ|開始|登録|新規|購読|ほしい|欲しい|受け取|次|つぎ")
_BEGINS_AWAY = re.compile(  # 来月から産休なので: when the pause begins, not when it ends
    r"(?:再?来[週月年]|今[週月]|明日|あした|[0-9]{1,2}月(?:[0-9]{1,2}日)?|[0-9]{1,2}日|[月火水木金土日]曜日?)(?:から|より)"
    r"(?![^。]{0,10}(?:再開|また|始|戻|復帰|オン|お願|に(?:して|でき)))"
)
_BECOMES = re.compile(r"(?<!オン)(?<!on)(?:に|へ)(?:して|しと|でき|なり|変|移)")
_OF_HOURS = re.compile(r"時間|時刻|早|遅|朝|昼|夕|夜|午前|午後|時台")


def settings(text: str, today: date | None = None) -> Settings:
    """What a reminder message asks for; minutes are left out (half past ten is 10).

    text: as typed. An hour from 1 to 6 that says nothing of morning or night is meant in the afternoon.
    Where two days or hours are named, the one it shall become (月曜から金曜に -> fri). today: without it, no date of a
    pause is reckoned.
    """
    plain = _in_figures(normalise(text).text)
    action = _action(_DENIED.sub("", plain)) or _action(plain)
    (weekday, avoid), hour = _weekday(plain), _hour(plain)
    if action in ("pause", "resume") and _BACK_ON.search(plain):
        weekday = None  # 金曜まで休む: a date, not a day of the week
    if weekday or hour is not None:  # a day or an hour that is not to begin with is a change: 月曜はやめて火曜に
        wish = action == "off" and (_CHANGE.search(plain) or avoid or _refused_hour(plain))
        begins = _BEGIN.search(plain) and not _BECOMES.search(plain)
        back = action == "resume" and "戻し" in plain
        if wish or back or action is None or (action in ("on", "next") and not begins):
            action = "change"
    elif (avoid or _refused_hour(plain)) and action in ("off", "on", None):
        action = "change"  # 月曜はやめて: another day, not an end
    until = None
    if today and action in ("pause", "resume"):
        until = until_day(plain if action == "resume" else _BEGINS_AWAY.sub("", plain), today)
    wants = ("hour" if _OF_HOURS.search(plain) and not avoid else "day") if action == "change" else ""
    return Settings(weekday, hour, action, until.isoformat() if until else None, avoid, wants)


def _action(plain: str) -> str | None:
    return next((name for name, pattern in _COMPILED if pattern.search(plain)), None)


def _in_figures(plain: str) -> str:
    """Hours written in kana, as figures: ゴゴ4ジ and ごごよじ are 午後4時."""
    written: list[str] = []
    end = 0
    for m in _SPELT.finditer(hiragana(plain)):
        number = m["digits"] or _KANA[m["kana"]]
        written += (plain[end : m.start()], _NOON.get(m["half"], ""), m["of"] or "", f"{number}時")
        end = m.end()
    return "".join(written) + plain[end:]


def _pick(found: list[tuple[int, str | int]], plain: str) -> str | int | None:
    """The value that stands before に or へ, else the last that is not refused. found: (end of the words, value)."""
    kept = [(end, value) for end, value in found if not (_NOT_THIS.match(plain, end) or _HABIT.match(plain, end))]
    target = [value for end, value in kept if _TARGET.match(plain, end)]
    return target[-1] if target else kept[-1][1] if kept else None


def _weekday(plain: str) -> tuple[str | None, tuple[str, ...]]:
    """The day that is wanted, and those that are not."""
    found: list[tuple[int, str | int]] = [
        (m.end(), _NAMES.get(name := next(g for g in m.groups() if g), name)) for m in _DAY.finditer(plain)
    ]
    found += [(m.end(), day) for pattern, day in _WEEK for m in pattern.finditer(plain)]
    found.sort()
    refused = [day for n, (end, day) in enumerate(found) if _refused(n, found, plain)]
    avoid = tuple(dict.fromkeys(str(day) for day in refused))
    picked = _pick([(end, day) for end, day in found if day not in avoid], plain)
    return (str(picked) if picked is not None else None), avoid


def _refused(n: int, found: list[tuple[int, str | int]], plain: str) -> bool:
    """Whether the day is not wanted: 月曜と金曜以外 refuses both."""
    end = found[n][0]
    if _NOT_THIS.match(plain, end):
        return True
    return n + 1 < len(found) and bool(_WITH.match(plain, end)) and _refused(n + 1, found, plain)


def _hour(plain: str) -> int | None:
    found: list[tuple[int, str | int]] = []
    for m in _HOUR.finditer(plain):
        value = _clock(m[1] or m[3] or "", _number(m[2]))
        if value is not None:
            found.append((m.end(), value))
    picked = _pick(found, plain)
    if picked is not None:
        return int(picked)
    picked = _pick(_parts(plain), plain)
    return int(picked) if picked is not None else None


def _parts(plain: str) -> list[tuple[int, str | int]]:
    return sorted((m.end(), hour) for pattern, hour in _PART for m in pattern.finditer(plain))


def _refused_hour(plain: str) -> bool:
    """朝は困る: a part of the day that is not wanted, and no other one named."""
    return any(_NOT_THIS.match(plain, end) for end, _ in _parts(plain))


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
