"""A branch is, to the last bit, the unbroken run of the scenario that it amounts to."""

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pandas as pd
import pytest

import sim
from promises.small import city, villages
from sim.engine.branch import on_day, planned, run_branch
from sim.engine.build import warm
from sim.engine.recorder import Recorder
from sim.engine.run import RunResult, replicate, stepping
from sim.engine.state import State, run_until
from sim.engine.taking_apart import taken_apart
from sim.kernel import ScenarioError, ShiyuError
from sim.store import StoreError, same_values

pytestmark = pytest.mark.slow

DAY = date(2020, 2, 14)  # steps end on Wednesdays: it lies between two
SEED = 7
MORE = {"policies.mediation.staff_per_10k": 80}


@pytest.fixture(scope="module")
def state(tmp_path_factory) -> State:
    """The two villages until the middle of their quarter, from the file."""
    folder = tmp_path_factory.mktemp("状 态")
    path = sim.run(villages(), SEED, until=DAY, out=folder).path
    assert path is not None
    return State.read(path)


def values(run: RunResult) -> tuple:
    """All that a run gives."""
    return run.outcomes, run.trajectory


def test_a_branch_into_the_same_scenario_is_the_unbroken_run(state):
    whole, branch = sim.run(villages(), SEED), sim.branch(state, villages())
    assert branch.run_id == whole.run_id
    assert same_values(values(branch), values(whole))
    assert branch.steps == whole.steps
    assert branch.document["branched"] == {"state": state.identity, "on": "2020-02-14"}


def test_a_branch_into_another_policy_is_the_run_of_that_policy_from_the_day_on(state):
    dated = {"policies.mediation.staff_per_10k": [{"from": DAY, "value": 80}]}
    whole, branch = sim.run(villages(), SEED, dated), sim.branch(state, villages(), MORE)
    assert branch.run_id == whole.run_id
    assert same_values(values(branch), values(whole))
    assert branch.run_id != sim.run(villages(), SEED, MORE).run_id


def test_branches_leave_the_state_and_each_other_alone(state):
    first = sim.branch(state, villages())
    other = sim.branch(state, villages(), MORE)
    again = sim.branch(state, villages())
    assert same_values(values(first), values(again))
    assert not same_values(values(first), values(other))


def test_a_branch_of_a_branch_is_the_unbroken_run(state):
    plan = planned(state, villages(**{"policies__mediation__staff_per_10k": 80}))
    later = run_until(plan.scenario, SEED, date(2020, 3, 4), origin=state)
    branch = sim.branch(later, villages(), {"policies.mediation.staff_per_10k": 20})
    steps = [{"from": DAY, "value": 80}, {"from": date(2020, 3, 4), "value": 20}]
    whole = sim.run(villages(), SEED, {"policies.mediation.staff_per_10k": steps})
    assert branch.run_id == whole.run_id
    assert same_values(values(branch), values(whole))


def test_a_longer_run_goes_on_from_the_same_state(state):
    whole = sim.run(villages(time__years=0.4), SEED)
    branch = sim.branch(state, villages(time__years=0.4))
    assert branch.run_id == whole.run_id
    assert same_values(values(branch), values(whole))


def test_a_state_of_the_first_day_saves_the_warm_up():
    state = sim.run(villages(), SEED, until="2020-01-01")
    whole, branch = sim.run(villages(), SEED, MORE), sim.branch(state, villages(), MORE)
    assert branch.run_id == whole.run_id
    assert same_values(values(branch), values(whole))


def test_nothing_that_a_city_holds_escapes():
    """Every object of an unbroken run is there in its branch some steps later, bit for bit."""
    scenario = city()
    state = run_until(scenario, SEED, date(2020, 3, 1))
    broken, _ = state.resumed(scenario)
    whole = warm(scenario, SEED)
    recorder = Recorder(whole, None)
    for _ in stepping(whole, scenario, until=int(state.head["steps"])):
        recorder.after_step()
    for running in (whole, broken):
        for _ in range(6):
            running.step()
    held = []
    for running in (whole, broken):
        outside = {"place": running.world.place, "draws": running.world.draws}
        nodes, arrays = taken_apart({"it": dict(vars(running))}, outside)
        held.append((nodes, [(array.dtype, array.tobytes()) for array in arrays]))
    assert held[0] == held[1]
    assert len(held[0][1]) > 300


def test_a_parameter_of_a_mechanism_can_change_on_the_day(state):
    changed = villages(parameters__grievance__decay_per_year=2.5)
    branch = sim.branch(state, changed)
    later = ((DAY, {"grievance.decay_per_year": 2.5}),)
    whole = replicate([replace(villages(), retuned=later)], SEED)[0]
    assert branch.run_id == whole.run_id
    assert same_values(values(branch), values(whole))
    others = {sim.run(villages(), SEED).run_id, sim.run(changed, SEED).run_id}
    assert branch.run_id not in others
    assert not same_values(values(branch), values(sim.branch(state, villages())))


def test_a_parameter_that_shaped_the_start_cannot(state):
    settings = {"parameters.land.family_farm.mu": 90, "parameters.grievance.decay_per_year": 2}
    with pytest.raises(ScenarioError) as refused:
        sim.branch(state, villages(), settings)
    assert [fault.key for fault in refused.value.faults] == ["parameters.land.family_farm.mu"]
    assert "run from the start" in str(refused.value)


