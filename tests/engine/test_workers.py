"""Worker processes: every key comes back, whatever becomes of a process."""

import multiprocessing
import os
import signal
import subprocess
import sys
import time
from collections import deque
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

import pytest

import sim
from engine import deeds
from sim.engine.workers import LOOK_AHEAD, Died, Workers, _Waiting, cores, launching
from sim.kernel.fault import ScenarioError

ROOT = Path(sim.__file__).parents[1]
PATHS = os.pathsep.join([str(ROOT), str(Path(__file__).parents[1])])
ENVIRONMENT = {**os.environ, "PYTHONPATH": PATHS}


def all_done(task, keys, count):
    with Workers(task, count) as workers:
        return dict(workers.completed(keys))


@pytest.mark.parametrize("count", [1, 2])
def test_every_key_comes_back_with_its_result(count):
    assert all_done(deeds.double, range(5), count) == {0: 0, 1: 2, 2: 4, 3: 6, 4: 8}


def test_processes_are_kept_for_the_next_batch():
    with Workers(deeds.double, 2) as workers:
        assert dict(workers.completed([1, 2])) == {1: 2, 2: 4}
        assert dict(workers.completed([3])) == {3: 6}


def test_a_process_has_one_thread_no_script_and_no_ear_for_interrupts():
    found = all_done(deeds.threads_and_script, [0], 2)
    assert found[0] == ("1", "", True)
    assert sys.modules["__main__"].__name__ == "__main__"
    assert signal.getsignal(signal.SIGINT) is not signal.SIG_IGN


def test_a_key_that_kills_its_process_costs_only_itself():
    found = all_done(deeds.die_at_seven, range(10), 2)
    assert isinstance(found.pop(7), Died)
    assert found == {number: number for number in range(10) if number != 7}


def test_a_key_whose_process_died_by_chance_is_tried_once_more(tmp_path):
    mark = str(tmp_path / "died")
    assert all_done(deeds.die_once, [mark], 2) == {mark: "well"}


def test_a_key_that_is_tried_again_comes_back_though_an_idle_process_died_before(
    tmp_path, monkeypatch
):
    """Of two processes that are there for a second try, the one without work is killed."""
    mark, tries = str(tmp_path / "died"), []
    submit = Workers._submit

    def submit_to_a_broken_pool_once(workers, key):
        tries.append(key)
        if len(tries) == 2:
            raise BrokenProcessPool
        return submit(workers, key)

    monkeypatch.setattr(Workers, "_submit", submit_to_a_broken_pool_once)
    assert all_done(deeds.die_once, [mark], 2) == {mark: "well"}


@pytest.mark.parametrize("count", [1, 2])
def test_a_fault_of_the_input_ends_all(count):
    with pytest.raises(ScenarioError, match="refused at"):
        all_done(deeds.refuse, [1, 2, 3], count)


def test_a_fault_ends_what_the_others_are_at_and_nobody_elses_processes(tmp_path):
    with Workers(deeds.double, 2) as outer:
        assert dict(outer.completed([1, 2])) == {1: 2, 2: 4}
        pool, before = outer._pool, set(multiprocessing.active_children())
        keys = [str(tmp_path / "asleep"), str(tmp_path / "refused")]
        with pytest.raises(ScenarioError, match="refused at 0"):
            all_done(deeds.refuse_beside_a_sleeper, keys, 2)
        wait_until(lambda: set(multiprocessing.active_children()) <= before)
        assert dict(outer.completed([3, 4])) == {3: 6, 4: 8}
        assert outer._pool is pool  # one whose processes had died would have been made anew


@pytest.mark.parametrize(("asked", "given"), [(500, 61), (3, 3), (0, 1)])
def test_there_are_as_many_processes_as_are_asked_for_within_what_systems_can_wait_for(
    asked, given
):
    assert Workers(deeds.double, asked).count == given


def test_there_is_a_core_to_work_on():
    assert cores() >= 1


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="cores cannot be left out")
def test_a_core_that_this_process_may_not_use_does_not_count():
    allowed = os.sched_getaffinity(0)
    try:
        os.sched_setaffinity(0, {min(allowed)})
        assert cores() == 1
    finally:
        os.sched_setaffinity(0, allowed)


