"""Each (seed, stream, entity, epoch, slot) has its own number, whatever else was drawn."""

import numpy as np
import pytest
from scipy import stats

from sim.kernel import Draws, entity_ids
from sim.kernel.draws import fnv1a64, highest_word, mixed, rows_with_low_words, unit_interval

MANY = 200_000


def test_the_hash_of_a_name_is_fnv_1a_as_published() -> None:
    """Test vectors of the FNV reference: the empty string and "a", "foobar"."""
    assert fnv1a64("") == 0xCBF29CE484222325
    assert fnv1a64("a") == 0xAF63DC4C8601EC8C
    assert fnv1a64("foobar") == 0x85944171F73967E8


def test_words_are_mixed_as_by_the_published_splitmix64() -> None:
    """The first five numbers of the generator from the seed 0: the k-th mixes k - 1 increments."""
    increment = 0x9E3779B97F4A7C15
    words = [int(mixed(np.uint64(k * increment % 2**64))) for k in range(5)]
    assert words == [
        0xE220A8397B1DCDAF, 0x6E789E6AA1B965F4, 0x06C45D188009454F,
        0xF88BB8A8724C81EC, 0x1B39896A51A8749B,
    ]  # fmt: skip


def test_even_the_smallest_and_largest_words_give_numbers_strictly_between_0_and_1() -> None:
    assert 0.0 < unit_interval(np.uint64(0)) == 2.0**-53
    assert unit_interval(np.uint64(2**64 - 1)) == 1.0 - 2.0**-53


def test_a_number_does_not_depend_on_what_was_drawn_before() -> None:
    fresh, used = Draws(7), Draws(7)
    used.uniform("other", np.arange(1000))
    used.uniform("same", np.arange(50), 3)
    assert np.array_equal(
        fresh.uniform("same", np.arange(10), 2), used.uniform("same", np.arange(10), 2)
    )


@pytest.mark.parametrize("changed", ["seed", "stream", "entity", "epoch", "slot"])
def test_every_word_of_the_key_counts(changed: str) -> None:
    words = {"seed": 7, "stream": "s", "entity": 5, "epoch": 2, "slot": 1}

    def number() -> float:
        draws = Draws(int(words["seed"]))
        return float(
            draws.uniform(str(words["stream"]), words["entity"], words["epoch"], words["slot"])[()]
        )

    before = number()
    words[changed] = "t" if changed == "stream" else int(words[changed]) + 1
    assert number() != before


def test_the_quick_path_and_the_general_path_give_the_same_numbers() -> None:
    draws, ids = Draws(3), np.arange(100, dtype=np.uint64)
    epochs = (np.arange(100) - 50).astype(np.int16)
    general = draws.uniform("s", ids.astype(np.int64), epochs.astype(np.int64), 4)
    assert np.array_equal(draws.uniform("s", ids, epochs, 4), general)
    general = draws.uniform("s", ids.astype(np.int64), -3, 4)
    assert np.array_equal(draws.uniform("s", ids, -3, 4), general)


@pytest.mark.parametrize("along", ["entities", "epochs", "slots", "seeds"])
def test_numbers_are_uniform_along_every_word(along: str) -> None:
    """Kolmogorov-Smirnov at 1 in 10,000, on neighbouring keys, where weak mixers fail."""
    steps = np.arange(MANY)
    if along == "seeds":
        values = np.array([Draws(seed).uniform("s", 1)[()] for seed in range(5000)])
    else:
        words = {"entities": 1, "epochs": 1, "slots": 1} | {along: steps}
        values = Draws(11).uniform("s", **words)
    assert stats.kstest(values, "uniform").pvalue > 1e-4


def test_neighbouring_entities_weeks_and_streams_are_uncorrelated() -> None:
    draws, ids = Draws(1), np.arange(MANY)
    base = draws.uniform("a", ids, 1)
    for other in (
        draws.uniform("a", ids + 1, 1),
        draws.uniform("a", ids, 2),
        draws.uniform("b", ids, 1),
        Draws(2).uniform("a", ids, 1),
    ):
        assert abs(np.corrcoef(base, other)[0, 1]) < 4.5 / np.sqrt(MANY)


def test_exponential_normal_and_gumbel_have_their_known_moments() -> None:
    """Mean 1; mean 0 and variance 1; mean .5772 (Euler) and variance pi squared over 6."""
    draws, ids = Draws(4), np.arange(MANY)
    error = 4.5 / np.sqrt(MANY)
    assert abs(draws.exponential("e", ids).mean() - 1.0) < error
    normal = draws.normal("n", ids)
    assert abs(normal.mean()) < error
    assert abs(normal.var() - 1.0) < error * np.sqrt(2)
    gumbel = draws.gumbel("g", ids)
    sd = np.pi / np.sqrt(6)
    assert abs(gumbel.mean() - np.euler_gamma) < error * sd


def test_identities_are_different_for_different_things() -> None:
    ids = entity_ids("dispute", np.arange(1000)[:, None], np.arange(20)[None, :], 3)
    assert len(np.unique(ids)) == 20_000
    assert not np.isin(entity_ids("firm", np.arange(1000)), ids).any()


@pytest.mark.parametrize("people", [0, 1, 63, 64, 65, 1_000])
@pytest.mark.parametrize("chance", [0.0, 0.003, 0.4, 1.0])
def test_looking_for_low_words_finds_whom_their_numbers_find(people: int, chance: float) -> None:
    draws, ids = Draws(11), np.arange(people, dtype=np.uint64) + np.uint64(5)
    highest = np.uint64(highest_word(chance))
    rows, words = rows_with_low_words(ids, draws.key("s"), np.uint64(9), highest)
    numbers = np.array([unit_interval(word) for word in words])
    expected = np.flatnonzero(draws.uniform("s", ids, 9) < chance)
    assert np.array_equal(rows[numbers < chance], expected)


def test_identities_of_rows_and_single_words_are_those_of_each_by_itself() -> None:
    rows, numbers = np.array([5, 6, 7]), np.array([-1, 0, 1], np.int8)
    together = entity_ids("some", rows, numbers, 4)
    each = [entity_ids("some", int(r), int(n), 4) for r, n in zip(rows, numbers, strict=True)]
    assert together.tolist() == [int(one) for one in each]
    assert each[0].shape == ()
    assert entity_ids("some", rows[:, None], numbers[None, :], 4).shape == (3, 3)
    assert entity_ids("some", rows[:0], 2).shape == (0,)
