"""A push through people's minds dies out within a turn or two."""

import numpy as np
import pytest
from scipy.special import expit

from sim.engine.order import WEEK
from sim.evidence.loops import HIGHEST, Loop, faults, loops
from sim.mechanisms.society.acts import CIVIC
from sim.mechanisms.society.participation import Participation
from sim.verify.bench import bare_world, ready, weeks
from sim.world.place import load_place

SETTINGS = {f"{k.name}.{name}": p.default for k in WEEK for name, p in k.ledger().items()}
PLACE = load_place("jincheng-2020").values


def gains(**changed: float) -> dict[str, float]:
    settings = SETTINGS | {name.replace("__", "."): value for name, value in changed.items()}
    return {loop.name: loop.gain for loop in loops(settings, PLACE)}


def test_every_loop_is_weak_at_the_defaults():
    assert faults(loops(SETTINGS, PLACE)) == []
    assert max(gains().values()) < 0.6 * HIGHEST


def test_peers_are_a_loop_through_every_act_at_once():
    """Who sees more people take part leans more to each act: the slope of doing any of them."""
    scores = np.linspace(-6.0, 6.0, 4001)
    weights = np.exp(-(scores**2) / 2.0)
    leaning = SETTINGS["participation.person_sd"] * scores
    constants = [SETTINGS[f"participation.constant.{act}"] for act in CIVIC]

    def any_act(more):
        none = np.prod([1.0 - expit(c + leaning + more) for c in constants], axis=0)
        return np.average(1.0 - none, weights=weights)

    slope = (any_act(1e-4) - any_act(-1e-4)) / 2e-4
    assert gains()["peers"] == pytest.approx(SETTINGS["participation.peers"] * slope, rel=1e-3)


def test_the_widest_range_of_peers_keeps_their_loop_weak():
    (peers,) = (p for k in WEEK for name, p in k.ledger().items() if name == "peers")
    assert gains(participation__peers=peers.high)["peers"] < HIGHEST


def test_the_gains_are_those_worked_out_by_hand():
    # .406 x .3 x .239 x (.3 x .343 + .4 x .657 x 50 / 365.25)
    found = gains()
    assert found["grievance of a person in a dispute"] == pytest.approx(0.0040, abs=1e-4)
    # .0042 without peers, who give back .154 of it
    assert found["norm"] == pytest.approx(0.0042 / (1.0 - 0.154), abs=2e-4)
    # .8 x 800 of 10,000 residents, 1.22 an adult x 36 days open x .4 x .92 / (.08 + .92)^2
    by_hand = 0.8 * 0.08 * 1.22 * 36 / 365.25 * 0.4 * 0.92 / 1.0**2
    assert found["disputes"] == pytest.approx(by_hand, rel=0.03)
    # .6 of income are dues x .227 x .144 x .68
    assert found["dues"] == pytest.approx(0.6 * 0.227 * 0.144 * 0.68, rel=0.05)
    # .25 a sd of .2; .070 of adults a year deliberate; a step of .04 fades at .5 a year
    assert found["deliberation"] == pytest.approx(
        0.25 / 0.2 * 0.070 * 0.04 / 0.5 / (1.0 - 0.154), abs=2e-4
    )


ENDS = {
    f"{kind.name}.{name}": (parameter.low, parameter.high)
    for kind in WEEK
    for name, parameter in kind.ledger().items()
}


@pytest.mark.parametrize("end", [0, 1], ids=["low", "high"])
def test_no_parameter_alone_at_an_end_of_its_range_makes_a_loop_strong(end):
    strong = {
        name: found
        for name, ends in ENDS.items()
        if (found := faults(loops(SETTINGS | {name: ends[end]}, PLACE)))
    }
    assert strong == {}


def test_a_range_that_is_too_wide_would_be_found_out():
    (fault,) = faults(loops(SETTINGS | {"participation.peers": 2.0}, PLACE))
    assert fault.startswith("peers: ")


@pytest.mark.parametrize("gain", [HIGHEST, np.inf, np.nan])
def test_a_loop_at_the_limit_and_one_without_a_finite_gain_are_found_out(gain):
    (fault,) = faults((Loop("made up", (("half", 0.5), ("twice", 2.0), ("gain", gain))),))
    assert fault.startswith("made up: ")
    assert faults((Loop("made up", (("half", 0.5), ("gain", HIGHEST))),)) == []


