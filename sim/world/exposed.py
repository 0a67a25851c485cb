"""People who for a time can have more disputes of one kind: dismissed, expropriated, built upon.

The table `exposed` has one row a person and cause: person (row), domain, rate (per year), begins
and ends (days), cause (identity). Whoever causes it adds rows with `expose`; disputes draw from
them and drop those that are over. A cause that carries a share of a domain's usual disputes says
so in its `prepare` (`carry`, if it is on): the base flow is lowered by as much and the sum stays.
"""

import numpy as np

from sim.kernel import Clock, Table, entity_ids
from sim.world.disputes import DOMAINS
from sim.world.world import World

_COLUMNS = {
    "person": np.int32,
    "domain": np.int8,
    "rate": np.float32,
    "begins": np.float64,
    "ends": np.float64,
    "cause": np.uint64,
}


class Exposed(Table):
    """Who is exposed to what; `carried` is the share of each domain's base flow that causes make.

    `carried` has shape (domains,).
    """

    carried: np.ndarray

    def __init__(self) -> None:
        super().__init__(0, **{name: np.empty(0, kind) for name, kind in _COLUMNS.items()})
        object.__setattr__(self, "carried", np.zeros(len(DOMAINS)))

    def drop_before(self, day: float) -> None:
        """Forget exposures that ended before a day."""
        stays = self.ends > day
        if not stays.all():
            self.keep(stays.nonzero()[0])


def exposed_of(world: World) -> Exposed:
    """The table of exposures of a world; an empty one is made at the first call."""
    table: Exposed | None = world.tables.get("exposed")
    if table is None:
        table = world.tables["exposed"] = Exposed()
    return table


def carry(world: World, domain: str, share: float) -> None:
    """From the start on, causes make this share of the usual disputes of a domain."""
    exposed_of(world).carried[DOMAINS.index(domain)] = share


def expose(
    world: World,
    persons: np.ndarray,
    domain: str,
    rate: np.ndarray | float,
    begins: np.ndarray | float,
    ends: np.ndarray | float,
    cause: np.ndarray | int,
) -> None:
    """These people (rows) have disputes of a domain at a further rate (per year) between two days.

    `cause` is an identity (of a taking, a job that ended, a project): a person who is exposed by
    two causes meets luck of their own in each.
    """
    if not len(persons):
        return
    exposed_of(world).grow(
        len(persons),
        {
            "person": persons,
            "domain": DOMAINS.index(domain),
            "rate": rate,
            "begins": begins,
            "ends": ends,
            "cause": cause,
        },
    )


def end_exposures(world: World, cause: int, day: float) -> None:
    """What exposed people by this cause is over on a day."""
    table = exposed_of(world)
    theirs = table.cause == np.uint64(cause)
    table.ends[theirs] = np.minimum(table.ends[theirs], day)


def arising(world: World, clock: Clock) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Disputes that exposures bring in this step: people (rows), domains, identities and days.

    At most one a person, cause and week, with its expectation as chance; candidates stand on the
    weekly grid, whatever the step. The dead and those who left have none.
    """
    table = exposed_of(world)
    table.drop_before(clock.begins)
    if not len(table):
        return np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0, np.uint64), np.zeros(0)
    people = world.people
    cause = entity_ids("exposed.cause", table.cause, clock.week)
    ids = entity_ids("dispute.exposed", people.id[table.person], table.domain, cause)
    luck = world.draws.uniform("disputes.exposed", ids)
    chance = table.rate * factor(world, table) * 7.0 / 365.25
    hit = ((luck < chance) & people.alive[table.person]).nonzero()[0]
    ids = ids[hit]
    at = clock.week_begins + 7.0 * world.draws.uniform("disputes.offset", ids)
    here = (at >= clock.begins) & (at < clock.ends)
    here &= (at >= table.begins[hit]) & (at < table.ends[hit])
    hit, ids, at = hit[here], ids[here], at[here]
    order = at.argsort(kind="stable")
    hit, ids, at = hit[order], ids[order], at[order]
    return table.person[hit].astype(np.int64), table.domain[hit].astype(np.int64), ids, at


def factor(world: World, table: Exposed) -> np.ndarray:
    """What moves the rate of a whole domain moves that of the exposed too: goods, environment."""
    if "environment_log_rate" not in world.units:
        return np.ones(len(table))
    here = world.units.environment_log_rate[world.people.unit[table.person]]
    return np.where(table.domain == DOMAINS.index("environment"), np.exp(here), 1.0)
