"""Outcomes of the social graph: what the inputs asked for, measured on the ties that were made."""

from collections.abc import Callable

import numpy as np

from sim.outcomes.outcome import Outcome
from sim.outcomes.window import Window


def _measured(name: str) -> Callable[[Window], np.ndarray]:
    def formula(w: Window) -> np.ndarray:
        out = np.full(len(w.groups.by), np.nan)
        out[0] = w.world.tables["graph"][name]
        return out

    return formula


NETWORK = (
    Outcome(
        "graph_mean_degree", "ties an adult", "Mean number of ties of an adult at the start",
        "起始时成年人的平均联系数", "Mean degree", "平均度", _measured("degree"),
    ),
    Outcome(
        "graph_clustering", "0 to 1", "Mean local clustering of the social graph at the start",
        "起始时社会网络的平均局部聚集系数", "Clustering", "聚集系数", _measured("clustering"),
    ),
    Outcome(
        "graph_homophily", "0 to 1",
        "How far ties at the start stay within a registration class beyond mere meeting",
        "起始时同户籍类别之间建立联系的偏好程度", "Homophily", "同质性", _measured("homophily"),
    ),
)  # fmt: skip
