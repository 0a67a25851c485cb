"""A mechanism writes what it owns or posts to flows of others, and nothing else."""

from collections import defaultdict

import pytest

from promises.small import POSTED, SHARED, TABLES, city, columns_of, differing, tables_of
from sim.engine.order import PREPARED, WEEK
from sim.engine.run import apply_levers
from sim.mechanisms.government.staffing import Staffing
from sim.mechanisms.place.migration import Migration
from sim.scenario.levers import LEVERS
from sim.world.messages import MESSAGES, TRANSITIONS
from sim.world.moves import MOVED_ALONG

STEPS = 8
COMMON = (*TABLES, *SHARED)  # tables whose columns have an owner each
OWNERS = {column: kind.name for kind in WEEK for column in kind.writes}


def moved_levers(bases):
    """Every lever well above its base, or another word: what costs money costs more of it."""
    found = {}
    for lever in LEVERS.values():
        base = float(bases[lever.name].mean())
        if lever.choices:
            found[lever.name] = lever.choices[-1 if round(base) != len(lever.choices) - 1 else 0]
        else:
            found[lever.name] = min(base + max(base, 1.0), lever.high)
    return {f"policies.{name}": value for name, value in found.items()}


@pytest.fixture(scope="module", params=["base levers", "every lever moved"])
def touched(warm_city, request):
    """The columns that each mechanism changed in some weeks, by its name."""
    running = warm_city.twin()
    if request.param == "every lever moved":
        apply_levers(running, city(**moved_levers(running.world.place.bases)))
    found = defaultdict(set)
    before = columns_of(running.world)
    for _ in range(STEPS):
        for mechanism in running.mechanisms:
            mechanism.step(running.world, running.clock)
            after = columns_of(running.world)
            found[mechanism.name] |= differing(before, still_there(after, before))
            before = after
        running.clock.advance()
    return found


def still_there(after, before):
    """The rows that were there before: somebody who comes anew changes nobody."""
    common = {name.partition(".")[0] for name in before} & set(COMMON)
    return {
        name: column[: len(before[name])]
        if name in before and name.partition(".")[0] in common
        else column
        for name, column in after.items()
    }


@pytest.mark.parametrize("kind", WEEK, ids=lambda kind: kind.name)
def test_only_what_is_declared_is_written(touched, kind):
    declared = {*kind.writes, *kind.adds}
    if kind is Migration:  # where nobody else sees to it, a move changes these too
        declared |= {f"people.{name}" for name in MOVED_ALONG}
    if kind is Staffing:  # when numbers change it lists the posts anew
        declared |= {name for name in touched[kind.name] if name.startswith("posts.")}
    in_common = {name for name in touched[kind.name] if name.partition(".")[0] in COMMON}
    assert in_common <= declared


EVENTS_FIRST = {"land", "mobilisation"}  # they pay when land is taken, when people gather


def test_whoever_posts_to_the_budget_is_seen_to_do_so_when_levers_move(touched, request):
    posting = {kind.name for kind in WEEK if "budget.spend" in kind.adds}
    seen = {name for name, columns in touched.items() if "budget.spend" in columns}
    assert seen - {"budget"} <= posting  # the budget itself takes out what was posted
    if "every lever moved" in request.node.name:
        assert posting - seen <= EVENTS_FIRST


@pytest.mark.parametrize("kind", WEEK, ids=lambda kind: kind.name)
def test_disputes_are_moved_by_those_who_say_so(touched, kind):
    moved = {name for name in touched[kind.name] if name.startswith("disputes.")}
    assert not moved or TRANSITIONS in kind.adds


def test_a_table_of_its_own_is_nobody_elses(touched, warm_city):
    own = tables_of(warm_city.world).keys() - {*COMMON, *POSTED}
    writers = {table: set() for table in own}
    posts = {kind.name: set(kind.adds) for kind in WEEK}
    for mechanism, names in touched.items():
        for table in own & {name.partition(".")[0] for name in names - posts[mechanism]}:
            writers[table].add(mechanism)
    assert {table for table, who in writers.items() if len(who) > 1} == set()
    # at base levers nobody has credit, no campaign is on, no water falls and no form changes
    idle = {"time_bank", "campaigns", "aquifers", "jurisdictions"}
    assert {table for table, who in writers.items() if not who} <= idle


def test_every_column_has_one_owner():
    assert len(OWNERS) == sum(len(kind.writes) for kind in WEEK)


@pytest.mark.parametrize("kind", WEEK, ids=lambda kind: kind.name)
def test_what_is_posted_to_others_is_a_flow(kind):
    for name in set(kind.adds) - set(MESSAGES):
        owner = next(other for other in WEEK if other.name == OWNERS[name])
        assert owner.writes[name].flow


@pytest.mark.parametrize("kind", WEEK, ids=lambda kind: kind.name)
def test_what_is_read_exists(kind, warm_city):
    assert set(kind.reads) - set(MESSAGES) <= columns_of(warm_city.world).keys()


def test_what_is_declared_exists_with_its_type(warm_city):
    tables = tables_of(warm_city.world)
    for kind in WEEK:
        for name, column in kind.writes.items():
            table, _, key = name.partition(".")
            assert tables[table][key].dtype == column.dtype, name


def test_whoever_acts_in_the_week_is_prepared_once():
    assert sorted(kind.name for kind in WEEK) == sorted(kind.name for kind in PREPARED)
