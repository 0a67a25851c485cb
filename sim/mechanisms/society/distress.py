"""Distress of everybody at once: its start beside grievance, its move, who is treated by chance."""

import numpy as np
from numba import njit
from scipy.special import ndtri

from sim.kernel.draws import BLOCK, mixed, unit_interval
from sim.mechanisms.society.fading import kept
from sim.world.states import beta_of_normal
from sim.world.world import World

FEWEST = -1e4  # the own inflow of a person whom the rule has not met


def correlated_start(world: World, rank_correlation: float) -> None:
    """Draw distress anew with its stated mean and sd, and this rank correlation with grievance.

    A Gaussian copula: people of equal grievance stand in the order of their luck. In a world whose
    place states no distress it stays as it is.
    """
    people, values = world.people, world.place.values
    if "start.distress.mean" not in values:
        return
    luck = world.draws.uniform("wellbeing.start", people.id)
    order = np.lexsort((luck, people.grievance))
    up_to = np.cumsum(people.weight[order], dtype=float)
    ranks = np.empty(
        len(people)
    )  # among the people of the place, whom some stand for more than others
    ranks[order] = (up_to - people.weight[order] / 2.0) / up_to[-1]
    common = 2.0 * np.sin(
        np.pi * rank_correlation / 6.0
    )  # of the scores, for this rank correlation
    own = world.draws.normal("world.distress", people.id)
    scores = common * ndtri(ranks) + np.sqrt(1.0 - common**2) * own
    people.distress[:] = beta_of_normal(
        scores, values["start.distress.mean"], values["start.distress.sd"]
    )


def shift_of(world: World) -> np.ndarray:
    """What shocks put on everybody's distress now, by division."""
    divisions = world.tables.get("divisions", {})
    known = "distress_shift" in divisions
    return np.array(divisions["distress_shift"]) if known else np.zeros(world.divisions)


def in_need(world: World, places: np.ndarray, since: np.float32) -> tuple[np.ndarray, np.ndarray]:
    """People in live disputes who get a place now, those of the oldest first.

    `places` (real ones, by division) go down by what is used; who was treated after the day `since`
    waits. Returns their rows, and the places that nobody in a live dispute can use.
    """
    people, disputes = world.people, world.disputes
    person, first = np.unique(disputes.person[disputes.is_live], return_index=True)
    person = person[first.argsort()]
    person = person[(people.counselled[person] < since) & (people.weight[person] > 0.0)]
    person = person[people.division[person].argsort(kind="stable")]
    left_over = np.zeros(world.divisions)
    seen = _seen_in_turn(people.division[person], people.weight[person], places, left_over)
    return person[seen], left_over


@njit(cache=True)
def _seen_in_turn(division, weight, places, left_over):  # type: ignore[no-untyped-def]
    """Who gets a place, as long as there are any in their division; people stand by division.

    What is used is taken off `places`; what nobody can use moves to `left_over`.
    """
    seen = np.zeros(division.size, np.bool_)
    i = 0
    for d in range(places.size):
        used, taken, full = 0.0, 0.0, False
        while i < division.size and division[i] == d:
            used += weight[i]
            full = full or used > places[d]
            if not full:
                seen[i], taken = True, used
            i += 1
        places[d] -= taken
        if not full:
            left_over[d], places[d] = places[d], 0.0
    return seen


@njit(cache=True)
def inflow_of(own, grievance, disputes, unemployed, acted, per_unit):  # type: ignore[no-untyped-def]
    """The inflow of everybody's distress, per year (float32); a dispute counts while it is open."""
    by_grievance, by_dispute, by_work, by_acts = per_unit
    inflow = np.empty(own.size, np.float32)
    for i in range(own.size):
        rate = own[i] + by_grievance * grievance[i]
        if disputes[i] > 0:
            rate += by_dispute
        rate += by_work * np.float32(unemployed[i]) + by_acts * np.float32(acted[i])
        inflow[i] = rate if rate > np.float32(0.0) else np.float32(0.0)
    return inflow


@njit(cache=True, error_model="numpy")
def settle(distress, inflow, decay, years):  # type: ignore[no-untyped-def]
    """Everybody's distress after so many years in which the inflow holds still (float32)."""
    for i in range(distress.size):
        turnover = inflow[i] + decay
        rest = inflow[i] / turnover
        distress[i] = rest + (distress[i] - rest) * kept(turnover * years)


@njit(cache=True)
def in_want(distress, weight, division, counselled, since, divisions):  # type: ignore[no-untyped-def]
    """The distress, in real adults, of those not treated since a day, by division."""
    total = np.zeros(divisions)
    where, here = 0, 0.0
    for i in range(distress.size):
        if division[i] != where:
            total[where] += here
            where, here = division[i], 0.0
        if counselled[i] < since:
            here += weight[i] * distress[i]
    total[where] += here
    return total


@njit(cache=True)
def candidates(  # type: ignore[no-untyped-def]
    ids,
    distress,
    residents,
    weight,
    division,
    counselled,
    since,
    place,
    rate,
    slope,
    centre,
    key,
    week,
):
    """Rows of the people who get a place this week, and of those with a public-security case.

    place: chance of a place per unit of distress, by division; rate: cases of the week per resident
    at the mean distress. A person has one luck a week, of which places and cases own a half each:
    so at most one of them happens.
    """
    treated, cases = [], []
    most = 0.0
    for chance in place:
        most = max(most, chance)
    highest = rate * np.exp(slope * (1.0 - centre))
    lucks = np.empty(BLOCK)
    for first in range(0, ids.size, BLOCK):
        here = ids[first : first + BLOCK]
        near = 0
        for k in range(here.size):
            luck = 2.0 * unit_interval(mixed(mixed(key ^ here[k]) ^ week))
            lucks[k] = luck
            luck -= 1.0 if luck >= 1.0 else 0.0
            beyond = luck * weight[first + k] >= 2.0 * residents[first + k] * highest
            near += (luck < 2.0 * most) | (not beyond)
        if near == 0:
            continue  # beyond anybody's chance, as for nearly all
        for i in range(first, first + here.size):
            luck = lucks[i - first]
            if luck < 1.0:
                if luck < 2.0 * place[division[i]] * distress[i] and counselled[i] < since:
                    treated.append(i)
            else:
                cases_here = residents[i] * rate * np.exp(slope * (distress[i] - centre))
                if (luck - 1.0) * weight[i] < 2.0 * cases_here:
                    cases.append(i)
    return np.array(treated, np.int64), np.array(cases, np.int64)


@njit(cache=True)
def post_intensity(push, distress, slope, centre):  # type: ignore[no-untyped-def]
    """Disputes that a distressed person opens next are more intense."""
    for i in range(push.size):
        push[i] += slope * (distress[i] - centre)
