"""On a cluster a batch lasts long enough for what it costs the command to be little of it."""

import contextlib
import importlib
from types import SimpleNamespace

import pytest

import sim.sweep.distributed as distributed_sweep
from sim.sweep import sweep
from sim.sweep.batches import Done
from sim.sweep.pace import Pace
from tests.experiment.files import STAFF, experiment

COST = 0.033  # seconds of a batch, as docs/cluster.md has measured it
MANY = f"""\
design: {{kind: factorial}}
factors: {{{STAFF}: {{low: 10, high: 89, levels: 80}}}}
replications: 2
"""


def paced(seconds, size=1.0):
    pace = Pace()
    pace.note(seconds, size)
    return pace


def test_before_a_run_is_measured_four_go_together():
    assert Pace().runs(1.0) == 4


def test_a_clock_that_saw_no_time_pass_has_measured_nothing():
    assert paced(0.0).runs(1.0) == 4


@pytest.mark.parametrize("seconds", [0.5, 6.0, 3600.0])
def test_runs_of_half_a_second_or_more_go_four_at_a_time(seconds):
    assert paced(seconds).runs(1.0) == 4


@pytest.mark.parametrize("seconds", [0.04, 0.1, 0.3, 0.45, 2.0, 60.0])
def test_a_batch_costs_less_than_two_per_cent_of_what_it_takes(seconds):
    batch = seconds * paced(seconds).runs(1.0)
    assert COST / batch < 0.02


def test_a_batch_never_has_more_than_64_runs():
    assert paced(1e-6).runs(1.0) == 64


def test_a_run_takes_time_in_proportion_to_its_size():
    assert paced(1.0, size=2.0).runs(0.5) == 8  # a quarter of a second each, two seconds in all


def test_what_was_measured_before_counts_until_a_run_comes_home():
    pace = Pace()
    pace.expected = 0.2
    assert pace.runs(1.0) == 10
    pace.note(0.4, 1.0)
    assert pace.runs(1.0) == 5


def quick(batches):
    """Batches of runs that take .11 s, one asked for after another."""
    for batch in batches:
        facts = {"settings": {}, "scenario": "two-villages", "seed": batch.seed}
        entries = [{"run_id": job.run_id, **facts} for job in batch.jobs]
        yield batch, [Done(number, entry, seconds=0.11) for number, entry in enumerate(entries)]


@pytest.fixture
def handed_out(monkeypatch):
    """The batches that a sweep gives out, here or on a cluster, to workers that run nothing."""
    batches = []

    def seen(asked):
        for batch, done in quick(asked):
            batches.append(batch)
            yield batch, done

    cluster = contextlib.nullcontext(SimpleNamespace(run=seen))
    monkeypatch.setattr(distributed_sweep, "Cluster", lambda address, tell: cluster)
    here = importlib.import_module("sim.sweep.sweep")
    monkeypatch.setattr(here, "run_locally", lambda asked, workers: seen(asked))
    return batches


def test_on_a_cluster_short_runs_go_two_seconds_at_a_time(tmp_path, handed_out):
    swept = sweep(experiment(tmp_path, MANY), tmp_path / "store", scheduler="tcp://nowhere:1")
    assert swept.runs_done == 160
    # Two seconds are 18.2 runs of .11 s; the first batch goes before a run has been measured.
    sizes = [len(batch.jobs) for batch in handed_out]
    assert sizes == [4, 19, 19, 19, 19, 19, 19, 19, 19, 4]
    assert [batch.replication for batch in handed_out] == [0] * 5 + [1] * 5


def test_on_this_machine_batches_keep_to_four(tmp_path, handed_out):
    sweep(experiment(tmp_path, MANY), tmp_path / "store", workers=1)
    assert [len(batch.jobs) for batch in handed_out] == [4] * 40
