"""Courts: pre-litigation mediation takes a share at the door; the rest is filed and heard.

    duration = procedure x (load / reference load)^0.6 x Exp(1) + wait

Load is all cases a year (residents' and firms' civil filings and background cases) over judges x
capacity, followed as a smoothed flow; wait is that of the stationary queue M/M/c plus backlog over
capacity. Limit: F filings against J judges of capacity m stay bounded if F < J m; else the backlog
grows as (F - J m) t. Cases a judge (173 in the articles) are a load, hence an outcome. Pre-
litigation mediation has mediators and days of its own; a part of its failures is not filed, and
whom no mediator would see within the legal limit files at once. Of the judgments a share is
appealed, and a small share of judged matters turns to petition.
Sources: article 1 (loads); court statistics; elasticity of delay .6 (.3-1) by queue reasoning.
"""

import numpy as np

from sim.kernel import Clock, Column, Mechanism, Parameter
from sim.mechanisms.conflict.background import firm_matters
from sim.world import queues
from sim.world.adding import add_each
from sim.world.disputes import APPEALED, LITIGATING, PETITIONING, PRELITIGATION
from sim.world.money import paid_for
from sim.world.world import World

DAYS = 365.25
RESIDENTS_AT_DOOR = 59.5  # matters per 10,000 residents a year at the baseline: loads start there


