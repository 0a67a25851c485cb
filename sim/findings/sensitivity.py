"""`shiyu sensitivity`: what the outcomes of a sweep depend on."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sim.analysis.compare import records
from sim.analysis.sensitivity import Sensitivity, sensitivity
from sim.findings.files import finite, write_findings
from sim.findings.study import Study
from sim.findings.words import outcome_meanings, outcome_names, units


@dataclass(frozen=True)
class SensitivityFindings:
    """What was found, as scripts read it (`content`), and as a person does (`sentences`).

    `few_blocks` has the outcomes for which a design of Saltelli has too few blocks to tell what a
    factor does by itself, with their number.
    """

    found: Sensitivity
    outcomes: list[str]
    content: dict[str, Any]
    sentences: list[str]
    files: dict[str, Any]
    few_blocks: dict[str, int]


def sensitivity_of(
    study: Study, outcomes: Sequence[str] | None = None, lang: str | None = None
) -> SensitivityFindings:
    """Analyse a sweep over a design of Saltelli or Morris; write a table and a figure.

    Raises:
        IncompleteError: runs failed or are missing, or an outcome that was asked for has no value
            somewhere; the message names them. Nothing is written then.
        ShiyuError: the design is of another kind, or there is no such outcome.
    """
    from sim.analysis.sobol_indices import TELLING_BLOCKS
    from sim.report.finding_sentences import dependence
    from sim.report.sensitivity_bars import sensitivity_bars

    asked = study.chosen(outcomes)
    found = sensitivity(
        study.frame, study.kind, study.factors, asked, levels=study.levels, orders=study.orders
    )
    if outcomes and found.without:
        from sim.analysis.design_runs import IncompleteError

        raise IncompleteError("\n".join(found.without.values()))
    shown = [name for name in asked if name in found.facts]
    names, factors = outcome_names(lang), study.names(lang)
    rows = records(found.table)
    figures = {
        f"sensitivity-{name}": sensitivity_bars(
            found.table,
            found.kind,
            lang,
            factors=factors,
            meanings=outcome_meanings(),
            outcomes=[name],
            points=found.points,
            replications=found.replications,
        )
        for name in shown
    }
    known = units(shown)
    content = finite(
        {
            "experiment": study.name,
            "design": found.kind,
            "points": found.points,
            "replications": found.replications,
            "outcomes": [
                {"outcome": name, "unit": known[name], **found.facts[name]} for name in shown
            ],
            "indices": rows,
            "left_out": found.without,
        }
    )
    blocks = {name: int(found.facts[name].get("blocks", TELLING_BLOCKS)) for name in shown}
    few = {name: count for name, count in blocks.items() if count < TELLING_BLOCKS}
    told = [
        dependence(rows, found.kind, name, factors, names, few_blocks=name in few) for name in shown
    ]
    files = write_findings(study.folder, "sensitivity", content, figures)
    return SensitivityFindings(found, shown, content, told, files, few)
