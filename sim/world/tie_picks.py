"""How people pick partners: inside or outside the unit, in their circle or at random.

Each person starts half of the ties of a layer; the other half comes from others. A pick first
takes its list: with chance `homophily` the picker's own class of registration, else everybody.
Somebody drawn from that list says which class the partner is of; so the share of cross-class ties
is (1 - homophily) times that of the same picks without homophily. (A cross-class pick thinned by
homophily is redrawn at once: the degree stays.) Then, with chance `closure`, the partner is the
nearest of that class in the picker's circle, else the one drawn:

- neighbours: the nearest along the street, else within STREET_REACH people on either side;
- inside the unit: the circle, CIRCLE people of the list who live next to one another: a family, a
  workplace, friends, else anybody in the unit;
- outside: the circle that stands across the ring from one's own, the same for everybody in it (the
  village that one's village marries into, the other half of a workplace), else anybody in scope.

A pick in a circle wants a new acquaintance, a random one only a tie that the layer lacks; who is
taken passes the pick on to the next of the class.
"""

from typing import NamedTuple

import numpy as np
from numba import njit

from sim.kernel.draws import hashed, unit_interval
from sim.world.pair_table import tie
from sim.world.tie_pools import ANYBODY, LOCAL, RURAL

CIRCLE = 13  # assumed: about five households, or the staff of a small workplace
STREET_REACH = 15  # assumed: about six households on either side
_CLOSE = 52  # people along the street, or across the ring, who may still be called near
_PASSED_ON = 256  # how far a random pick is passed on at most

EITHER = np.uint8(2)  # beside 0, registered here, and 1, not

_CLOSURE, _CLASS, _SCOPE, _CHAIN, _PLACE, _ROUNDING = range(6)


class Plan(NamedTuple):
    """How one layer is filled; shares and means are per member of the layer's pool."""

    key: np.uint64
    bit: np.uint8
    inside: float
    outside: float
    closure: float
    homophily: float
    within_division: float
    chain: float
    along_street: bool


@njit(cache=True)
def _next(run, place):  # type: ignore[no-untyped-def]
    """A place of a cyclic run (begin, end, left out from, left out to), or the next that is in."""
    if run[2] <= place < run[3]:
        place = run[3]
    if place >= run[1]:
        place = run[3] if run[2] <= run[0] < run[3] else run[0]
    return place


@njit(cache=True)
def _walk(table, household, non_local, rows, run, start, steps, person, bit, wanted, new):  # type: ignore[no-untyped-def]
    """Tie the first person of the wanted class who will do, from `start` on.

    Not inlined, and so given bare arrays: a tuple of many costs a count of references each time.
    """
    place = start
    for _ in range(steps):
        place = _next(run, place)
        other = rows[place]
        fits = wanted == EITHER or non_local[other] == wanted
        if fits and household[other] != household[person] and tie(table, person, other, bit, new):
            return True
        place += 1
    return False


@njit(inline="always", cache=True)
def _somebody(frame, rows, run, start, steps, person):  # type: ignore[no-untyped-def]
    """The first place from `start` on that is not of the person's household, or -1."""
    place = start
    for _ in range(steps):
        place = _next(run, place)
        if frame.household[rows[place]] != frame.household[person]:
            return place
        place += 1
    return -1


