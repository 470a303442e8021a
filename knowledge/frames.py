"""Frames: turns of speech that lead a handbook question to a section, where no single word tells it.

They stand in routing/section_frames.yaml as patterns over the normalised text; `{staff}` in one stands for a piece.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

_PIECE = re.compile(r"\{(?!\d*,?\d*\})([^{}]*)\}")  # {staff}, not {0,8}


@dataclass(frozen=True, slots=True)
class Frame:
    """A section gets `worth` where `pattern` is found."""

    id: str
    section: str
    pattern: re.Pattern[str]
    worth: float


def piece_names(pattern: str) -> list[str]:
    """Names of the pieces that a pattern uses, each once, as they stand."""
    return list(dict.fromkeys(_PIECE.findall(pattern)))


def compiled(pattern: str, pieces: Mapping[str, str]) -> re.Pattern[str]:
    """The pattern with its pieces filled in.

    Raises KeyError where a piece is not there; ValueError, with what is wrong and where, where it is no pattern.
    """
    whole = _PIECE.sub(lambda m: f"(?:{pieces[m[1]]})", pattern)
    try:
        return re.compile(whole)
    except re.error as error:
        near = whole[error.pos : error.pos + 12] if error.pos is not None else ""
        raise ValueError(error.msg + (f", at 「{near}」" if near else "")) from error
    except OverflowError as error:  # a{99999999999}
        raise ValueError(str(error)) from error
