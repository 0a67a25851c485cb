"""A push through people's minds dies out within a turn or two."""

import numpy as np
import pytest
from scipy.special import expit

from sim.engine.order import WEEK
from sim.evidence.loops import HIGHEST, faults, loops
from sim.mechanisms.society.acts import CIVIC
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


def test_a_hundredfold_slope_of_grievance_on_distress_is_found_out():
    settings = SETTINGS | {"wellbeing.from_grievance": 100.0 * SETTINGS["wellbeing.from_grievance"]}
    (fault,) = faults(loops(settings, PLACE))
    assert fault.startswith("grievance of a person in a dispute: 0.4")


def test_without_a_link_nothing_comes_back():
    assert gains(wellbeing__intensity_slope=0.0)["grievance of a person in a dispute"] == 0.0
    assert gains(norms__activity_gain=0.0)["norm"] == 0.0


def test_peers_multiply_what_norms_do():
    assert gains(participation__peers=1.6)["norm"] > 1.1 * gains()["norm"]
