"""How every figure looks: typeface, colours, sizes; and how it is written to disk.

Importing this module adds the Chinese typeface to Matplotlib. Figures are plain `Figure` objects
on the Agg canvas, so nothing here touches a display or the state of pyplot.
"""

import colorsys
import contextlib
import functools
import io
import re
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, ParamSpec

import matplotlib as mpl
from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

FONT_FILE = Path(__file__).parent / "fonts" / "ShiyuSansSC.ttf"
FAMILY = ["Shiyu Sans SC", "DejaVu Sans"]

INK, GREY, FAINT, PAPER = "#1f2933", "#5b6470", "#d5d9de", "#ffffff"
BASELINE = "#6b7280"
# Okabe and Ito's palette without its yellow and black: told apart by most colour-blind people.
PALETTE = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00")
DASHES = ("-", (0, (6, 1.8)), (0, (2.2, 1.4)), (0, (7, 1.8, 1.6, 1.8)), (0, (4, 1.2)), (0, (1, 1)))

WIDTH = 7.6  # inches; the width of the report's column
TITLE, TEXT, SMALL = 11.5, 9.0, 8.0  # points

RULES: Any = {
    "font.family": FAMILY,
    "font.size": TEXT,
    "text.color": INK,
    "text.parse_math": False,
    "axes.unicode_minus": True,
    "axes.edgecolor": GREY,
    "axes.labelcolor": GREY,
    "axes.linewidth": 0.6,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": False,
    "xtick.color": GREY,
    "ytick.color": GREY,
    "xtick.labelsize": SMALL,
    "ytick.labelsize": SMALL,
    "xtick.major.width": 0.6,
    "ytick.major.width": 0.6,
    "xtick.major.size": 3,
    "ytick.major.size": 3,
    "figure.facecolor": PAPER,
    "savefig.facecolor": PAPER,
    "svg.fonttype": "path",
    "svg.hashsalt": "shiyu",
    "pdf.fonttype": 42,
}

font_manager.fontManager.addfont(FONT_FILE)


P = ParamSpec("P")


@contextlib.contextmanager
def rules() -> Iterator[None]:
    """Our settings for a while; the user's own Matplotlib settings stay as they were."""
    with mpl.rc_context():
        plain: Any = {k: v for k, v in mpl.rcParamsDefault.items() if not k.startswith("backend")}
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", mpl.MatplotlibDeprecationWarning)
            mpl.rcParams.update(plain)
        mpl.rcParams.update(RULES)
        yield


def styled(draw: Callable[P, Figure]) -> Callable[P, Figure]:
    """A drawing function under our settings, whose figure is laid out when it is returned."""

    @functools.wraps(draw)
    def drawn(*args: P.args, **kwargs: P.kwargs) -> Figure:
        with rules():
            figure = draw(*args, **kwargs)
            figure.canvas.draw()
            return figure

    return drawn


def sheet(height: float, width: float = WIDTH) -> Figure:
    """An empty figure of so many inches on the Agg canvas."""
    figure = Figure(figsize=(width, height), dpi=100)
    FigureCanvasAgg(figure)
    return figure


def box(figure: Figure, left: float, top: float, width: float, height: float) -> Axes:
    """Axes placed in inches from the top left corner of the figure."""
    across, down = figure.get_size_inches()
    place = (left / across, 1 - (top + height) / down, width / across, height / down)
    axes: Axes = figure.add_axes(place)
    return axes


def colour(position: int) -> str:
    """The colour of the policy at a position (from 0) in the order of the scenarios."""
    return PALETTE[position % len(PALETTE)]


def ink_of(shade: str) -> str:
    """The same hue, dark enough to be read as text on white (contrast of 4.5 and more)."""
    red, green, blue = mpl.colors.to_rgb(shade)
    hue, light, full = colorsys.rgb_to_hls(red, green, blue)
    while contrast(mpl.colors.to_hex((red, green, blue))) < 4.6:
        light -= 0.01
        red, green, blue = colorsys.hls_to_rgb(hue, light, full)
    return mpl.colors.to_hex((red, green, blue))


def contrast(shade: str, ground: str = PAPER) -> float:
    """The contrast ratio of two colours as WCAG 2 defines it, 1 to 21."""
    lights = []
    for name in (shade, ground):
        parts = [
            c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4
            for c in mpl.colors.to_rgb(name)
        ]
        lights.append(0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2])
    return (max(lights) + 0.05) / (min(lights) + 0.05)


def image(figure: Figure, kind: str, dpi: int = 200) -> bytes:
    """The figure as the bytes of a PNG, SVG or PDF file, the same each time."""
    target = io.BytesIO()
    stamps = {"png": {"Software": None}, "svg": {"Date": None}, "pdf": {"CreationDate": None}}
    with rules():
        figure.savefig(target, format=kind, dpi=dpi, metadata=stamps[kind])
    return slimmed(target.getvalue()) if kind == "svg" else target.getvalue()


def slimmed(svg: bytes) -> bytes:
    """The same drawing with two decimals in its paths: a third of the bytes are digits of noise."""
    number = re.compile(rb"-?\d+\.\d{3,}")
    return re.sub(
        rb' d="[^"]*"', lambda path: number.sub(lambda n: b"%.2f" % float(n[0]), path[0]), svg
    )


def write_plainly(path: Path, data: bytes) -> None:
    """Write bytes to a file, making its folder."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def save(
    figure: Figure,
    stem: str | Path,
    write_bytes: Callable[[Path, bytes], object] = write_plainly,
    kinds: tuple[str, ...] = ("png", "svg"),
) -> dict[str, Path]:
    """Write a figure as STEM.png and STEM.svg; the store passes its own writer.

    Returns the paths by kind.
    """
    paths = {}
    for kind in kinds:
        paths[kind] = Path(f"{stem}.{kind}")
        write_bytes(paths[kind], image(figure, kind))
    return paths
