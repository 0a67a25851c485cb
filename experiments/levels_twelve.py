"""Levels of Jincheng 2020 with all mechanisms beside those with the twelve of the core.

The same seeds, people and years in one process; only the list of mechanisms differs. Writes a page
with `--page`:

    python experiments/levels_twelve.py --reps 10 --page docs/levels-twelve.md
"""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from sim.analysis.intervals import t_interval
from sim.engine.build import warm
from sim.engine.load import load
from sim.engine.order import WEEK
from sim.evidence.judging import FAILS, HOLDS, OPEN
from sim.evidence.known import CORE
from sim.evidence.levels import LEVELS, Level
from sim.evidence.observed import observe
from sim.evidence.paired import BASE, Task, each_seed
from sim.evidence.writing import markdown, number
from sim.text import say

WITHIN = 0.05
TWELVE = tuple(kind.name for kind in WEEK if kind.name in CORE)
HEADS = ("row", "what", "kind", "with twelve", "with all", "ratio", "95 % interval", "within 5 %")
SAID = {HOLDS: "yes", FAILS: "no", OPEN: "cannot be told from so few runs"}
BECAUSE = """
Rows that cannot be told count few events: at scale .02 specialised rooms and townships get some
fifty or ninety cases a year, petitions settle about twenty, communities run out of time in a
handful, and in the two cities of a pair other people come and go, so that such counts differ by
luck. More seeds would tell. All constants are the same in
both. Why a row differs that is told from 1 was not looked into row by row."""


@dataclass(frozen=True)
class Row:
    """A level under the twelve and under all, and how far its ratio is known."""

    level: Level
    twelve: float
    everything: float
    ratio: float
    low: float
    high: float

    @property
    def is_told_from_one(self) -> bool:
        """Whether the interval leaves out 1: the other mechanisms do move the level."""
        return self.low > 1.0 or self.high < 1.0

    @property
    def verdict(self) -> str:
        """Whether the ratio lies within 5 % of 1, beyond it, or cannot be told."""
        if self.low > 1.0 + WITHIN or self.high < 1.0 - WITHIN:
            return FAILS
        return HOLDS if self.low >= 1.0 - WITHIN and self.high <= 1.0 + WITHIN else OPEN


def run_seed(task: Task) -> np.ndarray:
    """The levels of one seed under the twelve and under all, shape (2, levels)."""
    found = []
    for chosen in ({"mechanisms": list(TWELVE)}, {}):
        scenario = load(BASE, dict(task.settings) | chosen)
        whole = observe(warm(scenario, task.seed), scenario)[0]
        found.append([level.read(whole)[0] for level in LEVELS])
    return np.array(found)


def rows_of(values: np.ndarray) -> list[Row]:
    """A row a level, from values of shape (replications, 2, levels), paired by seed.

    Differences are told relative to the mean under the twelve: a mean of ratios would be too high.
    """
    means = values.mean(axis=0)
    differences = (values[:, 1] - values[:, 0]) / np.where(means[0] == 0.0, np.nan, means[0])
    interval = t_interval(differences.T)
    ends = 1.0 + np.stack([interval.mean, interval.low, interval.high])
    columns = zip(LEVELS, *means.tolist(), *ends.tolist(), strict=True)
    return [Row(*column) for column in columns]


def cells(row: Row) -> list[str]:
    """A row of the table."""
    like = row.level.expected
    return [
        row.level.row,
        say(f"evidence.level.{row.level.slug}", "en"),
        say(f"evidence.kind.{row.level.kind}", "en"),
        number(row.twelve, like),
        number(row.everything, like),
        f"{row.ratio:.3f}",
        f"{row.low:.3f} … {row.high:.3f}",
        SAID[row.verdict],
    ]


def page(rows: Sequence[Row], command: str, settings: dict[str, float], replications: int) -> str:
    """The page, Markdown; what is known of rows beyond 5 % stands under the table."""
    count = {verdict: sum(row.verdict == verdict for row in rows) for verdict in SAID}
    listed = ", ".join(f"`{name}`" for name in TWELVE)
    moved = "; ".join(
        f"{row.level.row} {say(f'evidence.level.{row.level.slug}', 'en')} {row.ratio - 1.0:+.1%}"
        for row in rows
        if row.is_told_from_one
    )
    return (
        f"""# Levels with twelve mechanisms and with all

The levels of a baseline year ([the list](levels.md)) with the {len(TWELVE)} mechanisms of the core
alone ({listed}) and with all {len(WEEK)}, on the same seeds.

Made by `{command}`: {replications} replications at scale {settings["scale"]:g} over
{settings["time.years"]:g} years. The ratio is that of the means, its interval (95 %, luck alone)
that of the paired differences. Of {len(rows)} rows {count[HOLDS]} lie within 5 % with the whole
interval, {count[FAILS]} beyond it with the whole interval, and of {count[OPEN]} so few runs cannot
tell.

{markdown(HEADS, [cells(row) for row in rows])}

Told from 1 beyond that luck, by however little (of so many rows two or three would be by chance):
{moved or "none"}.

{BECAUSE.strip()}
""".rstrip("\n")
        + "\n"
    )


def main() -> None:
    """Run, print the table, write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reps", type=int, default=10)
    parser.add_argument("--scale", type=float, default=0.02)
    parser.add_argument("--years", type=float, default=5.0)
    parser.add_argument("--page", type=Path)
    given = parser.parse_args()
    settings = {"scale": given.scale, "time.years": given.years}
    told = lambda done, of: print(f"{done} of {of} seeds", flush=True)  # noqa: E731
    found = each_seed(run_seed, settings, given.reps, 1, told)
    rows = rows_of(np.array(found))
    command = f"python experiments/levels_twelve.py --reps {given.reps}"
    command += f" --scale {given.scale:g}" if given.scale != 0.02 else ""
    command += f" --years {given.years:g}" if given.years != 5.0 else ""
    print(markdown(HEADS, [cells(row) for row in rows]))
    if given.page:
        text = page(rows, f"{command} --page {given.page.as_posix()}", settings, given.reps)
        given.page.write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
