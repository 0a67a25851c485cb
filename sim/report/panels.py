"""Pieces that several figures share: axes of numbers and dates, zero lines, labelled ends."""

from datetime import date
from typing import Literal

import numpy as np
from matplotlib import dates as calendar
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, FuncFormatter, MaxNLocator

from sim.report.numbers import MINUS, factor_of, plain
from sim.report.style import FAINT, FAMILY, GREY, INK, SMALL, WIDTH, ink_of
from sim.report.wrapping import height_of, spread, width_of, write

Side = Literal["x", "y"]
Line = tuple[str, float, str]  # a text, its size in points and its colour
GAP = 0.03  # inches between the lines of a heading
APART = 0.1  # inches at least between the numbers of an axis
TINY = 5e-5  # steps of an axis below which its numbers are told by powers of ten

OPACITY = {0.9: 0.15, 0.95: 0.2, 0.5: 0.3}  # of a band that holds so much


def number_axis(
    axes: Axes, unit: str, which: Side = "y", signed: bool = False, most: int = 5
) -> None:
    """About `most` round ticks, in per cent for shares, with a real minus sign."""
    axis = axes.yaxis if which == "y" else axes.xaxis
    axis.set_major_locator(MaxNLocator(most, steps=[1, 2, 5, 10], min_n_ticks=min(3, most - 1)))
    low, high = axis.get_view_interval()
    ticks = [t for t in axis.get_major_locator().tick_values(low, high) if low <= t <= high]
    axis.set_major_locator(FixedLocator(ticks))
    factor = factor_of(unit)
    step = factor * min(np.diff(ticks), default=1.0)
    decimals = next((d for d in range(7) if abs(round(step, d) - step) < step * 1e-6), 6)

    def told(value: float, _: object) -> str:
        shown = value * factor
        return plain(shown, decimals, signed) if step >= TINY else powers_of_ten(shown, signed)

    axis.set_major_formatter(FuncFormatter(told))
    axes.tick_params(labelfontfamily=FAMILY)


def number_ticks(axes: Axes, unit: str, inches: float) -> None:
    """As many round ticks as there is room for their numbers."""
    low, high = axes.get_xlim()
    for most in (4, 3, 2):
        number_axis(axes, unit, "x", most=most)
        ticks = list(axes.xaxis.get_major_locator()())
        widths = [width_of(n, SMALL) for n in axes.xaxis.get_major_formatter().format_ticks(ticks)]
        taken = (np.array(widths[:-1]) + widths[1:]) / 2 + APART
        if len(ticks) > 1 and (np.diff(ticks) * inches / (high - low) > taken).all():
            return
    number_axis(axes, unit, "x", most=3)
    ticks = list(axes.xaxis.get_major_locator()())
    axes.xaxis.set_major_locator(FixedLocator([ticks[0], ticks[-1]]))  # one alone is no scale


def powers_of_ten(value: float, sign: bool = False) -> str:
    """A tiny number as `1.5e−7`."""
    digits, power = f"{abs(value):.1e}".split("e")
    mark = MINUS if value < 0 else "+" if sign else ""
    shown = f"{mark}{digits.removesuffix('.0')}e{int(power)}".replace("-", MINUS)
    return shown if value else "0"


def date_axis(axes: Axes, first: date, last: date) -> None:
    """Ticks at new years over long spans, at months over short ones; digits only."""
    years = (last - first).days / 365.25
    start, end = calendar.date2num(first), calendar.date2num(last)
    room = 0.5 if start == end else 0.0  # days beside a single date
    axes.set_xlim(start - room, end + room)
    if start == end:
        axes.xaxis.set_major_locator(FixedLocator([start]))
        axes.xaxis.set_major_formatter(calendar.DateFormatter("%Y-%m-%d"))
    elif years >= 1.5:
        axes.xaxis.set_major_locator(calendar.YearLocator(max(1, round(years / 6))))
        axes.xaxis.set_major_formatter(calendar.DateFormatter("%Y"))
    else:
        months = max(1, round(years * 12 / 5))
        axes.xaxis.set_major_locator(calendar.MonthLocator(interval=months))
        axes.xaxis.set_major_formatter(calendar.DateFormatter("%Y-%m"))
    axes.tick_params(labelfontfamily=FAMILY)


def grid(axes: Axes, which: Side = "y") -> None:
    """Faint lines across the ticks, and no spine beside them."""
    axes.grid(axis=which, color=FAINT, linewidth=0.5, zorder=0)
    axes.set_axisbelow(True)
    axes.spines["left" if which == "y" else "bottom"].set_visible(False)
    axes.tick_params(axis=which, length=0)


def zero_line(axes: Axes, which: Side = "y") -> None:
    """The line of no difference: the strongest line of a figure of differences."""
    draw = axes.axhline if which == "y" else axes.axvline
    draw(0, color=INK, linewidth=1.0, zorder=2.5)


def label_ends(
    figure: Figure,
    axes: Axes,
    place: tuple[float, float, float, float],
    ends: list[tuple[str, float, str]],
    width: float,
) -> None:
    """Name each curve beside its right end, moved apart where names would touch.

    `place` is that of the axes: left, top, width and height in inches from the top left corner;
    `ends` holds text, end value and colour. A short line in the curve's colour leads to its name.
    """
    left, top, across, height = place
    low, high = axes.get_ylim()
    wanted = [top + height * (high - value) / (high - low) for _, value, _ in ends]
    heights = [height_of(text, SMALL + 0.5, width) + 0.05 for text, _, _ in ends]
    centres = spread(wanted, heights, top - 0.15, top + height + 0.15)
    edge = left + across
    down = figure.get_size_inches()[1]
    for (text, _, shade), start, centre, tall in zip(ends, wanted, centres, heights, strict=True):
        axes.annotate(
            "",
            xy=(edge / figure.get_size_inches()[0], 1 - start / down),
            xytext=((edge + 0.2) / figure.get_size_inches()[0], 1 - centre / down),
            xycoords="figure fraction",
            textcoords="figure fraction",
            arrowprops={"arrowstyle": "-", "color": shade, "lw": 1.1, "shrinkA": 1, "shrinkB": 1},
            annotation_clip=False,
        )
        write(figure, text, edge + 0.24, centre - tall / 2, width, SMALL + 0.5, ink_of(shade))


def heading(
    figure: Figure, lines: list[Line], left: float, top: float, width: float = WIDTH - 0.1
) -> float:
    """Texts of given size and colour below one another; returns where they end."""
    for text, size, shade in lines:
        top = write(figure, text, left, top, width, size, shade) + GAP
    return top


def heading_height(lines: list[Line], width: float = WIDTH - 0.1) -> float:
    """The room that such texts take."""
    return sum(height_of(text, size, width) + GAP for text, size, _ in lines)


def caption(figure: Figure, text: str) -> None:
    """The small grey text at the foot of a figure."""
    down = figure.get_size_inches()[1]
    write(figure, text, 0.05, down - caption_height(text) + 0.05, WIDTH - 0.1, SMALL, GREY)


def caption_height(text: str) -> float:
    """The room that a caption takes at the foot."""
    return height_of(text, SMALL, WIDTH - 0.1) + 0.12 if text else 0.0
