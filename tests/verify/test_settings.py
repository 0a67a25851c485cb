"""Settings are read as the limit's signature asks for them."""

from collections.abc import Sequence
from typing import Annotated, Literal

import pytest

from sim.kernel import Within
from sim.verify.settings import BadSettingError, arguments, read


def test_numbers_are_read_from_text():
    assert read(".3", float) == 0.3
    assert read("12", int) == 12
    assert read("2e3", int) == 2000
    assert read(5, float) == 5.0


def test_lists_are_read_between_commas():
    assert read("0, 1,2", tuple[float, ...]) == (0.0, 1.0, 2.0)
    assert read([1, 2], list[int]) == (1, 2)
    assert read("7", Sequence[float]) == (7.0,)


def test_words_are_one_of_the_choices():
    assert read("own", Literal["own", "pooled"]) == "own"
    with pytest.raises(BadSettingError, match="one of own, pooled"):
        read("shared", Literal["own", "pooled"])


@pytest.mark.parametrize("value", ["x", "", "nan", "inf", True, None])
def test_what_is_no_finite_number_is_refused(value):
    with pytest.raises(BadSettingError):
        read(value, float)


@pytest.mark.parametrize("value", ["1,,2", "", "a,b"])
def test_what_is_no_list_of_numbers_is_refused(value):
    with pytest.raises(BadSettingError):
        read(value, tuple[float, ...])


def test_a_fraction_is_no_whole_number():
    with pytest.raises(BadSettingError, match="not whole"):
        read("1.5", int)


def test_bounds_hold_for_every_member_of_a_list():
    hint = Annotated[tuple[float, ...], Within(0.0, 1.0)]
    assert read("0,1", hint) == (0.0, 1.0)
    with pytest.raises(BadSettingError, match="from 0 to 1"):
        read("0,2", hint)


def test_settings_of_other_limits_are_left_alone():
    def factory(servers: int = 3) -> None: ...

    assert arguments("queue", factory, {"servers": "4", "inflow": "1"}) == ({"servers": 4}, [])
