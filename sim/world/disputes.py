"""The table of disputes and the one way in which a dispute changes its state.

A dispute is in exactly one state at a time. Whoever handles it hands it over with `move` or ends
it with `settle` or `withdraw`; these keep the accounts, so that by domain and division

    opened = resolved + withdrawn + open

holds at every step. Withdrawn always carries a reason. Ended disputes are in no state and leave
the table at the end of the step; their counts stay.
"""

import numpy as np

from sim.kernel.column import Table
from sim.kernel.fault import AccountError
from sim.world.adding import tally
from sim.world.flows import Flows

DOMAINS = (
    "neighbour",
    "family",
    "debt",
    "damage",
    "traffic",
    "labour",
    "land",
    "land_acquisition",
    "housing",
    "property",
    "consumer",
    "medical",
    "tourism",
    "environment",
    "water",
)
STATES = (
    "latent",
    "negotiating",
    "deciding",
    "queued_village",
    "queued_township",
    "in_rooms",
    "in_transfer",
    "agreed_unconfirmed",
    "prelitigation",
    "litigating",
    "appealed",
    "petitioning",
    "collective",
)
(
    LATENT,
    NEGOTIATING,
    DECIDING,
    QUEUED_VILLAGE,
    QUEUED_TOWNSHIP,
    IN_ROOMS,
    IN_TRANSFER,
    AGREED_UNCONFIRMED,
    PRELITIGATION,
    LITIGATING,
    APPEALED,
    PETITIONING,
    COLLECTIVE,
) = range(len(STATES))
REASONS = ("tolerated", "dropped", "moved", "died")

# Where a dispute last failed: the row of the table of routes by which it decides next. A found
# one has been brought to village mediation by a grid worker and has nothing to decide.
FIRST, TALK, VILLAGE, TOWNSHIP, ROOMS, DEPARTMENT, FOUND = range(7)
FAILED_IN = (
    "first",
    "talk",
    "village",
    "township",
    "rooms",
    "department",
    "found",
)

_COLUMNS = {
    "id": np.uint64,
    "person": np.int32,
    "unit": np.int32,
    "division": np.int8,
    "cell": np.int16,
    "domain": np.int8,
    "state": np.int8,
    "failed_in": np.int8,
    "visit": np.int16,
    "opened": np.float64,
    "since": np.float64,
    "due": np.float64,
    "taken_in": np.bool_,
    "work": np.float64,
    "begun": np.float64,
    "heard": np.bool_,
    "hazard_left": np.float64,
    "searched": np.float64,
    "intensity": np.float32,
    "counterpart": np.int32,
    "against": np.int8,
    "third_party": np.bool_,
    "escalated": np.bool_,
    "found": np.bool_,
    "weight": np.float32,
}
COUNTERPARTS = ("tie", "firm", "office")


