"""What levers cost a year in each division: real counts of the place times unit costs."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from sim.world.money import CITY_RESIDENTS

MONTHS = 12
# A village counts as one grid unless its mean size is well above that of a grid.
WELL_ABOVE = 1.25

ByDivision = np.ndarray


class Counts:
    """Bodies of the whole real place by division: grids, committees, mediators.

    The 682 grids of Chengqu come out of 95 communities and 40 large villages; the city has 2,997.
    """

    def __init__(self, place: Any) -> None:
        self.residents = place.by_division("population")
        self.communities = place.by_division("communities")
        self.villages = place.by_division("villages")
        self.in_communities = self.communities * place.by_division("community_residents")
        self.in_villages = self.residents - self.in_communities
        grid = place.value("world.residents_per_community_grid")
        per_village = self.in_villages / np.maximum(self.villages, 1.0) / grid
        grids = np.where(per_village > WELL_ABOVE, per_village, 1.0)
        self.grids = self.in_communities / grid + self.villages * grids
        self.share = self.residents / self.residents.sum()
        self.cities = self.residents / CITY_RESIDENTS
        persons = place.keyed("offices.persons", ("village", "community", "township", "rooms_city"))
        village, community, township, rooms = persons
        self.part_time = self.villages * village + self.communities * community
        self.full_time = place.by_division("townships") * township + rooms * self.share


def cost_by_line(
    counts: Counts,
    levers: Mapping[str, ByDivision],
    base: Mapping[str, ByDivision],
    unit: Mapping[str, float],
    cases_per_10k: Mapping[str, float],
) -> dict[str, ByDivision]:
    """Yuan a year by line, each an array over the divisions."""
    staff = levers["mediation.staff_per_10k"] / base["mediation.staff_per_10k"]
    share, usual = levers["mediation.full_time_share"], base["mediation.full_time_share"]
    turned = np.maximum(share - usual, 0.0) / np.maximum(1.0 - usual, 1e-9)
    full_time = staff * (counts.full_time + turned * counts.part_time)
    mediators = staff * (counts.full_time + counts.part_time)
    cases = cases_per_10k["village"] * counts.in_villages
    cases = (cases + cases_per_10k["community"] * counts.in_communities) / 1e4
    worker_pay = unit["grid_base_pay"] + levers["grid.subsidy_yuan_per_year"]
    judges = levers["courts.judges_per_100k"] - base["courts.judges_per_100k"]
    units = counts.villages + counts.communities
    return {
        "grid_pay": counts.grids * levers["grid.workers_per_grid"] * worker_pay,
        "mediators": full_time * MONTHS * levers["mediation.pay_yuan_per_month"],
        "cases": (1.0 - turned) * cases * unit["case"],
        "meetings": units * levers["deliberation.meetings_per_year"] * unit["meeting"],
        "rooms": levers["mediation.specialised_rooms"] * counts.share * unit["room"],
        "platform": counts.cities * unit["platform"] * (1.0 + levers["coordination.data_sharing"]),
        "training": mediators * levers["mediation.training_hours_per_year"] * unit["training_hour"],
        "judges": np.maximum(judges, 0.0) * counts.residents / 1e5 * unit["judge"],
        "channels": counts.cities
        * (
            levers["participation.online_platform"] * unit["online_platform"]
            + levers["participation.youth_channel"] * unit["youth_channel"]
        ),
    }
