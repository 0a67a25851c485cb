"""The page and figure of a study, in a language: tables, verdicts, how to get them again."""

import os

import numpy as np
from studies import ROOT, Study, Wanted, interval_of, judged, wanted

from sim.analysis.intervals import t_interval
from sim.report.numbers import (
    change_scale,
    change_words,
    estimate,
    joined,
    scale_words,
    unit_words,
)
from sim.report.style import save
from sim.report.variants import Panel, variants_figure
from sim.text import say

PAGES = ROOT / "docs" / "articles"
IMAGES = ROOT / "docs" / "images" / "articles"
WORDS = {
    "en": {
        "question": "The question",
        "setup": "The set-up",
        "result": "The result",
        "claims": "What ought to hold, and whether it does",
        "not_shown": "What it does not show",
        "again": "To get this page again",
        "variant": "variant",
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
        "claims": "应当成立的判断，是否成立",
        "not_shown": "没有说明什么",
        "again": "重新生成本页",
        "variant": "方案",
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
        study.kept.told(study.titles, lang) if study.kept else "",
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
