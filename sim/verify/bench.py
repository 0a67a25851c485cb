"""The smallest worlds in which a mechanism can run alone: one division, people who are alike."""

from collections.abc import Iterator
from datetime import date
from types import SimpleNamespace

import numpy as np

from sim.kernel import Clock, Column, Draws, Mechanism, Table, entity_ids
from sim.world.baseline import Baseline
from sim.world.disputes import Disputes
from sim.world.figures import WORKING_SECTORS
from sim.world.flows import KINDS, REGISTRATIONS, Flows
from sim.world.messages import MESSAGES
from sim.world.ties import Ties
from sim.world.waits import Waits
from sim.world.world import World

START = date(2020, 1, 1)
STATES = (
    "trust_community",
    "trust_township",
    "trust_city",
    "trust_court",
    "norm",
    "legal_awareness",
    "efficacy",
)
SHARED_OFFICES = ("rooms", "department", "court", "petition_office")
_WHOLE = {
    "unit": "i4",
    "division": "i1",
    "cell": "i2",
    "open_disputes": "i2",
    "live_disputes": "i2",
}
_YES_OR_NO = ("unemployed", "insured", "unconsulted", "acted", "joins_activities", "trained")
_SHARES = ("grievance", "distress", "service_gap", "intensity_push", "peers_acted", "land_rent")


BASE_LEVERS = {
    "grid.subsidy_yuan_per_year": 1365.0,
    "grid.workers_per_grid": 1.0,
    "grid.paperwork_share": 0.3,
    "grid.screening": 0.0,
    "mediation.staff_per_10k": 34.2,
    "mediation.full_time_share": 0.053,
    "mediation.pay_yuan_per_month": 3000.0,
    "mediation.training_hours_per_year": 8.0,
    "mediation.judicial_confirmation_share": 0.05,
    "mediation.specialised_rooms": 12.0,
    "courts.judges_per_100k": 6.56,
    "courts.prelitigation_share": 0.3,
    "coordination.data_sharing": 0.0,
    "coordination.whistle": 0.0,
    "coordination.power_list": 0.0,
    "petitions.response_days": 40.0,
    "assessment.weights.resolution": 0.35,
    "assessment.weights.petition_count": 0.2,
    "assessment.weights.public_satisfaction": 0.17,
    "assessment.weights.paperwork": 0.28,
    "assessment.campaign": 0.0,
    "deliberation.meetings_per_year": 4.0,
    "deliberation.adoption_share": 0.4,
    "participation.public_share": 0.5,
    "participation.youth_channel": 0.0,
    "participation.online_platform": 0.0,
    "water.drip_subsidy_share": 0.5,
    "water.monitoring": 0.3,
    "metropolitan.form": 1.0,
    "metropolitan.compensation": 0.0,
    "metropolitan.provincial_lead": 0.0,
    "volunteering.time_bank": 0.0,
    "volunteering.report_to_community_share": 0.3,
    "volunteering.mediation_share": 0.01,
    "organisations.purchase_yuan_per_10k": 20_000.0,
    "organisations.incubator": 0.0,
    "partybuilding.coverage": 0.4,
    "partybuilding.formality": 0.6,
    "education.seats_per_10k": 200.0,
    "wellbeing.counsellors_per_10k": 0.3,
    "norms.compact": 0.3,
    "norms.exemplars_per_100": 1.0,
    "projects.consultation_share": 0.4,
    "projects.acceptance_effort": 1.0,
    "projects.maintenance_share": 0.02,
    "land.compensation_ratio": 0.9,
    "response.policy": 0.0,
    "labour.mode": 0.0,
    "services.equalisation": 0.3,
    "services.points_quota_per_year": 3000.0,
}
# What other mechanisms do to offices and units, where nobody does anything.
NEUTRAL_OF_OFFICES = {
    "success_logit": 0.0,
    "recording_logit": 0.0,
    "report_ratio": 1.0,
    "detection_factor": 1.0,
    "suppressing": np.nan,
    "registered": 0.0,
}
NEUTRAL_OF_UNITS = ("dispute_log_rate", "water_log_rate", "environment_log_rate")
# What people live from there: the same for all, so that each rule shows by itself.
LIVING = {
    **{f"labour.sector_share.{s}.{kind}": 1 / 3 for s in WORKING_SECTORS for kind in KINDS},
    **{f"labour.wage.{sector}.{kind}": 3000.0 for sector in WORKING_SECTORS for kind in KINDS},
    "labour.log_wage_sd": 0.0,
    **{f"world.other_income.{kind}": 1500.0 for kind in KINDS},
    **{f"world.insured_share.{who}": 0.5 for who in REGISTRATIONS},
    "world.service_supply.urban": 0.93,
    "world.service_supply.town": 0.88,
    "world.service_supply.rural": 0.75,
    "world.entitlement": 0.65,
}


class BarePlace(SimpleNamespace):
    """A place with one division, which states few numbers."""

    values: dict[str, float]
    divisions: tuple[str, ...]

    def value(self, name: str) -> float:
        """One number by its flat name."""
        return self.values[name]

    def keyed(self, name: str, keys: tuple[str, ...]) -> np.ndarray:
        """The numbers `name.key` for these keys, in their order."""
        return np.array([self.values[f"{name}.{key}"] for key in keys])


def no_ties(people: int) -> Ties:
    """A graph without a single tie."""
    nobody = np.zeros(0, np.int32)
    return Ties.from_edges(people, nobody, nobody, 1.0, "kin")


