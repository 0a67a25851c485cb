"""Numbers as people read them: as many digits as the uncertainty earns, and units in words."""

import contextlib
import math

import numpy as np

from sim.text import say

MINUS = "\u2212"
SPACE = "\u00a0"  # does not break at the end of a line
NONE = "–"
MOST_PLACES = 6
UNSEEN = 0.5 * 10.0**-MOST_PLACES  # shows as 0 with the most decimals: rounding is all it is


def is_share(unit: str) -> bool:
    """Whether a unit is a share of 1, which people read as per cent."""
    return unit == "share" or unit.startswith("share ")


def factor_of(unit: str) -> float:
    """What a value is multiplied by before it is shown: 100 for shares."""
    return 100.0 if is_share(unit) else 1.0


def known(value: object) -> bool:
    """Whether there is a finite number to show (None, NaN and pandas' NA are none)."""
    try:
        return math.isfinite(float(value))  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return False


def places(spread: float, size: float = 0.0) -> int:
    """Decimals worth showing of a number of some size when its uncertainty is `spread`.

    The last digit is about a third of the uncertainty, but at most four digits count; without an
    uncertainty, two or three do.
    """
    size = abs(size) if known(size) else 0.0
    scale = spread if known(spread) and spread > 0 else size / 30
    if max(scale, size) < UNSEEN:
        return 0
    wanted = -math.floor(math.log10(scale / 3))
    most = 3 - math.floor(math.log10(size)) if size > 0 else MOST_PLACES
    return min(MOST_PLACES, max(0, min(wanted, most)))


def decimals(spread: float, size: float, unit: str, factor: float) -> int:
    """Decimals of a value of so many of a unit when it is shown times a factor.

    A share earns as many digits whether it is shown as a share or in per cent.
    """
    scale = factor_of(unit)
    spread = spread * scale if known(spread) else 0.0
    size = size * scale if known(size) else 0.0
    return places(spread, size) + round(math.log10(scale / factor))


def telling(decimals: int, low: float, high: float) -> int:
    """More decimals, two at most, where an interval that leaves out zero would show it as an end.

    “−1.1 to 0.0” beside “leaves out zero” reads as a contradiction.
    """
    nearest = min(abs(low), abs(high)) if low * high > 0 else math.inf
    seen = (more for more in (0, 1, 2) if round(nearest, decimals + more) != 0)
    return decimals + (next(seen, 0) if math.isfinite(nearest) else 0)


def plain(value: float, decimals: int, sign: bool = False) -> str:
    """A number with a real minus sign and marked thousands; a dash for what is no number."""
    if not known(value):
        return NONE
    rounded = round(float(value), decimals) + 0.0
    mark = MINUS if rounded < 0 else "+" if sign and rounded > 0 else ""
    return f"{mark}{abs(rounded):,.{decimals}f}"


def shown(value: object) -> str:
    """A parameter's value with the digits it was given."""
    if not known(value):
        return NONE
    number = float(value)  # type: ignore[arg-type]
    digits = np.format_float_positional(number, trim="-")
    return plain(number, len(digits.partition(".")[2])) if abs(number) < 1e15 else f"{number:g}"


def level(value: float, unit: str, spread: float = 0.0, lang: str | None = None) -> str:
    """A level with its unit: `18.2 %`, `41 days`. Digits follow the spread of the value."""
    factor = factor_of(unit)
    spread = spread * factor if known(spread) else 0.0
    number = plain(value * factor, places(spread, value * factor))
    return f"{number}{SPACE}%" if unit == "share" else joined(number, unit_words(unit, lang))


def change(
    value: float, unit: str, spread: float, lang: str | None = None, sign: bool = True
) -> str:
    """A difference with its unit: `−3.2 percentage points`; without a sign it is an amount."""
    factor = factor_of(unit)
    spread = spread * factor if known(spread) else 0.0
    number = plain(value * factor, places(spread, value * factor), sign)
    return joined(number, change_words(unit, lang))


def interval(low: float, high: float, unit: str, lang: str | None = None, sign: bool = True) -> str:
    """An interval of differences without its unit: `−4.1 to −2.3`; without a sign, of amounts."""
    factor = factor_of(unit)
    decimals = places((high - low) / 2 * factor, max(abs(low), abs(high)) * factor)
    decimals = telling(decimals, low * factor, high * factor)
    ends = [plain(end * factor, decimals, sign) for end in (low, high)]
    return say("report.range", lang, low=ends[0], high=ends[1])


def estimate(value: float, low: float, high: float, unit: str, lang: str | None = None) -> str:
    """A difference with its interval in brackets, without unit: `−3.2 (−4.1 to −2.3)`."""
    factor = factor_of(unit)
    if not (known(low) and known(high)):
        return plain(value * factor, places(0, value * factor), sign=True)
    decimals = places((high - low) / 2 * factor, value * factor)
    decimals = telling(decimals, low * factor, high * factor)
    ends = [plain(end * factor, decimals) for end in (low, high)]
    shown = plain(value * factor, decimals, sign=True)
    return say("report.estimate", lang, value=shown, low=ends[0], high=ends[1])


def per_cent(ratio: float, sign: bool = True) -> str:
    """A ratio as a rounded percentage: `−12 %`; below 10 % with one decimal."""
    if not known(ratio):
        return NONE
    decimals = 0 if abs(ratio) >= 0.0995 else 1
    return f"{plain(100 * ratio, decimals, sign)}{SPACE}%"


def unit_words(unit: str, lang: str | None = None) -> str:
    """What follows a number in this unit; a unit without an entry is shown as it is."""
    return worded(unit, lang, "report.unit")


def change_words(unit: str, lang: str | None = None) -> str:
    """What follows a difference in this unit: percentage points for shares."""
    return say("report.unit.points", lang) if is_share(unit) else unit_words(unit, lang)


def scale_words(unit: str, lang: str | None = None) -> str:
    """What an axis in this unit is called."""
    return worded(unit, lang, "report.scale")


def change_scale(unit: str, lang: str | None = None) -> str:
    """What an axis of differences in this unit is called: percentage points for shares."""
    return say("report.scale.points", lang) if is_share(unit) else scale_words(unit, lang)


def worded(unit: str, lang: str | None, *tables: str) -> str:
    """A unit in the words of the first of these tables that has it, else as it is spelt."""
    slug = "".join(c if c.isalnum() else "_" for c in unit.lower())
    for table in tables:
        with contextlib.suppress(KeyError):
            return say(f"{table}.{slug}", lang)
    return unit


def joined(number: str, words: str) -> str:
    """A number and its unit; no space before a unit that starts with a stroke."""
    gap = "" if not words or words.startswith("/") else SPACE
    return f"{number}{gap}{words}"
