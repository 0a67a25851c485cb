"""The graph of a population comes to its inputs: degrees, places, clustering and homophily."""

import networkx as nx
import numpy as np
import pytest

from sim.kernel import Draws, ScenarioError, Table
from sim.world.graph import SocialGraph
from sim.world.tie_building import TieBuilder, build_ties
from sim.world.tie_inputs import (
    CLUSTERING_TOLERANCE,
    DEGREE_TOLERANCE,
    HOMOPHILY_TOLERANCE,
    LOCAL_SHARE_TOLERANCE,
    tie_inputs,
)
from sim.world.tie_measures import clustering, measured
from sim.world.ties import LAYERS, Ties

from .made_people import made_people, tie_values

SIZES = [180, 320, 250, 210, 300, 240, 260, 200, 340, 220, 280, 230]
DIVISIONS = [0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1]
CHOSEN = LAYERS[1:]


@pytest.fixture(scope="module")
def town() -> tuple[Table, Table]:
    return made_people(SIZES, DIVISIONS)


@pytest.fixture(scope="module")
def ties(town) -> Ties:
    return build_ties(*town, tie_values(), Draws(7))


def ends(ties: Ties, layer: str) -> tuple[np.ndarray, np.ndarray]:
    held = ties.in_layer(layer)
    return np.repeat(np.arange(ties.n), ties.degree)[held], ties.indices[held]


@pytest.mark.parametrize("layer", CHOSEN)
def test_each_layer_has_its_mean_degree_and_its_share_inside_the_unit(town, ties, layer):
    values, found = tie_values(), measured(ties, town[0])
    degree, share = values[f"ties.degree.{layer}"], values[f"ties.local_share.{layer}"]
    assert found[f"degree.{layer}"] == pytest.approx(degree, rel=DEGREE_TOLERANCE)
    assert found[f"local_share.{layer}"] == pytest.approx(share, abs=LOCAL_SHARE_TOLERANCE)


@pytest.mark.parametrize("changed", [{"kin": 7.0, "friends": 1.5}, {"online": 0.0, "coworkers": 5}])
def test_other_degrees_are_met_too(town, changed):
    values = tie_values(**{f"degree__{layer}": degree for layer, degree in changed.items()})
    found = measured(build_ties(*town, values, Draws(3)), town[0])
    for layer in CHOSEN:
        aim = values[f"ties.degree.{layer}"]
        assert found[f"degree.{layer}"] == pytest.approx(aim, rel=DEGREE_TOLERANCE)


def test_neighbours_may_live_across_the_border_of_the_unit(town):
    values = tie_values(local_share__neighbours=0.7)
    found = measured(build_ties(*town, values, Draws(3)), town[0])
    assert found["local_share.neighbours"] == pytest.approx(0.7, abs=LOCAL_SHARE_TOLERANCE)


def test_all_pairs_of_a_household_are_tied_and_nobody_else_is_by_that_layer(town, ties):
    household = town[0].household
    size = np.bincount(household)[household]
    a, b = ends(ties, "household")
    assert np.array_equal(np.bincount(a, minlength=ties.n), size - 1)
    assert np.array_equal(household[a], household[b])


@pytest.mark.parametrize("layer", CHOSEN)
def test_no_other_layer_ties_people_who_live_together(town, ties, layer):
    a, b = ends(ties, layer)
    assert not np.any(town[0].household[a] == town[0].household[b])


def test_co_workers_both_have_work(town, ties):
    a, b = ends(ties, "coworkers")
    assert town[0].employed[a].all()
    assert town[0].employed[b].all()


def test_without_work_there_are_no_co_workers():
    people, units = made_people(SIZES[:4], [0, 0, 0, 0], employed_share=0.0)
    found = measured(build_ties(people, units, tie_values(), Draws(1)), people)
    assert found["degree.coworkers"] == 0.0
    assert found["degree.friends"] == pytest.approx(3.0, rel=DEGREE_TOLERANCE)


