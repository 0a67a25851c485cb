"""A shock changes no bit before its day, whatever else is compared beside it."""

import numpy as np
import pytest

from promises.small import city, differing, state_of
from sim.engine.run import apply_levers, replicate

FLOOD = {"kind": "housing_delivery", "on": "2020-03-15", "division": "chengqu", "households": 9000}
DAY = 74  # from the start to the day


@pytest.mark.slow
def test_before_its_day_no_bit_differs_and_from_then_on_something_does(warm_city):
    plain, hit = warm_city.twin(), warm_city.twin()
    scenarios = city(), city(shocks=[FLOOD, {"kind": "pandemic", "on": "2020-05-01"}])
    for _ in range(14):
        for running, scenario in zip((plain, hit), scenarios, strict=True):
            apply_levers(running, scenario)
            running.step()
        changed = differing(state_of(plain), state_of(hit))
        assert bool(changed) == (plain.clock.begins > DAY), plain.clock.begins
    assert "people.grievance" in changed
    assert np.count_nonzero(hit.world.people.grievance > plain.world.people.grievance) > 60


@pytest.mark.slow
def test_a_shock_beside_others_gives_the_values_of_a_run_alone():
    scenarios = [city(), city(shocks=[FLOOD])]
    together = replicate(scenarios, 3)
    alone = replicate(scenarios[1:], 3)
    assert alone[0].outcomes.equals(together[1].outcomes)
    assert alone[0].run_id == together[1].run_id != together[0].run_id
    grievance = [run.headline()["grievance_mean"]["value"] for run in together]
    assert grievance[1] != grievance[0]
