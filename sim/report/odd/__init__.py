"""Turns a scenario and the code it switches on into its ODD description (Grimm and others 2020).

Nothing here runs a model: what is told is declared in the code, stated by the scenario, or said in
the catalogue of sentences, and no result is told that was not computed.

Reading order: subject (what is described), blocks (what a description is made of), telling (how
names and numbers are said); then the elements in their order, one file each: purpose, entities,
process, concepts, beginning (initialisation and input data), submodels, caveats; then full, summary
and delta, which put them together; markdown, page and data, which write them down.
"""

from sim.report.odd.data import content
from sim.report.odd.delta import delta
from sim.report.odd.full import full
from sim.report.odd.markdown import markdown
from sim.report.odd.subject import KnownResult, Level, Response, Subject
from sim.report.odd.summary import summary

PARTS = {"full": full, "summary": summary, "delta": delta}

__all__ = [
    "PARTS",
    "KnownResult",
    "Level",
    "Response",
    "Subject",
    "content",
    "delta",
    "full",
    "markdown",
    "summary",
]
