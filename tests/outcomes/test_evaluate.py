"""Outcomes become one row for everybody and for each group in which they are defined."""

import numpy as np

from sim.outcomes.evaluate import evaluate
from sim.outcomes.outcome import SHARE, Outcome
from tests.outcomes.made_up import town, window


def outcome(name: str, *values: float) -> Outcome:
    """An outcome with these values, whatever happened; one value is that of every group."""
    return Outcome(name, SHARE, name, name, name, name, lambda w: np.array(values), "none")


def test_everybody_has_a_row_even_if_undefined_and_a_group_only_with_a_value() -> None:
    """Everybody, the division, three kinds of place, three classes: only the kinds have values."""
    values = (np.nan, np.nan, 0.1, 0.2, 0.3, np.nan, np.inf, np.nan)
    rows = evaluate(window(town(10)), [outcome("some", *values)])
    assert [(row["by"], row["group"]) for row in rows] == [
        (None, None), ("kind", "urban"), ("kind", "town"), ("kind", "rural"),
    ]  # fmt: skip
    assert np.isnan(rows[0]["value"])
    assert [row["value"] for row in rows[1:]] == [0.1, 0.2, 0.3]


def test_rows_carry_the_outcome_with_its_unit_one_after_the_other() -> None:
    rows = evaluate(window(town(10)), [outcome("first", 0.5), outcome("second", 0.25)])
    assert [(row["outcome"], row["value"]) for row in rows] == [
        *[("first", 0.5)] * 8,
        *[("second", 0.25)] * 8,
    ]
    assert {row["unit"] for row in rows} == {SHARE}
    assert all(isinstance(row["value"], float) for row in rows)


def test_everybody_alone_has_one_row_an_outcome_the_same_as_among_the_groups() -> None:
    outcomes = [outcome("first", *(0.1 * k for k in range(8))), outcome("second", 0.25)]
    alone = evaluate(window(town(10)), outcomes, everybody_alone=True)
    assert alone == [row for row in evaluate(window(town(10)), outcomes) if row["by"] is None]
    assert [row["outcome"] for row in alone] == ["first", "second"]
