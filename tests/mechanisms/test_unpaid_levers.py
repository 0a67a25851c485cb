"""What nobody pays for is not there, whichever mechanism looks for it."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import pytest
from promises.small import city, columns_of, differing

from sim.engine.build import Running, warm
from sim.engine.order import WEEK
from sim.mechanisms.society.volunteering import BANK, REPORT
from sim.world import money
from sim.world.place import load_place
from tests.thinned import one_in

pytestmark = pytest.mark.slow

# No books are kept here, so that a lever's price moves nothing: what differs comes from its use.
MECHANISMS = [kind.name for kind in WEEK if kind.name != "budget"]
# Of each lever: a value well above the base, and what of it is there when nobody pays.
JUDGES = "courts.judges_per_100k"
LEVERS: dict[str, tuple[float, float]] = {
    "mediation.training_hours_per_year": (40.0, 0.0),
    "mediation.specialised_rooms": (40.0, 0.0),
    JUDGES: (20.0, float(load_place("jincheng-2020").bases[JUDGES][0])),
    "coordination.data_sharing": (1.0, 0.0),
    "deliberation.meetings_per_year": (24.0, 0.0),
    "participation.youth_channel": (1.0, 0.0),
    "participation.online_platform": (1.0, 0.0),
    "partybuilding.coverage": (1.0, 0.0),
    "organisations.purchase_yuan_per_10k": (200_000.0, 0.0),
    "organisations.incubator": (1.0, 0.0),
    BANK: (1.0, 0.0),
    REPORT: (1.0, 0.0),
}


@contextmanager
def nobody_pays(lever: str, left: float) -> Iterator[None]:
    """Of this lever only `left` is paid for, wherever a mechanism asks."""
    paid_for = money.paid_for

    def asked(world: Any, name: str, line: str) -> np.ndarray:
        value = paid_for(world, name, line)
        return np.full_like(value, left) if name == lever else value

    with pytest.MonkeyPatch.context() as patch:
        for name, module in list(sys.modules.items()):
            if name.startswith("sim.mechanisms") and hasattr(module, "paid_for"):
                patch.setattr(module, "paid_for", asked)
        yield


@pytest.fixture(scope="module")
def warmed() -> Running:
    """A small city at base levers."""
    return warm(city(mechanisms=MECHANISMS), 3)


def after_a_quarter(warmed: Running, lever: str, value: float) -> dict[str, np.ndarray]:
    """Every column but those of the books, after thirteen weeks with the lever at this value."""
    running = warmed.twin()
    running.world.levers[lever][:] = value
    for _ in range(13):
        running.step()
    found = columns_of(running.world)
    return {k: v for k, v in found.items() if not k.startswith(("budget.", "treasury."))}


@pytest.mark.parametrize("lever", one_in(4, LEVERS))
def test_a_lever_that_nobody_pays_for_does_what_none_of_it_does(warmed, lever):
    high, left = LEVERS[lever]
    with nobody_pays(lever, left):
        unpaid = after_a_quarter(warmed, lever, high)
    assert differing(unpaid, after_a_quarter(warmed, lever, left)) == set()
    assert differing(unpaid, after_a_quarter(warmed, lever, high)) != set()
