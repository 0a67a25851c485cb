"""Synthetic adults, drawn from stated marginals by keyed luck: a person's identity decides.

The same person has the same attributes at every scale that keeps the unit. People stand in the
order of unit and household, so that those who know each other are near in memory.
"""

import math
from collections.abc import Mapping
from functools import lru_cache

import numpy as np

from sim.kernel import Draws, Table
from sim.world.figures import WORKING_SECTORS
from sim.world.flows import CELLS_PER_DIVISION, KINDS, REGISTRATIONS
from sim.world.households import households_of
from sim.world.marginals import Marginals
from sim.world.place import Place
from sim.world.states import (
    CLASSES,
    NON_LOCAL,
    SPREAD_STATES,
    beta_by_class,
    beta_of_normal,
    class_means,
    state_normals,
    state_sds,
)

SECTORS = ("none", *WORKING_SECTORS)
LOCAL_URBAN, LOCAL_RURAL = CLASSES.index("local_urban"), CLASSES.index("local_rural")
MIDDLE_AGE, OLD_AGE = 35, 60  # where the second and the third of AGE_BANDS begin
LOWEST_INCOME = 1.0  # yuan a month: incomes are compared as ratios, so nobody has nothing


def make_people(units: Table, place: Place, marginals: Marginals, draws: Draws) -> Table:
    """The adults of the kept units, one row each, with every column but `organisation`.

    `units` needs id, division, kind, adults, offset and weight.
    """
    unit = np.repeat(np.arange(len(units), dtype=np.int32), units.adults)
    first = np.cumsum(units.adults) - units.adults
    ids = (units.offset - first.astype(np.uint64))[unit] + np.arange(len(unit), dtype=np.uint64)
    people = Table(len(ids), id=ids, unit=unit)
    for name, dtype in (("division", np.int8), ("kind", np.int8), ("weight", np.float32)):
        people[name] = units[name].astype(dtype)[unit]
    people.residents = residents_each(units, place)[unit]
    people.household = households_of(units, place, draws)
    people.registration = _registration(people, marginals, draws)
    cell = people.division * np.int16(CELLS_PER_DIVISION)
    people.cell = cell + people.kind * np.int16(len(REGISTRATIONS)) + people.registration
    people.alive = np.ones(len(people), bool)
    _give_ages(people, place, marginals, draws, people.registration == NON_LOCAL)
    give_attributes(people, place, marginals, draws)
    return people


def make_newcomers(
    newcomers: Table, place: Place, marginals: Marginals, draws: Draws, ages: np.ndarray
) -> None:
    """Give people who join later the attributes that anybody of their identity is drawn.

    `newcomers` has id, unit, division, kind, household (each row its own), registration and cell;
    `ages` are whole years; where they are negative those of people on the move are drawn.
    """
    newcomers.alive = np.ones(len(newcomers), bool)
    _give_ages(newcomers, place, marginals, draws, np.ones(len(newcomers), bool))
    newcomers.age = np.where(ages < 0, newcomers.age, ages).astype(np.int16)
    newcomers.age_band = age_bands(newcomers.age)
    give_attributes(newcomers, place, marginals, draws)


def give_attributes(people: Table, place: Place, marginals: Marginals, draws: Draws) -> None:
    """Work, income, services and states of mind of people whose place, class and age are known."""
    _give_work(people, place, marginals, draws)
    _give_income(people, place)
    _give_services(people, place, draws)
    _give_states(people, place, draws)


def age_bands(ages: np.ndarray) -> np.ndarray:
    """The position in AGE_BANDS of people of these ages in whole years."""
    return ((ages >= MIDDLE_AGE).astype(np.int8) + (ages >= OLD_AGE)).astype(np.int8)


def residents_each(units: Table, place: Place) -> np.ndarray:
    """Residents of all ages that an adult of each unit stands for; exact by division.

    weight / adult share, up to the rounding of a division's adults to whole persons.
    """
    size = len(place.divisions)
    adults = np.bincount(units.division, weights=units.adults * units.weight, minlength=size)
    each = place.by_division("population") / np.maximum(adults, 1.0)
    return (units.weight * each[units.division]).astype(np.float32)


def heads_of(people: Table) -> np.ndarray:
    """The row of the first member of everybody's household."""
    starts = np.flatnonzero(np.diff(people.household, prepend=np.int32(-1)))
    return starts[people.household]


def _registration(people: Table, marginals: Marginals, draws: Draws) -> np.ndarray:
    """Registration class, by household: people who live together are registered together."""
    heads = np.flatnonzero(np.diff(people.household, prepend=np.int32(-1)))
    ids, kind = people.id[heads], people.kind[heads]
    chance = marginals.non_local[people.division[heads], kind]
    urban = draws.uniform("world.registered_urban", ids) < marginals.local_urban[kind]
    local = np.where(urban, LOCAL_URBAN, LOCAL_RURAL)
    moved = draws.uniform("world.registration", ids) < chance
    return np.where(moved, NON_LOCAL, local).astype(np.int8)[people.household]


def _chosen(luck: np.ndarray, shares: np.ndarray, row: np.ndarray) -> np.ndarray:
    """Which of three parts each person falls in; `shares` has one row of parts a group."""
    edges = shares.cumsum(axis=1)
    return ((luck > edges[row, 0]).astype(np.int8) + (luck > edges[row, 1])).astype(np.int8)


