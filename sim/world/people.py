"""Synthetic adults, drawn from stated marginals by keyed luck: a person's identity decides.

The same person has the same attributes at every scale that keeps the unit. People stand in the
order of unit and household, so that those who know each other are near in memory.
"""

import numpy as np

from sim.kernel import Draws, Table, entity_ids
from sim.world.place import Place
from sim.world.settlements import RURAL, Settlements
from sim.world.states import (
    CLASSES,
    SPREAD_STATES,
    beta_quantile,
    drawn_by_mean,
    state_means,
    state_normals,
    state_sds,
)

KIND_NAMES = ("urban", "town", "rural")
AGE_GROUPS = ("age_18_34", "age_35_59", "age_60_plus")
LOCAL_URBAN, LOCAL_RURAL, NON_LOCAL = range(3)


def make_people(
    place: Place, full: Settlements, rows: np.ndarray, weights: np.ndarray, draws: Draws
) -> Table:
    """The adults of the kept units (rows of the full list), one row each."""
    adults = full.adults[rows]
    unit = np.repeat(np.arange(len(rows)), adults)
    inside = np.arange(len(unit)) - np.repeat(np.cumsum(adults) - adults, adults)
    ids = (full.first_person[rows][unit] + inside).astype(np.uint64)
    division, kind = full.division[rows][unit], full.kind[rows][unit]
    people = Table(
        len(ids),
        id=ids,
        unit=unit.astype(np.int32),
        division=division.astype(np.int8),
        kind=kind.astype(np.int8),
        weight=weights[unit].astype(np.float32),
    )
    people.residents = (people.weight / place.by_division("adult_share")[division]).astype(
        np.float32
    )
    people.household = _households(place, rows, adults, draws)
    people.registration = _registration(place, full, people, draws)
    people.cell = (division * 9 + kind * 3 + people.registration).astype(np.int16)
    _ages(place, full, people, draws)
    _work(place, full, people, draws)
    _income(place, people)
    _services(place, people, draws)
    _states(place, people, draws)
    return people


def _households(
    place: Place, rows: np.ndarray, adults: np.ndarray, draws: Draws
) -> np.ndarray:
    """Household numbers of people: sizes of 1 to 4 adults until the unit is full."""
    shares = place.keyed("world.adults_per_household", ("one", "two", "three", "four"))
    edges = np.cumsum(shares / shares.sum())[:-1]
    parts, first = [], 0
    for row, count in zip(rows, adults, strict=True):
        luck = draws.uniform("world.household", entity_ids("household", int(row), np.arange(count)))
        sizes = 1 + np.searchsorted(edges, luck)
        ends = np.cumsum(sizes)
        own = np.searchsorted(ends, np.arange(count), side="right")
        parts.append(first + own)
        first += int(own[-1]) + 1
    return np.concatenate(parts).astype(np.int32)


def household_heads(people: Table) -> np.ndarray:
    """The identity of the first adult of everybody's household."""
    first = np.concatenate([[True], people.household[1:] != people.household[:-1]])
    return people.id[first][people.household - people.household[0]]


def _registration(place: Place, full: Settlements, people: Table, draws: Draws) -> np.ndarray:
    """Registration class by household: floating by division and kind, locals by kind."""
    away = floating_share(place, full)[people.division, (people.kind != RURAL).astype(int)]
    luck = draws.uniform("world.registration", household_heads(people))
    share = urban_registered_share(place, full)
    urban = draws.uniform("world.urban_registration", household_heads(people)) < share
    local = np.where((people.kind != RURAL) & urban, LOCAL_URBAN, LOCAL_RURAL)
    return np.where(luck < away, NON_LOCAL, local).astype(np.int8)


def floating_share(place: Place, full: Settlements) -> np.ndarray:
    """The share of adults registered elsewhere, shape (divisions, 2): rural, then urban kinds."""
    floating = place.by_division("floating") * place.value("world.floating_adult_share")
    built_up = place.value("world.floating_urban_share")
    out = np.zeros((len(place.divisions), 2))
    for d in range(len(place.divisions)):
        here = full.division == d
        rural = full.adults[here & (full.kind == RURAL)].sum()
        urban = full.adults[here & (full.kind != RURAL)].sum()
        parts = built_up if rural and urban else float(urban > 0)
        out[d] = (floating[d] * (1.0 - parts) / max(rural, 1), floating[d] * parts / max(urban, 1))
    return np.minimum(out, 0.95)


def urban_registered_share(place: Place, full: Settlements) -> float:
    """Of registered locals in urban kinds of place, the share with urban registration."""
    residents = place.by_division("population").sum()
    urban_kinds = full.residents[full.kind != RURAL].sum()
    away = place.by_division("floating").sum() * place.value("world.floating_urban_share")
    wanted = place.value("world.class_share.local_urban") * residents
    return float(min(1.0, wanted / max(urban_kinds - away, 1.0)))


