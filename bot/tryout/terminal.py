"""A chat in the terminal: ask, answer the follow-up question by number, see the sources.

`Chat` holds the conversation and knows no terminal; `run` reads lines and draws. What is typed stays in memory only.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

import yaml

from ..streams import lines, printable

if TYPE_CHECKING:
    from rich.console import Console

    from knowledge.models import Reading

    from ..services import Services

WORDS: dict[str, Any] = yaml.safe_load(Path(__file__).with_suffix(".yaml").read_text(encoding="utf-8"))
NARROW = 50  # columns; below it a frame costs too many


@dataclass(frozen=True)
class Reply:
    """What the chat says. `tone`, the verdict or the intent of an answer, is for its frame; "" for other words."""

    text: str
    tone: str = ""
    ends: bool = False


class Chat:
    """One conversation. A question that is open takes a number or the words of an option; all else is a new message."""

    def __init__(self, services: Services):
        self._services = services
        self._said: list[str] = []
        self._message = ""
        self._choices: tuple[int, ...] = ()
        self._reading: Reading | None = None
        self._commands = {word: name for name, words in WORDS["commands"].items() for word in words}

    @property
    def _options(self) -> tuple[str, ...]:
        return tuple(self._reading.ask.options) if self._reading and self._reading.ask else ()

    def say(self, line: str) -> Reply:
        """The reply to one line. Blank is for the caller to leave out."""
        word = _plain(line)
        match self._commands.get(word):
            case "leave":
                return Reply(WORDS["goodbye"], ends=True)
            case "help":
                return Reply(f"{self._services.answer(self._services.read(''))}\n\n{WORDS['help']}")
            case "sources":
                return Reply(self._services.sources(self._reading) if self._reading else WORDS["no_answer"])
            case "history":
                return Reply(self._history())
        chosen = self._chosen(word)
        if chosen == 0:
            return Reply(WORDS["out_of_range"].format(last=len(self._options)))
        message, choices = (self._message, (*self._choices, chosen)) if chosen else (line, ())
        self._said.append(line)
        reading = self._services.read(message, choices)  # nothing is kept of a message that could not be read
        self._message, self._choices, self._reading = message, choices, reading
        return Reply(self._services.answer(reading), reading.verdict or reading.intent)

    def _chosen(self, word: str) -> int | None:
        """The number of the option meant, from 1; 0 for a number that is none; None for something else."""
        if not self._options:
            return None
        if word.isdecimal() and len(word) <= 3:
            return int(word) if 1 <= int(word) <= len(self._options) else 0
        labels = [_plain(option) for option in self._options]
        return labels.index(word) + 1 if word in labels else None

    def _history(self) -> str:
        if not self._said:
            return str(WORDS["no_history"])
        return "\n".join([WORDS["history_title"], *(f"{n}. {line}" for n, line in enumerate(self._said, 1))])


def _plain(line: str) -> str:
    """One word as a command or an option is compared: without blanks around, 「」, full stop, width and case."""
    return unicodedata.normalize("NFKC", line).strip(" 　\t「」。.").casefold()


# --- the terminal -----------------------------------------------------------------------------------------------------


def run(chat: Chat, *, failed: Callable[[Exception], str], stdin: TextIO | None = None) -> None:
    """Talk until the end of input or 「終了」.

    A person at a terminal gets a prompt, frames and a history on the arrow keys; a pipe gets one answer a line of
    input, plain. failed: says what to show where an answer could not be made; the chat goes on.
    """
    source = stdin or sys.stdin
    person = source.isatty() and sys.stdout.isatty()
    draw = _framed() if person else _plainly
    if person:
        draw(Reply(WORDS["greeting"]))
    with suppress(KeyboardInterrupt):  # Ctrl-C leaves as politely as Ctrl-D
        for line in _prompted() if person else lines(source):
            if not line.strip():
                continue
            try:
                reply = chat.say(line)
            except Exception as error:  # the edge: one message that fails does not end the chat
                reply = Reply(failed(error))
            draw(reply)
            if reply.ends:
                return
    if person:
        print()
        draw(Reply(WORDS["goodbye"]))


def _prompted() -> Iterator[str]:
    """Lines a person types, until Ctrl-D or Ctrl-C. Arrow keys go back where the system has readline."""
    with suppress(ImportError):  # Windows: its console has a history of its own
        import readline  # noqa: F401  (input() uses it; nothing writes its history to a file)
    while True:
        try:
            yield input(WORDS["prompt"])
        except UnicodeDecodeError:
            continue
        except EOFError:
            return


def _plainly(reply: Reply) -> None:
    """For pipes, logs and screen readers: text, then an empty line."""
    print(printable(reply.text), end="\n\n", flush=True)


def _framed() -> Callable[[Reply], None]:
    """Draws with rich, which is not loaded before it is needed. Honours NO_COLOR and TERM=dumb."""
    from rich.console import Console

    console = Console(highlight=False, markup=False, emoji=False, soft_wrap=False)
    return lambda reply: _draw(console, reply)


def _draw(console: Console, reply: Reply) -> None:
    """An answer in a frame, its first line bold; what the chat itself says without one."""
    from rich import box
    from rich.panel import Panel
    from rich.text import Text

    if not reply.tone:
        console.print(Text(folded(printable(reply.text), console.width)), end="\n\n")
        return
    narrow = console.width < NARROW
    headline, _, rest = printable(reply.text).partition("\n")
    inside = console.width - (2 if narrow else 4)
    body = Text.assemble((folded(headline, inside), "bold"), "\n", folded(rest, inside))
    style = WORDS["colours"].get(reply.tone, "cyan")
    frame = box.HORIZONTALS if narrow else box.ROUNDED
    console.print(Panel(body, box=frame, border_style=style, padding=(0, 0 if narrow else 1)))


def folded(text: str, width: int) -> str:
    """Lines of at most `width` columns, broken as Japanese is: anywhere but inside a word in letters, and so that no
    line begins with a closing mark or ends with an opening one. (rich breaks at blanks, which Japanese has few of.)"""
    from rich.cells import cell_len

    rows = []
    for line in text.split("\n"):
        row = ""
        for piece in _PIECE.findall(line):
            while cell_len(row + piece) > width:
                if row.strip() and cell_len(piece) <= width:
                    row, carried = _carry(row, piece)
                    rows.append(row.rstrip())
                    row, piece = "", (carried + piece).lstrip()
                else:  # a word longer than a line
                    cut = max(1, next(n for n in range(len(piece) + 1) if cell_len(row + piece[: n + 1]) > width))
                    rows.append(row + piece[:cut])
                    row, piece = "", piece[cut:]
            row += piece
        rows.append(row)
    return "\n".join(rows)


_PIECE = re.compile(r"[!-~]+|.")
_CLOSING, _OPENING = set("、。」』)）】?？!！…ーっゃゅょ"), set("「『(（【")


def _carry(row: str, piece: str) -> tuple[str, str]:
    """Where a row ends before `piece`: what stays, and what goes on to the next row with it."""
    keep = len(row)
    while keep > len(row) - 4 and keep > 1 and (row[keep - 1] in _OPENING or (row + piece)[keep] in _CLOSING):
        keep -= 1
    return (row[:keep], row[keep:]) if row[:keep].strip() else (row, "")
