"""The known result of goods that cross borders: each alone provides too little."""

from typing import Annotated

import numpy as np

from sim.kernel import Limit, Quantity, Within
from sim.mechanisms.government.metropolitan import FIELDS, FORMS, Metropolitan


def public_goods(
    jurisdictions: Annotated[int, Within(1, 200)] = 6,
    spillover: Annotated[float, Within(0.0, 10.0)] = 0.2,
    b: Annotated[float, Within(1e-3, 1_000.0)] = 1.0,
    k: Annotated[float, Within(1e-3, 1_000.0)] = 1.0,
    theta: Annotated[float, Within(0.0, 1.0)] = 0.3,
) -> Limit:
    """Known result: Nash b/k, joint (b/k)(1 + s(n-1)), association (b/k)(1 + theta s(n-1)).

    Compensation of all outside benefits brings the joint level under any form.
    """
    outside = spillover * (jurisdictions - 1)
    expected = {
        "nash": b / k,
        "association": b / k * (1.0 + theta * outside),
        "joint": b / k * (1.0 + outside),
        "compensated": b / k * (1.0 + outside),
    }
    forms = {"nash": 0, "association": 1, "joint": 3, "compensated": 1}

    def welfare(level: float) -> float:
        return b * level * (1.0 + outside) - k * level * level / 2.0

    def simulate(mechanism: type[Metropolitan], seed: int) -> dict[str, float]:
        from sim.verify.bench import many_divisions, ready, weeks

        world = many_divisions(jurisdictions, seed)
        settings = {f"spillover.{field}": spillover for field in FIELDS}
        settings |= {f"setup_years.{form}": 0.0 for form in FORMS}
        rule = mechanism(settings | {"benefit": b, "rising_cost": k, "weight.association": theta})
        ready(world, rule)
        found: dict[str, float] = {}
        for clock, (name, form) in zip(weeks(1.0), forms.items(), strict=False):
            world.levers["metropolitan.form"][:] = form
            world.levers["metropolitan.compensation"][:] = float(name == "compensated")
            rule.step(world, clock)
            found[name] = float(world.tables["jurisdictions"].environment.mean())
        found["welfare"] = welfare(found["association"])
        found["best_reply"] = _best_reply(
            found["association"], jurisdictions, spillover, b, k, theta
        )
        return found

    largest = expected["joint"]
    size = 1e-9 * largest
    return Limit(
        "public_goods",
        {"jurisdictions": jurisdictions, "spillover": spillover, "b": b, "k": k, "theta": theta},
        (
            *(Quantity(name, "level of goods", level, size) for name, level in expected.items()),
            Quantity(
                "welfare",
                "u of each in the association",
                welfare(expected["association"]),
                1e-9 * b * expected["joint"] * (1.0 + outside),
            ),
            Quantity(
                "best_reply", "level, found by trying", expected["association"], 4e-6 * largest
            ),
        ),
        simulate,
        "a quadratic game of public goods with spillovers; Oates (1972), Fiscal Federalism",
    )


def _best_reply(level: float, n: int, s: float, b: float, k: float, theta: float) -> float:
    """The level that suits one jurisdiction best when the others stay at theirs, by trying."""
    tried = np.linspace(0.0, 2.0 * b / k * (1.0 + s * (n - 1)), 1_000_001)
    own = b * (tried + s * (n - 1) * level) - k * tried**2 / 2.0
    each_other = b * (level + s * (tried + (n - 2) * level)) - k * level**2 / 2.0
    return float(tried[np.argmax(own + theta * (n - 1) * each_other)])
