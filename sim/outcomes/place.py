"""Outcomes of place: the water that farmers draw on."""

import numpy as np

from sim.outcomes.outcome import SHARE, Formula, Outcome
from sim.outcomes.window import Window, ratio


def _over_land(column: str) -> Formula:
    """A column of aquifers at the end; everybody: weighed by irrigated land."""

    def formula(w: Window) -> np.ndarray:
        aquifers = w.world.tables["aquifers"]
        land, values = aquifers.land, aquifers[column]
        weights = land if land.sum() > 0.0 else np.ones(len(land))
        return w.spread(values, float((values * weights).sum() / weights.sum()))

    return formula


def overdraft(w: Window) -> np.ndarray:
    """Water drawn over water recharged."""
    return ratio(w.division_flow("water_drawn"), w.division_flow("water_recharged"))


PLACE: tuple[Outcome, ...] = (
    Outcome(
        "water_depth", "m",
        "Depth of the water under irrigated land at the end",
        "期末灌区地下水埋深",
        "Water depth", "地下水埋深",
        _over_land("depth"), "lower",
    ),
    Outcome(
        "drip_share", SHARE,
        "Irrigated land under drip irrigation at the end",
        "期末滴灌面积占灌溉面积的比重",
        "Drip", "滴灌比重",
        _over_land("drip_share"),
    ),
    Outcome(
        "water_draw_ratio", "ratio",
        "Water drawn over water recharged",
        "开采量与补给量之比",
        "Draw over recharge", "采补比",
        overdraft, "lower",
    ),
)  # fmt: skip
