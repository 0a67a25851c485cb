"""A scenario that begins in the middle of another: one past, and from a day on other policies.

    levers      until the day what held in the past, from the day on what the scenario says
    shocks      those that came, where they stood in the past's list; then the scenario's own
    parameters  of mechanisms: from the day on the scenario's
    years       the scenario's, if they reach beyond the day

The result is a scenario like any other. Where only levers, shocks and years changed, it is the
very scenario that a file with dated levers would state, and has its id.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from sim.kernel.fault import Fault, ScenarioError
from sim.scenario.levers import worded
from sim.scenario.scenario import Scenario
from sim.scenario.schedules import Dated, Schedule
from sim.scenario.shocks import Shock
from sim.scenario.written import nested

# What the built city and the warm-up stand on; a branch cannot change it.
FIXED = ("place", "scale", "start", "step_days", "mechanisms", "user_mechanisms", "graph")
_ALLOWED = "a branch may change policies, shocks, years and parameters of mechanisms"
# What it need not say again, though it was said of the past: the rest must be as it was.
_FREE = ("policies", "outcomes", "scenario")
Trouble = tuple[str, str, str]  # key, what is wrong, what is allowed


@dataclass(frozen=True)
class Past:
    """What a run was until the day on which others branch from it.

    Attributes:
        on: the day from which a branch may differ.
        days: days since the start that have been run; at most those until `on`.
        canonical: what decided the run until then.
        policies: its levers, `shocks` its shocks (also those that had not come yet).
        parameters: what its scenario set; `moved` those that differ from their defaults.
        settings: every parameter of a mechanism in force at the end.
        retuned: changes of parameters on the way.
    """

    on: date
    days: float
    canonical: Mapping[str, Any]
    policies: Mapping[str, Schedule]
    shocks: tuple[Shock, ...]
    parameters: Mapping[str, float]
    moved: Mapping[str, float]
    settings: Mapping[str, float]
    retuned: tuple[tuple[date, Mapping[str, float]], ...] = ()


def may_differ(key: str) -> bool:
    """Whether a branch may leave out a setting, by its dotted key, that was made for its past."""
    return key.partition(".")[0] in _FREE or key == "time.years"


def past_of(scenario: Scenario, on: date, days: float, settings: Mapping[str, float]) -> Past:
    """The past that a scenario leaves for those who branch on a day.

    Raises ScenarioError when the scenario does not run on that day.
    """
    last = scenario.start + timedelta(days=int(scenario.steps * scenario.step_days))
    if not scenario.start <= on <= last:
        allowed = f"allowed: {scenario.start} to {last} (date)"
        raise ScenarioError(
            [Fault(scenario.name, 0, 0, "until", f"{on} is outside the run", allowed)]
        )
    return Past(
        on=on,
        days=days,
        canonical=until(scenario, on, days),
        policies=dict(scenario.policies),
        shocks=scenario.shocks,
        parameters=dict(scenario.parameters),
        moved=dict(scenario.moved),
        settings=dict(settings),
        retuned=tuple(one for one in scenario.retuned if one[0] < on),
    )


def until(scenario: Scenario, on: date, days: float) -> dict[str, Any]:
    """What decides a run until a day: alike for scenarios that differ only later."""
    found = scenario.canonical()
    del found["years"]
    rows = {
        name: [row for row in dated if row[0] < on.isoformat()]
        for name, dated in found["policies"].items()
    }
    found["policies"] = {name: dated for name, dated in rows.items() if dated}
    come = [(i, one.plain()) for i, one in enumerate(scenario.shocks) if _day(scenario, one) < days]
    found["shocks"] = [[place, said] for place, said in come]
    return found


def branched(
    scenario: Scenario, past: Past, settings: Mapping[str, float], label: str
) -> tuple[Scenario, tuple[str, ...]]:
    """The scenario that has this past and goes on as `scenario` says.

    Args:
        scenario: what holds from the day on.
        past: what was.
        settings: every parameter of a mechanism under `scenario`.
        label: what faults call the state.

    Returns:
        The scenario, and the levers of which `scenario` says something else for the past.

    Raises:
        ScenarioError: it changes what a branch cannot change; with every fault.
    """
    faults = [*_fixed(scenario, past), *_place_numbers(scenario, past), *_length(scenario, past)]
    replaced, contradicted = _told_otherwise(scenario, past)
    dated, troubles = _shocks(scenario, past)
    faults += contradicted + troubles
    if faults:
        raise ScenarioError([Fault(label, 0, 0, *fault) for fault in faults])
    schedules = _schedules(scenario, past)
    changed = {n: v for n, v in settings.items() if past.settings.get(n) != v}
    said = dict(scenario.written)
    for key, held in (
        ("parameters", dict(past.parameters)),
        ("policies", {name: worded(name, dated.plain()) for name, dated in schedules.items()}),
        ("shocks", [shock.plain() for shock in dated]),
    ):
        said.pop(key, None)
        if held:
            said[key] = nested(held) if isinstance(held, dict) else held
    found = replace(
        scenario,
        policies=schedules,
        shocks=dated,
        parameters=past.parameters,
        moved=past.moved,
        retuned=(*past.retuned, (past.on, changed)) if changed else past.retuned,
        written=said,
    )
    return found, replaced


def _fixed(scenario: Scenario, past: Past) -> list[Trouble]:
    """What differs of that which cannot change."""
    mine = scenario.canonical()
    names = {"start": "time.start", "step_days": "time.step_days"}
    return [
        (names.get(key, key), _unlike(past.canonical[key], mine[key]), _ALLOWED)
        for key in FIXED
        if mine[key] != past.canonical[key]
    ]


def _unlike(held: Any, own: Any) -> str:
    """How two values differ, for a message."""
    if isinstance(own, int | float) or (isinstance(own, str) and len(own) == len("2020-01-01")):
        return f"is {own} here and {held} in the saved run"
    if isinstance(own, list) and all(isinstance(name, str) for name in [*own, *held]):
        lacks, more = ([n for n in a if n not in b] for a, b in ((held, own), (own, held)))
        told = [f"{word} {', '.join(ns)}" for word, ns in (("lacks", lacks), ("adds", more)) if ns]
        return f"{' and '.join(told) or 'has another order'} beside the saved run"
    return "is another one than in the saved run"  # told apart by what is in their files


def _place_numbers(scenario: Scenario, past: Past) -> list[Trouble]:
    """Numbers of the place that differ: the city was built with them."""
    return [
        (f"parameters.{name}", "is a number of the place, which is built already", _ALLOWED)
        for name in sorted(past.moved.keys() | scenario.moved.keys())
        if name in scenario.place.values and past.moved.get(name) != scenario.moved.get(name)
    ]


def _length(scenario: Scenario, past: Past) -> list[Trouble]:
    """A run must have a step to go."""
    if scenario.steps * scenario.step_days > past.days:
        return []
    words = f"{scenario.years:g} years end before the state does, which is of {past.on}"
    return [("time.years", words, "give it more years")]


def _schedules(scenario: Scenario, past: Past) -> dict[str, Schedule]:
    """Every lever: as it was before the day, and as the scenario says from the day on."""
    found = {}
    for name in dict.fromkeys([*past.policies, *scenario.policies]):
        before = past.policies.get(name, Schedule(()))
        after = scenario.policies.get(name, Schedule(()))
        dated = [Dated(one.since or scenario.start, one.level) for one in before.steps]
        kept = [one for one in dated if one.since is not None and one.since < past.on]
        later = [one for one in after.steps if one.since is not None and one.since > past.on]
        found[name] = Schedule((*kept, Dated(past.on, after.level_on(past.on)), *later))
    return found


def _shocks(scenario: Scenario, past: Past) -> tuple[tuple[Shock, ...], list[Trouble]]:
    """Shocks that came keep their places in the list, since their luck goes by these."""
    came = {i: one for i, one in enumerate(past.shocks) if _day(scenario, one) < past.days}
    own = scenario.shocks
    if all(i < len(own) and own[i] == one for i, one in came.items()):
        rest = [one for i, one in enumerate(own) if i not in came]
        dated = own
    else:
        rest = [one for one in own if one not in came.values()]
        ahead = iter(rest)
        dated = ()
        for i in range(len(came) + len(rest)):
            one = came.get(i) or next(ahead, None)
            dated += (one,) if one is not None else ()
    faults = []
    for one in rest:
        if _day(scenario, one) < past.days:
            words = f"{one.kind} of {one.on} lies in the past, where the state has none such"
            faults.append(("shocks", words, "leave it out, or run from the start"))
    if any(i >= len(dated) or dated[i] != one for i, one in came.items()):
        words = "the shocks that came stood behind others that had not come"
        faults.append(("shocks", words, "list them in the same places"))
    return dated, faults


def _told_otherwise(scenario: Scenario, past: Past) -> tuple[tuple[str, ...], list[Trouble]]:
    """The levers of which the scenario says something else before the day than what was.

    A level without a date can only mean the day and after. One with a date before the day is a
    contradiction.
    """
    said = until(scenario, past.on, past.days)["policies"]
    held = past.canonical["policies"]
    replaced, faults = [], []
    for name in sorted(said.keys() | held.keys()):
        if said.get(name) == held.get(name):
            continue
        days = scenario.policies.get(name, Schedule(())).days()
        early = [day.isoformat() for day in days if day < past.on]
        if early:
            words = f"is dated {', '.join(early)}, when the saved run had another"
            allowed = f"date it {past.on} or later; without a date it holds from then on"
            faults.append((f"policies.{name}", words, allowed))
        else:
            replaced.append(name)
    return tuple(replaced), faults


def _day(scenario: Scenario, shock: Shock) -> float:
    return float((shock.on - scenario.start).days)