def test_what_the_city_stands_on_cannot_change_and_all_of_it_is_told_at_once(state):
    other = villages(
        time__step_days=3.5,
        time__years=0.1,
        mechanisms=["influence", "grievance", "disputes"],
        parameters__world__oldest_age=95,
    )
    with pytest.raises(ScenarioError) as refused:
        sim.branch(state, other)
    keys = {fault.key for fault in refused.value.faults}
    assert {"time.step_days", "mechanisms", "parameters.world.oldest_age", "time.years"} <= keys
    assert all(fault.where == str(state.path) for fault in refused.value.faults)


SHOCK = {"kind": "flood", "division": "xiashan", "households": 20}


def test_a_shock_may_come_after_the_day_but_not_before_it(state):
    division = state.resumed(villages())[0].world.place.divisions[0]
    late = SHOCK | {"on": date(2020, 2, 20), "division": division}
    branch = sim.branch(state, villages(), {"shocks": [late]})
    assert branch.run_id == sim.run(villages(), SEED, {"shocks": [late]}).run_id
    early = late | {"on": date(2020, 1, 20)}
    with pytest.raises(ScenarioError, match=r"flood of 2020-01-20 lies in the past"):
        sim.branch(state, villages(), {"shocks": [early]})


def test_a_shock_that_came_stays_where_the_branch_does_not_tell_of_it():
    division = sim.load("two-villages").place.divisions[0]
    came = SHOCK | {"on": date(2020, 1, 20), "division": division}
    state = sim.run(villages(), SEED, {"shocks": [came]}, until=DAY)
    branch = sim.branch(state, villages())
    whole = sim.run(villages(), SEED, {"shocks": [came]})
    assert branch.run_id == whole.run_id
    assert same_values(values(branch), values(whole))


def test_a_level_without_a_date_holds_from_the_day_on_and_that_is_told(state):
    assert planned(state, villages()).replaced == ()
    more = villages(policies__mediation__staff_per_10k=80)
    assert planned(state, more).replaced == ("mediation.staff_per_10k",)


def test_a_level_that_is_dated_before_the_day_must_be_what_was(state):
    steps = [{"from": "2020-02-01", "value": 80}, {"from": "2020-03-01", "value": 20}]
    dated = villages(policies__mediation__staff_per_10k=steps)
    with pytest.raises(ScenarioError) as refused:
        planned(state, dated)
    (fault,) = refused.value.faults
    assert (fault.where, fault.key) == (str(state.path), "policies.mediation.staff_per_10k")
    assert "dated 2020-02-01" in fault.trouble
    assert "2020-02-14 or later" in fault.allowed
    earlier = sim.run(dated, SEED, until=DAY)
    assert planned(earlier, dated).scenario.canonical() == dated.canonical()


def test_a_branch_can_be_written_as_a_scenario_that_states_its_dates(state):
    low = villages(policies__mediation__staff_per_10k=20)
    plan = planned(sim.run(low, SEED, until=DAY), villages(policies__mediation__staff_per_10k=80))
    again = sim.load(plan.scenario.resolved())
    assert again.canonical() == plan.scenario.canonical()
    assert len(again.canonical()["policies"]["mediation.staff_per_10k"]) == 2


@pytest.mark.parametrize("day", ["2019-12-31", "2020-04-30"])
def test_a_day_outside_of_the_run_is_refused(day, tmp_path):
    with pytest.raises(ScenarioError, match=f"until: {day} is outside the run"):
        sim.run(villages(), SEED, until=day, out=tmp_path / "x")
    assert not (tmp_path / "x").exists()


def test_what_is_no_day_is_refused(tmp_path):
    with pytest.raises(ShiyuError, match="until: 2020-02-30 is no day"):
        sim.run(villages(), SEED, until="2020-02-30", out=tmp_path / "x")
    assert not (tmp_path / "x").exists()


@pytest.mark.parametrize("day", [datetime(2020, 2, 14, 12), pd.Timestamp("2020-02-14"), DAY])
def test_a_day_may_be_given_with_its_hour(day):
    assert on_day(day) == DAY
    assert type(on_day(day)) is date


@pytest.mark.parametrize("given", [2020, pd.NaT])
def test_what_names_no_day_is_told_as_it_was_given(given):
    with pytest.raises(ShiyuError, match=f"until: {given} is no day"):
        sim.run(villages(), SEED, until=given)


def test_a_state_is_saved_once_and_a_torn_one_anew(state, tmp_path, monkeypatch):
    first = sim.run(villages(), SEED, until=DAY, out=tmp_path)
    path = Path(str(first.path))
    built: list[int] = []
    monkeypatch.setattr("sim.engine.state.warm", lambda *_: built.append(1) or warm(*_))
    assert sim.run(villages(), SEED, until=DAY, out=tmp_path).identity == state.identity
    assert built == []
    path.write_bytes(path.read_bytes()[:1000])
    with pytest.raises(StoreError):
        State.read(path)
    sim.run(villages(), SEED, until=DAY, out=tmp_path)
    assert built == [1]
    assert State.read(path).identity == state.identity


def test_scenarios_that_differ_only_after_the_day_share_the_state(state):
    later = {"policies.mediation.staff_per_10k": [{"from": DAY, "value": 80}], "time.years": 0.4}
    assert sim.run(villages(), SEED, later, until=DAY).identity == state.identity
    earlier = {"policies.mediation.staff_per_10k": [{"from": "2020-02-01", "value": 80}]}
    assert sim.run(villages(), SEED, earlier, until=DAY).identity != state.identity


def test_a_branch_is_kept_and_read_the_next_time(state, tmp_path):
    plan = planned(state, villages())
    first = run_branch(plan, tmp_path)
    assert first.files["run"]
    second = run_branch(plan, tmp_path)
    assert same_values(values(first), values(second))
    assert second.seconds == first.seconds
    assert sim.run(villages(), SEED, out=tmp_path).seconds == first.seconds
