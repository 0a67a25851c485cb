"""Queues of offices give what Erlang's formulas say, exactly or by the stationary law."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.world import queues

LIMIT = 30.0 / 365.25


@pytest.mark.parametrize(
    ("servers", "offered", "chance"),
    # c = 1: a; c = 2: a^2/(2 + a); c = 3, a = 2: 4/9; then values of printed tables.
    [(1, 0.3, 0.3), (2, 1.0, 1 / 3), (2, 0.5, 0.1), (3, 2.0, 4 / 9), (10, 8.0, 0.4092)],
)
def test_erlang_c_is_as_in_the_tables(servers, offered, chance):
    assert queues.erlang_c(float(servers), offered) == pytest.approx(chance, abs=5e-5)


def test_a_fraction_of_a_server_keeps_the_utilisation():
    # 2.5 servers at load .6 count as two slower ones at load .6: a = 1.2, a^2/(2 + a) = .45.
    assert queues.erlang_c(2.5, 1.5) == pytest.approx(0.45)
    assert queues.erlang_c(0.5, 0.2) == pytest.approx(0.4)


def uniform(count: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    generator = np.random.default_rng(seed)
    return generator.uniform(size=count), generator.uniform(size=count)


@pytest.mark.parametrize(("servers", "rate", "load"), [(1, 30, 12), (5, 8, 33), (19, 2, 30)])
def test_stationary_waits_have_the_mean_of_m_m_c(servers, rate, load):
    cases = 200_000
    full = [np.full(cases, float(value)) for value in (servers, rate, load)]
    waits = queues.stationary_waits(*full, *uniform(cases, 3))
    chance = queues.erlang_c(float(servers), load / rate)
    mean = chance / (servers * rate - load)
    error = np.sqrt(chance * (2.0 - chance)) / (servers * rate - load) / np.sqrt(cases)
    assert waits.mean() == pytest.approx(mean, abs=4 * error)
    assert np.mean(waits > 0) == pytest.approx(
        chance, abs=4 * np.sqrt(chance * (1 - chance) / cases)
    )


def test_an_overloaded_office_waits_as_at_the_highest_load():
    one = np.ones(1)
    luck = (np.array([0.5]), np.array([0.3]))
    waits = queues.stationary_waits(one, 10 * one, 50 * one, *luck)
    assert waits[0] == pytest.approx(-np.log(0.3) / (10 - 9.8))


# Works a year and cases a year; the expected chance of nobody ahead and mean work ahead follow
# from a density proportional to exp(-theta v) on (0, D), theta = mu - lambda.
@pytest.mark.parametrize(("rate", "load"), [(30.0, 6.4), (10.0, 6.4), (6.0, 9.0), (0.0, 12.0)])
def test_the_work_ahead_of_a_case_that_must_be_through_in_thirty_days(rate, load):
    cases = 200_000
    ahead = queues.waits_until_deadline(
        np.full(cases, rate), np.full(cases, load), LIMIT, *uniform(cases, 4)
    )
    grid = np.linspace(0.0, LIMIT, 200_001)
    density = load * np.exp(-(rate - load) * grid)
    weight = np.trapezoid(density, grid)
    nobody = 1.0 / (1.0 + weight)
    mean = np.trapezoid(density * grid, grid) * nobody
    assert np.mean(ahead == 0.0) == pytest.approx(
        nobody, abs=4 * np.sqrt(nobody * (1 - nobody) / cases)
    )
    assert ahead.mean() == pytest.approx(mean, abs=4 * ahead.std() / np.sqrt(cases))
    assert ahead.max() <= LIMIT


def test_work_ahead_is_spread_evenly_when_as_many_come_as_can_be_heard():
    luck = np.zeros(3), np.array([0.9, 0.5, 0.25])
    ahead = queues.waits_until_deadline(np.full(3, 8.0), np.full(3, 8.0), LIMIT, *luck)
    assert ahead == pytest.approx(LIMIT * np.array([0.1, 0.5, 0.75]), rel=1e-6)


@given(
    st.floats(0, 200), st.floats(0, 50), st.floats(0, 200), st.floats(0, 50),
    st.floats(0.001, 0.999), st.floats(0.001, 0.999),
)  # fmt: skip
@settings(deadline=None)
def test_with_the_same_luck_more_cases_or_slower_hearings_never_shorten_a_wait(
    rate, more_rate, load, more_load, luck_waits, luck_length
):
    luck = (np.array([luck_waits]), np.array([luck_length]))

    def wait(rate: float, load: float) -> float:
        return queues.waits_until_deadline(np.array([rate]), np.array([load]), LIMIT, *luck)[0]

    assert wait(rate, load + more_load) >= wait(rate, load) - 1e-7
    assert wait(rate + more_rate, load) <= wait(rate, load) + 1e-7


def test_the_smoothed_load_settles_at_the_arrivals_and_forgets_with_a_year():
    load = np.array([100.0])
    for _ in range(104):
        load = queues.follow_load(load, np.array([2.0 * 200.0 / 104]), 2.0 / 104)
    assert load[0] == pytest.approx(200.0 - 100.0 * np.exp(-2.0))


def test_two_half_steps_follow_a_steady_stream_as_one_step_does():
    start, dt = np.array([100.0]), 7 / 365.25
    whole = queues.follow_load(start, np.array([6.0]), dt)
    half = queues.follow_load(start, np.array([3.0]), dt / 2)
    assert queues.follow_load(half, np.array([3.0]), dt / 2) == pytest.approx(whole)


def test_a_backlog_grows_by_what_comes_beyond_capacity_and_is_never_negative():
    backlog = queues.follow_backlog(np.array([10.0, 3.0]), np.array([50.0, 20.0]), 40.0, 0.5)
    assert backlog.tolist() == [15.0, 0.0]


NEVER = 1e9


def served(rule, arrivals, works, rate, deadline=NEVER, steps=(1e6,), servers=None):  # type: ignore[no-untyped-def]
    """Send cases of one office through a rule of serving, in steps that end on these days."""
    count = len(arrivals)
    shape = (1,) if servers is None else (1, servers)
    arrival, work = np.array(arrivals, float), np.array(works, float)
    begun, ends = np.full(count, np.inf), np.full(count, np.inf)
    heard = np.zeros(count, bool)
    limit = arrival + deadline
    free, rates = np.full(shape, -1e9), np.full(shape, float(rate))
    for until in steps:
        here = np.flatnonzero((arrival < until) & np.isinf(ends))
        part = [values[here] for values in (arrival, work, begun, limit)]
        out, was = np.empty(len(here)), np.empty(len(here), bool)
        rule(np.zeros(len(here), int), *part, free, rates, until, out, was)
        work[here], begun[here], ends[here], heard[here] = part[1], part[2], out, was
    return begun, ends, heard


def test_the_oldest_case_is_heard_first_and_the_next_one_begins_when_it_ends():
    begun, ends, heard = served(queues.serve_pooled, [0, 1, 30], [2.0, 1.0, 0.5], rate=0.1)
    assert begun.tolist() == [0, 20, 30]
    assert ends.tolist() == [20, 30, 35]
    assert heard.all()


def test_a_case_that_is_not_through_leaves_at_its_deadline_and_frees_the_next():
    # The second waits until 20 and would take until 60; it leaves on day 31. The third, which
    # came on day 5, is heard from then on.
    begun, ends, heard = served(
        queues.serve_pooled, [0, 1, 5], [2.0, 4.0, 0.3], rate=0.1, deadline=30
    )
    assert begun.tolist() == [0, 20, 31]
    assert ends.tolist() == [20, 31, 34]
    assert heard.tolist() == [True, False, True]


def test_who_leaves_before_a_hearing_takes_nobodys_time():
    begun, ends, heard = served(
        queues.serve_pooled, [0, 1, 2], [2.9, 1.0, 0.1], rate=0.1, deadline=28.5
    )
    # The first is unfinished on day 28.5; the second, there since day 1, leaves on day 29.5.
    assert ends == pytest.approx([28.5, 29.5, 30.5])
    assert begun == pytest.approx([0, 28.5, 29.5])
    assert heard.tolist() == [False, False, True]


@pytest.mark.parametrize("steps", [np.arange(1, 400), np.arange(3.5, 400, 3.5), [7, 8, 390.5]])
@pytest.mark.parametrize("deadline", [30.0, NEVER])
def test_any_steps_give_the_same_days(steps, deadline):
    generator = np.random.default_rng(5)
    arrivals = np.sort(generator.uniform(0, 200, 12))
    works = generator.exponential(size=12)
    for rule, servers in ((queues.serve_pooled, None), (queues.serve_own, 2)):
        whole = served(rule, arrivals, works, 0.07, deadline, servers=servers)
        parts = served(rule, arrivals, works, 0.07, deadline, steps, servers)
        assert parts[1] == pytest.approx(np.where(whole[1] < steps[-1], whole[1], np.inf))
        assert np.array_equal(parts[2], whole[2])


def test_an_office_without_sessions_hears_nobody():
    _, ends, heard = served(queues.serve_pooled, [0, 3], [1.0, 1.0], rate=0.0, deadline=30)
    assert ends.tolist() == [30, 33]
    assert not heard.any()


def test_under_own_each_mediator_keeps_a_case_and_the_first_free_takes_the_next():
    begun, ends, heard = served(
        queues.serve_own, [0, 1, 2, 3], [2.0, 1.0, 1.0, 1.0], rate=0.1, servers=2
    )
    assert begun.tolist() == [0, 1, 11, 20]
    assert ends.tolist() == [20, 11, 21, 30]
    assert heard.all()


def test_under_own_a_case_that_was_begun_too_late_leaves_at_its_deadline():
    begun, ends, heard = served(
        queues.serve_own, [0, 1], [9.0, 1.0], rate=0.1, deadline=30, servers=1
    )
    assert ends.tolist() == [30, 31]
    assert begun.tolist() == [0, 30]
    assert heard.tolist() == [False, False]
