"""Outcomes of people and places: who lives where, who moves, and who comes to belong."""

from collections.abc import Callable

import numpy as np
from numba import njit

from sim.outcomes.outcome import RATE, SHARE, Outcome
from sim.outcomes.window import Window, ratio
from sim.world.flows import CELLS_PER_DIVISION, REGISTRATIONS

NON_LOCAL, RURAL = 2, 2
SETTLED_YEARS = 5  # years of residence after which somebody counts as staying
FEELS_LOCAL = 0.5  # belonging from which somebody feels local


def urban_share(w: Window) -> np.ndarray:
    """Residents in urban kinds of place over all residents."""
    residents = w.world.residents_by_cell()
    kind = np.arange(len(residents)) % CELLS_PER_DIVISION // len(REGISTRATIONS)
    return ratio(w.groups.members @ (residents * (kind != RURAL)), w.residents)


def floating(w: Window) -> np.ndarray:
    """Residents who are registered elsewhere."""
    people, cells = w.world.people, w.world.flows.cells
    adult_share = w.world.place.value("world.floating_adult_share")
    weights = people.weight * (people.registration == NON_LOCAL) / adult_share
    return w.groups.members @ np.bincount(people.cell, weights, minlength=cells)


def belonging_of_non_local(w: Window) -> np.ndarray:
    """Belonging of people who are registered elsewhere."""
    people = w.world.people
    return w.mean(people.belonging, people.registration == NON_LOCAL)


def feeling_local(w: Window) -> np.ndarray:
    """Who of those registered elsewhere feels local."""
    people = w.world.people
    return w.mean(people.belonging >= FEELS_LOCAL, people.registration == NON_LOCAL)


def semi_urbanised(w: Window) -> np.ndarray:
    """Of the non-local in city and town: those who have long lived there and do not belong."""
    people = w.world.people
    away = (people.registration == NON_LOCAL) & (people.kind != RURAL)
    stayed = people.moved_at <= w.day - SETTLED_YEARS * 365.25
    return w.mean(stayed & (people.belonging < FEELS_LOCAL), away)


def _a_year(*flows: str) -> Callable[[Window], np.ndarray]:
    return lambda w: w.per_10k(np.sum([w.flow(name) for name in flows], axis=0))


def cross_class_share(w: Window) -> np.ndarray:
    """Ties between a local and somebody registered elsewhere, of all ties as they are now."""
    out = np.full(len(w.groups.by), np.nan)
    people, ties = w.world.people, w.world.ties
    away = people.registration == NON_LOCAL
    out[0] = _crossing(ties.indptr, ties.indices, away) / max(1, ties.indices.size)
    return out


@njit(cache=True)
def _crossing(indptr, indices, away):  # type: ignore[no-untyped-def]
    count = 0
    for row in range(away.size):
        for entry in range(indptr[row], indptr[row + 1]):
            count += away[row] != away[indices[entry]]
    return count


PEOPLE = (
    Outcome(
        "belonging_mean", "0 to 1", "Mean belonging", "平均归属感", "Belonging", "归属感",
        lambda w: w.mean(w.world.people.belonging), "higher",
    ),
    Outcome(
        "belonging_non_local", "0 to 1", "Mean belonging of people registered elsewhere",
        "外来人口的平均归属感", "Belonging, non-local", "外来归属感",
        belonging_of_non_local, "higher",
    ),
    Outcome(
        "feeling_local_share", SHARE,
        "People registered elsewhere who feel local (belonging of one half or more)",
        "外来人口中自认是本地人的比重", "Feeling local", "自认本地人",
        feeling_local, "higher",
    ),
    Outcome(
        "semi_urbanised_share", SHARE,
        "Of the people registered elsewhere in city and town: five years there and belonging below"
        " one half",
        "城镇外来人口中居住满五年而归属感不足一半者的比重", "Semi-urbanised", "半城市化",
        semi_urbanised, "lower",
    ),
    Outcome(
        "urbanisation", SHARE, "Residents who live in city and town", "居住在城镇的常住人口比重",
        "Urbanisation", "城镇化率", urban_share, "none",
    ),
    Outcome(
        "floating_residents", "persons", "Residents who are registered elsewhere",
        "户籍在外的常住人口", "Floating residents", "流动人口", floating, "none",
    ),
    Outcome(
        "moves_to_town_per_10k", RATE, "Adults who moved from a village to city or town",
        "从乡村迁往城镇的成年人", "Moves to town", "乡村迁往城镇",
        _a_year("moves_rural_to_urban"), "none",
    ),
    Outcome(
        "moves_home_per_10k", RATE, "Adults who moved back to where they are registered",
        "返回户籍地的成年人", "Moves home", "返乡", _a_year("moves_home"), "none",
    ),
    Outcome(
        "moves_other_per_10k", RATE, "Adults who moved between towns or divisions otherwise",
        "在城镇或区县之间迁移的成年人", "Other moves", "其他迁移",
        _a_year("moves_other"), "none",
    ),
    Outcome(
        "departures_per_10k", RATE, "Adults who left the region", "迁出本市的成年人",
        "Departures", "迁出", _a_year("left_region"), "none",
    ),
    Outcome(
        "arrivals_per_10k", RATE, "Adults who came from outside the region", "从市外迁入的成年人",
        "Arrivals", "迁入", _a_year("arrivals_new", "arrivals_home"), "none",
    ),
    Outcome(
        "coming_of_age_per_10k", RATE, "People who turned 18", "年满18岁的人数",
        "Coming of age", "成年", _a_year("came_of_age"), "none",
    ),
    Outcome(
        "deaths_per_10k", RATE, "Adults who died", "成年人死亡", "Deaths", "死亡",
        _a_year("deaths"), "none",
    ),
    Outcome(
        "graph_cross_class_share", SHARE,
        "Share of ties between registered locals and people registered elsewhere, as they are now",
        "本地户籍与外来人口之间的联系所占比重", "Cross-class ties", "跨户籍联系",
        cross_class_share,
    ),
)  # fmt: skip
