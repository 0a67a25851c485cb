"""Who loses work and who finds it within a step, each at the moment when their clock runs out.

Each spell of work or of looking for it has one unit exponential of its own; it ends when the
hazard summed since it began passes that number (Sellke 1983). What is left of it stands in
`work_due`. Below 0 it says that the person found long ago but there was no post: minus the years
they have waited for one. Posts go to those who wait, the longest wait first.
"""

from heapq import heappop, heappush

import numpy as np
from numba import njit

from sim.kernel.draws import hashed, unit_interval

_JUST_NOW = -1e-9  # a wait for a post, in years, that has only begun
SECTORS = 3  # primary, secondary, tertiary: codes 1 to 3; 0 is no work


@njit(cache=True)
def counted(alive, employed, unemployed, sector, division, kind, weight, force, filled):  # type: ignore[no-untyped-def]
    """The labour force by cell and the filled posts by cell and sector, in adults they stand for.

    Adds to `force` (cells) and `filled` (cells, sectors); cell = 3 division + kind.
    """
    for i in range(alive.size):
        if alive[i] and (employed[i] or unemployed[i]):
            cell = 3 * division[i] + kind[i]
            force[cell] += weight[i]
            if employed[i]:
                filled[cell, sector[i] - 1] += weight[i]


@njit(cache=True)
def joining(ids, alive, age, in_force, chances, key):  # type: ignore[no-untyped-def]
    """People (rows) who by their age now belong to the labour force, and those who no longer do.

    `chances` are those of the ages 18 to 34, 35 to 59 and from 60 on; who dies no longer does.
    """
    zero = np.uint64(0)
    into, out = [], []
    for i in range(ids.size):
        if not alive[i]:
            if in_force[i]:
                out.append(i)
            continue
        band = 0 if age[i] < 35 else (1 if age[i] < 60 else 2)
        wants = unit_interval(hashed(key, ids[i], zero, zero)) < chances[band]
        if wants and not in_force[i]:
            into.append(i)
        if in_force[i] and not wants:
            out.append(i)
    return np.array(into, np.int64), np.array(out, np.int64)


@njit(cache=True)
def _exponential(key, person, spell):  # type: ignore[no-untyped-def]
    return -np.log(unit_interval(hashed(key, person, np.uint64(spell), np.uint64(0))))


@njit(cache=True)
def sector_by_vacancies(jobs, filled, luck):  # type: ignore[no-untyped-def]
    """The sector (1 to 3) of a new job: as the vacancies of a cell, or as its posts if none."""
    total = 0.0
    for s in range(SECTORS):
        total += max(jobs[s] - filled[s], 0.0)
    vacant = total > 0.0
    if not vacant:
        total = jobs.sum()
    reached = 0.0
    for s in range(SECTORS - 1):
        reached += max(jobs[s] - filled[s], 0.0) if vacant else jobs[s]
        if luck * total < reached:
            return s + 1
    return SECTORS


