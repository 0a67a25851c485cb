"""Kinds of ties have small numbers, which they keep when others come, however many there are."""

import numpy as np
import pytest

from sim.world.tie_kinds import kinds_of
from sim.world.ties import Ties


def strengths(count):
    """So many strengths, all of them different, none of them 0."""
    return (np.arange(count) + 1).astype(np.float32)


def in_layers(count, mask=1):
    return np.full(count, mask, np.uint8)


@pytest.mark.parametrize(
    ("count", "bytes_each"), [(0, 1), (1, 1), (255, 1), (256, 1), (257, 2), (300, 2), (70_000, 4)]
)
def test_each_tie_is_told_by_as_few_bytes_as_tell_the_kinds_apart(count, bytes_each):
    strength = np.concatenate([strengths(count)[::-1], strengths(count)])
    kind, kind_strength, kind_layers = kinds_of(strength, in_layers(2 * count))
    assert kind.dtype.itemsize == bytes_each
    assert kind_strength.size == count
    assert np.array_equal(kind_strength[kind], strength)
    assert np.array_equal(kind_layers[kind], in_layers(2 * count))


def test_equal_strengths_in_other_layers_are_other_kinds():
    for count in (3, 300):
        strength = np.tile(strengths(count), 2)
        layers = np.concatenate([in_layers(count, 1), in_layers(count, 2)])
        kind, kind_strength, kind_layers = kinds_of(strength, layers)
        assert kind_strength.size == 2 * count
        assert np.array_equal(kind_layers[kind], layers)
        assert np.array_equal(kind_strength[kind], strength)


@pytest.mark.parametrize("known", [1, 255, 256, 257, 65_535, 65_536])
@pytest.mark.parametrize("fresh", [0, 1, 2, 300])
def test_known_kinds_keep_their_numbers_and_new_ones_follow_as_they_are_met(known, fresh):
    before = strengths(known)
    met = np.concatenate([before[-1:], before[:1], 1e6 + strengths(fresh)[::-1], before[:1]])
    kind, kind_strength, _ = kinds_of(met, in_layers(met.size), before, in_layers(known))
    assert kind[0] == known - 1
    assert kind[[1, -1]].tolist() == [0, 0]
    assert kind[2:-1].tolist() == list(range(known, known + fresh))
    assert np.array_equal(kind_strength[:known], before)
    assert np.array_equal(kind_strength[kind], met)


def test_a_few_changes_do_not_sort_the_millions_of_kinds_that_somebody_wrote(monkeypatch):
    sorted_sizes, sorting = [], np.unique

    def unique(values, **asked):
        sorted_sizes.append(values.size)
        return sorting(values, **asked)

    before = strengths(5_000)
    monkeypatch.setattr(np, "unique", unique)
    kind, kind_strength, _ = kinds_of(before[[7, 9]], in_layers(2), before, in_layers(5_000))
    assert kind.tolist() == [7, 9]
    assert kind_strength.size == 5_000
    assert sorted_sizes == [2]


def test_means_over_ties_are_the_same_however_many_bytes_tell_the_kinds():
    people = 600
    a = np.arange(people - 1)
    wide = Ties.from_edges(people, a, a + 1, strengths(people - 1), "kin")
    assert wide.kind.dtype == np.uint16
    numbers = np.arange(people, dtype=np.float32)
    means = wide.neighbour_means(numbers)
    # person i knows i - 1 with strength i and i + 1 with strength i + 1
    i = np.arange(1, people - 1)
    expected = (i * (i - 1) + (i + 1) * (i + 1)) / (2 * i + 1)
    assert means[1:-1] == pytest.approx(expected, rel=1e-6)
