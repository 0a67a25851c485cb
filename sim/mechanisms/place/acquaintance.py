"""How ties weaken, end and form: the compiled loops of integration.

Every loop returns pairs; the ties themselves change once, all pairs together.
"""

import numpy as np
from numba import njit

from sim.kernel.draws import hashed, unit_interval
from sim.world.ties import LAYER_BITS

HOUSEHOLD = np.uint8(LAYER_BITS["household"])
KIN = np.uint8(LAYER_BITS["kin"])
FRIENDS = np.uint8(LAYER_BITS["friends"])
COWORKERS = np.uint8(LAYER_BITS["coworkers"])
_NOT_HOUSEHOLD = np.uint8(255 - LAYER_BITS["household"])
# Neighbours and colleagues are the first to go in a move; what is left of them are friends.
_FAR = np.uint8(255 - LAYER_BITS["neighbours"] - LAYER_BITS["coworkers"])
LASTING = np.uint8(HOUSEHOLD | KIN)
_TRIES = 64  # how many people a search for somebody new looks at
_ZERO = np.uint64(0)


@njit(cache=True)
def left_behind(  # type: ignore[no-untyped-def]
    movers, graph, kind_strength, people, kept, strengths, keys, week
):
    """What a move does to ties: pairs with their new strength and layers, and ties lost by mover.

    Of the ties beyond the household a share is kept, at half strength: kin before friends, those
    before neighbours and colleagues. Members of the old household stay kin. `graph`:
    `Ties.by_layer`; `strengths` are those of new ties by their layers.
    """
    indptr, indices, kind, kind_layers = graph
    ids, household, alive = people
    rank_key, share_key = keys
    room = 0
    for mover in movers:
        room += indptr[mover + 1] - indptr[mover]
    a, b = np.empty(room, np.int64), np.empty(room, np.int64)
    weights, masks = np.empty(room, np.float32), np.empty(room, np.uint8)
    lost = np.zeros(movers.size, np.int64)
    pairs = 0
    for m in range(movers.size):
        mover = movers[m]
        begin, end = indptr[mover], indptr[mover + 1]
        entries = np.empty(end - begin, np.int64)
        order = np.empty(end - begin)
        count = 0
        for entry in range(begin, end):
            other = indices[entry]
            if not alive[other] or household[other] == household[mover]:
                continue
            layers = kind_layers[kind[entry]]
            if layers & HOUSEHOLD:
                a[pairs], b[pairs] = mover, other
                masks[pairs] = (layers & _NOT_HOUSEHOLD) | KIN
                weights[pairs] = strengths[masks[pairs]]
                pairs += 1
                continue
            first = max(ids[mover], ids[other])
            second = min(ids[mover], ids[other])
            rank = 1.0
            if layers & KIN:
                rank = 0.0
            elif not layers & _FAR:
                rank = 2.0
            order[count] = rank + unit_interval(hashed(rank_key, first, second, week))
            entries[count] = entry
            count += 1
        stay = np.floor(count * kept + unit_interval(hashed(share_key, ids[mover], week, _ZERO)))
        sequence = np.argsort(order[:count])
        for place in range(count):
            entry = entries[sequence[place]]
            a[pairs], b[pairs] = mover, indices[entry]
            layers = kind_layers[kind[entry]]
            if place < stay:
                masks[pairs] = layers & _FAR
                if masks[pairs] == 0:
                    masks[pairs] = FRIENDS
                weights[pairs] = kind_strength[kind[entry]] * np.float32(0.5)
            else:
                masks[pairs] = layers
                weights[pairs] = 0.0
                lost[m] += 1
            pairs += 1
    return a[:pairs], b[:pairs], weights[:pairs], masks[:pairs], lost


