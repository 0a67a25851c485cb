"""What offices answer to joint action, what that does to people, and how issues end."""

import math
from typing import TYPE_CHECKING

import numpy as np

from sim.mechanisms.conflict.issue_table import Issues
from sim.world.disputes import COLLECTIVE, DECIDING, LATENT, NEGOTIATING
from sim.world.issues import end_issue
from sim.world.money import FEN_PER_YUAN, budget_row
from sim.world.world import World

if TYPE_CHECKING:
    from sim.mechanisms.conflict.mobilisation import Mobilisation

ANSWERS = ("ignore", "dialogue", "concede", "control")  # in the order of the lever, after "mixed"
MIXED = 0  # of the lever: each office as it comes
_BELOW = 1e-300  # the logarithm of a share of 0


def answer_to(rule: "Mobilisation", world: World, issues: Issues, row: int) -> tuple[str, int]:
    """The answer to an event of an issue, and the policy behind it (a position of the lever)."""
    policy = int(issues.answer[row])
    if policy < 0:
        policy = round(float(world.lever("response.policy")[issues.division[row]]))
    if policy != MIXED:
        return ANSWERS[policy - 1], policy
    issue, number = issues.id[row : row + 1], int(issues.events[row])
    score = [
        math.log(max(rule.response[name], _BELOW))
        + float(world.draws.gumbel(f"mobilisation.answer.{name}", issue, number)[0])
        for name in ANSWERS
    ]
    return ANSWERS[int(np.argmax(score))], policy


def meet(
    rule: "Mobilisation",
    world: World,
    issues: Issues,
    row: int,
    answer: str,
    crowd: np.ndarray,
    contact: np.ndarray,
) -> None:
    """What an answer does: `crowd` acted, `contact` are outsiders who know somebody who did."""
    people = world.people
    members = issues.beside.circles[row].members
    members = members[people.alive[members]]
    trust = np.float32(rule.response_trust[answer])
    for name in ("township", "city"):
        pushes = people[f"anchor_push_trust_{name}"]
        pushes[members] += trust
        pushes[contact] += trust / np.float32(2.0)
    people.anchor_push_efficacy[crowd] += np.float32(rule.response_efficacy[answer])
    step = np.float32(rule.response_threshold[answer])
    if step:
        people.threshold[crowd] += step
        people.threshold_shift[crowd] += step
        issues.beside.stirred = np.union1d(issues.beside.stirred, crowd)
    if answer == "dialogue":
        relieve(world, members, rule.dialogue["relief"])
    elif answer == "control":
        embitter(world, members, rule.control_grievance)


def relieve(world: World, rows: np.ndarray, share: float) -> None:
    """These people lose a share of their grievance."""
    people = world.people
    people.grievance_relief[rows] += as_many(world, "relief_settled", share)


def embitter(world: World, rows: np.ndarray, share: float) -> None:
    """The grievance of these people rises by a share of what is left up to 1."""
    people = world.people
    people.grievance_push[rows] += as_many(world, "step_prevented", share)


def as_many(world: World, unit: str, share: float) -> np.float32:
    """How many settlements (or refusals) weigh as much as this share: flows count in these."""
    settings = world.tables.get("settings", {})
    one = float(settings.get(f"grievance.{unit}", {"relief_settled": 0.3}.get(unit, 0.1)))
    if not 0.0 < one < 1.0:
        return np.float32(0.0)
    return np.float32(math.log1p(-min(share, 0.999)) / math.log1p(-one))


def carry_in(world: World, issues: Issues, row: int, at: float) -> None:
    """Members' disputes about the matter that no office has yet become part of it."""
    theirs = _of_members(world, issues, row)
    disputes = world.disputes
    theirs = theirs[np.isin(disputes.state[theirs], (LATENT, NEGOTIATING, DECIDING))]
    disputes.count("disputes_collective", theirs)
    disputes.move(theirs, COLLECTIVE, np.maximum(disputes.since[theirs], at))
    disputes.taken_in[theirs] = True


def _of_members(world: World, issues: Issues, row: int) -> np.ndarray:
    disputes = world.disputes
    about = disputes.is_open & (disputes.domain == issues.domain[row])
    rows = np.flatnonzero(about)
    members = issues.beside.circles[row].members
    return rows[np.isin(disputes.person[rows], members)]


def pay(
    rule: "Mobilisation", world: World, division: int, answer: str, policy: int, events: float
) -> None:
    """An answer costs money; the plan holds what the usual mix of answers costs."""
    budget, treasury = world.tables.get("budget"), world.tables.get("treasury")
    if budget is None or treasury is None or not len(budget):
        return
    cost = rule.response_cost[answer]
    total = sum(rule.response.values())
    mixed = sum(rule.response_cost[name] * rule.response[name] for name in ANSWERS) / total
    usual = cost if policy == MIXED else mixed
    execution = float(world.place.by_division("execution_share")[division])
    fen = FEN_PER_YUAN * events
    budget.spend[budget_row(division, "responses")] += cost * fen
    treasury.extra_plan[division] += usual * fen / max(execution, 1e-9)


def end_issues(
    rule: "Mobilisation",
    world: World,
    issues: Issues,
    rows: np.ndarray,
    how: list[str],
    at: float,
) -> None:
    """Issues end: members are relieved, and the disputes in them end with them."""
    if not len(rows):
        return
    disputes, people = world.disputes, world.people
    for row, word in zip(rows, how, strict=True):
        members = issues.beside.circles[row].members
        members = members[people.alive[members]]
        if word != "settled":  # dialogue has relieved them already
            relieve(world, members, rule.end_relief)
        theirs = _of_members(world, issues, int(row))
        theirs = theirs[disputes.state[theirs] == COLLECTIVE]
        if word == "faded":
            disputes.withdraw(theirs, "dropped")
        else:
            np.add.at(people.grievance_relief, disputes.person[theirs], 1.0)
            disputes.settle(theirs, "collective", np.maximum(disputes.since[theirs], at))
        end_issue(world, int(issues.id[row]), word)
    issues.close(rows)
