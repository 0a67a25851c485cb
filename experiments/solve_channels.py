"""Solves the constants of channels and success on a reference world.

`python experiments/solve_channels.py` writes sim/mechanisms/conflict/constants.py, with which the
stated shares come out. The reference is Jincheng 2020 at the base levers. Each round runs it,
notes for every decision and every attempt what differs between disputes (the leanings), and then
solves by fixed point

    constants with  mean softmax(constants + leanings) = share
    shifts with     mean logistic(logit(share) + shift + leaning) = share

The constants act on who fails and decides again, hence several rounds. Nothing else is fitted.
"""

import argparse
from pathlib import Path

import numpy as np

from sim.engine.build import Running, build
from sim.engine.load import load
from sim.mechanisms.conflict import constants, mediation, success
from sim.mechanisms.conflict import disputes as disputes_rule
from sim.mechanisms.conflict.routes import ACTIONS, AFTER_FAILURE, first_choices
from sim.mechanisms.government import coordination
from sim.scenario import Scenario
from sim.world.disputes import DOMAINS, FAILED_IN
from sim.world.disputes import FIRST as FIRST_DECISION

TARGET = Path(constants.__file__)
FEWEST = 400  # below that a domain's own decisions say less than those of all domains


class Notes:
    """Leanings of decisions and attempts, with the weight of each dispute."""

    def __init__(self) -> None:
        self.decisions: list[tuple[np.ndarray, ...]] = []
        self.attempts: dict[str, list[tuple[np.ndarray, np.ndarray]]] = {}

    def watch(self, running: Running) -> None:
        """Note every decision and every attempt of this world from now on."""
        rule = next(m for m in running.mechanisms if m.name == "channels")
        choose = rule.choose

        def noting(world, rows):  # type: ignore[no-untyped-def]
            d = world.disputes
            lean = rule.leanings(world, rows)
            self.decisions.append(
                (d.domain[rows].copy(), d.failed_in[rows].copy(), d.weight[rows].copy(), lean)
            )
            return choose(world, rows)

        rule.choose = noting

    def noting_chance(self, world, rows, level, share, trust_in, slopes, extra=0.0):  # type: ignore[no-untyped-def]
        """`success.chance`, noting what leans."""
        lean = success.leaning(world, rows, trust_in, slopes) + extra
        self.attempts.setdefault(level, []).append((world.disputes.weight[rows].copy(), lean))
        return success_chance(world, rows, level, share, trust_in, slopes, extra)


success_chance = success.chance


def solved_choice(lean: np.ndarray, weights: np.ndarray, shares: np.ndarray) -> np.ndarray:
    """Constants with which the mean softmax equals the shares; the first way stands at 0."""
    here = shares > 0.0
    values = np.where(here, np.log(np.where(here, shares, 1.0)), -np.inf)
    for _ in range(200):
        utility = values + lean
        odds = np.exp(utility - utility.max(axis=1, keepdims=True))
        odds /= odds.sum(axis=1, keepdims=True)
        mean = np.average(odds, axis=0, weights=weights)
        wanted = np.log(np.where(here, shares, 1.0))
        step = np.where(here, wanted - np.log(np.where(here, mean, 1.0)), 0.0)
        values = values + step
        if np.abs(step).max() < 1e-10:
            break
    return values - values[0]


def solved_shift(lean: np.ndarray, weights: np.ndarray, share: float) -> float:
    """The shift with which the mean chance equals the share."""
    base, shift = np.log(share / (1.0 - share)), 0.0
    for _ in range(100):
        mean = np.average(1.0 / (1.0 + np.exp(-(base + shift + lean))), weights=weights)
        shift += base - np.log(mean / (1.0 - mean))
    return float(shift)


def round_of(scenario: Scenario, seeds: range, years: float) -> Notes:
    """Run the reference and note its decisions after a year of warm-up."""
    notes = Notes()
    for module in (mediation, disputes_rule, coordination):
        module.chance = notes.noting_chance
    for seed in seeds:
        running = build(scenario, seed)
        for _ in range(52):
            running.step()
        notes.watch(running)
        for _ in range(round(years * 365.25 / 7)):
            running.step()
    return notes


def solve(notes: Notes) -> None:
    """Put new constants into the module that the mechanisms read."""
    domain, failed_in, weight, lean = (
        np.concatenate(part) for part in zip(*notes.decisions, strict=True)
    )
    choices = first_choices()
    for k, name in enumerate(DOMAINS):
        first = failed_in == FIRST_DECISION
        own = first & (domain == k)
        use = own if own.sum() >= FEWEST else first
        values = solved_choice(lean[use], weight[use], choices[k])
        constants.FIRST[name] = named(values)
    for name, shares in AFTER_FAILURE.items():
        use = failed_in == FAILED_IN.index(name)
        values = solved_choice(lean[use], weight[use], np.array(shares))
        constants.AFTER[name] = named(values)
    stated = {level: p.default for level, p in mediation.Mediation.success.items()} | {
        "talk": disputes_rule.Disputes.talk_success.default,
        "department": coordination.Coordination.success.default,
    }
    for level, share in stated.items():
        weights, leans = (np.concatenate(p) for p in zip(*notes.attempts[level], strict=True))
        constants.SUCCESS_SHIFT[level] = round(solved_shift(leans, weights, share), 4)


def named(values: np.ndarray) -> dict[str, float]:
    """Finite constants by action."""
    return {a: round(float(v), 4) for a, v in zip(ACTIONS, values, strict=True) if np.isfinite(v)}


def write() -> None:
    """Write the module of constants."""
    doc = constants.__doc__ or ""
    parts = [f'"""{doc}"""\n']
    for name in ("FIRST", "AFTER"):
        parts.append(f"{name}: dict[str, dict[str, float]] = {{")
        for row, values in getattr(constants, name).items():
            parts.append(f'    "{row}": {{')
            parts += [f'        "{action}": {value},' for action, value in values.items()]
            parts.append("    },")
        parts.append("}\n")
    parts.append("SUCCESS_SHIFT: dict[str, float] = {")
    parts += [f'    "{level}": {value},' for level, value in constants.SUCCESS_SHIFT.items()]
    parts.append("}")
    TARGET.write_text("\n".join(parts) + "\n", encoding="utf-8")


def main() -> None:
    """Solve in rounds and write the constants."""
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("--scale", type=float, default=0.05)
    ask.add_argument("--seeds", type=int, default=3)
    ask.add_argument("--years", type=float, default=3.0)
    ask.add_argument("--rounds", type=int, default=3)
    given = ask.parse_args()
    scenario = load({"name": "reference", "extends": "jincheng-2020", "scale": given.scale})
    for _ in range(given.rounds):
        solve(round_of(scenario, range(900, 900 + given.seeds), given.years))
        print(constants.SUCCESS_SHIFT)
    write()


if __name__ == "__main__":
    main()
