"""A worker keeps the world that it warmed up last, for as long as batches are of its people."""

import os
import signal
import sys
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

import sim.engine.build as build
import sim.engine.run as run
from sim.engine.workers import Workers, _Waiting
from sim.kernel.fault import ShiyuError
from sim.store import Store
from sim.sweep import batches, local, plan_of, sweep
from sim.sweep.batches import Batch, Done, Job, run_batch
from tests.experiment.files import experiment

DESIGN = """\
design: {kind: factorial}
factors: {policies.mediation.staff_per_10k: [20, 30, 40]}
replications: 2
"""


@pytest.fixture
def warmed(monkeypatch):
    """The seeds of the worlds that were warmed up, in a process that has none yet."""
    seeds = []

    def counted(scenario, seed):
        seeds.append(seed)
        return warm(scenario, seed)

    warm = build.warm
    monkeypatch.setattr(build, "warm", counted)
    monkeypatch.setattr(batches._Last, "running", None)
    return seeds


@pytest.fixture
def batches_on(tmp_path):
    """Batches of one run, one for each of three points, by replication."""
    made = experiment(tmp_path, DESIGN)
    plan = plan_of(made)
    made_of = {
        (run.replication, run.point): Batch(
            run.replication,
            run.seed,
            (Job(run.point, run.run_id, made.scenario_of(plan.points[run.point].nodes), {}),),
            world=plan.worlds[run.point],
        )
        for run in plan.runs([0, 1])
    }
    return lambda replication: [made_of[replication, point] for point in range(3)]


@pytest.fixture
def three(batches_on):
    """Batches that are all on one seed."""
    return batches_on(0)


def kept(batch, folder):
    """The outcomes and the course of the one run of a batch."""
    [done] = run_batch(replace(batch, folder=folder))
    assert isinstance(done, Done), done
    run = Store(folder).load(batch.jobs[0].run_id)
    return run.outcomes, run.trajectory


def test_batches_on_one_seed_warm_up_once(three, warmed):
    for batch in three:
        run_batch(batch)
    assert warmed == [three[0].seed]


def test_a_run_that_comes_out_under_another_id_is_refused_and_not_kept(three, warmed, tmp_path):
    """Its model or its machine differs, and so may the last bits of its values."""
    other = replace(three[0].jobs[0], run_id="0" * 64)
    with pytest.raises(ShiyuError, match="of what was planned as 0000000000000000"):
        run_batch(replace(three[0], jobs=(other,), folder=tmp_path))
    assert Store(tmp_path).run_ids() == []


def test_every_run_fails_of_a_batch_whose_world_cannot_be_made(three, monkeypatch):
    def refused(scenario, seed):
        raise ValueError("nobody lives there")

    monkeypatch.setattr(build, "warm", refused)
    monkeypatch.setattr(batches._Last, "running", None)
    jobs = tuple(batch.jobs[0] for batch in three)
    found = run_batch(replace(three[0], jobs=jobs))
    assert [(each.job_number, each.reason) for each in found] == [
        (number, "ValueError: nobody lives there") for number in range(3)
    ]
    assert all("refused" in each.traceback for each in found)


class _MuteError(Exception):
    def __str__(self):
        raise ValueError("no words")


def raising(error, monkeypatch):
    """Every world raises this as it is made."""

    def raises(scenario, seed):
        raise error

    monkeypatch.setattr(build, "warm", raises)
    monkeypatch.setattr(batches._Last, "running", None)


@pytest.mark.parametrize(
    ("error", "reason"), [(SystemExit(0), "SystemExit: 0"), (_MuteError(), "_MuteError")]
)
def test_a_run_that_asks_to_end_or_whose_fault_has_no_words_fails_alone(
    three, monkeypatch, error, reason
):
    raising(error, monkeypatch)
    assert [each.reason for each in run_batch(three[0])] == [reason]


def test_ctrl_c_ends_the_process_that_hears_it_and_is_a_fault_of_the_run_in_one_that_is_deaf(
    three, monkeypatch
):
    raising(KeyboardInterrupt(), monkeypatch)
    with pytest.raises(KeyboardInterrupt):
        run_batch(three[0])
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        assert [each.reason for each in run_batch(three[0])] == ["KeyboardInterrupt: "]
    finally:
        signal.signal(signal.SIGINT, before)


def test_an_end_that_a_signal_asks_for_is_no_fault_of_the_run(three, monkeypatch):
    raising(SystemExit(0), monkeypatch)
    before = signal.signal(signal.SIGTERM, lambda number, frame: None)
    try:
        with pytest.raises(SystemExit):
            run_batch(three[0])
    finally:
        signal.signal(signal.SIGTERM, before)


def test_what_a_run_prints_stays_out_of_the_answer(three, monkeypatch, capsys):
    def talks(scenario, seed):
        sys.stdout.write("a word of a mechanism\n")
        raise ValueError("nobody lives there")

    monkeypatch.setattr(build, "warm", talks)
    monkeypatch.setattr(batches._Last, "running", None)
    run_batch(three[0])
    assert capsys.readouterr() == ("", "a word of a mechanism\n")


