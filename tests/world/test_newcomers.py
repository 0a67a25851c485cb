"""People come and go: rows are added at the end, ties change in one pass, and nothing is lost."""

import numpy as np
import pytest

from sim.kernel import Column, Table
from sim.verify.bench import bare_world
from sim.world.disputes import DECIDING, REASONS
from sim.world.tie_changes import changed_ties
from sim.world.ties import LAYER_BITS, Ties


def a_line(n: int) -> Ties:
    """Everybody knows the next one."""
    return Ties.from_edges(n, np.arange(n - 1), np.arange(1, n), 1.0, "friends")


def known(ties: Ties, row: int) -> dict[int, float]:
    """Whom a person knows, with the strength."""
    rows = slice(ties.indptr[row], ties.indptr[row + 1])
    return dict(zip(ties.indices[rows].tolist(), ties.strength[rows].tolist(), strict=True))


def changed(ties: Ties, here: list[bool], *changes: tuple[int, int, float]) -> Ties:
    """The ties after (a, b, strength) for each change."""
    a, b, strength = (np.array(column) for column in zip(*changes, strict=True))
    return changed_ties(ties, np.array(here), a, b, strength, np.full(len(a), 16))


def test_a_new_row_begins_at_the_declared_start_of_its_columns():
    table = Table(2, age=np.array([30, 40], np.int16))
    table.ensure("grievance", Column("share", 0, 1, "discontent", 0.25))
    rows = table.grow(1, {"age": 18})
    assert rows.tolist() == [2]
    assert table.age.tolist() == [30, 40, 18]
    assert table.grievance.tolist() == [0.25, 0.25, 0.25]


def test_rows_that_are_kept_stand_in_their_order_and_the_table_grows_on():
    table = Table(3, age=np.array([30, 40, 50], np.int16), place=np.arange(6.0).reshape(3, 2))
    before = table.age
    table.keep(np.array([0, 2]))
    assert (len(table), table.age.tolist(), table["place"].tolist()) == (
        2,
        [30, 50],
        [[0, 1], [4, 5]],
    )
    assert table.age.dtype == np.int16
    assert before.tolist() == [30, 40, 50]
    assert table.grow(1, {"age": 18}).tolist() == [2]
    assert table.age.tolist() == [30, 50, 18]
    assert not len(table.grow(0, {"age": []}))
    assert len(table) == 3


def test_growing_a_copy_leaves_the_original_alone():
    import copy

    table = Table(1, age=np.array([30]))
    table.grow(1, {"age": 18})
    twin = copy.deepcopy(table)
    twin.grow(1, {"age": 19})
    twin.age[0] = 99
    assert table.age.tolist() == [30, 18]
    assert twin.age.tolist() == [99, 18, 19]


def test_a_column_that_was_replaced_does_not_write_into_the_old_one():
    table = Table(1, age=np.array([30]))
    table.grow(1, {"age": 18})
    own = np.array([1, 2, 3, 4])
    table.age = own[:2]
    table.grow(1, {"age": 5})
    assert own.tolist() == [1, 2, 3, 4]
    assert table.age.tolist() == [1, 2, 5]


def test_a_row_cannot_be_given_a_column_that_is_not_there():
    with pytest.raises(ValueError, match="no column 'height'"):
        Table(1, age=np.array([30])).grow(1, {"height": 2})


def test_ties_form_weaken_and_end_in_one_pass():
    ties = changed(a_line(4), [True] * 4, (0, 3, 2.0), (2, 1, 0.0), (0, 1, 0.5))
    assert known(ties, 0) == {1: 0.5, 3: 2.0}
    assert known(ties, 1) == {0: 0.5}
    assert known(ties, 2) == {3: 1.0}
    assert known(ties, 3) == {0: 2.0, 2: 1.0}
    assert ties.scale[0] == pytest.approx(1 / 2.5)


def test_those_who_left_keep_no_tie_and_newcomers_know_whom_they_are_given():
    ties = changed(a_line(3), [True, False, True, True], (3, 0, 1.5))
    assert [known(ties, row) for row in range(4)] == [{3: 1.5}, {}, {}, {0: 1.5}]


