"""Answers the question of an article: runs its variants on common random numbers, writes its pages.

Usage: `python experiments/articles/study.py 04` (or several names, or `all`). The runs are kept
in results/articles/NN-name, so that a second call computes only what is missing. The pages are
docs/articles/NN-name.md and NN-name.zh.md; every number in them comes from the stored runs. The
list of studies follows.

A study is a YAML file beside this one, NN-name.yaml:

    scenario: 04-metropolitan         # the first variant: a scenario of scenarios/articles
    title: {en: ..., zh: ...}
    question, setup, answer, not_shown: {en: ..., zh: ...}
    replications: 10
    settings: {scale: 0.01}           # laid over every variant
    variants:                         # the others: settings laid over the first one
      - {name: council, title: {en: ..., zh: ...}, settings: {policies.metropolitan.form: council}}
    outcomes: [...]                   # names, or {outcome: NAME, by: division, group: chengqu},
                                      # with `title` where the outcome's own words do not do
    claims:                           # what would be wrong otherwise: judged from the paired runs
      - {text: {en: ..., zh: ...}, outcome: NAME, more: council, than: fragmented}

A claim says that an outcome is higher (`more`) in one variant than (`than`) in another; with
`by_at_least: X` by that much, with `near: X` that they differ by less than X. `base` is the first
variant. With `than: [a, b]` variant `more` changes the outcome by more than a and b together;
`differs: true` asks for a difference of either sign. With `of: VARIANT` a claim is about an outcome
itself: `below: X`, `above: X`, or `above_outcome: NAME` of the same variant. Changes and the
differences in the tables are against the first variant, unless `against` names another one. Numbers
that come from runs stand in the tables only, so that no sentence can go stale: `answer` says in
words what the tables show.
"""

import argparse
import os
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

from sim.analysis.intervals import t_interval  # noqa: E402
from sim.cli.console import progress  # noqa: E402
from sim.engine.compare import compared, load_all  # noqa: E402
from sim.engine.plan import Plan  # noqa: E402
from sim.outcomes import CATALOGUE  # noqa: E402
from sim.report.numbers import (  # noqa: E402
    change_scale,
    change_words,
    estimate,
    joined,
    scale_words,
    unit_words,
)
from sim.report.style import save  # noqa: E402
from sim.report.variants import Panel, variants_figure  # noqa: E402
from sim.scenario.written import nested  # noqa: E402
from sim.text import say  # noqa: E402
from sim.world.place import load_place  # noqa: E402

HERE = Path(__file__).parent
PAGES = ROOT / "docs" / "articles"
IMAGES = ROOT / "docs" / "images" / "articles"
RESULTS = ROOT / "results" / "articles"
WORDS = {
    "en": {
        "question": "The question",
        "setup": "The set-up",
        "result": "The result",
        "claims": "What would be wrong otherwise",
        "not_shown": "What it does not show",
        "again": "To get this page again",
        "variant": "variant",
        "year": "year {year}",
        "group": "{outcome} ({group})",
        "difference": "difference from: {variant}, {scale}",
        "verdict": "{text} **{verdict}**: {numbers}",
        "interval": "Means of {n} replications on common random numbers, with the 95 % interval; "
        "the difference is paired. Intervals hold the Monte Carlo error only: not what is unknown "
        "about the parameters, of which many are assumed.",
        "true": "holds",
        "false": "FAILS",
        "open": "open: too few runs to tell",
        "other": "中文",
        "scenario": "Scenario `{scenario}`; laid over every variant: {settings}.",
    },
    "zh": {
        "question": "问题",
        "setup": "设定",
        "result": "结果",
        "claims": "若不如此则模型有误",
        "not_shown": "没有说明什么",
        "again": "重新生成本页",
        "variant": "方案",
        "year": "第{year}年",
        "group": "{outcome}（{group}）",
        "difference": "与“{variant}”之差，{scale}",
        "verdict": "{text}**{verdict}**：{numbers}",
        "interval": "{n}次重复的均值（共同随机数）及95%区间；差值为成对之差。"
        "区间只含蒙特卡洛误差，不含参数本身的不确定性，其中许多参数是假定值。",
        "true": "成立",
        "false": "不成立",
        "open": "未定：运行次数太少",
        "other": "English",
        "scenario": "情景 `{scenario}`；各方案共同的设定：{settings}。",
    },
}


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
        year = WORDS[lang]["year"].format(year=self.group)
        group = year if self.by == "year" else self.names[lang]
        return WORDS[lang]["group"].format(outcome=told, group=group)

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

    @property
    def against(self) -> str:
        """The variant that the others are compared with."""
        return str(self.given.get("against", next(iter(self.titles))))

    @property
    def wanted(self) -> list[Wanted]:
        """The outcomes asked for, in their order."""
        return [wanted(entry) for entry in self.given["outcomes"]]


