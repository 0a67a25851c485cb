"""Figures and the one-file report of a finished experiment: what `compare` of a design draws."""

from collections.abc import Sequence
from pathlib import Path

from sim.findings.effects import EffectFindings
from sim.findings.hidden import hidden_words
from sim.findings.study import Study
from sim.findings.words import outcome_names
from sim.report.factors import FactorNames
from sim.report.left_out import left_out_words
from sim.text import say


def draw_effects(found: EffectFindings, folder: Path) -> list[Path]:
    """Write the figures of a design as PNG and SVG; their paths."""
    from sim.report import save
    from sim.store.atomic import write_bytes

    written: list[Path] = []
    for name, figure in found.figures.items():
        written += save(figure, folder / name, write_bytes).values()
    return written


def report_effects(study: Study, found: EffectFindings, path: Path, lang: str | None) -> Path:
    """Write the report of a design as one HTML file; its path."""
    from sim.report.design_page import Design, design_page
    from sim.store import model_version
    from sim.store.atomic import write_bytes

    names = outcome_names(lang)
    design = Design(
        name=study.name,
        title=study.title,
        why=study.why,
        points=found.points,
        replications=found.replications,
        outcomes=found.outcomes,
        effects=found.content["effects"],
        figures=found.figures,
        findings=_told(study, found, lang),
        notes=_notes(found, study.names(lang)),
        caution=found.caution_said(names.spoken),
        command=study.command,
        provenance={"version": model_version()},
    )
    page = design_page(design, study.names(lang), names)
    write_bytes(path, page.encode("utf-8"))
    return path


def _told(study: Study, found: EffectFindings, lang: str | None) -> dict[str, str]:
    """What each figure shows, for those who do not see it."""
    from sim.report.factor_effects import finding
    from sim.report.finding_sentences import trade_finding

    names, factors = outcome_names(lang), study.names(lang)
    main = found.effects.main
    told = {}
    for name in found.outcomes:
        if not main.empty:
            mine = main[main["outcome"] == name]
            told[f"effects-{name}"] = finding(mine, name, factors, names)
        words = {"outcome": names.outcome(name)}
        told[f"course-{name}"] = say("report.alt.design_course", names.spoken, **words)
        told[f"interaction-{name}"] = say("report.alt.interaction", names.spoken, **words)
    if found.traded is not None:
        table = found.traded.table
        efficient = int(table["efficient"].sum())
        told["trade-offs"] = trade_finding(table["worst_share"], efficient, names.spoken)
    return told


def _notes(found: EffectFindings, factors: FactorNames) -> Sequence[str]:
    """What is not there: runs, and trade-offs; and what the outcomes shown do not tell."""
    lang = factors.spoken
    notes = [found.untraded] if found.untraded else []
    if words := left_out_words(found.left_out, outcome_names(lang)):
        notes.append(words)
    if found.lacking:
        notes.append("\n".join(found.lacking_said(lang)))
    costs = (hidden_words(row, factors) for row in found.content["hidden_costs"])
    return [*notes, *(say("cli.compare.hidden", lang, note=words) for words in costs)]
