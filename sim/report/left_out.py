"""What a report and its figures leave out: outcomes that nothing makes, as a mechanism is off.

A comparison says under `silent` which outcomes neither the baseline nor a policy makes.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from sim.report.names import Names
from sim.text import say


def told(given: Mapping[str, Any]) -> pd.DataFrame:
    """The table of a comparison without the rows of what nothing makes."""
    table = frame_of(given["differences"])
    silent = given.get("silent") or {}
    pairs = zip(table["scenario"], table["outcome"], strict=True) if len(table) else ()
    made = [outcome not in silent.get(scenario, ()) for scenario, outcome in pairs]
    return table[made].reset_index(drop=True) if len(table) else table


def left_out(given: Mapping[str, Any], outcomes: Iterable[str]) -> list[str]:
    """Those of the outcomes that the comparison has, and of which no row tells anything."""
    named, kept = (set(table["outcome"]) for table in (frame_of(given["differences"]), told(given)))
    return [name for name in dict.fromkeys(outcomes) if name in named - kept]


def left_out_words(outcomes: Iterable[str], names: Names) -> str:
    """One sentence that names the outcomes left out; empty where there are none."""
    listed = say("findings.list", names.spoken).join(map(names.outcome, outcomes))
    return say("report.left_out_as_off", names.spoken, names=listed) if listed else ""


def told_draws(given: Mapping[str, Any]) -> dict[str, Any] | None:
    """What draws of the parameters say, without the rows of what nothing makes; or nothing."""
    held, silent = given.get("robustness"), given.get("silent") or {}
    if not held:
        return None
    rows = [row for row in held["rows"] if row["outcome"] not in silent.get(row["scenario"], ())]
    return {**held, "rows": rows}


def frame_of(table: Any) -> pd.DataFrame:
    """A table given as a frame or as records."""
    return table if isinstance(table, pd.DataFrame) else pd.DataFrame(list(table))
