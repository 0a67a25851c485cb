"""Draws settings of a limit at random, so that it is checked where nobody has looked.

Numbers are drawn between a third and three times their default (evenly on a log scale; around 0
evenly within the allowed range), inside what the limit allows; words evenly; lists number by
number. Settings that make no sense together (an overloaded queue) are refused by the limit itself
and drawn again.
"""

import inspect
import math
from collections.abc import Callable
from typing import Annotated, Any, Literal, get_args, get_origin, get_type_hints

import numpy as np

from sim.kernel import Limit, Within

REACH = 3.0  # times the default, and one over it
ATTEMPTS = 200


def drawn(factory: Callable[..., Limit], count: int, seed: int) -> list[Limit]:
    """The limit at `count` random settings; the same seed gives the same settings.

    Raises RuntimeError when the limit refuses almost everything that is drawn.
    """
    luck = np.random.default_rng([seed, *factory.__name__.encode()])
    hints = get_type_hints(factory, include_extras=True)
    defaults = inspect.signature(factory).parameters
    found: list[Limit] = []
    for _ in range(ATTEMPTS * count):
        if len(found) == count:
            return found
        settings = {
            name: _value(hints[name], parameter.default, luck)
            for name, parameter in defaults.items()
        }
        try:
            found.append(factory(**settings))
        except ValueError:
            continue
    raise RuntimeError(f"{factory.__name__} refuses most settings near its defaults")


def _value(hint: Any, default: Any, luck: np.random.Generator) -> Any:
    bounds = Within(-math.inf, math.inf)
    if get_origin(hint) is Annotated:
        hint, *extras = get_args(hint)
        bounds = next((extra for extra in extras if isinstance(extra, Within)), bounds)
    if get_origin(hint) is Literal:
        return get_args(hint)[luck.integers(len(get_args(hint)))]
    if isinstance(default, tuple):
        whole = get_args(hint)[:1] == (int,)
        return tuple(_number(part, whole, bounds, luck) for part in default)
    if isinstance(default, bool) or not isinstance(default, int | float):
        return default
    return _number(default, hint is int, bounds, luck)


def _number(default: float, whole: bool, bounds: Within, luck: np.random.Generator) -> float | int:
    """A number near the default and inside its bounds."""
    if default == 0:
        low, high = max(bounds.low, -1.0), min(bounds.high, 1.0)
        number = luck.uniform(low, high)
    else:
        number = default * REACH ** luck.uniform(-1.0, 1.0)
    number = min(max(number, bounds.low), bounds.high)
    return round(number) if whole else float(f"{number:.4g}")
