"""Firms and social organisations: the counterparts of many disputes, and where members meet."""

import numpy as np

from sim.kernel import Draws, Table, entity_ids
from sim.world.figures import ORGANISATION_KINDS
from sim.world.place import Place
from sim.world.settlements import apportioned

FIRM_KINDS = ("developer", "property", "employer", "lender", "farm")
EMPLOYER, FARM = "employer", "farm"  # family farms come with the land that is let to them
NO_ORGANISATION = -1


def make_firms(place: Place, scale: float, draws: Draws) -> Table:
    """Firms that meet people as a counterpart: a share of them at a scale, one at least.

    Columns: id, kind, division, employees (share of the division's jobs; 0 but for employers) and
    weight (real firms that it stands for). The firms kept at a small scale are among those kept at
    a larger one, and the shares of a division's employers add up to 1.
    """
    size = len(place.divisions)
    residents = place.by_division("population")
    jobs = residents * place.by_division("adult_share") * place.value("labour.employed_share")
    parts = []
    for code, kind in enumerate(FIRM_KINDS):
        if kind == FARM:
            continue
        base, what = (jobs, "jobs") if kind == EMPLOYER else (residents, "residents")
        real = np.maximum(1, np.rint(base / place.value(f"world.firms.{what}_per_{kind}")))
        kept = np.maximum(1, np.rint(scale * real)).astype(int)
        division = np.repeat(np.arange(size), kept)
        number = np.arange(len(division)) - np.repeat(np.cumsum(kept) - kept, kept)
        parts.append((np.full(len(division), code), division, number, (real / kept)[division]))
    kinds, division, number, weight = (np.concatenate(part) for part in zip(*parts, strict=True))
    firms = Table(len(kinds), id=entity_ids("firm", kinds, division, number))
    firms.kind, firms.division = kinds.astype(np.int8), division.astype(np.int8)
    firms.weight = weight.astype(np.float32)
    firms.employees = _employees(firms, place, draws)
    return firms


def _employees(firms: Table, place: Place, draws: Draws) -> np.ndarray:
    employer = firms.kind == FIRM_KINDS.index(EMPLOYER)
    spread = place.value("world.firm_size_log_sd")
    size = np.where(employer, np.exp(spread * draws.normal("world.firm_size", firms.id)), 0.0)
    total = np.bincount(firms.division, weights=size)
    return (size / total[firms.division]).astype(np.float32)


def make_organisations(place: Place, draws: Draws) -> Table:
    """All social organisations, at any scale: id, kind, division.

    Divisions share them by residents, kinds by their shares (largest remainder); which kind stands
    where is luck.
    """
    count = round(place.value("world.social_organisations"))
    by_division = apportioned(place.by_division("population"), count)
    division = np.repeat(np.arange(len(by_division)), by_division)
    ids = entity_ids("organisation", np.arange(count))
    shares = place.keyed("world.organisation_kind", ORGANISATION_KINDS)
    kinds = np.repeat(np.arange(len(shares)), apportioned(shares, count))
    kind = np.empty(count, np.int8)
    kind[np.argsort(draws.uniform("world.organisation_kind", ids), kind="stable")] = kinds
    return Table(count, id=ids, kind=kind, division=division.astype(np.int8))


def memberships(people: Table, organisations: Table, place: Place, draws: Draws) -> np.ndarray:
    """The organisation of every adult: a row of the same division, or NO_ORGANISATION."""
    size = len(place.divisions)
    counts = np.bincount(organisations.division, minlength=size)
    first = counts.cumsum() - counts
    luck = draws.uniform("world.organisation", people.id)
    row = first[people.division] + (luck * counts[people.division]).astype(np.int64)
    member = draws.uniform("world.member", people.id) < place.value("world.member_share")
    member &= counts[people.division] > 0
    return np.where(member, row, NO_ORGANISATION).astype(np.int32)
