"""Writes what a comparison found beside its runs, and reads it back for figures and reports.

<folder>/comparison.json    what was compared, the differences, how to repeat it
<folder>/report.html        the report
<folder>/figures/           the differences, and the course of each headline outcome
<folder>/failures.json      only when runs failed
<folder>/parameter_draws.csv    only when parameters were drawn
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.engine.compare import Comparison
from sim.engine.comparison_room import MANIFEST, make_room
from sim.engine.robustness_files import robustness_content, write_draws
from sim.kernel.fault import ShiyuError, did_you_mean, printable
from sim.scenario.divisions import titles_of_divisions
from sim.text import language

if TYPE_CHECKING:
    import pandas as pd

    from sim.engine.replications import Failure

FAILURES = "failures.json"
_UNREADABLE = "not a folder that `shiyu compare` has written"


def write_all(found: Comparison, folder: Path, lang: str | None = None) -> dict[str, Path]:
    """Write everything about a comparison whose runs are in this store; the paths by kind.

    Without a single pair of finished runs there is nothing to report but the failures.
    """
    from sim.store.atomic import write_text

    found.files["store"] = folder
    if (failures := write_failures(found.failures, folder)) is not None:
        found.files["failures"] = failures
    if not len(found.table):
        return found.files
    make_room(found, folder)
    content = content_of(found)
    plain = {key: value for key, value in content.items() if key != "trajectory"}
    found.files["comparison"] = write_text(folder / MANIFEST, _json(plain))
    found.files["report"] = write_report(content, folder / "report.html", lang)
    draw_overview(content, folder / "figures", lang)
    found.files["figures"] = folder / "figures"
    found.files.update(write_draws(found.drawn, folder))
    return found.files


def write_failures(failures: "Sequence[Failure]", folder: Path) -> Path | None:
    """The failed runs with their reasons; an older file goes when none failed."""
    from sim.store.atomic import remove, write_text

    path = folder / FAILURES
    if not failures:
        remove(path)
        return None
    return write_text(path, _json({"schema": 1, "failed": [vars(f) for f in failures]}))


def content_of(found: Comparison) -> dict[str, Any]:
    """A comparison as the report takes it: plain JSON but for `trajectory`, a frame."""
    from sim.analysis import records
    from sim.outcomes import CATALOGUE, HEADLINES
    from sim.report.names import meanings_of

    scenarios = (found.baseline, *found.others)
    asked = found.baseline.outcomes
    headline = [name for name in HEADLINES if asked is None or name in asked]
    return {
        "schema": 1,
        "baseline": found.baseline.name,
        "scenarios": {s.name: {"title": dict(s.title), "why": dict(s.why)} for s in scenarios},
        "changes": _changes(found),
        "outcomes": meanings_of(CATALOGUE.values()),
        "groups": {"division": _divisions(found)},
        "headline": headline or list(asked or ()),
        "silent": {name: sorted(outcomes) for name, outcomes in found.silent.items()},
        "primary": found.plan.outcome or (headline or list(asked or ("",)))[0],
        "replications": found.replications,
        "seeds": found.plan.seed,  # each replication's own follows from it, see `runs`
        "settings": dict(found.settings),
        "command": found.command,
        "runs": [[run.scenario, run.seed, run.run_id] for run in found.runs.in_order()],
        "assumed": _assumed(found),
        "provenance": _provenance(found),
        "differences": records(found.table),
        "prices": found.prices,
        "trajectory": found.runs.trajectories(),
    } | ({} if found.drawn is None else {"robustness": robustness_content(found)})


def read_content(folder: Path) -> dict[str, Any]:
    """What `write_all` wrote, with the courses of the runs from the store.

    Raises StoreError when the folder holds no comparison, or one of its runs is gone.
    """
    from sim.store import Store, StoreError

    try:
        content = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        runs = [(str(name), int(seed), str(identity)) for name, seed, identity in content["runs"]]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise StoreError(folder, _UNREADABLE, "run `shiyu compare` with --out there") from error
    store = Store(folder)
    content["trajectory"] = _courses(store, runs)
    return dict(content)


def write_report(content: Mapping[str, Any], path: Path, lang: str | None = None) -> Path:
    """Write the report as one HTML file."""
    from sim.report import write_report as write
    from sim.store.atomic import write_bytes

    return write(content, path, lang, write_bytes)


def draw(
    content: Mapping[str, Any], folder: Path, outcomes: Sequence[str] = (), lang: str | None = None
) -> list[Path]:
    """Draw outcomes: the differences, and of each its courses and its differences by group.

    Figures are PNG and SVG. Outcomes: those asked for, else the headline ones. Raises ShiyuError
    for an outcome that the comparison does not have.
    """
    from sim.report import told
    from sim.report.left_out import left_out

    for name in left_out(content, outcomes):
        raise ShiyuError(f"--outcome {name}: no mechanism that makes it is on in this comparison")
    shown = _shown(told(content), outcomes or content["headline"], asked=bool(outcomes))
    return _drawn(content, shown, shown, folder, lang)


def draw_overview(content: Mapping[str, Any], folder: Path, lang: str | None = None) -> list[Path]:
    """Draw the differences in the headline outcomes, and more about the primary one."""
    from sim.report import told
    from sim.report.content import Content

    shown = _shown(told(content), content["headline"], asked=False)
    primary = Content(content, language(lang)).primary
    closely = [name for name in shown if name == primary]
    return _drawn(content, shown, closely, folder, lang)


def _drawn(
    content: Mapping[str, Any],
    shown: Sequence[str],
    closely: Sequence[str],
    folder: Path,
    lang: str | None,
) -> list[Path]:
    """One figure of the outcomes shown; several of each that is looked at closely."""
    from sim import report
    from sim.report.left_out import left_out, told_draws
    from sim.store.atomic import write_bytes

    table, courses = report.told(content), content["trajectory"]
    common = {"baseline": content["baseline"], "scenarios": content["scenarios"]}
    common["meanings"] = content["outcomes"]
    figures = {}
    if shown:
        off = left_out(content, content["headline"])
        figures["differences"] = report.paired_differences(
            table, lang, outcomes=shown, left_out=off, **common
        )
    if (held := told_draws(content)) and held["rows"]:
        figures["robustness"] = report.robustness_figure(held, lang, outcomes=shown, **common)
    for name in closely:
        if name in set(courses["outcome"]):
            course = report.outcome_curves(courses, [name], lang, differences=table, **common)
            figures[f"course-{name}"] = course
            pairs = report.difference_curves(courses, name, lang, **common)
            figures[f"difference-{name}"] = pairs
        if name in set(table.loc[table["by"].notna(), "outcome"]):
            groups = content["groups"]
            figures[f"groups-{name}"] = report.by_group(table, name, lang, groups=groups, **common)
    written: list[Path] = []
    for stem, figure in figures.items():
        written += report.save(figure, folder / stem, write_bytes).values()
    return written


def _shown(table: "pd.DataFrame", names: Sequence[str], *, asked: bool) -> list[str]:
    """The outcomes that there are; one that was asked for must be."""
    from sim.scenario.faults import allowed_names

    present = list(dict.fromkeys(table["outcome"]))
    for name in names:
        if asked and name not in present:
            there, meant = allowed_names(name, present), did_you_mean(name, present)
            shown = printable(name)
            raise ShiyuError(f"--outcome {shown}: this comparison has none; {there}{meant}")
    return [name for name in names if name in present] or present


def _courses(store: Any, runs: "Sequence[tuple[str, int, str]]") -> "pd.DataFrame":
    """The curves of these runs, as `Replicated.trajectories` gives them."""
    from dataclasses import replace

    from sim.engine.kept import stored
    from sim.engine.replications import Replicated

    found = Replicated()
    for number, (scenario, _, identity) in enumerate(runs):
        result = stored(store, identity, store.path)
        found.runs[number, 0] = replace(result, scenario=scenario)
    return found.trajectories()


def _changes(found: Comparison) -> dict[str, list[dict[str, Any]]]:
    """What each policy sets otherwise than the baseline: key, first, second and unit."""
    from sim.engine.ledger import known
    from sim.scenario.difference import differences

    ledger = known().ledger
    return {
        other.name: [vars(one) for one in differences(found.baseline, other, ledger)]
        for other in found.others
    }


def _divisions(found: Comparison) -> dict[str, dict[str, str]]:
    titles = titles_of_divisions(found.baseline.place)
    return {slug: dict(title) for slug, title in titles.items()}


def _assumed(found: Comparison) -> list[dict[str, Any]]:
    """The parameters that rest on nothing but judgement, with the values used."""
    from sim.engine.ledger import full_ledger
    from sim.world.place import Place

    place = found.baseline.place
    ledger = full_ledger(place if isinstance(place, Place) else None)
    used = found.baseline.parameters
    return [
        {"name": name, **vars(parameter), "value": used.get(name, parameter.default)}
        for name, parameter in ledger.items()
        if parameter.status == "assumed"
    ]


def _provenance(found: Comparison) -> dict[str, Any]:
    from sim.store import provenance

    known = provenance()
    facts = {key: known[key] for key in ("version", "commit", "platform", "python", "fingerprint")}
    base = found.baseline
    people = max((run.people for run in found.runs.in_order()), default=0)
    return facts | {
        "place": base.place.name,
        "scale": base.scale,
        "people": people,
        "start": base.start.isoformat(),
        "years": base.years,
        "step_days": base.step_days,
    }


def _json(content: Mapping[str, Any]) -> str:
    return json.dumps(content, ensure_ascii=False, allow_nan=False, indent=1, default=str) + "\n"
