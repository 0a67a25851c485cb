"""Shiyu turns a scenario file into a simulated city and reports what a policy changes there.

Reading order: engine/order (a week on one page), kernel/mechanism, mechanisms/conflict/grievance,
world/people, engine/run. The names below resolve on first use (PEP 562), since Mesa, SciPy and the
compiler take seconds to import and a command's help needs none of them.
"""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.engine.branch import branch
    from sim.engine.compare import compare_table as compare
    from sim.engine.load import load
    from sim.engine.model import GovernanceModel
    from sim.engine.run import run
    from sim.engine.state import State
    from sim.kernel.fault import ScenarioError, ShiyuError

__version__ = "0.1.0"

_HOMES = {
    "GovernanceModel": ("sim.engine.model", "GovernanceModel"),
    "ScenarioError": ("sim.kernel.fault", "ScenarioError"),
    "ShiyuError": ("sim.kernel.fault", "ShiyuError"),
    "State": ("sim.engine.state", "State"),
    "branch": ("sim.engine.branch", "branch"),
    "compare": ("sim.engine.compare", "compare_table"),
    "load": ("sim.engine.load", "load"),
    "run": ("sim.engine.run", "run"),
}

__all__ = [
    "GovernanceModel",
    "ScenarioError",
    "ShiyuError",
    "State",
    "__version__",
    "branch",
    "compare",
    "load",
    "run",
]


def __getattr__(name: str) -> Any:
    """The public name, from the file that defines it."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module, attribute = _HOMES[name]
    value = getattr(importlib.import_module(module), attribute)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(set(globals()) | set(__all__))
