"""A mechanism writes what it owns or posts to flows of others, and nothing else."""

from collections import defaultdict

import pytest

from promises.small import TABLES, columns_of, differing, tables_of
from sim.engine.order import PREPARED, WEEK
from sim.engine.user_mechanisms import TRANSITIONS

STEPS = 8
OWNERS = {column: kind.name for kind in WEEK for column in kind.writes}


@pytest.fixture(scope="module")
def touched(warm_city):
    """The columns that each mechanism changed in some weeks, by its name."""
    running = warm_city.twin()
    found = defaultdict(set)
    before = columns_of(running.world)
    for _ in range(STEPS):
        for mechanism in running.mechanisms:
            mechanism.step(running.world, running.clock)
            after = columns_of(running.world)
            found[mechanism.name] |= differing(before, after)
            before = after
        running.clock.advance()
    return found


@pytest.mark.parametrize("kind", WEEK, ids=lambda kind: kind.name)
def test_only_what_is_declared_is_written(touched, kind):
    declared = {*kind.writes, *kind.adds}
    in_common = {name for name in touched[kind.name] if name.partition(".")[0] in TABLES}
    assert in_common <= declared


@pytest.mark.parametrize("kind", WEEK, ids=lambda kind: kind.name)
def test_disputes_are_moved_by_those_who_say_so(touched, kind):
    moved = {name for name in touched[kind.name] if name.startswith("disputes.")}
    assert not moved or TRANSITIONS in kind.adds


def test_a_table_of_its_own_is_nobody_elses(touched, warm_city):
    own = tables_of(warm_city.world).keys() - set(TABLES)
    writers = {table: set() for table in own}
    for mechanism, names in touched.items():
        for table in own & {name.partition(".")[0] for name in names}:
            writers[table].add(mechanism)
    assert {table: len(who) for table, who in writers.items()} == dict.fromkeys(own, 1)


def test_every_column_has_one_owner():
    assert len(OWNERS) == sum(len(kind.writes) for kind in WEEK)


@pytest.mark.parametrize("kind", WEEK, ids=lambda kind: kind.name)
def test_what_is_posted_to_others_is_a_flow(kind):
    for name in set(kind.adds) - {TRANSITIONS}:
        owner = next(other for other in WEEK if other.name == OWNERS[name])
        assert owner.writes[name].flow


@pytest.mark.parametrize("kind", WEEK, ids=lambda kind: kind.name)
def test_what_is_read_exists(kind, warm_city):
    assert set(kind.reads) <= columns_of(warm_city.world).keys()


def test_what_is_declared_exists_with_its_type(warm_city):
    tables = tables_of(warm_city.world)
    for kind in WEEK:
        for name, column in kind.writes.items():
            table, _, key = name.partition(".")
            assert tables[table][key].dtype == column.dtype, name


def test_whoever_acts_in_the_week_is_prepared_once():
    assert sorted(kind.name for kind in WEEK) == sorted(kind.name for kind in PREPARED)