class Disputes(Table):
    """Open disputes, one row each, in the order in which they were opened.

    `due` is the day of the next event in the present state (infinite when the state's owner
    decides it otherwise), `since` the day on which the state began, `visit` how many attempts have
    failed. `taken_in` says whether the keeper of the present state has seen to the dispute yet.
    `weight` is the number of real adults that the disputant stands for.
    """

    flows: Flows
    accounts: dict[str, np.ndarray]

    def __init__(self, divisions: int, flows: Flows) -> None:
        super().__init__(0, **{name: np.empty(0, kind) for name, kind in _COLUMNS.items()})
        shape = (len(DOMAINS), divisions)
        accounts = {name: np.zeros(shape, np.int64) for name in ("opened", "resolved", "withdrawn")}
        object.__setattr__(self, "flows", flows)
        object.__setattr__(self, "accounts", accounts)
        object.__setattr__(self, "reasons", np.zeros(len(REASONS), np.int64))
        object.__setattr__(self, "_ended", np.zeros(0, bool))

    def open(self, **columns: np.ndarray) -> None:
        """Add disputes; columns that are not given start at 0 (state latent, due never)."""
        count = len(columns["id"])
        if not count:
            return
        never = {"due": np.inf, "searched": -np.inf, "begun": np.inf}
        rows = self.grow(count, never | columns)
        object.__setattr__(self, "_ended", np.concatenate([self._ended, np.zeros(count, bool)]))
        tally(self.accounts["opened"], self.domain[rows], self.division[rows])
        self.count("disputes_opened", rows)

    @property
    def is_live(self) -> np.ndarray:
        """Which disputes are open and voiced: all but those tolerated so far."""
        live: np.ndarray = self.is_open & (self.state != LATENT)
        return live

    @property
    def is_open(self) -> np.ndarray:
        """Which rows have not ended since the last sweep, shape (disputes,), bool."""
        return ~self._ended

    def due_in(self, state: int, before: float) -> np.ndarray:
        """Rows in this state whose next event comes before a day, in the order of the event."""
        rows = self.in_state(state)
        due = self.due[rows]
        soon = due < before
        return rows[soon][due[soon].argsort(kind="stable")]

    def in_state(self, state: int) -> np.ndarray:
        """Rows in this state."""
        return (self.state == state).nonzero()[0]

    def newly_in(self, *states: int) -> np.ndarray:
        """Rows that were handed over to one of these states and not yet taken in there."""
        return (self.are_in(*states) & ~self.taken_in).nonzero()[0]

    def are_in(self, *states: int) -> np.ndarray:
        """Which disputes are in one of these states, shape (disputes,), bool."""
        here = self.state == states[0]
        for state in states[1:]:
            here |= self.state == state
        return here

    def move(self, rows: np.ndarray, state: int, at, due=np.inf) -> None:  # type: ignore[no-untyped-def]
        """Hand disputes over to another state on day `at`, next event on day `due`."""
        if not len(rows):
            return
        if np.count_nonzero(self._ended[rows]):
            raise AccountError("a dispute that has ended was handed over")
        self.state[rows] = state
        self.taken_in[rows] = False
        self.since[rows] = at
        self.due[rows] = due
        self.work[rows] = 0.0
        self.begun[rows] = np.inf

    def fail(self, rows: np.ndarray, failed_in: int, at) -> None:  # type: ignore[no-untyped-def]
        """An attempt came to nothing: the disputant decides anew, by the routes from there."""
        self.failed_in[rows] = failed_in
        self.visit[rows] += 1
        self.move(rows, DECIDING, at, at)

    def settle(self, rows: np.ndarray, where: str, at) -> None:  # type: ignore[no-untyped-def]
        """End disputes as resolved, by `where` (talk, village, ..., court, petition)."""
        self._end(rows, "resolved")
        self.count("disputes_settled", rows)
        self.count(f"settled_{where}", rows)
        days = np.asarray(at, float) - self.opened[rows]
        self.flows.sample("days_to_resolution", self.cell[rows], days, self.weight[rows])

    def withdraw(self, rows: np.ndarray, reason: str) -> None:
        """End disputes without a settlement; the reason is one of REASONS."""
        self.count("withdrawn_latent", rows[self.state[rows] == LATENT])
        self._end(rows, "withdrawn")
        self.reasons[REASONS.index(reason)] += len(rows)
        self.count(f"withdrawn_{reason}", rows)

    def count(self, name: str, rows: np.ndarray, weights: np.ndarray | None = None) -> None:
        """Count these disputes in a flow, once each, with an optional factor per dispute."""
        weight = self.weight[rows]
        self.flows.add(
            name, self.cell[rows], weight if weights is None else weight.astype(float) * weights
        )

    def _end(self, rows: np.ndarray, account: str) -> None:
        if not len(rows):
            return
        before = np.count_nonzero(self._ended)
        self._ended[rows] = True
        if np.count_nonzero(self._ended) != before + len(rows):
            raise AccountError("a dispute was ended twice")
        self.state[rows] = -1
        self.due[rows] = np.inf
        tally(self.accounts[account], self.domain[rows], self.division[rows])

    def sweep(self) -> None:
        """Drop the rows of ended disputes; their counts stay in the accounts."""
        if self._ended.any():
            self.keep((~self._ended).nonzero()[0])
            object.__setattr__(self, "_ended", np.zeros(len(self), bool))

    def check(self) -> None:
        """Raise AccountError unless opened = resolved + withdrawn + open, everywhere."""
        opened = self.accounts["opened"]
        is_open = self.is_open
        place = self.domain[is_open].astype(np.int64) * opened.shape[1] + self.division[is_open]
        open_now = np.bincount(place, minlength=opened.size).reshape(opened.shape)
        ended = self.accounts["resolved"] + self.accounts["withdrawn"]
        if (opened != ended + open_now).any():
            raise AccountError("disputes opened differ from resolved + withdrawn + open")
        if self.reasons.sum() != self.accounts["withdrawn"].sum():
            raise AccountError("a withdrawn dispute carries no reason")
