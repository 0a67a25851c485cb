"""A curve shows at each step what a window over the quarter before it would."""

import numpy as np
import pytest

from sim.outcomes import CATALOGUE, Course, reading
from sim.outcomes.window import Moment, Window, groups_of, moment
from sim.world.disputes import LATENT, NEGOTIATING
from sim.world.world import World
from tests.outcomes.made_up import town

WEEKS = 20
HAPPENED = (
    "disputes_opened_per_10k",
    "unresolved_share",
    "unsettled_share",
    "escalation_share",
    "civil_filings_per_10k",
    "open_backlog_per_10k",
)
OF_PEOPLE = ("grievance_mean", "grievance_in_dispute", "participation_rate")
FLOWS = ("disputes_opened", "withdrawn_latent", "disputes_settled", "escalated")


def lived() -> tuple[World, Course, list[Moment], list[dict[str, float]]]:
    """Twenty weeks of which each is different, noted week by week; the first week is before."""
    world = town(1_003)  # not a multiple of four
    people = world.people
    people.weight[:] = 1.0 + np.arange(1_003) % 7
    outcomes = [CATALOGUE[name] for name in HAPPENED + OF_PEOPLE]
    readings, moments, means = [], [], []
    for week in range(WEEKS + 1):
        for k, name in enumerate(FLOWS):
            world.flows.add(name, people.cell[:1], np.array([(4.0 - k) * (week + 3) % 11 + 1.0]))
        world.flows.add("entered_third_party", people.cell[:1], np.array([20.0]))
        if week > 5:  # a name that nobody has counted before
            world.flows.add_divisions("civil_filings_firms", np.array([2.0 * week]))
        states = np.repeat([LATENT, NEGOTIATING], [week % 3, week % 4])
        ids = 100 * week + np.arange(len(states))
        world.disputes.open(id=ids, state=states, weight=np.full(len(states), 2.0))
        people.grievance[:] = (np.arange(1_003) + 50 * week) % 101 / 101
        people.open_disputes[:] = (np.arange(1_003) + week) % 5 == 0
        people.acted[:] = (np.arange(1_003) + week) % 9 == 0
        readings.append(reading(world, 7.0 * week, outcomes))
        moments.append(moment(world, 7.0 * week))
        whole = people.weight.astype(float)
        quarrels = whole * people.open_disputes
        means.append(
            {
                "grievance_mean": np.average(people.grievance, weights=whole),
                "grievance_in_dispute": np.average(people.grievance, weights=quarrels),
                "participation_rate": np.average(people.acted, weights=whole),
            }
        )
    return world, Course(world, readings, WEEKS), moments, means


@pytest.mark.parametrize("name", HAPPENED)
def test_a_curve_is_what_a_window_over_the_quarter_before_shows(name: str) -> None:
    world, course, moments, _ = lived()
    curve = course.values(CATALOGUE[name])
    assert len(curve) == WEEKS
    for step, value in enumerate(curve):
        last = moments[step + 1]
        first = moments[max(step + 1 - 13, 0)]
        seen = Window(world, groups_of(("one",)), first, last)
        formula = CATALOGUE[name].curve or CATALOGUE[name].formula
        assert value == pytest.approx(formula(seen)[0], nan_ok=True), step


@pytest.mark.parametrize("name", OF_PEOPLE)
def test_a_curve_of_people_shows_them_as_they_were_at_each_step(name: str) -> None:
    _, course, _, means = lived()
    expected = [mean[name] for mean in means[1:]]
    assert course.values(CATALOGUE[name]) == pytest.approx(expected, rel=1e-6)
