"""Acts of taking part: what they are called, when they come, and when the last ones came.

A person has a candidate in each calendar week, for one of the acts; it happens when its luck is
below the chance of the week at the present hazard. The loop below computes no chance for the many
whose luck is beyond anybody's chance.
"""

import numpy as np
from numba import njit

from sim.kernel import Column
from sim.kernel.clock import DAYS_PER_WEEK, DAYS_PER_YEAR
from sim.kernel.draws import mixed, unit_interval

ACTS = ("deliberate", "volunteer", "activity", "online")
CIVIC = ("deliberate", "volunteer", "activity")
LAST = {
    "deliberate": "last_deliberated",
    "volunteer": "last_volunteered",
    "activity": "last_activity",
    "online": "last_online",
}
WITHIN_YEAR = {
    "deliberate": "deliberates",
    "volunteer": "volunteers",
    "activity": "joins_activities",
    "online": "speaks_online",
}
WEEK_YEARS = DAYS_PER_WEEK / DAYS_PER_YEAR


def columns() -> dict[str, Column]:
    """The columns of people that keep who took part, when, and how they lean."""
    kept = {
        "people.inclination": Column("logit", -9, 9, "lasting personal leaning to take part"),
        "people.volunteer_rate": Column(
            "1/year", 0, 1e3, "expected acts of volunteering when somebody came"
        ),
        "people.efficacy_lift": Column("share", -2, 2, "efficacy from results of deliberations"),
        "people.acted": Column("yes or no", 0, 1, "any civic act in the last 365 days", 0, "?"),
    }
    for act in ACTS:
        kept[f"people.{LAST[act]}"] = Column("day", -1e9, 1e9, f"last time: {act}", -1e9)
        kept[f"people.{WITHIN_YEAR[act]}"] = Column(
            "yes or no", 0, 1, f"{act}, in the last 365 days", 0, "?"
        )
        kept[f"people.act_logit_{act}"] = Column(
            "logit", -50, 50, f"what other rules add to the leaning: {act}", flow=True
        )
    return kept


def softplus(logit: np.ndarray) -> np.ndarray:
    """ln(1 + e^z): the hazard -ln(1 - p) of a yearly chance p = logistic(z)."""
    return np.logaddexp(0.0, np.asarray(logit, np.float64))


def last_act_at_rest(hazard: np.ndarray, luck: np.ndarray, now: float) -> np.ndarray:
    """The day of the last act of people whose hazard (per year) has always been the same.

    Looking back, the time since the last event of a Poisson stream is exponential.
    """
    with np.errstate(divide="ignore"):
        return now - DAYS_PER_YEAR * luck / hazard


def highest_luck(logits: np.ndarray, terms: np.ndarray, pace: np.ndarray) -> np.ndarray:
    """No luck above this leads anybody to an act, shape (acts,)."""
    top = softplus(logits.max(axis=1) + terms.max(axis=1))
    bound: np.ndarray = len(ACTS) * WEEK_YEARS * pace.max(axis=1) * top
    return bound


@njit(cache=True)
def acts_of_week(  # type: ignore[no-untyped-def]
    ids, alive, divisions, logits, terms, pace, highest, key, week
):
    """The candidates of this week that happen: (rows of people, positions of acts).

    logits: (acts, people) float32, leaning of each person; terms and pace: (acts, divisions), what
    levers add to the logit, and what they multiply the hazard with; highest: no luck above leads to
    the act (`highest_luck`). A person has one luck a week, of which each act owns an equal stretch:
    so at most one act happens, each with the chance of the week, at most one over their number.
    """
    acts, people = logits.shape
    words = np.empty(people, np.uint64)  # by themselves: a processor hashes several abreast
    for i in range(people):
        words[i] = mixed(mixed(key ^ ids[i]) ^ week)
    rows, positions = [], []
    for i in range(people):
        place = acts * unit_interval(words[i])
        act = int(place)
        luck = place - act
        if luck >= highest[act] or not alive[i]:
            continue
        where = divisions[i]
        odds = np.exp(logits[act, i] + terms[act, where])
        if luck >= acts * WEEK_YEARS * pace[act, where] * odds:
            continue  # no hazard is above the odds, and no chance above the hazard
        hazard = np.log1p(odds) * pace[act, where]
        if luck < -acts * np.expm1(-hazard * WEEK_YEARS):
            rows.append(i)
            positions.append(act)
    return np.array(rows, np.int64), np.array(positions, np.int64)


@njit(cache=True)
def add_slope(leaning, column, slope, centre):  # type: ignore[no-untyped-def]
    """Add slope x (column - centre) to everybody's leaning (float32)."""
    for i in range(leaning.size):
        leaning[i] += slope * (column[i] - centre)


@njit(cache=True)
def note_acts(last, within, acted, since):  # type: ignore[no-untyped-def]
    """Who did what after the day `since`: four acts, and any of the three civic ones."""
    l0, l1, l2, l3 = last
    w0, w1, w2, w3 = within
    for i in range(acted.size):
        w0[i], w1[i], w2[i], w3[i] = l0[i] > since, l1[i] > since, l2[i] > since, l3[i] > since
        acted[i] = w0[i] or w1[i] or w2[i]
