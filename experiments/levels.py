"""Writes docs/levels.md: what a baseline year shows beside what it should show.

Usage: `python experiments/levels.py --replications 20 --scale 0.02`.
"""

import argparse
from pathlib import Path

import numpy as np

from sim.analysis.intervals import t_interval
from sim.verify.levels import LEVELS, levels_of

PAGE = Path(__file__).parent.parent / "docs" / "levels.md"
HEAD = """# Levels of a baseline year

What a year of Jincheng 2020 shows at the base levers, beside what it should show. **Input** rows
are numbers that the model is given, **fitted** rows those for which a constant was solved, and
**emergent** rows are set by nobody: only they say something about the model. Rates are per 10,000
residents a year. The interval is that of the mean over {n} replications (95 %, luck alone) at scale
{scale:g}, {years:g} years each.

Made by `python experiments/levels.py --replications {n} --scale {scale:g} --years {years:g}`.

| row | what | kind | should be | is | 95 % interval | off by |
|---|---|---|---|---|---|---|
"""


def main() -> None:
    """Run the baseline and write the page."""
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("--replications", type=int, default=20)
    ask.add_argument("--scale", type=float, default=0.02)
    ask.add_argument("--years", type=float, default=3.0)
    given = ask.parse_args()
    values = levels_of(given.scale, given.years, range(1, given.replications + 1))
    lines = [HEAD.format(n=given.replications, scale=given.scale, years=given.years)]
    for k, level in enumerate(LEVELS):
        mean = float(values[:, k].mean())
        half = float(t_half(values[:, k]))
        off = mean / level.expected - 1.0
        digits = 3 if level.expected < 2 else 1
        lines.append(
            f"| {level.row} | {level.text} | {level.kind} | {level.expected:g} | {mean:.{digits}f} "
            f"| {mean - half:.{digits}f} to {mean + half:.{digits}f} | {off:+.1%} |\n"
        )
    PAGE.write_text("".join(lines), encoding="utf-8")
    print("".join(lines))


def t_half(values: np.ndarray) -> float:
    """Half the width of the 95 % t interval of the mean."""
    interval = t_interval(values)
    return (interval.high - interval.low) / 2.0


if __name__ == "__main__":
    main()
