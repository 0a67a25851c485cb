"""The start of what spreads over ties: anchors whose resting point has the stated means and sds.

If people started at their draws they would drift at once: neighbours pull everybody towards the
middle. So the draws become anchors a, wider than stated, and people start where those come to
rest, x* = (I - S W)^-1 (I - S) a. How much narrower x* is than a is measured on the very graph;
anchors are drawn again, from the same luck, with means and sds corrected by what is missing.
"""

import numpy as np
from scipy.special import betaincinv, ndtr

from sim.world.states import SPREAD_STATES, state_means, state_normals, state_sds
from sim.world.world import World

ROUNDS = 3
RESIDUAL = 1e-6
SWEEPS = 400
# A beta distribution's sd stays below sqrt(m (1 - m)); beyond this share it is two spikes.
WIDEST = 0.95
_STEPS = 512
_NODES = np.linspace(0.0, 1.0, _STEPS + 1)


def settle_at_start(world: World, scales: dict[str, float]) -> None:
    """Set the anchors of all spread states, and the states to where these come to rest.

    `scales` says how susceptible people are in each state, relative to people.susceptibility. In
    a world whose place states no means the states as they are become the anchors.
    """
    people = world.people
    if "start.norm.mean" not in world.place.values:
        for state in scales:
            people[f"anchor_{state}"][:] = people[state]
        return
    shares = susceptibilities(world, [scales[state] for state in SPREAD_STATES])
    anchors, resting = fitted_start(world, shares)
    for position, state in enumerate(SPREAD_STATES):
        people[f"anchor_{state}"][:] = anchors[:, position]
        people[state][:] = resting[:, position]


def people_means(world: World, rows: np.ndarray) -> np.ndarray:
    """The mean of each spread state that the place states for the class of each of these people.

    Shape (rows, states); in a world whose place states no means, the people's own values.
    """
    people = world.people
    if "start.norm.mean" in world.place.values:
        return state_means(world.place, people.registration[rows])
    return np.column_stack([people[state][rows] for state in SPREAD_STATES])


def susceptibilities(world: World, scales: list[float]) -> np.ndarray:
    """Each person's weight on others, by state (people, states), float32; 0 for isolated people."""
    shares = np.minimum(np.outer(world.people.susceptibility, scales), 1.0)
    shares[world.ties.degree == 0] = 0.0
    return shares.astype(np.float32)


def fitted_start(world: World, shares: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Anchors and their resting point, with the means by class and the sds that the place states.

    Returns two float32 arrays (people, states).
    """
    people, place = world.people, world.place
    correlation = place.values.get("start.trust.correlation", 0.5)
    luck = ndtr(state_normals(people.id, world.draws, correlation))
    wanted_means, wanted_sds = state_means(place, people.registration), state_sds(place)
    groups = [np.unique(column, return_inverse=True) for column in wanted_means.T]
    nodes = [_lower_nodes(luck[:, k], group) for k, (_, group) in enumerate(groups)]
    means = [values.copy() for values, _ in groups]
    sds = wanted_sds.copy()
    anchors = resting = np.empty((0, len(groups)), np.float32)
    for attempt in range(ROUNDS + 1):
        drawn = [_beta_draws(lower, luck[:, k], means[k], sds[k]) for k, lower in enumerate(nodes)]
        anchors = np.column_stack(drawn)
        resting = at_rest(world, anchors, shares, anchors if attempt == 0 else resting)
        if attempt == ROUNDS:
            break
        for k, (values, group) in enumerate(groups):
            reached, spread = _moments_by_group(resting[:, k], group, people.weight)
            means[k] += values - reached
            sds[k] *= wanted_sds[k] / max(spread, 1e-6)
    return anchors, resting


def at_rest(world: World, anchors: np.ndarray, shares: np.ndarray, guess: np.ndarray) -> np.ndarray:
    """Solve x = S W x + (I - S) a by sweeps until nobody moves by more than the residual."""
    own = (1.0 - shares) * anchors
    states = guess
    for _ in range(SWEEPS):
        swept = shares * world.ties.neighbour_means(states) + own
        moved = float(np.abs(swept - states).max())
        states = swept
        if moved < RESIDUAL:
            break
    return states


def start_report(world: World) -> dict[str, tuple[float, float]]:
    """The weighted mean and sd of each spread state as it stands, by state."""
    weights = world.people.weight.astype(np.float64)
    everybody = np.zeros(len(weights), np.int64)
    report = {}
    for state in SPREAD_STATES:
        mean, spread = _moments_by_group(world.people[state], everybody, weights)
        report[state] = (float(mean[0]), spread)
    return report


def _lower_nodes(luck: np.ndarray, group: np.ndarray) -> np.ndarray:
    """The node below each luck, in the tables of all groups one after the other.

    What is left in `luck` is how far beyond that node it was. Anchors are drawn several times from
    the same luck, so this is worked out once.
    """
    lower = np.minimum((luck * _STEPS).astype(np.int32), _STEPS - 1)
    luck -= _NODES[lower]
    numbered: np.ndarray = group.astype(np.int32) * _NODES.size + lower
    return numbered


def _beta_draws(lower: np.ndarray, beyond: np.ndarray, means: np.ndarray, sd: float) -> np.ndarray:
    """Beta quantiles of each person's luck, with the mean of the person's group (float32)."""
    tables = np.empty((len(means), _NODES.size))
    for number, stated in enumerate(means):
        mean = min(max(float(stated), 0.02), 0.98)
        spread = min(sd, WIDEST * np.sqrt(mean * (1.0 - mean)))
        size = mean * (1.0 - mean) / spread**2 - 1.0
        tables[number] = betaincinv(mean * size, (1.0 - mean) * size, _NODES)
    slopes = np.diff(tables, append=0.0) * _STEPS  # nobody is beyond the last node
    drawn: np.ndarray = slopes.take(lower) * beyond + tables.take(lower)
    return drawn.astype(np.float32)


def _moments_by_group(
    values: np.ndarray, group: np.ndarray, weights: np.ndarray
) -> tuple[np.ndarray, float]:
    """The weighted mean of each group, and the sd about these means."""
    total = np.bincount(group, weights)
    means = np.bincount(group, weights * values.astype(np.float64)) / total
    square = float(np.average((values - means[group]) ** 2, weights=weights))
    return means, float(np.sqrt(square))
