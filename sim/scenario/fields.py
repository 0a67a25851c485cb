"""Checks the parts of a scenario that are not policies or parameters: names, time, lists, files."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from sim.scenario import wording
from sim.scenario.checks import Checks
from sim.scenario.find import is_reserved, is_slug
from sim.scenario.locate import trouble_with
from sim.scenario.node import Node

STEP_DAYS = (1.0, 3.5, 7.0)
LONGEST_YEARS = 100.0
DAYS_PER_YEAR = 365.25
SMALLEST_SCALE = 0.005  # below it a city has too few units; a tiny place may state a lower one
LANGUAGES = ("en", "zh")
GRAPH_SUFFIXES = (".graphml", ".edgelist", ".edges", ".txt", ".tsv", ".csv")
_WIDE = "[\u3001-\u9fff\uff01-\uffef]"
_GAP = re.compile(f"(?<={_WIDE}) (?={_WIDE})")

Texts = dict[str, str]


@dataclass(frozen=True)
class Time:
    """When a run starts, how long it lasts and how long a step is."""

    start: date
    years: float
    step_days: float

    @property
    def last_day(self) -> date:
        """The last day that a run reaches."""
        return self.start + timedelta(days=max(0, int(self._steps * self.step_days) - 1))

    @property
    def last_step(self) -> date:
        """The day on which the last step begins; a lever that is set later never holds."""
        return self.start + timedelta(days=int((self._steps - 1) * self.step_days))

    @property
    def _steps(self) -> int:
        return max(1, round(self.years * DAYS_PER_YEAR / self.step_days))


def slug(node: Node, checks: Checks) -> str | None:
    """A scenario's name, which may become a folder's name but never a path."""
    written = checks.text(node, "name")
    if written is None:
        return None
    if is_reserved(written):
        checks.refuse(node, "name", wording.RESERVED.format(written=written))
        return None
    if is_slug(written):
        return written
    words = wording.BAD_SLUG.format(written=wording.short(written))
    checks.refuse(node, "name", words, wording.SLUG)
    return None


def texts(node: Node, key: str, checks: Checks) -> Texts | None:
    """A text in both languages; one text alone serves for both."""
    if not isinstance(node.value, dict):
        written = checks.text(node, key)
        return None if written is None else dict.fromkeys(LANGUAGES, _tidy(written))
    found: Texts = {}
    for language, child in checks.entries(node, key, LANGUAGES).items():
        written = checks.text(child, f"{key}.{language}")
        if written is not None:
            found[language] = _tidy(written)
    if not node.value:
        checks.refuse(node, key, wording.EMPTY, wording.LEAVE_OUT)
    if not found:
        return None
    only = next(iter(found.values()))
    return {language: found.get(language, only) for language in LANGUAGES}


def time(node: Node, checks: Checks, *, whole: bool) -> Time | None:
    """Start, length and step; `whole` tells that no parent is missing that might give the start."""
    entries = checks.entries(node, "time", ("start", "years", "step_days"))
    start, years, step = None, 5.0, 7.0
    if "start" in entries:
        start = checks.day(entries["start"], "time.start")
    elif whole and isinstance(node.value, dict):
        checks.refuse(node, "time.start", wording.MISSING)
    if "years" in entries:
        given = checks.within(entries["years"], "time.years", 0.0, LONGEST_YEARS, "years")
        if given is None:
            return None
        years = given
    if "step_days" in entries:
        value = checks.number(entries["step_days"], "time.step_days")
        if value is None or value not in STEP_DAYS:
            names = ", ".join(map(wording.shown, STEP_DAYS))
            if value is not None:
                words = wording.NO_CHOICE.format(written=wording.shown(value))
                allowed = wording.ALLOWED.format(names=names)
                checks.refuse(entries["step_days"], "time.step_days", words, allowed)
            return None
        step = value
    if years * DAYS_PER_YEAR < step:
        words = wording.TOO_SHORT.format(years=wording.shown(years), days=wording.shown(step))
        checks.refuse(entries.get("years", node), "time.years", words)
    return None if start is None else Time(start, years, step)


def scale(node: Node, smallest: float | None, checks: Checks) -> float | None:
    """The share of the place's units that is simulated; None as floor means: not known."""
    value = checks.number(node, "scale")
    if value is None:
        return None
    low = SMALLEST_SCALE if smallest is None else smallest
    written, least = wording.shown(value), wording.shown(low)
    if value <= 0 or (smallest is not None and value < smallest):
        trouble = wording.BELOW.format(written=written, bound=least)
    elif value > 1:
        trouble = wording.ABOVE.format(written=written, bound=1)
    else:
        return value
    bounds = wording.RANGE if low == SMALLEST_SCALE else wording.RANGE_OF_PLACE
    checks.refuse(node, "scale", trouble, bounds.format(low=least, high=1, unit="share"))
    return None


def graph(node: Node, checks: Checks) -> Path | None:
    """The file of a social graph that the scenario brings."""
    written = checks.text(node, "graph")
    if written is None:
        return None
    path = node.spot.source.folder / written
    name = wording.short(written)
    if path.suffix.lower() not in GRAPH_SUFFIXES:
        allowed = wording.ALLOWED.format(names=", ".join(GRAPH_SUFFIXES))
        checks.refuse(node, "graph", wording.GRAPH_KIND.format(written=name), allowed)
    else:
        trouble = trouble_with(path, written)
        if not trouble:
            return path.absolute()
        checks.refuse(node, "graph", trouble)
    return None


def _tidy(written: str) -> str:
    """Text on one line; lines of Chinese are joined without a gap."""
    return _GAP.sub("", " ".join(written.split()))