def test_peers_who_multiply_without_end_leave_no_loop_that_they_have_a_part_in_finite():
    found = gains(participation__peers=100.0)
    assert found["peers"] > 1.0
    assert (found["norm"], found["deliberation"]) == (np.inf, np.inf)


def test_a_hundredfold_slope_of_grievance_on_distress_is_found_out():
    settings = SETTINGS | {"wellbeing.from_grievance": 100.0 * SETTINGS["wellbeing.from_grievance"]}
    (fault,) = faults(loops(settings, PLACE))
    assert fault.startswith("grievance of a person in a dispute: 0.4")


def test_disputes_that_rise_a_hundredfold_with_grievance_are_found_out():
    planted = {"disputes.grievance_log_slope": 80.0, "grievance.inflow_dispute": 1.0}
    (fault,) = faults(loops(SETTINGS | planted, PLACE))
    assert fault.startswith("disputes: 0.7")


def test_bodies_that_draw_everybody_in_are_found_out():
    (fault,) = faults(loops(SETTINGS | {"organisations.activity_logit": 10.0}, PLACE))
    assert fault.startswith("dues: ")


def test_the_far_ends_of_bodies_together_keep_their_loop_weak():
    far = {"activity_elasticity": 0.41, "activity_logit": 0.3, "own_income": 80_000.0}
    assert gains(**{f"organisations__{name}": value for name, value in far.items()})["dues"] < 0.12


def test_the_far_ends_of_disputes_together_keep_their_loop_weak():
    far = gains(
        disputes__grievance_log_slope=2.0,
        grievance__inflow_dispute=1.0,
        grievance__decay_per_year=0.35,
        grievance__inflow_base=0.02,
    )
    assert far["disputes"] < HIGHEST


def test_a_fiftyfold_step_of_efficacy_is_found_out():
    (fault,) = faults(loops(SETTINGS | {"participation.efficacy_step": 50 * 0.04}, PLACE))
    assert fault.startswith("deliberation: 0.4")


def test_the_widest_ranges_keep_the_loop_of_deliberation_weak():
    (ledger,) = (kind.ledger() for kind in WEEK if kind.name == "participation")
    widest = gains(
        participation__efficacy=ledger["efficacy"].high,
        participation__efficacy_step=ledger["efficacy_step"].high,
        participation__efficacy_fade=ledger["efficacy_fade"].low,
    )
    assert widest["deliberation"] < HIGHEST


def test_a_step_of_efficacy_in_the_rule_is_what_the_loop_says():
    """Forty years of results that are all adopted leave rate x step / fade of efficacy."""
    rate = 0.5
    rule = Participation()
    world = bare_world(2_000, seed=1)
    ready(world, rule)
    world.levers["deliberation.adoption_share"][:] = 1.0
    everybody = np.arange(2_000)
    total, steps = 0.0, 0
    for clock in weeks(40.0):
        acts = everybody[
            world.draws.uniform("test.acts", everybody, clock.week) < rate * 7 / 365.25
        ]
        rule.learn_from_results(world, clock, acts)
        if clock.begins > 20.0 * 365.25:
            total, steps = total + float(world.people.efficacy_lift.mean()), steps + 1
    expected = rate * rule.efficacy_step / rule.efficacy_fade
    # a person's lift has sd step sqrt(rate / 2 fade) = .028; 2,000 people, ten times or so afresh;
    # whole weeks add fade x week / 2, a two-hundredth of .04
    assert total / steps == pytest.approx(expected, abs=4 * 0.028 / np.sqrt(2_000 * 10) + 3e-4)


def test_without_a_link_nothing_comes_back():
    assert gains(wellbeing__intensity_slope=0.0)["grievance of a person in a dispute"] == 0.0
    assert gains(norms__activity_gain=0.0)["norm"] == 0.0
    assert gains(participation__efficacy=0.0)["deliberation"] == 0.0


def test_peers_multiply_what_norms_do():
    assert gains(participation__peers=1.6)["norm"] > 1.1 * gains()["norm"]
