"""What can be checked where some mechanisms are on, as plain rows. Nothing is run for them."""

import inspect
from collections.abc import Collection
from typing import Any

from sim.evidence.levels import LEVELS
from sim.evidence.paired import BASE
from sim.evidence.responses import RESPONSES
from sim.verify import limits
from sim.verify.runner import mechanism_of

# The levels are those of the whole core at work; where one of these is off, none of them applies.
CORE = frozenset(
    (
        "budget", "staffing", "detection", "disputes", "channels", "mediation", "coordination",
        "courts", "petitions", "participation", "grievance", "influence",
    )
)  # fmt: skip
_SAYS = "Known result: "


def known_results(mechanisms: Collection[str]) -> list[dict[str, Any]]:
    """The limits of these mechanisms: name, mechanism, what theory says, quantities, source."""
    found = []
    for name, factory in limits().items():
        mechanism = mechanism_of(factory).name
        if mechanism in mechanisms:
            limit = factory()
            said = " ".join((inspect.getdoc(factory) or "").partition("\n\n")[0].split())
            found.append(
                {
                    "name": name,
                    "mechanism": mechanism,
                    "says": said.removeprefix(_SAYS),
                    "quantities": [(q.name, q.unit) for q in limit.quantities],
                    "source": limit.source,
                }
            )
    return found


def known_levels(place: str, mechanisms: Collection[str]) -> list[dict[str, Any]]:
    """What a baseline year should show: slug, kind, expected. Empty for another place."""
    if place != BASE or not set(mechanisms) >= CORE:
        return []
    return [{"slug": x.slug, "kind": x.kind, "expected": float(x.expected)} for x in LEVELS]


def known_responses(place: str, mechanisms: Collection[str]) -> list[dict[str, Any]]:
    """What should follow from changes: change, slug, expected, tolerance, told as what."""
    if place != BASE or not set(mechanisms) >= CORE:
        return []
    return [
        {
            "change": row.change,
            "slug": row.slug,
            "expected": float(row.expected),
            "tolerance": float(row.tolerance),
            "told": "level" if row.level else "difference",
        }
        for row in RESPONSES
    ]
