"""How an act ends: whether it is wished for, denied, past, asked about (止めて, 止めないで, 止めてた, 止められる?)."""

from __future__ import annotations

import re

REACH = 16  # letters behind an act that may belong to it

# The first that fits names the ending; all that fit are signs. What follows the stem, katakana as hiragana.
_ENDINGS = (
    (
        "neg",
        r"(?:て|って)?(?:[らかわまさたばながれけめせ]|させ|こ)?"
        r"(?:ない(?!か|です?か)|なく|なかっ|ん(?!です|だ|や|じゃ)|ず(?!っ|ら)|へん|ねえ|ねで|ぬ|なよ|[るすくむぶうつ]な(?![らんくい])|んな(?!ら)|な(?=$|[。!?]))",
    ),
    (
        "past",
        r"[^。!?、]{0,3}?(?:とっ?た|てた|ていた|たまま|っとった|ちゃった|ちゃって|てしま|てもら(?:って|い)(?:た|い)|てもろ(?:て|と)た)"
        r"|(?:し|って|て|まし|りまし|いまし)?(?:た|だ)(?!い|ら|く|っ|め)",
    ),
    (
        "wish",
        r"(?:し|さ|ら|せ|れ|っ|り|ん|い)?(?:て|で)(?:。|!|$|く|ほ|も|ちょ|つか|や|け|よ|ね|ー|、|い?ただ|下|欲|頂|みて|お|ん)"
        r"|(?:し|っ|い)?(?:と|ど)(?:い|っ|く|け)"
        r"|(?:せ|れ|ろ|え|け)(?=[。!]|$)",
    ),
    ("want", r"[^。!?、]{0,3}?た(?:い|く|か)"),
    ("if", r"[^。!?、]{0,3}?(?:たら|れば|なら)"),
    ("ask", r"[^。!?、]{0,6}?(?:\?|か[。?]|かね|かな|かの|ませんか)"),
    ("denied", r"[^。!?、]{0,6}?(?:わけ|つもり|じゃな|ではな|じゃの|でな|じゃね|のはやめ|んじゃな|ちゃう)"),
    ("noun", r"を|の|で|し|希望|お願|に|ば"),
)
_PATTERNS = tuple((name, re.compile(pattern)) for name, pattern in _ENDINGS)


_JOINED = "休済読飛頼込進望畳やすよ"  # 休んで: not a denial, as 送らんで is


def endings(stem: str, rest: str) -> tuple[str, ...]:
    """Every ending that fits what follows a stem; `bare` where none does."""
    if rest.startswith("んで") and stem[-1:] in _JOINED:
        rest = rest[1:]
    return tuple(name for name, pattern in _PATTERNS if pattern.match(rest)) or ("bare",)
