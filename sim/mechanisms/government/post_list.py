"""The posts of mediators and grid workers: which there are, and how they fill and fall vacant."""

import numpy as np
from numba import njit

from sim.kernel import Table, entity_ids
from sim.kernel.clock import DAYS_PER_YEAR
from sim.kernel.draws import hashed, unit_interval
from sim.world.offices import OFFICE_KINDS
from sim.world.posts import offsets, whole_posts
from sim.world.world import World

PART_TIME, FULL_TIME, GRID_WORKER = range(3)
VILLAGE, COMMUNITY, TOWNSHIP, ROOMS = (
    OFFICE_KINDS.index(kind) for kind in ("village", "community", "township", "rooms")
)
_NUMBERS = 1 << 20  # more than any office has posts


class PostList:
    """Which posts there are under given levers; posts of a smaller lever are among a larger's."""

    def __init__(self, world: World) -> None:
        offices, units, draws = world.offices, world.units, world.draws
        self.mediators = np.flatnonzero(
            np.isin(offices.kind, (VILLAGE, COMMUNITY, TOWNSHIP, ROOMS))
        )
        kinds, divisions = offices.kind[self.mediators], offices.division[self.mediators]
        self.office_ids = entity_ids("office", offices.kind, offices.division)
        first_unit = np.unique(units.committee, return_index=True)
        self.office_ids[first_unit[0]] = units.id[first_unit[1]]
        self.office_offsets = _offsets(
            draws, "staffing.office", self.office_ids[self.mediators], kinds, divisions
        )
        self.unit_offsets = _offsets(draws, "staffing.unit", units.id, units.kind, units.division)
        self._weights = np.bincount(
            world.people.division, world.people.residents, minlength=world.divisions
        )

    def here(self, by_division: np.ndarray, divisions: np.ndarray) -> np.ndarray:
        """A value by division where offices are; for an office of the whole city (-1) the mean."""
        weights = self._weights.reshape(-1, *[1] * (by_division.ndim - 1))
        mean = (by_division * weights).sum(axis=0, keepdims=True) / self._weights.sum()
        return np.concatenate((by_division, mean))[divisions]

    def posts(
        self,
        world: World,
        base: dict[str, np.ndarray],
        filled_shares: tuple[float, float] = (1.0, 1.0),
    ) -> Table:
        """The posts under the levers in force, rows by office and number; nobody in them yet.

        Posts are persons / the share filled in the long run (of mediators, of grid workers).
        """
        mediators, grid_workers = filled_shares
        offices, units = world.offices, world.units
        rows = self.mediators
        staff, first = world.lever("mediation.staff_per_10k"), base["mediation.staff_per_10k"]
        ratio = self.here(staff / np.where(first > 0.0, first, 1.0), offices.division[rows])
        persons = offices.persons[rows] * offices.bodies[rows] * ratio
        counts = whole_posts(persons / mediators, self.office_offsets)
        per_grid = world.lever("grid.workers_per_grid")[units.division]
        in_units = whole_posts(units.grids * per_grid / grid_workers, self.unit_offsets)
        office = np.concatenate(
            (np.repeat(rows, counts), np.repeat(np.arange(len(units)), in_units))
        )
        number = np.concatenate((_numbered(counts), _numbered(in_units)))
        in_grid = np.arange(len(office)) >= counts.sum()
        division = np.concatenate(
            (np.repeat(offices.division[rows], counts), np.repeat(units.division, in_units))
        )
        kind = np.concatenate((np.repeat(offices.kind[rows], counts), np.full(in_units.sum(), -1)))
        home = np.concatenate(
            (np.repeat(self.office_ids[rows], counts), np.repeat(units.id, in_units))
        )
        ids = entity_ids("post", home, number, in_grid)
        return Table(
            len(office),
            office=office.astype(np.int32),
            division=division.astype(np.int8),
            role=self.roles(world, kind, division, ids, base["mediation.full_time_share"]),
            number=number.astype(np.int32),
            id=ids,
            key=(in_grid * (1 << 52) + office * _NUMBERS + number).astype(np.int64),
        )

    def roles(self, world: World, kind, division, ids, base_share) -> np.ndarray:  # type: ignore[no-untyped-def]
        """Who is a part-timer: in committees all but those whom a higher full-time share turns.

        `kind` is the kind of office, -1 for grid workers.
        """
        share = world.lever("mediation.full_time_share")
        turned = np.maximum(share - base_share, 0.0) / np.maximum(1.0 - base_share, 1e-9)
        luck = world.draws.uniform("staffing.full_time", ids)
        part_time = np.isin(kind, (VILLAGE, COMMUNITY)) & (luck >= self.here(turned, division))
        return np.select([kind < 0, part_time], [GRID_WORKER, PART_TIME], FULL_TIME).astype(np.int8)


