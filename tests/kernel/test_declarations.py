"""Parameters, columns, tables and mechanisms cannot be declared without what defends them."""

import copy
import pickle
import threading

import numpy as np
import pytest

from sim.kernel import Clock, Column, Group, Mechanism, Parameter, Table
from sim.kernel.fault import Fault, ScenarioError, nearest


def sound(**changed: object) -> Parameter:
    """A parameter that is in order but for what is changed."""
    stated = {
        "default": 0.5, "unit": "share", "low": 0.0, "high": 1.0,
        "status": "assumed", "source": "a judgement",
    }  # fmt: skip
    return Parameter(**(stated | changed))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "changed",
    [
        {"unit": ""}, {"source": ""}, {"status": "guessed"}, {"default": 2.0},
        {"default": float("nan")}, {"high": float("inf")}, {"low": 0.7},
    ],
)  # fmt: skip
def test_a_parameter_without_unit_source_status_or_range_cannot_exist(
    changed: dict[str, object],
) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        sound(**changed)


class Rule(Mechanism):
    """A rule with a parameter and a group of two."""

    name = "rule"
    pace = sound()
    share = Group(village=sound(default=0.2), city=sound(default=0.9))

    def step(self, world: object, clock: Clock) -> None:
        """Nothing happens."""


def test_a_mechanism_reads_its_parameters_as_plain_numbers() -> None:
    rule = Rule({"pace": 0.75, "share.city": 0.1})
    assert rule.pace == 0.75
    assert rule.share == {"village": 0.2, "city": 0.1}


def test_the_ledger_lists_a_group_member_by_member() -> None:
    assert list(Rule.ledger()) == ["pace", "share.village", "share.city"]


def test_a_setting_that_no_parameter_knows_is_refused() -> None:
    with pytest.raises(KeyError, match="pase"):
        Rule({"pase": 1.0})


def test_settings_of_one_rule_do_not_reach_another() -> None:
    Rule({"pace": 0.9})
    assert Rule().pace == 0.5


def test_a_table_refuses_a_column_of_another_length() -> None:
    with pytest.raises(ValueError, match="the table 3"):
        Table(3, trust=np.zeros(2))


def test_a_column_cannot_take_the_name_of_what_a_table_does() -> None:
    with pytest.raises(ValueError, match="cannot be called ensure"):
        Table(1).ensure("ensure", Column("share", 0.0, 1.0, "taken"))


def test_a_replaced_column_reads_the_same_by_name_and_by_key() -> None:
    table = Table(2, trust=np.array([0.1, 0.2]))
    table.trust = np.array([0.3, 0.4])
    assert table.trust is table["trust"]
    again = pickle.loads(pickle.dumps(table))
    assert again.trust is again["trust"]
    assert again.trust.tolist() == [0.3, 0.4]


def test_a_copy_of_a_table_shares_nothing() -> None:
    table = Table(2, trust=np.array([0.1, 0.2]))
    twin = copy.deepcopy(table)
    twin.trust[0] = 0.9
    assert table.trust[0] == 0.1
    assert np.array_equal(pickle.loads(pickle.dumps(table)).trust, table.trust)


def test_a_missing_column_is_named() -> None:
    with pytest.raises(AttributeError, match="trsut"):
        _ = Table(1).trsut


def test_a_declared_column_starts_where_it_says_and_is_never_overwritten() -> None:
    table = Table(2, norm=np.array([0.3, 0.4]))
    table.ensure("norm", Column("share", 0, 1, "civility", start=0.5))
    table.ensure("belonging", Column("share", 0, 1, "belonging", start=0.5))
    assert table.norm.tolist() == [0.3, 0.4]
    assert table.belonging.tolist() == [0.5, 0.5]


def test_a_declared_column_takes_memory_from_its_first_use_on() -> None:
    table = Table(1_000, norm=np.zeros(1_000, np.float32))
    table.ensure("credit", Column("hours", 0, 1, "held", 2.0, "f8"))
    assert table.nbytes == 4_000
    assert "credit" in table
    assert list(table) == ["norm", "credit"]
    assert not table.is_used("credit")
    assert table["credit"].tolist() == [2.0] * 1_000
    assert table.nbytes == 12_000
    assert table.is_used("credit")


