"""`shiyu discover`: which ranges of the factors lead to an outcome."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.cli import console
from sim.cli.designs import remark_other_version
from sim.cli.options import AsJson, ExperimentFile, Lang, Out, outcome_key
from sim.cli.sensitivity import show_files
from sim.cli.words import help_of, word
from sim.text import language, say

if TYPE_CHECKING:
    from sim.findings import DiscoveryFindings
    from sim.report.factors import FactorNames

app = typer.Typer(rich_markup_mode=None)

STEP = ("step", "kind", "coverage", "density", "mass", "limited")
Above = Annotated[float | None, typer.Option("--above", metavar="X", help=word("discover.above"))]
Below = Annotated[float | None, typer.Option("--below", metavar="X", help=word("discover.below"))]
Boxes = Annotated[
    int, typer.Option("--boxes", min=1, max=20, metavar="N", help=word("discover.boxes"))
]
Box = Annotated[int | None, typer.Option("--box", min=0, metavar="N", help=word("discover.box"))]


@app.command(
    help=help_of(
        "discover",
        "discover experiments/levers-factorial.yaml --outcome late_share --above 0.1",
        "discover experiments/one-budget.yaml --outcome unresolved_share --below 0.213 --box 2",
    )
)
def discover(
    experiment: ExperimentFile,
    outcome: Annotated[
        str,
        typer.Option(
            "--outcome", metavar="NAME", help=word("discover.outcome"), parser=outcome_key
        ),
    ],
    above: Above = None,
    below: Below = None,
    boxes: Boxes = 3,
    box: Box = None,
    out: Out = None,
    *,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """Boxes of PRIM with a classification tree beside them, from runs that a sweep has made."""
    spoken = language(lang)
    if (above is None) == (below is None):
        raise typer.BadParameter(word("discover.one_bound"))
    from sim.findings import discovery_of
    from sim.findings.load import study_of

    study = study_of(experiment, out)
    remark_other_version(study.folder, spoken)
    found = discovery_of(
        study, outcome, above=above, below=below, boxes=boxes, chosen=box, lang=spoken
    )
    if as_json:
        console.show_json(found.content | {"files": found.files})
    else:
        _show(found, study.names(spoken), spoken)
    if any(lack.status == "failed" for lack in found.lacking):
        raise typer.Exit(1)


def _show(found: "DiscoveryFindings", names: "FactorNames", lang: str) -> None:
    """The sentences, then each box with its limits and how sure they are."""
    for sentence in found.sentences:
        console.show(sentence)
    for at, box in enumerate(found.content["boxes"]):
        if not box["limits"]:
            continue
        console.show()
        words = {"number": at + 1, "inside": box["points"], "hits": box["cases"]}
        console.show(say("findings.box.title", lang, **words))
        heads = [say(f"findings.head.{head}", lang) for head in ("limit", "quasi_p", "reproduced")]
        console.show_table(heads, [_limit(limit, box, names) for limit in box["limits"]])
        console.show()
        console.show(say("findings.box.way", lang))
        heads = [say(f"findings.head.{head}", lang) for head in STEP]
        rows = [_step(step, lang) for step in _telling(box["trajectory"])]
        console.show_table(heads, rows)
    console.show()
    show_files(found.files, lang)


def _limit(limit: dict[str, Any], box: dict[str, Any], names: Any) -> tuple[str, str, str]:
    told = names.condition(limit["factor"], limit["low"], limit["high"], limit["words"])
    share = box["reproduced"].get(limit["factor"])
    again = "-" if share is None else f"{share:.0%}"
    return told, console.number(limit["quasi_p"], 2), again


def _telling(steps: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """A dozen steps, the one taken among them."""
    apart = max(1, len(steps) // 12)
    return [step for step in steps if step["step"] % apart == 0 or step["chosen"]]


def _step(step: dict[str, Any], lang: str) -> tuple[str, ...]:
    mark = " *" if step["chosen"] else ""
    shares = [f"{step[key]:.0%}" for key in ("coverage", "density", "mass")]
    kind = say(f"findings.kind.{step['kind']}", lang)
    return f"{step['step']}{mark}", kind, *shares, str(len(step["limits"]))
