"""Issues open: those that others post, and the usual stream of those that nobody else simulates."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from sim.kernel import DAYS_PER_YEAR, Clock, entity_ids
from sim.mechanisms.conflict.issue_table import (
    MATTERS,
    Circle,
    Issues,
    domain_code,
    trust_code,
    usual_firm,
)
from sim.mechanisms.conflict.joining import circles
from sim.scenario import LEVERS
from sim.world.candidates import residents_an_adult
from sim.world.flat import column_of
from sim.world.flows import KINDS
from sim.world.households import households_by_luck
from sim.world.issues import IssuePost, adversary_firm, posted_issues
from sim.world.world import World

if TYPE_CHECKING:
    from sim.mechanisms.conflict.mobilisation import Mobilisation

# Kinds of issues that a mechanism makes itself while it is on.
MADE_BY = {"land": "land", "projects": "projects"}
FEWEST = 5  # members of a usual issue
RECOUNT_WEEKS = 13  # who lives in a unit is counted anew once a quarter


def usual_rates(world: World, per_10k: float, source: Mapping[str, float]) -> np.ndarray:
    """Issues of each kind per resident a year, by kind of place; shape (sources, 3).

    A kind of issue that some kinds of place do not have is the more frequent in the others.
    """
    residents = np.bincount(world.people.kind, world.people.residents, minlength=len(KINDS))
    total = sum(source.values())
    rates = np.zeros((len(source), len(KINDS)))
    for position, (kind, share) in enumerate(source.items()):
        where = np.isin(np.arange(len(KINDS)), MATTERS[kind].kinds)
        if not residents[where].sum() > 0.0:
            where[:] = True
        rates[position, where] = share / max(total, 1e-300) * per_10k / 1e4
        rates[position] *= residents.sum() / residents[where].sum()
    return rates


def open_usual(
    rule: "Mobilisation", world: World, issues: Issues, rates: np.ndarray, clock: Clock
) -> None:
    """The week's usual issues whose moment lies in this step; at most one a unit and week."""
    units, draws, week = world.units, world.draws, clock.week
    beside = issues.beside
    if len(beside.residents) != len(units) or week - beside.counted >= RECOUNT_WEEKS:
        beside.counted = week - week % RECOUNT_WEEKS
        beside.residents = residents_of_units(world)
    hazards = rates[:, units.kind] * beside.residents
    drive(rule, world, hazards)
    of_unit = hazards.cumsum(axis=0)
    chance = of_unit[-1] * 7.0 / DAYS_PER_YEAR
    hit = (draws.uniform("mobilisation.issue", units.id, week) < chance).nonzero()[0]
    if not len(hit):
        return
    ids = entity_ids("issue", units.id[hit], week)
    at = clock.week_begins + 7.0 * draws.uniform("mobilisation.offset", ids)
    luck = draws.uniform("mobilisation.kind", ids) * of_unit[-1, hit]
    which = (of_unit[:, hit] <= luck).sum(axis=0)
    kinds, order = tuple(rule.issue_source), at.argsort(kind="stable")
    on: frozenset[str] = world.tables.get("on") or frozenset()  # on a bench none is known
    for unit, issue, day, position in zip(
        hit[order], ids[order], at[order], which[order], strict=True
    ):
        kind = kinds[position]
        made = kind in MADE_BY and MADE_BY[kind] in on
        if clock.begins <= day < clock.ends and not made:
            division = int(units.division[unit])
            firm = usual_firm(world, kind, int(issue), division)
            enter(
                rule,
                world,
                issues,
                IssuePost(int(issue), kind, day, division, int(unit), firm=firm),
            )


def drive(rule: "Mobilisation", world: World, hazards: np.ndarray) -> None:
    """Issues over wages come the more often, the more people lose work than usual, by division."""
    ratio = column_of(world, "divisions", "separation_ratio", 1.0)
    hazards[tuple(rule.issue_source).index("wages")] *= ratio[world.units.division]


def residents_of_units(world: World) -> np.ndarray:
    """Residents of all ages of each unit as it really is, from the adults who live there now."""
    people, units = world.people, world.units
    adults = np.bincount(people.unit[people.alive], minlength=len(units))
    return adults * residents_an_adult(world)[units.division]


def open_posted(rule: "Mobilisation", world: World, issues: Issues) -> None:
    """Take in the issues that others have posted."""
    for post in posted_issues(world):
        enter(rule, world, issues, post)


def enter(rule: "Mobilisation", world: World, issues: Issues, post: IssuePost) -> None:
    """A new issue stands in the table, unless it concerns nobody who is here."""
    people, draws = world.people, world.draws
    members = pick_members(rule, world, post) if post.members is None else np.unique(post.members)
    members = members[people.alive[members]]
    if not len(members):
        return
    ends = post.ends
    if ends is None:
        life = float(draws.exponential("mobilisation.life", np.array([post.id], np.uint64))[0])
        ends = post.at + DAYS_PER_YEAR * rule.issue_life_years * life
    begins, watched = circles(world, members, post.id, round(rule.known_members))
    office = post.office
    if office < 0:
        rows = world.office_of.get(MATTERS[post.kind].office)
        office = -1 if rows is None else int(rows[post.division])
    if post.firm >= 0:
        adversary = adversary_firm(world, post.firm)
    else:
        adversary = entity_ids(f"adversary.{post.kind}", np.array([office]))[0]
    words = LEVERS["response.policy"].choices
    issues.open(
        Circle(members, begins, watched),
        id=np.uint64(post.id),
        domain=domain_code(post.kind),
        division=post.division,
        trust=trust_code(world, post.kind, post.office),
        adversary=adversary,
        opened=post.at,
        ends=ends,
        risk=rule.base_risk,
        answer=-1 if post.response is None else words.index(post.response),
        sampled=post.sampled,
        weighs=post.weighs,
    )
    weight = people.weight[members].astype(np.float64)
    size = weight if post.sampled else np.ones(len(members))
    real = 1.0 if post.sampled else float(weight.mean())
    world.flows.add("issues_opened", people.cell[members], real * size / size.sum())


def pick_members(rule: "Mobilisation", world: World, post: IssuePost) -> np.ndarray:
    """Whole households of the unit, those of the lowest hash, until a usual issue's adults.

    Their number is lognormal, FEWEST at least.
    """
    people, draws = world.people, world.draws
    issue = np.array([post.id], np.uint64)
    normal = float(draws.normal("mobilisation.members", issue)[0])
    wanted = rule.issue_members_median * np.exp(rule.issue_members_log_sd * normal)
    rows = np.flatnonzero((people.unit == post.unit) & people.alive)
    order, sizes, whose = households_by_luck(people, draws, rows, "mobilisation.household", post.id)
    enough = np.searchsorted(np.cumsum(sizes[order]), max(FEWEST, round(wanted))) + 1
    chosen = np.zeros(len(sizes), bool)
    chosen[order[:enough]] = True
    return rows[chosen[whose]]
