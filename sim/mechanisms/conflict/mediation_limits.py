"""Known results of mediation: queues without and with the limit of the law, and the records."""

import math
from typing import Annotated, Literal

import numpy as np

from sim.kernel import Limit, Quantity, Within
from sim.mechanisms.conflict.mediation import DAYS, Mediation
from sim.world import queues

HIGHEST_LOAD = 0.95  # nearer to 1 a queue forgets its start only after decades
UNSEEN = 1e-3  # days or cases: where next to nobody waits, no replication may see a single wait


def queue(
    servers: Annotated[int, Within(1, 200)] = 3,
    arrivals_per_year: Annotated[float, Within(0.1, 2_000.0)] = 6.4,
    service_per_year: Annotated[float, Within(0.1, 2_000.0)] = 10.0,
    step_days: Annotated[float, Within(0.5, 30.0)] = 7.0,
    discipline: Literal["own", "pooled"] = "own",
) -> Limit:
    """Known result: `own` waits as M/M/c (Erlang C), `pooled` as M/M/1; mean queue by Little's law.

    The wait is that before the first hearing; a mediator's service rate is sessions over hearings.
    Infinite patience, legal limit off, offices side by side that never see each other.
    """
    capacity = servers * service_per_year
    if arrivals_per_year > HIGHEST_LOAD * capacity:
        raise ValueError(
            f"{arrivals_per_year:g} arrivals a year are too many for a capacity of {capacity:g}; "
            f"choose at most {HIGHEST_LOAD * capacity:g}"
        )
    if discipline == "own":
        blocked = queues.erlang_c(float(servers), arrivals_per_year / service_per_year)
    else:
        blocked = arrivals_per_year / capacity
    wait_years = blocked / (capacity - arrivals_per_year)

    def simulate(mechanism: type[Mediation], seed: int) -> dict[str, float]:
        from sim.verify.office_bench import simulate_offices

        return simulate_offices(
            mechanism, seed, servers, arrivals_per_year, service_per_year, step_days, discipline
        )

    return Limit(
        "queue",
        {
            "servers": servers,
            "arrivals_per_year": arrivals_per_year,
            "service_per_year": service_per_year,
            "step_days": step_days,
            "discipline": discipline,
        },
        (
            Quantity("mean_wait_days", "days before the first hearing", wait_years * DAYS, UNSEEN),
            Quantity("mean_queue", "cases not yet begun", wait_years * arrivals_per_year, UNSEEN),
        ),
        simulate,
        "Erlang (1917); Little (1961); Cooper (1981), chapter 3",
        replications=12,
    )


def deadline(
    sessions_per_year: Annotated[float, Within(0.0, 1_000.0)] = 60.0,
    cases_per_year: Annotated[float, Within(0.1, 500.0)] = 6.4,
    limit_days: Annotated[float, Within(1.0, 365.0)] = 30.0,
    step_days: Annotated[float, Within(0.5, 30.0)] = 7.0,
    office: Literal["village", "community"] = "village",
) -> Limit:
    """Known result: under the law's limit D, cases leave M/M/1 late with chance p0 e^(-theta D).

    theta = mu - lambda, p0 = 1/(1 + lambda (1 - e^(-theta D))/theta) the chance to
    find nobody: at any load, since nobody waits longer than D. Two hearings a case. Villages are
    followed case by case, communities by the stationary approximation: the same law.
    """
    share, years = staying(sessions_per_year / 2.0, cases_per_year, limit_days / DAYS)

    def simulate(mechanism: type[Mediation], seed: int) -> dict[str, float]:
        from sim.verify.office_bench import simulate_deadline

        exact = office == "village"
        return simulate_deadline(
            mechanism, seed, sessions_per_year, cases_per_year, limit_days, step_days, exact
        )

    return Limit(
        "deadline",
        {
            "sessions_per_year": sessions_per_year,
            "cases_per_year": cases_per_year,
            "limit_days": limit_days,
            "step_days": step_days,
            "office": office,
        },
        (
            Quantity("timed_out_share", "share of cases", share, 1e-4),
            Quantity("mean_days", "days in the office", years * DAYS, 1e-6),
        ),
        simulate,
        "level crossings of the work ahead; Brill (2008), chapter 3",
        replications=10,
    )


def staying(rate: float, arrivals: float, limit: float) -> tuple[float, float]:
    """The share that leaves M/M/1 at the limit, and the mean stay (in the unit of `limit`)."""
    theta = rate - arrivals
    if abs(theta * limit) < 1e-6:
        theta = 1e-6 / limit
    late = math.exp(-theta * limit)
    others = arrivals / theta
    nobody = 1.0 / (1.0 + others * (1.0 - late))
    stay = nobody * ((1.0 + others) * (1.0 - late) / theta - others * limit * late)
    return nobody * late, stay


def recording(
    success: Annotated[float, Within(0.0, 1.0)] = 0.6,
    settled: Annotated[float, Within(0.01, 1.0)] = 0.48,
    failed: Annotated[float, Within(0.01, 1.0)] = 0.022,
) -> Limit:
    """Known result: recorded success = p a / (p a + (1 - p) b) for recording shares a, b."""
    expected = success * settled / (success * settled + (1.0 - success) * failed)
    cases = 20_000

    def simulate(mechanism: type[Mediation], seed: int) -> dict[str, float]:
        from sim.verify.bench import bare_world

        world = bare_world(50, seed)
        rule = mechanism({"recorded_settled.village": settled, "recorded_failed.village": failed})
        world.disputes.open(id=np.arange(cases), weight=np.ones(cases))
        agreed = world.draws.uniform("limit.agreed", np.arange(cases)) < success
        rule.record(world, "village", np.arange(cases), agreed)
        total = {name: values.sum() for name, values in world.flows.by_cell.items()}
        share = total["mediations_settled_recorded"] / total["mediations_recorded"]
        return {"recorded_success": float(share)}

    return Limit(
        "recording",
        {"success": success, "settled": settled, "failed": failed},
        (Quantity("recorded_success", "share of recorded cases", expected, 1e-9),),
        simulate,
        "Bayes' rule",
        replications=10,
    )