def _ages(place: Place, full: Settlements, people: Table, draws: Draws) -> None:
    """Ages by group, movers younger; uniform inside a group, a falling tail from 60 on."""
    groups = place.keyed("world", tuple(f"{g}_share" for g in AGE_GROUPS))
    movers = place.keyed("world.floating_age_share", AGE_GROUPS)
    adults = (place.by_division("population") * place.by_division("adult_share")).sum()
    away = place.by_division("floating").sum() * place.value("world.floating_adult_share") / adults
    locals_ = np.maximum((groups - away * movers) / (1.0 - away), 0.0)
    edges = np.cumsum(np.stack([locals_ / locals_.sum(), movers / movers.sum()]), axis=1)
    luck = draws.uniform("world.age_group", people.id)
    row = edges[(people.registration == NON_LOCAL).astype(int)]
    group = (luck[:, None] > row[:, :2]).sum(axis=1)
    inside = draws.uniform("world.age", people.id)
    oldest = place.value("world.oldest_age")
    age = np.select(
        [group == 0, group == 1],
        [18 + inside * 17, 35 + inside * 25],
        60 + (oldest - 60) * (1.0 - np.sqrt(1.0 - inside)),
    )
    people.age = age.astype(np.int16)
    people.age_group = group.astype(np.int8)


def _work(place: Place, full: Settlements, people: Table, draws: Draws) -> None:
    """Work, sector, wage and insurance."""
    employed = place.value("labour.employed_share")
    idle = place.value("labour.unemployment_share")
    by_age = place.keyed("labour.force_by_age", AGE_GROUPS)
    usual = place.keyed("world", tuple(f"{g}_share" for g in AGE_GROUPS)) @ by_age
    force = by_age[people.age_group] * employed / (1.0 - idle) / usual
    by_kind = place.keyed("labour.unemployment_by_kind", KIND_NAMES)
    count = np.bincount(full.kind, full.adults.astype(float), minlength=3)
    rate = by_kind[people.kind] * idle / (by_kind @ count / count.sum())
    in_force = draws.uniform("world.labour_force", people.id) < force
    out = draws.uniform("world.unemployed", people.id) < rate
    people.employed, people.unemployed = in_force & ~out, in_force & out
    names = ("primary", "secondary", "tertiary")
    shares = np.array([place.keyed(f"labour.sector_share.{s}", KIND_NAMES) for s in names]).T
    edges = np.cumsum(shares / shares.sum(axis=1, keepdims=True), axis=1)[people.kind]
    luck = draws.uniform("world.sector", people.id)
    sector = 1 + (luck[:, None] > edges[:, :2]).sum(axis=1)
    people.sector = np.where(people.employed, sector, 0).astype(np.int8)
    means = np.array([place.keyed(f"labour.wage.{s}", KIND_NAMES) for s in names])
    spread = place.value("labour.log_wage_sd")
    factor = np.exp(spread * draws.normal("world.wage", people.id) - spread**2 / 2.0)
    wage = np.where(people.employed, means[sector - 1, people.kind] * factor, 0.0)
    people.wage = wage.astype(np.float32)
    insured = place.keyed("world.insured_share", CLASSES)[people.registration]
    people.insured = people.employed & (draws.uniform("world.insured", people.id) < insured)


def _income(place: Place, people: Table) -> None:
    """Income per adult of the household: wages and what those without a wage live on, pooled."""
    other = place.keyed("world.other_income", KIND_NAMES)[people.kind]
    own = np.where(people.employed, people.wage, other)
    household = people.household - people.household[0]
    pooled = np.bincount(household, own) / np.bincount(household)
    people.income = np.maximum(pooled[household], 1.0).astype(np.float32)


def _services(place: Place, people: Table, draws: Draws) -> None:
    """Access to services by kind of place and registration; the way to the centre."""
    supply = place.keyed("world.service_supply", KIND_NAMES)[people.kind]
    entitled = np.where(people.registration == NON_LOCAL, place.value("world.entitlement"), 1.0)
    people.service_gap = (1.0 - supply * entitled).astype(np.float32)
    people.unconsulted = np.zeros(len(people), bool)
    mean, variation = place.keyed("world.centre_minutes", ("mean", "cv"))
    log_sd = np.sqrt(np.log1p(variation**2))
    normal = draws.normal("world.centre_minutes", people.id)
    people.minutes_to_centre = (mean * np.exp(log_sd * normal - log_sd**2 / 2)).astype(np.float32)


def _states(place: Place, people: Table, draws: Draws) -> None:
    """States of mind, susceptibility, belonging, distress and protest threshold."""
    scores = state_normals(people.id, draws, place.value("start.trust.correlation"))
    means, sds = state_means(place, people.registration), state_sds(place)
    for k, name in enumerate(SPREAD_STATES):
        people[name] = drawn_by_mean(scores[:, k], means[:, k], sds[k])
    away = people.registration == NON_LOCAL
    belonging = np.where(
        away,
        place.value("start.belonging.non_local.mean"),
        place.value("start.belonging.local.mean"),
    )
    score = draws.normal("world.belonging", people.id)
    people.belonging = drawn_by_mean(score, belonging, place.value("start.belonging.sd"))
    for column in ("distress", "susceptibility"):
        luck = draws.uniform(f"world.{column}", people.id)
        mean, sd = place.value(f"start.{column}.mean"), place.value(f"start.{column}.sd")
        people[column] = beta_quantile(luck, mean, sd).astype(np.float32)
    normal = draws.normal("world.threshold", people.id)
    mean, sd = place.value("start.threshold.mean"), place.value("start.threshold.sd")
    floor = place.value("start.threshold.floor")
    people.threshold = np.maximum(mean + sd * normal, floor).astype(np.float32)
