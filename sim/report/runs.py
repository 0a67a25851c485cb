"""Runs of a scenario as a table, one column a seed, and how their bands are drawn."""

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.dates import date2num

from sim.report import panels
from sim.report.names import Entries
from sim.report.style import BASELINE, DASHES, colour
from sim.text import say

QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
Look = tuple[str, object]  # a colour and a dash


def order_of(
    frame: pd.DataFrame, baseline: str | None, scenarios: Entries | None
) -> tuple[str, list[str]]:
    """The baseline and the other scenarios, in the order that fixes their colours."""
    present = [str(name) for name in frame["scenario"].unique()]
    listed = [name for name in scenarios or {} if name in present]
    names = listed + [name for name in present if name not in listed]
    base = baseline or names[0]
    return base, [name for name in names if name != base]


def long_form(frame: pd.DataFrame, outcomes: Sequence[str] | None = None) -> pd.DataFrame:
    """Courses with a column an outcome, as runs bring them, turned into one row a value.

    Args:
        frame: columns scenario, seed, date and one for each outcome.
        outcomes: which columns; all other numeric ones unless told (not `day`).

    Returns:
        Columns scenario, seed, date, outcome, value: what the figures take.
    """
    keys = ["scenario", "seed", "date"]
    numeric = frame.select_dtypes("number").columns
    chosen = outcomes or [name for name in numeric if name not in (*keys, "day")]
    return frame.melt(keys, list(chosen), var_name="outcome", value_name="value")


def looks_of(base: str, policies: list[str]) -> dict[str, Look]:
    """Each scenario's colour and dash; the baseline is grey."""
    looks: dict[str, Look] = {base: (BASELINE, "-")}
    return looks | {name: (colour(i), DASHES[i % len(DASHES)]) for i, name in enumerate(policies)}


def runs_of(frame: pd.DataFrame, scenario: str, outcome: str, smooth: int = 1) -> pd.DataFrame:
    """One column a seed, one row a date, each run averaged over the last `smooth` steps."""
    part = frame[(frame["scenario"] == scenario) & (frame["outcome"] == outcome)]
    table = part.pivot(index="date", columns="seed", values="value").sort_index()
    table.index = pd.to_datetime(table.index)
    return table.rolling(smooth).mean() if smooth > 1 else table


def draw_bands(axes: Axes, runs: pd.DataFrame, look: Look, opacity: float = 1.0) -> None:
    """The median of the runs with its bands, filled without an outline."""
    shade, dash = look
    runs = runs.dropna(how="all")
    if runs.empty:
        return
    days = date2num(runs.index.to_pydatetime())
    lows = np.nanquantile(runs.to_numpy(float), QUANTILES, axis=1)
    bands = ((0.9, lows[0], lows[4]), (0.5, lows[1], lows[3])) if runs.shape[1] > 1 else ()
    for share, low, high in bands:
        strength = panels.OPACITY[share] * opacity
        axes.fill_between(days, low, high, color=shade, alpha=strength, linewidth=0)
    dot = "o" if len(days) == 1 else ""  # a single date makes no line
    axes.plot(days, lows[2], color=shade, linestyle=dash, linewidth=1.6, marker=dot, zorder=3)


def fit(axes: Axes, tables: Iterable[pd.DataFrame], around_zero: bool = False) -> None:
    """Scale both axes to the bands of all the runs shown."""
    shown = [table for table in tables if table.notna().any(axis=None)]
    if not shown:
        return
    filled = [table.dropna(how="all").to_numpy(float) for table in shown]
    ends = [np.nanquantile(values, [0.05, 0.95], axis=1) for values in filled]
    low, high = min(e.min() for e in ends), max(e.max() for e in ends)
    if around_zero:
        low, high = min(low, 0.0), max(high, 0.0)
    if low == high == 0.0 and not around_zero:
        high = 1.0  # of what never happened no less than nothing could have
    room = 0.06 * (high - low) or abs(high) * 0.05 or 0.5
    axes.set_ylim(low - room, high + room)
    days = pd.DatetimeIndex(np.concatenate([t.index for t in shown]))
    panels.date_axis(axes, days.min().date(), days.max().date())


def smoothed(steps: int, lang: str | None) -> str:
    """The sentence of a caption that owns up to smoothing."""
    return say("report.caption.smoothed", lang, steps=steps) if steps > 1 else ""
