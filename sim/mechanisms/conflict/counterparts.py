"""Who can have which dispute, and who stands on the other side of it."""

import numpy as np
from numba import njit

from sim.kernel.draws import hashed, unit_interval
from sim.world.bodies import EMPLOYER, FIRM_KINDS
from sim.world.disputes import COUNTERPARTS, DOMAINS
from sim.world.flows import KINDS
from sim.world.ties import LAYERS
from sim.world.world import World

# Which layers of ties a counterpart comes from where there is one; others come from any tie.
LAYER_OF_DOMAIN = {
    "neighbour": ("neighbours",),
    "family": ("household", "kin"),
    "debt": ("kin", "friends", "coworkers"),
    "damage": ("neighbours", "coworkers"),
    "land": ("neighbours", "kin"),
    "water": ("neighbours",),
}
FIRM_OF_DOMAIN = {
    "debt": "lender",
    "labour": "employer",
    "property": "property",
    "consumer": "employer",
    "housing": "developer",
}
OFFICE_DOMAINS = ("land_acquisition", "environment", "medical")
TIE, FIRM, OFFICE = range(len(COUNTERPARTS))


def exposures(world: World) -> np.ndarray:
    """Who can have which dispute, shape (patterns, domains); pattern = 2 kind + employed.

    Weighted over people the mean is 1 in each domain. Labour disputes need a job; land and water
    disputes arise outside urban communities.
    """
    people = world.people
    pattern = 2 * people.kind + people.employed
    kind, employed = np.divmod(np.arange(2 * len(KINDS)), 2)
    exposure = np.ones((len(kind), len(DOMAINS)))
    exposure[:, DOMAINS.index("labour")] = employed
    exposure[:, DOMAINS.index("land")] = kind > 0
    exposure[:, DOMAINS.index("water")] = kind == 2
    residents = np.bincount(pattern, people.residents, minlength=len(kind))
    means = residents @ exposure / residents.sum()
    return exposure / np.where(means > 0.0, means, 1.0)


class FirmsMet:
    """The firms of a kind in a division, and how likely each is met.

    What a firm is and how large never changes: they are looked up anew only when firms have come.
    """

    def __init__(self) -> None:
        self._firms = 0
        self._found: dict[tuple[str, int], tuple[np.ndarray, np.ndarray]] = {}

    def of(self, world: World, kind: str, division: int) -> tuple[np.ndarray, np.ndarray]:
        """Their rows, and up to which luck each of them is met.

        Employers are met by how many they employ, other firms by how many they stand for.
        """
        firms = world.firms
        if len(firms) != self._firms:
            self._firms = len(firms)
            self._found.clear()
        if (kind, division) not in self._found:
            choice = (firms.kind == FIRM_KINDS.index(kind)) & (firms.division == division)
            rows = np.flatnonzero(choice)
            size = (firms.employees if kind == EMPLOYER else firms.weight)[rows].astype(float)
            self._found[kind, division] = rows, np.cumsum(size) / max(size.sum(), 1e-300)
        return self._found[kind, division]


def counterparts(
    world: World,
    rows: np.ndarray,
    domains: np.ndarray,
    ids: np.ndarray,
    firm_share: float,
    met: FirmsMet,
) -> tuple[np.ndarray, np.ndarray]:
    """Who stands on the other side: a row of ties, firms or offices, and which of the three.

    `rows` are the people whose disputes these are; the second array holds COUNTERPARTS codes.
    Firms are the other side of a share of disputes about debts, property, shopping and
    housing, and of all labour disputes.
    """
    with_firm = _MAY_BE_A_FIRM[domains]
    luck = world.draws.uniform("disputes.firm", ids)
    with_firm &= luck < firm_share
    with_firm |= domains == DOMAINS.index("labour")
    with_office = _IS_AN_OFFICE[domains]
    against = np.where(with_office, OFFICE, np.where(with_firm, FIRM, TIE))
    counterpart = np.full(len(rows), -1, np.int32)
    by_tie = (against == TIE).nonzero()[0]
    counterpart[by_tie] = _pick_ties(
        world.ties.by_layer,
        world.people.id,
        rows[by_tie].astype(np.int64),
        _LAYERS_ASKED[domains[by_tie]],
        ids[by_tie],
        world.draws.key("disputes.counterpart"),
    )
    division = world.people.division[rows]
    by_firm = (against == FIRM).nonzero()[0]
    counterpart[by_firm] = _pick_firms(
        world, met, division[by_firm], domains[by_firm], ids[by_firm]
    )
    by_office = (against == OFFICE).nonzero()[0]
    counterpart[by_office] = world.office_of["department"][division[by_office]]
    return counterpart, against


def _pick_firms(
    world: World, met: FirmsMet, division: np.ndarray, domains: np.ndarray, ids: np.ndarray
) -> np.ndarray:
    """A firm of the division and of the kind that the domain asks for; -1 where there is none."""
    picked = np.full(len(ids), -1, np.int32)
    if not len(world.firms):
        return picked
    luck = world.draws.uniform("disputes.which_firm", ids)
    for domain, place in sorted(set(zip(domains.tolist(), division.tolist(), strict=True))):
        candidates, reach = met.of(world, FIRM_OF_DOMAIN[DOMAINS[domain]], place)
        here = (domains == domain) & (division == place)
        if len(candidates):
            last = len(candidates) - 1
            picked[here] = candidates[np.minimum(np.searchsorted(reach, luck[here]), last)]
    return picked


def _layer_masks() -> np.ndarray:
    masks = np.zeros(len(DOMAINS), np.uint8)
    for domain, layers in LAYER_OF_DOMAIN.items():
        masks[DOMAINS.index(domain)] = sum(1 << LAYERS.index(layer) for layer in layers)
    return masks


_LAYERS_ASKED = _layer_masks()
_MAY_BE_A_FIRM = np.array([domain in FIRM_OF_DOMAIN for domain in DOMAINS])
_IS_AN_OFFICE = np.array([domain in OFFICE_DOMAINS for domain in DOMAINS])


@njit(cache=True)
def _pick_ties(graph, ids, rows, masks, dispute_ids, key):  # type: ignore[no-untyped-def]
    """The tie with the highest Gumbel score, preferring the layers that the domain asks for.

    The score belongs to (dispute, candidate): a neighbour who moved changes only the disputes
    that would have picked them. -1 for a person without ties.
    """
    indptr, indices, kind, kind_layers = graph
    picked = np.full(rows.size, -1, np.int32)
    zero = np.uint64(0)
    for k in range(rows.size):
        best = -np.inf
        for e in range(indptr[rows[k]], indptr[rows[k] + 1]):
            luck = unit_interval(hashed(key, dispute_ids[k], ids[indices[e]], zero))
            score = -np.log(-np.log(luck))
            if kind_layers[kind[e]] & masks[k]:
                score += 20.0  # outweighs any Gumbel difference that occurs
            if score > best:
                best, picked[k] = score, indices[e]
    return picked
