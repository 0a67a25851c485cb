"""Two writers take turns, and one that is killed leaves a readable store and no lock."""

import errno
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pandas as pd
import pytest

from sim.store import Store, StoreError
from sim.store.fingerprint import PACKAGE
from sim.store.lock import writer_lock

from .runs import a_document, a_trajectory, some_outcomes

pytestmark = pytest.mark.slow

HERE = Path(__file__).parent
SAVES = """
import sys, itertools
sys.path.insert(0, sys.argv[2])
from runs import a_document, a_trajectory, some_outcomes
from sim.store import Store
first, count = int(sys.argv[3]), int(sys.argv[4])
seeds = range(first, first + count) if count else itertools.count(first)
with Store(sys.argv[1], runs_per_batch=2) as store:
    for seed in seeds:
        store.save(a_document(seed), some_outcomes(seed / 8), a_trajectory(300))
        print(seed, flush=True)
"""
SAVES_AND_COMPACTS = """
import contextlib, sys
sys.path.insert(0, sys.argv[2])
from runs import a_document, a_trajectory, some_outcomes
from sim.store import Store, StoreError
first, count = int(sys.argv[3]), int(sys.argv[4])
with Store(sys.argv[1], runs_per_batch=2) as store:
    for seed in range(first, first + count):
        store.save(a_document(seed), some_outcomes(seed / 8), a_trajectory())
        with contextlib.suppress(StoreError):  # the other one is at it
            store.compact()
"""
HOLDS = """
import sys, time, pathlib
from sim.store.lock import writer_lock
with writer_lock(pathlib.Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(120)
"""


def start(code: str, *arguments) -> subprocess.Popen:
    command = [sys.executable, "-c", code, *map(str, arguments)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=PACKAGE.parent)


def test_two_processes_at_once_list_all_runs_of_both(tmp_path):
    writers = [start(SAVES, tmp_path, HERE, first, 12) for first in (0, 100)]
    for writer in writers:
        writer.communicate()
        assert writer.returncode == 0
    store = Store(tmp_path)
    seeds = {*range(12), *range(100, 112)}
    assert {entry["seed"] for entry in store._catalogue.entries().values()} == seeds
    assert store.verify() == {"runs": 24, "broken": []}


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="Windows ends processes otherwise")
@pytest.mark.parametrize("pause", [0.0, 0.004, 0.013, 0.03])
def test_a_writer_killed_at_any_moment_loses_only_the_run_in_flight(tmp_path, pause):
    writer = start(SAVES, tmp_path, HERE, 0, 0)
    for _ in range(3):
        writer.stdout.readline()
    time.sleep(pause)
    os.kill(writer.pid, signal.SIGKILL)
    told, _ = writer.communicate()
    finished = 3 + told.count("\n")
    store = Store(tmp_path)
    assert store.verify()["broken"] == []
    assert all(store.has(a_document(seed)["run_id"]) for seed in range(finished))
    assert len(store.runs()) - finished in (0, 1)  # one may have been saved but not yet told of
    with Store(tmp_path, wait_seconds=5) as again:
        again.save(a_document(9999), some_outcomes(), a_trajectory())
    assert len(Store(tmp_path)._catalogue.entries()) == len(store.runs())


def test_two_processes_that_save_and_compact_at_once_lose_and_double_nothing(tmp_path):
    writers = [start(SAVES_AND_COMPACTS, tmp_path, HERE, first, 24) for first in (0, 100)]
    for writer in writers:
        writer.communicate()
        assert writer.returncode == 0
    with Store(tmp_path) as store:
        store.compact()
    seeds = sorted([*range(24), *range(100, 124)])
    assert sorted(document["seed"] for document, _ in Store(tmp_path).summaries()) == seeds
    assert sorted(pd.read_parquet(tmp_path / "runs")["seed"]) == seeds
    assert Store(tmp_path).verify() == {"runs": len(seeds), "broken": []}


def test_a_file_system_without_locks_takes_runs_but_moves_none(tmp_path, monkeypatch):
    def no_locks(handle):
        raise OSError(errno.ENOLCK, "no locks available")

    monkeypatch.setattr("sim.store.lock._try_to_lock", no_locks)
    with Store(tmp_path, runs_per_batch=1, compact_at=2) as store:
        for seed in range(3):
            store.save(a_document(seed), some_outcomes(), a_trajectory())
        with pytest.raises(StoreError, match="this file system has no locks; runs stay in files"):
            store.compact()
    assert Store(tmp_path).repair() == {"runs": 3, "broken": [], "leftovers": 0}


def test_waiting_in_vain_names_the_other_writer_and_loses_no_run(tmp_path):
    holder = start(HOLDS, tmp_path)
    try:
        assert holder.stdout.readline() == "held\n"
        store = Store(tmp_path, wait_seconds=0.1)
        store.save(a_document(), some_outcomes(), a_trajectory())
        with pytest.raises(StoreError, match=rf"another writer \(process {holder.pid} on"):
            store.close()
        assert Store(tmp_path).has(a_document()["run_id"])
    finally:
        holder.kill()
        holder.communicate()
    store.close()
    assert len(Store(tmp_path)._catalogue.entries()) == 1


def test_the_lock_is_free_after_an_error(tmp_path):
    with pytest.raises(ValueError, match="stop"), writer_lock(tmp_path):
        raise ValueError("stop")
    with writer_lock(tmp_path, wait_seconds=0):
        assert (tmp_path / ".lock").read_text(encoding="utf-8").startswith("process ")


def test_a_second_writer_in_the_same_process_waits_too(tmp_path):
    with (
        writer_lock(tmp_path),
        pytest.raises(StoreError, match="has been busy here for 0 seconds"),
        writer_lock(tmp_path, wait_seconds=0),
    ):
        pass


def test_a_folder_that_has_gone_is_told_of(tmp_path):
    with pytest.raises(StoreError, match="the folder has gone"), writer_lock(tmp_path / "none"):
        pass
