"""Which way disputes go at the baseline: the first action by domain, and the next after a failure.

Shares, rows sum to 1. They are averages that the logit of `channels` reproduces through constants
solved on a reference world. A zero means that the way does not exist there. The village column
holds what the parties bring and what grid workers find; the first CHOICE of the parties is
OWN_SHARE of it, the rest is tolerated at first. All assumed; totals derived from survey pagodas
(Michelson 2007) and court, mediation and petition statistics.
"""

from functools import cache

import numpy as np

from sim.world.disputes import DOMAINS

ACTIONS = ("tolerate", "talk", "village", "township", "rooms", "department", "court", "petition")
OWN_SHARE = 0.673

# domain: tolerate, talk, village, township, rooms, department, court, petition
FIRST_ACTIONS = {
    "neighbour": (0.36, 0.42, 0.165, 0.02, 0.0, 0.02, 0.01, 0.005),
    "family": (0.30, 0.44, 0.12, 0.01, 0.005, 0.015, 0.105, 0.005),
    "debt": (0.30, 0.44, 0.06, 0.01, 0.005, 0.01, 0.165, 0.01),
    "damage": (0.28, 0.45, 0.11, 0.02, 0.01, 0.07, 0.055, 0.005),
    "traffic": (0.15, 0.55, 0.01, 0.01, 0.07, 0.12, 0.085, 0.005),
    "labour": (0.34, 0.30, 0.02, 0.02, 0.03, 0.22, 0.04, 0.03),
    "land": (0.36, 0.38, 0.14, 0.04, 0.0, 0.02, 0.02, 0.04),
    "land_acquisition": (0.25, 0.10, 0.10, 0.10, 0.0, 0.10, 0.05, 0.30),
    "housing": (0.30, 0.25, 0.01, 0.02, 0.02, 0.12, 0.15, 0.13),
    "property": (0.55, 0.27, 0.04, 0.02, 0.01, 0.07, 0.02, 0.02),
    "consumer": (0.50, 0.33, 0.01, 0.005, 0.015, 0.12, 0.01, 0.01),
    "medical": (0.30, 0.40, 0.0, 0.01, 0.15, 0.07, 0.05, 0.02),
    "tourism": (0.45, 0.40, 0.0, 0.0, 0.05, 0.10, 0.0, 0.0),
    "environment": (0.55, 0.15, 0.05, 0.03, 0.0, 0.17, 0.005, 0.045),
    "water": (0.40, 0.30, 0.18, 0.06, 0.0, 0.04, 0.0, 0.02),
}

# failed in: the same actions; "tolerate" is to drop the matter
AFTER_FAILURE = {
    "talk": (0.75, 0.0, 0.15, 0.02, 0.005, 0.03, 0.04, 0.005),
    "village": (0.75, 0.0, 0.0, 0.125, 0.0, 0.0, 0.09, 0.035),
    "township": (0.68, 0.0, 0.0, 0.0, 0.02, 0.05, 0.15, 0.10),
    "rooms": (0.45, 0.0, 0.0, 0.0, 0.0, 0.05, 0.45, 0.05),
    "department": (0.60, 0.0, 0.0, 0.0, 0.0, 0.0, 0.25, 0.15),
}


@cache
def first_shares() -> dict[str, np.ndarray]:
    """The table of first actions by column: {action: shares by domain}."""
    table = np.array([FIRST_ACTIONS[domain] for domain in DOMAINS])
    return {action: table[:, k] for k, action in enumerate(ACTIONS)}


def first_choices() -> np.ndarray:
    """What the parties choose first, shape (domains, actions).

    Part of the village column is chosen, the rest is tolerated until a grid worker finds it.
    """
    table = np.array([FIRST_ACTIONS[domain] for domain in DOMAINS])
    found = (1.0 - OWN_SHARE) * table[:, ACTIONS.index("village")]
    table[:, ACTIONS.index("village")] -= found
    table[:, ACTIONS.index("tolerate")] += found
    return table
