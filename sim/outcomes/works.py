"""Outcomes of works and land: what is accepted and kept up, what is let, taken and paid for."""

from collections.abc import Callable

import numpy as np

from sim.kernel import Table
from sim.outcomes.outcome import DAYS, SHARE, Outcome
from sim.outcomes.window import Window, ratio

A_YEAR = "a year"
LAND_STATES = ("farmed", "let", "idle", "acquired")


def _of_works(w: Window, part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    """A part of a whole, both summed over the works of a division."""
    division: np.ndarray = w.world.tables["projects"].division
    size = w.world.divisions
    above, below = (np.bincount(division, x.astype(float), minlength=size) for x in (part, whole))
    return w.spread(ratio(above, below), float(ratio(above.sum(), below.sum())))


def _finished(works: Table, day: float) -> np.ndarray:
    done: np.ndarray = (works.built <= day) & (works.cancelled > works.built)
    return done


def _accepted_share(by_money: bool) -> Callable[[Window], np.ndarray]:
    def formula(w: Window) -> np.ndarray:
        works = w.world.tables["projects"]
        size = works.cost if by_money else np.ones(len(works))
        finished = _finished(works, w.day)
        return _of_works(w, size * (finished & (works.accepted <= w.day)), size * finished)

    return formula


def days_lost(w: Window) -> np.ndarray:
    """Days of asking first and of building in vain in the window, per work begun in it."""
    days = w.division_flow("days_of_asking") + w.division_flow("days_in_vain")
    return _part_of(days, w.division_flow("projects_begun"))


def works_condition(w: Window) -> np.ndarray:
    """The condition of accepted works, weighed by what they cost."""
    works = w.world.tables["projects"]
    value = works.cost * (works.accepted <= w.day)
    return _of_works(w, value * works.condition, value)


def _number(which: Callable[[Table, float], np.ndarray]) -> Callable[[Window], np.ndarray]:
    def formula(w: Window) -> np.ndarray:
        works = w.world.tables["projects"]
        rows = which(works, w.day)
        counts = np.bincount(works.division[rows], minlength=w.world.divisions).astype(float)
        return w.spread(counts, float(counts.sum()))

    return formula


def _under_way(works: Table, day: float) -> np.ndarray:
    rows: np.ndarray = (works.begun <= day) & (works.built > day) & (works.cancelled > day)
    return rows


def _waiting(works: Table, day: float) -> np.ndarray:
    rows: np.ndarray = _finished(works, day) & (works.accepted > day)
    return rows


def _yearly(flow: str) -> Callable[[Window], np.ndarray]:
    return lambda w: w.division_flow(flow) / w.years


def _land_share(state: int) -> Callable[[Window], np.ndarray]:
    def formula(w: Window) -> np.ndarray:
        parcels, units, size = w.world.tables["parcels"], w.world.units, w.world.divisions
        weight, division = units.weight[parcels.unit], units.division[parcels.unit]
        held = parcels.acquired if state == 3 else parcels.area * (parcels.state == state)
        part = np.bincount(division, weight * held, minlength=size)
        whole = np.bincount(
            division, weight * (0.0 + parcels.area + parcels.acquired), minlength=size
        )
        return w.spread(ratio(part, whole), float(ratio(part.sum(), whole.sum())))

    return formula


def _flow_ratio(above: str, below: str) -> Callable[[Window], np.ndarray]:
    return lambda w: _part_of(w.division_flow(above), w.division_flow(below))


def _part_of(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    return np.where(np.isnan(whole), np.nan, ratio(np.nan_to_num(part), np.nan_to_num(whole)))


def shortfall(w: Window) -> np.ndarray:
    """The part of the standard that was not paid for land taken in the window."""
    return np.maximum(0.0, 1.0 - _flow_ratio("land_paid", "land_standard")(w))


def family_farms(w: Window) -> np.ndarray:
    """Family farms, for as many villages as the kept ones stand for."""
    units = w.world.units
    farms = np.bincount(units.division, units.weight * units.farms, minlength=w.world.divisions)
    return w.spread(farms, float(farms.sum()))


WORKS = (
    Outcome(
        "accepted_share", SHARE,
        "Of the works finished in the last twelve years, the share that was accepted, by number",
        "近十二年建成的工程中已通过验收的比重，按个数",
        "Accepted works", "验收率",
        _accepted_share(by_money=False), "higher",
    ),
    Outcome(
        "accepted_share_by_money", SHARE,
        "Of the works finished in the last twelve years, the share that was accepted, by money",
        "近十二年建成的工程中已通过验收的比重，按投资额",
        "Accepted, by money", "验收率（投资）",
        _accepted_share(by_money=True), "higher",
    ),
    Outcome(
        "days_to_acceptance", DAYS,
        "Mean days from the end of building to acceptance, of works accepted meanwhile",
        "期内验收的工程从建成到验收的平均天数",
        "Days to acceptance", "验收天数",
        _flow_ratio("days_to_acceptance", "projects_accepted"), "lower",
    ),
    Outcome(
        "works_condition", SHARE,
        "Condition of accepted works on 0 to 1, weighed by what they cost",
        "已验收工程的完好程度（0到1），按投资额加权",
        "Condition of works", "工程完好度",
        works_condition, "higher",
    ),
    Outcome(
        "projects_under_way", "works",
        "Public works being built at the end",
        "期末在建的公共工程",
        "Works under way", "在建工程",
        _number(_under_way), "none",
    ),
    Outcome(
        "works_waiting", "works",
        "Finished works of the last twelve years that wait for acceptance",
        "近十二年建成、尚待验收的工程",
        "Works waiting", "待验收工程",
        _number(_waiting), "lower",
    ),
    Outcome(
        "projects_cancelled", f"works {A_YEAR}",
        "Works given up after an issue was conceded",
        "因争议让步而停建的工程",
        "Works given up", "停建工程",
        _yearly("projects_cancelled"), "none",
    ),
    Outcome(
        "project_issues", f"issues {A_YEAR}",
        "Issues that open when works are begun",
        "工程开工引发的群体性争议",
        "Issues over works", "工程争议",
        _yearly("project_issues"), "lower",
    ),
    Outcome(
        "project_days_lost", DAYS,
        "Days of asking before building and of building works that are given up, per work begun",
        "每项开工工程所用的事前征求天数与停建前白费的施工天数",
        "Days lost per work", "每项工程耽搁天数",
        days_lost, "lower",
    ),
    *(
        Outcome(
            f"land_{name}_share", "share",
            f"Share of contract land at the start that is {word}",
            f"起始承包地中{zh}的比重",
            f"Land {word}", f"{zh}土地",
            _land_share(state), "none",
        )
        for state, (name, word, zh) in enumerate(
            zip(
                LAND_STATES,
                ("farmed by its household", "let to others", "left idle", "acquired since"),
                ("自家耕种", "流转", "撂荒", "此后被征收"),
                strict=True,
            )
        )
    ),
    Outcome(
        "land_taken", f"mu {A_YEAR}",
        "Contract land that was acquired",
        "征收的承包地",
        "Land taken", "征地",
        _yearly("land_taken_mu"), "none",
    ),
    Outcome(
        "land_compensation", "yuan a mu",
        "Compensation paid for each mu acquired",
        "每亩征地实付补偿",
        "Compensation", "征地补偿",
        _flow_ratio("land_paid", "land_taken_mu"), "higher",
    ),
    Outcome(
        "land_shortfall", SHARE,
        "The part of the standard compensation that was not paid",
        "征地补偿低于标准的比重",
        "Shortfall", "补偿缺口",
        shortfall, "lower",
    ),
    Outcome(
        "land_issues", f"issues {A_YEAR}",
        "Issues that open when land is taken",
        "征地引发的群体性争议",
        "Issues over land", "征地争议",
        _yearly("land_issues"), "lower",
    ),
    Outcome(
        "family_farms", "farms",
        "Family farms on land that is let",
        "在流转土地上经营的家庭农场",
        "Family farms", "家庭农场",
        family_farms, "none",
    ),
)  # fmt: skip
