"""The tables and the figure of docs/questions/one-budget.md, from the runs of its sweep.

Usage, after `shiyu sweep` of experiments/one-budget.yaml or experiments/one-budget-paid.yaml:

    python experiments/one_budget.py [EXPERIMENT] [--out FOLDER] [--lang zh] [--figure NAME]

`shiyu compare experiments/one-budget.yaml` tells the effect of each lever and the best choices.
Here whole ways of spending stand side by side, each a paired difference on the same luck.
"""

import argparse
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from sim.analysis.compare import compare
from sim.analysis.design_runs import DesignRuns
from sim.findings.load import study_of
from sim.findings.words import outcome_meanings, outcome_names
from sim.report import paired_differences, save
from sim.report.numbers import change_words, estimate, level
from sim.store.atomic import write_bytes
from sim.text import language

FILE = Path(__file__).parent / "one-budget.yaml"
STAFF = "policies.mediation.staff_per_10k"
SUBSIDY = "policies.grid.subsidy_yuan_per_year.default"
FIRST = "policies.courts.prelitigation_share"
SHARING = "policies.coordination.data_sharing"

Ways = Mapping[str, Mapping[str, float]]

# How 20 million yuan a year are spent: each over all three shares of mediation before filing.
SPENT: Ways = {
    "as-it-is": {STAFF: 34.2, SUBSIDY: 0, SHARING: 0},
    "mediators": {STAFF: 72.16, SUBSIDY: 0, SHARING: 0},
    "subsidy": {STAFF: 34.2, SUBSIDY: 8640, SHARING: 0},
    "both": {STAFF: 53.18, SUBSIDY: 4320, SHARING: 0},
    "sharing-mediators": {STAFF: 62.67, SUBSIDY: 0, SHARING: 1},
    "sharing-subsidy": {STAFF: 34.2, SUBSIDY: 6480, SHARING: 1},
}
# Mediation before filing, over all ten ways of spending: it costs nothing in the budget.
FREE: Ways = {"first-30": {FIRST: 0.3}, "first-45": {FIRST: 0.45}, "first-60": {FIRST: 0.6}}
TITLES = {
    "as-it-is": {"en": "nothing more", "zh": "不增加"},
    "mediators": {"en": "all on mediators", "zh": "全部用于调解员"},
    "subsidy": {"en": "all on grid subsidy", "zh": "全部用于网格补贴"},
    "both": {"en": "half and half", "zh": "两者各半"},
    "sharing-mediators": {"en": "sharing, rest mediators", "zh": "数据共享，其余调解员"},
    "sharing-subsidy": {"en": "sharing, rest subsidy", "zh": "数据共享，其余补贴"},
    "first-30": {"en": "30 % mediated before filing", "zh": "诉前调解30%"},
    "first-45": {"en": "45 %", "zh": "45%"},
    "first-60": {"en": "60 %", "zh": "60%"},
}
DRAWN = ("mediators", "subsidy", "sharing-mediators", "sharing-subsidy")
DRAWN_OUTCOMES = (
    "unresolved_share",
    "unsettled_share",
    "escalation_share",
    "petitions_made_per_10k",
    "late_share",
    "hotline_late_share",
    "days_to_resolution_p90",
    "participation_rate",
)
# A few words of the page, of which the catalogue has none.
HEADS = {"en": "outcome", "zh": "指标"}
HEADING = {
    "en": "The same 20 million yuan a year, spent in four ways",
    "zh": "同样每年2000万元，四种花法",
}
AGAINST = {"en": "Differences from “{name}”", "zh": "与“{name}”之差"}


def rows_of(runs: DesignRuns, ways: Ways) -> pd.DataFrame:
    """The means of each way over the points that share its settings, one row a seed and outcome.

    Columns scenario, seed, outcome, by, group, value and unit, as `compare` reads them.
    """
    meanings = outcome_meanings()
    rows = []
    for way, settings in ways.items():
        inside = np.ones(len(runs.points), dtype=bool)
        for key, value in settings.items():
            inside &= np.isclose(runs.factors[key].to_numpy(float), value)
        if not inside.any():
            raise ValueError(f"no point of the design is {way}")
        for outcome, values in runs.values.items():
            for seed, value in zip(runs.seeds, values[inside].mean(axis=0), strict=True):
                unit = str(meanings[outcome]["unit"])
                rows.append((way, seed, outcome, None, None, float(value), unit))
    heads = ["scenario", "seed", "outcome", "by", "group", "value", "unit"]
    return pd.DataFrame(rows, columns=heads)


def table_of(found: pd.DataFrame, base: str, outcomes: Sequence[str], lang: str) -> str:
    """Differences as a table of Markdown: an outcome a line, a way a column."""
    names = outcome_names(lang)
    ways = list(dict.fromkeys(found["scenario"]))
    by = {(row["scenario"], row["outcome"]): row for row in found.to_dict("records")}
    lines = [[HEADS[lang], TITLES[base][lang], *(TITLES[way][lang] for way in ways)]]
    lines.append(["---"] * len(lines[0]))
    for outcome in outcomes:
        first = by[ways[0], outcome]
        unit = first["unit"]
        half = (first["high"] - first["low"]) / 2
        cells = [names.outcome(outcome), level(first["baseline_mean"], unit, half, lang)]
        for way in ways:
            row = by[way, outcome]
            told = estimate(row["difference"], row["low"], row["high"], unit, lang)
            sure = row["distinguishable"] and not row["negligible"]
            cells.append(f"**{told}**" if sure else told)
        if change_words(unit, lang) != unit:
            cells[0] += f" ({change_words(unit, lang)})" if lang == "en" else ""
        lines.append(cells)
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def main() -> None:
    """Print the tables; write the figure where one is asked for."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("experiment", nargs="?", type=Path, default=FILE)
    parser.add_argument("--out", type=Path, help="the folder of the sweep's store")
    parser.add_argument("--lang", choices=("en", "zh"))
    parser.add_argument("--figure", type=Path, help="where to write the figure, without ending")
    asked = parser.parse_args()
    lang = language(asked.lang)
    study = study_of(asked.experiment, asked.out)
    runs = study.runs(study.outcomes)
    if runs.lacking:
        parser.error(f"{len(runs.lacking)} runs of the sweep are not there: {runs.lacking[0]}")
    spent = rows_of(runs, SPENT)
    same_money = spent[spent["scenario"] != "as-it-is"]
    tables = [(spent, "as-it-is"), (same_money, "mediators")]
    if FIRST in study.factors:
        tables.append((rows_of(runs, FREE), "first-30"))
    for frame, base in tables:
        print(AGAINST[lang].format(name=TITLES[base][lang]), end="\n\n")
        print(table_of(compare(frame, base), base, study.outcomes, lang), end="\n\n")
    if asked.figure:
        shown = spent[spent["scenario"].isin(("as-it-is", *DRAWN))]
        figure = paired_differences(
            compare(shown, "as-it-is"),
            lang,
            baseline="as-it-is",
            scenarios={name: {"title": TITLES[name]} for name in ("as-it-is", *DRAWN)},
            meanings=outcome_meanings(),
            outcomes=DRAWN_OUTCOMES,
            title=HEADING[lang],
        )
        save(figure, asked.figure, write_bytes)


if __name__ == "__main__":
    main()