class Courts(Mechanism):
    """Matters at the court door are mediated first, filed, heard, appealed."""

    name = "courts"
    capacity = Parameter(
        300, "cases a judge a year", 276, 360, "derived", "173 and 276 are loads, not capacities"
    )
    procedure_days = Parameter(
        50, "days at the reference load", 38, 80, "recalled", "55 is the mean over divisions"
    )
    reference_load = Parameter(0.577, "load", 0.4, 0.8, "derived", "31,150 cases over 180 x 300")
    load_delay_elasticity = Parameter(
        0.6, "relative days per relative load", 0.3, 1.0, "assumed", "queue reasoning"
    )
    prelitigation_success = Parameter(
        0.65, "share of tried", 0.55, 0.72, "assumed", "nation .62-.72"
    )
    prelitigation_days = Parameter(12, "days, exponential", 9, 17, "found", "national report 2022")
    prelitigation_files = Parameter(
        0.95, "share of failures that file", 0.8, 1.0, "assumed", "the rest drop the matter"
    )
    prelitigation_limit_days = Parameter(
        30, "days of waiting for a mediator", 15, 60, "recalled", "rules: mediated within 30 days"
    )
    prelitigation_mediators = Parameter(
        100, "full-time mediators at courts in the city", 60, 160, "assumed", "load .55 at share .3"
    )
    prelitigation_cases = Parameter(
        110, "cases a mediator a year", 90, 120, "derived", "220 sessions, 2 hearings a case"
    )
    firm_matters_per_10k = Parameter(
        32.0, "matters at the door per 10,000 residents a year", 22, 42, "assumed", "Kaifeng types"
    )
    enforcement_ratio = Parameter(
        0.65, "cases per civil filing", 0.55, 0.75, "derived", "county courts: 54/35/6/5 %"
    )
    criminal_ratio = Parameter(
        0.107, "cases per civil filing", 0.09, 0.13, "derived", "county courts: 54/35/6/5 %"
    )
    administrative_ratio = Parameter(
        0.10, "cases per civil filing", 0.05, 0.13, "derived", "county courts: 54/35/6/5 %"
    )
    appeal_share = Parameter(
        0.082, "share of civil filings", 0.05, 0.12, "derived", "second instance 6 per 10,000"
    )
    appeal_days = Parameter(60, "days, exponential", 40, 90, "assumed", "second instance")
    judgment_petition_share = Parameter(
        0.02, "share of residents' judged matters", 0.005, 0.05, "assumed", "against a judgment"
    )
    anchor_judged = Parameter(
        0.0, "step of trust in the court at a judgment", -0.05, 0.05, "assumed", "one wins, one not"
    )

    reads = ("people.trust_court", "budget.paid_share")
    writes = {
        "offices.court_load": Column("cases a year", 0, 1e7, "smoothed arrivals", 0, "f8"),
        "offices.court_backlog": Column("cases", 0, 1e7, "cases past its capacity", 0, "f8"),
        "offices.door_load": Column(
            "cases a year", 0, 1e7, "smoothed arrivals at pre-litigation mediation", 0, "f8"
        ),
        "offices.door_backlog": Column("cases", 0, 1e7, "cases past that capacity", 0, "f8"),
        "offices.judges": Column("judges", 0, 1e5, "judges in post", 0, "f8"),
    }
    adds = (
        "disputes.transitions",
        "waits.days",
        "people.anchor_push_trust_court",
        "people.grievance_relief",
    )
    levers = ("courts.judges_per_100k", "courts.prelitigation_share")

    def prepare(self, world: World) -> None:
        """Loads start at what the door brings at the baseline."""
        values, offices = world.place.values, world.offices
        rows = self.rows(world)
        residents = offices.residents[rows]
        self._factor = np.array(
            [values.get(f"divisions.{d}.background_factor", 1.0) for d in world.place.divisions]
        )
        self._mediators = self.prelitigation_mediators * residents / residents.sum()
        share = world.lever("courts.prelitigation_share")
        door = (RESIDENTS_AT_DOOR + self.firm_matters_per_10k) / 1e4 * residents
        kept = share * (1.0 - (1.0 - self.prelitigation_success) * self.prelitigation_files)
        offices.court_load[rows] = door * (1.0 - kept) * (1.0 + self.background_ratio())
        offices.door_load[rows] = door * share
        self.appoint(world)

    def rows(self, world: World) -> np.ndarray:
        """The office rows of the courts, by division."""
        return world.office_of["court"]

    def background_ratio(self) -> np.ndarray:
        """Background cases per civil filing, by division."""
        ratio = self.enforcement_ratio + self.criminal_ratio + self.administrative_ratio
        return ratio * self._factor

    def appoint(self, world: World) -> None:
        """Judges in post follow the lever, as far as they are paid."""
        rows = self.rows(world)
        per_100k = paid_for(world, "courts.judges_per_100k", "judges")
        world.offices.judges[rows] = per_100k * world.offices.residents[rows] / 1e5

    def step(self, world: World, clock: Clock) -> None:
        """Matters come to the door, are mediated or filed, judged, appealed."""
        self.appoint(world)
        filed = self.end_prelitigation(world, clock) + self.open_door(world, clock)
        self.follow(world, clock, filed)
        self.schedule(world)
        self.judge(world, clock)

    def open_door(self, world: World, clock: Clock) -> np.ndarray:
        """New matters: a share is mediated first. Returns real filings by division."""
        disputes = world.disputes
        rows = disputes.newly_in(LITIGATING)
        division = disputes.division[rows]
        disputes.count("door_residents", rows)
        share = world.lever("courts.prelitigation_share")
        first = world.draws.uniform("courts.door", disputes.id[rows], disputes.visit[rows])
        mediated = first < share[division]
        firms = firm_matters(world, clock, self.firm_matters_per_10k)
        firms_first = firms.divided(share)
        asked = np.bincount(
            division[mediated], disputes.weight[rows[mediated]], minlength=world.divisions
        )
        turned_away = self.follow_door(world, clock, asked + firms_first)
        luck = world.draws.uniform("courts.door", disputes.id[rows], disputes.visit[rows], slots=1)
        mediated &= luck >= turned_away[division]
        firms_first = firms_first * (1.0 - turned_away)
        self.mediate(world, rows[mediated])
        self.file(world, rows[~mediated], disputes.since[rows[~mediated]])
        missed = (1.0 - self.prelitigation_success) * self.prelitigation_files
        filed_by_firms = firms.total - firms_first * (1.0 - missed)
        world.flows.add_divisions("door_firms", firms.total)
        world.flows.add_divisions("prelitigation_tried_firms", firms_first)
        world.flows.add_divisions(
            "prelitigation_settled_firms", firms_first * self.prelitigation_success
        )
        world.flows.add_divisions("civil_filings_firms", filed_by_firms)
        directly = np.bincount(
            division[~mediated], disputes.weight[rows[~mediated]], minlength=world.divisions
        )
        return directly + filed_by_firms

    def follow_door(self, world: World, clock: Clock, asked: np.ndarray) -> np.ndarray:
        """The load of the mediators at the court door, asked for by so many matters in this step.

        Returns the share of them that no mediator would see within the limit, by division: what
        the backlog grows beyond the cases that they handle in that time.
        """
        rows, offices = self.rows(world), world.offices
        capacity = self._mediators * self.prelitigation_cases
        load = queues.follow_load(offices.door_load[rows], asked, clock.dt_years)
        offices.door_load[rows] = load
        backlog = queues.follow_backlog(offices.door_backlog[rows], load, capacity, clock.dt_years)
        longest = capacity * self.prelitigation_limit_days / DAYS
        offices.door_backlog[rows] = np.minimum(backlog, longest)
        beyond = np.maximum(backlog - longest, 0.0)
        turned = np.divide(beyond, asked, out=np.zeros(len(asked)), where=asked > 0.0)
        return np.minimum(turned, 1.0)

    def mediate(self, world: World, rows: np.ndarray) -> None:
        """Matters enter pre-litigation mediation; when it will end is known."""
        if not len(rows):
            return
        disputes, offices = world.disputes, world.offices
        division = disputes.division[rows]
        court = self.rows(world)[division]
        ids, visits = disputes.id[rows], disputes.visit[rows]
        luck = self.luck(world, rows, "door_waits", "door_long")
        rate = np.full(len(rows), float(self.prelitigation_cases))
        wait = queues.stationary_waits(
            self._mediators[division], rate, offices.door_load[court], *luck
        )
        wait = wait + offices.door_backlog[court] / (self._mediators[division] * rate)
        days = self.prelitigation_days * world.draws.exponential("courts.mediated", ids, visits)
        disputes.count("prelitigation_tried", rows)
        since = disputes.since[rows].copy()
        disputes.move(rows, PRELITIGATION, since, since + wait * DAYS + days)

    def end_prelitigation(self, world: World, clock: Clock) -> np.ndarray:
        """Mediated matters are settled, filed or dropped. Returns real filings by division."""
        disputes = world.disputes
        rows = disputes.due_in(PRELITIGATION, clock.ends)
        if not len(rows):
            return np.zeros(world.divisions)
        at = disputes.due[rows].copy()
        ids, visits = disputes.id[rows], disputes.visit[rows]
        agreed = world.draws.uniform("courts.agreed", ids, visits) < self.prelitigation_success
        files = world.draws.uniform("courts.files", ids, visits) < self.prelitigation_files
        files &= ~agreed
        dropped = ~agreed & ~files
        add_each(world.people.grievance_relief, disputes.person[rows[agreed]], 1.0)
        disputes.count("prelitigation_settled", rows[agreed])
        filed = np.bincount(
            disputes.division[rows[files]], disputes.weight[rows[files]], minlength=world.divisions
        )
        self.file(world, rows[files], at[files])
        disputes.settle(rows[agreed], "prelitigation", at[agreed])
        disputes.withdraw(rows[dropped], "dropped")
        return filed

    def file(self, world: World, rows: np.ndarray, at: np.ndarray) -> None:
        """Matters become civil filings; their day of judgment is set by `schedule`."""
        if not len(rows):
            return
        disputes = world.disputes
        disputes.count("civil_filings_residents", rows)
        disputes.move(rows, LITIGATING, at)
        disputes.taken_in[rows] = True
        disputes.work[rows] = world.draws.exponential(
            "courts.work", disputes.id[rows], disputes.visit[rows]
        )

    def follow(self, world: World, clock: Clock, filed: np.ndarray) -> None:
        """Civil filings bring background cases; load and backlog follow."""
        rows, offices = self.rows(world), world.offices
        cases = filed * (1.0 + self.background_ratio())
        world.flows.add_divisions("court_cases_first", cases)
        world.flows.add_divisions("court_cases_second", filed * self.appeal_share)
        capacity = offices.judges[rows] * self.capacity
        load = queues.follow_load(offices.court_load[rows], cases, clock.dt_years)
        offices.court_load[rows] = load
        offices.court_backlog[rows] = queues.follow_backlog(
            offices.court_backlog[rows], load, capacity, clock.dt_years
        )

    def mean_days(self, world: World) -> np.ndarray:
        """Mean days of procedure at the present load, by division."""
        rows, offices = self.rows(world), world.offices
        load = offices.court_load[rows] / np.maximum(offices.judges[rows] * self.capacity, 1e-9)
        load = np.minimum(load, 1.0)  # beyond, the backlog adds the delay
        return self.procedure_days * (load / self.reference_load) ** self.load_delay_elasticity

    def schedule(self, world: World) -> None:
        """Newly filed matters learn the day of their judgment."""
        disputes, offices = world.disputes, world.offices
        rows = ((disputes.state == LITIGATING) & np.isinf(disputes.due)).nonzero()[0]
        if not len(rows):
            return
        division = disputes.division[rows]
        court = self.rows(world)[division]
        rate = np.full(len(rows), float(self.capacity))
        judges, load = offices.judges[court], offices.court_load[court]
        luck = self.luck(world, rows, "waits", "long")
        wait = queues.stationary_waits(judges, rate, load, *luck)
        wait = wait + offices.court_backlog[court] / np.maximum(judges * rate, 1e-9)
        days = self.mean_days(world)[division] * disputes.work[rows] + wait * DAYS
        disputes.due[rows] = disputes.since[rows] + days

    def luck(self, world: World, rows: np.ndarray, *purposes: str) -> list[np.ndarray]:
        """Uniform numbers of these disputes, one array a purpose."""
        ids, visits = world.disputes.id[rows], world.disputes.visit[rows]
        return [world.draws.uniform(f"courts.{purpose}", ids, visits) for purpose in purposes]

    def judge(self, world: World, clock: Clock) -> None:
        """Judgments end matters, some are appealed, few turn to petition."""
        disputes = world.disputes
        rows = disputes.due_in(LITIGATING, clock.ends)
        at = disputes.due[rows].copy()
        court = self.rows(world)[disputes.division[rows]]
        world.tables["waits"].record(court, at - disputes.since[rows])
        ids, visits = disputes.id[rows], disputes.visit[rows]
        appealed = world.draws.uniform("courts.appeal", ids, visits) < self.appeal_share
        days = self.appeal_days * world.draws.exponential("courts.second", ids[appealed])
        disputes.count("appeals", rows[appealed])
        disputes.move(rows[appealed], APPEALED, at[appealed], at[appealed] + days)
        second = disputes.due_in(APPEALED, clock.ends)
        ends = np.concatenate([rows[~appealed], second])
        days_end = np.concatenate([at[~appealed], disputes.due[second]])
        persons = disputes.person[ends]
        add_each(world.people.anchor_push_trust_court, persons, self.anchor_judged)
        petition = (
            world.draws.uniform("courts.petition", disputes.id[ends], disputes.visit[ends])
            < self.judgment_petition_share
        )
        add_each(world.people.grievance_relief, persons[~petition], 1.0)
        disputes.count("judged_to_petition", ends[petition])
        disputes.move(ends[petition], PETITIONING, days_end[petition])
        disputes.settle(ends[~petition], "court", days_end[~petition])