def keep_known(posts: Table, known: Table, columns: tuple[str, ...]) -> None:
    """Copy what is known of posts that were there before; both tables are sorted by key."""
    at = np.minimum(np.searchsorted(known.key, posts.key), len(known) - 1)
    same = known.key[at] == posts.key
    for name in columns:
        posts[name][same] = known[name][at[same]]


def pass_time(
    posts: Table, fill: np.ndarray, quits: np.ndarray, key: np.uint64, begins: float, years: float
) -> tuple[np.ndarray, np.ndarray]:
    """Let posts fill and fall vacant over a step; returns how often each was left and filled."""
    left, came = np.zeros(len(posts), np.int64), np.zeros(len(posts), np.int64)
    _pass_time(
        posts.filled,
        posts.spell,
        posts.due,
        posts.since,
        posts.id,
        fill,
        quits,
        key,
        begins,
        years,
        left,
        came,
    )
    return left, came


def note_turnover(world: World, left: np.ndarray, years: float) -> None:
    """Count leavings and years in post by division, for the outcome turnover.

    The mediators of rooms serve the whole city; they are in no division's count.
    """
    posts, divisions = world.posts, world.divisions
    group = np.where(posts.role == GRID_WORKER, divisions, 0) + posts.division
    group[posts.division < 0] = 2 * divisions
    quits = np.bincount(group, left, 2 * divisions + 1)
    served = np.bincount(group, posts.filled * years, 2 * divisions + 1)
    for position, who in enumerate(("mediator", "grid_worker")):
        part = slice(position * divisions, (position + 1) * divisions)
        world.flows.add_divisions(f"{who}_quits", quits[part])
        world.flows.add_divisions(f"{who}_years", served[part])


@njit(cache=True)
def _pass_time(filled, spell, due, since, ids, fill, quits, key, begins, years, left, came):  # type: ignore[no-untyped-def]
    """Burn each post's hazard; a change inside the step starts the next spell at that moment."""
    for p in range(filled.size):
        remaining = years
        while True:
            rate = quits[p] if filled[p] else fill[p]
            if rate * remaining < due[p]:
                due[p] -= rate * remaining
                break
            remaining -= due[p] / rate
            if filled[p]:
                left[p] += 1
            else:
                came[p] += 1
            filled[p] = not filled[p]
            spell[p] += 1
            since[p] = begins + (years - remaining) * DAYS_PER_YEAR
            due[p] = -np.log(unit_interval(hashed(key, ids[p], np.uint64(spell[p]), np.uint64(0))))


def _numbered(counts: np.ndarray) -> np.ndarray:
    """0, 1, 2 ... within each office."""
    begins = np.cumsum(counts) - counts
    return np.arange(counts.sum()) - np.repeat(begins, counts)


def _offsets(draws, stream: str, ids, kinds, divisions) -> np.ndarray:  # type: ignore[no-untyped-def]
    strata = divisions.astype(np.int64) * len(OFFICE_KINDS) + kinds
    first = draws.uniform(f"{stream}.first", strata)
    return offsets(strata, draws.uniform(stream, ids), first)
