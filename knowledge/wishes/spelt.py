"""Hours written in kana, as figures."""

from __future__ import annotations

import re

from ..text import hiragana

_KANA = dict(
    zip(
        "いち に さん よ ご ろく しち なな はち く じゅう じゅういち じゅうに".split(),
        (1, 2, 3, 4, 5, 6, 7, 7, 8, 9, 10, 11, 12),
        strict=True,
    )
)
_NOON = {"ごぜん": "午前", "ごご": "午後", "あさ": "朝", "ひる": "昼", "よる": "夜", "ゆうがた": "夕方"}
_LOT = r"に(?:当|あた|外|はず)|で(?:当|あた|外|はず)"  # くじに当たった
_SPELT = re.compile(  # an hour in kana stands after a particle or a day: げつようびのじゅうじに, not あじに
    rf"(?:^|(?<![ぁ-ゖー])|(?<=[のをはばにび]))(?P<half>{'|'.join(_NOON)})?(?P<of>の)?"
    rf"(?:(?P<kana>{'|'.join(sorted(_KANA, key=len, reverse=True))})|(?P<digits>[0-9]{{1,2}}))じ"
    rf"(?!{_LOT})(?=に|へ|で|から|ごろ|ころ|はん|ちょうど|が|[、。!?]|$)"
)


def in_figures(plain: str) -> str:
    """ゴゴ4ジ and ごごよじ are 午後4時. plain: normalised."""
    written: list[str] = []
    end = 0
    for m in _SPELT.finditer(hiragana(plain)):
        number = m["digits"] or _KANA[m["kana"]]
        written += (plain[end : m.start()], _NOON.get(m["half"], ""), m["of"] or "", f"{number}時")
        end = m.end()
    return "".join(written) + plain[end:]
