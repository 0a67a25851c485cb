"""Reads the flags of `shiyu scenarios new` as settings, and brings faults back to their flags."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.kernel.fault import Fault, ScenarioError, ShiyuError, printable

if TYPE_CHECKING:
    from sim.scenario import Known
    from sim.scenario import Scenario as Checked

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_SHOCK = ("kind", "on", "division", "households")
_SET = "--set "
_SET_SHOCKS = f"{_SET}shocks"
_FLAGS = {
    "policies": "--policy",
    "shocks": "--shock",
    "time.years": "--years",
    "scale": "--scale",
    "name": "NAME",
    "extends": "--extends",
    "place": "--place",
    "title": "--title",
    "why": "--question",
}


def dated_shocks(written: Sequence[str]) -> list[dict[str, Any]]:
    """The shocks as a scenario writes them; what they say is judged with the scenario."""
    from sim.scenario import SHOCK_KINDS

    found = []
    faults = []
    for shock in written:
        parts = [part.strip() for part in shock.split(":")]
        if not 2 <= len(parts) <= len(_SHOCK) or not all(parts[:2]):
            form = ":".join(key.upper() for key in ("kind", "date", *_SHOCK[2:]))
            faults.append(f"--shock {printable(shock)}: not a shock; write {form}")
        else:
            keys = (*_SHOCK[:3], SHOCK_KINDS.get(parts[0]) or _SHOCK[3])
            pairs = zip(keys, parts, strict=False)
            found.append({key: _typed(part) for key, part in pairs if part})
    if faults:
        raise ShiyuError("\n".join(faults))
    return found


def _typed(part: str) -> Any:
    """A part of a shock as a number or a day where it is one."""
    if _DAY.fullmatch(part):
        try:
            return date.fromisoformat(part)
        except ValueError:
            return part
    return int(part) if part.isascii() and part.isdigit() else part


def checked_scenario(
    content: Mapping[str, Any], settings: Mapping[str, Any], facts: "Known"
) -> "Checked":
    """The scenario that the flags make, or ScenarioError whose faults name the flags."""
    from sim.scenario import load

    try:
        return load(dict(content), facts, settings)
    except ScenarioError as error:
        faults = [_at_its_flag(fault) for fault in error.faults if fault.where != _SET_SHOCKS]
        for shock in settings.get("shocks", ()):
            faults += _faults_of(shock, content, settings, facts)
        raise ScenarioError(faults or map(_at_its_flag, error.faults)) from None


def _faults_of(
    shock: Mapping[str, Any],
    content: Mapping[str, Any],
    settings: Mapping[str, Any],
    facts: "Known",
) -> list[Fault]:
    """The faults of one shock, located at its flag."""
    from sim.scenario import load

    try:
        load(dict(content), facts, {**settings, "shocks": [shock]})
    except ScenarioError as error:
        where = f"--shock {':'.join(map(str, shock.values()))}"
        own = [fault for fault in error.faults if fault.where == _SET_SHOCKS]
        return [replace(fault, where=printable(where)) for fault in own]
    return []


def _at_its_flag(fault: Fault) -> Fault:
    """A fault of a flag, located there; those of files stay where they are."""
    if fault.where == "<dict>":
        return replace(fault, where=_FLAGS.get(fault.key.partition(".")[0], "scenario"))
    key = fault.where.removeprefix(_SET)
    return fault if key == fault.where else replace(fault, where=_flag_of(key) or "--set")


def warning_at_its_flag(warning: str) -> str:
    """A warning of a setting, which names `--set KEY`, located at the flag that was typed."""
    key, colon, rest = warning.removeprefix(_SET).partition(": ")
    flag = _flag_of(key) if warning.startswith(_SET) else None
    return warning if flag is None else f"{flag}{colon}{rest}"


def _flag_of(key: str) -> str | None:
    """The flag by which a key was set: `--years`, or `--policy LEVER`; None if it has none."""
    lever = key.removeprefix("policies.")
    return _FLAGS.get(key) if lever == key else f"{_FLAGS['policies']} {lever}"


def plain_policies(settings: Mapping[str, Any]) -> dict[str, Any]:
    """The values of the policies, read as YAML, by lever."""
    from sim.scenario.faults import Faults
    from sim.scenario.node import Source
    from sim.scenario.read import read_text

    found = {}
    for key, value in settings.items():
        if key.startswith("policies."):
            node = read_text(value, Source(f"--set {key}", Path.cwd()), Faults())
            found[key.removeprefix("policies.")] = None if node is None else node.plain()
    return found
