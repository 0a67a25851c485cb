"""Checks a merged tree part by part and, if nothing is wrong, makes the scenario of it."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from sim.kernel.fault import ScenarioError
from sim.kernel.parameter import Parameter
from sim.scenario import fields, places, wording
from sim.scenario.checks import Checks
from sim.scenario.faults import Faults
from sim.scenario.known import Known, MechanismFacts, PlaceFacts
from sim.scenario.levers import LEVERS
from sim.scenario.mechanisms import Switched, mechanisms
from sim.scenario.node import Node
from sim.scenario.parameters import parameters
from sim.scenario.policies import policies
from sim.scenario.scenario import Scenario, portable
from sim.scenario.schedules import Schedule
from sim.scenario.shocks import Shock, refuse_all, shocks
from sim.scenario.weights import check_weights
from sim.scenario.written import content_hash, written

KEYS = (
    "name",
    "extends",
    "title",
    "why",
    "place",
    "scale",
    "time",
    "mechanisms",
    "parameters",
    "policies",
    "shocks",
    "outcomes",
    "graph",
)
DEFAULT_SCALE = 0.01  # or the smallest of the place, if that is more
_Part = TypeVar("_Part")


def judged(tree: Node, known: Known, faults: Faults, *, whole: bool) -> Scenario | None:
    """The scenario that a tree states, or None with faults noted.

    `whole` is False when a parent could not be read; then nothing is said to be missing.
    """
    return _Judge(tree, known, faults, whole=whole).scenario()


class _Judge:
    def __init__(self, tree: Node, known: Known, faults: Faults, *, whole: bool) -> None:
        self._tree = tree
        self._known = known
        self._faults = faults
        self._whole = whole
        self._checks = Checks(faults)
        self._entries = self._checks.entries(tree, "", KEYS)
        self._warnings: list[str] = []

    def scenario(self) -> Scenario | None:
        """Every part is checked, whatever is wrong with the others."""
        self._require("name", "place", "time")
        checks = self._checks
        place = self._part("place", lambda node: places.place(node, self._known, checks))
        name = self._part("name", lambda node: fields.slug(node, checks))
        titles = self._part("title", lambda node: fields.texts(node, "title", checks))
        why = self._part("why", lambda node: fields.texts(node, "why", checks))
        time = self._part("time", lambda node: fields.time(node, checks, whole=self._whole))
        scale: float | None = max(DEFAULT_SCALE, _floor(place) or 0.0)
        if "scale" in self._entries:
            scale = self._part("scale", lambda node: fields.scale(node, _floor(place), checks))
        switched = self._switched()
        users = self._user_facts(switched)
        values = self._parameters(place, switched, users)
        schedules = self._policies(place, time, switched, users)
        if place is not None:
            node = self._entries["place"]
            places.check_bases(node, place, self._known, switched.own, checks)
            changed = places.overlaid(place, values, self._tree, self._faults)
        outcomes = self._part("outcomes", self._outcomes)
        graph = self._part("graph", lambda node: fields.graph(node, checks))
        dated = self._shocks(place, time, scale, switched)
        if self._faults or place is None or name is None or time is None or scale is None:
            return None
        scenario = Scenario(
            name=name,
            title=titles or dict.fromkeys(fields.LANGUAGES, name),
            why=why or dict.fromkeys(fields.LANGUAGES, ""),
            place=changed,
            scale=scale,
            start=time.start,
            years=time.years,
            step_days=time.step_days,
            mechanisms=switched.own,
            parameters=values,
            policies=schedules,
            shocks=dated,
            outcomes=outcomes,
            graph=graph,
            user_mechanisms=switched.users,
            origins={key: str(leaf.spot) for key, leaf in self._tree.leaves()},
            warnings=tuple(self._warnings),
            contents=_contents(graph, users),
            moved=self._moved(values, place, users),
        )
        everything = switched.own == self._known.mechanisms
        where = places.place_as_written(self._entries["place"], self._known)
        said = written(scenario, where, everything=everything)
        return replace(scenario, written=said)

    def _part(self, key: str, read: Callable[[Node], _Part]) -> _Part | None:
        """What a key says, or None when it says nothing that can be judged."""
        node = self._entries.get(key)
        return None if node is None or node.broken else read(node)

    def _require(self, *keys: str) -> None:
        for key in keys:
            if key not in self._entries and self._whole:
                self._faults.add(self._tree.spot, key, wording.MISSING)

    def _switched(self) -> Switched:
        found = self._part("mechanisms", lambda n: mechanisms(n, self._known, self._checks))
        return found or Switched(self._known.mechanisms, ())

    def _user_facts(self, switched: Switched) -> dict[str, MechanismFacts]:
        found: dict[str, MechanismFacts] = {}
        for user in switched.users:
            if self._known.user_mechanism is not None:
                if self._faults.full:  # nobody reads on, and each may take long to load
                    break
                try:
                    found[user] = self._known.user_mechanism(user)
                except ScenarioError as error:
                    for fault in error.faults:
                        self._refuse_user(user, switched, fault.trouble, fault.allowed)
                except (Exception, SystemExit) as error:  # a user's file may fail in any way
                    words = f"{type(error).__name__}: {error}"
                    self._refuse_user(user, switched, wording.NOT_LOADED.format(why=words))
            else:
                home = user.rpartition(":")[0]
                is_file = home.lower().endswith(".py")
                digest = content_hash(Path(home)) if is_file else ""
                found[user] = MechanismFacts("", content_hash=digest)
        return found

    def _refuse_user(self, user: str, switched: Switched, words: str, allowed: str = "") -> None:
        trouble = f"{wording.short(portable(user))} {words}"
        self._faults.add(switched.spots[user], "mechanisms", trouble, allowed)

    def _parameters(
        self, place: PlaceFacts | None, switched: Switched, users: Mapping[str, MechanismFacts]
    ) -> dict[str, float]:
        ledger: dict[str, Parameter] = dict(self._known.ledger)
        for facts in users.values():
            ledger |= facts.ledger
        if place is not None:
            ledger |= place.ledger
        open_ended = bool(switched.users) and self._known.user_mechanism is None
        unchecked = open_ended or place is None
        values, warnings = self._part(
            "parameters", lambda n: parameters(n, ledger, self._checks, unchecked=unchecked)
        ) or ({}, [])
        self._warnings += warnings
        return values

    def _policies(
        self,
        place: PlaceFacts | None,
        time: fields.Time | None,
        switched: Switched,
        users: Mapping[str, MechanismFacts],
    ) -> dict[str, Schedule]:
        own = tuple(lever for facts in users.values() for lever in facts.levers)
        obeyed = frozenset((*self._known.levers, *own))
        present = self._known.mechanisms
        found, warnings = self._part(
            "policies", lambda n: policies(n, obeyed, present, place, time, self._checks)
        ) or ({}, [])
        self._warnings += warnings
        if found and place is not None:
            check_weights(self._entries["policies"], found, place, self._checks)
        for name in found:
            mechanism = LEVERS[name].mechanism if name in LEVERS else ""
            if mechanism in self._known.mechanisms and mechanism not in switched.own:
                words = wording.SWITCHED_OFF.format(mechanism=mechanism)
                self._warnings.append(f"policies.{name}: {words}")
        return found

    def _shocks(
        self,
        place: PlaceFacts | None,
        time: fields.Time | None,
        scale: float | None,
        switched: Switched,
    ) -> tuple[Shock, ...]:
        if "shocks" not in self._known.mechanisms:
            self._part("shocks", lambda node: refuse_all(node, self._checks))
            return ()
        found, warnings = self._part(
            "shocks", lambda node: shocks(node, place, time, scale, self._checks)
        ) or ((), [])
        self._warnings += warnings
        if found and "shocks" not in switched.own:
            self._warnings.append(f"shocks: {wording.SHOCKS_OFF}")
        return found

    def _outcomes(self, node: Node) -> tuple[str, ...] | None:
        names = self._known.called_outcomes
        return self._checks.names(node, "outcomes", names, wording.NO_OUTCOME, wording.ALL_OUTCOMES)

    def _moved(
        self,
        values: Mapping[str, float],
        place: PlaceFacts,
        users: Mapping[str, MechanismFacts],
    ) -> dict[str, float]:
        """The parameters that differ from what they would be anyway."""
        declared = self._known.ledger
        for facts in users.values():
            declared = {**declared, **facts.ledger}

        def usual(name: str) -> float | None:
            """What it is anyway; None where nobody says, or a place and a mechanism both do."""
            if name in place.values:
                return None if name in declared else place.values[name]
            return declared[name].default if name in declared else None

        return {name: value for name, value in values.items() if usual(name) != value}


def _contents(graph: Path | None, users: Mapping[str, MechanismFacts]) -> dict[str, str]:
    """The hashes of the files that a scenario brings."""
    found = {user: facts.content_hash for user, facts in users.items()}
    return found if graph is None else found | {"graph": content_hash(graph)}


def _floor(place: PlaceFacts | None) -> float | None:
    if place is None:
        return None
    return place.values.get("world.smallest_scale", fields.SMALLEST_SCALE)
