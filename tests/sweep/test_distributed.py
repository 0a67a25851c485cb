"""A Dask cluster of real processes gives the values of this machine, and survives losses."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

import sim
from sim.kernel.fault import ShiyuError
from sim.store import Store
from sim.sweep import batches, plan_of, sweep, table
from sim.sweep.batches import Batch, Job
from sim.sweep.distributed import Cluster
from tests.experiment.files import TWO_FACTORS, experiment

from .faulty import faulty

pytest.importorskip("distributed")
pytestmark = pytest.mark.slow

ROOT = Path(sim.__file__).parents[1]  # the workers run the same code, wherever it is installed


class Processes:
    """A scheduler and its workers, as somebody would start them by hand."""

    def __init__(self, folder):
        self.folder = folder
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.address = f"tcp://127.0.0.1:{self.port}"
        self.running = []

    def start(self, module, *words, **environment):
        command = [sys.executable, "-m", f"distributed.cli.{module}", *words, "--no-dashboard"]
        process = subprocess.Popen(
            command,
            cwd=self.folder,
            env=os.environ | {"PYTHONPATH": str(ROOT)} | environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        self.running.append(process)
        return process

    def scheduler(self):
        return self.start("dask_scheduler", "--host", "127.0.0.1", "--port", str(self.port))

    def worker(self, **environment):
        return self.start("dask_worker", self.address, "--nthreads", "1", **environment)

    def end(self):
        for process in self.running:
            kill(process)


def kill(process):
    """As kill -9 does: the process, its nanny and whatever it has started."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


@pytest.fixture
def cluster(tmp_path):
    processes = Processes(tmp_path)
    processes.scheduler()
    yield processes
    processes.end()


@pytest.fixture(scope="module")
def design(tmp_path_factory):
    return experiment(tmp_path_factory.mktemp("e"), TWO_FACTORS)


@pytest.fixture(scope="module")
def here(design, tmp_path_factory):
    folder = tmp_path_factory.mktemp("here")
    sweep(design, folder, workers=1)
    return table(design, Store(folder))


def test_a_cluster_gives_the_values_of_this_machine(cluster, design, here, tmp_path):
    cluster.worker()
    found = sweep(design, tmp_path / "there", scheduler=cluster.address)
    assert (found.runs_done, found.runs_failed) == (12, 0)
    assert table(design, Store(tmp_path / "there")).equals(here)


def test_a_worker_forgets_its_world_when_a_sweep_ends(cluster, design):
    from distributed import Client

    cluster.worker()
    plan = plan_of(design)
    [run, *_] = plan.runs([0])
    job = Job(run.point, run.run_id, design.scenario_of(plan.points[run.point].nodes), {})
    batch = Batch(run.replication, run.seed, (job,), world=plan.worlds[run.point])

    def keeps_a_world():  # within, so that it travels whole: workers know nothing of tests
        return batches._Last.running is not None

    with Client(cluster.address, set_as_default=False) as client:
        with Cluster(cluster.address) as workers:
            list(workers.run([batch]))
            assert list(client.run(keeps_a_world).values()) == [True]
        assert list(client.run(keeps_a_world).values()) == [False]


def test_a_killed_worker_and_a_restarted_scheduler_lose_nothing(cluster, design, here, tmp_path):
    first = cluster.worker()
    struck = []

    def strike(done, total, failed):
        if done >= 1 and not struck:
            kill(first)
            cluster.worker()
            struck.append("worker")
        if done >= 6 and len(struck) == 1:
            kill(cluster.running[0])
            cluster.scheduler()
            cluster.worker()  # the others leave with their scheduler
            struck.append("scheduler")

    sweep(design, tmp_path / "there", scheduler=cluster.address, progress=strike)
    assert struck == ["worker", "scheduler"]
    assert table(design, Store(tmp_path / "there")).equals(here)


def test_a_run_that_kills_its_worker_takes_no_other_down(cluster, tmp_path):
    design = faulty(tmp_path, deadly=True, replications=1)  # a lost worker takes long to come back
    cluster.worker()
    found = sweep(design, tmp_path / "there", scheduler=cluster.address)
    assert (found.runs_done, found.runs_failed) == (1, 2)
    reasons = {failure["reason"] for failure in found.failures}
    assert reasons == {
        "ValueError: too many mediators",
        "the worker that ran it died, each time it was tried",
    }


def test_a_worker_that_counts_otherwise_is_refused(cluster, design, here, tmp_path):
    told = []
    cluster.worker(NPY_DISABLE_CPU_FEATURES="AVX2 FMA3 AVX512F X86_V3 X86_V4")
    time.sleep(8)
    with pytest.raises(ShiyuError, match="no worker can be used"):
        sweep(design, tmp_path / "there", scheduler=cluster.address, remark=told.append)
    assert len(told) == 1
    assert "numeric fingerprint" in told[0]


def test_no_scheduler_is_told_in_one_message_and_nothing_is_run(design, tmp_path):
    with pytest.raises(ShiyuError, match="no Dask scheduler answers"):
        sweep(design, tmp_path / "there", scheduler="tcp://127.0.0.1:9")
    assert Store(tmp_path / "there").run_ids() == []