@njit(cache=True)
def pass_time(people, jobs, filled, lose, find, clock_key, sector_key, years):  # type: ignore[no-untyped-def]
    """Everybody's work over a step of so many years; hazards are those at its beginning.

    people: columns (ids, alive, employed, unemployed, sector, division, kind, weight, due, spell);
    jobs and filled: posts and filled posts (cells, sectors), the second is kept up to date; lose:
    hazard of losing work (cells, sectors) and find: of finding it (cells), per year. Returns rows,
    years since the step began and whether work was found (else lost), in the order of time, and
    the number of the spell that ended.
    """
    ids, employed, unemployed = people[0], people[2], people[3]
    sector, division, kind, weight, due, spell = people[4:]
    posts, taken = jobs.sum(axis=1), filled.sum(axis=1)
    soon, waiting = _ending(people, posts, taken, lose, find, years)
    # Those who wait for a post stand in line, a line a cell: `behind` says who comes next.
    line, behind = [0 for _ in range(0)], [0 for _ in range(0)]
    first, last = np.full(posts.size, -1), np.full(posts.size, -1)
    for each in waiting:
        row = each[1]
        _stand_in_line(row, 3 * division[row] + kind[row], line, behind, first, last)
    rows, spells = [0 for _ in range(0)], [0 for _ in range(0)]
    moments, found = [0.0 for _ in range(0)], [True for _ in range(0)]
    while len(soon) > 0:
        now, row = heappop(soon)
        now = max(now, 0.0)
        cell = 3 * division[row] + kind[row]
        if unemployed[row] and taken[cell] + 0.5 * weight[row] > posts[cell]:
            due[row] = min(now - years, _JUST_NOW)
            _stand_in_line(row, cell, line, behind, first, last)
            continue
        while row >= 0:  # whoever loses work makes room for the first in line, at the same moment
            after = -1
            rows.append(row)
            spells.append(spell[row])
            moments.append(now)
            found.append(unemployed[row])
            spell[row] += 1
            if employed[row]:
                taken[cell] -= weight[row]
                filled[cell, sector[row] - 1] -= weight[row]
                employed[row], unemployed[row], sector[row] = False, True, 0
                hazard = find[cell]
                head = first[cell]
                if head >= 0 and taken[cell] + 0.5 * weight[line[head]] <= posts[cell]:
                    after, first[cell] = line[head], behind[head]
            else:
                luck = unit_interval(
                    hashed(sector_key, ids[row], np.uint64(spell[row]), np.uint64(0))
                )
                new = sector_by_vacancies(jobs[cell], filled[cell], luck)
                taken[cell] += weight[row]
                filled[cell, new - 1] += weight[row]
                employed[row], unemployed[row], sector[row] = True, False, new
                hazard = lose[cell, new - 1]
            left = _exponential(clock_key, ids[row], spell[row])
            due[row] = left - hazard * (years - now)
            if due[row] <= 0.0:
                heappush(soon, (now + left / hazard, row))
            row = after
    return np.array(rows, np.int64), np.array(moments), np.array(found), np.array(spells, np.int64)


@njit(cache=True)
def _ending(people, posts, taken, lose, find, years):  # type: ignore[no-untyped-def]
    """Whose clock runs out in the step and when, and who waits for a post, the longest wait first.

    For those for whom there is a post by now the clock runs out at once.
    """
    alive, employed, unemployed = people[1], people[2], people[3]
    sector, division, kind, weight, due = people[4:9]
    soon, waiting = [(0.0, 0) for _ in range(0)], [(0.0, 0) for _ in range(0)]
    for i in range(alive.size):
        if not alive[i] or not (employed[i] or unemployed[i]):
            continue
        cell = 3 * division[i] + kind[i]
        if unemployed[i] and due[i] < 0.0:
            waiting.append((due[i] * 1.0, i))  # in double precision, as the list holds them
            due[i] -= years
            continue
        hazard = lose[cell, sector[i] - 1] if employed[i] else find[cell]
        if due[i] > hazard * years:
            due[i] -= hazard * years
        else:
            soon.append((due[i] / hazard if due[i] > 0.0 else 0.0, i))
    waiting.sort()
    room, still = posts - taken, [(0.0, 0) for _ in range(0)]
    for since, i in waiting:
        cell = 3 * division[i] + kind[i]
        if room[cell] >= 0.5 * weight[i]:
            room[cell] -= weight[i]
            soon.append((-1.0, i))
        else:
            still.append((since, i))
    soon.sort()  # a sorted list is a heap
    return soon, still


@njit(cache=True)
def _stand_in_line(row, cell, line, behind, first, last):  # type: ignore[no-untyped-def]
    """Somebody stands behind the last one in the line of a cell."""
    line.append(row)
    behind.append(-1)
    here = len(line) - 1
    if first[cell] < 0:
        first[cell] = here
    else:
        behind[last[cell]] = here
    last[cell] = here
