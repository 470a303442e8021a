"""What goes in and out of a terminal or a pipe: any bytes in, nothing that harms a terminal out."""

from __future__ import annotations

import json
import locale
import os
import re
import sys
from collections.abc import Iterator
from contextlib import suppress
from typing import IO, Any, TextIO

# Control characters (but line breaks and tabs), and marks that turn the direction of writing: a quoted message must not
# move the cursor, or show other words than were typed.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_ESCAPED = re.compile("[\udc80-\udcff]+")
_SURROGATE = re.compile("[\ud800-\udfff]")


def prepare() -> None:
    """Let standard output take every character: UTF-8 into pipes and files, `?` for what a terminal cannot show."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is None:  # replaced, in a test
            continue
        if stream.isatty():
            reconfigure(errors="replace")
        else:
            reconfigure(encoding="utf-8", errors="replace")


def decoded(line: bytes) -> str:
    """Text of bytes from outside. UTF-8; on Windows else what the console writes; what is neither becomes U+FFFD."""
    try:
        return line.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    if os.name == "nt":
        try:
            return line.decode(locale.getpreferredencoding(False))
        except UnicodeDecodeError:
            pass
    return line.decode("utf-8-sig", "replace")


def lines(stream: IO[Any]) -> Iterator[str]:
    """Lines of a stream, without their ends, each as soon as it comes."""
    for line in getattr(stream, "buffer", stream):
        yield (decoded(line) if isinstance(line, bytes) else line).rstrip("\r\n")


def argument(text: str) -> str:
    """A command-line argument; bytes in it that are no text here, which Python keeps as surrogates, become U+FFFD."""
    return _ESCAPED.sub(lambda m: decoded(m[0].encode("utf-8", "surrogateescape")), text)


def printable(text: str) -> str:
    """For people: without control characters, marks of direction and unpaired surrogates."""
    return _UNPRINTABLE.sub("\ufffd", text.replace("\r\n", "\n"))


def json_line(row: object) -> str:
    """One line of JSON, Japanese as it is. Unpaired surrogates are written as JSON escapes: they come back equal."""
    return _SURROGATE.sub(lambda m: f"\\u{ord(m[0]):04x}", json.dumps(row, ensure_ascii=False))


def give_up_output(stream: TextIO) -> None:
    """After the reader of a pipe has gone: what is still buffered goes nowhere, so that closing raises nothing."""
    with suppress(OSError, ValueError):  # no file behind it, in a test
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