def test_an_emptied_column_is_at_its_start_again_and_takes_no_memory() -> None:
    table = Table(3)
    table.ensure("push", Column("share", -1, 1, "posted", flow=True))
    table.push[1] += 0.5
    table.grow(1, {})
    assert table.push.tolist() == [0.0, 0.5, 0.0, 0.0]
    table.empty("push")
    assert table.nbytes == 0
    table.grow(1, {})
    assert table.push.tolist() == [0.0] * 5
    with pytest.raises(ValueError, match="pull"):
        table.empty("pull")


def test_columns_that_nobody_used_are_copied_kept_and_given_to_newcomers() -> None:
    table = Table(2, age=np.array([30, 40]))
    table.ensure("norm", Column("share", 0, 1, "civility", start=0.5))
    for twin in (copy.deepcopy(table), pickle.loads(pickle.dumps(table))):
        assert not twin.is_used("norm")
        twin.grow(1, {"norm": 0.9})
        twin.keep(np.array([1, 2]))
        assert twin.norm.tolist() == pytest.approx([0.5, 0.9])
    assert not table.is_used("norm")


def test_to_look_at_one_row_of_a_column_is_not_to_use_it() -> None:
    table = Table(2, age=np.array([30, 40]))
    table.ensure("here", Column("flag", 0, 1, "is here", start=1, dtype="bool"))
    assert (table.peek("here", 1), table.peek("age", 1)) == (True, 40)
    assert not table.is_used("here")
    table.here[1] = False
    assert table.peek("here", 1) is False


@pytest.mark.parametrize("name", ["_rows", "_columns", "_declared", "_rooms", "grow", "peek"])
def test_no_column_takes_the_place_of_what_a_table_is_made_of(name: str) -> None:
    with pytest.raises(ValueError, match=name):
        Table(2).ensure(name, Column("share", 0, 1, "a column"))


def test_a_shallow_copy_of_a_table_uses_and_grows_columns_of_its_own() -> None:
    table = Table(2, age=np.array([30, 40]))
    table.ensure("push", Column("share", -1, 1, "posted", flow=True))
    twin = copy.copy(table)
    twin.push[:] = 1.0
    twin.grow(1, {"age": 50})
    assert not table.is_used("push")
    assert table["age"].tolist() == [30, 40]


def test_two_threads_that_use_a_column_first_use_the_same_one(monkeypatch) -> None:
    table = Table(2)
    table.ensure("push", Column("share", -1, 1, "posted", flow=True))
    put, others = Table._put, []

    def put_while_another_posts(*given):
        monkeypatch.setattr(Table, "_put", put)
        others.append(threading.Thread(target=lambda: table["push"].__setitem__(0, 1.0)))
        others[0].start()
        others[0].join(0.2)  # it either posts now or waits for this thread
        put(*given)

    monkeypatch.setattr(Table, "_put", put_while_another_posts)
    table["push"][1] = 1.0
    others[0].join()
    assert table.push.tolist() == [1.0, 1.0]


def test_a_fault_says_where_what_and_what_was_perhaps_meant() -> None:
    fault = Fault("a.yaml", 4, 5, "staf", "no such lever", "allowed: staff", "staff")
    assert str(fault) == "a.yaml:4:5: staf: no such lever; allowed: staff; did you mean staff?"
    error = pickle.loads(pickle.dumps(ScenarioError([fault])))
    assert error.faults == (fault,)


@pytest.mark.parametrize(
    ("where", "key", "told"),
    [
        ("--set policies.grid.pay", "policies.grid.pay", "--set policies.grid.pay: is empty"),
        ("--set policies.grid", "policies.grid.pay", "--set policies.grid: pay: is empty"),
        ("--set scale.x", "scale", "--set scale.x: scale: is empty"),  # what the flag says not
        ("--set shocks", "", "--set shocks: is empty"),
        ("--policy grid.pay", "policies.grid.pay", "--policy grid.pay: is empty"),
        ("--years", "time.years", "--years: is empty"),
        ("--question", "why", "--question: why: is empty"),
        ("--set \\x1bscale", "\x1bscale", "--set \\x1bscale: is empty"),
        ("a.yaml", "scale", "a.yaml: scale: is empty"),
    ],
)
def test_a_fault_of_a_flag_names_the_key_once(where, key, told):
    assert str(Fault(where, 0, 0, key, "is empty")) == told


def test_the_nearest_word_is_found_or_nothing_is_suggested() -> None:
    assert nearest("staf_per_10k", ["staff_per_10k", "pay"]) == "staff_per_10k"
    assert nearest("zzz", ["staff_per_10k"]) == ""