def test_neighbours_live_near_one_another_along_the_street(town, ties):
    """Along the ring of a unit nearly everybody is within 60 people; chance would give half."""
    a, b = ends(ties, "neighbours")
    size = np.array(SIZES)[town[0].unit[a]]
    apart = np.abs(a - b)
    near = np.minimum(apart, size - apart) <= 60
    assert np.mean(near) > 0.97


def test_a_tie_outside_lies_mostly_in_the_division_but_online_anywhere(town, ties):
    people = town[0]

    def share_within(layer: str) -> float:
        a, b = ends(ties, layer)
        outside = people.unit[a] != people.unit[b]
        return float(np.mean((people.division[a] == people.division[b])[outside]))

    assert share_within("coworkers") > 0.85
    assert share_within("kin") > 0.75
    # half of the other people live in the other division, and the ring reaches across it
    assert share_within("online") < 0.6


def test_kin_of_people_who_came_from_elsewhere_live_in_villages_or_came_too(town, ties):
    """The migration chain: .8 x .7 of their own picks go to villages, a third of all units."""
    people = town[0]
    a, b = ends(ties, "kin")
    outside = people.unit[a] != people.unit[b]
    rural, came = people.kind[b] == 2, people.registration[b] == 2
    chained = np.mean((rural | came)[outside & (people.registration[a] == 2)])
    others = np.mean((rural | came)[outside & (people.registration[a] != 2)])
    assert chained > others + 0.1


@pytest.mark.parametrize("aim", [0.12, 0.25, 0.35])
def test_mean_local_clustering_hits_its_aim(town, aim):
    built = build_ties(*town, tie_values(clustering=aim), Draws(5))
    assert clustering(built) == pytest.approx(aim, abs=CLUSTERING_TOLERANCE)


def test_clustering_is_the_one_that_networkx_computes(town, ties):
    assert clustering(ties) == pytest.approx(nx.average_clustering(SocialGraph(ties)))


def test_a_clustering_out_of_reach_is_refused_with_what_can_be_reached(town):
    with pytest.raises(ScenarioError) as caught:
        build_ties(*town, tie_values(clustering=0.9), Draws(5))
    (fault,) = caught.value.faults
    assert fault.key == "ties.clustering"
    low, high = (float(word) for word in fault.allowed.split() if word[0].isdigit())
    assert 0.0 < low < 0.1
    assert 0.35 < high < 0.9


@pytest.mark.parametrize("aim", [0.0, 0.3, 0.6])
def test_homophily_thins_the_ties_across_the_classes(aim):
    """Thirty units: the standard error of the measured homophily is near .015."""
    people, units = made_people(SIZES[:10] * 3, [0] * 15 + [1] * 15)
    found = measured(build_ties(people, units, tie_values(homophily=aim), Draws(2)), people)
    assert found["homophily"] == pytest.approx(aim, abs=HOMOPHILY_TOLERANCE)


def test_one_unit_of_single_people_has_2p_1_minus_p_1_minus_h_of_its_ties_across():
    """2,000 people, 18,000 ties: standard error .003; each lives alone, all ties are chosen."""
    people, units = made_people([2000], [0], largest_household=1)
    p = np.mean(people.registration == 2)
    for h in (0.0, 0.3, 0.6):
        found = measured(build_ties(people, units, tie_values(homophily=h), Draws(4)), people)
        assert found["cross_class_share"] == pytest.approx(2 * p * (1 - p) * (1 - h), abs=0.015)


def test_full_homophily_leaves_no_tie_across():
    people, units = made_people(SIZES, DIVISIONS)
    found = measured(build_ties(people, units, tie_values(homophily=1.0), Draws(2)), people)
    assert found["cross_class_share"] == 0.0


