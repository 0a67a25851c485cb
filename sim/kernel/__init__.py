"""Turns declarations (parameters, columns, limits) into checked objects that everything stands on.

Reading order: parameter, column, mechanism, clock, draws, limit, fault. Names resolve on first
use (PEP 562): draws bring a compiler and scipy, which a scenario's checks never need.
"""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.kernel.clock import DAYS_PER_YEAR, WARM_UP_WEEKS, Clock
    from sim.kernel.column import Column, Table
    from sim.kernel.draws import Draws, entity_ids
    from sim.kernel.fault import AccountError, Fault, ScenarioError, ShiyuError, nearest
    from sim.kernel.limit import Limit, Quantity, Within
    from sim.kernel.mechanism import Mechanism
    from sim.kernel.parameter import Group, Ledger, Parameter

_HOMES = {
    "DAYS_PER_YEAR": "clock",
    "WARM_UP_WEEKS": "clock",
    "Clock": "clock",
    "Column": "column",
    "Table": "column",
    "Draws": "draws",
    "entity_ids": "draws",
    "AccountError": "fault",
    "Fault": "fault",
    "ScenarioError": "fault",
    "ShiyuError": "fault",
    "nearest": "fault",
    "Limit": "limit",
    "Quantity": "limit",
    "Within": "limit",
    "Mechanism": "mechanism",
    "Group": "parameter",
    "Ledger": "parameter",
    "Parameter": "parameter",
}

__all__ = [
    "DAYS_PER_YEAR",
    "WARM_UP_WEEKS",
    "AccountError",
    "Clock",
    "Column",
    "Draws",
    "Fault",
    "Group",
    "Ledger",
    "Limit",
    "Mechanism",
    "Parameter",
    "Quantity",
    "ScenarioError",
    "ShiyuError",
    "Table",
    "Within",
    "entity_ids",
    "nearest",
]


def __getattr__(name: str) -> Any:
    """The exported name, from the file that defines it."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(importlib.import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(set(globals()) | set(__all__))
