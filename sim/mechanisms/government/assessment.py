"""Offices divide their working time by what they are assessed by.

    e_k = w_k / (c_k sum w)       w_k = sum_j l_j B_jk

maximises sum w_k ln e_k under sum c_k e_k = 1: l_j are the weights of four assessed items, B_jk
what share of item j asks for task k (solve, prevent, report, suppress), c_k the time that a unit
of effort takes. Against the same formula at the base weights (subscript 0), solving moves the
logit of success by s ln(e/e0), preventing the log rate of disputes, reporting the paperwork of
grid workers, suppressing the share of petitions that is not registered. Targets set at zero make
a committee suppress more until its first registered petition of the year and less afterwards;
campaigns surge and tire out (`campaigns`). Where counts weigh more, part of a gain is on paper:
the weight on solved cases moves the recording of settled and failed ones.

Limit (in `assessment_limits`): the efforts as given; no other division of time does better.
Sources: article 1 (three zero targets, three years' task in two), articles 8 and 9 (paperwork,
quarterly inspections); multitasking as in Holmstrom and Milgrom (1991); sizes assumed.
"""

from datetime import date
from typing import ClassVar

import numpy as np

from sim.kernel import AccountError, Clock, Column, Group, Mechanism, Parameter, Table
from sim.kernel.clock import DAYS_PER_YEAR
from sim.mechanisms.government.campaigns import Tempo
from sim.world.offices import OFFICE_KINDS
from sim.world.world import World

TASKS = ("solve", "prevent", "report", "suppress")
ITEMS = ("resolution", "petition_count", "public_satisfaction", "paperwork")
SOLVE, PREVENT, REPORT, SUPPRESS = range(len(TASKS))
COMMITTEES = ("village", "community")
ASSESSED = (*COMMITTEES, "township", "rooms", "department", "petition_office")
LEAST = 1e-6  # share of time: an office that never solves a case settles next to none


def _asked(value: float, low: float, high: float, status: str = "assumed") -> Parameter:
    why = "the rows of the four tasks sum to 1 by item; base effort .422, .178, .300, .100"
    return Parameter(value, "share of the item's weight", low, high, status, why)


def _cost() -> Parameter:
    return Parameter(1.0, "time per unit of effort", 0.5, 2.0, "assumed", "units chosen so")


