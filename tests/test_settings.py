"""knowledge/settings.py: what a reminder message asks for."""

from datetime import date
from pathlib import Path

import pytest

from knowledge.settings import settings

CASES = [
    # 何をするか
    ("毎週のお知らせ止めて", None, None, "off"),
    ("お知らせOFF", None, None, "off"),
    ("週一で来るやつ正直うざいから切ってくれへん？", None, None, "off"),
    ("週1の通知をオンにしてください", None, None, "on"),
    ("ｵｼﾗｾ ON ﾆｼﾃ", None, None, "on"),
    ("止めてた毎週のお知らせ、また送ってもらえますか", None, None, "resume"),
    ("ﾘﾏｲﾝﾀﾞｰ復活させてちょ", None, None, "resume"),
    ("入院中は止めてもらってた毎週の通知、また動かしてください", None, None, "resume"),
    ("前に止めてと言いましたが、ないと忘れます。また送ってください", None, None, "resume"),
    ("来月また来ます。それまで止めておいてください", None, None, "pause"),
    ("オフィスに戻ったのでまた始めて", None, None, "resume"),  # オフ inside オフィス
    ("しばらく休みたい。来月まで通知止めて", None, None, "pause"),
    ("来週から育休に入ります。それまで毎週の通知はなしでお願いします。復帰したらオンにします", None, None, "pause"),
    ("GW中は黙っててほしい。明けたらまた毎週鳴らして", None, None, "pause"),
    ("2週間だけ止めて", None, None, "pause"),
    ("次に見直すルールはどれ？", None, None, "next"),
    ("来週のお知らせはどの項目の番ですか", None, None, "next"),
    ("このルール、見直し済みにしといて", None, None, "done"),
    ("今週のルール確認しました。確認済みのチェック付けといてください", None, None, "done"),
    ("先週から週次のお知らせが届かないんですが、オフになってますか？", None, None, "status"),
    ("お知らせの設定、いま何曜の何時になってるか見せて", None, None, "status"),
    ("曜日を変えたい", None, None, "change"),
    ("もう少し遅い時間にずらしたい", None, None, "change"),
    # 曜日と時刻
    ("リマインド月曜の朝9時にして", "mon", 9, "change"),
    ("リマインド月曜の朝９時半にして", "mon", 9, "change"),  # minutes are left out
    ("通知を午後3時に変えて", None, 15, "change"),
    ("リマインダーを金曜の夕方に変更することはできますか？", "fri", 17, "change"),
    ("ﾘﾏｲﾝﾄﾞの時間かえたい　18時", None, 18, "change"),
    ("毎週のアレ、水曜の昼イチに来るようにできる？", "wed", 13, "change"),
    ("１０時半からに変更", None, 10, "change"),
    ("毎週金曜の16時に送ってほしい", "fri", 16, "on"),
    ("通知オンにして、木曜の17時", "thu", 17, "on"),
    ("毎週水 10:30 で", "wed", 10, "change"),
    ("金曜の十六時に", "fri", 16, "change"),
    ("午前0時", None, 0, "change"),
    ("午後12時に", None, 12, "change"),
    ("夜8時がいい", None, 20, "change"),
    ("3時に変えて", None, 15, "change"),  # nobody means the night
    ("朝6時にしてもらえる?", None, 6, "change"),
    ("かようびに かえて ください。", "tue", None, "change"),
    ("しばらく火曜の夜8時に届くように変えていただけますでしょうか。", "tue", 20, "change"),
    # 二つあれば、そうなってほしいほう
    ("月曜から金曜に変えて", "fri", None, "change"),
    ("月曜じゃなくて火曜にして", "tue", None, "change"),
    ("月曜はやめて火曜にして", "tue", None, "change"),
    ("9時から18時に変更", None, 18, "change"),
    ("一番忙しい11時半に鳴るもんで困っとるんだわ。昼の2時にずらしてちょうよ", None, 14, "change"),
    # 曜日や時刻の書きかた。それらしいだけのものも
    ("pm2:00 wed でよろしく", "wed", 14, "change"),
    ("Fridayにして", "fri", None, "change"),
    ("sunnyに変えて", None, None, "change"),
    ("木・定時前に設定し直してください", "thu", 17, "change"),
    ("土・日は出ません。お知らせはいりません", None, None, "off"),
    ("げつようびの じゅうじに へんこう おねがいします", "mon", 10, "change"),
    ("ﾘﾏｲﾝﾄﾞﾉ ｼﾞｶﾝ､ｺﾞｺﾞ4ｼﾞﾆ ｼﾃｸﾀﾞｻｲ", None, 16, "change"),
    ("お知らせの時間、ごごのさんじにして", None, 15, "change"),
    ("たからくじに当たったので、火曜に変えて", "tue", None, "change"),
    ("いちじてきに遅くして", None, None, "change"),
    # 打ち消したことは、望んでいない
    ("一時停止ではなく、ずっと来ないようにしてほしいです", None, None, "off"),
    ("止めるんじゃなくて、時間を変えて", None, None, "change"),
    ("止めるのは今すぐじゃなくていいので、お願いします", None, None, "off"),
    ("止めるのはこれだけじゃなくて全部でお願いします", None, None, "off"),
    # いま届いている日は、新しい日ではない
    ("毎週月曜に来るコレ、止めて", None, None, "off"),
    ("毎週月曜10時に届くお知らせ、止めて", None, None, "off"),
    ("月曜に来るお知らせを火曜に変えて", "tue", None, "change"),
    ("月曜に届くようにして", "mon", None, "change"),
    ("新規で購読希望!金曜16時でお願いします", "fri", 16, "on"),
    ("購読してるお知らせ、金曜にして", "fri", None, "change"),
    ("unsubscribeしたい。時間を変えても結局見ないので", None, None, "off"),
    # 休みの終わる日は、新しい日ではない
    ("再来週の月曜に復帰しますので、それまではリマインドなしでお願いします", None, None, "pause"),
    ("やっぱり月曜に戻して", "mon", None, "change"),
    # 何も言っていない
    ("", None, None, None),
    ("お知らせ", None, None, None),
]


