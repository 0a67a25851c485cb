"""What is read of a run that is no outcome of the catalogue."""

import numpy as np
import pytest

from sim.evidence.observed import Observed
from sim.evidence.readings import reading
from sim.outcomes import groups_of, moment
from sim.verify.bench import bare_world
from sim.world.disputes import DOMAINS
from sim.world.ties import Ties


@pytest.fixture
def seen() -> Observed:
    """A window that begins on the first day, over six adults."""
    world = bare_world(6, 1, Ties.from_edges(6, np.array([0]), np.array([1]), 1.0, "friends"))
    begun = moment(world, 0.0)
    return Observed(world, groups_of(tuple(world.place.divisions)), begun, begun)


def test_pay_spreads_around_the_mean_of_its_sector_among_jobs_begun_since(seen: Observed) -> None:
    people = seen.world.people
    people.alive[:] = people.employed = np.ones(6, bool)
    people.sector = np.array([1, 1, 2, 2, 1, 2], np.int8)
    people.kind[:] = 0
    people.weight[:] = 1.0
    # .2 to either side of one sector's mean, .4 of the other's; two have the job they had before
    people.wage = np.exp(np.array([7.8, 8.2, 8.6, 9.4, 1.0, 20.0]))
    people.separated_at = np.array([5.0, 5.0, 5.0, 5.0, -9.0, -9.0])
    spread = np.sqrt((2 * 0.2**2 + 2 * 0.4**2) / 4)
    assert reading("pay_spread_new_jobs")(seen)[0] == pytest.approx(spread)


def test_a_tenth_more_open_disputes_of_a_domain_are_the_log_of_eleven_tenths(
    seen: Observed,
) -> None:
    read = reading("water_disputes")
    seen.open_by_domain = np.full(len(DOMAINS), 50.0)
    before = read(seen)[0]
    seen.open_by_domain[DOMAINS.index("water")] = 55.0
    seen.open_by_domain[DOMAINS.index("environment")] = 500.0
    assert read(seen)[0] - before == pytest.approx(np.log(1.1))
