"""The ledger: every parameter of the model with unit, default, range, status and source."""

from sim.engine.order import WEEK
from sim.engine.user_mechanisms import facts_of
from sim.kernel import Ledger
from sim.mechanisms.government.budget import Budget
from sim.scenario import Known
from sim.world.place import Place, load_place


def mechanism_ledger() -> Ledger:
    """The parameters that mechanisms declare, by `mechanism.parameter`."""
    return {
        f"{mechanism.name}.{name}": parameter
        for mechanism in WEEK
        for name, parameter in mechanism.ledger().items()
    }


def full_ledger(place: Place | None = None) -> Ledger:
    """The parameters of the mechanisms and the numbers of a place (Jincheng 2020 by default)."""
    return mechanism_ledger() | (place or load_place("jincheng-2020")).ledger


def known() -> Known:
    """What a scenario file may name: parameters, levers, mechanisms, outcomes, places."""
    from sim.outcomes import CATALOGUE

    return Known(
        ledger=mechanism_ledger(),
        levers=tuple(dict.fromkeys(lever for kind in WEEK for lever in kind.levers)),
        mechanisms=tuple(kind.name for kind in WEEK),
        outcomes=tuple(CATALOGUE),
        place_loader=load_place,
        user_mechanism=facts_of,
        paid_as_it_goes=frozenset(
            lever
            for kind in WEEK
            if "budget.spend" in kind.adds
            for lever in kind.levers
            if lever not in Budget.levers
        ),
        outcome_names={name: outcome.called for name, outcome in CATALOGUE.items()},
    )
