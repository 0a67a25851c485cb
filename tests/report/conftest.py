"""A small comparison with made-up numbers: two policies, three outcomes, eight seeds."""

from typing import Any

import numpy as np
import pandas as pd
import pytest

from sim.analysis import compare
from sim.report.html import page

RATE = "per 10,000 residents a year"
EFFECTS = {  # baseline, and what each policy adds
    "escalation_share": (0.18, -0.05, 0.0001),
    "petitions_recorded_per_10k": (31.0, -0.5, -9.0),
    "petitions_prevented_per_10k": (3.0, 0.0, 9.0),
}
SEEDS = range(8)
GROUPS = ((None, None), ("kind", "urban"), ("kind", "rural"), ("division", "chengqu"))
SCENARIOS: dict[str, Any] = {
    "base": {
        "title": {"en": "As it is", "zh": "维持现状"},
        "why": {"en": "Today.", "zh": "今天。"},
    },
    "mediators": {
        "title": {"en": "More mediators", "zh": "增配调解员"},
        "why": {"en": "Do they help?", "zh": "有用吗？"},
    },
    "zero": {
        "title": {"en": "Target <zero> & more", "zh": "指标<清零>"},
        "why": {"en": "What follows?", "zh": "会怎样？"},
    },
}
OUTCOMES: dict[str, Any] = {
    "escalation_share": {
        "unit": "share",
        "meaning": {"en": "Cases that went on to court", "zh": "走到法院的案件"},
        "short": {"en": "Escalated", "zh": "升级比重"},
        "good": "lower",
    },
    "petitions_recorded_per_10k": {
        "unit": RATE,
        "meaning": {"en": "Petitions in the register", "zh": "登记的信访"},
        "short": {"en": "Petitions recorded", "zh": "登记信访"},
        "good": "none",
    },
    "petitions_prevented_per_10k": {
        "unit": RATE,
        "meaning": {"en": "Petitions kept out of it", "zh": "被阻止登记的信访"},
        "short": {"en": "Petitions prevented", "zh": "被阻信访"},
        "good": "lower",
    },
}


def runs() -> pd.DataFrame:
    """One row per scenario, seed, outcome and group; a policy adds its effect and a little luck."""
    draws = np.random.default_rng(1)
    rows = []
    for outcome, (level, *effects) in EFFECTS.items():
        for by, group in GROUPS:
            luck = draws.normal(0, level * 0.02, len(SEEDS))
            for name, effect in zip(SCENARIOS, (0.0, *effects), strict=True):
                own = draws.normal(0, level * 0.002, len(SEEDS)) * (name != "base")
                rows += [
                    {
                        "scenario": name,
                        "seed": seed,
                        "outcome": outcome,
                        "by": by,
                        "group": group,
                        "value": level + luck[seed] + own[seed] + effect,
                        "unit": OUTCOMES[outcome]["unit"],
                    }
                    for seed in SEEDS
                ]
    return pd.DataFrame(rows)


def courses() -> pd.DataFrame:
    """Two years of weeks; from the first week each policy's effect is there in full."""
    draws = np.random.default_rng(2)
    dates = pd.date_range("2020-01-01", periods=104, freq="7D")
    parts = []
    for outcome, (level, *effects) in EFFECTS.items():
        luck = draws.normal(0, level * 0.02, (len(dates), len(SEEDS)))
        for name, effect in zip(SCENARIOS, (0.0, *effects), strict=True):
            wide = pd.DataFrame(level + luck + effect, index=dates, columns=list(SEEDS))
            part = wide.rename_axis("date").reset_index().melt("date", var_name="seed")
            parts.append(part.assign(scenario=name, outcome=outcome))
    return pd.concat(parts, ignore_index=True)


@pytest.fixture(scope="session")
def table() -> pd.DataFrame:
    return compare(runs(), "base")


@pytest.fixture(scope="session")
def trajectory() -> pd.DataFrame:
    return courses()


@pytest.fixture(scope="session")
def titles() -> dict[str, Any]:
    """The names that every figure takes."""
    return {"baseline": "base", "scenarios": SCENARIOS, "meanings": OUTCOMES}


def a_comparison(table: pd.DataFrame) -> dict[str, Any]:
    """What a report can be given, less the courses over time, which take long to draw."""
    return {
        "baseline": "base",
        "differences": table,
        "scenarios": SCENARIOS,
        "outcomes": OUTCOMES,
        "groups": {"division": {"chengqu": {"en": "City district", "zh": "城区"}}},
        "assumed": [
            {"name": "a.b", "unit": "1/year", "value": 0.00005, "low": 0, "high": 3, "source": "x"}
        ],
        "command": "shiyu compare base mediators zero --reps 8",
        "seeds": list(SEEDS),
        "provenance": {"version": "0.1.0", "platform": "any"},
    }


@pytest.fixture
def comparison(table: pd.DataFrame) -> dict[str, Any]:
    """A comparison that a test may change."""
    return a_comparison(table)


@pytest.fixture(scope="session")
def plain(table: pd.DataFrame) -> dict[str, str]:
    """A page of the made-up comparison as it is, by language."""
    return {lang: page(a_comparison(table), lang) for lang in ("en", "zh")}