@njit(cache=True)
def faded(graph, people, chance, keys, week):  # type: ignore[no-untyped-def]
    """Ties that fade, each with this chance but those of household and kin: (who gave up, whom).

    Either end may let go, with half of the chance; a person lets go of one tie at a time.
    """
    indptr, indices, kind, kind_layers = graph
    ids, _, alive = people
    whether_key, which_key = keys
    a, b = [], []
    for i in range(ids.size):
        degree = indptr[i + 1] - indptr[i]
        if degree == 0 or not alive[i]:
            continue
        if unit_interval(hashed(whether_key, ids[i], week, _ZERO)) >= degree * chance * 0.5:
            continue
        lowest, which = np.uint64(0xFFFFFFFFFFFFFFFF), indptr[i]
        for entry in range(indptr[i], indptr[i + 1]):
            word = hashed(which_key, ids[i], ids[indices[entry]], week)
            if word < lowest:
                lowest, which = word, entry
        if not kind_layers[kind[which]] & LASTING:
            a.append(i)
            b.append(indices[which])
    return np.array(a, np.int64), np.array(b, np.int64)


@njit(inline="always", cache=True)
def _tied(indptr, indices, a, b):  # type: ignore[no-untyped-def]
    low, high = indptr[a], indptr[a + 1]
    while low < high:
        middle = (low + high) // 2
        if indices[middle] < b:
            low = middle + 1
        else:
            high = middle
    return low < indptr[a + 1] and indices[low] == b


@njit(cache=True)
def formed(rows, counts, graph, people, pool, layer_table, shares, key, week):  # type: ignore[no-untyped-def]
    """New ties of these people, so many each: (who, with whom, layer's bit).

    `people`: ids, household, alive, non-local, employed, run (which run of the pool somebody
    lives in); `pool`: rows of people run by run, and where runs and divisions begin and end;
    `layer_table`: bits, summed shares of picks, local shares, shares within the division;
    `shares`: homophily, closure. With the chance of closure somebody is met through somebody
    known, but not online, where ties lie anywhere; else, with the chance of homophily, anybody of
    the own class, else anybody.
    """
    indptr, indices = graph
    ids, household, alive, non_local, employed, run = people
    members, begins, division_begins, division_ends = pool
    bits, reached, local, within = layer_table
    homophily, closure = shares
    a, b, masks = [], [], []
    for r in range(rows.size):
        i = rows[r]
        for pick in range(counts[r]):
            slot = np.uint64(pick * (_TRIES + 8))
            layer = 0
            luck = unit_interval(hashed(key, ids[i], week, slot))
            while luck > reached[layer] and layer < bits.size - 1:
                layer += 1
            at_work = bits[layer] == COWORKERS
            if at_work and not employed[i]:
                layer, at_work = bits.size - 2, False  # friends stand last but one
            partner = -1
            degree = indptr[i + 1] - indptr[i]
            through = unit_interval(hashed(key, ids[i], week, slot + np.uint64(1)))
            if degree > 0 and through < closure and within[layer] > 0.0:
                luck = unit_interval(hashed(key, ids[i], week, slot + np.uint64(2)))
                known = indices[indptr[i] + int(luck * degree)]
                further = indptr[known + 1] - indptr[known]
                luck = unit_interval(hashed(key, ids[i], week, slot + np.uint64(3)))
                other = indices[indptr[known] + int(luck * further)]
                fits = other != i and alive[other] and household[other] != household[i]
                fits = fits and (employed[other] or not at_work)
                if fits and not _tied(indptr, indices, i, other):
                    partner = other
            if partner < 0:
                own_class = unit_interval(hashed(key, ids[i], week, slot + np.uint64(4)))
                same = own_class < homophily
                low, high = begins[run[i]], begins[run[i] + 1]
                luck = unit_interval(hashed(key, ids[i], week, slot + np.uint64(5)))
                if luck >= local[layer]:
                    low, high = 0, members.size
                    luck = unit_interval(hashed(key, ids[i], week, slot + np.uint64(6)))
                    if luck < within[layer]:
                        low, high = begins[division_begins[run[i]]], begins[division_ends[run[i]]]
                for attempt in range(_TRIES if high > low else 0):
                    word = slot + np.uint64(8 + attempt)
                    luck = unit_interval(hashed(key, ids[i], week, word))
                    other = members[low + int(luck * (high - low))]
                    if other == i or household[other] == household[i]:
                        continue
                    if (same and non_local[other] != non_local[i]) or (
                        at_work and not employed[other]
                    ):
                        continue
                    if not _tied(indptr, indices, i, other):
                        partner = other
                        break
            if partner >= 0:
                a.append(i)
                b.append(partner)
                masks.append(bits[layer])
    return np.array(a, np.int64), np.array(b, np.int64), np.array(masks, np.uint8)


