"""Known result of land: every m2 stays somewhere, states keep their balance, takings are paid."""

from typing import Annotated

import numpy as np

from sim.kernel import Clock, Limit, Quantity, Table, Within, entity_ids
from sim.kernel.clock import DAYS_PER_YEAR
from sim.mechanisms.place.land import Land
from sim.mechanisms.place.parcels import M2_PER_MU, STATES
from sim.world.people import LOCAL_RURAL
from sim.world.settlements import RURAL
from sim.world.world import World

PER_VILLAGE = 200
STEPS = 60  # chains of changes are exact at any step


def land(
    parcels: Annotated[int, Within(200, 200_000)] = 20_000,
    years: Annotated[float, Within(0.1, 50.0)] = 5.0,
) -> Limit:
    """Known result: area is conserved, exp(-takings t) of it stays in balance, takings are paid.

    Farmed, let and idle shares are in balance at the default rates, so that takings lower all three
    alike. What is paid is area x price x ratio, to the fen.
    """
    usual = Land()
    stays = float(np.exp(-usual.acquisition_per_year * years))
    let, idle = usual.start_share["let"], usual.start_share["idle"]
    shares = (1.0 - let - idle, let, idle)

    def simulate(mechanism: type[Land], seed: int) -> dict[str, float]:
        rule = mechanism({"home_per_year": 0.0})  # those away stay away
        world, _ = villages(rule, parcels, seed)
        whole = int(world.tables["parcels"].area.sum(dtype=np.int64))
        for clock in _steps(years):
            rule.step(world, clock)
        found = world.tables["parcels"]
        area = [int(found.area[found.state == k].sum(dtype=np.int64)) for k in range(len(STATES))]
        taken = int(found.acquired.sum(dtype=np.int64))
        ratio = float(world.lever("land.compensation_ratio")[0])
        due = taken / M2_PER_MU * usual.price * 100.0 * ratio
        return {
            "m2_lost": float(whole - sum(area) - taken),
            **{f"{name}_share": area[k] / whole for k, name in enumerate(STATES[:3])},
            "acquired_share": taken / whole,
            "fen_unpaid": due - float(found.compensation.sum()),
        }

    villages_of_it = parcels / PER_VILLAGE
    rounding = 0.5 * (3.0 + villages_of_it * (0.1 * years + 1.0))  # half a fen a taking, at most
    return Limit(
        "land",
        {"parcels": parcels, "years": years},
        (
            Quantity("m2_lost", "m2", 0.0),
            *(
                Quantity(f"{name}_share", "share of area", share * stays, 1e-6)
                for name, share in zip(STATES[:3], shares, strict=True)
            ),
            Quantity("acquired_share", "share of area", 1.0 - stays, 1e-6),
            Quantity("fen_unpaid", "fen", 0.0, rounding),
        ),
        simulate,
        "balance of flows; Poisson takings of a fixed share",
        replications=20,
    )


def villages(rule: Land, parcels: int, seed: int) -> tuple[World, Land]:
    """So many parcels in villages of up to 200, one adult each, and the rule ready to run."""
    from sim.verify.bench import bare_world, ready

    world = bare_world(parcels, seed)
    count = -(-parcels // PER_VILLAGE)
    people = world.people
    people.registration[:] = LOCAL_RURAL
    people.kind[:] = RURAL
    people.unit[:] = np.arange(parcels) // PER_VILLAGE
    adults = np.bincount(people.unit, minlength=count)
    world.units = Table(
        count,
        id=entity_ids("unit", np.arange(count)),
        division=np.zeros(count, np.int8),
        kind=np.full(count, RURAL, np.int8),
        residents=adults.astype(float),
        adults=adults.astype(np.int32),
        weight=np.ones(count),
    )
    world.office_of["department"] = np.array([1])
    world.firms = Table(
        0,
        id=np.zeros(0, np.uint64),
        kind=np.zeros(0, np.int8),
        division=np.zeros(0, np.int8),
        employees=np.zeros(0, np.float32),
        weight=np.zeros(0, np.float32),
    )
    figures = {"villages": count, "communities": 0, "community_residents": 0, "population": parcels}
    world.place.by_division = lambda name: np.array([float(figures[name])])
    world.place.value = {"land.mu_per_village": 1_250.0 * parcels / count / PER_VILLAGE}.__getitem__
    ready(world, rule)
    return world, rule


def _steps(years: float) -> list[Clock]:
    from sim.verify.bench import START

    days = years * DAYS_PER_YEAR / STEPS
    return [Clock(START, days, days * k) for k in range(STEPS)]
