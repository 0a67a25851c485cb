"""The known result of the budget: what is granted is spent, and a shortfall cuts all alike."""

import math
from types import SimpleNamespace
from typing import Annotated

import numpy as np

from sim.kernel import Limit, Quantity, Within
from sim.mechanisms.government.budget import Budget
from sim.world.money import FEN_PER_YUAN, LINES, budget_row, charge_in_full, paid_for
from sim.world.world import World

VILLAGES, YUAN_A_MEETING = 100, 800.0
MEETINGS = "deliberation.meetings_per_year"
DAYS_A_YEAR, STEP_DAYS = 365.25, 7.0


def shortfall(
    plan: Annotated[float, Within(1e4, 1e9)] = 600_000.0,
    execution: Annotated[float, Within(0.05, 1.0)] = 0.9,
    meetings: Annotated[float, Within(0.5, 100.0)] = 4.0,
    society: Annotated[float, Within(1e4, 1e9)] = 500_000.0,
    works: Annotated[float, Within(1e4, 1e9)] = 300_000.0,
    notice_years: Annotated[float, Within(0.05, 20.0)] = 1.0,
    steps: Annotated[int, Within(1, 52)] = 40,
) -> Limit:
    """Known result: of M granted and D asked min(M, D) is paid, min(1, M / D) of every line.

    A hundred villages meet, and society asks for more; works bring money of their own, are paid in
    full and help nobody. A lever works by the share r that people noticed over the years t: its
    value times 1 - (1 - r) (1 - exp(-t / notice_years)). Yuan a year, but for meetings.
    """
    years = steps * STEP_DAYS / DAYS_A_YEAR
    granted = plan * execution * years
    asked = (VILLAGES * meetings * YUAN_A_MEETING + society) * years
    share = min(1.0, granted / asked)
    noticed = 1.0 - (1.0 - share) * -math.expm1(-years / notice_years)
    # the fen of a step are rounded on each line, and carried over
    fen = 3.0 * steps / FEN_PER_YUAN
    least = min(VILLAGES * meetings * YUAN_A_MEETING, society, works) * years
    rough = fen / least

    def simulate(mechanism: type[Budget], seed: int) -> dict[str, object]:
        from sim.verify.bench import weeks

        world, rule = _village(mechanism, seed, plan, execution, notice_years)
        world.levers[MEETINGS][:] = meetings
        for clock in list(weeks(1.0, STEP_DAYS))[:steps]:
            world.tables["budget"].spend[budget_row(0, "society")] += (
                society * FEN_PER_YUAN * clock.dt_years
            )
            charge_in_full(world, "works", np.array([works * FEN_PER_YUAN * clock.dt_years]))
            rule.step(world, clock)
        books = world.tables["budget"]
        due, paid, cut = (books[name] / FEN_PER_YUAN for name in ("due", "paid", "cut"))
        own = LINES.index("works")
        lines = [LINES.index(line) for line in ("meetings", "society", "works")]
        return {
            "paid": paid.sum() - paid[own],
            "cut": cut.sum(),
            "meetings_held": paid_for(world, MEETINGS, "meetings")[0],
            "by_line": paid[lines] / due[lines],
        }

    return Limit(
        "shortfall",
        {
            "plan": plan,
            "execution": execution,
            "meetings": meetings,
            "society": society,
            "works": works,
            "notice_years": notice_years,
            "steps": steps,
        },
        (
            Quantity("paid", "yuan, works apart", share * asked, fen),
            Quantity("cut", "yuan", (1.0 - share) * asked, fen),
            Quantity("meetings_held", "meetings a year", meetings * noticed, meetings * rough),
            Quantity("by_line", "share paid: meetings, society, works", [share, share, 1.0], rough),
        ),
        simulate,
        "the budget's identity: what is paid is the less of what is granted and what is asked",
    )


def _village(
    mechanism: type[Budget], seed: int, plan: float, execution: float, notice_years: float
) -> tuple[World, Budget]:
    """A hundred villages where nothing but meetings has a price, and the rule with its books."""
    from sim.verify.bench import BASE_LEVERS, bare_world

    world = bare_world(2, seed)
    counts = {"population": 1e5, "villages": float(VILLAGES), "townships": 1.0}
    counts |= {"communities": 0.0, "community_residents": 0.0}
    counts |= {"budget_yuan_per_year": plan, "execution_share": execution}
    world.place = SimpleNamespace(
        name="bench",
        divisions=("one",),
        by_division=lambda name: np.array([counts[name]]),
        value=lambda name: 500.0,  # residents a grid
        keyed=lambda name, keys: np.ones(len(keys)),
        bases={name: np.array([value]) for name, value in BASE_LEVERS.items()},
    )
    free = {name: 0.0 for name in mechanism.ledger() if name.startswith("cost.")}
    rule = mechanism(free | {"cost.meeting": YUAN_A_MEETING, "smoothing_years": notice_years})
    rule.prepare(world)
    for lever in ("grid.subsidy_yuan_per_year", "mediation.pay_yuan_per_month"):
        world.levers[lever][:] = 0.0
    return world, rule
