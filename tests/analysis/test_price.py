"""What an averted escalation costs: a ratio of paired changes, with an interval or none."""

import numpy as np
import pandas as pd
import pytest

from sim.analysis.price import COST, fieller, prices


def frame(cost: np.ndarray, escalations: np.ndarray, participants: np.ndarray) -> pd.DataFrame:
    """A baseline that costs 10 yuan a resident, and a policy that changes it by so much."""
    rows = []
    for seed in range(len(cost)):
        for scenario, change in (("base", 0.0), ("policy", 1.0)):
            for outcome, value in (
                (COST, 10.0 + change * cost[seed]),
                ("escalations_per_10k", 20.0 + change * escalations[seed]),
                ("participants_per_10k", 2_000.0 + change * participants[seed]),
            ):
                row = (scenario, seed, outcome, None, None, value, "unit")
                rows.append(row)
    names = ["scenario", "seed", "outcome", "by", "group", "value", "unit"]
    return pd.DataFrame(rows, columns=names)


def test_without_chance_the_price_is_the_ratio():
    """2 yuan a resident more and 4 escalations of 10,000 residents fewer: 5,000 yuan each."""
    averted, joined = prices(frame(np.full(5, 2.0), np.full(5, -4.0), np.full(5, 100.0)), "base")
    assert (averted.yuan, averted.low, averted.high) == pytest.approx((5_000.0,) * 3)
    assert averted.verdict == "buys"
    assert joined.yuan == pytest.approx(200.0)


def test_the_interval_covers_the_true_ratio_as_often_as_it_says():
    """Cost 3 and effect 2 with shared luck: 95 of 100 intervals hold 1.5."""
    luck = np.random.default_rng(7)
    tries, held = 4_000, 0
    for _ in range(tries):
        shared = luck.normal(size=12)
        cost = 3.0 + shared + luck.normal(size=12)
        effect = 2.0 + 0.8 * shared + 0.6 * luck.normal(size=12)
        _, low, high = fieller(cost, effect)
        held += low <= 1.5 <= high
    error = np.sqrt(0.95 * 0.05 / tries)
    assert held / tries == pytest.approx(0.95, abs=4 * error)


def test_the_ends_are_the_prices_at_which_cost_less_price_times_effect_is_just_told_from_none():
    from scipy.stats import ttest_1samp

    luck = np.random.default_rng(8)
    cost, effect = 3.0 + luck.normal(size=20), 2.0 + luck.normal(size=20)
    for end in fieller(cost, effect)[1:]:
        assert ttest_1samp(cost - end * effect, 0.0).pvalue == pytest.approx(0.05, abs=1e-6)


def test_an_effect_that_cannot_be_told_from_none_has_no_price():
    noise = np.random.default_rng(9).normal(size=10)
    averted, _ = prices(frame(np.full(10, 2.0), noise - noise.mean(), np.ones(10)), "base")
    assert np.isnan(averted.yuan)
    assert averted.verdict == "open"


def test_a_change_of_cost_that_cannot_be_told_from_none_leaves_it_open():
    averted, _ = prices(frame(np.array([1.0, -1.0] * 3), np.full(6, -4.0), np.ones(6)), "base")
    assert averted.yuan == pytest.approx(0.0)
    assert averted.verdict == "open"


@pytest.mark.parametrize(
    ("cost", "escalations", "verdict"),
    [(1.0, -2.0, "buys"), (-1.0, 2.0, "saves"), (-1.0, -2.0, "both"), (1.0, 2.0, "neither")],
)
def test_what_is_dearer_or_cheaper_and_brings_more_or_less_is_told_apart(
    cost, escalations, verdict
):
    averted, _ = prices(frame(np.full(4, cost), np.full(4, escalations), np.ones(4)), "base")
    assert averted.verdict == verdict


def test_what_no_pair_pays_for_or_gets_more_of_has_no_price():
    """Sums that differ by rounding alone are the same sum, and no yuan is saved by it."""
    rounding = 1e-15 * np.arange(1.0, 5.0)
    averted, joined = prices(frame(rounding, np.full(4, -2.0), np.zeros(4)), "base")
    assert (averted.verdict, averted.cost) == ("unpaid", 0.0)
    assert joined.verdict == "unmoved"
    averted, _ = prices(frame(np.ones(4), np.zeros(4), np.ones(4)), "base")
    assert averted.verdict == "unmoved"


def test_one_pair_tells_nothing():
    averted, _ = prices(frame(np.ones(1), -np.ones(1), np.ones(1)), "base")
    assert np.isnan(averted.yuan)
    assert averted.replications == 1


def test_without_what_it_costs_there_is_no_price():
    whole = frame(np.ones(3), -np.ones(3), np.ones(3))
    assert list(prices(whole[whole["outcome"] != COST], "base")) == []


def test_more_spent_for_a_loss_too_small_to_matter_is_no_loss():
    """5 participants of 2,000 are .25 %, 100 of them 5 %: 1 % is where it begins to matter."""
    for lost, verdict in ((-5.0, "hardly"), (-100.0, "neither")):
        _, joined = prices(frame(np.full(5, 2.0), np.full(5, -4.0), np.full(5, lost)), "base")
        assert joined.verdict == verdict
    averted, gained = prices(frame(np.full(5, 2.0), np.full(5, -4.0), np.full(5, 5.0)), "base")
    assert (averted.verdict, gained.verdict) == ("buys", "buys")
