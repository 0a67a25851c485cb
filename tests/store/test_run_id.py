"""A run's id hangs on all that decides it and on nothing else."""

import datetime
import hashlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.store.atomic import StoreError
from sim.store.run_id import canonical_json, plain, run_id, short_id

CALM = {"place": "calm-town", "policies": {"mediation": {"staff_per_10k": 34.2}}, "scale": 0.01}


def test_the_id_is_the_hash_of_the_canonical_json():
    text = '{"fingerprint":"f","scenario":{"a":[1,0.5],"b":"晋"},"seed":7,"version":"v"}'
    expected = hashlib.sha256(text.encode("utf-8")).hexdigest()
    assert run_id({"b": "晋", "a": (1.0, 0.5)}, 7, "v", "f") == expected


def test_the_order_of_keys_does_not_count():
    assert run_id(dict(reversed(CALM.items())), 1, "v", "f") == run_id(CALM, 1, "v", "f")


@pytest.mark.parametrize(
    ("scenario", "seed", "version", "fingerprint"),
    [
        (CALM | {"scale": 0.010000000000000002}, 1, "v", "f"),
        (CALM, 2, "v", "f"),
        (CALM, 1, "w", "f"),
        (CALM, 1, "v", "g"),
    ],
)
def test_each_thing_that_decides_a_run_changes_its_id(scenario, seed, version, fingerprint):
    assert run_id(scenario, seed, version, fingerprint) != run_id(CALM, 1, "v", "f")


def test_sixty_and_sixty_point_zero_are_one_setting():
    assert canonical_json({"staff": 60}) == canonical_json({"staff": 60.0}) == '{"staff":60}'


def test_true_is_not_one():
    assert canonical_json(True) != canonical_json(1)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_every_float_is_read_back_to_the_last_bit(value):
    assert float(canonical_json(value)) == value


def test_a_set_of_words_has_one_order_whatever_the_process():
    """Words hash otherwise in each process; an id that hung on it would run everything again."""
    words = [f"word {number:02d}" for number in range(40)]
    assert canonical_json(set(words)) == canonical_json(words)


def test_numpy_values_dates_tuples_and_sets_are_written_as_plain_ones():
    value = {
        "n": np.int64(3),
        "x": np.float64(0.5),
        "flag": np.bool_(True),
        "levels": np.array([0.3, 1.0]),
        "on": datetime.date(2021, 3, 1),
        "names": {"b", "a"},
    }
    assert plain(value) == {
        "n": 3,
        "x": 0.5,
        "flag": True,
        "levels": [0.3, 1],
        "on": "2021-03-01",
        "names": ["a", "b"],
    }


@pytest.mark.parametrize("value", [float("nan"), float("inf"), np.nan, object()])
def test_what_json_cannot_hold_is_refused_with_its_key(value):
    with pytest.raises(StoreError, match=r"policies\.grid\[1\]"):
        canonical_json({"policies": {"grid": [0, value]}})


@pytest.mark.parametrize("name", ["", "abc", "../../etc/passwd", "A" * 64, "g" * 64, "a" * 63])
def test_what_is_no_id_never_names_a_file(name):
    with pytest.raises(StoreError, match="is not a run id"):
        short_id(name)


def test_sixteen_digits_name_the_file():
    assert short_id("0123456789abcdef" * 4) == "0123456789abcdef"
