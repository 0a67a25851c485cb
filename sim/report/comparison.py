"""A comparison's table as rows that know what they say: clear, too small to matter, or open."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from sim.analysis.compare import smallest_effect
from sim.analysis.intervals import t_quantile
from sim.report.numbers import decimals, known, plain, telling

LEVEL = 0.95
NUMBERS = ("baseline_mean", "mean", "difference", "low", "high", "relative", "sign_share")


@dataclass(frozen=True)
class Row:
    """One policy's paired difference from the baseline in one outcome, for everybody or a group."""

    scenario: str
    outcome: str
    by: str | None
    group: str | None
    unit: str
    baseline_mean: float
    mean: float
    difference: float
    low: float
    high: float
    distinguishable: bool
    negligible: bool
    relative: float
    replications: int
    needed: int | None
    up: int | None
    down: int | None
    sign_share: float = float("nan")  # parameter draws in which the sign holds, when asked for

    @property
    def half(self) -> float:
        """Half the width of the interval."""
        return (self.high - self.low) / 2

    @property
    def smallest(self) -> float:
        """The smallest difference of interest in this outcome."""
        return float(smallest_effect([self.unit], [self.baseline_mean])[0])

    @property
    def verdict(self) -> str:
        """What may be said: none, single, same, clear, clear_small, small or open."""
        if not known(self.difference):
            return "none"  # no pair has a value, such as the size of events where there were none
        if not (known(self.low) and known(self.high)):
            return "single"
        if self.difference == self.low == self.high == 0:
            return "same"
        if self.negligible:
            return "clear_small" if self.distinguishable else "small"
        return "clear" if self.distinguishable else "open"

    @property
    def direction(self) -> str:
        """Whether the difference is up, down or none."""
        return "higher" if self.difference > 0 else "lower" if self.difference < 0 else "same"

    def inner(self) -> tuple[float, float]:
        """The interval that holds the true mean difference with 50 %, narrower than low to high."""
        freedom = max(self.replications - 1, 1)
        ratio = float(t_quantile(0.75, freedom) / t_quantile((1 + LEVEL) / 2, freedom))
        return self.difference - ratio * self.half, self.difference + ratio * self.half


def rounded(row: Row, factor: float = 1.0) -> tuple[str, str, str, str, str]:
    """Baseline, policy, difference and both ends of the interval, times a factor.

    Digits follow the interval.
    """
    spread = max(row.half, row.smallest) if known(row.half) else row.smallest
    digits = decimals(spread, row.baseline_mean, row.unit, factor)
    apart = decimals(row.half, row.difference, row.unit, factor)
    apart = telling(apart, row.low * factor, row.high * factor)
    before, after = (plain(mean * factor, digits) for mean in (row.baseline_mean, row.mean))
    low, high = (plain(end * factor, apart) for end in (row.low, row.high))
    return before, after, plain(row.difference * factor, apart, sign=True), low, high


def rows_of(table: pd.DataFrame | Iterable[Mapping[str, Any]]) -> list[Row]:
    """The rows of a comparison table, given as a frame or as records."""
    records = table.to_dict("records") if isinstance(table, pd.DataFrame) else list(table)
    return [_row(record) for record in records]


def _row(record: Mapping[str, Any]) -> Row:
    by, group = (_text(record.get(key)) for key in ("by", "group"))
    numbers: dict[str, Any] = {
        key: float(record[key]) if known(record.get(key)) else float("nan") for key in NUMBERS
    }
    counts: dict[str, Any] = {
        field: int(record[key]) if known(record.get(key)) else None
        for field, key in (
            ("needed", "replications_needed"),
            ("up", "seeds_up"),
            ("down", "seeds_down"),
        )
    }
    return Row(
        scenario=str(record["scenario"]),
        outcome=str(record["outcome"]),
        by=by,
        group=group,
        unit=str(record["unit"]),
        distinguishable=bool(record.get("distinguishable", False)),
        negligible=bool(record.get("negligible", False)),
        replications=int(record.get("replications") or 0),
        **numbers,
        **counts,
    )


def _text(value: Any) -> str | None:
    return None if value is None or value is pd.NA or value != value else str(value)
