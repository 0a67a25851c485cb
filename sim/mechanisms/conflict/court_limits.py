"""Limits of courts: a backlog past capacity, and the days that a case takes at a given load."""

import math
from typing import Annotated

import numpy as np

from sim.kernel import Limit, Quantity, Within
from sim.mechanisms.conflict.courts import DAYS, Courts
from sim.world.disputes import LITIGATING

CASES = 20_000


def court_backlog(
    judges: Annotated[float, Within(0.1, 10_000.0)] = 19.0,
    filings_per_year: Annotated[float, Within(0.0, 1e7)] = 5985.0,
    cases_per_judge: Annotated[float, Within(1.0, 10_000.0)] = 300.0,
    years: Annotated[float, Within(0.1, 100.0)] = 5.0,
) -> Limit:
    """Known result: bounded if F < J m, else the backlog grows as (F - J m) t."""
    surplus = max(0.0, filings_per_year - judges * cases_per_judge)
    whole_weeks = round(years * DAYS / 7.0)
    expected = surplus * whole_weeks * 7.0 / DAYS

    def simulate(mechanism: type[Courts], seed: int) -> dict[str, float]:
        from sim.verify.bench import bare_court, ready, weeks

        world = bare_court(seed, judges)
        rule = mechanism({"capacity": cases_per_judge})
        ready(world, rule)
        world.offices.court_load[:] = filings_per_year
        ratio = 1.0 + rule.background_ratio()
        for clock in weeks(years):
            rule.follow(world, clock, filings_per_year * clock.dt_years / ratio)
        row = rule.rows(world)
        return {"backlog": float(world.offices.court_backlog[row][0])}

    return Limit(
        "court_backlog",
        {
            "judges": judges,
            "filings_per_year": filings_per_year,
            "cases_per_judge": cases_per_judge,
            "years": years,
        },
        (Quantity("backlog", "cases", expected, 1e-9 * expected + 1e-6),),
        simulate,
        "conservation of cases: arrivals less capacity",
        notes="arrivals are smoothed over a year, and the limit starts at its load; whole weeks",
    )


def court_days(
    judges: Annotated[int, Within(1, 500)] = 19,
    load: Annotated[float, Within(0.05, 0.98)] = 0.915,
) -> Limit:
    """Known result: mean days = procedure x (load / reference)^.6 + Erlang C wait of J judges."""
    capacity = Courts.capacity.default
    procedure = Courts.procedure_days.default
    slower = (load / Courts.reference_load.default) ** Courts.load_delay_elasticity.default
    wait = _chance_to_wait(judges, load) / (judges * capacity * (1.0 - load)) * DAYS
    expected = procedure * slower + wait

    def simulate(mechanism: type[Courts], seed: int) -> dict[str, float]:
        from sim.verify.bench import bare_court, ready

        world = bare_court(seed, judges)
        rule = mechanism()
        ready(world, rule)
        world.offices.court_load[:] = load * judges * capacity
        world.disputes.open(
            id=np.arange(CASES), state=np.full(CASES, LITIGATING), weight=np.ones(CASES)
        )
        rule.file(world, np.arange(CASES), np.zeros(CASES))
        rule.schedule(world)
        return {"mean_days": float(world.disputes.due.mean())}

    return Limit(
        "court_days",
        {"judges": judges, "load": load},
        (Quantity("mean_days", "days", expected, 1e-3 * expected),),
        simulate,
        "Erlang (1917) for the wait; procedure by load as the mechanism states",
        replications=10,
    )


def _chance_to_wait(servers: int, load: float) -> float:
    """Erlang C by its sum: terms relative to the last one, so that nothing overflows."""
    offered = servers * load
    logs = [n * math.log(offered) - math.lgamma(n + 1) for n in range(servers + 1)]
    terms = [math.exp(value - logs[-1]) for value in logs]
    waiting = terms[-1] / (1.0 - load)
    return waiting / (sum(terms[:-1]) + waiting)
