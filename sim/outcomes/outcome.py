"""An outcome: one number of a run with unit, meaning in both languages, and one formula."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from sim.outcomes.window import Window, ratio

Formula = Callable[[Window], np.ndarray]


@dataclass(frozen=True)
class Outcome:
    """`formula` gives the value for every group of the window at once.

    `good` says which direction most people would welcome ("lower", "higher" or "none"): it colours
    a figure, it is no judgement of a policy. `weekly` outcomes also have a curve; its formula looks
    at people as they are (`of_people`), or else at what happened, and is `curve` where a quarter
    asks for another one than a whole run. `headline` ones lead tables and figures.
    """

    name: str
    unit: str
    en: str
    zh: str
    short_en: str
    short_zh: str
    formula: Formula
    good: str = "none"
    weekly: bool = False
    of_people: bool = False
    headline: bool = False
    curve: Formula | None = None

    @property
    def called(self) -> tuple[str, ...]:
        """Its names and meanings in both languages, by which people look for it."""
        return self.short_en, self.short_zh, self.en, self.zh


RATE = "per 10,000 residents a year"
SHARE = "share"
DAYS = "days"


def rate_of(flow: str) -> Formula:
    """How often this happened, per 10,000 residents a year."""
    return lambda w: w.per_10k(w.flow(flow))


def share_of(part: str, whole: str) -> Formula:
    """How many of one count there were to one of the other; undefined where there was none."""
    return lambda w: ratio(w.flow(part), w.flow(whole))
