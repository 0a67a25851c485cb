"""Random graphs on which limits are run: everybody can be reached from everybody."""

import numpy as np

from sim.kernel import Draws
from sim.world.ties import Ties


def random_ties(people: int, degree: float, seed: int) -> Ties:
    """A connected random graph of so many ties a person on average, with strengths of .2 to 1.

    A ring through all in random order makes it connected; the other pairs are picked at random,
    and what is picked twice or falls on the ring is picked again.
    """
    draws = Draws(seed)
    order = np.argsort(draws.uniform("bench.ring", np.arange(people)))
    ring = order * np.int64(people) + np.roll(order, -1)
    pairs = np.unique(_sorted_pairs(ring, people))
    wanted = min(round(people * degree / 2.0), people * (people - 1) // 2)
    attempt = 0
    while len(pairs) < wanted:
        picks = draws.uniform("bench.pair", np.arange(2 * wanted), attempt, np.array([[0], [1]]))
        ends = (picks * people).astype(np.int64)
        fresh = _sorted_pairs(ends[0] * people + ends[1], people)
        fresh = fresh[fresh // people != fresh % people]
        new = fresh[~np.isin(fresh, pairs)]
        _, first = np.unique(new, return_index=True)
        pairs = np.concatenate((pairs, new[np.sort(first)][: wanted - len(pairs)]))
        attempt += 1
    strength = 0.2 + 0.8 * draws.uniform("bench.strength", pairs)
    return Ties.from_edges(people, pairs // people, pairs % people, strength, "friends")


def _sorted_pairs(pairs: np.ndarray, people: int) -> np.ndarray:
    first, second = pairs // people, pairs % people
    return np.minimum(first, second) * people + np.maximum(first, second)
