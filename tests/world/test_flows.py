"""Running totals never go back: a window is the difference of two snapshots."""

import numpy as np
import pytest

from sim.world.flows import CELLS_PER_DIVISION, Flows, sums_by_cell


def test_events_are_summed_by_cell_with_their_weights():
    flows = Flows(2)
    flows.add("filed", np.array([0, 17, 17]), np.array([10.0, 2.0, 3.0]))
    flows.add("filed", np.array([0]), np.array([1.0]))
    expected = np.zeros(2 * CELLS_PER_DIVISION)
    expected[0], expected[17] = 11.0, 5.0
    assert np.array_equal(flows.by_cell["filed"], expected)


def test_a_name_exists_from_the_first_time_it_is_written_even_for_nobody():
    flows = Flows(1)
    flows.add("appeals", np.zeros(0, int), np.zeros(0))
    assert np.array_equal(flows.by_cell["appeals"], np.zeros(9))


def test_what_belongs_to_divisions_is_kept_by_division():
    flows = Flows(2)
    flows.add_divisions("door_firms", np.array([3.0, 4.0]))
    flows.add_divisions("door_firms", np.array([1.0, 0.0]))
    assert np.array_equal(flows.by_division["door_firms"], [4.0, 4.0])
    assert "door_firms" not in flows.by_cell


def test_a_snapshot_does_not_see_what_comes_later():
    flows = Flows(1)
    flows.add("filed", np.array([4]), np.array([1.0]))
    flows.add_divisions("spent", np.array([5.0]))
    before = flows.snapshot()
    flows.add("filed", np.array([4]), np.array([2.0]))
    flows.add_divisions("spent", np.array([6.0]))
    flows.sample("days", np.array([4]), np.array([30.0]), np.array([2.0]))
    assert before.by_cell["filed"][4] == 1.0
    assert before.by_division["spent"][0] == 5.0
    assert before.sampled.get("days", 0) == 0
    assert flows.snapshot().sampled["days"] == 1


def test_single_values_keep_their_cell_and_weight_until_they_are_forgotten():
    flows = Flows(1)
    days = np.array([30.0, 40.0])
    flows.sample("days", np.array([4, 5]), days, np.array([2.0, 3.0]))
    days[:] = 0.0
    ((cells, values, weights),) = flows.samples["days"]
    assert (cells.tolist(), values.tolist(), weights.tolist()) == ([4, 5], [30, 40], [2, 3])
    flows.forget_samples()
    assert flows.samples == {}


def test_a_cell_that_does_not_exist_is_an_error():
    flows = Flows(1)
    flows.add("filed", np.array([9]), np.array([1.0]))
    with pytest.raises(IndexError, match="cell"):
        flows.snapshot()


@pytest.mark.parametrize("people", [0, 3, 4, 9])
def test_values_are_summed_in_the_cell_of_each_person_with_the_weight(people):
    """Person k, in cell 2 k modulo 5, weighs 10 to the k, so that every one shows."""
    cell, weights = np.arange(people) * 2 % 5, 10.0 ** np.arange(people)
    values = np.arange(1.0, people + 1)
    expected = [0.0] * 5
    for k in range(people):
        expected[2 * k % 5] += 10.0**k * (k + 1)
    assert sums_by_cell(cell, weights, values, 5).tolist() == expected
