"""Degrees, clustering and mixing of classes are read off a graph as one would by hand."""

import numpy as np
import pytest

from sim.kernel import Table
from sim.world.tie_measures import clustering, measured
from sim.world.ties import Ties


def four_people(registration=(0, 1, 2, 2), **changed) -> Table:
    """Two registered here and two not, each alone at home, in one unit, at work."""
    columns = {
        "id": np.arange(4, dtype=np.uint64),
        "unit": np.zeros(4, np.int32),
        "household": np.arange(4, dtype=np.int32),
        "registration": np.array(registration, np.int8),
        "employed": np.ones(4, bool),
        "division": np.zeros(4, np.int8),
        "kind": np.zeros(4, np.int8),
    }
    return Table(4, **columns | changed)


def friends(*pairs: tuple[int, int], n: int = 4) -> Ties:
    a, b = np.array(pairs).T
    return Ties.from_edges(n, a, b, 1.0, "friends")


ALL_PAIRS = [(0, 1), (0, 2), (0, 3), (1, 2), (1, 3), (2, 3)]


def test_a_triangle_with_a_pendant_clusters_at_seven_twelfths():
    ties = friends((0, 1), (1, 2), (0, 2), (2, 3))
    assert clustering(ties) == pytest.approx((1 + 1 + 1 / 3 + 0) / 4)
    assert clustering(ties, np.array([2])) == pytest.approx(1 / 3)


def test_everybody_knowing_everybody_mixes_as_chance_would():
    found = measured(friends(*ALL_PAIRS), four_people())
    assert found["degree"] == 3.0
    assert found["degree.friends"] == 3.0
    assert found["degree.kin"] == 0.0
    assert found["cross_class_share"] == pytest.approx(4 / 6)
    assert found["homophily"] == pytest.approx(0.0)


def test_ties_within_the_classes_alone_are_full_homophily():
    found = measured(friends((0, 1), (2, 3)), four_people())
    assert found["cross_class_share"] == 0.0
    assert found["homophily"] == 1.0


def test_half_the_ties_across_where_chance_gives_two_thirds_is_a_quarter_less():
    found = measured(friends((0, 1), (2, 3), (0, 2), (1, 3)), four_people())
    assert found["homophily"] == pytest.approx(1 - (1 / 2) / (2 / 3))


def test_one_class_alone_has_no_homophily_to_speak_of():
    found = measured(friends(*ALL_PAIRS), four_people(registration=(0, 1, 0, 1)))
    assert found["homophily"] == 0.0


def test_the_own_household_is_no_pool():
    """0 and 1 live together, 2 and 3 alone: every pick of 0 and 1 crosses, half of 2's and 3's."""
    people = four_people(household=np.array([0, 0, 1, 2], np.int32))
    found = measured(friends((0, 2), (1, 3)), people)
    by_chance = (1 + 1 + 2 / 3 + 2 / 3) / 4
    assert found["homophily"] == pytest.approx(1 - 1 / by_chance)


def test_ties_outside_the_unit_are_told_from_those_inside():
    people = four_people(unit=np.array([0, 0, 1, 1], np.int32))
    found = measured(friends((0, 1), (0, 2), (1, 3), (2, 3)), people)
    assert found["local_share.friends"] == 0.5
    inside, outside = 0.0, 1.0  # each unit is of one class
    by_chance = (inside + outside) / 2
    assert found["homophily"] == pytest.approx(1 - 0.5 / by_chance)
