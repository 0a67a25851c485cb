"""`shiyu sensitivity`: which factors the outcomes of a sweep depend on."""

import shlex
from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.cli import console
from sim.cli.designs import remark_other_version
from sim.cli.options import AsJson, ExperimentFile, Lang, Out, outcome_key
from sim.cli.words import file_line, help_of, word
from sim.text import language, say

if TYPE_CHECKING:
    from sim.findings import SensitivityFindings

app = typer.Typer(rich_markup_mode=None)

TELLING_LUCK = 0.001
COLUMNS = {"sobol": ("first", "total"), "morris": ("mu_star", "mu", "sigma")}


@app.command(
    help=help_of(
        "sensitivity",
        "sensitivity experiments/levers-morris.yaml",
        "sensitivity experiments/levers-morris.yaml --outcome escalation_share --json",
    )
)
def sensitivity(
    experiment: ExperimentFile,
    outcomes: Annotated[
        list[str] | None,
        typer.Option(
            "--outcome", metavar="NAME", help=word("findings.outcome"), parser=outcome_key
        ),
    ] = None,
    out: Out = None,
    *,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """Sobol indices or effects of Morris, from runs that a sweep has made."""
    spoken = language(lang)
    from sim.analysis.design_runs import IncompleteError
    from sim.findings import sensitivity_of
    from sim.findings.load import study_of

    study = study_of(experiment, out)
    remark_other_version(study.folder, spoken)
    try:
        found = sensitivity_of(study, outcomes, spoken)
    except IncompleteError as error:
        if (study.frame["status"] != "done").any():
            line = ["shiyu", "sweep", str(experiment), *(["--out", str(out)] if out else [])]
            error.add_note(say("cli.sensitivity.sweep", spoken, command=shlex.join(line)))
        raise
    _warn(found, spoken)
    if as_json:
        console.show_json(found.content | {"files": found.files})
        return
    _show(found, spoken)


def _warn(found: "SensitivityFindings", lang: str) -> None:
    """Say it when intervals know too little: of luck, or of chance in a design of few points."""
    from sim.analysis.morris_effects import TELLING_TRAJECTORIES
    from sim.analysis.sobol_indices import TELLING_BLOCKS

    if found.outcomes and found.found.replications == 1:
        console.say_on_stderr(say("findings.one_replication", lang))
    if found.found.kind == "sobol" and found.found.replications == 2:
        console.say_on_stderr(say("findings.two_replications", lang))
    if found.few_blocks:
        words = {"blocks": min(found.few_blocks.values()), "least": TELLING_BLOCKS}
        console.say_on_stderr(say("findings.few_blocks", lang, **words))
    walked = [
        facts.get("trajectories", TELLING_TRAJECTORIES) for facts in found.found.facts.values()
    ]
    if min(walked) < TELLING_TRAJECTORIES:
        counts = {"trajectories": min(walked), "least": TELLING_TRAJECTORIES}
        console.say_on_stderr(say("findings.few_trajectories", lang, **counts))


def _show(found: "SensitivityFindings", lang: str) -> None:
    """A sentence and a table an outcome, then what was left out and the files."""
    from sim.findings.words import factor_names, units
    from sim.report.finding_sentences import telling_pairs

    content = found.content
    names = factor_names({row["factor"] for row in content["indices"]}, lang)
    known = units(found.outcomes)
    for outcome, sentence in zip(found.outcomes, found.sentences, strict=True):
        console.show(sentence)
        rows = [row for row in content["indices"] if row["outcome"] == outcome]
        table = _table(rows, content["design"], names, known[outcome], lang)
        console.show_table(*table)
        for row in telling_pairs(rows, few_blocks=outcome in found.few_blocks):
            both = say(
                "findings.all_of_it",
                lang,
                factor=names.name(row["factor"]),
                other=names.name(row["other"]),
            )
            told = say("findings.sobol.second", lang)
            console.show(f"{told}: {both} {_cell(row, 'share', lang)} %")
        facts = next(item for item in content["outcomes"] if item["outcome"] == outcome)
        if (facts.get("luck_share") or 0.0) >= TELLING_LUCK:
            share = f"{100 * facts['luck_share']:.1f} %"
            console.show(say("findings.luck_share", lang, share=share))
        console.show()
    for reason in content["left_out"].values():
        console.say_on_stderr(say("findings.left_out.outcome", lang, reason=reason))
    show_files(found.files, lang)


def _table(
    rows: list[dict[str, Any]], kind: str, names: Any, unit: str, lang: str
) -> tuple[list[str], list[tuple[str, ...]]]:
    """The factors of one outcome, the most telling first."""
    from sim.report.numbers import change_scale

    measures = COLUMNS[kind]
    by = {(row["measure"], row["factor"]): row for row in rows}
    order = "total" if kind == "sobol" else "mu_star"
    factors = [row["factor"] for row in rows if row["measure"] == order]
    factors.sort(key=lambda name: -(by[order, name]["estimate"] or 0.0))
    scale = "%" if kind == "sobol" else change_scale(unit, lang)
    heads = [say("findings.head.factor", lang)]
    for measure in measures:
        head = say(f"findings.head.{measure}", lang)
        heads.append(say("findings.unit", lang, name=head, unit=scale) if scale else head)
    lines = []
    for name in factors:
        told = [_cell(by[measure, name], unit, lang, kind) for measure in measures]
        if kind == "morris":
            told.append(_floor(by[order, name], unit))
        lines.append((names.name(name), *told))
    if kind == "morris":
        heads.append(say("findings.head.floor", lang))
    return heads, lines


def _cell(row: Mapping[str, Any], unit: str, lang: str, kind: str = "sobol") -> str:
    """An estimate with its interval."""
    from sim.report.numbers import estimate

    if row["estimate"] is None:
        return "-"
    low, high = (float("nan") if row[key] is None else row[key] for key in ("low", "high"))
    shown = estimate(row["estimate"], low, high, "share" if kind == "sobol" else unit, lang)
    return shown.removeprefix("+")


def _floor(row: dict[str, Any], unit: str) -> str:
    from sim.report.numbers import factor_of

    most = row["floor_high"]
    return "-" if most is None else console.number(most * factor_of(unit), 2)


def show_files(files: dict[str, Any], lang: str) -> None:
    """Where findings and figures were written."""
    console.show(file_line("findings", files["findings"], lang))
    for path in files["figures"]:
        if path.suffix == ".png":
            console.show(file_line("figure", path, lang))
