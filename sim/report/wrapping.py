"""Breaks a text into lines that fit a width: between words, or between Chinese characters."""

import functools
from collections.abc import Callable
from itertools import pairwise

from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties

from sim.report.style import FAMILY, INK
from sim.text.folding import folded

LEADING = 1.38  # from one line to the next, in font sizes
LONG = 12  # letters; what is not longer is never broken
HINTING = 0.985  # on a coarse grid of pixels glyphs are a little wider than they are measured


@functools.cache
def _ruler() -> RendererAgg:
    return RendererAgg(16, 16, 720)


@functools.lru_cache(4096)
def width_of(text: str, size: float) -> float:
    """How wide one line of text is at a font size in points, in inches."""
    font = FontProperties(family=FAMILY, size=size)
    width: float = _ruler().get_text_width_height_descent(text, font, ismath=False)[0]
    return width / 720


def lines_of(text: str, size: float, inches: float) -> list[str]:
    """The lines of a text, none wider than so many inches; a word that is wider is broken.

    Where the text has a line break, so have the lines.
    """

    def fits(line: str) -> bool:
        return width_of(line, size) <= inches * HINTING

    lines = [line for part in text.split("\n") for line in folded(part, fits)]
    return [part for line in lines for part in broken(line, fits)]


def broken(word: str, fits: Callable[[str], bool]) -> list[str]:
    """A long word, such as a name, in parts that fit, behind a hyphen if there is one.

    A number stays with its unit.
    """
    parts = []
    while len(word) > LONG and "\u00a0" not in word and not fits(word):
        most = next((n for n in range(len(word) - 1, 1, -1) if fits(word[:n])), 1)
        cut = max(word.rfind(sign, 1, most) for sign in "-_/") + 1 or most
        parts.append(word[:cut])
        word = word[cut:]
    return [*parts, word]


def even(text: str, size: float, inches: float) -> float:
    """The least width at which the text takes no more lines, so that they are about as long."""
    count = len(lines_of(text, size, inches))
    while inches > 0.2 and len(lines_of(text, size, inches - 0.05)) == count:
        inches -= 0.05
    return inches


def height_of(text: str, size: float, inches: float) -> float:
    """How tall the wrapped text is, in inches."""
    return len(lines_of(text, size, inches)) * size * LEADING / 72


def write(
    figure: Figure,
    text: str,
    left: float,
    top: float,
    inches: float,
    size: float,
    colour: str = INK,
    align: str = "left",
) -> float:
    """Write a wrapped text, its top left corner in inches from that of the figure.

    With `align` "right", `left` is the right edge. Returns where the text ends below.
    """
    across, down = figure.get_size_inches()
    for line in lines_of(text, size, inches):
        top += size * LEADING / 72
        foot = 1 - (top - size * 0.32 / 72) / down
        figure.text(left / across, foot, line, size=size, color=colour, ha=align, va="baseline")
    return top


def spread(wanted: list[float], heights: list[float], low: float, high: float) -> list[float]:
    """Where to put labels of given heights: as near as can be to the wanted centres, not touching.

    Labels that would overlap are pooled around the mean of their wishes, so they move as little as
    possible in the sense of least squares. All stay between low and high while there is room.
    """
    order = sorted(range(len(wanted)), key=lambda i: wanted[i])
    offsets = [0.0]
    for before, after in pairwise(order):
        offsets.append(offsets[-1] + (heights[before] + heights[after]) / 2)
    pools: list[tuple[float, int]] = []
    for rank, i in enumerate(order):
        mean, count = wanted[i] - offsets[rank], 1
        while pools and pools[-1][0] > mean:
            other, size = pools.pop()
            mean, count = (mean * count + other * size) / (count + size), count + size
        pools.append((mean, count))
    starts = [mean for mean, count in pools for _ in range(count)]
    lowest = low + heights[order[0]] / 2 if order else low
    highest = high - heights[order[-1]] / 2 - offsets[-1] if order else high
    placed = [0.0] * len(wanted)
    for rank, i in enumerate(order):
        placed[i] = max(min(starts[rank], highest), lowest) + offsets[rank]
    return placed
