"""Runs known results through the mechanism's own class and says whether each one holds.

A limit is a public function of a mechanism's file that returns a `Limit`; its name is the
function's. The interval is the 99.99 % interval of Student's t around the mean of the replications
(4.4 standard errors with 30 of them, 6.6 with 10); a correct limit falls outside once in ten
thousand times. It is widened by the tolerance that the limit states. The result holds when the
expected value lies inside it.
"""

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict
from functools import cache
from types import ModuleType
from typing import Any

import numpy as np
from scipy.special import stdtrit

import sim.mechanisms
from sim.kernel import Fault, Limit, Mechanism, ScenarioError, nearest
from sim.kernel.limit import Sample, Verdict
from sim.verify.drawn import drawn
from sim.verify.settings import arguments, names_of

CONFIDENCE = 0.9999
FIRST_SEED = 20_200_101


@cache
def limits() -> dict[str, Callable[..., Limit]]:
    """Every limit by name: the function that builds it from its settings."""
    found: dict[str, Callable[..., Limit]] = {}
    for module in _mechanism_modules():
        for name, factory in vars(module).items():
            if not name.startswith("_") and _builds_limit(factory, module):
                if name in found:
                    raise RuntimeError(f"two limits are called {name}")
                found[name] = factory
    return dict(sorted(found.items()))


def mechanism_of(factory: Callable[..., Limit]) -> type[Mechanism]:
    """The class that a limit is about: the mechanism of its file, or else the one it imports."""
    module = importlib.import_module(factory.__module__)
    found = [value for value in vars(module).values() if _is_mechanism(value)]
    own = [kind for kind in found if kind.__module__ == module.__name__]
    return (own or found)[0]


def verify(
    names: Sequence[str] = (),
    settings: Mapping[str, Any] | None = None,
    at_random: int = 0,
    seed: int = 1,
    told: Callable[[float, float], None] | None = None,
) -> list[Verdict]:
    """Run these limits (all of them when none is named) and judge every quantity.

    `settings` are values by name, as text or typed; each must belong to one of the limits. Each
    limit is run at `at_random` further settings as well, drawn by `seed`. `told` hears how many are
    done, and of how many. Raises ScenarioError with all faults when a name or a setting is wrong;
    nothing has run then.
    """
    asked = build(names, settings or {})
    if at_random:
        asked = [
            each for limit in asked for each in (limit, *drawn(_factory(limit), at_random, seed))
        ]
    verdicts: list[Verdict] = []
    for done, limit in enumerate(asked):
        verdicts += check(limit, mechanism_of(_factory(limit)))
        if told:
            told(done + 1, len(asked))
    return verdicts


def _factory(limit: Limit) -> Callable[..., Limit]:
    return limits()[limit.name]


def build(names: Sequence[str], settings: Mapping[str, Any]) -> list[Limit]:
    """The limits asked for, at these settings; raises ScenarioError with all faults."""
    known = limits()
    faults = [
        Fault("verify", 0, 0, name, "no such limit", _listed(known), nearest(name, known))
        for name in names
        if name not in known
    ]
    asked = {name: known[name] for name in (names or known) if name in known}
    allowed = sorted({key for factory in asked.values() for key in names_of(factory)})
    faults += [
        Fault("verify", 0, 0, key, "no such setting", _listed(allowed), nearest(key, allowed))
        for key in settings
        if key not in allowed and asked
    ]
    found = []
    for name, factory in asked.items():
        typed, bad = arguments(name, factory, settings)
        faults += bad
        if bad:
            continue
        try:
            found.append(factory(**typed))
        except ValueError as error:
            faults.append(Fault("verify", 0, 0, name, str(error)))
    if faults:
        raise ScenarioError(faults)
    return found


def check(limit: Limit, mechanism: type[Mechanism]) -> list[Verdict]:
    """Run one limit through this class and judge its quantities."""
    samples = {quantity.name: Sample() for quantity in limit.quantities}
    for replication in range(limit.replications):
        values = limit.simulate(mechanism, FIRST_SEED + replication)
        for name, sample in samples.items():
            sample.values.append(np.asarray(values[name], float))
    return [_judged(limit, quantity, samples[quantity.name]) for quantity in limit.quantities]


def verdict_rows(verdicts: Iterable[Verdict]) -> list[dict[str, Any]]:
    """Verdicts as rows that JSON can hold."""
    return [_plain(asdict(verdict)) for verdict in verdicts]


def _judged(limit: Limit, quantity: Any, sample: Sample) -> Verdict:
    expected = np.asarray(quantity.expected, float)
    same_shape = all(value.shape == expected.shape for value in sample.values)
    mean = sample.mean() if same_shape else sample.values[0]
    error = sample.standard_error() if same_shape else np.zeros_like(mean)
    reach = error * _t(len(sample.values))
    low, high = mean - reach, mean + reach
    holds = same_shape and bool(
        np.all(low - quantity.tolerance <= expected)
        and np.all(expected <= high + quantity.tolerance)
    )
    return Verdict(
        name=limit.name,
        parameters=dict(limit.parameters),
        quantity=quantity.name,
        unit=quantity.unit,
        expected=_plain(expected),
        simulated=_plain(mean),
        low=_plain(low),
        high=_plain(high),
        holds=holds,
        standard_error=_plain(error),
    )


@cache
def _t(replications: int) -> float:
    """How many standard errors the interval reaches to each side; 0 for a single replication."""
    if replications < 2:
        return 0.0
    return float(stdtrit(replications - 1, 0.5 + CONFIDENCE / 2.0))


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    if isinstance(value, np.ndarray | np.generic):
        return value.tolist()
    return value


def _listed(words: Iterable[str]) -> str:
    return f"one of {', '.join(words)}"


def _mechanism_modules() -> Iterable[ModuleType]:
    root = sim.mechanisms
    for entry in pkgutil.walk_packages(root.__path__, f"{root.__name__}."):
        if not entry.ispkg:
            yield importlib.import_module(entry.name)


def _is_mechanism(value: Any) -> bool:
    return isinstance(value, type) and issubclass(value, Mechanism) and value is not Mechanism


def _builds_limit(value: Any, module: ModuleType) -> bool:
    return (
        inspect.isfunction(value)
        and value.__module__ == module.__name__
        and value.__annotations__.get("return") in (Limit, "Limit")
    )
