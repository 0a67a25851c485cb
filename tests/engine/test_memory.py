"""Memory that a step frees serves the next one."""

import platform

import numpy as np
import pytest

from sim.engine.memory import keep_freed_memory

resource = pytest.importorskip("resource")
LARGE = 8_000_000  # numbers: 64 MB, as a column of a large city or some


def pages_asked_for() -> int:
    return int(resource.getrusage(resource.RUSAGE_SELF).ru_minflt)


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="other allocators cannot be asked")
def test_a_large_column_takes_the_place_of_one_that_was_freed():
    keep_freed_memory()
    np.ones(LARGE)
    before = pages_asked_for()
    np.ones(LARGE)
    assert pages_asked_for() - before < LARGE * 8 / (2 << 20)  # not even pages of 2 MiB
