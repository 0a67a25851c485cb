"""Halving the step changes nothing that is reported by as much as a twentieth."""

import pytest

from sim.analysis.apart import apart
from sim.engine.build import build
from sim.mechanisms.conflict.detection import Detection
from tests.promises.small import city

SEEDS = (1, 2, 3, 4)
FLOWS = (
    "disputes_opened",
    "disputes_found",
    "disputes_settled",
    "entered_third_party",
    "mediations_actual",
    "civil_filings_residents",
    "petitions_made",
    "requests_closed",
    "withdrawn_tolerated",
    "withdrawn_dropped",
)


def year(seed: int, step_days: float) -> dict[str, float]:
    """What the first year of a world adds up to."""
    running = build(city(time__step_days=step_days), seed)
    for _ in range(round(364 / step_days)):
        running.step()
    world = running.world
    totals = {name: float(world.flows.by_cell[name].sum()) for name in FLOWS}
    return totals | {"grievance": float(world.people.grievance.mean())}


def moved(whole: list[dict[str, float]], halves: list[dict[str, float]], name: str) -> float:
    """How far the mean moved, and two standard errors of that, relative to the mean."""
    pairs = [[year[name] for year in years] for years in (halves, whole)]
    return float(apart(*pairs, paired=True))


@pytest.mark.slow
def test_half_steps_move_no_flow_by_a_twentieth() -> None:
    whole, halves = ([year(seed, days) for seed in SEEDS] for days in (7.0, 3.5))
    changes = {name: moved(whole, halves, name) for name in (*FLOWS, "grievance")}
    assert {name: change for name, change in changes.items() if change >= 0.05} == {}
    # the same people have the same disputes; a calmer week, or one who moves half a week earlier,
    # moves a few in a thousand
    assert changes["disputes_opened"] < 0.005


@pytest.mark.slow
def test_a_rate_that_forgets_the_length_of_the_step_is_found_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    whole = [year(1, 7.0)]
    hazard = Detection.hazard
    monkeypatch.setattr(Detection, "hazard", lambda self, world: 2.0 * hazard(self, world))
    assert moved(whole, [year(1, 3.5)], "disputes_found") > 0.05