def test_the_same_seed_gives_the_same_bits_and_another_seed_others(town, ties):
    again = build_ties(*town, tie_values(), Draws(7))
    other = build_ties(*town, tie_values(), Draws(8))
    assert again.indices.tobytes() == ties.indices.tobytes()
    assert again.layers.tobytes() == ties.layers.tobytes()
    assert not np.array_equal(other.indices, ties.indices)


def test_ties_inside_a_unit_do_not_depend_on_what_other_units_there_are(town):
    """Luck belongs to people and units, not to rows: without the first unit the others keep it."""
    people, units = town
    later = people.unit > 0
    fewer = Table(int(later.sum()), **{name: people[name][later] for name in people})
    fewer.unit = people.unit[later] - np.int32(1)
    rest = Table(len(units) - 1, **{name: units[name][1:] for name in units})
    # co-workers share out the ties of all adults among the employed, whose share may differ
    inputs = tie_inputs(tie_values(degree__coworkers=0))
    whole = TieBuilder(people, units, inputs, Draws(7)).ties(0.6)
    part = TieBuilder(fewer, rest, inputs, Draws(7)).ties(0.6)

    def inside(ties: Ties, ids: np.ndarray, unit: np.ndarray) -> set[tuple[int, int]]:
        a, b, _, _ = ties.pairs()
        near = unit[a] == unit[b]
        return set(zip(ids[a[near]].tolist(), ids[b[near]].tolist(), strict=True))

    first = set(people.id[~later].tolist())
    kept = {p for p in inside(whole, people.id, people.unit) if p[0] not in first}
    assert len(kept) > 10_000
    # ties outside come between: somebody in the circle may be known already, or not any more
    assert len(kept ^ inside(part, fewer.id, fewer.unit)) < 0.02 * len(kept)


def test_clustering_does_not_depend_on_how_many_units_are_kept():
    def at(units_per_division: int) -> float:
        count = 2 * units_per_division
        divisions = [0] * units_per_division + [1] * units_per_division
        people, units = made_people([250] * count, divisions, seed=count)
        return clustering(TieBuilder(people, units, tie_inputs(tie_values()), Draws(1)).ties(0.7))

    assert at(3) == pytest.approx(at(15), abs=CLUSTERING_TOLERANCE)


def test_a_place_of_one_unit_keeps_all_ties_inside():
    people, units = made_people([400], [0])
    found = measured(build_ties(people, units, tie_values(), Draws(1)), people)
    for layer in CHOSEN:
        assert found[f"local_share.{layer}"] == 1.0
        aim = tie_values()[f"ties.degree.{layer}"]
        assert found[f"degree.{layer}"] == pytest.approx(aim, rel=DEGREE_TOLERANCE)


def test_somebody_alone_in_a_unit_finds_ties_elsewhere():
    people, units = made_people([1, 300, 250], [0, 0, 1])
    built = build_ties(people, units, tie_values(), Draws(1))
    assert built.degree[0] > 0
    assert not np.any(people.unit[built.neighbours(0)] == 0)


def test_a_stronger_layer_decides_the_strength_of_a_tie_in_two_layers(town, ties):
    names = [name for name in LAYERS if name != "household"]
    strongest = np.zeros(ties.indices.size, np.float32)
    for name in [*names, "household"]:
        held = ties.in_layer(name)
        of_layer = np.float32(tie_values()[f"ties.strength.{name}"])
        strongest[held] = np.maximum(strongest[held], of_layer)
    assert np.array_equal(strongest, ties.strength)


def test_all_values_that_cannot_be_used_are_named_at_once():
    values = tie_values(homophily=1.5, degree__kin=-1.0, strength__online=float("nan"))
    del values["ties.local_share.friends"]
    with pytest.raises(ScenarioError) as caught:
        tie_inputs(values)
    assert {fault.key for fault in caught.value.faults} == {
        "ties.homophily",
        "ties.degree.kin",
        "ties.strength.online",
        "ties.local_share.friends",
    }