def main() -> None:
    """Run the studies asked for and write their pages."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("studies", nargs="+", metavar="NN", help="how its name begins, or all")
    parser.add_argument("--workers", type=int, default=None)
    asked = parser.parse_args()
    files = sorted(HERE.glob("[0-9][0-9]-*.yaml"))
    begins = tuple("" if name == "all" else name for name in asked.studies)
    chosen = [f for f in files if f.stem.startswith(begins)]
    if not chosen:
        parser.error(f"no such study; there are {', '.join(f.stem for f in files)}")
    for file in chosen:
        study = run(file, asked.workers)
        for lang in ("en", "zh"):
            write(study, lang)
    from figures import main as write_lists  # beside this script

    write_lists()


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
    return Study(file.stem, given, titles, values)


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


def write(study: Study, lang: str) -> None:
    """Write the page and the figure of a study in a language."""
    words, given = WORDS[lang], study.given
    ending = "" if lang == "en" else ".zh"
    name = f"{study.number}{ending}"
    drawing = IMAGES / name
    figure = variants_figure(
        [study.titles[v][lang] for v in study.titles],
        [Panel(each.told(lang), each.unit, *intervals(study, each)) for each in study.wanted[:6]],
        lang,
        against=list(study.titles).index(study.against),
    )
    save(figure, drawing, kinds=("png",))
    laid = ", ".join(f"`{k}: {v}`" for k, v in given.get("settings", {}).items()) or "-"
    other = f"{study.number}{'.zh' if lang == 'en' else ''}.md"
    parts = [
        f"# {given['title'][lang]}",
        f"[{words['other']}]({other})",
        f"## {words['question']}",
        given["question"][lang],
        f"## {words['setup']}",
        given["setup"][lang],
        words["scenario"].format(scenario=given["scenario"], settings=laid),
        f"## {words['result']}",
        given["answer"][lang],
        f"![{given['title'][lang]}](../images/articles/{name}.png)",
        *[table(study, each, lang) for each in study.wanted],
        words["interval"].format(n=given["replications"]),
        f"## {words['claims']}",
        claims(study, lang),
        f"## {words['not_shown']}",
        given["not_shown"][lang],
        f"## {words['again']}",
        f"```\npython experiments/articles/study.py {study.number}\n```",
    ]
    PAGES.mkdir(parents=True, exist_ok=True)
    page = PAGES / f"{name}.md"
    text = "\n\n".join(part.strip() for part in parts) + "\n"
    page.write_text(text, encoding="utf-8", newline="\n")
    print(os.path.relpath(page, ROOT))


def intervals(study: Study, each: Wanted) -> tuple[list[float], list[float], list[float]]:
    """Mean, low and high of an outcome by variant."""
    rows = np.stack([study.values[variant, each] for variant in study.titles])
    interval = t_interval(rows)
    return interval.mean.tolist(), interval.low.tolist(), interval.high.tolist()


def differences(study: Study, each: Wanted) -> dict[str, tuple[float, float, float]]:
    """The paired difference of every other variant from the one compared with."""
    first = study.values[study.against, each]
    others = [variant for variant in study.titles if variant != study.against]
    return {v: interval_of(study.values[v, each] - first) for v in others}


def interval_of(values: np.ndarray) -> tuple[float, float, float]:
    """Mean, low and high of one row of values."""
    interval = t_interval(values[None])
    return float(interval.mean[0]), float(interval.low[0]), float(interval.high[0])


def table(study: Study, each: Wanted, lang: str) -> str:
    """One outcome: mean by variant, and the paired difference from the one compared with."""
    words, unit = WORDS[lang], each.unit
    head = say("report.axis", lang, outcome=each.told(lang), scale=scale_words(unit, lang))
    variant = study.titles[study.against][lang]
    apart = words["difference"].format(variant=variant, scale=change_scale(unit, lang))
    found = differences(study, each)
    lines = [f"| {words['variant']} | {head} | {apart} |", "|---|---|---|"]
    for variant, *level in zip(study.titles, *intervals(study, each), strict=True):
        cell = span(*found[variant], unit, lang) if variant in found else "–"
        mean = span(*level, unit, lang).removeprefix("+")
        lines.append(f"| {study.titles[variant][lang]} | {mean} | {cell} |")
    return "\n".join(lines)


def span(mean: float, low: float, high: float, unit: str, lang: str) -> str:
    """A mean with its interval."""
    if max(abs(low), abs(high)) < 1e-11:  # only rounding is left
        mean = low = high = 0.0
    return estimate(mean, low, high, unit, lang)


def claims(study: Study, lang: str) -> str:
    """What the article's own reasoning demands, and whether the runs bear it out."""
    words, lines = WORDS[lang], []
    for claim in study.given.get("claims", []):
        verdict, found = judged(study, claim)
        unit = wanted(claim).unit
        itself = "of" in claim and "above_outcome" not in claim
        told = span(*found, unit, lang)
        numbers = joined(
            told.removeprefix("+") if itself else told,
            unit_words(unit, lang) if itself else change_words(unit, lang),
        )
        line = words["verdict"].format(
            text=claim["text"][lang], verdict=words[verdict], numbers=numbers
        )
        lines.append(f"- {line}")
    return "\n".join(lines)


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


if __name__ == "__main__":
    main()
