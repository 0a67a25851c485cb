"""The report: one HTML file that answers the question, shows how surely, and can be repeated.

It asks nothing of the network: figures, style and, for Chinese, the typeface are inside the file.
It has no script, so that it opens from a folder, prints, and is still there in ten years.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from sim.report import method, sections
from sim.report.content import Content
from sim.report.hidden import hidden_costs
from sim.report.markup import el
from sim.report.prices import prices
from sim.report.robust_section import robust_section
from sim.report.style import write_plainly
from sim.report.whole_page import whole_page
from sim.text import language


def write_report(
    comparison: Mapping[str, Any],
    path: str | Path,
    lang: str | None = None,
    write_bytes: Callable[[Path, bytes], object] = write_plainly,
) -> Path:
    """Write the report of a comparison as a single HTML file.

    Args:
        comparison: what to report. Needed are
            `baseline`: the name of the baseline;
            `differences`: the table of `sim.analysis.compare`, as a frame or as records.
            The rest makes it better:
            `scenarios`: {name: {"title": {en, zh}, "why": {en, zh}}}, in the order of colours;
            `outcomes`: {name: {"unit", "meaning": {en, zh}, "short": {en, zh}, "good"}};
            `groups`: {"division": {slug: {en, zh}}};
            `primary`: the outcome that the answer is about; `headline`: those of the main figure;
            `question`: {en, zh};
            `changes`: {policy: [{key, first, second, unit}]}, what each sets otherwise than the
            baseline, as `sim.scenario.difference` tells it;
            `trajectory`: frame of scenario, seed, date, outcome, value; `smooth`: steps to average;
            `robustness`: what draws of the parameters say, as `robustness_figure` takes it;
            `assumed`: parameters, [{name, unit, value, low, high, source}];
            `command`: what to type to get the same numbers; `seeds`; `replications`;
            `provenance`: {version, commit, platform, place, scale, ...}, shown as given.
        path: the file to write.
        lang: language; SHIYU_LANG or English unless told.
        write_bytes: how to write a file; the store passes its own.

    Returns:
        The path.
    """
    target = Path(path)
    write_bytes(target, page(comparison, lang).encode("utf-8"))
    return target


def page(comparison: Mapping[str, Any], lang: str | None = None) -> str:
    """The text of the report."""
    content = Content(comparison, language(lang))
    title = sections.question(content)
    body = el(
        "main",
        sections.top(content, title),
        sections.answers(content),
        hidden_costs(content),
        sections.main_figure(content),
        sections.outcomes(content),
        prices(content),
        robust_section(content),
        sections.over_time(content),
        sections.for_whom(content),
        method.assumptions(content),
        method.repeat(content),
        method.what_it_is_not(content),
    )
    provenance = comparison.get("provenance") or {}
    return whole_page(title, body, content.lang, str(provenance.get("version", "")))
