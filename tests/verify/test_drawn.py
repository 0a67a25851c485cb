"""Settings drawn at random make sense, are the same for the same seed, and stay in bounds."""

from typing import Annotated, Literal

import pytest

from sim.kernel import Limit, Within
from sim.verify.drawn import drawn


def lamp(
    watts: Annotated[float, Within(0.0, 100.0)] = 50.0,
    bulbs: Annotated[int, Within(1, 9)] = 4,
    shade: Literal["white", "warm"] = "white",
    hours: Annotated[tuple[float, ...], Within(0.0, 24.0)] = (1.0, 20.0),
    offset: Annotated[float, Within(-0.5, 5.0)] = 0.0,
) -> Limit:
    """A made-up limit that refuses more than 100 watts in all."""
    if watts * bulbs > 400.0:
        raise ValueError("too bright")
    settings = {"watts": watts, "bulbs": bulbs, "shade": shade, "hours": hours, "offset": offset}
    return Limit("lamp", settings, (), lambda mechanism, seed: {}, "none")


def test_as_many_settings_as_asked_for_all_within_bounds_and_accepted():
    found = [limit.parameters for limit in drawn(lamp, 60, seed=1)]
    assert len(found) == 60
    for settings in found:
        assert 0.0 <= settings["watts"] <= 100.0
        assert settings["bulbs"] in range(1, 10)
        assert settings["watts"] * settings["bulbs"] <= 400.0
        assert len(settings["hours"]) == 2
        assert all(0.0 <= hour <= 24.0 for hour in settings["hours"])
        assert -0.5 <= settings["offset"] <= 1.0
    assert {settings["shade"] for settings in found} == {"white", "warm"}
    assert len({settings["watts"] for settings in found}) > 30


def test_the_same_seed_gives_the_same_settings_and_another_one_others():
    one, same, other = ([limit.parameters for limit in drawn(lamp, 5, seed)] for seed in (1, 1, 2))
    assert one == same
    assert one != other


def test_a_limit_that_refuses_everything_is_reported():
    def closed(watts: Annotated[float, Within(0.0, 9.0)] = 1.0) -> Limit:
        raise ValueError(watts)

    with pytest.raises(RuntimeError, match="closed refuses"):
        drawn(closed, 1, seed=1)
