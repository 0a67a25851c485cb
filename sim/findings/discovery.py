"""`shiyu discover`: which ranges of the factors lead to an outcome of interest."""

from dataclasses import dataclass
from typing import Any

from sim.analysis.boxes import Space
from sim.analysis.cart import Tree
from sim.analysis.cases import Cases, cases_of
from sim.analysis.design_runs import Lack
from sim.analysis.discover import Discovery, Found, discover, limits_of, steps_table
from sim.findings.files import finite, write_findings
from sim.findings.study import Study
from sim.findings.words import outcome_names, units

SHOWN_POINTS = 10  # points left out that a sentence names


@dataclass(frozen=True)
class DiscoveryFindings:
    """What was found, as scripts read it (`content`), and as a person does (`sentences`)."""

    found: Discovery
    cases: Cases
    lacking: tuple[Lack, ...]
    content: dict[str, Any]
    sentences: list[str]
    files: dict[str, Any]


def discovery_of(
    study: Study,
    outcome: str,
    *,
    above: float | None = None,
    below: float | None = None,
    boxes: int = 3,
    chosen: int | None = None,
    lang: str | None = None,
) -> DiscoveryFindings:
    """Find boxes of factor ranges in which the outcome passes a bound; write tables and figures.

    Args:
        study: the sweep.
        outcome: name of the outcome; its means over replications decide.
        above: the bound that a case lies above.
        below: or the one that it lies below.
        boxes: how many boxes at most.
        chosen: the step of the first box's way to take.
        lang: language of sentences and figures.

    Raises ShiyuError when there is no such outcome, not one bound, no case or nothing else.
    """
    study.chosen([outcome])
    runs = study.runs([outcome])
    cases = cases_of(runs, outcome, above=above, below=below)
    found = discover(cases.space, cases.marks, boxes=boxes, chosen=chosen)
    told = _told(study, outcome, (above, below), cases, found, lang)
    files = write_findings(
        study.folder,
        f"discover-{outcome}",
        (content := _content(study, outcome, (above, below), cases, found, told)),
        _figures(outcome, cases, found, told, study.names(lang)),
    )
    return DiscoveryFindings(found, cases, runs.lacking, content, told, files)


def _content(
    study: Study,
    outcome: str,
    bounds: tuple[float | None, float | None],
    cases: Cases,
    found: Discovery,
    told: list[str],
) -> dict[str, Any]:
    """The findings in the shape that scripts rely on."""
    content: dict[str, Any] = finite(
        {
            "experiment": study.name,
            "outcome": outcome,
            "unit": units([outcome])[outcome],
            "above": bounds[0],
            "below": bounds[1],
            "points": found.points,
            "cases": found.cases,
            "undecided": cases.undecided,
            "left_out": cases.left_out,
            "boxes": [_box(box) for box in found.boxes],
            "tree": _tree(found.tree),
            "overlap": found.overlap,
            "sentences": told,
        }
    )
    return content


def _told(
    study: Study,
    outcome: str,
    bounds: tuple[float | None, float | None],
    cases: Cases,
    found: Discovery,
    lang: str | None,
) -> list[str]:
    """The findings as sentences."""
    from sim.report.finding_sentences import boxes_in_words, tree_in_words, what_is_sought
    from sim.text import say

    names, factors = outcome_names(lang), study.names(lang)
    above, below = bounds
    bound = above if above is not None else below
    assert bound is not None
    what = what_is_sought(outcome, bound, above=above is not None, names=names)
    counts = {"points": found.points, "cases": found.cases}
    told = boxes_in_words([_box(box) for box in found.boxes], counts, what, factors)
    if any(box.step.box.limits for box in found.boxes):
        told.append(tree_in_words(found.overlap, names.spoken))
    if cases.undecided:
        told.append(
            say(
                "findings.box.undecided",
                names.spoken,
                count=cases.undecided,
                total=found.points,
            )
        )
    if cases.left_out:
        shown = ", ".join(map(str, cases.left_out[:SHOWN_POINTS]))
        more = " …" if len(cases.left_out) > SHOWN_POINTS else ""
        count, total = len(cases.left_out), len(cases.left_out) + found.points
        words = {"count": count, "total": total, "points": shown + more}
        told.append(say("findings.box.left_out", names.spoken, **words))
    return told


def _figures(
    outcome: str, cases: Cases, found: Discovery, told: list[str], factors: Any
) -> dict[str, Any]:
    """One figure a box."""
    from sim.report.box_figure import box_figure

    ranges = _ranges(cases.space)
    figures = {}
    for at, box in enumerate(found.boxes):
        stem = f"discover-{outcome}" + (f"-{at + 1}" if at else "")
        figures[stem] = box_figure(
            steps_table(box),
            ranges,
            told[0] if at == 0 else "",
            factors.spoken,
            factors=factors,
            points=found.points,
            reproduced=box.reproduced,
        )
    return figures


def _box(found: Found) -> dict[str, Any]:
    """A box in the shape that scripts rely on."""
    step = found.step
    return {
        "step": step.number,
        "coverage": step.coverage,
        "density": step.density,
        "mass": step.mass,
        "points": step.points,
        "cases": step.cases,
        "limits": limits_of(step),
        "reproduced": found.reproduced,
        "trajectory": steps_table(found),
    }


def _tree(tree: Tree) -> dict[str, Any]:
    """The tree in the shape that scripts rely on."""
    leaves = [
        {
            "limits": [
                {"factor": name, "low": limit.low, "high": limit.high, "words": limit.words}
                for name, limit in leaf.box.limits.items()
            ],
            "points": int(leaf.inside.sum()),
            "density": leaf.density,
            "clear": leaf.clear,
        }
        for leaf in tree.leaves
    ]
    return {"leaves": leaves, "gains": tree.gains}


def _ranges(space: Space) -> dict[str, Any]:
    """By factor its lowest and highest value, or its words."""
    numbers = {
        name: (float(column.min()), float(column.max())) for name, column in space.numbers.items()
    }
    return numbers | {name: column.known for name, column in space.words.items()}
