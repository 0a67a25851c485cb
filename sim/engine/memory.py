"""Keeps memory that a step frees with the process, for the next step to use.

Every week makes and drops columns of all adults. The C library of Linux hands large ones back to
the system at once, which clears fresh pages at the next use: with the whole city that was a
fifth of a step.
"""

import ctypes
import sys
from functools import cache

_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3  # glibc's malloc.h
_KEPT = 1 << 30  # bytes that may lie idle at the end of the heap


@cache
def keep_freed_memory() -> None:
    """Ask the allocator to keep up to a gibibyte; once a process, where it can be asked."""
    if not sys.platform.startswith("linux"):
        return
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)  # musl has none
    if mallopt is not None:
        mallopt(_MMAP_THRESHOLD, _KEPT)
        mallopt(_TRIM_THRESHOLD, _KEPT)
