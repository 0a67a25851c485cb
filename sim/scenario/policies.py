"""Checks policies: which lever, at what value, from when on, in which divisions."""

from collections.abc import Collection, Sequence
from datetime import date

import numpy as np

from sim.scenario import wording
from sim.scenario.checks import Checks
from sim.scenario.divisions import division_of, note_unknown
from sim.scenario.faults import warning
from sim.scenario.fields import Time
from sim.scenario.known import PlaceFacts
from sim.scenario.levers import LEVERS, Lever
from sim.scenario.names import Section, spelt
from sim.scenario.node import Node
from sim.scenario.schedules import Dated, Level, Schedule

_LEVEL_KEYS = ("default", "divisions")
_STEP_KEYS = ("from", "value")
_UNBOUNDED = 1e15  # for levers that only a user's mechanism knows


def policies(
    node: Node,
    obeyed: Collection[str],
    mechanisms: Collection[str],
    place: PlaceFacts | None,
    time: Time | None,
    checks: Checks,
) -> tuple[dict[str, Schedule], list[str]]:
    """The schedule of every lever that a scenario sets, by the lever's dotted name, and warnings.

    `obeyed` are the levers that the present mechanisms obey, `mechanisms` their names.
    """
    found: dict[str, Schedule] = {}
    warnings: list[str] = []
    names = dict.fromkeys([*LEVERS, *obeyed])
    section = Section("policies", names, _meaning, wording.NO_LEVER, wording.ALL_LEVERS)
    for name, child in spelt(node, section, checks):
        key = f"policies.{name}"
        if _is_obeyed(name, child, key, obeyed, mechanisms, checks):
            if place is not None and name not in place.bases:
                words = wording.NO_BASE.format(place=place.name)
                checks.faults.add(child.key_spot, key, words)
            schedule = _Reader(name, key, place, checks).schedule(child)
            if schedule is not None:
                found[name] = schedule
                warnings += _without_effect(name, child, schedule, place, time)
    return found, warnings


def _without_effect(
    name: str, node: Node, schedule: Schedule, place: PlaceFacts | None, time: Time | None
) -> list[str]:
    """Dated levels that no step of the run sees, or that never leave the place's base."""
    key = f"policies.{name}"
    if time is None or not schedule.days() or len(schedule.steps) != len(node.items):
        return []
    late = [
        warning(
            member.children["from"].spot,
            f"{key}.from",
            wording.NEVER_HOLDS.format(day=step.since, last=time.last_step),
        )
        for member, step in zip(node.items, schedule.steps, strict=True)
        if step.since is not None and step.since > time.last_step
    ]
    if late or place is None or name not in place.bases:
        return late
    base = np.array(place.bases[name], float)
    held = [
        level.over(base, place.divisions)
        for _, level in schedule.in_force(time.start, time.last_step)
    ]
    if all(np.array_equal(values, base) for values in held):
        return [warning(node.key_spot, key, wording.AT_BASE.format(place=place.name))]
    return []


def _is_obeyed(
    name: str,
    node: Node,
    key: str,
    obeyed: Collection[str],
    mechanisms: Collection[str],
    checks: Checks,
) -> bool:
    if name in obeyed:
        return True
    mechanism = LEVERS[name].mechanism
    words = wording.NOT_OBEYED if mechanism in mechanisms else wording.NOT_YET
    checks.faults.add(node.key_spot, key, words.format(mechanism=mechanism))
    return False


def _meaning(name: str) -> tuple[str, ...]:
    """What a lever means; nothing of one that only a user's mechanism knows."""
    return tuple(LEVERS[name].meaning.values()) if name in LEVERS else ()


