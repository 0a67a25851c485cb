"""Switching a mechanism off leaves the luck of the others alone."""

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from promises.small import assert_same_values, openings, villages
from sim.engine.build import build
from sim.engine.order import WEEK
from sim.mechanisms.conflict.disputes import Disputes
from tests.thinned import one_in

STEPS = 26
OFTEN = {k: 10 * rate.default for k, rate in Disputes.rate.items()}  # some 350 disputes
# Disputes come at the same rate whatever people feel, so that any change comes from the luck.
STILL = {"parameters.disputes": {"grievance_log_slope": 0, "norm_log_slope": 0}}
EVEN = {"parameters.wellbeing.intensity_slope": 0}  # nor does distress make them more intense
OUTCOME_OF = ["id", "person", "domain", "opened", "intensity", "counterpart", "against"]


def without(*names: str, **settings: object) -> object:
    kept = [kind.name for kind in WEEK if kind.name not in names]
    rates = {"parameters.disputes.rate": OFTEN} | EVEN
    return villages(mechanisms=kept, **(settings | rates))


@pytest.fixture(scope="module")
def opened() -> Callable[..., pd.DataFrame]:
    """The disputes that arise in half a year, without these mechanisms; each world made once."""
    made: dict[tuple[object, ...], tuple[pd.DataFrame, list[pd.DataFrame]]] = {}

    def arisen(*off: str, still: bool = True) -> tuple[pd.DataFrame, list[pd.DataFrame]]:
        key = (*off, still)
        if key not in made:
            running = build(without(*off, **(STILL if still else {})), 7)
            requests = []
            with pytest.MonkeyPatch.context() as patch, openings(patch) as kept:
                for _ in range(STEPS):
                    running.step()
                    table = running.world.tables["requests"]
                    requests.append(pd.DataFrame({name: table[name].copy() for name in table}))
            made[key] = pd.concat(kept, ignore_index=True), requests
        return made[key]

    return arisen


SWITCHED_OFF = ["budget", "staffing", "detection", "petitions", "participation", "grievance"]


@pytest.mark.parametrize("name", one_in(4, [*SWITCHED_OFF, "influence", "mediation", "courts"]))
def test_the_same_disputes_arise_without(opened, name):
    with_all, _ = opened()
    assert_same_values(opened(name)[0], with_all)


def test_moods_move_how_many_disputes_arise_but_not_their_luck(opened):
    """Those that arise under either have the same day, intensity and counterpart under both."""
    moved, still = opened(still=False)[0], opened()[0]
    both = moved.merge(still, on="id", suffixes=("", "_still"))
    assert len(both) < max(len(moved), len(still))
    assert len(both) > 0.6 * len(still)
    for name in OUTCOME_OF[1:]:
        assert np.array_equal(both[name], both[f"{name}_still"])


@pytest.mark.parametrize("name", ["participation", "petitions", "influence"])
def test_the_same_requests_come_in_and_take_as_long_without(opened, name):
    ours, theirs = opened()[1], opened(name)[1]
    assert max(map(len, ours)) > 0
    for before, after in zip(ours, theirs, strict=True):
        assert_same_values(before, after)


def test_without_influence_disputes_differ_by_the_multiplier_alone(opened):
    """A calmer or angrier person has fewer or more of the same candidates."""
    spread, alone = opened(still=False)[0], opened("influence", still=False)[0]
    both = spread.merge(alone, on="id", suffixes=("", "_alone"))
    assert len(both) > 0.9 * len(spread)
    for name in OUTCOME_OF[1:]:
        assert np.array_equal(both[name], both[f"{name}_alone"])
