"""Whoever is killed loses only what was in flight, and the next command finishes the work."""

import random
import time
from pathlib import Path

import pytest
from experiment_scripts import loaded

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="needs Linux"),
]


@pytest.fixture(scope="module")
def store():
    """The script that does this two hundred times."""
    return loaded("attacks/store.py")


@pytest.fixture
def attack(store, tmp_path):
    return store.Attack(tmp_path, pairs=2)


def test_a_comparison_killed_at_random_moments_is_finished_by_the_next(store, attack):
    began = time.monotonic()
    unbroken = attack.by_command(attack.folder / "unbroken")
    usual = time.monotonic() - began
    chance = random.Random(5)
    for number, share in enumerate((0.45, 0.7)):
        delay = usual * (share + chance.uniform(-0.1, 0.1))
        left = store.kill_once(attack, attack.folder / str(number), delay, unbroken)
        assert (left.broken, left.lost, left.same_table) == (0, 0, True)
        store.wait_until(lambda: not attack.processes())


def test_moments_are_drawn_until_as_many_kills_as_asked_for_have_hit(store, attack, monkeypatch):
    moments = iter([store.ENDED, "among the runs", store.ENDED, "among the runs", "never drawn"])

    def kill_once(*_given, **_more):
        return store.Left(next(moments), 0, 0, 0, same_table=True, semaphores=0)

    monkeypatch.setattr(store, "kill_once", kill_once)
    found = store._killed(attack, 2, 1.0, None, random.Random(1), quick=True)
    assert (len(found), store.hits(found)) == (4, 2)


def test_workers_whose_parent_alone_is_killed_end_and_leave_nothing(store, attack):
    out = attack.folder / "out"
    process = attack.start(out)
    store.wait_until(lambda: len(attack.processes()) >= 4)  # parent, tracker, two workers
    held = store.semaphores_of(process.pid)
    assert held
    process.kill()
    process.communicate()
    store.wait_until(lambda: not attack.processes())
    store.wait_until(lambda: not store.still_there(held))


def test_two_comparisons_on_one_store_at_once_both_get_the_whole_table(attack):
    out = attack.folder / "out"
    both = [attack.start(out) for _ in range(2)]
    answers = [process.communicate()[0] for process in both]
    assert [process.returncode for process in both] == [0, 0]
    tables = [answer.partition('"failed"')[0].partition('"differences"')[2] for answer in answers]
    assert tables[0] == tables[1] != ""
    table, reused = attack.by_python(out)
    assert (reused, len(table) > 0) == (4, True)
