"""Keeping the process small, where malloc is glibc's, and near at hand, on Linux; elsewhere nothing is done."""

from __future__ import annotations

import ctypes
import mmap
import platform
import re
import sys
from collections.abc import Iterator
from pathlib import Path

_ARENA_MAX = -8  # as <malloc.h> numbers it
_MADV_COLLAPSE = 25  # since Linux 6.1
_HUGE = 2 << 20
_MAPS = Path("/proc/self/maps")
_OURS = re.compile(r"([0-9a-f]+)-([0-9a-f]+) rw-p \S+ 00:00 0 *(?:\[heap])?\n")
_ARENAS = 2  # one each of up to 8 a core, as it is by itself, hold 10 MB of twenty threads that nobody uses again


def bound() -> None:
    """Before threads begin: they share few arenas of memory. Python's own lock lets one of them run at a time."""
    if libc := _glibc():
        libc.mallopt(_ARENA_MAX, _ARENAS)


def give_back() -> None:
    """Memory that was used at the start, and is free, goes back to the system."""
    if libc := _glibc():
        libc.malloc_trim(0)


def settle() -> int:
    """Have what was loaded for good lie in large pages, where the kernel can do that; how many there are.

    A message's words touch some thousand small pages all over the memory. After a few idle milliseconds the processor
    has forgotten where each of them is, and finding that out again takes longer than reading the words.
    """
    libc = ctypes.CDLL(None) if sys.platform == "linux" and mmap.PAGESIZE < _HUGE else None
    if libc is None or not _MAPS.exists():
        return 0
    libc.madvise.argtypes = (ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int)
    return sum(libc.madvise(start, _HUGE, _MADV_COLLAPSE) == 0 for start in list(_large(_MAPS.read_text())))


def _large(maps: str) -> Iterator[int]:
    """Where a large page would fit into memory that is this process's own and no file's."""
    for found in _OURS.finditer(maps):
        start, stop = int(found[1], 16), int(found[2], 16)
        yield from range(-(-start // _HUGE) * _HUGE, stop - _HUGE + 1, _HUGE)


def _glibc() -> ctypes.CDLL | None:
    return ctypes.CDLL(None) if platform.libc_ver()[0] == "glibc" else None