class Assessment(Mechanism):
    """Weights of the assessment shift time between solving, preventing, reporting, suppressing."""

    name = "assessment"
    to_solve = Group(
        resolution=_asked(0.8, 0.5, 1.0),
        petition_count=_asked(0.2, 0.0, 0.5),
        public_satisfaction=_asked(0.6, 0.4, 0.9),
        paperwork=_asked(0.0, 0.0, 0.2),
    )
    to_prevent = Group(
        resolution=_asked(0.2, 0.0, 0.4),
        petition_count=_asked(0.2, 0.0, 0.5),
        public_satisfaction=_asked(0.4, 0.1, 0.6),
        paperwork=_asked(0.0, 0.0, 0.2),
    )
    to_report = Group(
        resolution=_asked(0.0, 0.0, 0.2, "derived"),
        petition_count=_asked(0.1, 0.0, 0.3, "derived"),
        public_satisfaction=_asked(0.0, 0.0, 0.1, "derived"),
        paperwork=_asked(1.0, 0.8, 1.0, "derived"),
    )
    to_suppress = Group(
        resolution=_asked(0.0, 0.0, 0.0, "derived"),
        petition_count=_asked(0.5, 0.2, 0.8, "derived"),
        public_satisfaction=_asked(0.0, 0.0, 0.0, "derived"),
        paperwork=_asked(0.0, 0.0, 0.0, "derived"),
    )
    costs = Group(solve=_cost(), prevent=_cost(), report=_cost(), suppress=_cost())
    success_effort = Parameter(
        0.5,
        "logit of success per log of solving effort",
        0.1,
        1.0,
        "derived",
        "petition weight x 5: effort x .77, settling x .95",
    )
    prevention_effort = Parameter(
        -0.03,
        "log rate of disputes per log of preventing effort",
        -0.1,
        0.0,
        "assumed",
        "no estimate",
    )
    recording_slope = Parameter(
        0.07,
        "logit of the recorded shares per log of the share of solved cases",
        0.0,
        0.4,
        "derived",
        "a quarter of a measured gain is not real: studies of targets",
    )
    zero_target = Parameter(
        0.5,
        "relative rise in suppressing before the year's first petition",
        0.0,
        1.5,
        "assumed",
        "article 1: three zero targets",
    )
    zero_after = Parameter(
        0.868, "ratio after the first", 0.7, 1.0, "derived", ".215 of items meet a clean committee"
    )
    usual_registered = Parameter(
        49,
        "items per 10,000 residents a year",
        25,
        90,
        "derived",
        "start of what communities are thought to see beyond the simulated grids",
    )
    campaign_speed = Parameter(
        1.5,
        "ratio on preventing and reporting at full surge",
        1.2,
        2.0,
        "seed",
        "article 1: three years' task in two",
    )
    campaign_half_life = Parameter(45, "days", 20, 120, "assumed", "mean surge .54 under quarterly")
    inspections_per_year = Parameter(4, "inspections", 2, 12, "seed", "article 8: quarterly")
    fatigue = Parameter(
        0.15,
        "relative loss of solving effort per unit of debt",
        0.0,
        0.4,
        "assumed",
        "debt follows the surge",
    )
    debt_recovery = Parameter(1.0, "1/year", 0.4, 3.0, "assumed", "a trough of about a year")

    reads = ("people.division", "people.residents")
    writes: ClassVar[dict[str, Column]] = {
        **{
            f"offices.effort_{task}": Column("share of time", 0, 2, f"effort on: {task}", 0, "f8")
            for task in TASKS
        },
        "offices.success_logit": Column("logit", -20, 20, "added to success", 0, "f8"),
        "offices.recording_logit": Column("logit", -20, 20, "on settled; - on failed", 0, "f8"),
        "offices.report_ratio": Column("ratio", 0, 1e6, "reporting over the base", 1, "f8"),
        "offices.detection_factor": Column("ratio", 0, 10, "time beside petitions", 1, "f8"),
        "offices.suppressing": Column(
            "share of time", 0, 5, "kept from registering petitions; nan: nobody says", np.nan, "f8"
        ),
        "offices.clean": Column("yes or no", 0, 1, "no petition since 1 January", 1, "?"),
        "offices.unseen": Column("items", 0, 1e6, "this year, in grids not simulated", 0, "f8"),
        "offices.registered": Column("items", 0, 1e6, "petitions registered", 0, "f8", flow=True),
        "offices.report_weight": Column(
            "weight", -20, 20, "added to the weight on reporting, anew each step", 0, "f8", True
        ),
        "units.dispute_log_rate": Column("log ratio", -5, 5, "what preventing does to disputes"),
        "campaigns.began": Column("day", -1e9, 1e9, "nan: none is on", np.nan, "f8"),
        "campaigns.inspected": Column("day", -1e9, 1e9, "the last inspection", -np.inf, "f8"),
        "campaigns.surge": Column("share", 0, 1, "of a campaign's full pace", 0, "f8"),
        "campaigns.debt": Column("share", 0, 1, "what a surge put off, to be made up", 0, "f8"),
    }
    levers = (*(f"assessment.weights.{item}" for item in ITEMS), "assessment.campaign")

    def prepare(self, world: World) -> None:
        """Offices divide their time as at the base weights; no campaign is on."""
        offices, people = world.offices, world.people
        campaigns = world.tables["campaigns"] = Table(world.divisions)
        for full_name, column in self.writes.items():
            table, name = full_name.split(".")
            if table == "campaigns":
                campaigns.ensure(name, column)
        residents = np.bincount(people.division, people.residents, minlength=world.divisions)
        self._share = residents / residents.sum()
        self._assessed = np.isin(offices.kind, [OFFICE_KINDS.index(kind) for kind in ASSESSED])
        kinds = [OFFICE_KINDS.index(kind) for kind in COMMITTEES]
        self._committees = np.flatnonzero(np.isin(offices.kind, kinds))
        self._registered = np.full(world.divisions, self.usual_registered / 1e4)
        self._year: int | None = None
        self._state = b""  # what working time was last divided for
        self._usual = self.efforts(self.weights(world))
        self._usual_solved = self.solved_share(world)
        for task, effort in zip(TASKS, self._usual, strict=True):
            offices[f"effort_{task}"][:] = effort

    def step(self, world: World, clock: Clock) -> None:
        """Offices look at what counts and share out the week; what they do follows from it."""
        self.note_petitions(world, clock)
        on = world.lever("assessment.campaign") > 0.5
        tempo = Tempo(self.campaign_half_life, self.inspections_per_year, self.debt_recovery)
        surge, debt = tempo.pass_time(world.tables["campaigns"], on, clock.begins, clock.ends)
        asked = [world.lever(name) for name in self.levers[:-1]]
        state = np.concatenate([*asked, surge, debt, world.offices.report_weight]).tobytes()
        if state != self._state:
            self._state = state
            self.divide(world, surge, debt)
        self.mind_targets(world)
        self.count(world, clock)
        world.offices.report_weight[:] = 0.0

    def divide(self, world: World, surge: np.ndarray, debt: np.ndarray) -> None:
        """Offices share out the week anew, under the mean surge and debt of their divisions."""
        weights = self.weights(world)
        pace = 1.0 + (self.campaign_speed - 1.0) * self.of_offices(world, surge)
        weights[[PREVENT, REPORT]] *= pace
        efforts = self.efforts(weights)
        self.check(weights, efforts)
        efforts[SOLVE] *= 1.0 - self.fatigue * self.of_offices(world, debt)
        self.publish(world, efforts)

    def of_offices(self, world: World, by_division: np.ndarray) -> np.ndarray:
        """What holds in divisions, by office; the city's offices see the mean of residents."""
        division = world.offices.division
        return np.where(division >= 0, by_division[division], by_division @ self._share)

    def weights(self, world: World) -> np.ndarray:
        """What the assessment asks of each office: w, shape (tasks, offices)."""
        asked = (self.to_solve, self.to_prevent, self.to_report, self.to_suppress)
        items = {item: world.lever(f"assessment.weights.{item}") for item in ITEMS}
        found = np.array(
            [
                self.of_offices(world, sum(row[item] * items[item] for item in ITEMS))  # type: ignore[arg-type]
                for row in asked
            ]
        )
        found[REPORT] = np.maximum(found[REPORT] + world.offices.report_weight, 0.0)
        return found

    def efforts(self, weights: np.ndarray) -> np.ndarray:
        """Shares of time: w over cost and the sum of weights; 0 where nothing is asked."""
        costs = np.array([[self.costs[task]] for task in TASKS])
        total = weights.sum(axis=0)
        return np.divide(weights, costs * total, out=np.zeros_like(weights), where=total > 0.0)

    def check(self, weights: np.ndarray, efforts: np.ndarray) -> None:
        """Raise AccountError unless all working time is divided, wherever anything is asked."""
        spent = np.array([self.costs[task] for task in TASKS]) @ efforts
        if not np.allclose(spent[weights.sum(axis=0) > 0.0], 1.0, rtol=0.0, atol=1e-9):
            raise AccountError("the shares of working time do not add up to 1")

    def solved_share(self, world: World) -> np.ndarray:
        """The share of solved cases in all weights, by office."""
        items = [world.lever(f"assessment.weights.{item}") for item in ITEMS]
        return self.of_offices(world, items[0] / np.maximum(sum(items), LEAST))

    def publish(self, world: World, efforts: np.ndarray) -> None:
        """What the division of time does to success, records, disputes and detection."""
        offices, units = world.offices, world.units
        for task, effort in zip(TASKS, efforts, strict=True):
            offices[f"effort_{task}"][:] = np.where(self._assessed, effort, 0.0)
        change = np.log(np.maximum(efforts, LEAST) / np.maximum(self._usual, LEAST))
        offices.success_logit[:] = np.where(
            self._assessed, self.success_effort * change[SOLVE], 0.0
        )
        solved = self.solved_share(world)
        recorded = np.log(np.maximum(solved, LEAST) / np.maximum(self._usual_solved, LEAST))
        offices.recording_logit[:] = self.recording_slope * recorded
        offices.report_ratio[:] = np.exp(change[REPORT])
        left = 1.0 - np.minimum(np.stack([efforts[SUPPRESS], self._usual[SUPPRESS]]), 1.0)
        offices.detection_factor[:] = left[0] / np.maximum(left[1], LEAST)
        units.dispute_log_rate[:] = (self.prevention_effort * change[PREVENT])[units.committee]

    def mind_targets(self, world: World) -> None:
        """A target set at zero: committees that are still clean keep more from registering."""
        offices, rows = world.offices, self._committees
        zeta = np.where(offices.clean[rows], 1.0 + self.zero_target, self.zero_after)
        offices.suppressing[rows] = offices.effort_suppress[rows] * zeta

    def note_petitions(self, world: World, clock: Clock) -> None:
        """A registered petition ends a committee's clean year; on 1 January all start clean.

        A community is simulated through a grid or two: what its other grids register is a Poisson
        stream at the rate of the division, whose first item ends the year as a seen one does.
        """
        offices, rows = world.offices, self._committees
        residents, weight = offices.residents[rows], offices.weight[rows]
        today, new_year = clock.date, clock.date.year != self._year
        if self._year is None:  # in the middle of a year, as at any moment
            gone = (today - date(today.year, 1, 1)).days / DAYS_PER_YEAR
            offices.unseen[rows] = residents * self.usual_registered / 1e4 * gone
        else:
            self.follow_rate(world, clock)
            if new_year:
                offices.clean[rows] = True
                offices.unseen[rows] = 0.0
            else:
                offices.clean[rows] &= offices.registered[rows] == 0.0
            rate = self._registered[offices.division[rows]]
            hidden = residents * (1.0 - 1.0 / weight)
            offices.unseen[rows] += hidden * rate * clock.dt_years
        self._year = today.year
        first = world.draws.exponential("assessment.unseen", offices.id[rows], self._year)
        offices.clean[rows] &= offices.unseen[rows] < first
        offices.registered[:] = 0.0

    def follow_rate(self, world: World, clock: Clock) -> None:
        """Items registered per resident a year by division, over about the last year."""
        offices, rows = world.offices, self._committees
        division, size = offices.division[rows], world.divisions
        seen = np.bincount(division, offices.residents[rows] / offices.weight[rows], size)
        items = np.bincount(division, offices.registered[rows], size)
        now = items / (np.maximum(seen, 1.0) * clock.dt_years)
        self._registered += np.where(seen > 0.0, clock.chance(1.0) * (now - self._registered), 0.0)

    def count(self, world: World, clock: Clock) -> None:
        """Working time of committees by task, weighed by the residents they serve."""
        offices, rows = world.offices, self._committees
        division, size = offices.division[rows], world.divisions
        served = offices.residents[rows] * clock.dt_years
        world.flows.add_divisions("office_time", np.bincount(division, served, size))
        for task in TASKS:
            time = np.bincount(division, served * offices[f"effort_{task}"][rows], size)
            world.flows.add_divisions(f"office_time_{task}", time)
