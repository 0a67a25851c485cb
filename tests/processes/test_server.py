"""Workers are copies of one process that has loaded the model, and none outlives who asked."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import sim
from sim.engine.workers import Died
from sim.processes import server
from sim.processes.server import Copies, server_ahead
from tests.engine.test_workers import alive, wait_until
from tests.experiment.files import TWO_FACTORS, written
from tests.processes import deeds

ROOT = Path(sim.__file__).parents[1]
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT)}
copies_only = pytest.mark.skipif(not server.CAN_COPY, reason="processes are spawned here")


def all_done(task, keys):
    with Copies(task, 2) as workers:
        return dict(workers.completed(keys))


@pytest.mark.parametrize("can_copy", [server.CAN_COPY, False])
def test_every_key_comes_back_whether_processes_are_copied_or_spawned(can_copy, monkeypatch):
    monkeypatch.setattr(Copies, "_copying", can_copy)
    assert all_done(deeds.double, range(5)) == {0: 0, 1: 2, 2: 4, 3: 6, 4: 8}


@copies_only
def test_all_workers_are_copies_of_one_process_that_has_loaded_the_model():
    [mother] = set(all_done(deeds.parent, range(8)).values())
    assert mother != os.getpid()
    modules = ["sim.engine.build", "sim.engine.run", "pandas"]
    assert all_done(deeds.loaded, modules) == dict.fromkeys(modules, True)


@copies_only
def test_the_server_has_one_thread_so_that_a_copy_finds_no_lock_held():
    assert all_done(deeds.threads_of_parent, [0]) == {0: 1}


def test_a_copy_has_one_thread_no_script_and_no_ear_for_interrupts():
    assert all_done(deeds.threads_and_script, [0])[0] == ("1", "", True)
    assert signal.SIGINT not in signal.pthread_sigmask(signal.SIG_BLOCK, ())


def test_a_key_that_kills_its_copy_costs_only_itself():
    found = all_done(deeds.die_at_seven, range(10))
    assert isinstance(found.pop(7), Died)
    assert found == {number: number for number in range(10) if number != 7}


def test_a_copy_has_the_surroundings_that_are_now_not_those_when_the_server_began(
    monkeypatch, tmp_path
):
    all_done(deeds.double, [1])
    monkeypatch.setenv("SHIYU_LANG", "zh")
    monkeypatch.chdir(tmp_path)
    found = all_done(deeds.surroundings, ["SHIYU_LANG"])
    assert found == {"SHIYU_LANG": ("zh", os.environ.get("PYTHONSAFEPATH"), str(tmp_path))}


@copies_only
def test_after_the_server_was_stopped_another_is_started():
    [first] = set(all_done(deeds.parent, [0]).values())
    with pytest.raises(ZeroDivisionError), server_ahead(True):
        raise ZeroDivisionError
    assert not alive(first)
    [second] = set(all_done(deeds.parent, [0]).values())
    assert second != first


@copies_only
def test_the_server_finds_no_module_in_the_current_folder_that_its_caller_would_not(tmp_path):
    for name in ("pandas", "random", "sim"):
        (tmp_path / f"{name}.py").write_text("open('wrong', 'w')\n", encoding="utf-8")
    script = tmp_path / "elsewhere" / "script.py"
    script.parent.mkdir()
    script.write_text(
        "from sim.processes.server import Copies\n"
        "from tests.processes.deeds import loaded\n"
        "with Copies(loaded, 2) as workers:\n"
        "    print(dict(workers.completed(['sim.engine.run'])))\n",
        encoding="utf-8",
    )
    done = subprocess.run(
        [sys.executable, str(script)],
        cwd=tmp_path,
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.stdout, done.stderr) == ("{'sim.engine.run': True}\n", "")
    assert not (tmp_path / "wrong").exists()


def printed(script, **changed):
    """What a script prints, in this folder or with these variables."""
    folder, timeout = changed.pop("folder", ROOT), changed.pop("timeout", None)
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=folder,
        env=ENVIRONMENT | changed,
        timeout=timeout,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout, done.stderr


DOUBLING = (
    "from sim.processes.server import Copies\n"
    "from tests.engine.deeds import double\n"
    "with Copies(double, 2) as workers:\n"
    "    print(dict(workers.completed([4])))\n"
)


def test_workers_are_spawned_where_no_socket_fits_the_folder_for_temporary_files(tmp_path):
    deep = tmp_path / ("deep" * 27)
    deep.mkdir()
    assert printed(DOUBLING, TMPDIR=str(deep)) == ("{4: 8}\n", "")


def test_a_search_path_with_a_folder_that_is_no_text_starts_workers():
    added = "import sys\nfrom pathlib import Path\nsys.path.append(Path('library'))\n"
    assert printed(added + DOUBLING) == ("{4: 8}\n", "")


@copies_only
def test_no_process_beside_the_workers_runs_a_file_of_the_current_folder(tmp_path):
    (tmp_path / "multiprocessing.py").write_text("open('wrong', 'w')\n", encoding="utf-8")
    elsewhere = "import sys\nsys.path.remove('')\n"  # as of a command that is installed
    assert printed(elsewhere + DOUBLING, folder=tmp_path) == ("{4: 8}\n", "")
    assert not (tmp_path / "wrong").exists()


@copies_only
def test_work_goes_on_in_spawned_workers_when_the_server_dies_as_it_loads():
    dying = (
        "import os, signal, threading\n"
        "from multiprocessing import forkserver\n"
        "from sim.processes.server import start_server\n"
        "start_server()\n"
        "dies = os.kill, (forkserver._forkserver._forkserver_pid, signal.SIGKILL)\n"
        "threading.Timer(0.2, *dies).start()\n"
    )
    assert printed(dying + DOUBLING) == ("{4: 8}\n", "")


@copies_only
def test_a_thread_that_a_run_left_behind_holds_up_nobody():
    script = DOUBLING.replace("tests.engine.deeds", "tests.processes.deeds")
    script = script.replace("double", "start_a_thread").replace("[4]", "[3600]")
    assert printed(script, timeout=60) == ("{3600: 3600}\n", "")


@copies_only
def test_loops_are_loaded_from_where_they_are_kept_and_none_is_compiled():
    code = (
        "from sim.kernel.draws import entity_ids\n"
        "entity_ids('kept', 1)\n"  # where nothing was compiled before, one loop is now
        "from sim.processes.loaded import load_loops\n"
        "from numba.core.dispatcher import Dispatcher\n"
        "import sys\n"
        "loops = [each for name, module in sys.modules.items() if name.startswith('sim.')\n"
        "         for each in vars(module).values() if isinstance(each, Dispatcher)]\n"
        "loops = {id(each): each for each in loops}.values()\n"
        "before = sum(sum(each.stats.cache_misses.values()) for each in loops)\n"
        "known = load_loops()\n"
        "print(known == sum(len(each.overloads) for each in loops), known > 0)\n"
        "print(sum(sum(each.stats.cache_misses.values()) for each in loops) <= 1)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], env=ENVIRONMENT, capture_output=True, text=True, check=False
    )
    assert (done.stdout, done.stderr) == ("True True\nTrue\n", "")


def below(pid):
    """The processes that a process has started."""
    found = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(each) for each in found.read_text().split()] if found.exists() else []


@pytest.fixture
def sweeping(tmp_path):
    """A sweep that has just begun, and the processes that it has started so far."""
    words = ["sweep", str(written(tmp_path, TWO_FACTORS)), "--workers", "2"]
    command = [sys.executable, "-m", "sim", *words, "--out", str(tmp_path / "store")]
    with subprocess.Popen(
        command, stderr=subprocess.PIPE, cwd=ROOT, env=ENVIRONMENT, text=True
    ) as process:
        wait_until(lambda: len(below(process.pid)) >= 2)  # the tracker of resources, the server
        yield process, below(process.pid)
        process.kill()


@copies_only
@pytest.mark.parametrize("later", [0.0, 0.5, 1.5])
def test_ctrl_c_while_the_model_is_loaded_ends_the_command_and_all_that_it_started(sweeping, later):
    process, started = sweeping
    time.sleep(later)
    process.send_signal(signal.SIGINT)
    _, told = process.communicate(timeout=60)
    # A shell tells 130 of both: Python ends by the signal itself where it came within an import.
    assert process.returncode in {130, -signal.SIGINT}
    assert "topped" in told
    assert "Traceback" not in told
    wait_until(lambda: not any(alive(pid) for pid in started))


@copies_only
def test_a_server_that_still_loads_leaves_with_a_command_that_is_killed(sweeping):
    process, started = sweeping
    process.kill()
    process.wait(timeout=60)
    wait_until(lambda: not any(alive(pid) for pid in started))