@pytest.mark.parametrize(("text", "weekday", "hour", "action"), CASES, ids=[c[0] for c in CASES])
def test_a_reminder_message_says(text, weekday, hour, action):
    assert settings(text).to_json() == {"weekday": weekday, "hour": hour, "action": action}


def test_there_is_no_hour_25():
    assert settings("25時に変えて").hour is None


WAYS = [
    line.split("|")
    for line in (Path(__file__).parent / "cases" / "nudge_ways.txt").read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
]


@pytest.mark.parametrize(("text", "weekday", "hour", "action", "until"), WAYS, ids=[w[0] for w in WAYS])
def test_a_way_of_saying_it(text, weekday, hour, action, until):
    found = settings(text, date(2026, 11, 27))
    assert found.to_json() == {
        "weekday": weekday or None,
        "hour": int(hour) if hour else None,
        "action": action or None,
    }
    assert (found.until or "") == until


@pytest.mark.parametrize(
    ("text", "until"),
    [
        ("来月の10日まで休む", "2026-12-11"),
        ("11月30日まで休む", "2026-12-01"),
        ("11月3日まで休む", None),  # past
        ("2月30日まで休む", None),  # no such day
        ("31日まで止めて", "2027-01-01"),
        ("半年休む", "2027-05-27"),
        ("十日間休む", "2026-12-07"),
        ("1年間休む", "2027-11-27"),
        ("3月末まで休む", "2027-04-01"),
        ("12月中は止めて", "2027-01-01"),
        ("来月末まで休む", "2027-01-01"),
        ("再来週まで止めて", "2026-12-07"),
        ("しばらく休む", None),
    ],
)
def test_until_when(text, until):
    assert settings(text, date(2026, 11, 27)).until == until


def test_a_day_that_is_not_wanted_is_asked_about():
    found = settings("月曜と金曜以外にして")
    assert (found.weekday, found.action, found.avoid, found.wants) == (None, "change", ("mon", "fri"), "day")
    assert settings("もう少し遅い時間にして").wants == "hour"
