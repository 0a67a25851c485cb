"""Which workers of a cluster get which batch, and what comes of those that they do not finish.

A pretended client answers as that of Dask does: no process is started, and nothing travels.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import pytest

from sim.kernel.fault import ShiyuError
from sim.sweep import distributed
from sim.sweep.batches import Batch, Failed, Job
from sim.sweep.distributed import AHEAD, Cluster

dask = pytest.importorskip("distributed")

OWN = ("model-1", "bits-1")
DONE = [Failed(0, "done")]


@dataclass(eq=False)
class Held:
    """A future: what a batch that was handed out has come to."""

    batch: Batch
    results: Any = None
    status: str = "finished"
    error: BaseException | None = None
    cancelled: bool = False

    def release(self) -> None:
        """Nothing is held."""

    def cancel(self) -> None:
        self.cancelled = True

    def exception(self, timeout: float) -> BaseException | None:
        return self.error


class Client:
    """Workers by address with what each says of its model and machine."""

    status = "running"

    def __init__(self, workers: dict[str, Any]) -> None:
        self.workers = workers
        self.answer: Callable[[Batch], Held] = lambda batch: Held(batch, DONE)
        self.given: list[tuple[int, list[str] | None]] = []
        self.held: list[Held] = []
        self.asked: list[str] = []

    def scheduler_info(self, n_workers: int) -> dict[str, Any]:
        return {"workers": dict.fromkeys(self.workers)}

    def run(self, task: Any, workers: Iterable[str] = (), **how: Any) -> dict[str, Any]:
        self.asked.append(task.__name__)
        return {address: self.workers[address] for address in workers}

    def submit(self, task: Any, batch: Batch, own: Any, workers: Any, **how: Any) -> Held:
        assert own == OWN
        self.given.append((batch.replication, workers))
        self.held.append(self.answer(batch))
        return self.held[-1]

    def gather(self, futures: list[Held]) -> list[Any]:
        return [future.results for future in futures]

    def close(self, timeout: float) -> None:
        self.status = "closed"


def batch(number: int, runs: int = 1) -> Batch:
    jobs = tuple(Job(point, f"{number}{point}", SimpleNamespace(), {}) for point in range(runs))
    return Batch(number, 100 + number, jobs)


@pytest.fixture
def joined(monkeypatch):
    """A cluster of these workers that is to be entered, its client, and what it tells."""

    def facts() -> tuple[str, str]:
        return OWN

    monkeypatch.setattr(distributed, "_model_and_machine", facts)
    monkeypatch.setattr(distributed.time, "sleep", lambda seconds: None)
    monkeypatch.setattr(distributed, "WORKER_SECONDS", 0.0)  # every look is a new one

    def made(**workers: Any) -> tuple[Cluster, Client, list[str]]:
        client, told = Client(workers), list[str]()
        monkeypatch.setattr(dask, "Client", lambda *_, **how: client)
        return Cluster("tcp://127.0.0.1:1", told.append), client, told

    return made


def test_workers_that_count_otherwise_get_nothing_and_are_told_of_once(joined):
    cluster, client, told = joined(
        good=OWN,
        new=("model-2", "bits-1"),
        old_chip=("model-1", "bits-2"),
        bare=ImportError("No module named 'sim'"),
    )
    with cluster:
        assert len(list(cluster.run(map(batch, range(6))))) == 6
        client.workers["later"] = ("model-2", "bits-1")
        list(cluster.run([batch(6)]))
    assert {address for _, workers in client.given for address in workers} == {"good"}
    assert told == [
        "bare: not used: it has no Shiyu that works (ImportError: No module named 'sim')",
        "new: not used: its model is model-2, here it is model-1",
        "old_chip: not used: its numeric fingerprint is bits-2, here it is bits-1: "
        "last bits might differ",
        "later: not used: its model is model-2, here it is model-1",
    ]


def test_where_no_worker_differs_none_is_named_so_that_the_idlest_has_the_batch(joined):
    cluster, client, _ = joined(one=OWN, other=OWN)
    with cluster:
        list(cluster.run([batch(0)]))
    assert client.given == [(0, None)]


def test_a_cluster_on_which_all_differ_is_refused_and_one_without_workers_waited_for(joined):
    cluster, _, _ = joined(new=("model-2", "bits-1"))
    with pytest.raises(ShiyuError, match="no worker can be used: all of them differ"):
        cluster.__enter__()
    empty, _, told = joined()
    with empty:
        assert told == ["tcp://127.0.0.1:1: waiting for workers"]


def test_two_batches_wait_at_each_worker_and_none_at_one_that_has_left(joined):
    cluster, client, _ = joined(one=OWN, other=OWN, third=OWN)
    with cluster:
        assert cluster._room() == 3 * AHEAD
        del client.workers["other"]
        assert cluster._room() == 2 * AHEAD


def test_no_more_batches_are_in_flight_than_there_is_room_for(joined):
    cluster, client, _ = joined(one=OWN)
    client.answer = lambda one: Held(one, DONE, status="pending")
    most = []

    def end_the_first(seconds: float) -> None:
        pending = [held for held in client.held if held.status == "pending"]
        most.append(len(pending))
        pending[0].status = "finished"

    with cluster, pytest.MonkeyPatch.context() as patch:
        patch.setattr(distributed.time, "sleep", end_the_first)
        assert len(list(cluster.run(map(batch, range(7))))) == 7
    assert max(most) == AHEAD


def test_a_batch_that_a_worker_refuses_is_given_again_after_another_look_at_who_they_are(joined):
    """Its model was exchanged since it was asked."""
    cluster, client, _ = joined(one=OWN)
    answers = iter([[], DONE])
    client.answer = lambda one: Held(one, next(answers))
    with cluster:
        assert [results for _, results in cluster.run([batch(0)])] == [DONE]
        assert client.asked == ["facts"] * 2
    assert [number for number, _ in client.given] == [0, 0]


def test_a_batch_for_workers_that_have_all_left_is_taken_back_and_given_to_one_that_came(joined):
    cluster, client, _ = joined(gone=OWN, here=OWN, new=("model-2", "bits-1"))

    def answer(one: Batch) -> Held:
        if len(client.given) > 1:
            return Held(one, DONE)
        client.workers = {"here": OWN, "new": ("model-2", "bits-1")}
        return Held(one, status="pending")

    client.answer = answer
    looks = []

    def leave(seconds: float) -> None:
        looks.append(len(client.given))
        if len(looks) == 2:  # one of the two may still have it until now
            client.workers = {"came": OWN, "new": ("model-2", "bits-1")}

    with cluster, pytest.MonkeyPatch.context() as patch:
        patch.setattr(distributed.time, "sleep", leave)
        assert len(list(cluster.run([batch(0)]))) == 1
    assert looks == [1, 1, 1]  # the wait in which the last left, and another till it is seen
    assert client.given == [(0, ["gone", "here"]), (0, ["came"])]
    assert client.held[0].cancelled


def test_a_batch_that_waits_where_any_worker_may_have_it_is_left_there(joined):
    cluster, client, _ = joined(one=OWN)
    client.answer = lambda one: Held(one, DONE, status="pending")

    def end(seconds: float) -> None:
        client.held[0].status = "finished"

    with cluster, pytest.MonkeyPatch.context() as patch:
        patch.setattr(distributed.time, "sleep", end)
        list(cluster.run([batch(0)]))
    assert len(client.given) == 1


@pytest.mark.parametrize("status", ["cancelled", "lost"])
def test_a_batch_that_the_scheduler_forgot_is_sent_again(joined, status):
    cluster, client, told = joined(one=OWN)
    answers = iter([status, "finished"])
    client.answer = lambda one: Held(one, DONE, status=next(answers))
    client.close = lambda timeout: None  # the same one answers again
    with cluster:
        assert [results for _, results in cluster.run([batch(0)])] == [DONE]
    assert len(client.given) == 2
    assert "the scheduler was lost" in told[0]


def test_results_that_are_lost_on_their_way_home_are_computed_again(joined):
    cluster, client, _ = joined(one=OWN)
    gather, broken = client.gather, iter([True])

    def break_once(futures: list[Held]) -> list[Any]:
        if futures and next(broken, False):
            raise OSError("connection reset")
        return gather(futures)

    client.gather, client.close = break_once, lambda timeout: None
    with cluster:
        assert [results for _, results in cluster.run([batch(0)])] == [DONE]
    assert len(client.given) == 2


def killed() -> BaseException:
    return dask.KilledWorker("key", SimpleNamespace(address="x"), 3)


def test_a_batch_that_kills_its_workers_is_tried_run_by_run_and_only_the_deadly_run_fails(joined):
    cluster, client, _ = joined(one=OWN)

    def answer(one: Batch) -> Held:
        deadly = any(job.run_id == "01" for job in one.jobs)
        return Held(one, status="error", error=killed()) if deadly else Held(one, DONE)

    client.answer = answer
    with cluster:
        found = {
            (one.replication, tuple(job.point for job in one.jobs)): results[0].reason
            for one, results in cluster.run([batch(0, runs=3), batch(1, runs=2)])
        }
    assert found == {
        (1, (0, 1)): "done",
        (0, (0,)): "done",
        (0, (1,)): "the worker that ran it died, each time it was tried",
        (0, (2,)): "done",
    }


def test_a_fault_that_is_no_death_ends_the_sweep_with_its_own_words(joined):
    cluster, client, _ = joined(one=OWN)
    fault = ShiyuError("a worker makes run 1 of what was planned as 2")
    client.answer = lambda one: Held(one, status="error", error=fault)
    with cluster, pytest.raises(ShiyuError, match="a worker makes run 1"):
        list(cluster.run([batch(0)]))


def test_a_scheduler_that_is_lost_as_it_is_joined_is_waited_for(joined):
    cluster, client, told = joined(one=OWN)
    run, broken = client.run, iter([True])

    def break_once(task: Any, **how: Any) -> dict[str, Any]:
        if next(broken, False):
            raise OSError("connection reset")
        return run(task, **how)

    client.run, client.close = break_once, lambda timeout: None
    with cluster:
        assert len(list(cluster.run([batch(0)]))) == 1
    assert told == ["tcp://127.0.0.1:1: the scheduler was lost; waiting for it to come back"]


def test_workers_are_told_to_forget_their_world_when_the_cluster_is_left(joined):
    cluster, client, _ = joined(one=OWN)
    with cluster:
        pass
    assert client.asked[-1] == "_forget_there"
    assert client.status == "closed"


def test_a_worker_whose_model_is_not_the_one_that_planned_the_batch_runs_nothing(monkeypatch):
    monkeypatch.setattr(distributed, "_model_and_machine", lambda: OWN)
    monkeypatch.setattr(distributed, "run_batch", lambda one: DONE)
    assert distributed._run_there(batch(0), OWN) == DONE
    assert distributed._run_there(batch(0), ("model-1", "bits-2")) == []