def test_a_run_that_leaves_the_current_folder_is_kept_in_the_store_all_the_same(
    three, monkeypatch, tmp_path
):
    """The store is named from the folder in which the command was given."""

    def strays(*given):
        os.chdir(tmp_path / "elsewhere")
        return finish(*given)

    finish = run.finish_run
    monkeypatch.setattr(run, "finish_run", strays)
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path)
    kept(three[0], Path("store"))
    assert not list((tmp_path / "elsewhere").iterdir())


@pytest.mark.slow
def test_what_ran_before_moves_no_value(three, warmed, tmp_path):
    last = three[-1]
    before = kept(last, tmp_path / "alone")
    for batch in three[:2]:
        run_batch(batch)
    after = kept(last, tmp_path / "after others")
    assert warmed == [last.seed]
    assert all(one.equals(other) for one, other in zip(before, after, strict=True))


@pytest.mark.slow
def test_another_seed_or_another_world_is_warmed_up_anew(batches_on, warmed):
    first, other = batches_on(0)[0], batches_on(1)[0]
    for batch in (first, other, first, replace(first, world="another"), first):
        run_batch(batch)
    assert warmed == [first.seed, other.seed, *[first.seed] * 3]


def test_a_world_of_many_people_is_not_kept(three, warmed, monkeypatch):
    monkeypatch.setattr(batches, "KEPT_PEOPLE", 10)
    for batch in three[:2]:
        run_batch(batch)
    assert len(warmed) == 2
    assert batches._Last.running is None


def test_a_world_without_a_name_serves_the_runs_of_its_batch_alone(three, warmed, tmp_path):
    """Another batch without a name may be of other people."""
    alone = [kept(batch, tmp_path / "alone") for batch in three]
    jobs = tuple(batch.jobs[0] for batch in three)
    run_batch(replace(three[0], jobs=jobs, folder=tmp_path / "together", world=""))
    assert warmed == [three[0].seed] * 2
    assert batches._Last.running is None
    for job, (outcomes, trajectory) in zip(jobs, alone, strict=True):
        run = Store(tmp_path / "together").load(job.run_id)
        assert run.outcomes.equals(outcomes)
        assert run.trajectory.equals(trajectory)


def test_a_world_is_let_go_of_before_the_next_is_made(three, warmed, monkeypatch):
    """Two large ones would not fit."""
    run_batch(three[0])
    warm, held = build.warm, [batches._Last.running]

    def noted(scenario, seed):
        held.append(batches._Last.running)
        return warm(scenario, seed)

    monkeypatch.setattr(build, "warm", noted)
    run_batch(replace(three[1], world="another"))
    assert [running is None for running in held] == [False, True]


def test_the_time_of_a_run_is_told_without_its_warm_up_which_only_the_first_batch_has(
    three, warmed, tmp_path, monkeypatch
):
    looks = iter([0.0, 5.0, 10.0, 12.0, 20.0, 23.0])  # warm-up, run; run
    monkeypatch.setattr(batches, "time", SimpleNamespace(perf_counter=lambda: next(looks)))
    seconds = [
        done.seconds for each in three[:2] for done in run_batch(replace(each, folder=tmp_path))
    ]
    assert seconds == [2.0, 3.0]
    warm_ups = [Store(tmp_path).load(each.jobs[0].run_id).document for each in three[:2]]
    assert [document["build_seconds"] for document in warm_ups] == [5.0, 0.0]


@pytest.mark.slow
def test_a_sweep_in_this_process_leaves_no_world_behind(tmp_path, warmed):
    sweep(experiment(tmp_path, DESIGN), tmp_path / "store", workers=1)
    assert len(warmed) == 2  # one for each replication
    assert batches._Last.running is None


def test_a_process_is_given_batches_of_the_seed_and_world_that_it_has_warm(monkeypatch):
    """Of two that end in turn, each stays with its seed; a world of its own is another matter."""
    order = []

    class Pool(Workers):
        def completed(self, keys, alike=None):
            waiting = _Waiting(keys, alike, 2)
            last, others = None, []
            while waiting.more():
                last = waiting.choose(last, others)
                order.append((last.world, last.seed))
                waiting.remove(last)
                yield last, []

    monkeypatch.setattr(local, "Copies", Pool)
    kinds = [("town", 1), ("town", 2), ("village", 1), ("town", 1), ("town", 2), ("village", 1)]
    waiting = [Batch(0, seed, (), None, world) for world, seed in kinds]
    assert len(list(local.run_locally(waiting, 2))) == 6
    assert order == [("town", 1)] * 2 + [("town", 2)] * 2 + [("village", 1)] * 2


@pytest.mark.parametrize(("asked", "given"), [(None, 2), (5, 5)])
def test_a_sweep_has_a_process_for_each_core_unless_told(monkeypatch, asked, given):
    counts = []

    class Pool(Workers):
        def __init__(self, task, count):
            counts.append(count)
            super().__init__(task, count)

    monkeypatch.setattr(local, "Copies", Pool)
    monkeypatch.setattr(local, "cores", lambda: 2)
    assert list(local.run_locally([], asked)) == []
    assert counts == [given]
