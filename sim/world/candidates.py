"""Candidates for rare events of people on the weekly grid, thinned to the present rate.

Candidates come at the highest rate that a policy can give and are accepted when their own luck
falls under the present rate over the highest: whoever is refused leaves no trace, and a calmer
policy gets a subset (Lewis and Shedler 1979).
"""

import numpy as np
from numba import njit

from sim.kernel import Clock, entity_ids
from sim.kernel.draws import highest_word, rows_with_low_words, unit_interval
from sim.world.world import World


@njit(cache=True)
def _hits(ids, alive, divisions, yearly, weeks, key, week):  # type: ignore[no-untyped-def]
    chances = yearly * weeks
    rows, words = rows_with_low_words(ids, key, week, highest_word(chances.max()))
    count = 0
    for k in range(rows.size):
        i = rows[k]
        if unit_interval(words[k]) < chances[divisions[i]] and alive[i]:
            rows[count] = i
            count += 1
    return rows[:count]


def arrivals(
    world: World, clock: Clock, stream: str, highest: np.ndarray, share: float = 1.0
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """People (rows) whose event falls into this step, its identity and its day.

    `highest` is the highest yearly rate of an adult by division, `share` the present rate over it.
    At most one candidate a person and week, with its expectation as chance: exact in the mean for
    rare events.
    """
    people, week = world.people, clock.week
    rows = _hits(
        people.id,
        people.alive,
        people.division,
        highest,
        7.0 / 365.25,
        world.draws.key(stream),
        np.uint64(week),
    )
    ids = entity_ids(stream, people.id[rows], week)
    at = clock.week_begins + 7.0 * world.draws.uniform(f"{stream}.offset", ids)
    here = (at >= clock.begins) & (at < clock.ends)
    if share < 1.0:
        here &= world.draws.uniform(f"{stream}.accept", ids) < share
    return rows[here], ids[here], at[here]


def residents_an_adult(world: World) -> np.ndarray:
    """How many residents of all ages an adult stands for, by division."""
    people = world.people
    residents = np.bincount(people.division, people.residents, minlength=world.divisions)
    adults = np.bincount(people.division, people.weight, minlength=world.divisions)
    return residents / np.maximum(adults, 1e-300)


def per_adult(world: World, per_10k_residents: float) -> np.ndarray:
    """A rate per 10,000 residents a year as a rate per adult, by division."""
    return per_10k_residents / 1e4 * residents_an_adult(world)
