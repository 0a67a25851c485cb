"""Where somebody goes who reconsiders: the compiled loops of migration.

A place is a cell (3 x division + kind), or outside the region (the number after the last cell).
"""

import numpy as np
from numba import njit

from sim.kernel.draws import hashed, unit_interval
from sim.world.flows import KINDS
from sim.world.ties import LAYER_BITS

MOVES = ("stay", "rural_to_urban", "home", "leave_region", "outsiders_leave", "other")
STAY, RURAL_TO_URBAN, HOME, LEAVE_REGION, OUTSIDERS_LEAVE, OTHER = range(len(MOVES))
TOWN, RURAL = KINDS.index("town"), KINDS.index("rural")
KIN_AND_FRIENDS = np.uint8(LAYER_BITS["kin"] | LAYER_BITS["friends"])
HOUSEHOLD = np.uint8(LAYER_BITS["household"])


@njit(cache=True)
def events_in(alive, own_day, dies_at, begins, ends, year):  # type: ignore[no-untyped-def]
    """Who dies, who has a birthday and who reconsiders (half a year on) in [begins, ends): rows."""
    dying, birthday, review = [], [], []
    low = begins % year
    length = ends - begins
    half = (low + year / 2.0) % year
    for i in range(alive.size):
        if not alive[i]:
            continue
        if dies_at[i] < ends:
            dying.append(i)
            continue
        day = np.float64(own_day[i])
        if low <= day < low + length or day + year < low + length:
            birthday.append(i)
        if half <= day < half + length or day + year < half + length:
            review.append(i)
    return np.array(dying, np.int64), np.array(birthday, np.int64), np.array(review, np.int64)


@njit(cache=True)
def choose(  # type: ignore[no-untyped-def]
    rows, ids, years, local, place, home, stay, older, unseen, levels, constants, graph, where, key
):
    """The best of staying, home, the other cells and outside, each with luck of its own.

    For each of `rows`: `ids` and `years` key the luck; `local` says who is registered here,
    `place` and `home` are places, `stay` what holds a person here (logits), `older` tens of years
    of age beyond the middle, `unseen` the kin and friends at home of whom the graph knows nothing.
    `levels`: for the registered, for others (cells), size and nearness (cells, cells).
    `constants`: by MOVES; what a town, leaving the region and another village add for leavers of
    villages; the weight of the share of kin and friends; what ten years of age add to moving away
    and to moving home. `graph`: `Ties.by_layer`; `where`: alive and place of
    everybody. Returns places and positions in MOVES.

    Who leaves a village is registered there: who lives in one away from home has chosen it, and
    moves on as others who are away from home do.
    """
    registered, others, reach = levels
    indptr, indices, kind, kind_layers = graph
    alive, places = where
    outside = registered.size
    town_shift, leave_shift, next_village_shift = constants[6], constants[7], constants[8]
    tie_weight, away_by_age, home_by_age = constants[9], constants[10], constants[11]
    chosen = np.empty(rows.size, np.int64)
    moves = np.empty(rows.size, np.int8)
    known = np.zeros(outside + 1)
    for r in range(rows.size):
        known[:] = 0.0
        known[home[r]] = total = unseen[r]
        for entry in range(indptr[rows[r]], indptr[rows[r] + 1]):
            other = indices[entry]
            if kind_layers[kind[entry]] & KIN_AND_FRIENDS and alive[other]:
                known[places[other]] += 1.0
                total += 1.0
        weight = tie_weight / total if total > 0.0 else 0.0
        here = place[r]
        leaves_village = here % 3 == RURAL and local[r]
        away, back = away_by_age * older[r], home_by_age * older[r]
        best = -np.inf
        for k in range(outside + 1):
            if k == here:
                move = STAY
                value = (registered[k] if local[r] else others[k]) + stay[r]
            elif k == outside:
                move = OUTSIDERS_LEAVE if home[r] == outside else LEAVE_REGION
                value = constants[move] + (back if move == OUTSIDERS_LEAVE else away)
                if move == LEAVE_REGION and leaves_village:
                    value += leave_shift
            elif k == home[r]:
                move = HOME
                value = constants[move] + registered[k] + back
            else:
                if reach[here, k] == -np.inf:
                    continue
                move = RURAL_TO_URBAN if leaves_village and k % 3 != RURAL else OTHER
                value = constants[move] + others[k] + reach[here, k] + away
                if leaves_village and k % 3 == RURAL:
                    value += next_village_shift
                elif move == RURAL_TO_URBAN and k % 3 == TOWN:
                    value += town_shift
            luck = unit_interval(hashed(key, ids[r], np.uint64(years[r]), np.uint64(k)))
            value += weight * known[k] - np.log(-np.log(luck))
            if value > best:
                best, chosen[r], moves[r] = value, k, move
    return chosen, moves


