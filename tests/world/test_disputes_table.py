"""Accounts of disputes close at every step: opened = resolved + withdrawn + open."""

import copy
import pickle

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.kernel import AccountError
from sim.world.disputes import (
    DECIDING,
    DOMAINS,
    LATENT,
    LITIGATING,
    NEGOTIATING,
    PETITIONING,
    REASONS,
    STATES,
    TALK,
    Disputes,
)
from sim.world.flows import Flows


def table(count: int = 5, divisions: int = 2) -> Disputes:
    """So many open disputes, numbered from 100 on, one domain after the other."""
    disputes = Disputes(divisions, Flows(divisions))
    rows = np.arange(count)
    disputes.open(
        id=100 + rows,
        domain=rows % len(DOMAINS),
        division=rows % divisions,
        cell=rows % divisions * 9,
        state=np.full(count, DECIDING),
        opened=rows.astype(float),
        weight=np.full(count, 10.0),
    )
    return disputes


MOVES = st.lists(
    st.tuples(
        st.sampled_from(["open", "move", "fail", "settle", "withdraw", "sweep"]),
        st.integers(0, 10_000),
        st.integers(0, 12),
    ),
    max_size=40,
)


@given(MOVES)
@settings(max_examples=60, deadline=None)
def test_accounts_close_after_every_move_whatever_the_order(moves):
    disputes, opened, ended = table(3), 3, 0
    for day, (what, luck, number) in enumerate(moves):
        still_open = np.flatnonzero(disputes.state >= 0)
        some = still_open[luck % (len(still_open) + 1) :][: number % 4]
        if what == "open":
            new = np.arange(number)
            disputes.open(
                id=1_000 * (day + 1) + new,
                domain=(new + luck) % len(DOMAINS),
                division=(new * luck) % 2,
                state=np.full(number, DECIDING),
                weight=np.ones(number),
            )
            opened += number
        elif what == "move":
            disputes.move(some, number, float(day))
        elif what == "fail":
            disputes.fail(some, TALK, float(day))
        elif what == "settle":
            disputes.settle(some, "talk", float(day))
            ended += len(some)
        elif what == "withdraw":
            disputes.withdraw(some, REASONS[luck % len(REASONS)])
            ended += len(some)
        else:
            disputes.sweep()
        disputes.check()
        assert disputes.accounts["opened"].sum() == opened
        assert np.count_nonzero(disputes.state >= 0) == opened - ended
        assert disputes.state.max(initial=0) < len(STATES)


def test_a_dispute_cannot_end_twice():
    disputes = table()
    disputes.settle(np.array([1, 2]), "talk", 9.0)
    with pytest.raises(AccountError, match="ended twice"):
        disputes.withdraw(np.array([2, 3]), "dropped")


def test_a_dispute_cannot_end_twice_at_once():
    with pytest.raises(AccountError, match="ended twice"):
        table().settle(np.array([1, 1]), "talk", 9.0)


def test_a_dispute_that_has_ended_is_not_handed_over():
    disputes = table()
    disputes.withdraw(np.array([1]), "tolerated")
    with pytest.raises(AccountError, match="handed over"):
        disputes.move(np.array([1]), LITIGATING, 9.0)
    with pytest.raises(AccountError, match="handed over"):
        disputes.fail(np.array([1]), TALK, 9.0)


def test_a_number_out_of_the_accounts_is_found_out():
    disputes = table()
    disputes.accounts["resolved"][0, 0] += 1
    with pytest.raises(AccountError, match="opened differ"):
        disputes.check()


def test_a_withdrawal_without_its_reason_is_found_out():
    disputes = table()
    disputes.withdraw(np.array([0]), "dropped")
    disputes.reasons[REASONS.index("dropped")] -= 1
    with pytest.raises(AccountError, match="no reason"):
        disputes.check()


def test_accounts_are_kept_by_domain_and_division():
    disputes = table(4)
    disputes.settle(np.array([3]), "court", 50.0)
    assert disputes.accounts["resolved"].sum() == 1
    assert disputes.accounts["resolved"][3, 1] == 1


def test_what_happened_is_counted_with_the_people_each_stands_for():
    disputes = table(4)
    disputes.settle(np.array([1, 3]), "talk", 50.0)
    disputes.withdraw(np.array([0]), "tolerated")
    flows = disputes.flows.by_cell
    assert flows["disputes_opened"].sum() == 40.0
    assert flows["disputes_settled"][9] == flows["settled_talk"][9] == 20.0
    assert flows["withdrawn_tolerated"][0] == 10.0
    ((_, days, weights),) = disputes.flows.samples["days_to_resolution"]
    assert days.tolist() == [49.0, 47.0]
    assert weights.tolist() == [10.0, 10.0]


def test_events_come_in_the_order_of_their_days_and_before_the_end_of_the_step():
    disputes = table(4)
    disputes.move(np.arange(4), NEGOTIATING, 0.0, np.array([6.9, 7.0, 2.0, np.inf]))
    assert disputes.due_in(NEGOTIATING, 7.0).tolist() == [2, 0]
    assert disputes.due_in(LATENT, 7.0).tolist() == []


def test_a_keeper_takes_a_dispute_in_once():
    disputes = table(3)
    disputes.move(np.array([0, 2]), LITIGATING, 4.0)
    assert disputes.newly_in(LITIGATING).tolist() == [0, 2]
    disputes.taken_in[np.array([0, 2])] = True
    assert disputes.newly_in(LITIGATING).tolist() == []
    disputes.move(np.array([0]), PETITIONING, 9.0)
    assert disputes.newly_in(LITIGATING, PETITIONING).tolist() == [0]


def test_who_failed_decides_anew_on_the_day_of_the_failure():
    disputes = table(2)
    disputes.fail(np.array([1]), TALK, 12.5)
    row = {name: disputes[name][1] for name in ("state", "failed_in", "visit", "since", "due")}
    expected = {"state": DECIDING, "failed_in": TALK, "visit": 1, "since": 12.5, "due": 12.5}
    assert row == expected
    assert disputes.visit[0] == 0


def test_sweeping_leaves_the_open_ones_as_they_were():
    disputes = table(4)
    disputes.settle(np.array([1]), "talk", 9.0)
    kept = {name: disputes[name][[0, 2, 3]].copy() for name in disputes}
    disputes.sweep()
    assert len(disputes) == 3
    for name, values in kept.items():
        assert np.array_equal(disputes[name], values)
    disputes.check()


def test_a_copy_lives_on_by_itself():
    disputes = table(4)
    for twin in (copy.deepcopy(disputes), pickle.loads(pickle.dumps(disputes))):
        twin.settle(np.array([0]), "talk", 9.0)
        twin.sweep()
        twin.check()
        assert twin.flows.by_cell["disputes_settled"].sum() == 10.0
    assert len(disputes) == 4
    assert "disputes_settled" not in disputes.flows.by_cell
    disputes.check()


def test_what_is_given_up_without_ever_being_voiced_is_counted_by_itself():
    disputes = table(4)
    disputes.move(np.array([0, 2, 3]), LATENT, 1.0)
    disputes.withdraw(np.array([0, 1, 2]), "tolerated")
    flows = disputes.flows.by_cell
    assert flows["withdrawn_latent"].sum() == 20.0
    assert flows["withdrawn_tolerated"].sum() == 30.0
