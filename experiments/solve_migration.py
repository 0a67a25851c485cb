"""Solves the constants of migration and the trend of jobs on a reference world.

`python experiments/solve_migration.py` writes sim/mechanisms/place/constants.py, with which the
balance of people comes out and jobs grow as the labour force of each kind of place does. The
reference is Jincheng 2020 at the base levers. Each round runs the class itself for five years in a
few worlds. Three constants follow from flows that are stated,

    constant <- constant + ln(stated flow / flow counted)

those of leaving the village (R adults a year) and of coming home (H) from two results: by how much
the share of adults in urban kinds of place rises (.75 points a year), and how many are registered
elsewhere (1.5 % fewer after five years). A thousand leavers more raise the first by a thousand and
the second by nearly as many; of a thousand who come home some .6 leave an urban place:

    R - .6 H = urban adults that lack,   .93 R - H = floating adults that lack.
"""

import argparse
from pathlib import Path

import numpy as np

from sim.engine.build import Running, build
from sim.engine.load import load
from sim.mechanisms.place import constants
from sim.mechanisms.place.migration_choice import RURAL
from sim.world.flows import KINDS
from sim.world.states import NON_LOCAL

TARGET = Path(constants.__file__)
PLACE = "sim.mechanisms.place"

YEARS = 5
# Adults a year, companions included. Assumed: exits are a tenth of floating adults or somewhat more
# (returns in surveys: .06 to .20); the net loss to other regions is the trend between censuses.
STATED_FLOW = {"leave_region": 18_000, "outsiders_leave": 16_000, "other": 9_000}
URBAN_POINTS_A_YEAR = 0.0075  # the trend between censuses, .80 and falling as villages empty
FLOATING_CHANGE = -0.015  # of those registered elsewhere, over five years
NET_URBAN_OF_HOME, FLOATING_OF_LEAVERS = 0.6, 0.93


def of_the_place(running: Running) -> Running:
    """Only the mechanisms of city and countryside act: the others move nobody."""
    kept = [m for m in running.mechanisms if type(m).__module__.startswith(PLACE)]
    running.mechanisms = tuple(kept)
    running.clock.begins = 0.0
    return running


def counted(
    worlds: list[Running], found: dict[str, float], growth: dict[str, float]
) -> tuple[dict[str, float], dict[str, float]]:
    """Moves a year by type, the urban and floating adults gained a year: means over worlds.

    Then the yearly growth of the labour force by kind of place.
    """
    total = dict.fromkeys((*found, "urban", "floating"), 0.0)
    forces = np.zeros((2, len(KINDS)))
    for world in worlds:
        running = world.twin()
        rules = {m.name: m for m in running.mechanisms}
        rules["migration"].constant = dict(found)  # type: ignore[attr-defined]
        rules["labour"].market.grow(growth)  # type: ignore[attr-defined]
        before = stocks(running)
        forces[0] += force(running)
        for _ in range(YEARS * 52):
            running.step()
        forces[1] += force(running)
        urban, floating, adults = stocks(running)
        gained = (urban / adults - before[0] / before[2]) * before[2], floating - before[1]
        for name, value in zip(("urban", "floating"), gained, strict=True):
            total[name] += value
        for name in found:
            total[name] += float(running.world.flows.by_cell[f"moves_{name}"].sum())
    grown = dict(zip(KINDS, (np.log(forces[1] / forces[0]) / YEARS).tolist(), strict=True))
    return {name: value / YEARS / len(worlds) for name, value in total.items()}, grown


def force(running: Running) -> np.ndarray:
    """Adults who work or look for work, by kind of place."""
    people = running.world.people
    here = people.alive & (people.employed | people.unemployed)
    return np.bincount(people.kind[here], people.weight[here], minlength=len(KINDS))


def stocks(running: Running) -> tuple[float, float, float]:
    """Adults in urban kinds of place, those registered elsewhere, and all."""
    people = running.world.people
    weights = people.weight.astype(float)
    urban, floating = people.kind != RURAL, people.registration == NON_LOCAL
    return float(weights @ urban), float(weights @ floating), float(weights.sum())


def improved(
    found: dict[str, float], flows: dict[str, float], start: tuple[float, float, float]
) -> dict[str, float]:
    """The constants of the next round."""
    wanted = dict(STATED_FLOW)
    lacks_urban = URBAN_POINTS_A_YEAR * start[2] - flows["urban"]
    lacks_floating = FLOATING_CHANGE / YEARS * start[1] - flows["floating"]
    share = 1.0 - NET_URBAN_OF_HOME * FLOATING_OF_LEAVERS
    leavers = (lacks_urban - NET_URBAN_OF_HOME * lacks_floating) / share
    wanted["rural_to_urban"] = round(flows["rural_to_urban"] + leavers)
    wanted["home"] = round(flows["home"] + FLOATING_OF_LEAVERS * leavers - lacks_floating)
    better = {}
    for name, value in found.items():
        step = np.log(max(wanted[name], 1000) / max(flows[name], 1000.0))
        better[name] = value + float(np.clip(step, -1.0, 1.0))
    return better


def write(found: dict[str, float], growth: dict[str, float]) -> None:
    """Write the module of constants."""
    lines = [f'"""{constants.__doc__}"""\n', "CONSTANT: dict[str, float] = {"]
    lines += [f'    "{name}": {value:.3f},' for name, value in found.items()]
    lines += ["}", "", "# By kind of place, per year.", "JOB_GROWTH: dict[str, float] = {"]
    lines += [f'    "{name}": {value:.4f},' for name, value in growth.items()]
    TARGET.write_text("\n".join([*lines, "}"]) + "\n", encoding="utf-8")


def main() -> None:
    """Solve in rounds and write the constants."""
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("--scale", type=float, default=0.02)
    ask.add_argument("--seeds", type=int, default=12)
    ask.add_argument("--rounds", type=int, default=4)
    given = ask.parse_args()
    scenario = load({"name": "reference", "extends": "jincheng-2020", "scale": given.scale})
    worlds = [of_the_place(build(scenario, 900 + k)) for k in range(given.seeds)]
    start = tuple(np.mean([stocks(world) for world in worlds], axis=0))
    found, growth = dict(constants.CONSTANT), dict(constants.JOB_GROWTH)
    for _ in range(given.rounds):
        flows, growth = counted(worlds, found, growth)
        found = improved(found, flows, start)
        print({name: round(value) for name, value in flows.items()})
        print({name: round(value, 4) for name, value in (found | growth).items()}, flush=True)
    write(found, growth)


if __name__ == "__main__":
    main()
