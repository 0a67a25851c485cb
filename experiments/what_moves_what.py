"""Writes docs/what-moves-what.md: what each lever of the model moves, halved and doubled.

Usage: `python experiments/what_moves_what.py --replications 30`. Every lever is changed alone, on
the same people and the same luck. A lever that stands at 0 is raised to a half and to 1 instead; of
a lever of words two are tried.
"""

import argparse
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

import sim
from sim.analysis.intervals import t_interval
from sim.analysis.precision import replications_for
from sim.engine.replications import Replicating
from sim.engine.workers import cores
from sim.outcomes import CATALOGUE, HEADLINES
from sim.scenario import LEVERS, Scenario
from sim.store import model_version

PAGE = Path(__file__).parent.parent / "docs" / "what-moves-what.md"
BASE = "jincheng-2020"

# What a lever acts on first, and by which way that reaches the outcomes.
PATHS = {
    "grid.subsidy_yuan_per_year": "Pay → effort of grid workers and who stays in post → tolerated "
    "disputes found → brought to village mediation.",
    "grid.workers_per_grid": "Households per worker → disputes found → village mediation.",
    "grid.paperwork_share": "Time left for looking → tolerated disputes found → village mediation.",
    "grid.screening": "Tolerated disputes of one domain found sooner, for 60 days from the start → "
    "village mediation. Other disputes are looked for as before.",
    "mediation.staff_per_10k": "Posts fill over months → sessions in villages, communities and "
    "townships → waits → cases heard within 30 days → settled, or on to court and petition.",
    "mediation.full_time_share": "Part-timers of committees become full-time → sessions → waits. "
    "Below its base it changes nothing: mediators of townships and rooms are full-time.",
    "mediation.pay_yuan_per_month": "Pay of full-timers → who stays and who applies → posts "
    "filled, experience → sessions and skill. Part-timers of villages get piece pay instead.",
    "mediation.training_hours_per_year": "Success of a hearing, by at most .03.",
    "mediation.judicial_confirmation_share": "Agreements that a court confirms do not break down.",
    "mediation.specialised_rooms": "How many choose the rooms, which settle .75.",
    "courts.judges_per_100k": "Load of courts → days → choice of the court, grievance meanwhile.",
    "courts.prelitigation_share": "Matters at the court door mediated first → .65 settle → "
    "filings, background cases and load of courts.",
    "coordination.data_sharing": "Fewer wrong departments and shorter hops → late requests, "
    "disputes in departments; one platform also helps grid workers.",
    "coordination.whistle": "Townships summon departments: those hops take at most 3 days, the "
    "others longer.",
    "coordination.power_list": "Fewer wrong departments → late requests.",
    "petitions.response_days": "Days until an answer → length of matters, choice of petitioning. "
    "Items of a matter also come sooner or later, which moves the first years most.",
    "assessment.weights.petition_count": "Effort spent on preventing registration → recorded "
    "petitions fall, prevented people come back with more grievance.",
    "deliberation.meetings_per_year": "Occasions to deliberate → participation.",
    "deliberation.adoption_share": "Adopted results → efficacy → participation; formalities lower "
    "it.",
    "participation.public_share": "Seats for residents → deliberating.",
    "participation.youth_channel": "A channel for those under 35 → activities, speaking online.",
    "participation.online_platform": "Speaking online.",
}

WORDS = {"grid.screening": ("neighbour", "debt")}


@dataclass(frozen=True)
class Effect:
    """One outcome under one setting of a lever, beside the baseline on the same seeds."""

    difference: float
    low: float
    high: float
    pairs: int
    apart: int

    @property
    def clear(self) -> bool:
        """Whether the interval leaves out 0."""
        return self.low > 0.0 or self.high < 0.0


def settings_of(base: Scenario) -> Iterator[tuple[str, str, Any]]:
    """Each lever with what is done to it, and the value by division, or a word for all."""
    for name in PATHS:
        values = base.place.bases[name]
        divisions = base.place.divisions
        if name in WORDS:
            yield from ((name, word, word) for word in WORDS[name])
            continue
        if not values.any():
            changes = {"a half": np.full(len(values), 0.5), "1": np.ones(len(values))}
        else:
            most = LEVERS[name].high
            changes = {"halved": values / 2.0, "doubled": np.minimum(values * 2.0, most)}
        for what, changed in changes.items():
            by_division = dict(zip(divisions, map(float, changed), strict=True))
            yield name, what, {"default": float(changed[0]), "divisions": by_division}


def scenarios_of(base: Scenario, settings: dict[str, Any]) -> dict[tuple[str, str], Scenario]:
    """A scenario for each lever and change, laid over the base."""
    found = {}
    for number, (name, what, value) in enumerate(settings_of(base)):
        source = {"name": f"lever-{number}", "extends": BASE}
        found[name, what] = sim.load(source, settings | {f"policies.{name}": value})
    return found


