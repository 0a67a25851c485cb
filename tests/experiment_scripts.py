"""Scripts of `experiments/` as modules, so that tests can call what is in them."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import sim

FOLDER = Path(sim.__file__).parents[1] / "experiments"


def loaded(script: str) -> ModuleType:
    """The script at this path below `experiments/`, run as a module but not as a program.

    It finds the scripts beside it, as it does when Python runs it.
    """
    name = f"experiments_{script.removesuffix('.py').replace('/', '_')}"
    spec = importlib.util.spec_from_file_location(name, FOLDER / script)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    beside = str((FOLDER / script).parent)
    if beside not in sys.path:
        sys.path.append(beside)
    spec.loader.exec_module(module)
    return module
