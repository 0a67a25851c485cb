"""The list of social organisations: how bodies are born, wake, fall asleep and end.

Every event has a clock of its own: the hazard summed since the last change passes a unit
exponential (Sellke 1983), so that a step may be halved without changing a day. Births stand on the
weekly grid: arrivals at the highest rate, thinned to the present one (Lewis and Shedler 1979).
"""

import numpy as np
from numba import njit

from sim.kernel import Clock, entity_ids
from sim.kernel.clock import DAYS_PER_WEEK, DAYS_PER_YEAR
from sim.kernel.draws import hashed, unit_interval
from sim.world.world import World

# The columns that `live` turns, in its order.
CLOCKWORK = (
    "alive",
    "active",
    "spell",
    "until_switch",
    "until_death",
    "born",
    "incubated",
    "id",
    "division",
)


def arrivals(
    world: World, clock: Clock, highest: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Candidates for a birth in this step: division, identity and day of each.

    `highest` is the highest yearly rate by division. The gaps of a week's Poisson stream are
    exponential, keyed by (division, week, k).
    """
    mean = highest * DAYS_PER_WEEK / DAYS_PER_YEAR
    most = float(mean.max(initial=0.0))
    if most <= 0.0:
        nobody = np.zeros(0, np.int64)
        return nobody, nobody.astype(np.uint64), nobody.astype(float)
    number = np.arange(int(np.ceil(most + 12.0 * np.sqrt(most) + 12.0)))
    weeks = np.arange(int(np.ceil((clock.ends - clock.week_begins) / DAYS_PER_WEEK - 1e-9)))
    first, divisions = clock.week, np.arange(len(highest))
    gaps = world.draws.exponential(
        "organisations.gap", divisions[:, None, None], first + weeks[:, None], number
    )
    with np.errstate(divide="ignore"):
        share_of_week = gaps.cumsum(axis=2) / mean[:, None, None]
    division, week, k = np.nonzero(share_of_week < 1.0)
    at = clock.week_begins + DAYS_PER_WEEK * (week + share_of_week[division, week, k])
    here = (at >= clock.begins) & (at < clock.ends)
    division, week, k, at = division[here], week[here], k[here], at[here]
    return division, entity_ids("organisation.born", division, first + week, k), at


@njit(cache=True)
def live(bodies, rates, survival, young_days, key, begins, ends):  # type: ignore[no-untyped-def]
    """Let every living body wake, fall asleep or end until the step ends; how many ended.

    bodies: columns alive, active, spell, until_switch, until_death, born, incubated, id, division.
    rates: per year and division, shape (4, divisions): waking, falling asleep, end of active and of
    dormant bodies. A body born under a full incubator ends `survival` times as fast while young.
    """
    alive, active, spell, until_switch, until_death, born, incubated, ids, division = bodies
    ended = 0
    for i in range(alive.size):
        at = max(begins, born[i])
        while alive[i] and at < ends:
            d = division[i]
            switch = rates[1, d] if active[i] else rates[0, d]
            death = rates[2, d] if active[i] else rates[3, d]
            until = ends
            grown = born[i] + young_days
            if incubated[i] > 0.0 and at < grown:
                death *= 1.0 - incubated[i] * (1.0 - survival)
                until = min(ends, grown)
            years = (until - at) / 365.25
            to_switch = until_switch[i] / switch if switch > 0.0 else np.inf
            to_death = until_death[i] / death if death > 0.0 else np.inf
            if min(to_switch, to_death) >= years:
                until_switch[i] -= switch * years
                until_death[i] -= death * years
                at = until
            elif to_death <= to_switch:
                alive[i] = False
                active[i] = False
                ended += 1
            else:
                until_death[i] -= death * to_switch
                active[i] = not active[i]
                spell[i] += 1
                word = hashed(key, ids[i], np.uint64(spell[i]), np.uint64(0))
                until_switch[i] = -np.log(unit_interval(word))
                at += 365.25 * to_switch
    return ended


@njit(cache=True)
def mobilise(activity, deliberate, division, organisation, near_by, member):  # type: ignore[no-untyped-def]
    """Offers near by for everybody, and what a body's own members are called to (float32)."""
    for i in range(activity.size):
        lean = near_by[division[i]]
        body = organisation[i]
        if body >= 0:
            lean += member[body]
            deliberate[i] += member[body]
        activity[i] += lean
