"""One more mediator in one village: shorter waits there, and nothing elsewhere before contact."""

from typing import Any

import numpy as np
import pytest

from promises.small import villages
from sim.engine.build import Running, build
from sim.kernel import Table, entity_ids
from sim.mechanisms.conflict.disputes import Disputes
from sim.mechanisms.government.post_list import PART_TIME
from sim.world.waits import Waits
from sim.world.world import World

STEPS = 14
HOT = 40.0  # times the usual rates, so that queues form


def hire(world: World, office: int) -> None:
    """One more part-timer in this office: a post with a new number, filled for good."""
    posts = world.posts
    last = np.flatnonzero((posts.office == office) & (posts.role == PART_TIME))[-1]
    columns = {name: np.insert(posts[name], last + 1, posts[name][last]) for name in posts}
    more = Table(len(posts) + 1, **columns)
    new = last + 1
    more.number[new] += 1
    more.key[new] += 1
    more.id[new] = entity_ids("one more", office)
    more.filled[new], more.due[new] = True, np.inf
    world.posts = more


def persons_apart(first: World, second: World) -> np.ndarray:
    """Who differs in any respect between two worlds of the same people."""
    assert len(first.people) == len(second.people)  # who comes does not hang on mediators so soon
    apart = np.zeros(len(first.people), bool)
    for name in first.people:
        apart |= first.people[name] != second.people[name]
    return apart


def longer(persons: np.ndarray, people: int) -> np.ndarray:
    """The same answer for so many people: newcomers are none of them."""
    return np.pad(persons, (0, people - len(persons)))


def disputes_of(world: World, units: np.ndarray) -> list[np.ndarray]:
    rows = np.isin(world.disputes.unit, units)
    return [world.disputes[name][rows] for name in world.disputes]


def alike(first: World, second: World, units: np.ndarray) -> bool:
    """Whether the open disputes of these units are the same, row by row and bit by bit."""
    pairs = zip(disputes_of(first, units), disputes_of(second, units), strict=True)
    return all(np.array_equal(one, other) for one, other in pairs)


def acquaintances(world: World, persons: np.ndarray) -> np.ndarray:
    """These people and everybody who has a tie to one of them."""
    persons = longer(persons, len(world.people))
    known = persons.copy()
    for row in np.flatnonzero(persons):
        known[world.ties.neighbours(row)] = True
    return known


class Pair:
    """Two copies of a city; in the second one village has a mediator more."""

    def __init__(self, warm_city: Running, village: int) -> None:
        self.usual, self.more = warm_city.twin(), warm_city.twin()
        hire(self.more.world, village)
        units = self.usual.world.units
        self.village = np.flatnonzero(units.committee == village)
        self.elsewhere = np.flatnonzero(units.committee != village)
        self.outsiders = ~np.isin(self.usual.world.people.unit, self.village)
        self.changed = False  # whether a case of the village has gone differently
        self.spread = False  # whether anybody elsewhere differs

    def step(self) -> None:
        before = persons_apart(self.usual.world, self.more.world)
        self.usual.step()
        self.more.step()
        after = persons_apart(self.usual.world, self.more.world)
        own = not alike(self.usual.world, self.more.world, self.village)
        self.changed |= own or bool(after.any())
        # Influence looks at last week's neighbours, so news travels one tie a week.
        told = acquaintances(self.usual.world, before)
        outsiders = after & longer(self.outsiders, len(after))
        assert not (outsiders & ~told).any()
        self.spread |= bool(outsiders.any())
        if not self.spread:
            assert alike(self.usual.world, self.more.world, self.elsewhere)


@pytest.mark.slow
def test_nothing_changes_elsewhere_before_a_tie_carries_it(warm_city):
    committees = np.flatnonzero(warm_city.world.offices.exact)[:5]
    pairs = [Pair(warm_city, village) for village in committees]
    for _ in range(STEPS):
        for pair in pairs:
            pair.step()
    assert any(pair.changed for pair in pairs)  # the mediator did hear cases
    assert any(pair.spread for pair in pairs)  # and people heard of it


class Diary(Waits):
    """The waits of a world, with every case that left noted down."""

    def __init__(self, waits: Waits) -> None:
        self.__dict__.update(waits.__dict__)
        self.offices: list[np.ndarray] = []
        self.days: list[np.ndarray] = []

    def record(self, offices: np.ndarray, days: np.ndarray) -> None:
        super().record(offices, days)
        self.offices.append(np.array(offices))
        self.days.append(np.array(days))

    def of(self, office: int) -> np.ndarray:
        """How many days the cases of one office took."""
        here = np.concatenate(self.offices) == office
        return np.concatenate(self.days)[here]


def hot_villages(seed: int) -> Running:
    """A dozen villages with many disputes, whose rate and routes depend on nothing."""
    settings: dict[str, Any] = {
        "mechanisms": ["disputes", "channels", "mediation", "courts", "coordination", "petitions"],
        "parameters.divisions.liangcun": {"villages": 12, "population": 6000},
        "parameters.disputes": {"grievance_log_slope": 0, "norm_log_slope": 0, "multiplier_cap": 1},
        "parameters.disputes.rate": {k: HOT * v.default for k, v in Disputes.rate.items()},
        "parameters.channels.wait": 0,
        "parameters.mediation.limit_days": 1e6,
    }
    return build(villages(**settings), seed)


def times_in_office(running: Running, village: np.ndarray, sessions: float) -> dict[int, Any]:
    """Days that cases take and cases a year, by village, after a quarter to fill the queue."""
    copy = running.twin()
    copy.world.offices.sessions[village] = sessions  # nobody hires or leaves in these worlds
    for _ in range(13):
        copy.step()
    diary = copy.world.tables["waits"] = Diary(copy.world.tables["waits"])
    for _ in range(104):
        copy.step()
    years = 104 * copy.clock.dt_years
    return {v: (diary.of(v).mean(), len(diary.of(v)) / years) for v in village}


@pytest.mark.slow
def test_the_time_in_office_falls_as_queue_theory_says():
    """Pooled sessions are an M/M/1 queue: a case stays 1/(m - l), m cases heard, l brought a year.

    Three mediators of 140 sessions hear 210 cases a year, four hear 280; about 125 are brought.
    """
    gaps, falls = [], []
    for seed in (1, 2):
        running = hot_villages(seed)
        village = np.flatnonzero(running.world.offices.exact)
        three = times_in_office(running, village, 3 * 140.0)
        four = times_in_office(running, village, 4 * 140.0)
        for v in village:
            brought = (three[v][1] + four[v][1]) / 2.0
            expected = 365.25 / (210.0 - brought) - 365.25 / (280.0 - brought)
            falls.append(expected)
            gaps.append(three[v][0] - four[v][0] - expected)
    error = np.std(gaps, ddof=1) / np.sqrt(len(gaps))
    assert abs(np.mean(gaps)) < 4.0 * error
    assert 4.0 * error < 0.75 * np.mean(falls)  # so that no fall at all would have been noticed


@pytest.mark.parametrize("seed", [1])
def test_more_sessions_leave_the_arrivals_alone(seed):
    running = hot_villages(seed)
    fewer, more = running, running.twin()
    more.world.offices.sessions[more.world.offices.exact] *= 2.0
    for _ in range(10):
        fewer.step()
        more.step()
    accounts = [run.world.disputes.accounts["opened"] for run in (fewer, more)]
    assert np.array_equal(*accounts)