def _give_ages(
    people: Table, place: Place, marginals: Marginals, draws: Draws, moved: np.ndarray
) -> None:
    """Whole years: uniform from 18 to 34 and 35 to 59, then fewer and fewer up to the oldest."""
    luck = draws.uniform("world.age_band", people.id)
    people.age_band = _chosen(luck, marginals.ages, moved.astype(np.int8))
    within = draws.uniform("world.age", people.id)
    years = place.value("world.oldest_age") - 60.0
    age = np.select(
        [people.age_band == 0, people.age_band == 1],
        [18.0 + 17.0 * within, 35.0 + 25.0 * within],
        60.0 + years * (1.0 - np.sqrt(1.0 - within)),
    )
    people.age = age.astype(np.int16)


def _give_work(people: Table, place: Place, marginals: Marginals, draws: Draws) -> None:
    """Who works, in which sector, for what wage (yuan a month), and who is insured."""
    in_force = draws.uniform("world.labour_force", people.id) < marginals.force[people.age_band]
    idle = draws.uniform("world.unemployed", people.id) < marginals.unemployed[people.kind]
    people.employed, people.unemployed = in_force & ~idle, in_force & idle
    luck = draws.uniform("world.sector", people.id)
    sector = _chosen(luck, marginals.sectors, people.kind) + np.int8(1)
    people.sector = np.where(people.employed, sector, np.int8(0))
    means = np.array([place.keyed(f"labour.wage.{name}", KINDS) for name in WORKING_SECTORS])
    spread = place.value("labour.log_wage_sd")
    wage = np.exp(spread * draws.normal("world.wage", people.id) - spread * spread / 2.0)
    wage *= means[sector - 1, people.kind]
    wage[~people.employed] = 0.0
    people.wage = wage.astype(np.float32)
    insured = place.keyed("world.insured_share", CLASSES)[people.registration]
    people.insured = people.employed & (draws.uniform("world.insured", people.id) < insured)


def _give_income(people: Table, place: Place) -> None:
    """Income per adult of the household: wages, and what those without a wage live on, pooled."""
    people.income = pooled_income(people, place.keyed("world.other_income", KINDS))


def pooled_income(people: Table, other: np.ndarray) -> np.ndarray:
    """What each household has per adult (yuan a month), by person, float32.

    `other` is what an adult without a wage lives on, by kind of place.
    """
    own = np.where(people.employed, people.wage, other.astype(np.float32)[people.kind])
    total = np.bincount(people.household, weights=own * people.alive)
    adults = np.bincount(people.household, weights=people.alive)
    pooled = np.maximum(total / np.maximum(adults, 1.0), LOWEST_INCOME)
    return pooled.astype(np.float32)[people.household]


def _give_services(people: Table, place: Place, draws: Draws) -> None:
    """The gap to full service access, by kind and registration; minutes to the service centre."""
    people.service_gap = service_gaps(place)[people.kind, people.registration]
    people.unconsulted = np.zeros(len(people), bool)
    people.minutes_to_centre = minutes_to_centre(people.id, 0, place, draws)


def service_gaps(place: Place) -> np.ndarray:
    """The gap to full service access by kind of place and class of registration, float32."""
    supply = place.keyed("world.service_supply", KINDS)
    entitled = np.array([1.0, 1.0, place.value("world.entitlement")])
    return (1.0 - np.outer(supply, entitled)).astype(np.float32)


def minutes_to_centre(
    person_ids: np.ndarray, moves: np.ndarray | int, place: Place, draws: Draws
) -> np.ndarray:
    """Minutes to the service centre from where each person lives after so many moves, float32."""
    mean, variation = place.keyed("world.centre_minutes", ("mean", "cv"))
    spread = math.sqrt(math.log1p(variation * variation))
    normal = draws.normal("world.centre_minutes", person_ids, moves)
    return (mean * np.exp(spread * normal - spread**2 / 2)).astype(np.float32)


def _give_states(people: Table, place: Place, draws: Draws) -> None:
    """Seven states that spread, susceptibility to them, belonging, distress, protest threshold."""
    scores = state_normals(people.id, draws, place.value("start.trust.correlation"))
    means, spreads = _stated(place)
    for k, name in enumerate(SPREAD_STATES):
        by_class = tuple(means[:, k].tolist())
        people[name] = beta_by_class(scores[:, k], people.registration, by_class, float(spreads[k]))
    local, moved = (place.value(f"start.belonging.{who}.mean") for who in ("local", "non_local"))
    spread = place.value("start.belonging.sd")
    score = draws.normal("world.belonging", people.id)
    people.belonging = beta_by_class(score, people.registration, (local, local, moved), spread)
    for name in ("susceptibility", "distress"):
        mean, spread = place.value(f"start.{name}.mean"), place.value(f"start.{name}.sd")
        people[name] = beta_of_normal(draws.normal(f"world.{name}", people.id), mean, spread)
    people.threshold = thresholds_of(people.id, place.values, draws)


@lru_cache(maxsize=16)
def _stated(place: Place) -> tuple[np.ndarray, np.ndarray]:
    """Means by class and spreads of the states that spread: newcomers ask for them every week."""
    return class_means(place), state_sds(place)


def thresholds_of(ids: np.ndarray, values: Mapping[str, float], draws: Draws) -> np.ndarray:
    """The share of the others that must act before a person of this identity does, float32.

    `values` are the numbers of a place.
    """
    mean, spread, floor = (values[f"start.threshold.{what}"] for what in ("mean", "sd", "floor"))
    threshold = mean + spread * draws.normal("world.threshold", ids)
    return np.maximum(threshold, floor).astype(np.float32)
