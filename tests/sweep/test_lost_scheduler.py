"""A scheduler that is lost at the worst moment takes no batch with it."""

import logging
from typing import Any

import pytest

from sim.kernel.fault import ShiyuError
from sim.sweep import distributed
from sim.sweep.batches import Batch, Failed
from sim.sweep.distributed import Cluster, LostError

BATCHES = [Batch(number, seed=number, jobs=()) for number in range(5)]


class Landed:
    """A future that has come to its end."""

    def release(self) -> None:
        """Nothing is held."""


class Fading(Cluster):
    """Its scheduler is lost between two batches; every batch that it takes is done at once."""

    def __init__(self, lost_at: int) -> None:
        super().__init__("tcp://nowhere:1")
        self.lost_at, self.submitted, self.came_back = lost_at, 0, 0

    def _room(self) -> int:
        return 2

    def _submit(self, batch: Batch, allowed: frozenset[str]) -> Any:
        self.submitted += 1
        if self.submitted == self.lost_at:
            raise LostError
        return Landed()

    def _landed(self, flying: Any) -> Any:
        return [(future, [Failed(0, "done")]) for future in flying]

    def _come_back(self) -> None:
        self.came_back += 1


@pytest.mark.parametrize("lost_at", range(1, 6))
def test_the_batch_that_was_about_to_be_sent_is_sent_again(lost_at):
    cluster = Fading(lost_at)
    done = [batch.replication for batch, _ in cluster.run(BATCHES)]
    assert cluster.came_back == 1
    assert sorted(done) == [0, 1, 2, 3, 4]


class Deserted(Fading):
    """Its workers leave for good as soon as they have been given something."""

    def _room(self) -> int:
        return 0 if self.submitted else 2

    def _landed(self, flying: Any) -> Any:
        return []


def test_batches_that_no_worker_is_left_for_are_not_waited_for_without_end(monkeypatch):
    clock = iter(range(0, 10**6, 100))  # seconds, of which a look costs a hundred
    monkeypatch.setattr(distributed.time, "monotonic", lambda: float(next(clock)))
    with pytest.raises(ShiyuError, match="no worker that can be used for 600 seconds"):
        list(Deserted(lost_at=0).run(BATCHES))


def test_workers_have_their_ten_minutes_after_a_scheduler_that_took_long_to_come_back(monkeypatch):
    now = [0.0]
    monkeypatch.setattr(distributed.time, "monotonic", lambda: now[0])
    rooms = iter([2, 2, 0, 2])

    class Slow(Fading):
        def _room(self) -> int:
            return next(rooms, 2)

        def _come_back(self) -> None:
            now[0] += 601.0

    assert len(list(Slow(lost_at=1).run(BATCHES))) == len(BATCHES)


def test_a_scheduler_that_is_lost_again_while_it_comes_back_is_waited_for(monkeypatch):
    tries = []

    def connect(cluster: Cluster, seconds: float) -> None:
        tries.append(seconds)
        if len(tries) < 3:
            raise LostError

    monkeypatch.setattr(Cluster, "_connect", connect)
    monkeypatch.setattr(distributed.time, "sleep", lambda seconds: None)
    Cluster("tcp://nowhere:1")._come_back()
    assert len(tries) == 3


def test_a_scheduler_that_never_comes_back_is_told_in_one_message(monkeypatch):
    def connect(cluster: Cluster, seconds: float) -> None:
        raise LostError

    monkeypatch.setattr(Cluster, "_connect", connect)
    monkeypatch.setattr(distributed, "RETURN_SECONDS", -1.0)
    with pytest.raises(ShiyuError, match="tcp://nowhere:1: the scheduler did not come back"):
        Cluster("tcp://nowhere:1")._come_back()


@pytest.mark.parametrize("address", ["nonsense", "nothing://x:1", "tcp://127.0.0.1"])
def test_what_is_no_address_begins_no_client_that_would_complain_later(address, monkeypatch):
    def begun(*words, **options):
        pytest.fail("a client was begun")

    monkeypatch.setattr("distributed.Client", begun)
    with pytest.raises(ShiyuError, match=f"{address}: no Dask scheduler answers"):
        Cluster(address)._connect(0.2)


def test_dask_writes_no_tracebacks_of_its_own_between_our_lines():
    logging.getLogger("distributed").setLevel(logging.INFO)
    with pytest.raises(ShiyuError, match="no Dask scheduler answers"):
        Cluster("tcp://127.0.0.1:1")._connect(0.2)
    for name in ("distributed", "distributed.client", "distributed.utils"):
        assert not logging.getLogger(name).isEnabledFor(logging.ERROR)
