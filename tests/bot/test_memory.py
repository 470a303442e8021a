"""What serve asks of the system's memory; in processes of their own, since it is asked for all of one."""

from __future__ import annotations

import platform
import subprocess
import sys

import pytest

from bot import memory

_COUNT = """
import ctypes, os, sys, threading
from bot import memory
if sys.argv[1] == "bound":
    memory.bound()
libc = ctypes.CDLL(None)
libc.malloc.restype = libc.fdopen.restype = ctypes.c_void_p
libc.malloc.argtypes, libc.fdopen.argtypes = [ctypes.c_size_t], [ctypes.c_int, ctypes.c_char_p]
libc.malloc_info.argtypes, libc.fflush.argtypes = [ctypes.c_int, ctypes.c_void_p], [ctypes.c_void_p]
together = threading.Barrier(8)
def take():
    together.wait()
    libc.malloc(1000)
    together.wait()
threads = [threading.Thread(target=take) for _ in range(8)]
for t in threads: t.start()
for t in threads: t.join()
memory.give_back()
out = libc.fdopen(1, b"w")
libc.malloc_info(0, out)
libc.fflush(out)
"""


def _arenas(how: str) -> int:
    run = subprocess.run([sys.executable, "-c", _COUNT, how], capture_output=True, text=True, check=True, timeout=60)
    return run.stdout.count("<heap nr=")


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="arenas are glibc's")
def test_threads_share_two_arenas():
    assert _arenas("as it is") > 2
    assert _arenas("bound") == 2


MAPS = """\
00400000-00600000 r--p 00000000 fe:00 1234                       /usr/bin/python3
01000000-01500000 rw-p 00000000 00:00 0                          [heap]
7f0000100000-7f0000700000 rw-p 00000000 00:00 0
7f0000800000-7f0000a00000 rw-p 00000000 00:00 0                  [anon: other]
7f0000c00000-7f0000e00000 rw-s 00000000 00:01 77                 /dev/zero (deleted)
7f0001000000-7f00011ff000 rw-p 00000000 00:00 0
7f0002000000-7f0002200000 rw-p 00001000 fe:00 5318415            /usr/lib/libpython3.so
"""


def test_large_pages_are_for_memory_that_is_our_own_and_long_enough():
    assert list(memory._large(MAPS)) == [0x1000000, 0x1200000, 0x7F0000200000, 0x7F0000400000]


@pytest.mark.skipif(sys.platform != "linux", reason="large pages are asked for on Linux")
def test_what_lies_in_large_pages_is_still_there():
    run = subprocess.run([sys.executable, "-c", SETTLED], capture_output=True, text=True, check=True, timeout=60)
    assert run.stdout.split() == ["True", "True"]


SETTLED = """
from bot import memory
kept = [str(n) for n in range(200_000)]
before = hash(tuple(kept))
print(memory.settle() >= 0, hash(tuple(kept)) == before)
"""
