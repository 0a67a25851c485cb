"""Writes a checked scenario down again: as a plain mapping, and as YAML with origins."""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.scenario.levers import worded
from sim.scenario.scalars import scalar

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario

_DAYS = ("start", "from", "on", "until")
_LINE = re.compile(r"(:\d+):\d+$")  # a line is enough for a reader
_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_./-]*")


def content_hash(path: Path) -> str:
    """The SHA-256 of a file's bytes."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def written(scenario: "Scenario", place: str, *, everything: bool) -> dict[str, Any]:
    """The plain mapping that loads as this scenario; `everything`: all mechanisms are on."""
    own: list[str] = ["all"] if everything else list(scenario.mechanisms)
    names = [*own, *scenario.user_mechanisms]
    said: dict[str, Any] = {
        "name": scenario.name,
        "title": dict(scenario.title),
    }
    if any(scenario.why.values()):
        said["why"] = dict(scenario.why)
    said |= {
        "place": place,
        "scale": scenario.scale,
        "time": {
            "start": scenario.start.isoformat(),
            "years": scenario.years,
            "step_days": scenario.step_days,
        },
        "mechanisms": "all" if names == ["all"] else names,
    }
    if scenario.graph is not None:
        said["graph"] = str(scenario.graph)
    if scenario.parameters:
        said["parameters"] = nested(scenario.parameters)
    if scenario.policies:
        said["policies"] = nested(
            {name: worded(name, dated.plain()) for name, dated in scenario.policies.items()}
        )
    if scenario.shocks:
        said["shocks"] = [shock.plain() for shock in scenario.shocks]
    said["outcomes"] = "all" if scenario.outcomes is None else list(scenario.outcomes)
    return said


def nested(flat: Mapping[str, Any]) -> dict[str, Any]:
    """Dotted names as mappings in mappings."""
    tree: dict[str, Any] = {}
    for name, value in flat.items():
        *groups, last = name.split(".")
        branch = tree
        for group in groups:
            branch = branch.setdefault(group, {})
        branch[last] = value
    return tree


def yaml_lines(
    mapping: Mapping[str, Any], origins: Mapping[str, str], *, default: str, prefix: str = ""
) -> Iterator[str]:
    """YAML, one value a line, with the origin of each at its end (`default` if it has none)."""
    indent = "  " * prefix.count(".")
    for key, value in mapping.items():
        full = f"{prefix}{key}"
        if isinstance(value, Mapping) and value:
            yield f"{indent}{word(key)}:"
            yield from yaml_lines(value, origins, default=default, prefix=f"{full}.")
        else:
            origin = _LINE.sub(r"\1", origins.get(full) or default)
            yield f"{indent}{word(key)}: {_said(key, value)}  # {origin}"


def flow(value: Any) -> str:
    """A value on one line of YAML."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{word(k)}: {_said(k, v)}" for k, v in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(flow, value)) + "]"
    if isinstance(value, float) and value == int(value) and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, str):
        return word(value)
    return json.dumps(value)


def _said(key: str, value: Any) -> str:
    """A value on one line; under a key that holds a day, the day needs no quotes."""
    return str(value) if key in _DAYS else flow(value)


def word(text: str) -> str:
    """A word, in quotes unless it reads as itself without them."""
    if _PLAIN.fullmatch(text) and scalar(text) == text:
        return text
    return json.dumps(text, ensure_ascii=False)