def bare_people(people: int) -> Table:
    """Adults of one town who are alike: employed, settled, every state at one half."""
    rows = np.arange(people)
    table = Table(people, id=entity_ids("person", rows), household=rows.astype(np.int32))
    for name, kind in _WHOLE.items():
        table[name] = np.zeros(people, kind)
    for name in _YES_OR_NO:
        table[name] = np.zeros(people, bool)
    for name in _SHARES:
        table[name] = np.zeros(people, np.float32)
    for name in (*STATES, "belonging", "susceptibility", "anchor_norm"):
        table[name] = np.full(people, 0.5, np.float32)
    table.employed = np.ones(people, bool)
    table.alive = np.ones(people, bool)
    table.kind = np.ones(people, np.int8)
    table.registration = np.zeros(people, np.int8)
    table.sector = np.full(people, 2, np.int8)
    table.age = np.full(people, 45, np.int16)
    table.organisation = np.full(people, -1, np.int32)
    for name, value in (("weight", 1), ("residents", 1), ("wage", 3000), ("income", 3000)):
        table[name] = np.full(people, value, np.float32)
    table.minutes_to_centre = np.full(people, 12, np.float32)
    return table


def bare_world(people: int, seed: int, ties: object | None = None) -> World:
    """One division with one unit of adults who are alike, one village and one office for the rest.

    `ties` is a graph over the people; without it nobody knows anybody. Each adult stands for one
    resident, so that rates per resident and per adult are the same.
    """
    flows = Flows(1)
    offices = Table(
        2,
        kind=np.array([0, 4], np.int8),
        division=np.zeros(2, np.int8),
        residents=np.full(2, float(people)),
        weight=np.ones(2),
        bodies=np.ones(2),
        persons=np.array([3.0, 0.0]),
        exact=np.array([True, False]),
        id=entity_ids("office", np.arange(2)),
        **{name: np.full(2, value) for name, value in NEUTRAL_OF_OFFICES.items()},
    )
    units = Table(
        1,
        id=entity_ids("unit", np.arange(1)),
        division=np.zeros(1, np.int8),
        kind=np.ones(1, np.int8),
        residents=np.array([float(people)]),
        adults=np.array([people], np.int32),
        first=np.zeros(1, np.int32),
        weight=np.ones(1),
        committee=np.zeros(1, np.int32),
        township=np.zeros(1, np.int32),
        households=np.array([people / 2.0]),
        grids=np.ones(1),
        **{name: np.zeros(1, np.float32) for name in NEUTRAL_OF_UNITS},
        x=np.zeros(1, np.float32),
        y=np.zeros(1, np.float32),
    )
    world = World(
        place=BarePlace(name="bench", divisions=("one",), values=dict(LIVING), bases={}),
        seed=seed,
        scale=1.0,
        draws=Draws(seed),
        people=bare_people(people),
        units=units,
        offices=offices,
        firms=Table(0),
        organisations=Table(0),
        office_of={kind: np.array([1]) for kind in SHARED_OFFICES},
        ties=ties if ties is not None else no_ties(people),
        flows=flows,
        disputes=Disputes(1, flows),
        levers={name: np.array([value]) for name, value in BASE_LEVERS.items()},
    )
    return at_rest(world)


def many_divisions(divisions: int, seed: int) -> World:
    """A bare world of so many divisions, with two people, who live in the first."""
    world = bare_world(2, seed)
    names = tuple(f"number {k + 1}" for k in range(divisions))
    world.place = SimpleNamespace(name="bench", divisions=names, values={}, bases={})
    world.flows = Flows(divisions)
    world.disputes = Disputes(divisions, world.flows)
    world.levers = {name: np.full(divisions, value) for name, value in BASE_LEVERS.items()}
    return world


def bare_towns(units: int, seed: int) -> World:
    """One division of so many equal towns of one adult each, with a committee of its own."""
    world = bare_world(units, seed)
    rows = np.arange(units, dtype=np.int32)
    world.people.unit[:] = rows
    offices = {name: np.repeat(world.offices[name][:1], units) for name in world.offices}
    world.offices = Table(units, **offices | {"residents": np.ones(units)})
    world.units = Table(
        units,
        id=entity_ids("unit", rows),
        division=np.zeros(units, np.int8),
        kind=np.ones(units, np.int8),
        residents=np.ones(units),
        adults=np.ones(units, np.int32),
        first=rows,
        weight=np.ones(units),
        committee=rows,
        township=np.zeros(units, np.int32),
        households=np.full(units, 0.5),
        grids=np.ones(units),
    )
    return world


def at_rest(world: World) -> World:
    """The world with its baseline and usual waits, as mechanisms expect it before they prepare."""
    world.tables["divisions"] = Table(world.divisions)
    world.tables["cells"] = Table(world.divisions * 3)  # row = division x 3 + kind
    world.tables["baseline"] = Baseline(world)
    world.tables["waits"] = Waits(np.zeros(len(world.offices)))
    return world


def ready(world: World, rule: Mechanism) -> Mechanism:
    """Give the world the columns that a mechanism owns or posts to, and prepare the mechanism."""
    world.declare(rule.writes)
    columns = [name for name in rule.adds if name not in MESSAGES]
    posts = [name for name in columns if name.split(".")[0] in ("people", "offices", "units")]
    world.declare({name: Column("posted", -1e9, 1e9, "goes nowhere", flow=True) for name in posts})
    rule.prepare(world)
    return rule


def bare_court(seed: int, judges: float) -> World:
    """A division with one court of so many judges."""
    world = bare_world(100_000, seed)
    world.office_of["court"] = np.array([1])
    world.levers["courts.judges_per_100k"][:] = judges / world.offices.residents[1] * 1e5
    return world


def weeks(years: float, step_days: float = 7.0) -> Iterator[Clock]:
    """The steps of so many years of reported time, one clock each."""
    clock = Clock(START, step_days, begins=0.0)
    for _ in range(round(years * 365.25 / step_days)):
        yield Clock(START, step_days, clock.begins)
        clock.advance()
