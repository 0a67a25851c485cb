"""Turns a plain word of YAML 1.2 (core schema, plus dates) into a value.

`yes`, `on` and `012` are what they look like: two words and twelve. A day such as 2020-01-01 is a
date; a moment with hours stays text.
"""

import math
import re
from datetime import date

from sim.scenario import wording
from sim.scenario.node import Scalar

_NULL = frozenset(("", "~", "null", "Null", "NULL"))
_BOOL = {
    "true": True,
    "True": True,
    "TRUE": True,
    "false": False,
    "False": False,
    "FALSE": False,
}
_INT = re.compile(r"[-+]?[0-9]+")
_BASED = re.compile(r"0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_NOT_FINITE = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_LONGEST_INT = 18  # digits; beyond that a float holds no more of it anyway


def scalar(written: str) -> Scalar:
    """The value of a plain scalar.

    Raises ValueError, with the words of the fault, for a number that is not finite or too long
    and for a day that no calendar has.
    """
    if written in _NULL:
        return None
    if written in _BOOL:
        return _BOOL[written]
    if _NOT_FINITE.fullmatch(written):
        raise ValueError(wording.NOT_FINITE.format(written=written))
    if _INT.fullmatch(written):
        return _whole(written, 10)
    if _BASED.fullmatch(written):
        return _whole(written[2:], 8 if written[1] == "o" else 16)
    if _FLOAT.fullmatch(written):
        return _real(written)
    if _DAY.fullmatch(written):
        return day(written)
    return written


def day(written: str) -> date:
    """The day that an ISO date names; raises ValueError with the words of the fault."""
    if _DAY.fullmatch(written):
        try:
            return date.fromisoformat(written)
        except ValueError:
            pass
    raise ValueError(wording.NO_SUCH_DAY.format(written=wording.short(written)))


def _whole(digits: str, radix: int) -> int:
    if len(digits) > _LONGEST_INT:
        raise ValueError(wording.TOO_LONG_NUMBER)
    return int(digits, radix)


def _real(written: str) -> float:
    value = float(written)
    if not math.isfinite(value):
        raise ValueError(wording.NOT_FINITE.format(written=wording.short(written)))
    return value