def effect(baseline: np.ndarray, changed: np.ndarray) -> Effect:
    """The paired difference, and how many runs would show a difference of that size.

    `pairs` counts pairs on common luck, `apart` runs of each side with luck of their own, for an
    interval (95 %) that just leaves out 0.
    """
    difference = changed - baseline
    interval = t_interval(difference)
    size = abs(float(interval.mean))
    apart = np.sqrt(baseline.var(ddof=1) + changed.var(ddof=1))
    needed = replications_for([size, size], [float(interval.sd), apart], 0.05) if size else (0, 0)
    bounds = float(interval.mean), float(interval.low), float(interval.high)
    return Effect(*bounds, int(needed[0]), int(needed[1]))


def number(value: float, unit: str, signed: bool = True) -> str:
    """Shares in percentage points, the rest in their unit."""
    shown = value * 100.0 if unit == "share" else value
    return f"{shown:+.2f}" if signed else f"{shown:.1f}"


def main() -> None:
    """Run every lever and write the page."""
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("--replications", type=int, default=30)
    ask.add_argument("--scale", type=float, default=0.01)
    ask.add_argument("--years", type=float, default=3.0)
    given = ask.parse_args()
    settings = {"scale": given.scale, "time.years": given.years}
    base = sim.load(BASE, settings)
    changed = scenarios_of(base, settings)
    values = simulated([base, *changed.values()], given.replications)
    text = "".join(page(changed, values, given))
    PAGE.write_text(text, encoding="utf-8", newline="\n")
    print(PAGE)


def simulated(scenarios: list[Scenario], replications: int) -> dict[str, np.ndarray]:
    """Headline outcomes for everybody by scenario, shape (outcomes, replications)."""
    found: dict[str, list[list[float]]] = {scenario.name: [] for scenario in scenarios}
    at_once = cores()
    with Replicating(scenarios, 1) as running:
        for first in range(0, replications, at_once):
            numbers = range(first, min(first + at_once, replications))
            done = running.run(numbers)
            if done.failed():
                sys.exit(done.failed()[0].reason)
            for run in done.in_order(numbers):
                headline = run.headline()
                found[run.scenario].append([headline[name]["value"] for name in HEADLINES])
            done.runs.clear()  # memory does not grow with the replications
            print(f"{numbers.stop} of {replications}", file=sys.stderr)
    return {name: np.array(rows).T for name, rows in found.items()}


def page(
    changed: dict[tuple[str, str], Scenario],
    values: dict[str, np.ndarray],
    given: argparse.Namespace,
) -> Iterator[str]:
    """The page, piece by piece."""
    yield f"""# What moves what

Each lever of disputes, offices and taking part changed alone: halved and doubled, or raised to a
half and to 1 where it stands at 0 in Jincheng 2020; of a lever of words two are tried. What the
levers of place and society do stands in [responses](responses.md). Differences from the baseline
with their 95 % interval, mean of {given.replications} pairs at scale {given.scale:g} over
{given.years:g} years, on the same people and the same luck. Shares are in percentage points.
Intervals tell of luck alone, not of numbers that nobody has measured. **Bold**: the interval leaves
out 0; with {len(HEADLINES)} outcomes to a table, about one bold number in a table is chance.

The two last columns say how many runs would show the larger of the two differences: *pairs* on
common luck, and runs of *each* side if every run had luck of its own. Their ratio is what common
random numbers save.

Made by `python experiments/what_moves_what.py --replications {given.replications} --scale
{given.scale:g} --years {given.years:g}`, version {model_version()}.

"""
    for lever, path in PATHS.items():
        yield f"## `{lever}`\n\n{path}\n\n"
        yield from table(lever, changed, values)
        yield "\n"


def table(
    lever: str, changed: dict[tuple[str, str], Scenario], values: dict[str, np.ndarray]
) -> Iterator[str]:
    """One lever: a row an outcome."""
    changes = [(what, scenario) for (name, what), scenario in changed.items() if name == lever]
    heads = ["outcome", "baseline", *(what for what, _ in changes), "pairs", "each"]
    yield f"| {' | '.join(heads)} |\n|{'---|' * len(heads)}\n"
    for k, name in enumerate(HEADLINES):
        outcome = CATALOGUE[name]
        baseline = values[BASE][k]
        effects = [effect(baseline, values[scenario.name][k]) for _, scenario in changes]
        cells = [outcome.short_en, number(float(baseline.mean()), outcome.unit, signed=False)]
        cells += [shown(e, outcome.unit) for e in effects]
        largest = max(effects, key=lambda e: abs(e.difference))
        cells += [many(largest.pairs), many(largest.apart)] if largest.difference else ["–", "–"]
        yield f"| {' | '.join(cells)} |\n"


def shown(found: Effect, unit: str) -> str:
    """A difference with its interval."""
    if not found.low and not found.high:
        return "0"
    low, high = number(found.low, unit), number(found.high, unit)
    text = f"{number(found.difference, unit)} ({low} to {high})"
    return f"**{text}**" if found.clear else text


def many(count: int) -> str:
    """A number of runs; beyond a hundred thousand nobody will."""
    return f"{count:,}" if count < 100_000 else "> 100,000"


if __name__ == "__main__":
    main()
