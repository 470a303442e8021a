"""Keeping the process small where the system's malloc is glibc's; elsewhere nothing is done."""

from __future__ import annotations

import ctypes
import platform

_ARENA_MAX = -8  # as <malloc.h> numbers it
_ARENAS = 2  # one each of up to 8 a core, as it is by itself, hold 10 MB of twenty threads that nobody uses again


def bound() -> None:
    """Before threads begin: they share few arenas of memory. Python's own lock lets one of them run at a time."""
    if libc := _glibc():
        libc.mallopt(_ARENA_MAX, _ARENAS)


def give_back() -> None:
    """Memory that was used at the start, and is free, goes back to the system."""
    if libc := _glibc():
        libc.malloc_trim(0)


def _glibc() -> ctypes.CDLL | None:
    return ctypes.CDLL(None) if platform.libc_ver()[0] == "glibc" else None
