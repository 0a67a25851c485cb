"""Writes docs/scale-and-step.md: what the scale and the length of the step change, and do not.

Usage: `python experiments/scale_and_step.py`. Baseline cities at three scales and with half steps,
then the question of mediators against grid subsidy by division at scale .05.
"""

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

import sim
from sim.analysis import compare
from sim.analysis.apart import apart
from sim.engine.replications import Replicated, Replicating
from sim.outcomes import CATALOGUE, HEADLINES
from sim.scenario import Scenario
from sim.store import model_version

PAGE = Path(__file__).parent.parent / "docs" / "scale-and-step.md"
PLACE = "jincheng-2020"
POLICIES = ("money-on-mediators", "money-on-subsidy")
FINEST = 0.05
RATES = (
    "disputes_opened_per_10k", *HEADLINES[:-1], "mediations_actual_per_10k",
    "mediations_recorded_per_10k", "court_cases_all_per_10k", "hotline_late_share",
    "days_to_resolution_median", "open_backlog_per_10k", "grievance_mean", "meeting_rate",
    "trust_community",
)  # fmt: skip
ANSWERS = ("unresolved_share", "late_share", "mediation_success_actual", "petitions_made_per_10k")


def main() -> None:
    """Run the cities and write the page."""
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("--replications", type=int, default=40, help="at .01; fewer at larger scales")
    ask.add_argument("--pairs", type=int, default=12, help="of whole and half steps, and policies")
    ask.add_argument("--years", type=float, default=2.0)
    given = ask.parse_args()
    text = "".join(page(given.replications, given.pairs, given.years))
    PAGE.write_text(text, encoding="utf-8", newline="\n")
    print(PAGE)


def page(replications: int, pairs: int, years: float) -> Iterator[str]:
    """The page, piece by piece, as it is measured."""
    yield f"""# Scale and step

A city is simulated at a scale: whole villages and urban grids are kept, with weights. It is
simulated in steps of a week; 3.5 days and 1 day are allowed too. Neither should change an answer.
Both tests below can fail: their bound holds for the difference *and* two standard errors of it.

Made by `python experiments/scale_and_step.py --replications {replications} --pairs {pairs} --years
{years:g}`, version {model_version()}; means over {years:g} years of Jincheng 2020, base levers.

"""
    yield from scales(replications, years)
    yield from steps(pairs, years)
    yield from divisions(pairs, years + 1.0)


def scales(replications: int, years: float) -> Iterator[str]:
    """Baseline cities at .01, .02 and .05."""
    values = {}
    for scale in (0.01, 0.02, FINEST):
        count = max(8, round(replications * 0.01 / scale))
        values[scale] = baseline(city(scale, years), count)
    counts = ", ".join(f"{v.shape[1]} at {scale:g}" for scale, v in values.items())
    yield f"""## Three scales

Cities with luck and people of their own: {counts}. Beside each mean how far it lies from that at
{FINEST:g}, with two standard errors of the difference added, relative to the mean: below 10 % every
rate counts as the same. **Bold** passes that bound, perhaps by the errors alone: `--replications`
makes them smaller.

"""
    yield "| outcome | at .05 | at .01 | apart at most | at .02 | apart at most |\n"
    yield "|---|---|---|---|---|---|\n"
    finest = values[FINEST]
    for k, name in enumerate(RATES):
        cells = [CATALOGUE[name].short_en, f"{finest[k].mean():.4g}"]
        for scale in (0.01, 0.02):
            moved = float(apart(values[scale][k], finest[k]))
            cells += [f"{values[scale][k].mean():.4g}", verdict(moved, 0.10)]
        yield f"| {' | '.join(cells)} |\n"
    yield "\n"


def steps(pairs: int, years: float) -> Iterator[str]:
    """The same cities with steps of a week and of half a week."""
    whole = baseline(city(0.02, years), pairs)
    half = baseline(city(0.02, years, step_days=3.5), pairs)
    yield f"""## Half steps

{pairs} cities at scale .02, each with steps of 7 days and of 3.5 days. Below 5 % a rate counts as
the same.

| outcome | 7 days | 3.5 days | apart at most |
|---|---|---|---|
"""
    for k, name in enumerate(RATES):
        moved = float(apart(half[k], whole[k], paired=True))
        means = f"{whole[k].mean():.4g} | {half[k].mean():.4g}"
        yield f"| {CATALOGUE[name].short_en} | {means} | {verdict(moved, 0.05)} |\n"
    yield "\n"


def divisions(pairs: int, years: float) -> Iterator[str]:
    """The same money on mediators or on the grid subsidy, by division, at scale .05."""
    settings = {"scale": FINEST, "time.years": years}
    scenarios = [sim.load(name, settings) for name in (PLACE, *POLICIES)]
    runs = simulated(scenarios, pairs)
    table = compare(runs.outcomes(), scenarios[0].name)
    yield f"""## An answer by division

The same 18 million yuan a year on mediators or on the grid subsidy: {pairs} pairs at scale
{FINEST:g} over {years:g} years. Difference from the baseline with its 95 % interval; shares in
percentage points. Every division has at least 2,000 simulated adults at this scale.

"""
    for scenario in scenarios[1:]:
        yield f"**{scenario.name}**\n\n"
        yield f"| division | {' | '.join(CATALOGUE[name].short_en for name in ANSWERS)} |\n"
        yield f"|{'---|' * (len(ANSWERS) + 1)}\n"
        rows = table[(table["scenario"] == scenario.name) & (table["by"] == "division")]
        for division in scenario.place.divisions:
            cells = [division]
            for name in ANSWERS:
                row = rows[(rows["group"] == division) & (rows["outcome"] == name)].iloc[0]
                factor = 100.0 if row["unit"] == "share" else 1.0
                low, high = row["low"] * factor, row["high"] * factor
                cells.append(f"{row['difference'] * factor:+.2f} ({low:+.2f} to {high:+.2f})")
            yield f"| {' | '.join(cells)} |\n"
        yield "\n"


def city(scale: float, years: float, step_days: float = 7.0) -> Scenario:
    """Jincheng 2020 at the base levers."""
    settings = {"scale": scale, "time.years": years, "time.step_days": step_days}
    return sim.load(PLACE, settings)


def simulated(scenarios: Sequence[Scenario], replications: int) -> Replicated:
    """These scenarios on common seeds."""

    def tell(done: int, total: int) -> None:
        print(f"{scenarios[0].scale:g}: {done} of {total}", file=sys.stderr)

    with Replicating(scenarios, 1) as running:
        return running.run(range(replications), tell)


def baseline(scenario: Scenario, replications: int) -> np.ndarray:
    """The rates of a scenario, shape (outcomes, replications)."""
    runs = simulated([scenario], replications).in_order()
    headlines = [run.headline() for run in runs]
    return np.array([[headline[name]["value"] for headline in headlines] for name in RATES])


def verdict(moved: float, bound: float) -> str:
    """In percent; bold where the bound is passed."""
    return f"{moved:.1%}" if moved < bound else f"**{moved:.1%}**"


if __name__ == "__main__":
    main()