@njit(cache=True)
def companions(movers, years, people, graph, keys, share, oldest):  # type: ignore[no-untyped-def]
    """Who moves along with whom: (rows of companions, positions of their movers).

    The adults under `oldest` of a household move along, with this chance, if the mover is the
    first of them in the order of luck. `movers` stand in the order of their days; who moves of
    their own accord takes nobody's lead.
    """
    ids, age, household, alive = people
    indptr, indices, kind, kind_layers = graph
    first_key, luck_key = keys
    gone = np.zeros(alive.size, np.bool_)
    for mover in movers:
        gone[mover] = True
    zero = np.uint64(0)
    rows: list[int] = []
    leaders: list[int] = []
    for m in range(movers.size):
        mover = movers[m]
        if age[mover] >= oldest:
            continue
        luck = unit_interval(hashed(luck_key, ids[mover], np.uint64(years[m]), zero))
        if luck >= share:
            continue
        own = hashed(first_key, ids[mover], zero, zero)
        before = len(rows)
        leads = True
        for entry in range(indptr[mover], indptr[mover + 1]):
            other = indices[entry]
            if not kind_layers[kind[entry]] & HOUSEHOLD or household[other] != household[mover]:
                continue
            if not alive[other] or age[other] >= oldest:
                continue
            if hashed(first_key, ids[other], zero, zero) < own:
                leads = False
            if not gone[other]:
                rows.append(other)
                leaders.append(m)
        if leads:
            for k in range(before, len(rows)):
                gone[rows[k]] = True
        else:
            while len(rows) > before:
                rows.pop()
                leaders.pop()
    return np.array(rows, np.int64), np.array(leaders, np.int64)


@njit(cache=True)
def parents_in(parents, ids, places, chances, key, week):  # type: ignore[no-untyped-def]
    """Those of the parents (rows) whose child comes of age in this week."""
    zero = np.uint64(0)
    rows = [
        i for i in parents if unit_interval(hashed(key, ids[i], week, zero)) < chances[places[i]]
    ]
    return np.array(rows, np.int64)


@njit(cache=True)
def poisson_counts(means, luck):  # type: ignore[no-untyped-def]
    """Poisson counts by inversion: more of them under a higher mean with the same luck."""
    counts = np.zeros(means.size, np.int64)
    for i in range(means.size):
        chance = np.exp(-means[i])
        reached = chance
        while reached < luck[i] and counts[i] < 100_000:
            counts[i] += 1
            chance *= means[i] / counts[i]
            if chance == 0.0 and counts[i] > means[i]:
                break
            reached += chance
    return counts


@njit(cache=True)
def known_in(rows, graph, places, cells):  # type: ignore[no-untyped-def]
    """How many kin and friends each of these people has in each cell, shape (rows, cells)."""
    indptr, indices, kind, kind_layers = graph
    known = np.zeros((rows.size, cells), np.float64)
    for r in range(rows.size):
        for entry in range(indptr[rows[r]], indptr[rows[r] + 1]):
            if kind_layers[kind[entry]] & KIN_AND_FRIENDS:
                known[r, places[indices[entry]]] += 1.0
    return known
