"""Matters that concern many people at once: a delayed block, unpaid wages, a siting, a taking.

Whoever causes such a matter posts it with `open_issue`; mobilisation takes it in, in its turn, and
keeps the table of issues from then on. The post says whom it concerns and which office or firm
they hold answerable.
"""

from dataclasses import dataclass

import numpy as np

from sim.kernel import entity_ids
from sim.world.world import World

ISSUE_KINDS = (
    "wages",
    "housing",
    "property",
    "land",
    "projects",
    "environment",
    "siting",
    "fund_raising",
    "flood",
    "drought",
    "other",
)


@dataclass(frozen=True)
class IssuePost:
    """One new issue.

    Attributes:
        id: identity (uint64), from what it is: (cause, division, when ...).
        kind: one of ISSUE_KINDS.
        at: the day on which it opens.
        division: where; `unit` the row of its village or grid, -1 if it has none.
        members: rows of people concerned, ascending; None lets mobilisation pick whole households
            of the unit, as many as a usual issue has.
        office: row of the office addressed, -1 if none; `firm` the row of the firm, -1 if none.
        ends: the day on which it ends by itself; None lets mobilisation draw it.
        response: how the office answers (a word of the lever `response.policy`) if a scenario
            fixes it for this issue; None leaves it to the lever.
        sampled: whether the members are a sample of one great matter, each standing for as many as
            in counts; else it is a matter of its real size, of which a sample has fewer.
        weighs: whether to belong to it adds to grievance as usual; False where its cause posts
            what it adds itself.
    """

    id: int
    kind: str
    at: float
    division: int
    unit: int = -1
    members: np.ndarray | None = None
    office: int = -1
    firm: int = -1
    ends: float | None = None
    response: str | None = None
    sampled: bool = False
    weighs: bool = True


def adversary_firm(world: World, firm: int) -> np.uint64:
    """What stands in the column `adversary` of issues for which this firm (row) answers."""
    identity: np.uint64 = entity_ids("adversary.firm", world.firms.id[firm : firm + 1])[0]
    return identity


def open_issue(world: World, post: IssuePost) -> None:
    """Post a new issue; mobilisation takes it in when its turn comes."""
    if post.kind not in ISSUE_KINDS:
        raise ValueError(f"{post.kind!r} is no kind of issue: {', '.join(ISSUE_KINDS)}")
    world.tables.setdefault("issue_posts", []).append(post)


def posted_issues(world: World) -> list[IssuePost]:
    """The issues posted since the last call, in the order of their days and identities."""
    posts: list[IssuePost] = world.tables.get("issue_posts", [])
    world.tables["issue_posts"] = []
    return sorted(posts, key=lambda post: (post.at, post.id))


def end_issue(world: World, issue: int, how: str) -> None:
    """Tell causes that an issue has ended and how: faded, settled, conceded."""
    world.tables.setdefault("issues_ended", {})[issue] = how


def how_ended(world: World, issue: int) -> str | None:
    """How an issue ended; None while it is open."""
    ended: dict[int, str] = world.tables.get("issues_ended", {})
    return ended.get(issue)
