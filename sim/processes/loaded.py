"""Loads what runs need when it is imported, which the server of workers does before all else."""

import contextlib
import gc
import sys
from typing import Any


def load_model() -> None:
    """The imports of a run, and the loops that were compiled before.

    Nothing that is here goes again, so to look for what could is a tenth of the time; and where it
    stays untouched, copies of this process share its memory.
    """
    gc.disable()
    import pandas  # noqa: F401
    import pyarrow.parquet  # noqa: F401

    import sim.engine.build
    import sim.engine.kept
    import sim.engine.run
    import sim.store.parquet  # noqa: F401

    with contextlib.suppress(Exception):  # else each is loaded when it is called
        load_loops()
    gc.freeze()
    gc.enable()


def load_loops() -> int:
    """Load every compiled loop of the model from where Numba keeps it; how many there were."""
    from numba.core.dispatcher import Dispatcher

    ours = [module for name, module in list(sys.modules.items()) if name.startswith("sim.")]
    values = [value for module in ours for value in list(vars(module).values())]
    loops = {id(value): value for value in values if isinstance(value, Dispatcher)}
    return sum(_load(loop) for loop in loops.values())


def _load(loop: Any) -> int:
    """Load a loop for all types that it is kept for; how many they are.

    What was compiled from other code or for another processor is not kept for this one: asking
    for it would compile it.
    """
    kept, codegen = getattr(loop._cache, "_cache_file", None), loop.targetctx.codegen()
    if kept is None:
        return 0
    signatures = [
        key[0] for key in kept._load_index() if key == loop._cache._index_key(key[0], codegen)
    ]
    for signature in signatures:
        loop.compile(signature)
    return len(signatures)


load_model()
