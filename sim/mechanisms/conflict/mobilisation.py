"""Members of an issue act together when enough of those they watch do; the office answers.

    i joins if  g_i (1 - T_i) - k_r risk + k_e e_i + k_w we > tau_i
    e_i = (1 - h) a(watched by i) + h a(issue) + l a(linked issues)

g is grievance, T trust in the office addressed, tau the own threshold, a an active share, `we` the
collective identity of the issue. Each step asks from nobody active until nobody changes (the least
fixed point). Ten people at once, weighed, are a collective event; then the issue rests four weeks.
An event builds `we`, which fades; issues that share members or an adversary, both with a strong
`we`, form a chain. People outside who know somebody active join by the same rule without `we`, e =
.3 of the active share of their ties. The office ignores, talks, concedes or controls: each moves
grievance, trust, efficacy and thresholds. Control leaves risk 1 - exp(-2.3 round(C/A)), C officers,
A active.
Sources: Granovetter (1978), thresholds; Epstein (2002), grievance, legitimacy and risk; Watts
(2002), cascades; Laclau and Mouffe (1985) by article 7, chains of equivalence.
"""

import math
from itertools import pairwise

import numpy as np

from sim.kernel import Clock, Column, Group, Mechanism, Parameter
from sim.mechanisms.conflict.answers import ANSWERS, answer_to, carry_in, end_issues, meet, pay
from sim.mechanisms.conflict.issue_opening import open_posted, open_usual, usual_rates
from sim.mechanisms.conflict.issue_table import TRUSTS, Issues, issues_of
from sim.mechanisms.conflict.joining import contacts, joined
from sim.world.people import thresholds_of
from sim.world.world import World

FLOWS = (
    "issues_opened",
    "collective_events",
    "collective_participants",
    "collective_events_linked",
    *(f"answered_{answer}" for answer in ANSWERS),
)
NOTHING = np.float32(1e-6)  # a step of a threshold that has faded
ARREST_CONSTANT = 2.3  # Epstein (2002): .9 are arrested where officers equal the active


def _each(unit: str, why: str, **values: tuple[float, float, float]) -> Group:
    members = {
        name: Parameter(value, unit, low, high, "assumed", why)
        for name, (value, low, high) in values.items()
    }
    return Group(**members)