@njit(cache=True)
def by_run(run, alive, runs):  # type: ignore[no-untyped-def]
    """The rows of those who are here, run by run, and where each run begins."""
    begins = np.zeros(runs + 1, np.int64)
    for i in range(run.size):
        if alive[i]:
            begins[run[i] + 1] += 1
    for place in range(runs):
        begins[place + 1] += begins[place]
    filled = begins[:-1].copy()
    members = np.empty(begins[runs], np.int64)
    for i in range(run.size):
        if alive[i]:
            members[filled[run[i]]] = i
            filled[run[i]] += 1
    return members, begins


@njit(cache=True)
def born_into(children, parents, graph, household):  # type: ignore[no-untyped-def]
    """Whom the young know at first: (child, other, layer): the household, the parent's kin."""
    indptr, indices, kind, kind_layers = graph
    a, b, masks = [], [], []
    for c in range(children.size):
        child, parent = children[c], parents[c]
        together = household[child] == household[parent]
        a.append(child)
        b.append(parent)
        masks.append(HOUSEHOLD if together else KIN)
        for entry in range(indptr[parent], indptr[parent + 1]):
            other = indices[entry]
            if other == child or not kind_layers[kind[entry]] & LASTING:
                continue
            a.append(child)
            b.append(other)
            near = together and household[other] == household[child]
            masks.append(HOUSEHOLD if near else KIN)
    return np.array(a, np.int64), np.array(b, np.int64), np.array(masks, np.uint8)


@njit(cache=True)
def mark_known(marked, rows, indptr, indices):  # type: ignore[no-untyped-def]
    """Mark these people and all whom they know."""
    for row in rows:
        marked[row] = True
        for entry in range(indptr[row], indptr[row + 1]):
            marked[indices[entry]] = True


@njit(cache=True)
def local_shares(rows, indptr, indices, local_to, place, out):  # type: ignore[no-untyped-def]
    """The share of each person's ties who are registered and live in the same place.

    `local_to` is the place of those who are alive and registered where they live, -1 for others.
    0 for people without ties.
    """
    for row in rows:
        begin, end = indptr[row], indptr[row + 1]
        count = 0
        for entry in range(begin, end):
            if local_to[indices[entry]] == place[row]:
                count += 1
        out[row] = np.float32(count / (end - begin)) if end > begin else np.float32(0.0)


@njit(cache=True)
def belong(people, log_odds, decay, years):  # type: ignore[no-untyped-def]
    """Everybody's belonging after so many years in which what feeds it holds still."""
    belonging, constant, alive, ties, gap, insured, own_home, employed, trained = people
    by_ties, by_access, by_insurance, by_home, by_work, by_course = log_odds
    for i in range(belonging.size):
        if not alive[i]:
            continue
        logit = constant[i] + by_ties * ties[i] + by_access * (1.0 - gap[i])
        logit += by_insurance * insured[i] + by_home * own_home[i] + by_work * employed[i]
        logit += by_course * trained[i]
        inflow = decay * np.exp(min(logit, 30.0))
        settles_at = inflow / (inflow + decay)
        left = np.exp(-(inflow + decay) * years)
        belonging[i] = settles_at + (belonging[i] - settles_at) * left
