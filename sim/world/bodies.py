"""Firms and social organisations: the counterparts of many disputes, and where members meet."""

import numpy as np

from sim.kernel import Draws, Table, entity_ids
from sim.world.place import Place

FIRM_KINDS = ("employer", "developer", "property", "lender")
ORGANISATION_KINDS = (
    "life_service",
    "charity",
    "mediation",
    "public_security",
    "youth",
    "college",
    "other",
)


def make_firms(place: Place, draws: Draws) -> Table:
    """Firms in their real number, by division; employees lognormal for employers, else 0."""
    population = place.by_division("population")
    jobs = population * place.by_division("adult_share") * place.value("labour.employed_share")
    kinds, divisions = [], []
    for code, kind in enumerate(FIRM_KINDS):
        unit = "jobs_per_employer" if kind == "employer" else f"residents_per_{kind}"
        per_firm = place.value(f"world.firms.{unit}")
        amount = jobs if kind == "employer" else population
        counts = np.maximum(1, np.rint(amount / per_firm)).astype(int)
        divisions.append(np.repeat(np.arange(len(counts)), counts))
        kinds.append(np.full(counts.sum(), code))
    division, kind_codes = np.concatenate(divisions), np.concatenate(kinds)
    ids = entity_ids("firm", np.arange(len(division)))
    sd = place.value("world.firm_size_log_sd")
    size = np.exp(sd * draws.normal("world.firm_size", ids) - sd**2 / 2.0)
    employees = np.where(kind_codes == 0, size * place.value("world.firms.jobs_per_employer"), 0.0)
    return Table(
        len(division),
        id=ids,
        kind=kind_codes.astype(np.int8),
        division=division.astype(np.int8),
        employees=employees.astype(np.float32),
    )


def make_organisations(place: Place, people: Table, draws: Draws) -> Table:
    """Social organisations by division; sets people.organisation for the share that are members."""
    population = place.by_division("population")
    wanted = population / population.sum() * place.value("world.social_organisations")
    counts = np.maximum(1, np.rint(wanted)).astype(int)
    division = np.repeat(np.arange(len(counts)), counts)
    ids = entity_ids("organisation", np.arange(len(division)))
    shares = place.keyed("world.organisation_kind", ORGANISATION_KINDS)
    edges = np.cumsum(shares / shares.sum())[:-1]
    kind = np.searchsorted(edges, draws.uniform("world.organisation_kind", ids))
    member = draws.uniform("world.member", people.id) < place.value("world.member_share")
    first = np.concatenate([[0], np.cumsum(counts)[:-1]])
    pick = draws.uniform("world.which_organisation", people.id)
    own = first[people.division] + (pick * counts[people.division]).astype(np.int64)
    people.organisation = np.where(member, own, -1).astype(np.int32)
    return Table(len(ids), id=ids, kind=kind.astype(np.int8), division=division.astype(np.int8))
