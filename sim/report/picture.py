"""A figure inside a page: drawn in, described for those who do not see it, with its numbers."""

import base64

from matplotlib.figure import Figure

from sim.report.markup import Markup, el, together, void
from sim.report.style import image
from sim.text import say

HEAVY = 300_000  # bytes of SVG from which a PNG is tried


def data_uri(figure: Figure) -> str:
    """The figure as SVG inside an address; as PNG when that takes fewer bytes."""
    kind, data = "svg+xml", image(figure, "svg")
    if len(data) > HEAVY:
        flat = image(figure, "png")
        kind, data = min((kind, data), ("png", flat), key=lambda pair: len(pair[1]))
    return f"data:image/{kind};base64,{base64.b64encode(data).decode('ascii')}"


def picture(figure: Figure, description: str, lang: str, twin: Markup | None = None) -> Markup:
    """The figure with its description, and a table of its numbers that opens below it."""
    across, down = (round(100 * inches) for inches in figure.get_size_inches())
    drawn = void("img", src=data_uri(figure), alt=description, width=across, height=down)
    numbers = el("details", el("summary", say("report.twin", lang)), twin) if twin else None
    frame = el("div", drawn, class_="drawn")
    return el("figure", frame, numbers)


def paragraphs(*texts: str, class_: str | None = None) -> Markup:
    """Texts as paragraphs, with what stands in backticks as code; empty ones are left out."""
    return together(*(el("p", prose(text), class_=class_) for text in texts if text))


def prose(text: str) -> Markup:
    """A text with what stands in backticks as code."""
    parts = text.split("`")
    return together(*(el("code", part) if i % 2 else part for i, part in enumerate(parts)))