def test_a_script_needs_no_guard_around_its_main_part(tmp_path):
    script = tmp_path / "script.py"
    script.write_text(
        "from engine.deeds import double\n"
        "from sim.engine.workers import Workers\n"
        "print('begun')\n"
        "with Workers(double, 2) as workers:\n"
        "    print(sorted(dict(workers.completed([1, 2])).values()))\n",
        encoding="utf-8",
    )
    done = subprocess.run(
        [sys.executable, str(script)], capture_output=True, text=True, env=ENVIRONMENT, check=False
    )
    assert (done.stdout, done.stderr) == ("begun\n[2, 4]\n", "")


@pytest.mark.skipif(os.name == "nt", reason="needs POSIX signals")
@pytest.mark.parametrize("blow", [signal.SIGKILL, signal.SIGINT])
def test_workers_leave_with_their_parent(tmp_path, blow):
    code = (
        "import sys; from engine.deeds import write_and_sleep;"
        "from sim.engine.workers import Workers\n"
        "with Workers(write_and_sleep, 2) as workers:\n"
        "    list(workers.completed([sys.argv[1], sys.argv[1]]))\n"
    )
    command = [sys.executable, "-c", code, str(tmp_path)]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL, env=ENVIRONMENT) as parent:
        try:
            wait_until(lambda: len(list(tmp_path.glob("*.pid"))) == 2)
        finally:
            parent.send_signal(blow)
    wait_until(lambda: not any(alive(int(path.stem)) for path in tmp_path.glob("*.pid")))


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    status = Path(f"/proc/{pid}/stat")  # who is dead but not yet buried does no work
    return not status.exists() or status.read_text().rpartition(")")[2].split()[0] != "Z"


def wait_until(condition) -> None:
    for _ in range(600):
        if condition():
            return
        time.sleep(0.05)
    pytest.fail("it did not come about within 30 seconds")


@pytest.mark.skipif(not hasattr(signal, "pthread_sigmask"), reason="signals cannot be held back")
def test_ctrl_c_while_processes_start_is_heard_and_not_lost():
    with pytest.raises(KeyboardInterrupt), launching():
        signal.raise_signal(signal.SIGINT)
    assert signal.SIGINT not in signal.pthread_sigmask(signal.SIG_BLOCK, ())


def handed_out(keys, count, alike):
    """In which order keys are given to processes of which always the one ends that began first."""
    keys = list(keys)
    order, flying = [], deque()

    def submit(_, key):
        future = Future()
        order.append(key)
        flying.append((key, future))
        last = len(order) == len(keys)
        while len(flying) == count or (last and flying):
            ended, its_future = flying.popleft()
            its_future.set_result(ended)
        return future

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Workers, "_submit", submit)
        with Workers(deeds.double, count) as workers:
            assert sorted(key for key, _ in workers.completed(keys, alike)) == sorted(keys)
    return order


def kind_of(key):
    return key[0]


def test_a_process_is_handed_what_is_like_its_last_key():
    keys = [(kind, number) for kind in "abc" for number in range(3)]
    order = handed_out(keys, 2, kind_of)
    assert order == [
        ("a", 0),
        ("b", 0),
        ("a", 1),
        ("b", 1),
        ("a", 2),
        ("b", 2),
        ("c", 0),
        ("c", 1),  # nothing else is left for the second process
        ("c", 2),
    ]


def test_a_process_stays_with_its_kind_though_another_waits_that_nobody_is_at():
    keys = [("a", 0), ("b", 0), ("c", 0), ("a", 1), ("b", 1)]
    assert handed_out(keys, 2, kind_of) == [("a", 0), ("b", 0), ("a", 1), ("b", 1), ("c", 0)]


def test_without_a_likeness_keys_go_in_their_order():
    assert handed_out(range(7), 3, None) == list(range(7))


def test_no_key_is_made_long_before_its_turn():
    """Whoever has many keys of one kind first has both processes work at it."""
    made = []

    def many():
        for number in range(1_000):
            made.append(number)
            yield ("a", number) if number < 900 else ("b", number)

    waiting = _Waiting(many(), kind_of, 2)
    assert waiting.more()
    assert len(made) == 2 * LOOK_AHEAD
    assert waiting.choose(None, [("a", -1)]) == ("a", 0)
    waiting.remove(("a", 0))
    assert waiting.more()
    assert len(made) == 2 * LOOK_AHEAD + 1
