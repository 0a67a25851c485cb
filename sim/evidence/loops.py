"""Feedback loops through people's minds: how much of a push comes back after one turn.

A gain is the product of the slopes along a loop, each at the base of the place: from a mean to
where it sends the next mean in the long run. Below HIGHEST a push dies out within a turn or two,
and the model has one resting point; a range that by itself lets a gain reach it is too wide. With
every parameter of a loop at its far end at once some gains pass it.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from scipy.special import expit

from sim.mechanisms.society.acts import CIVIC
from sim.world.disputes import DOMAINS

HIGHEST = 0.3
# What a dispute that one attempt fails to settle has to go through, beside one that it settles.
SETTLED_AT_AN_ATTEMPT = 0.604  # success of village mediation in the account of a year's disputes
DAYS_LONGER = 50.0
DAYS_OPEN = 36.0  # of a dispute, tolerated or not: those open over those that arise in a year
PURCHASE_EACH = 8_000.0  # yuan a year that public purchases give an active body at the start
_SCORES = np.linspace(-6.0, 6.0, 1201)
_DENSITY = np.exp(-(_SCORES**2) / 2.0) / np.exp(-(_SCORES**2) / 2.0).sum()


@dataclass(frozen=True)
class Loop:
    """One loop: its links from the first back to the first, each with its slope."""

    name: str
    links: tuple[tuple[str, float], ...]

    @property
    def gain(self) -> float:
        """What comes back of a push of 1."""
        return float(np.prod([slope for _, slope in self.links]))


def loops(settings: Mapping[str, float], place: Mapping[str, float]) -> tuple[Loop, ...]:
    """The loops through people's minds and their bodies, from parameters and a place's figures.

    `settings` holds parameters as `mechanism.parameter`, `place` figures by their flat names.
    """
    return (
        _distress(settings, place),
        _disputes(settings, place),
        _peers(settings),
        _norms(settings, place),
        _deliberation(settings, place),
        _dues(settings),
    )


def faults(found: tuple[Loop, ...]) -> list[str]:
    """What is wrong with these loops: a line for each that is too strong."""
    return [
        f"{loop.name}: {loop.gain:.3g} is not below {HIGHEST:g}"
        for loop in found
        if not loop.gain < HIGHEST
    ]


def _distress(settings: Mapping[str, float], place: Mapping[str, float]) -> Loop:
    """Grievance distresses, distress makes disputes intense, they fail, failure aggrieves."""
    distress, decay = place["start.distress.mean"], settings["wellbeing.decay"]
    inflow = decay * distress / (1.0 - distress)
    in_dispute = settings["grievance.inflow_base"] + settings["grievance.inflow_dispute"]
    aggrieved = in_dispute / (in_dispute + settings["grievance.decay_per_year"])
    relief_lost = settings["grievance.relief_settled"] * aggrieved
    longer = settings["grievance.inflow_dispute"] * (1.0 - aggrieved) * DAYS_LONGER / 365.25
    spread = SETTLED_AT_AN_ATTEMPT * (1.0 - SETTLED_AT_AN_ATTEMPT)
    return Loop(
        "grievance of a person in a dispute",
        (
            (
                "grievance to distress",
                settings["wellbeing.from_grievance"] * (1.0 - distress) / (inflow + decay),
            ),
            ("distress to intensity", settings["wellbeing.intensity_slope"]),
            ("intensity to failure", -settings["mediation.success_intensity"] * spread),
            ("failure to grievance", relief_lost + longer),
        ),
    )


def _disputes(settings: Mapping[str, float], place: Mapping[str, float]) -> Loop:
    """Who is aggrieved has more disputes, which aggrieve for as long as they are open.

    That a settlement relieves is left out: it would take away from the gain. So would every other
    inflow of grievance than the base.
    """
    divisions = [name for name in place if name.endswith(".adult_share")]
    people = [place[name.replace("adult_share", "population")] for name in divisions]
    adults = float(np.average([place[name] for name in divisions], weights=people))
    rate = sum(settings[f"disputes.rate.{domain}"] for domain in DOMAINS) / 10_000.0 / adults
    inflow, decay = settings["grievance.inflow_base"], settings["grievance.decay_per_year"]
    return Loop(
        "disputes",
        (
            ("grievance to disputes a year", settings["disputes.grievance_log_slope"] * rate),
            ("disputes a year to open ones", DAYS_OPEN / 365.25),
            ("open disputes to inflow", settings["grievance.inflow_dispute"]),
            ("inflow to grievance", decay / (inflow + decay) ** 2),
        ),
    )


def _peers(settings: Mapping[str, float]) -> Loop:
    """Who sees others take part, in whatever act, takes part in one or the other."""
    return Loop("peers", (("peers to acts", settings["participation.peers"] * _any_act(settings)),))


def _norms(settings: Mapping[str, float], place: Mapping[str, float]) -> Loop:
    """Norms draw people into activities, activities hold up norms; peers multiply both."""
    norm, decay = place["start.norm.mean"], settings["norms.decay"]
    inflow = decay * norm / (1.0 - norm)
    slope = settings["participation.norm"] / place["start.norm.sd"]
    peers = _peers(settings).gain
    return Loop(
        "norm",
        (
            ("norm to activities", slope * _response(settings, "activity")),
            ("activities to inflow", settings["norms.activity_gain"]),
            ("inflow to norm", decay / (inflow + decay) ** 2),
            ("with peers", 1.0 / (1.0 - peers) if peers < 1.0 else np.inf),
        ),
    )


def _deliberation(settings: Mapping[str, float], place: Mapping[str, float]) -> Loop:
    """Who feels to matter deliberates, results that are adopted tell that one matters.

    Where every result is adopted: that is the most that a policy does. At the neutral share of
    adopted results the mean step is 0, and nothing comes back. A step of all anchors moves the mean
    of efficacy by as much, whatever ties make of it. Hazards rise by p with the logit.
    """
    slope = settings["participation.efficacy"] / place["start.efficacy.sd"]
    deliberates = float(np.sum(_DENSITY * _chance(settings, "deliberate")))
    peers = _peers(settings).gain
    return Loop(
        "deliberation",
        (
            ("efficacy to deliberations a year", slope * deliberates),
            ("deliberations to inflow", settings["participation.efficacy_step"]),
            ("inflow to efficacy", 1.0 / settings["participation.efficacy_fade"]),
            ("with peers", 1.0 / (1.0 - peers) if peers < 1.0 else np.inf),
        ),
    )


def _dues(settings: Mapping[str, float]) -> Loop:
    """Activity brings dues, dues keep bodies active, active bodies draw people into activities.

    In the rules dues do not follow activity: this bounds what they could do if they did.
    """
    own = settings["organisations.own_income"]
    income = own + settings["organisations.support_income"] + PURCHASE_EACH
    usual = float(np.sum(_DENSITY * _chance(settings, "activity")))
    return Loop(
        "dues",
        (
            ("activity to income", own / income),
            ("income to active bodies", settings["organisations.activity_elasticity"]),
            ("active bodies to logit", settings["organisations.activity_logit"] / np.log(2.0)),
            ("logit to activity", _response(settings, "activity") / usual),
        ),
    )


def _response(settings: Mapping[str, float], act: str) -> float:
    """How fast the share of people who do an act rises with the logit: the mean of p (1 - p)."""
    chance = _chance(settings, act)
    return float(np.sum(_DENSITY * chance * (1.0 - chance)))


def _any_act(settings: Mapping[str, float]) -> float:
    """How fast the share of people who do any civic act rises with the logit that all acts share.

    The mean of q (p1 + p2 + ...), q the chance to do none: the slope of 1 - (1 - p1)(1 - p2)...
    """
    chances = np.array([_chance(settings, act) for act in CIVIC])
    slope = np.prod(1.0 - chances, axis=0) * chances.sum(axis=0)
    return float(np.sum(_DENSITY * slope))


def _chance(settings: Mapping[str, float], act: str) -> np.ndarray:
    """The yearly chance of an act over the scores of people."""
    spread = settings["participation.person_sd"] * _SCORES
    chance: np.ndarray = expit(settings[f"participation.constant.{act}"] + spread)
    return chance
