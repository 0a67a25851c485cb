"""A web of objects comes back as it was: values, types, layout, and which names are one thing."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import pytest

from sim.engine.putting_together import TROUBLES, put_together
from sim.engine.run_classes import RunClasses
from sim.engine.taking_apart import NotKeepableError, taken_apart
from sim.kernel import Table
from sim.scenario import Shock
from sim.world.waits import Waits


def back(value: object) -> object:
    """What a value comes back as."""
    return put_together("it", *taken_apart({"it": value}))


@pytest.mark.parametrize(
    "value",
    [
        None,
        True,
        2**64 - 1,
        0.1,
        float("inf"),
        "字",
        b"\x00\xff",
        date(2022, 1, 31),
        (1, (2.5, None)),
        [1, [2]],
        {"a": 1, (2, 3): "b", False: "c"},
        {3, 1, 2},
        frozenset({"b", "a"}),
        Shock("pandemic", date(2021, 3, 1)),
    ],
)
def test_a_value_comes_back_of_the_same_type(value):
    found = back(value)
    assert found == value
    assert type(found) is type(value)


def test_no_number_and_minus_nothing_come_back():
    found = back([float("nan"), -0.0])
    assert np.isnan(found[0])
    assert np.signbit(found[1])


@pytest.mark.parametrize("kind", ["f4", "f8", "u8", "i2", "?", "U3", "M8[D]"])
def test_numbers_and_arrays_keep_their_type_and_bytes(kind):
    array = np.arange(6).astype(kind)
    single, found = back([array[2], array])
    assert type(single) is type(array[2])
    assert single == array[2]
    assert found.dtype == array.dtype
    assert found.tobytes() == array.tobytes()


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0)])
def test_an_array_keeps_its_order_in_memory(order):
    array = np.arange(24.0).reshape(2, 3, 4).transpose(order)
    found = back(array)
    assert found.strides == array.strides
    assert np.array_equal(found, array)


def test_two_names_of_one_thing_stay_so_and_of_two_things_too():
    one, equal = np.zeros(3), np.zeros(3)
    first, second, third = back([one, one, equal])
    first[0] = 1.0
    assert second[0] == 1.0
    assert third[0] == 0.0


def test_things_that_hold_each_other_come_back():
    holder: dict[str, object] = {}
    holder["self"] = [holder]
    found = back(holder)
    assert found["self"][0] is found


def test_a_table_grows_on_after_it_came_back():
    table = Table(2, age=np.array([1.0, 2.0]))
    table.grow(1, {"age": [3.0]})
    found = back(table)
    found.grow(1, {"age": [4.0]})
    assert found.age.tolist() == [1.0, 2.0, 3.0, 4.0]
    assert found.age is found["age"]
    assert len(table) == 3


def test_an_object_comes_back_without_its_beginning_being_run():
    waits = Waits(np.array([10.0]))
    waits.record(np.array([0]), np.array([30.0]))
    found = back(waits)
    assert isinstance(found, Waits)
    assert found.expected()[0] == 20.0


def test_what_is_outside_is_not_taken_apart():
    place = object()
    nodes, arrays = taken_apart({"it": [place]}, {"place": place})
    other = object()
    assert put_together("it", nodes, arrays, {"place": other}) == [other]


def test_a_chain_comes_back_however_long_it_is():
    """A queue of ten thousand that each hold who comes next."""
    chain: list[object] = []
    for number in range(10_000):
        chain = [number, chain]
    found = back(chain)
    for number in reversed(range(10_000)):
        first, found = found
        assert first == number
    assert found == []


@dataclass
class Foreign:
    """An object of a class that is no part of a run."""

    inside: object = None


def numbers():
    yield 1


@pytest.mark.parametrize(
    "value",
    [
        len,
        lambda: 1,
        numbers(),
        Foreign(),
        np.random.default_rng(1),
        np.array([[], {}], object),
        {(1, None), (1, 2)},
    ],
    ids=["function", "lambda", "generator", "foreign", "luck", "objects", "set"],
)
def test_what_no_file_can_hold_is_refused_with_its_place(value):
    with pytest.raises(NotKeepableError, match=r"^it\['deep'\]\[1\]: "):
        taken_apart({"it": {"deep": [0, value]}})


def test_a_window_on_another_array_is_refused_and_a_copy_is_not():
    whole = np.zeros(10)
    with pytest.raises(NotKeepableError, match="window"):
        taken_apart({"it": [whole, whole[2:5]]})
    found = back([whole, whole[2:5].copy()])
    assert len(found[1]) == 3


def test_columns_of_one_table_that_do_not_touch_are_no_windows():
    table = np.arange(6.0).reshape(3, 2)
    first, second = back([table[:, 0], table[:, 1]])
    assert (first.tolist(), second.tolist()) == ([0.0, 2.0, 4.0], [1.0, 3.0, 5.0])


@pytest.mark.parametrize(
    "name",
    ["os:system", "sim.cli.app:main", "sim.world.waits:np", "sim.world.nothing:X", "sim.world:x.y"],
)
def test_a_file_can_name_no_class_but_those_of_a_run(name):
    with pytest.raises(ValueError, match="class"):
        RunClasses().called(name)


def test_classes_of_a_run_are_found_under_their_names():
    ours = RunClasses()
    assert ours.called(str(ours.name_of(Waits))) is Waits
    assert ours.name_of(Foreign) is None


IT = ["dict", [["it", [1]]]]


@pytest.mark.parametrize(
    "nodes",
    [
        [],
        [["list", []]],
        [["dict", [["it", [5]]]]],
        [["dict", [["it", [-1]]]]],
        [IT, ["object", "builtins:dict", {}]],
        [IT, ["object", "sim.world.waits:Waits", {"__class__": 1}]],
        [IT, ["tuple", [[1]]]],
        [IT, ["run", "rm"]],
        [IT, ["array", 0, [0]]],
        [IT, ["table", "sim.world.waits:Waits", 0, {}, {}]],
        [IT, ["tuple", [], "sim.world.waits:Waits"]],
    ],
)
def test_nodes_that_nobody_took_apart_are_refused(nodes):
    with pytest.raises(TROUBLES):
        put_together("it", nodes, [])


def test_objects_beside_the_mechanisms_of_a_user_come_back():
    theirs = RunClasses([Foreign])
    nodes, arrays = taken_apart({"it": Foreign([1])}, classes=theirs)
    assert put_together("it", nodes, arrays, classes=theirs) == Foreign([1])
    with pytest.raises(TROUBLES):
        put_together("it", nodes, arrays)