class _Reader:
    """Reads the setting of one lever."""

    def __init__(self, name: str, key: str, place: PlaceFacts | None, checks: Checks) -> None:
        self._lever = LEVERS.get(name) or Lever(name, "number", -_UNBOUNDED, _UNBOUNDED, "", {})
        self._key = key
        self._place = place
        self._checks = checks

    def schedule(self, node: Node) -> Schedule | None:
        """A number, a mapping of divisions, or a list of dated ones."""
        if not isinstance(node.value, tuple):
            level = self._level(node, self._key)
            return None if level is None else Schedule((Dated(None, level),))
        if not node.value:
            self._checks.refuse(node, self._key, wording.EMPTY, wording.LEAVE_OUT)
        steps = [self._step(member) for member in node.value]
        self._check_order(node, steps)
        complete = [step for step in steps if step is not None and step.since is not None]
        return Schedule(tuple(complete)) if complete else None

    def _step(self, node: Node) -> Dated | None:
        entries = self._checks.entries(node, self._key, _STEP_KEYS)
        if not isinstance(node.value, dict):
            return None
        for name in _STEP_KEYS:
            if name not in entries:
                self._checks.refuse(node, f"{self._key}.{name}", wording.MISSING)
        since = level = None
        if "from" in entries:
            since = self._checks.day(entries["from"], f"{self._key}.from")
        if "value" in entries:
            level = self._level(entries["value"], f"{self._key}.value")
        return Dated(since, level or Level())

    def _check_order(self, node: Node, steps: Sequence[Dated | None]) -> None:
        last: date | None = None
        for member, step in zip(node.items, steps, strict=True):
            since = None if step is None else step.since
            if since is None:
                continue
            spot = member.children["from"].spot
            if last is not None and since == last:
                words = wording.SAME_DAY.format(day=since)
                self._checks.faults.add(spot, f"{self._key}.from", words)
            elif last is not None and since < last:
                words = wording.UNSORTED.format(later=since, earlier=last)
                self._checks.faults.add(spot, f"{self._key}.from", words)
            last = since if last is None else max(since, last)

    def _level(self, node: Node, key: str) -> Level | None:
        if not isinstance(node.value, dict):
            value = self._value(node, key)
            return None if value is None else Level(value)
        entries = self._level_entries(node, key)
        default: float | None = None
        if "default" in entries:
            default = self._value(entries["default"], f"{key}.default")
        divisions: dict[str, float] = {}
        if "divisions" in entries:
            divisions = self._by_division(entries["divisions"], f"{key}.divisions")
        if not entries and not node.value:
            self._checks.refuse(node, key, wording.NEEDS_LEVEL)
        return Level(default, tuple(sorted(divisions.items())))

    def _level_entries(self, node: Node, key: str) -> dict[str, Node]:
        """The entries of a level; a division that stands beside `divisions` is pointed out."""
        checks = self._checks
        for name, child in node.children.items():
            if name in _LEVEL_KEYS:
                continue
            if self._place is not None and division_of(name, self._place):
                allowed = wording.HERE.format(names=", ".join(_LEVEL_KEYS))
                words, meant = wording.UNKNOWN_KEY, f"divisions: {{{name}: ...}}"
                checks.faults.add(child.key_spot, f"{key}.{name}", words, allowed, meant)
            else:
                words = wording.UNKNOWN_KEY
                checks.faults.unknown(child.key_spot, f"{key}.{name}", words, name, _LEVEL_KEYS)
        return {name: child for name, child in node.children.items() if name in _LEVEL_KEYS}

    def _by_division(self, node: Node, key: str) -> dict[str, float]:
        entries = self._checks.mapping(node, key)
        if entries is not None and not entries:
            self._checks.refuse(node, key, wording.EMPTY, wording.LEAVE_OUT)
        found: dict[str, float] = {}
        for name, child in (entries or {}).items():
            value = self._value(child, f"{key}.{name}")
            slug = self._division(name, child, f"{key}.{name}")
            if slug in found:
                words = wording.SAME_DIVISION.format(division=slug)
                advice = wording.CALL_ALIKE.format(division=slug)
                self._checks.faults.add(child.key_spot, f"{key}.{name}", words, advice)
            elif slug is not None and value is not None:
                found[slug] = value
        return found

    def _division(self, name: str, node: Node, key: str) -> str | None:
        """The slug of a division, however it is called; None with a fault noted if none is."""
        if self._place is None:
            return name
        slug = division_of(name, self._place)
        if slug is None:
            note_unknown(self._checks.faults, node.key_spot, key, name, self._place)
        return slug

    def _value(self, node: Node, key: str) -> float | None:
        lever = self._lever
        if lever.choices:
            return self._choice(node, key, lever.choices)
        return self._checks.within(node, key, lever.low, lever.high, lever.unit, whole=lever.whole)

    def _choice(self, node: Node, key: str, choices: Sequence[str]) -> float | None:
        """The position of a word; a number, which no reader could look up, is none."""
        if isinstance(node.value, int | float) and not isinstance(node.value, bool):
            number = self._checks.number(node, key)
            if number is not None:
                words = wording.NO_CHOICE.format(written=wording.shown(number))
                allowed = wording.HERE.format(names=", ".join(choices))
                meant = choices[int(number)] if number in range(len(choices)) else ""
                self._checks.faults.add(node.spot, key, words, allowed, meant)
            return None
        written = self._checks.text(node, key)
        if written is None or written in choices:
            return None if written is None else float(choices.index(written))
        words = wording.NO_CHOICE.format(written=wording.short(written))
        self._checks.faults.unknown(node.spot, key, words, written, choices)
        return None
