"""What there is to know of each lever: where it stands, its cost, its mechanisms and outcomes."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.engine.ledger import known
from sim.engine.order import WEEK
from sim.mechanisms.government.budget import Budget, yearly_cost
from sim.outcomes.silent import MAKES
from sim.scenario import LEVERS, Lever
from sim.scenario.difference import by_division
from sim.scenario.levers import worded
from sim.world.money import FEN_PER_YUAN
from sim.world.place import Place, load_place

STEP_OF_SHARE = 0.1  # a share is priced for ten points of a hundred, anything else for one unit


@dataclass(frozen=True)
class LeverFacts:
    """One lever.

    Attributes:
        lever: name, unit, range and meaning.
        base: where it stands in the place: a number, a word, or one for each division.
        mechanisms: those that read it, in the order of the week.
        step: how much more of it is priced.
        costs: yuan a year that the step costs the whole place, by line of the budget.
        paid_as_it_goes: whether its price follows from what happens in a run.
        outcomes: those that the mechanisms which read it make.
    """

    lever: Lever
    base: Any
    mechanisms: tuple[str, ...]
    step: float
    costs: Mapping[str, float]
    paid_as_it_goes: bool
    outcomes: tuple[str, ...]

    @property
    def words(self) -> tuple[str, ...]:
        """By what a reader may look for it."""
        lever = self.lever
        return (lever.name, *lever.meaning.values(), *lever.choices, *self.mechanisms)


def lever_facts(place: Place | None = None) -> list[LeverFacts]:
    """The facts of every lever in a place (Jincheng 2020 by default), in the levers' own order."""
    there = place or load_place("jincheng-2020")
    as_it_goes = known().paid_as_it_goes
    return [
        _facts(lever, there, name in as_it_goes)
        for name, lever in LEVERS.items()
        if name in there.bases
    ]


def _facts(lever: Lever, place: Place, paid_as_it_goes: bool) -> LeverFacts:
    readers = tuple(kind.name for kind in WEEK if lever.name in kind.levers)
    step = STEP_OF_SHARE if lever.high <= 1 and not lever.whole else 1.0
    costs = _costs(lever, place, step)
    spent = [f"spent_{line}_per_resident" for line in costs]
    made = [name for kind in readers if kind != Budget.name for name in MAKES[kind].split()]
    return LeverFacts(
        lever=lever,
        base=worded(lever.name, by_division(place.bases[lever.name], place.divisions)),
        mechanisms=readers,
        step=step,
        costs=costs,
        paid_as_it_goes=paid_as_it_goes,
        outcomes=tuple(dict.fromkeys([*made, *spent])),
    )


def _costs(lever: Lever, place: Place, step: float) -> dict[str, float]:
    """Yuan a year of one step above the base, by the lines that it moves."""
    if lever.name not in Budget.levers:
        return {}
    usual = yearly_cost(place)
    more = yearly_cost(place, {lever.name: np.asarray(place.bases[lever.name]) + step})
    lines = {line for own in usual.values() for line in own}
    found = {
        line: sum(more[one][line] - usual[one][line] for one in usual) / FEN_PER_YUAN
        for line in sorted(lines)
    }
    return {line: yuan for line, yuan in found.items() if yuan}
