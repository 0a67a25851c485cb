"""Spells of work and of looking for it: what a new job pays, and who begins a spell by age or move.

Pay, insurance and the clock of a spell belong to (person, number of the spell).
"""

from typing import Any

import numpy as np

from sim.mechanisms.place.job_changes import SECTORS, joining
from sim.mechanisms.place.labour_start import LabourStart
from sim.world.flows import KINDS
from sim.world.world import World


def place_of(people: Any) -> np.ndarray:
    """The row of `cells` that each person lives in."""
    cell: np.ndarray = people.division.astype(np.int16) * len(KINDS) + people.kind
    return cell


def begin_work(world: World, start: LabourStart, spread: np.ndarray, rows: np.ndarray) -> None:
    """What these people are paid in the work that they have now, and whether it insures them.

    `spread` is the sd of log pay of new jobs, by division.
    """
    people, draws = world.people, world.draws
    ids, spells, kind = people.id[rows], people.job_spell[rows], people.kind[rows]
    sd = spread[people.division[rows]]
    own = np.exp(sd * draws.normal("labour.wage", ids, spells) - sd**2 / 2.0)
    mean = start.wages[kind, people.sector[rows] - 1]
    people.wage[rows] = mean * own * world.tables["cells"].wage_factor[place_of(people)[rows]]
    share = start.insured[people.registration[rows]]
    people.insured[rows] = draws.uniform("labour.insured", ids, spells) < share


def without_work(world: World, rows: np.ndarray) -> None:
    """These people begin a spell without work; whether they look for it is said elsewhere."""
    people = world.people
    people.job_spell[rows] += 1
    clocks = world.draws.exponential("labour.clock", people.id[rows], people.job_spell[rows])
    people.work_due[rows] = clocks
    for name in ("employed", "unemployed", "insured"):
        people[name][rows] = False
    people.sector[rows] = 0
    people.wage[rows] = 0.0


def take_ages(world: World, start: LabourStart, day: float) -> None:
    """By age, people come to belong to the labour force, first without work, or leave it."""
    people = world.people
    columns = (people.id, people.alive, people.age, people.in_force)
    into, out = joining(*columns, start.chances, world.draws.key("world.labour_force"))
    without_work(world, out)
    without_work(world, into)
    people.in_force[into], people.in_force[out] = True, False
    people.unemployed[into] = True
    people.jobless_since[into] = day


def take_dismissed(world: World) -> np.ndarray:
    """Whom others dismissed loses work at once; returns their rows."""
    posted: list[np.ndarray] = world.tables.get("dismissed", [])
    rows = np.concatenate([np.zeros(0, np.int64), *posted]).astype(np.int64)
    posted.clear()
    people = world.people
    rows = np.unique(rows[people.alive[rows] & people.employed[rows]])
    people.work_due[rows] = 0.0
    world.flows.add("laid_off", people.cell[rows], people.weight[rows])
    return rows


def take_movers(
    world: World, start: LabourStart, mover_job: float, spread: np.ndarray, day: float
) -> None:
    """Who moved here, arrived or came of age has found work through kin, or looks for it."""
    posted: list[tuple[np.ndarray, Any]] = world.tables.get("moved", [])
    if not posted:
        return
    people, draws = world.people, world.draws
    rows = np.concatenate([np.asarray(rows, np.int64) for rows, _ in posted])
    worked = np.concatenate([np.broadcast_to(was, len(rows)) for rows, was in posted])
    posted.clear()
    rows, last = np.unique(rows[::-1], return_index=True)  # a person's last post counts
    worked = worked[::-1][last]
    without_work(world, rows)
    band = (people.age[rows] >= 35).astype(int) + (people.age[rows] >= 60)
    able = draws.uniform("world.labour_force", people.id[rows]) < start.chances[band]
    able &= people.alive[rows]
    luck = draws.uniform("labour.mover", people.id[rows], people.job_spell[rows])
    works = able & worked & (luck < mover_job)
    people.in_force[rows], people.employed[rows] = able, works
    people.unemployed[rows] = able & ~works
    people.jobless_since[rows[able & ~works]] = day
    at_work = rows[works]
    luck = draws.uniform("labour.sector", people.id[at_work], people.job_spell[at_work])
    edges = start.sectors.cumsum(axis=1)[people.kind[at_work], : SECTORS - 1]
    people.sector[at_work] = 1 + (luck[:, None] > edges).sum(axis=1)
    begin_work(world, start, spread, at_work)
