"""Queues of offices, exactly or by the stationary fluid approximation.

Case by case where the office is simulated whole; by the approximation where it serves more people
than are simulated.

Exact mode. A case needs an amount of work drawn once (unit exponential); the office burns it.
Under `pooled` any session serves the oldest open case: one server with the summed rate. Under
`own` each mediator has own cases: c servers, the next case goes to the first free one. A case
that is still open at its deadline leaves. Between two steps rates are constant, so the event
times are exact at any step.

Fluid mode. L <- L + (1 - exp(-dt/tau)) (w n/dt - L) follows the yearly arrivals, tau one year.
Where cases stay until they are served, one waits as in the stationary queue M/M/c with load
L/(c mu) (clamped), plus backlog/(c mu). Where cases leave at a deadline D, no backlog can be older
than D, and the stationary queue exists at any load: with theta = mu - L the work ahead of a case
is 0 with chance p0 = 1/(1 + L (1 - exp(-theta D))/theta), else has a density proportional to
exp(-theta v) on (0, D), and p0 exp(-theta D) of the cases leave at the deadline.
Source: Erlang (1917); Cooper (1981), chapter 3; level crossings as in Brill (2008), chapter 3.
"""

import numpy as np
from numba import njit

HIGHEST_LOAD = 0.98  # the stationary formula has no meaning at 1; past it the backlog takes over
SMOOTHING_YEARS = 1.0


@njit(cache=True)
def erlang_c(servers: float, offered: float) -> float:
    """The chance to wait in M/M/c with `offered` = arrivals/service rate, offered < servers.

    A fraction of a server counts as a slower single one: servers are rounded down to whole ones,
    at least one, and the offered load is scaled to keep the utilisation.
    """
    whole = max(1, int(servers + 1e-9))
    load = offered / max(servers, 1e-12)
    a = load * whole
    blocked = 1.0
    for k in range(1, whole + 1):
        blocked = a * blocked / (k + a * blocked)
    return blocked / (1.0 - load * (1.0 - blocked))


@njit(cache=True)
def erlang_c_each(servers: np.ndarray, offered: np.ndarray) -> np.ndarray:
    """`erlang_c` office by office."""
    out = np.empty(servers.size)
    for i in range(servers.size):
        out[i] = erlang_c(servers[i], offered[i])
    return out


def follow_load(load: np.ndarray, arrivals: np.ndarray, dt_years: float) -> np.ndarray:
    """The smoothed arrivals per year after a step in which `arrivals` cases came."""
    gain = -np.expm1(-dt_years / SMOOTHING_YEARS)
    return load + gain * (arrivals / dt_years - load)


def follow_backlog(
    backlog: np.ndarray, load: np.ndarray, capacity: np.ndarray, dt_years: float
) -> np.ndarray:
    """The backlog (cases) after a step: it grows as load - capacity and shrinks to 0."""
    return np.maximum(0.0, backlog + (load - capacity) * dt_years)


def stationary_waits(
    servers: np.ndarray,
    service_rate: np.ndarray,
    load: np.ndarray,
    luck_waits: np.ndarray,
    luck_length: np.ndarray,
) -> np.ndarray:
    """The wait (years) of one case at each given office, from two uniform numbers per case.

    The wait is 0 with chance 1 - C, else exponential with mean 1/(c mu - L).
    """
    capacity = servers * service_rate
    clamped = np.minimum(load, HIGHEST_LOAD * capacity)
    chance = erlang_c_each(servers, clamped / np.maximum(service_rate, 1e-12))
    length = -np.log(luck_length) / np.maximum(capacity - clamped, 1e-9)
    return np.where(luck_waits < chance, length, 0.0)


def waits_until_deadline(
    service_rate: np.ndarray,
    load: np.ndarray,
    deadline_years: float,
    luck_waits: np.ndarray,
    luck_length: np.ndarray,
) -> np.ndarray:
    """The work ahead (years) of one case at each given single server that drops late cases.

    From two uniform numbers per case; more load or a slower server never shortens it.
    """
    slack = (service_rate - load) * deadline_years
    slack = np.maximum(np.where(np.abs(slack) < 1e-9, 1e-9, slack), -500.0)  # all wait: no overflow
    falls = -np.expm1(-slack)  # 1 - exp(-theta D): below 0 when more comes than can be heard
    chance = 1.0 - 1.0 / (1.0 + load * deadline_years * falls / slack)
    length = -np.log1p(-(1.0 - luck_length) * falls) / slack * deadline_years
    return np.where(luck_waits < chance, length, 0.0)


@njit(cache=True)
def serve_pooled(office, arrival, work, begun, deadline, free, rate, until, ends, served):  # type: ignore[no-untyped-def]
    """Serve open cases up to the day `until`; the oldest open case of an office has the server.

    Cases are sorted by office, then arrival. Per case: `work` left (unit exponential at arrival),
    `begun` (day of the first hearing, infinite until then), `deadline` (day). Per office: `free`
    (day from which the server is free), `rate` (work a day). Written: `ends` (day on which the
    case leaves, infinite while it stays) and `served` (True when heard to the end in time).
    """
    for i in range(office.size):
        o = office[i]
        start = max(free[o], arrival[i])
        ends[i] = np.inf
        served[i] = False
        if start >= until and deadline[i] >= until:
            continue
        finish = np.inf
        if rate[o] > 0.0:
            finish = start + work[i] / rate[o]
        if finish < until and finish <= deadline[i]:
            begun[i] = min(begun[i], start)
            ends[i], served[i] = finish, True
            work[i] = 0.0
            free[o] = finish
        elif deadline[i] < until:
            ends[i] = deadline[i]
            if deadline[i] > start:
                begun[i] = min(begun[i], start)
                free[o] = deadline[i]
        elif start < until:
            begun[i] = min(begun[i], start)
            work[i] -= (until - start) * rate[o]
            free[o] = until


@njit(cache=True)
def serve_own(office, arrival, work, begun, deadline, free, rate, until, ends, served):  # type: ignore[no-untyped-def]
    """As `serve_pooled`, with c servers an office: `free` and `rate` have shape (offices, c).

    A case stays with the server that took it, whose rate holds from the start of the case; the
    server with the earliest free day takes the next case.
    """
    for i in range(office.size):
        o = office[i]
        ends[i] = np.inf
        served[i] = False
        best = -1
        for j in range(free.shape[1]):
            if rate[o, j] > 0.0 and (best < 0 or free[o, j] < free[o, best]):
                best = j
        start = np.inf
        if best >= 0:
            start = max(free[o, best], arrival[i])
        if start < until and start <= deadline[i]:
            begun[i] = start
            finish = start + work[i] / rate[o, best]
            ends[i] = min(finish, deadline[i])
            served[i] = finish <= deadline[i]
            free[o, best] = ends[i]
        elif deadline[i] < until:
            ends[i] = deadline[i]
