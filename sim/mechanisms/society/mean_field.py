"""Where shares rest when all know all: the stable solutions of p = logistic(h + J p).

f(p) = logit(p) - J p rises where J p (1 - p) < 1, which is where a rest is stable. Its turning
points p+- = (1 +- sqrt(1 - 4/J)) / 2 part (0, 1) into stretches with at most one solution each,
so bisection on each rising stretch finds every stable share and no other.
"""

import math


def stable_shares(h: float, j: float) -> list[float]:
    """The stable shares, rising; one, or two when h lies inside the window."""
    if j <= 4.0:
        return [_bisected(h, j, 0.0, 1.0)]
    root = math.sqrt(1.0 - 4.0 / j)
    turns = ((1.0 - root) / 2.0, (1.0 + root) / 2.0)
    found = []
    if h < _level(turns[0], j):
        found.append(_bisected(h, j, 0.0, turns[0]))
    if h > _level(turns[1], j):
        found.append(_bisected(h, j, turns[1], 1.0))
    return found


def distinct(values: list[float], apart: float = 0.02) -> list[float]:
    """Where many starts came to rest, rising: values closer than `apart` count as one place."""
    places: list[list[float]] = []
    for value in sorted(values):
        if places and value - places[-1][-1] <= apart:
            places[-1].append(value)
        else:
            places.append([value])
    return [sum(place) / len(place) for place in places]


def nearly_critical(shares: list[float], j: float) -> bool:
    """Whether some stable share attracts so weakly that iteration takes forever to reach it."""
    return any(j * share * (1.0 - share) > 0.99 for share in shares)


def _level(share: float, j: float) -> float:
    return math.log(share / (1.0 - share)) - j * share


def _bisected(h: float, j: float, low: float, high: float) -> float:
    for _ in range(200):
        middle = (low + high) / 2.0
        if middle in (low, high):
            break
        if _level(middle, j) < h:
            low = middle
        else:
            high = middle
    return (low + high) / 2.0
