"""Ties are one symmetric graph, however listed; means over them are weighted by strength."""

import pickle

import numpy as np
import pytest

from sim.world.ties import LAYER_BITS, LAYERS, Ties, narrowed


def three_friends() -> Ties:
    """0 knows 1 (strength 1) and 2 (strength 3); 3 knows nobody."""
    return Ties.from_edges(4, np.array([0, 2]), np.array([1, 0]), np.array([1.0, 3.0]), "friends")


def some_pairs(seed: int = 0) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    luck = np.random.default_rng(seed)
    a, b = luck.integers(0, 40, 300), luck.integers(0, 40, 300)
    apart = a != b
    strength = luck.random(300).astype(np.float32) + np.float32(0.1)
    layers = luck.integers(1, 64, 300).astype(np.uint8)
    return a[apart], b[apart], strength[apart], layers[apart]


def test_a_tie_stands_in_both_rows():
    ties = three_friends()
    assert ties.indptr.tolist() == [0, 2, 3, 4, 4]
    assert ties.indices.tolist() == [1, 2, 0, 0]
    assert ties.strength.tolist() == [1.0, 3.0, 1.0, 3.0]
    assert ties.degree.tolist() == [2, 1, 1, 0]
    assert ties.isolated.tolist() == [False, False, False, True]
    assert ties.neighbours(0).tolist() == [1, 2]


def test_a_pair_known_in_two_ways_is_one_tie_as_strong_as_the_stronger():
    masks = np.array([LAYER_BITS["kin"], LAYER_BITS["coworkers"]])
    ties = Ties.from_edges(2, np.array([0, 1]), np.array([1, 0]), np.array([0.6, 0.3]), masks)
    assert ties.indices.tolist() == [1, 0]
    assert ties.strength.tolist() == [np.float32(0.6)] * 2
    assert ties.in_layer("kin").all()
    assert ties.in_layer("coworkers").all()
    assert not ties.in_layer("friends").any()


def test_the_mean_over_ties_is_weighted_by_strength_and_nil_for_the_isolated():
    values = np.array([[7.0, 0.0], [10.0, 1.0], [20.0, 1.0], [99.0, 1.0]])
    means = three_friends().neighbour_means(values)
    assert means.dtype == np.float32
    assert means.tolist() == [[17.5, 1.0], [7.0, 0.0], [7.0, 0.0], [0.0, 0.0]]


def test_one_column_may_be_given_flat():
    means = three_friends().neighbour_means(np.array([7.0, 10.0, 20.0, 99.0]))
    assert means.tolist() == [17.5, 7.0, 7.0, 0.0]


def test_means_need_one_row_for_each_person():
    with pytest.raises(ValueError, match="4 people"):
        three_friends().neighbour_means(np.zeros((3, 1)))


def test_rows_ascend_and_mirror_one_another():
    ties = Ties.from_edges(40, *some_pairs())
    dense = np.zeros((40, 40))
    rows = np.repeat(np.arange(40), ties.degree)
    dense[rows, ties.indices] = ties.strength
    assert np.array_equal(dense, dense.T)
    assert not dense.diagonal().any()
    assert all(np.all(np.diff(ties.neighbours(row)) > 0) for row in range(40))


def test_means_agree_with_the_dense_matrix_of_row_normalised_strength():
    ties = Ties.from_edges(40, *some_pairs())
    dense = np.zeros((40, 40))
    dense[np.repeat(np.arange(40), ties.degree), ties.indices] = ties.strength
    dense /= np.maximum(dense.sum(axis=1, keepdims=True), 1e-30)
    values = np.random.default_rng(1).random((40, 3)).astype(np.float32)
    assert ties.neighbour_means(values) == pytest.approx(dense @ values, abs=1e-6)


def test_the_order_and_direction_of_the_list_change_no_bit():
    a, b, strength, layers = some_pairs()
    order = np.random.default_rng(2).permutation(a.size)
    ties = Ties.from_edges(40, a, b, strength, layers)
    other = Ties.from_edges(40, b[order], a[order], strength[order], layers[order])
    values = np.random.default_rng(3).random((40, 2))
    for name in ("indptr", "indices", "strength", "layers", "scale"):
        assert getattr(ties, name).tobytes() == getattr(other, name).tobytes()
    assert ties.neighbour_means(values).tobytes() == other.neighbour_means(values).tobytes()


def test_somebody_who_knows_hundreds_has_a_sorted_row_too():
    others = np.random.default_rng(4).permutation(np.arange(1, 500))
    ties = Ties.from_edges(500, np.zeros(998, int), np.tile(others, 2), 1.0, "online")
    assert ties.neighbours(0).tolist() == list(range(1, 500))
    assert ties.degree[1:].tolist() == [1] * 499


def test_pairs_give_back_what_ties_were_made_of():
    ties = Ties.from_edges(40, *some_pairs())
    again = Ties.from_edges(40, *ties.pairs())
    assert again.indices.tobytes() == ties.indices.tobytes()
    assert again.strength.tobytes() == ties.strength.tobytes()
    assert again.layers.tobytes() == ties.layers.tobytes()


def test_a_tie_takes_five_bytes_each_way_a_person_eight_and_a_kind_of_tie_five():
    ties = three_friends()
    assert ties.nbytes == 4 * 5 + (4 * 8 + 4) + len({1.0, 3.0}) * 5


def test_ties_that_all_differ_are_told_apart_too():
    others = np.arange(1, 1001)
    strength = np.linspace(0.1, 2.0, 1000, dtype=np.float32)
    ties = Ties.from_edges(1001, np.zeros(1000, int), others, strength, "kin")
    assert ties.strength[:1000].tobytes() == strength.tobytes()
    values = np.arange(1001, dtype=np.float32)
    mean = np.average(others, weights=strength)
    assert ties.neighbour_means(values)[0] == pytest.approx(mean, rel=1e-6)


def test_more_ties_than_their_places_can_count_are_refused():
    assert narrowed(np.array([0, 2**31 - 1])).tolist() == [0, 2**31 - 1]
    with pytest.raises(ValueError, match="2,147,483,648 entries"):
        narrowed(np.array([0, 2**31]))


def test_ties_survive_pickling():
    ties = pickle.loads(pickle.dumps(three_friends()))
    assert ties.indices.tolist() == [1, 2, 0, 0]
    assert ties.scale.tolist() == pytest.approx([1 / 4, 1.0, 1 / 3, 0.0])


def test_people_without_any_ties_make_a_graph_too():
    ties = Ties.from_edges(3, np.array([], int), np.array([], int), 1.0, "kin")
    assert ties.isolated.all()
    assert ties.neighbour_means(np.ones((3, 1))).tolist() == [[0.0], [0.0], [0.0]]


@pytest.mark.parametrize(
    ("a", "b", "strength", "message"),
    [
        ([0], [0], 1.0, "themselves"),
        ([0], [4], 1.0, "none of the people"),
        ([-1], [1], 1.0, "none of the people"),
        ([0], [1], 0.0, "above 0"),
        ([0], [1], np.nan, "above 0"),
        ([0], [1], np.inf, "above 0"),
        ([0, 1], [1], 1.0, "one length"),
    ],
)
def test_what_is_no_tie_is_refused(a, b, strength, message):
    with pytest.raises(ValueError, match=message):
        Ties.from_edges(4, np.array(a), np.array(b), strength, "friends")


def test_every_layer_has_a_bit_of_its_own():
    assert len(LAYERS) == 6
    assert sum(LAYER_BITS.values()) == 63