@njit(cache=True)
def _circle(place, size):  # type: ignore[no-untyped-def]
    """Where the circle of a place in a run of `size` begins and ends."""
    circles = max(1, size // CIRCLE)
    circle = place * circles // size
    begin = (circle * size + circles - 1) // circles
    return begin, ((circle + 1) * size + circles - 1) // circles


@njit(cache=True)
def _chance(key, person_id, purpose, pick):  # type: ignore[no-untyped-def]
    return unit_interval(hashed(key, person_id, np.uint64(purpose), np.uint64(pick)))


@njit(cache=True)
def _drawn_inside(along_street, place, size, luck):  # type: ignore[no-untyped-def]
    """Where in a unit of `size` a random pick falls: anywhere, or within reach on the street."""
    if not along_street:
        return np.int64(luck * size)
    reach = min(STREET_REACH, size // 2)
    offset = np.int64(luck * 2 * reach) - reach
    return (place + (offset if offset < 0 else offset + 1)) % size


@njit(inline="always", cache=True)
def _pick_inside(table, frame, pool, plan, person, unit, listed, strict, pick):  # type: ignore[no-untyped-def]
    begin, end = pool.begins[listed, unit], pool.begins[listed, unit + 1]
    size = end - begin
    if size < 2:
        return False
    rows, run = pool.rows[listed], (begin, end, end, end)
    place = np.int64(pool.before[listed, person]) - begin
    luck = _chance(plan.key, frame.ids[person], _PLACE, pick)
    drawn = begin + _drawn_inside(plan.along_street, place, size, luck)
    drawn = _somebody(frame, rows, run, drawn, size, person)
    if drawn < 0:
        return False
    wanted = frame.non_local[rows[drawn]] if strict else EITHER
    if _chance(plan.key, frame.ids[person], _CLOSURE, pick) < plan.closure:
        low, high = (0, size) if plan.along_street else _circle(place, size)
        near, size_near = (begin + low, begin + high, end, end), high - low
        shown = drawn
        if not plan.along_street:
            shown = near[0] + np.int64(luck * size_near)
            shown = _somebody(frame, rows, near, shown, size_near, person)
        if shown >= 0:
            wanted = frame.non_local[rows[shown]] if strict else EITHER
            if _walk(
                table, frame.household, frame.non_local, rows, near, begin + place + 1,
                min(size_near, _CLOSE), person, plan.bit, wanted, True,
            ):  # fmt: skip
                return True
    return _walk(
        table, frame.household, frame.non_local, rows, run, drawn, min(size, _PASSED_ON),
        person, plan.bit, wanted, False,
    )  # fmt: skip


@njit(inline="always", cache=True)
def _across(pool, everyone, person, unit, scope, listed):  # type: ignore[no-untyped-def]
    """Where the circle across the ring begins in a list, or -1 if it lies in one's own unit."""
    begin, end = everyone.begins[ANYBODY, scope[0]], everyone.begins[ANYBODY, scope[1]]
    own, next_unit = everyone.begins[ANYBODY, unit], everyone.begins[ANYBODY, unit + 1]
    low, _ = _circle(np.int64(everyone.before[ANYBODY, person]) - own, next_unit - own)
    target = begin + (own + low - begin + (end - begin) // 2) % (end - begin)
    if own <= target < next_unit:
        return -1
    list_begin, list_end = pool.begins[listed, scope[0]], pool.begins[listed, scope[1]]
    if listed == RURAL:
        return list_begin + (target - begin) * (list_end - list_begin) // (end - begin)
    return np.int64(pool.before[listed, everyone.rows[ANYBODY, target]])


@njit(inline="always", cache=True)
def _pick_outside(  # type: ignore[no-untyped-def]
    table, frame, pool, everyone, plan, person, unit, scope, listed, strict, pick
):
    begin, end = pool.begins[listed, scope[0]], pool.begins[listed, scope[1]]
    own_begin, own_end = pool.begins[listed, unit], pool.begins[listed, unit + 1]
    others = (end - begin) - (own_end - own_begin)
    if others <= 0:
        return False
    rows, run = pool.rows[listed], (begin, end, own_begin, own_end)
    luck = _chance(plan.key, frame.ids[person], _PLACE, pick)
    drawn = begin + np.int64(luck * others)
    if drawn >= own_begin:
        drawn += own_end - own_begin
    wanted = frame.non_local[rows[drawn]] if strict else EITHER
    if _chance(plan.key, frame.ids[person], _CLOSURE, pick) < plan.closure:
        near = _across(pool, everyone, person, unit, scope, listed)
        if near >= 0:
            shown = begin + (near + np.int64(luck * CIRCLE) - begin) % (end - begin)
            wanted = frame.non_local[rows[_next(run, shown)]] if strict else EITHER
            if _walk(
                table, frame.household, frame.non_local, rows, run, near, min(others, _CLOSE),
                person, plan.bit, wanted, True,
            ):  # fmt: skip
                return True
    return _walk(
        table, frame.household, frame.non_local, rows, run, drawn, min(others, _PASSED_ON),
        person, plan.bit, wanted, False,
    )  # fmt: skip


@njit(inline="always", cache=True)
def _scope(frame, everyone, plan, person, unit, strict, pick):  # type: ignore[no-untyped-def]
    """The units of the division, or all; a unit that outgrows the rest of its division looks on."""
    division = (frame.division_begins[unit], frame.division_ends[unit])
    begins = everyone.begins[ANYBODY]
    own = begins[unit + 1] - begins[unit]
    others = begins[division[1]] - begins[division[0]] - own
    share = plan.within_division * min(1.0, others / own)
    if strict and _chance(plan.key, frame.ids[person], _SCOPE, pick) < share:
        return division
    return np.int64(0), np.int64(frame.unit_ids.size)


@njit(inline="always", cache=True)
def _list(frame, plan, person, inside, pick):  # type: ignore[no-untyped-def]
    """Which list a pick is made from: one's own class, the villages left behind, or everybody."""
    if _chance(plan.key, frame.ids[person], _CLASS, pick) < plan.homophily:
        return LOCAL + frame.non_local[person]
    chained = not inside and frame.non_local[person] and plan.chain > 0.0
    if chained and _chance(plan.key, frame.ids[person], _CHAIN, pick) < plan.chain:
        return RURAL
    return ANYBODY


@njit(inline="always", cache=True)
def _pick(table, frame, pool, everyone, plan, person, unit, inside, pick):  # type: ignore[no-untyped-def]
    """One tie: as wanted, else with anybody there, else on the other side of the border.

    False if nobody is left. The second try on a side takes anybody, and outside in all the place.
    """
    listed = _list(frame, plan, person, inside, pick)
    for attempt in range(4):
        strict = attempt % 2 == 0
        wanted = listed if strict else ANYBODY
        if inside == (attempt < 2):
            if _pick_inside(table, frame, pool, plan, person, unit, wanted, strict, pick):
                return True
        else:
            scope = _scope(frame, everyone, plan, person, unit, strict, pick)
            if _pick_outside(
                table, frame, pool, everyone, plan, person, unit, scope, wanted, strict, pick
            ):
                return True
    return False


@njit(cache=True)
def _share_of(member, mean, luck):  # type: ignore[no-untyped-def]
    """Picks of one member such that those of the first q members are the rounded q times mean."""
    return np.int64(np.floor((member + 1) * mean + luck)) - np.int64(np.floor(member * mean + luck))


@njit(cache=True)
def fill_layer(table, frame, pool, everyone, plan):  # type: ignore[no-untyped-def]
    """All picks of one layer, unit by unit along the ring and person by person along the rows."""
    for unit in range(frame.unit_ids.size):
        begin, end = pool.begins[ANYBODY, unit], pool.begins[ANYBODY, unit + 1]
        unit_id = frame.unit_ids[unit]
        near = _chance(plan.key, unit_id, _ROUNDING, 0)
        far = _chance(plan.key, unit_id, _ROUNDING, 1)
        for member in range(end - begin):
            person = pool.rows[ANYBODY, begin + member]
            inside = _share_of(member, plan.inside, near)
            for pick in range(inside + _share_of(member, plan.outside, far)):
                _pick(table, frame, pool, everyone, plan, person, unit, pick < inside, pick)
