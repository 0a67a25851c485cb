"""Checks dated shocks: which kind, on which day, where, how many households or jobs it hits."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sim.scenario import wording
from sim.scenario.checks import LAST_DAY, Checks
from sim.scenario.divisions import division_of, note_unknown
from sim.scenario.faults import warning
from sim.scenario.fields import Time
from sim.scenario.known import PlaceFacts
from sim.scenario.levers import LEVERS
from sim.scenario.node import Node

# What a kind of shock hits, in numbers of the real place; a pandemic hits everybody.
SHOCK_KINDS: dict[str, str] = {
    "pandemic": "",
    "housing_delivery": "households",
    "fund_raising": "households",
    "siting": "households",
    "flood": "households",
    "drought": "households",
    "factory_closure": "jobs",
}
COUNTS = ("households", "jobs")
KEYS = ("kind", "on", "division", *COUNTS, "until", "response")
RESPONSES = LEVERS["response.policy"].choices
MOST = 1_000_000
FEW = 10  # simulated adults: a handful cannot stand for many


@dataclass(frozen=True)
class Shock:
    """One dated event that comes from outside.

    Attributes:
        kind: one of SHOCK_KINDS.
        on: its day.
        division: where; None means everywhere (a pandemic).
        count: households or jobs of the real place that it hits, by its kind; 0 for a pandemic.
        until: the day on which what it brought is over; None leaves that to luck or the rule.
        response: how offices answer joint action over it; None leaves it to the lever.
    """

    kind: str
    on: date
    division: str | None = None
    count: int = 0
    until: date | None = None
    response: str | None = None

    def plain(self) -> dict[str, Any]:
        """As a scenario file would say it."""
        said: dict[str, Any] = {"kind": self.kind, "on": self.on.isoformat()}
        if self.division is not None:
            said["division"] = self.division
        if SHOCK_KINDS[self.kind]:
            said[SHOCK_KINDS[self.kind]] = self.count
        if self.until is not None:
            said["until"] = self.until.isoformat()
        if self.response is not None:
            said["response"] = self.response
        return said


def shocks(
    node: Node,
    place: PlaceFacts | None,
    time: Time | None,
    scale: float | None,
    checks: Checks,
) -> tuple[tuple[Shock, ...], list[str]]:
    """The shocks of a scenario, in the order written, and warnings."""
    found: list[Shock] = []
    warnings: list[str] = []
    for member in checks.members(node, "shocks") or ():
        shock = _Reader(member, place, time, checks).shock()
        if shock is not None:
            found.append(shock)
            warnings += _warnings(member, shock, place, time, scale)
    return tuple(found), warnings


def refuse_all(node: Node, checks: Checks) -> None:
    """Where no mechanism carries shocks out, none may be written."""
    for member in checks.members(node, "shocks") or ():
        checks.refuse(member, "shocks", wording.SHOCKS_NOT_YET)


class _Reader:
    """Reads one shock; what is wrong is noted, all of it."""

    def __init__(
        self, node: Node, place: PlaceFacts | None, time: Time | None, checks: Checks
    ) -> None:
        self._node = node
        self._place = place
        self._time = time
        self._checks = checks
        self._entries = checks.entries(node, "shocks", KEYS)
        self._sound = isinstance(node.value, dict) and len(self._entries) == len(node.children)

    def shock(self) -> Shock | None:
        """The shock, or None with faults noted."""
        if not isinstance(self._node.value, dict):
            return None
        kind = self._word("kind", tuple(SHOCK_KINDS), needed=True)
        on = self._on()
        division = self._division(kind)
        count = self._count(kind)
        until = self._until(on)
        response = self._response(kind)
        if not self._sound or kind is None or on is None:
            return None
        return Shock(kind, on, division, count, until, response)

    def _refuse(self, key: str, trouble: str, allowed: str = "", *, at_key: bool = False) -> None:
        self._sound = False
        node = self._entries.get(key, self._node)
        if node.broken:
            return
        spot = node.key_spot if at_key and key in self._entries else node.spot
        self._checks.faults.add(spot, f"shocks.{key}", trouble, allowed)

    def _word(self, key: str, names: tuple[str, ...], *, needed: bool) -> str | None:
        node = self._entries.get(key)
        if node is None:
            if needed:
                self._refuse(key, wording.MISSING, wording.ALLOWED.format(names=", ".join(names)))
            return None
        written = self._checks.text(node, f"shocks.{key}")
        if written is None:
            self._sound = False
        elif written not in names:
            self._sound = False
            words = wording.NO_CHOICE.format(written=wording.short(written))
            self._checks.faults.unknown(node.spot, f"shocks.{key}", words, written, names)
            return None
        return written

    def _day(self, key: str) -> date | None:
        found = self._checks.day(self._entries[key], f"shocks.{key}")
        self._sound &= found is not None
        return found

    def _on(self) -> date | None:
        if "on" not in self._entries:
            self._refuse("on", wording.MISSING)
            return None
        day = self._day("on")
        if day is None or self._time is None:
            return day
        first, last = self._time.start, self._time.last_day
        if day < first:
            words = wording.OUTSIDE_RUN.format(day=day)
            self._refuse("on", words, wording.RANGE.format(low=first, high=last, unit="date"))
        return day

    def _division(self, kind: str | None) -> str | None:
        if "division" not in self._entries:
            if kind is not None and SHOCK_KINDS[kind]:
                self._refuse("division", wording.MISSING)
            return None
        if self._place is None:  # its divisions are not known
            return self._checks.text(self._entries["division"], "shocks.division")
        node = self._entries["division"]
        written = self._checks.text(node, "shocks.division")
        slug = None if written is None else division_of(written, self._place)
        if slug is None:
            self._sound = False
        if written is not None and slug is None:
            note_unknown(self._checks.faults, node.spot, "shocks.division", written, self._place)
        return slug

    def _count(self, kind: str | None) -> int:
        given = [key for key in COUNTS if key in self._entries]
        value = 0
        for key in given:
            number = self._checks.within(
                self._entries[key], f"shocks.{key}", 1, MOST, key, whole=True
            )
            self._sound &= number is not None
            value = 0 if number is None else int(number)
        if kind is None:
            if len(given) == len(COUNTS):
                self._refuse(given[1], wording.NOT_BOTH, at_key=True)
            return value
        wanted = SHOCK_KINDS[kind]
        for key in given:
            if key != wanted:
                words = wording.NOT_OF_KIND.format(kind=kind, key=key)
                allowed = wording.HERE.format(names=wanted) if wanted else ""
                self._refuse(key, words, allowed, at_key=True)
        if wanted and wanted not in given:
            self._refuse(wanted, wording.MISSING)
        return value

    def _until(self, on: date | None) -> date | None:
        if "until" not in self._entries:
            return None
        until = self._day("until")
        if until is not None and on is not None and until <= on:
            low = on + timedelta(days=1)
            words = wording.NOT_AFTER.format(day=until, on=on)
            self._refuse("until", words, wording.RANGE.format(low=low, high=LAST_DAY, unit="date"))
        return until

    def _response(self, kind: str | None) -> str | None:
        if kind is not None and not SHOCK_KINDS[kind] and "response" in self._entries:
            words = wording.NOT_OF_KIND.format(kind=kind, key="response")
            self._refuse("response", words, at_key=True)
            return None
        return self._word("response", RESPONSES, needed=False)


def _warnings(
    node: Node, shock: Shock, place: PlaceFacts | None, time: Time | None, scale: float | None
) -> list[str]:
    """A day after the end; households that are not there, or too few to stand for anything."""
    found = []
    if time is not None and shock.on > time.last_day:
        words = wording.AFTER_RUN.format(day=shock.on, last=time.last_day)
        found.append(warning(node.children["on"].spot, "shocks.on", words))
    return found + [
        warning(node.spot, "shocks.households", words) for words in _of_size(shock, place, scale)
    ]


def _of_size(shock: Shock, place: PlaceFacts | None, scale: float | None) -> list[str]:
    """More households than there are, or so few at this scale that they stand for nothing."""
    if place is None or scale is None or SHOCK_KINDS[shock.kind] != "households":
        return []
    found = []
    residents = place.values.get(f"divisions.{shock.division}.population")
    size = place.values.get("world.household_size")
    share = place.values.get(f"divisions.{shock.division}.adult_share", 0.83)
    if residents is not None and size:
        there = int(residents / size)
        if shock.count > there:
            found.append(wording.ALL_HOUSEHOLDS.format(written=shock.count, there=there))
        if min(shock.count, there) * scale * size * share < FEW:
            found.append(wording.TOO_FEW.format(count=FEW, scale=wording.shown(scale)))
    return found
