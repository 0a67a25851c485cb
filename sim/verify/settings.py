"""Turns what a user sets (`inflow=.3`, `thresholds=0,1,2`) into the typed arguments of a limit.

A limit's factory is its own schema: its argument names are the settings, its annotations say what
each may be. Every fault is found before anything runs.
"""

import inspect
import math
from collections.abc import Callable, Mapping
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from sim.kernel import Fault, Within

Factory = Callable[..., Any]


class BadSettingError(ValueError):
    """A value that a setting cannot take; says what is wrong and what is allowed."""

    def __init__(self, trouble: str, allowed: str) -> None:
        super().__init__(f"{trouble}; {allowed}")
        self.trouble = trouble
        self.allowed = allowed


def names_of(factory: Factory) -> tuple[str, ...]:
    """The settings that a limit takes."""
    return tuple(inspect.signature(factory).parameters)


def arguments(
    name: str, factory: Factory, settings: Mapping[str, Any]
) -> tuple[dict[str, Any], list[Fault]]:
    """The typed arguments among `settings` for this limit, and a fault for each bad value."""
    hints = get_type_hints(factory, include_extras=True)
    found: dict[str, Any] = {}
    faults = []
    for key in names_of(factory):
        if key not in settings:
            continue
        try:
            found[key] = read(settings[key], hints.get(key, Any))
        except BadSettingError as bad:
            faults.append(Fault("verify", 0, 0, f"{name}.{key}", bad.trouble, bad.allowed))
    return found, faults


def read(value: Any, hint: Any) -> Any:
    """The value as the annotation asks for it; raises BadSettingError."""
    bounds = None
    if get_origin(hint) is Annotated:
        hint, *extras = get_args(hint)
        bounds = next((extra for extra in extras if isinstance(extra, Within)), None)
    if get_origin(hint) in (Union, UnionType):
        hint = next(option for option in get_args(hint) if option is not type(None))
    if get_origin(hint) is Literal:
        return _choice(value, get_args(hint))
    if get_args(hint) and hint is not str:
        return tuple(_number(part, get_args(hint)[0], bounds) for part in _parts(value))
    if hint in (int, float):
        return _number(value, hint, bounds)
    return value


def _choice(value: Any, options: tuple[Any, ...]) -> Any:
    for option in options:
        if str(option) == str(value):
            return option
    raise BadSettingError(f"{value!r} is not known", f"one of {', '.join(map(str, options))}")


def _parts(value: Any) -> list[Any]:
    parts = [part.strip() for part in value.split(",")] if isinstance(value, str) else value
    parts = list(parts) if isinstance(parts, list | tuple) else [parts]
    if not parts or "" in parts:
        raise BadSettingError(f"{value!r} is not a list", "numbers with commas between, as 1,2,3")
    return parts


def _number(value: Any, kind: type, bounds: Within | None) -> float | int:
    asked = "a whole number" if kind is int else "a number"
    give = f"give {asked}"
    try:
        number = float(value)
    except (TypeError, ValueError):
        raise BadSettingError(f"{value!r} is not a number", give) from None
    if isinstance(value, bool) or not math.isfinite(number):
        raise BadSettingError(f"{value!r} is not a finite number", give)
    if kind is int and number != int(number):
        raise BadSettingError(f"{value!r} is not whole", give)
    if bounds is not None and not bounds.low <= number <= bounds.high:
        allowed = f"give {asked} from {bounds.low:g} to {bounds.high:g}"
        raise BadSettingError(f"{number:g} is out of range", allowed)
    return int(number) if kind is int else number
