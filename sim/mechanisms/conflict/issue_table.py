"""The table of open issues: whom each concerns, whom they hold answerable, and how far it has come.

An issue comes from a post of whoever causes it (sim.world.issues) or from the usual stream of
issues that nobody else simulates.
"""

from dataclasses import dataclass, field

import numpy as np

from sim.kernel import Table
from sim.world.bodies import FIRM_KINDS
from sim.world.disputes import DOMAINS
from sim.world.offices import OFFICE_KINDS
from sim.world.world import World


@dataclass(frozen=True)
class Matter:
    """What a kind of issue is about, and who is addressed and held answerable.

    `domain` is that of the disputes which members may carry into it, `office` the kind of office
    that answers, `firm` the kind of firm behind it, `kinds` the kinds of place where the usual
    stream of issues has it.
    """

    domain: str | None
    office: str
    firm: str | None = None
    kinds: tuple[int, ...] = (0, 1, 2)


MATTERS: dict[str, Matter] = {
    "wages": Matter("labour", "township", "employer"),
    "housing": Matter("housing", "department", "developer", (0, 1)),
    "property": Matter("property", "township", "property", (0, 1)),
    "land": Matter("land_acquisition", "department", None, (1, 2)),
    "projects": Matter("environment", "department"),
    "environment": Matter("environment", "department", "employer"),
    "siting": Matter("environment", "city_government"),
    "fund_raising": Matter("consumer", "department", "lender"),
    "flood": Matter("damage", "department"),
    "drought": Matter("water", "department"),
    "other": Matter(None, "township"),
}
# Which trust speaks for which office; every other one is an office of county or city.
_TRUSTED = {
    "village": "community",
    "community": "community",
    "grid_station": "community",
    "township": "township",
    "police_station": "township",
    "court": "court",
}
TRUSTS = ("community", "township", "city", "court")

_COLUMNS = {
    "id": np.uint64,
    "domain": np.int8,
    "division": np.int8,
    "trust": np.int8,
    "adversary": np.uint64,
    "opened": np.float64,
    "ends": np.float64,
    "we": np.float64,
    "risk": np.float64,
    "last_event": np.float64,
    "events": np.int32,
    "answer": np.int8,
    "sampled": np.bool_,
    "weighs": np.bool_,
}


@dataclass(frozen=True)
class Circle:
    """Members of one issue (rows of people, ascending) and whom each of them watches."""

    members: np.ndarray
    begins: np.ndarray
    watched: np.ndarray


@dataclass
class Beside:
    """What issues keep beside their columns.

    `circles` has one entry an issue; `links` holds pairs of identities, the smaller first;
    `marked` are the rows of people who are marked as members or as acting, `stirred` of those
    whose thresholds answers have moved; `residents` of each unit were counted in week `counted`.
    """

    circles: list[Circle] = field(default_factory=list)
    links: set[tuple[int, int]] = field(default_factory=set)
    marked: np.ndarray = field(default_factory=lambda: np.zeros(0, np.int64))
    stirred: np.ndarray = field(default_factory=lambda: np.zeros(0, np.int64))
    residents: np.ndarray = field(default_factory=lambda: np.zeros(0))
    counted: int = 0


class Issues(Table):
    """Open issues, one row each, in the order in which they were taken in.

    `we` is how far members feel as one, `risk` what they think it costs to act, `answer` the fixed
    answer (its position in the words of the lever; -1 if the lever decides).
    """

    beside: Beside

    def __init__(self) -> None:
        super().__init__(0, **{name: np.empty(0, kind) for name, kind in _COLUMNS.items()})
        object.__setattr__(self, "beside", Beside())

    def open(self, circle: Circle, **columns: object) -> None:
        """Add one issue."""
        self.grow(1, {"last_event": -np.inf, "answer": -1} | columns)
        self.beside.circles.append(circle)

    def close(self, rows: np.ndarray) -> None:
        """Drop issues, and the links of those that are gone."""
        stays = np.ones(len(self), bool)
        stays[rows] = False
        kept = {name: self[name][stays].copy() for name in _COLUMNS}
        object.__setattr__(self, "_rows", int(stays.sum()))
        for name, values in kept.items():
            self._put(name, values)
        circles = zip(self.beside.circles, stays, strict=True)
        self.beside.circles = [circle for circle, stay in circles if stay]
        left = set(self.id.tolist())
        self.beside.links = {pair for pair in self.beside.links if left.issuperset(pair)}

    def linked(self, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Where the issues linked to each of these begin, and their positions among `rows`."""
        place = {int(self.id[row]): position for position, row in enumerate(rows)}
        pairs = [pair for pair in self.beside.links if place.keys() >= set(pair)]
        ways = sorted((place[a], place[b]) for x, y in pairs for a, b in ((x, y), (y, x)))
        one = np.array([a for a, _ in ways], np.int64)
        begins = np.searchsorted(one, np.arange(len(rows) + 1))
        return begins, np.array([b for _, b in ways], np.int64)


def issues_of(world: World) -> Issues:
    """The table of open issues of a world; an empty one is made at the first call."""
    table: Issues | None = world.tables.get("issues")
    if table is None:
        table = world.tables["issues"] = Issues()
    return table


def domain_code(kind: str) -> int:
    """The domain of disputes that belong to a kind of issue; -1 if none do."""
    domain = MATTERS[kind].domain
    return -1 if domain is None else DOMAINS.index(domain)


def trust_code(world: World, kind: str, office: int) -> int:
    """Which trust counts: that in the office addressed (row), or in the usual one of the kind."""
    name = MATTERS[kind].office if office < 0 else OFFICE_KINDS[world.offices.kind[office]]
    return TRUSTS.index(_TRUSTED.get(name, "city"))


def usual_firm(world: World, kind: str, issue: int, division: int) -> int:
    """The firm behind an issue by chance, large employers first; -1 if the kind has none."""
    wanted = MATTERS[kind].firm
    if wanted is None or not len(world.firms):
        return -1
    firms = world.firms
    rows = np.flatnonzero((firms.kind == FIRM_KINDS.index(wanted)) & (firms.division == division))
    if not len(rows):
        return -1
    score = world.draws.gumbel("mobilisation.firm", firms.id[rows], np.uint64(issue))
    if wanted == "employer":
        score = score + np.log(np.maximum(firms.employees[rows], 1e-12))
    return int(rows[np.argmax(score)])
