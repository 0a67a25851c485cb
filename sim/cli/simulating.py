"""What commands that run the model say beside their answer: progress and first waits."""

import contextlib
import sys
from collections.abc import Iterator
from pathlib import Path

import sim
from sim.cli import console
from sim.text import say


@contextlib.contextmanager
def simulating(label: str, lang: str) -> Iterator[console.Progress]:
    """`console.progress`, after a remark where inner loops are yet to be compiled."""
    if not compiled_before():
        console.say_on_stderr(say("cli.compiling", lang))
    with console.progress(label) as tell:
        yield tell


def compiled_before() -> bool:
    """Whether an earlier run under this Python has left compiled loops behind.

    They lie beside the sources, or where Numba keeps them instead: only then it is asked, which
    takes it a moment to get ready.
    """
    loops = f"*.py{sys.version_info.major}{sys.version_info.minor}*.nbi"
    if any(Path(sim.__file__).parent.glob(f"*/__pycache__/{loops}")):
        return True
    from sim.world.adding import add_each

    elsewhere = add_each.stats.cache_path
    return elsewhere is not None and any(Path(elsewhere).glob(loops))