class Mobilisation(Mechanism):
    """Issues open, members join or not, events happen and are answered, issues end."""

    name = "mobilisation"
    issues_per_10k = Parameter(
        0.635, "issues per 10,000 residents a year", 0.3, 1.2, "calibrated",
        "all sources; .20 collective events per 10,000 residents a year follow",
    )  # fmt: skip
    issue_source = _each(
        "share of usual issues", "land and projects come from their own rules if on",
        wages=(0.24, 0.1, 0.4), housing=(0.17, 0.05, 0.35), property=(0.16, 0.05, 0.35),
        land=(0.15, 0.05, 0.3), projects=(0.18, 0.05, 0.35), environment=(0.05, 0.02, 0.15),
        other=(0.05, 0.0, 0.15),
    )  # fmt: skip
    issue_members_median = Parameter(
        28, "adults concerned", 15, 60, "assumed", "13 households: a block, a crew, a hamlet"
    )
    issue_members_log_sd = Parameter(
        0.8, "sd of log", 0.5, 1.2, "assumed", "a tenth of issues have 80 adults or more"
    )
    issue_life_years = Parameter(
        0.35, "years, exponential", 0.15, 0.8, "assumed", "paid, delivered or dropped by itself"
    )
    known_members = Parameter(
        6, "fellow members watched at least", 3, 12, "assumed", "ties first, then the own unit"
    )
    exposure_weight = Parameter(
        0.6, "threshold units per active share (k_e)", 0.3, 1.0, "assumed",
        "below 1: the usual city stays off the tipping point",
    )  # fmt: skip
    group_weight = Parameter(
        0.3, "weight of the whole issue in the share seen", 0.0, 0.6, "assumed", "group chats"
    )
    risk_weight = Parameter(
        0.3, "threshold units per unit of risk (k_r)", 0.1, 0.8, "assumed", "deterrence"
    )
    base_risk = Parameter(0.1, "share", 0.02, 0.3, "assumed", "before the police act")
    risk_relax_per_year = Parameter(
        2.0, "1/year", 0.5, 4.0, "assumed", "risk back to base: half-life four months"
    )
    officers_per_active = Parameter(
        1.0, "officers per active person", 0.2, 3.0, "assumed", "sent under control: risk then .90"
    )
    identity_weight = Parameter(
        0.1, "threshold units per unit of we", 0.0, 0.2, "assumed", "small beside the margin"
    )
    identity_gain = Parameter(
        0.3, "share of 1 - we per event", 0.1, 0.6, "assumed", "acting together; article 7"
    )
    identity_decay = Parameter(1.0, "1/year", 0.3, 3.0, "assumed", "half-life 8 months")
    event_min = Parameter(
        10, "persons, weighed", 5, 30, "assumed", "news counts of events start near ten"
    )
    cooldown_days = Parameter(28, "days between events", 7, 60, "assumed", "answers take longer")
    sympathiser_weight = Parameter(
        0.3, "of what members see", 0.0, 0.6, "assumed", "non-members who know somebody active"
    )
    chain = Group(
        share=Parameter(
            0.1, "common members of the smaller issue", 0.03, 0.3, "assumed", "or one adversary"
        ),
        weight=Parameter(0.5, "weight of the linked share", 0.0, 1.0, "assumed", "article 7"),
        we=Parameter(0.2, "share", 0.1, 0.4, "assumed", "both issues need so strong a we"),
    )
    response = _each(
        "share of events", "dialogue and concession first; no count",
        ignore=(0.35, 0.2, 0.55), dialogue=(0.35, 0.2, 0.55), concede=(0.2, 0.05, 0.4),
        control=(0.1, 0.0, 0.3),
    )  # fmt: skip
    dialogue = Group(
        relief=Parameter(0.3, "share of grievance removed", 0.1, 0.6, "assumed", "no count"),
        settles=Parameter(0.4, "chance that the issue ends", 0.15, 0.7, "assumed", "no count"),
    )
    end_relief = Parameter(
        0.3, "share of grievance removed", 0.1, 0.6, "assumed", "as at a settlement, at the end"
    )
    response_trust = _each(
        "step of members' trust anchors", "signs as petition studies; contacts half",
        ignore=(-0.03, -0.08, 0.0), dialogue=(0.01, -0.02, 0.04), concede=(0.03, 0.0, 0.08),
        control=(-0.08, -0.16, -0.02),
    )  # fmt: skip
    response_efficacy = _each(
        "step of the efficacy anchor of the active", "article 7: Xiamen, Nanjing",
        ignore=(-0.02, -0.06, 0.0), dialogue=(0.02, 0.0, 0.06), concede=(0.05, 0.01, 0.1),
        control=(-0.03, -0.1, 0.0),
    )  # fmt: skip
    response_threshold = _each(
        "step of the threshold of the active", "success teaches, control deters",
        ignore=(0.0, -0.02, 0.01), dialogue=(-0.005, -0.02, 0.0), concede=(-0.01, -0.03, 0.0),
        control=(0.02, 0.0, 0.05),
    )  # fmt: skip
    threshold_fade = Parameter(
        1.0, "1/year", 0.3, 3.0, "assumed", "steps of thresholds fade: half-life 8 months"
    )
    control_grievance = Parameter(
        0.1, "share of 1 - g", 0.02, 0.25, "assumed", "members after control: its hidden cost"
    )
    response_cost = _each(
        "yuan an event", "order of magnitude; conceding a plant costs far more",
        ignore=(0, 0, 0), dialogue=(20_000, 5_000, 60_000), concede=(100_000, 20_000, 1_000_000),
        control=(150_000, 50_000, 500_000),
    )  # fmt: skip

    reads = (
        "issues.opened",
        "people.grievance",
        "people.trust_community",
        "people.trust_township",
        "people.trust_city",
        "people.trust_court",
        "divisions.separation_ratio",
    )
    writes = {
        "people.threshold": Column("share", -1.0, 3.0, "active share from which one acts", 0.3),
        "people.threshold_shift": Column("share", -3.0, 3.0, "what answers have added to it"),
        "people.active": Column("yes or no", 0, 1, "acts in an issue this week", 0, "?"),
        "people.unconsulted": Column("yes or no", 0, 1, "member of an open issue", 0, "?"),
    }
    adds = (
        "disputes.transitions",
        "issues.ended",
        "people.grievance_relief",
        "people.grievance_push",
        "people.anchor_push_trust_township",
        "people.anchor_push_trust_city",
        "people.anchor_push_efficacy",
        "budget.spend",
        "treasury.extra_plan",
    )
    levers = ("response.policy",)

    def prepare(self, world: World) -> None:
        """No issue is open; how often usual ones open follows from who lives where."""
        issues_of(world)
        self._rates = usual_rates(world, self.issues_per_10k, self.issue_source)
        self._peopled = len(world.people)
        nobody = np.zeros(0, np.int16), np.zeros(0)
        for flow in FLOWS:  # what is rare counts as 0 until it happens
            world.flows.add(flow, *nobody)

    def step(self, world: World, clock: Clock) -> None:
        """Issues come and go, members act or not, offices answer.

        An issue counts for a step if it is open in the middle of it.
        """
        issues = issues_of(world)
        middle = clock.begins + clock.step_days / 2.0
        self.relax(world, issues, clock)
        open_posted(self, world, issues)
        open_usual(self, world, issues, self._rates, clock)
        over = (issues.ends < middle).nonzero()[0]
        end_issues(self, world, issues, over, ["faded"] * len(over), clock.begins)
        self.unmark(world, issues)
        self.link(issues)
        self.act(world, issues, (issues.opened < middle).nonzero()[0], clock)

    # --- what passes by itself --------------------------------------------------------------------

    def relax(self, world: World, issues: Issues, clock: Clock) -> None:
        """Identity fades, risk returns to its base, thresholds return to a person's own."""
        people = world.people
        if len(people) > self._peopled:
            self.meet_newcomers(world)
        issues.we[:] *= clock.kept(self.identity_decay)
        gap = issues.risk - self.base_risk
        issues.risk[:] = self.base_risk + gap * clock.kept(self.risk_relax_per_year)
        stirred = issues.beside.stirred
        if len(stirred):
            shift = people.threshold_shift[stirred]
            left = shift * np.float32(clock.kept(self.threshold_fade))
            left[np.abs(left) < NOTHING] = 0.0
            people.threshold[stirred] += left - shift
            people.threshold_shift[stirred] = left
            issues.beside.stirred = stirred[left != 0.0]

    def meet_newcomers(self, world: World) -> None:
        """People who came since the last step have thresholds of their own."""
        people = world.people
        if "start.threshold.mean" in world.place.values:
            ids = people.id[self._peopled :]
            own = thresholds_of(ids, world.place.values, world.draws)
            people.threshold[self._peopled :] = own
        self._peopled = len(people)

    def unmark(self, world: World, issues: Issues) -> None:
        """Nobody is marked as a member or as acting until it is known again who is."""
        marked = issues.beside.marked
        world.people.unconsulted[marked] = False
        world.people.active[marked] = False
        issues.beside.marked = np.zeros(0, np.int64)

    def link(self, issues: Issues) -> None:
        """Issues with a strong identity link if they share an adversary or enough members."""
        strong = (issues.we > self.chain["we"]).nonzero()[0]
        for place, first in enumerate(strong):
            for second in strong[place + 1 :]:
                pair = sorted((int(issues.id[first]), int(issues.id[second])))
                ours, theirs = (issues.beside.circles[row].members for row in (first, second))
                common = np.isin(ours, theirs, assume_unique=True).sum()
                near = common >= self.chain["share"] * min(len(ours), len(theirs))
                same = issues.adversary[first] == issues.adversary[second]
                if near or (same and issues.division[first] == issues.division[second]):
                    issues.beside.links.add((pair[0], pair[1]))

    # --- joining and acting -----------------------------------------------------------------------

    def act(self, world: World, issues: Issues, now: np.ndarray, clock: Clock) -> None:
        """Members of these issues (rows) act or not; who acts together is met by an answer."""
        if not len(now):
            return
        people = world.people
        ending: dict[int, str] = {}
        marked = []
        for row, active in zip(now, self.active(world, issues, now), strict=True):
            members = issues.beside.circles[row].members
            here = members[people.alive[members]]
            if issues.weighs[row]:
                people.unconsulted[here] = True
            crowd, contact = self.crowd(world, issues, row, active)
            people.active[crowd] = True
            marked += [here, crowd]
            if not len(here):
                ending[int(row)] = "faded"
            elif self.comes_about(world, issues, row, crowd, clock):
                how = self.event(world, issues, int(row), crowd, contact, clock)
                ending |= {int(row): how} if how else {}
        issues.beside.marked = np.unique(np.concatenate(marked))
        rows = np.array(list(ending), np.int64)
        end_issues(self, world, issues, rows, list(ending.values()), clock.begins)

    def active(self, world: World, issues: Issues, now: np.ndarray) -> list[np.ndarray]:
        """The members (rows of people) of each of these issues who act."""
        people, circles = world.people, [issues.beside.circles[row] for row in now]
        counts = np.array([len(circle.members) for circle in circles])
        first = np.concatenate([[0], np.cumsum(counts)])
        members = np.concatenate([circle.members for circle in circles])
        whose = np.repeat(now, counts)
        lead = self.lead(world, issues, members, whose)
        lead = lead + self.identity_weight * issues.we[whose]  # of which onlookers have no part
        lead[~people.alive[members]] = -np.inf
        here = np.bincount(
            np.repeat(np.arange(len(now)), counts), people.alive[members], minlength=len(now)
        )
        watched = [circle.watched + start for circle, start in zip(circles, first, strict=False)]
        begins = np.cumsum(np.concatenate([[0], *(np.diff(circle.begins) for circle in circles)]))
        link_first, links = issues.linked(now)
        weights = np.array([1.0 - self.group_weight, self.group_weight, self.chain["weight"]])
        acting = joined(
            lead,
            first,
            here.astype(np.int64),
            begins,
            np.concatenate(watched),
            link_first,
            links,
            weights * self.exposure_weight,
        )
        return [members[a:b][acting[a:b]] for a, b in pairwise(first)]

    def lead(
        self, world: World, issues: Issues, persons: np.ndarray, rows: np.ndarray | int
    ) -> np.ndarray:
        """What moves people without the others, less their threshold; > 0: they act alone.

        `rows` says in which issue: one for all, or one each.
        """
        people = world.people
        trust = np.stack([people[f"trust_{name}"][persons] for name in TRUSTS])
        addressed = np.broadcast_to(issues.trust[rows], len(persons))
        distrust = 1.0 - trust[addressed, np.arange(len(persons))].astype(np.float64)
        moved = people.grievance[persons] * distrust - self.risk_weight * issues.risk[rows]
        lead: np.ndarray = moved - people.threshold[persons]
        return lead

    def crowd(
        self, world: World, issues: Issues, row: int, active: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        """Who acts in an issue, sympathisers included, and all outsiders who know an active member.

        A sympathiser sees the active share of the own ties, and has no part in the members' `we`.
        """
        if not len(active):
            return active, active
        others, share = contacts(world.ties, active, issues.beside.circles[row].members)
        here = world.people.alive[others]
        others, share = others[here], share[here]
        seen = self.exposure_weight * self.sympathiser_weight * share
        joins = self.lead(world, issues, others, row) + seen > 0.0
        return np.concatenate([active, others[joins]]), others

    def comes_about(
        self, world: World, issues: Issues, row: int, crowd: np.ndarray, clock: Clock
    ) -> bool:
        """Whether those who act are enough for an event, and the last one is long enough ago."""
        rested = clock.begins - issues.last_event[row] > self.cooldown_days - 1e-6
        return bool(rested) and self.size(world, issues, row, crowd).sum() >= self.event_min

    def size(self, world: World, issues: Issues, row: int, crowd: np.ndarray) -> np.ndarray:
        """How many persons each of the crowd is: one, or in a sampled matter those behind them."""
        weight = world.people.weight[crowd].astype(np.float64)
        return weight if issues.sampled[row] else np.ones(len(crowd))

    def event(
        self,
        world: World,
        issues: Issues,
        row: int,
        crowd: np.ndarray,
        contact: np.ndarray,
        clock: Clock,
    ) -> str:
        """People act together and are answered; returns how the issue ends by it, if it does."""
        people, flows, draws = world.people, world.flows, world.draws
        sizes = self.size(world, issues, row, crowd)
        # A matter of a unit stands for as many as the unit stands for; a sampled one for itself.
        real = 1.0 if issues.sampled[row] else float(people.weight[crowd].mean(dtype=np.float64))
        cells = people.cell[crowd]
        once = real * sizes / sizes.sum()
        answer, policy = answer_to(self, world, issues, row)
        flows.add("collective_events", cells, once)
        flows.add("collective_participants", cells, real * sizes)
        flows.add(f"answered_{answer}", cells, once)
        if any(int(issues.id[row]) in pair for pair in issues.beside.links):
            flows.add("collective_events_linked", cells, once)
        issues.we[row] += self.identity_gain * (1.0 - issues.we[row])
        carry_in(world, issues, row, clock.begins)
        meet(self, world, issues, row, answer, crowd, contact)
        if answer == "control":
            issues.risk[row] = self.arrest(self.officers_per_active * sizes.sum(), sizes.sum())
        pay(self, world, int(issues.division[row]), answer, policy, real)
        luck = draws.uniform("mobilisation.settles", issues.id[row : row + 1], issues.events[row])
        issues.last_event[row] = clock.begins
        issues.events[row] += 1
        if answer == "concede":
            return "conceded"
        settles = answer == "dialogue" and luck[0] < self.dialogue["settles"]
        return "settled" if settles else ""

    def arrest(self, officers: float, active: float) -> float:
        """The chance of being arrested where so many officers meet so many active people."""
        if active <= 0.0:
            return 0.0
        return -math.expm1(-ARREST_CONSTANT * math.floor(officers / active + 0.5))
