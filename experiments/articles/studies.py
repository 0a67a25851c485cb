"""A study of an article: its file, its runs as values by variant, and what its claims come to.

The docstring of study.py tells what a study file holds.
"""

import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from ruamel.yaml import YAML

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from study_runs import Kept, kept  # noqa: E402

from sim.analysis.intervals import t_interval  # noqa: E402
from sim.cli.console import progress  # noqa: E402
from sim.engine.compare import compared  # noqa: E402
from sim.engine.pairs import load_all  # noqa: E402
from sim.engine.plan import Plan  # noqa: E402
from sim.outcomes import CATALOGUE  # noqa: E402
from sim.scenario.written import nested  # noqa: E402
from sim.text import say  # noqa: E402
from sim.world.place import load_place  # noqa: E402

RESULTS = ROOT / "results" / "articles"
GROUP = {"en": "{outcome} ({group})", "zh": "{outcome}（{group}）"}
YEAR = {"en": "year {year}", "zh": "第{year}年"}


@dataclass(frozen=True)
class Wanted:
    """One outcome of a study, for everybody or for a group (a division, a class, a year)."""

    outcome: str
    by: str | None = None
    group: str | None = None
    words: Mapping[str, str] | None = field(default=None, compare=False)

    @property
    def unit(self) -> str:
        """Its unit as the model spells it."""
        return CATALOGUE[self.outcome].unit

    def told(self, lang: str) -> str:
        """What it is, in words."""
        facts = CATALOGUE[self.outcome]
        told = (self.words or {"en": facts.en, "zh": facts.zh})[lang]
        if not self.by:
            return told
        year = YEAR[lang].format(year=self.group)
        group = year if self.by == "year" else self.names[lang]
        return GROUP[lang].format(outcome=told, group=group)

    @property
    def names(self) -> Mapping[str, str]:
        """The name of the group in both languages."""
        place = load_place("jincheng-2020")
        if self.by == "division":
            titles: Mapping[str, str] = place.division_titles[place.divisions.index(self.group)]
            return titles
        return {lang: say(f"report.group.{self.by}.{self.group}", lang) for lang in ("en", "zh")}


@dataclass(frozen=True)
class Study:
    """A study file and, by variant and wanted outcome, the values by replication."""

    number: str
    given: Mapping[str, Any]
    titles: Mapping[str, Mapping[str, str]]  # variant -> language -> title
    values: Mapping[tuple[str, Wanted], np.ndarray]
    kept: Kept | None = None

    @property
    def against(self) -> str:
        """The variant that the others are compared with."""
        return str(self.given.get("against", next(iter(self.titles))))

    @property
    def wanted(self) -> list[Wanted]:
        """The outcomes asked for, in their order."""
        return [wanted(entry) for entry in self.given["outcomes"]]


def run(file: Path, workers: int | None) -> Study:
    """Run (or read) every variant of a study."""
    given = YAML(typ="safe").load(file.read_text(encoding="utf-8"))
    scenarios = load_all(variants(given), given.get("settings", {}))
    plan = Plan(given["replications"], given.get("seed", 1), workers)
    with progress(file.stem) as told:
        found = compared(scenarios, plan, out=RESULTS / file.stem, progress=told)
    if found.failures:
        raise SystemExit(f"{file.stem}: {found.failures[0].reason}")
    frame = found.runs.outcomes()
    titles = {s.name: dict(s.title) for s in scenarios}
    if "base_title" in given:
        titles[scenarios[0].name] = given["base_title"]
    values = {
        (s.name, each): column(frame, s.name, each)
        for s in scenarios
        for each in [
            *map(wanted, given["outcomes"]),
            *map(wanted, given.get("claims", [])),
            *(beside(claim) for claim in given.get("claims", []) if "above_outcome" in claim),
        ]
    }
    folder = (RESULTS / file.stem).relative_to(ROOT).as_posix()
    return Study(file.stem, given, titles, values, kept(folder, titles, found.runs.in_order()))


def variants(given: Mapping[str, Any]) -> list[Any]:
    """The scenarios of a study: the one that it names, then the others, which extend it."""
    base = given["scenario"]
    return [base] + [
        {"extends": base, "name": v["name"], "title": v["title"], **nested(v["settings"])}
        for v in given.get("variants", [])
    ]


def wanted(entry: str | Mapping[str, Any]) -> Wanted:
    """An entry of `outcomes` or of `claims`."""
    if isinstance(entry, str):
        return Wanted(entry)
    group = entry.get("group")
    group = None if group is None else str(group)
    return Wanted(entry["outcome"], entry.get("by"), group, entry.get("title"))


def beside(claim: Mapping[str, Any]) -> Wanted:
    """The other outcome of a claim that sets two outcomes of a variant side by side."""
    return wanted({**claim, "outcome": claim["above_outcome"]})


def column(frame: pd.DataFrame, scenario: str, each: Wanted) -> np.ndarray:
    """The values of an outcome in a variant, by replication in the order of seeds."""
    here = (frame["scenario"] == scenario) & (frame["outcome"] == each.outcome)
    if each.by is None:
        here &= frame["by"].isna()
    else:
        here &= (frame["by"] == each.by) & (frame["group"].astype(str) == each.group)
    rows = frame[here].sort_values("seed")
    if rows.empty:
        raise SystemExit(f"{scenario}: no value of {each}")
    return rows["value"].to_numpy(float, na_value=np.nan)


def interval_of(values: np.ndarray) -> tuple[float, float, float]:
    """Mean, low and high of one row of values."""
    interval = t_interval(values[None])
    return float(interval.mean[0]), float(interval.low[0]), float(interval.high[0])


def told_of(study: Study, claim: Mapping[str, Any]) -> np.ndarray:
    """What a claim is about, by replication: an outcome, or a difference."""
    base = next(iter(study.titles))

    def values(variant: str, each: Wanted = wanted(claim)) -> np.ndarray:  # noqa: B008
        return study.values[base if variant == "base" else variant, each]

    if "above_outcome" in claim:
        return values(claim["of"]) - values(claim["of"], beside(claim))
    if "of" in claim:
        return values(claim["of"])
    if isinstance(claim["than"], str):
        return values(claim["more"]) - values(claim["than"])
    start = values(study.against)
    return values(claim["more"]) - start - sum(values(part) - start for part in claim["than"])


def judged(study: Study, claim: Mapping[str, Any]) -> tuple[str, tuple[float, float, float]]:
    """Whether a claim holds, fails or stays open, and the paired difference that says so."""
    mean, low, high = interval_of(told_of(study, claim))
    if "below" in claim:
        inside, outside = high < claim["below"], low >= claim["below"]
    elif "near" in claim:
        reach = float(claim["near"])
        inside, outside = low > -reach and high < reach, low > reach or high < -reach
    elif claim.get("differs"):
        inside, outside = low > 0.0 or high < 0.0, False
    else:
        edge = float(claim.get("above", claim.get("by_at_least", 0.0)))
        inside, outside = low > edge, high <= edge
    verdict = "true" if inside else "false" if outside else "open"
    return verdict, (mean, low, high)
