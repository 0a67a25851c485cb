"""Who belongs to which social organisation.

The luck belongs to (person, body): everybody who joins at all belongs to the living body of their
division for which it is highest. So memberships follow from which bodies live, whatever happened
before: when one ends its members go to their next best, and a new one draws an equal share of all.
"""

import numpy as np
from numba import njit

from sim.kernel.draws import hashed, unit_interval
from sim.world.world import World

NO_BODY = -1  # people who belong to no organisation
WAITING = -2  # members of a division in which no body is left
_STREAM = "organisations.member"


def gather(world: World, fresh: int, newcomers: np.ndarray) -> None:
    """Members of what ended look for another body; new bodies (rows from `fresh`) draw some."""
    people, bodies = world.people, world.organisations
    looking = _leave_or_move(
        people.organisation,
        people.id,
        people.division,
        bodies.alive,
        bodies.division,
        fresh,
        bodies.id,
        world.draws.key(_STREAM),
    )
    enter(world, np.concatenate([looking, newcomers]))


def joining(world: World, first: int) -> np.ndarray:
    """People from row `first` on who are of those who join, and have not yet."""
    people = world.people
    rows = np.arange(first, len(people))
    share = world.place.values.get("world.member_share", 0.0)
    joins = world.draws.uniform("world.member", people.id[rows]) < share
    return rows[joins & (people.organisation[rows] == NO_BODY)]


def enter(world: World, rows: np.ndarray) -> None:
    """These people each join the living body of their division that suits them best."""
    people, bodies = world.people, world.organisations
    living = np.flatnonzero(bodies.alive)
    living = living[np.argsort(bodies.division[living], kind="stable")]
    counts = np.bincount(bodies.division[living], minlength=world.divisions)
    _join(
        people.organisation,
        people.id,
        people.division,
        rows,
        living,
        np.cumsum(counts) - counts,
        counts,
        bodies.id,
        world.draws.key(_STREAM),
    )
    count(world)


def count(world: World) -> None:
    """Note how many adults belong to each body."""
    people, bodies = world.people, world.organisations
    rows = np.flatnonzero(people.organisation >= 0)
    members = np.bincount(people.organisation[rows], people.weight[rows], len(bodies))
    bodies.members[:] = members


@njit(cache=True)
def _join(organisation, persons, divisions, here, living, first, counts, ids, key):  # type: ignore[no-untyped-def]
    """`living` are bodies by division: those of d at first[d] and the counts[d] - 1 after it."""
    for person in here:
        d = divisions[person]
        best, chosen = -1.0, WAITING
        for k in range(first[d], first[d] + counts[d]):
            body = living[k]
            luck = unit_interval(hashed(key, persons[person], ids[body], np.uint64(0)))
            if luck > best:
                best, chosen = luck, body
        organisation[person] = chosen


@njit(cache=True)
def _leave_or_move(organisation, persons, divisions, alive, division_of, fresh, ids, key):  # type: ignore[no-untyped-def]
    """Whoever has to look anew; the others go to a fresh body where they are luckier with it."""
    looking = []
    for i in range(organisation.size):
        body = organisation[i]
        if body == NO_BODY:
            continue
        if body == WAITING or not alive[body] or division_of[body] != divisions[i]:
            looking.append(i)
            continue
        for other in range(fresh, alive.size):
            if alive[other] and division_of[other] == divisions[i]:
                mine = unit_interval(hashed(key, persons[i], ids[body], np.uint64(0)))
                if unit_interval(hashed(key, persons[i], ids[other], np.uint64(0))) > mine:
                    body = other
        organisation[i] = body
    return np.array(looking, np.int64)
