"""Turns the tables and courses of runs into figures and a single-file report in two languages.

The only home of Matplotlib. Reading order: style (the look), wrapping, numbers, names, comparison
(rows and what may be said of them), sentences, panels, runs; then the figures curves,
paired_curves, differences (the main one) and groups; then the page: webfont, tables, html.

Names are imported on first use, since Matplotlib takes half a second.
"""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.report.curves import outcome_curves
    from sim.report.differences import paired_differences
    from sim.report.groups import by_group
    from sim.report.html import write_report
    from sim.report.left_out import told
    from sim.report.names import meanings_of
    from sim.report.paired_curves import difference_curves
    from sim.report.robustness import robustness_figure
    from sim.report.runs import long_form
    from sim.report.style import save

_HOMES = {
    "by_group": "groups",
    "difference_curves": "paired_curves",
    "long_form": "runs",
    "meanings_of": "names",
    "outcome_curves": "curves",
    "paired_differences": "differences",
    "robustness_figure": "robustness",
    "save": "style",
    "told": "left_out",
    "write_report": "html",
}

__all__ = [
    "by_group",
    "difference_curves",
    "long_form",
    "meanings_of",
    "outcome_curves",
    "paired_differences",
    "robustness_figure",
    "save",
    "told",
    "write_report",
]


def __getattr__(name: str) -> Any:
    """Import a figure or the report when it is first asked for."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"sim.report.{_HOMES[name]}"), name)
