"""A known result of the time bank: credit rests where what is minted is what goes out."""

from typing import Annotated

import numpy as np

from sim.kernel import Column, Limit, Quantity, Within
from sim.kernel.clock import DAYS_PER_WEEK, DAYS_PER_YEAR
from sim.mechanisms.society.volunteering import BANK, Volunteering
from sim.world.world import World

PEOPLE = 365  # each acts about once a year, one after the other: one a day
WEEK = DAYS_PER_WEEK / DAYS_PER_YEAR
_ACTS = ("people.last_volunteered", "people.volunteer_rate")


def time_bank(
    mint_per_year: Annotated[float, Within(0.0, 1e9)] = 10_000.0,
    spend_rate: Annotated[float, Within(0.0, 20.0)] = 0.5,
    life_years: Annotated[float, Within(0.05, 30.0)] = 3.0,
    leave_rate: Annotated[float, Within(0.0, 5.0)] = 0.05,
) -> Limit:
    """Known result: held credit rests at mint / (spending + 1 / life + leaving), nothing is lost.

    People act in turn, and leave at the stated rate; whoever leaves is replaced by somebody without
    credit. Spending is not bound by what is given.
    """
    out = spend_rate + 1.0 / life_years
    rate = out + leave_rate
    held = mint_per_year / rate
    # People leave between weeks only: what those who act in the week bring is held a little longer.
    kept, left = np.exp(-out * WEEK), np.exp(-rate * WEEK)
    tolerance = abs(mint_per_year / out * (1.0 - kept) / (1.0 - left) - held) + 2e-3 * held + 1e-9

    def simulate(mechanism: type[Volunteering], seed: int) -> dict[str, float]:
        from sim.verify.bench import bare_world, ready, weeks

        world = bare_world(PEOPLE, seed)
        world.declare({name: Column("made up", -1e9, 1e9, "acts", -1e9) for name in _ACTS})
        world.levers[BANK][:] = 1.0
        rule = mechanism(
            {
                "hours_per_act": mint_per_year / DAYS_PER_YEAR,
                "share.service": 1.0,
                "time_bank_uplift": 0.0,
                "spend_rate": spend_rate,
                "credit_life_years": life_years,
            }
        )
        ready(world, rule)
        world.units.volunteer_hours_service[:] = 1e30  # no end of service to spend it on
        total, days = 0.0, 0
        for clock in weeks(8.0 / rate + 2.0):
            _turn(world, clock.begins)
            stays = world.draws.uniform("bench.stay", world.people.id, round(clock.begins))
            world.people.alive[:] = stays < np.exp(-leave_rate * clock.dt_years)
            rule.step(world, clock)
            world.units.service_hours[:] = 0.0
            if clock.begins > 365.25 * 8.0 / rate:
                total, days = total + float(world.people.credit_hours.sum()), days + 1
        accounts = world.tables["time_bank"]
        known = sum(float(accounts[name].sum()) for name in ("spent", "expired", "left"))
        known += float(world.people.credit_hours.sum())
        minted = float(accounts.minted.sum())
        return {"held": total / days, "unaccounted": abs(minted - known) / max(minted, 1.0)}

    return Limit(
        "time_bank",
        {
            "mint_per_year": mint_per_year,
            "spend_rate": spend_rate,
            "life_years": life_years,
            "leave_rate": leave_rate,
        },
        (
            Quantity("held", "hours of credit", held, tolerance),
            Quantity("unaccounted", "share of what was credited", 0.0, 1e-9),
        ),
        simulate,
        "a stock with constant inflow and three outflows, by hand",
        replications=4 if leave_rate > 0.0 else 1,
    )


def _turn(world: World, day: float) -> None:
    """Those whose turn it is in this week act, one a day."""
    number = round(day) + np.arange(7)
    world.people.last_volunteered[number % PEOPLE] = number + 0.5
