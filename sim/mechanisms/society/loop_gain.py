"""How far a rise in taking part feeds on itself through social organisations.

    activity -> dues -> active bodies -> activity:   gain = d e k c

d: dues in an active body's income; e: elasticity of the active share to income; k: logit of
activity per log of active bodies; c: relative rise of activity per logit, E[p (1 - p)] / E[p] over
people whose leaning is normal. In the rules dues do not follow activity: this bounds what they
could do if they did.
"""

from collections.abc import Mapping

import numpy as np
from numpy.polynomial.hermite_e import hermegauss


def organisations_gain(
    organisations: Mapping[str, float],
    participation: Mapping[str, float],
    purchase_each: float = 8_000.0,
) -> float:
    """The gain of the loop, from the ledgers' numbers (by a mechanism's own parameter names).

    `purchase_each` is what public purchases give an active body, yuan a year. A loop whose gain is
    under 1 dies out; the model's stay under .3.
    """
    own = organisations["own_income"]
    dues = own / (own + organisations["support_income"] + purchase_each)
    per_log = organisations["activity_logit"] / np.log(2.0)
    nodes, weights = hermegauss(60)
    leaning = participation["constant.activity"] + participation["person_sd"] * nodes
    chance = 1.0 / (1.0 + np.exp(-leaning))
    rise = float(weights @ (chance * (1.0 - chance)) / (weights @ chance))
    return float(dues * organisations["activity_elasticity"] * per_log * rise)