def test_many_random_changes_agree_with_a_dictionary():
    luck = np.random.default_rng(3)
    n = 60
    a, b = luck.integers(0, n, (2, 400))
    a, b = a[a != b], b[a != b]
    ties = Ties.from_edges(n, a, b, 1.0, "kin")
    plain = dict.fromkeys(zip(*np.sort([a, b], axis=0).tolist(), strict=True), 1.0)
    ends = {tuple(sorted(pair)) for pair in luck.integers(0, n, (300, 2)).tolist()}
    changes = [(i, j, float(luck.integers(0, 3))) for i, j in ends if i != j]
    here = luck.random(n) < 0.9
    plain |= {(i, j): strength for i, j, strength in changes}
    left = {p: s for p, s in plain.items() if s > 0 and here[p[0]] and here[p[1]]}
    after = changed(ties, here.tolist(), *changes)
    first, second, strength, _ = after.pairs()
    found = zip(first.tolist(), second.tolist(), strict=True)
    assert dict(zip(found, strength.tolist(), strict=True)) == left


def test_ties_that_come_to_differ_more_than_a_byte_can_tell_keep_their_strength():
    ties = a_line(2_000)
    for year in range(4):
        pairs = [(2 * i, 2 * i + 1, 1.0 + i + 0.1 * year) for i in range(200 * (year + 1))]
        ties = changed(ties, [True] * 2_000, *pairs)
        told = [known(ties, a)[b] for a, b, _ in pairs]
        assert told == [np.float32(strength) for _, _, strength in pairs]
        assert known(ties, 1_999) == {1_998: 1.0}


def test_a_pair_changed_twice_is_refused():
    with pytest.raises(ValueError, match="twice"):
        changed(a_line(3), [True] * 3, (0, 2, 1.0), (2, 0, 2.0))


def test_those_who_leave_take_their_disputes_with_them_and_count_for_nothing():
    world = bare_world(3, seed=1)
    world.disputes.open(id=np.arange(2), person=[0, 2], state=[DECIDING] * 2, weight=np.ones(2))
    world.leave(np.array([2]), "moved")
    assert world.disputes.is_open.tolist() == [True, False]
    assert world.people.alive.tolist() == [True, True, False]
    assert world.adults_by_cell().sum() == 2.0
    assert world.residents_by_cell().sum() == 2.0
    assert dict(zip(REASONS, world.disputes.reasons.tolist(), strict=True))["moved"] == 1
    world.disputes.check()


def test_somebody_who_joins_is_here_and_knows_nobody():
    world = bare_world(3, seed=1)
    rows = world.join(2, id=np.array([7, 8], np.uint64), weight=1.0, residents=1.0)
    assert rows.tolist() == [3, 4]
    assert world.people.alive.all()
    assert world.ties.neighbour_means(np.ones(5, np.float32)).tolist() == [0.0] * 5


def test_ties_that_nobody_changes_keep_their_layers_and_changed_ones_get_theirs():
    friends, kin = LAYER_BITS["friends"], LAYER_BITS["kin"]
    ties = changed_ties(
        a_line(6), np.ones(6, bool), *(np.array([x]) for x in (4, 5, 1.0, friends | kin))
    )
    assert ties.layers.tolist() == [friends] * 8 + [friends | kin] * 2


def test_a_mechanism_acts_if_the_run_names_it_and_on_a_bench_in_any_case():
    world = bare_world(1, seed=1)
    assert world.is_on("labour")
    world.tables["on"] = frozenset({"labour"})
    assert world.is_on("labour")
    assert not world.is_on("services")


def test_a_declared_column_stands_at_its_start_in_tables_of_the_world_and_in_new_ones():
    world = bare_world(2, seed=1)
    column = Column("share", 0, 1, "made up", 0.25)
    world.declare(
        {"people.made_up": column, "divisions.made_up": column, "matters.made_up": column}
    )
    assert world.people.made_up.tolist() == [0.25, 0.25]
    assert world.tables["divisions"].made_up.tolist() == [0.25]
    assert len(world.tables["matters"].made_up) == 0
