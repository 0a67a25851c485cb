"""Runs batches on the workers of a Dask cluster; finished runs travel home and are kept here.

worker dies         Dask gives its batches to others; a batch that keeps killing workers is
taken apart, and its runs are tried one at a time with nothing beside them
scheduler restarts  everything in flight is handed to it again
worker differs      one with another model version or numeric fingerprint gets no batch: its
values might differ in their last bits
"""

import contextlib
import logging
import threading
import time
import uuid
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from types import TracebackType
from typing import TYPE_CHECKING, Any

from sim.kernel.fault import ShiyuError
from sim.sweep.batches import Batch, Done, Failed, forget_world, run_batch
from sim.sweep.local import Results

if TYPE_CHECKING:
    from distributed import Client, Future

ANSWER_SECONDS = 10.0  # to wait for a scheduler's first answer
RETURN_SECONDS = 600.0  # to wait for a scheduler or for workers that were lost
LOOK_SECONDS = 0.05
WORKER_SECONDS = 1.0  # between two looks at who the workers are
AHEAD = 2  # batches that wait at each worker, so that none ever waits for us

_one_at_a_time = threading.Lock()  # a worker with several threads runs one batch at a time


class LostError(Exception):
    """The scheduler no longer answers."""


class Cluster:
    """The workers of a Dask scheduler; a context manager that holds the connection."""

    def __init__(self, address: str, tell: Callable[[str], None] | None = None) -> None:
        """Name a cluster; nothing is connected yet.

        Args:
            address: of the scheduler, such as tcp://10.0.0.5:8786.
            tell: takes what a user should know, such as workers that cannot be used.
        """
        self.address = address
        self._tell = tell or (lambda text: None)
        self._client: Client | None = None
        self._usable: list[str] = []
        self._refused: set[str] = set()
        self._look_again = 0.0

    def __enter__(self) -> "Cluster":
        """Connect, and find the workers that count as this machine does.

        Raises ShiyuError when nobody answers there, or when no worker can be used.
        """
        try:
            self._connect(ANSWER_SECONDS)
        except LostError:  # it answered, and was gone when it was asked who its workers are
            self._come_back()
        if not self._usable:
            if self._refused:
                raise ShiyuError(f"{self.address}: no worker can be used: all of them differ")
            self._tell(f"{self.address}: waiting for workers")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Leave the cluster; what was in flight is forgotten there."""
        if self._client is not None:
            with contextlib.suppress(Exception):  # a cluster that is gone keeps nothing
                self._client.run(_forget_there, wait=False)
            self._client.close(timeout=2)
            self._client = None

    def run(self, batches: Iterable[Batch]) -> Results:
        """Each batch with what came of its runs, as they are done."""
        alone: deque[Batch] = deque()
        yield from self._run(iter(batches), alone)
        while alone:
            batch = alone.popleft()
            died: deque[Batch] = deque()
            yield from self._run(iter([batch]), died)
            for one in died:
                yield one, [Failed(0, "the worker that ran it died, each time it was tried")]

    def _run(self, batches: Iterator[Batch], died: "deque[Batch]") -> Results:
        """Batches in flight, a few for each worker; `died` takes runs whose workers died."""
        flying: dict[Future, tuple[Batch, frozenset[str]]] = {}
        again: deque[Batch] = deque()
        more = True
        until = time.monotonic() + RETURN_SECONDS
        while more or flying or again:
            try:
                if self._room():
                    until = time.monotonic() + RETURN_SECONDS
                elif time.monotonic() > until:
                    raise ShiyuError(
                        f"{self.address}: no worker that can be used for {RETURN_SECONDS:.0f} "
                        "seconds; finished runs are kept, the same command goes on from there"
                    )
                while (more or again) and len(flying) < self._room():
                    if not again:
                        batch = next(batches, None)
                        if batch is None:
                            more = False
                            break
                        again.append(batch)  # the scheduler may be lost before it has it
                    allowed = self._allowed()
                    flying[self._submit(again[0], allowed)] = again[0], allowed
                    again.popleft()
                for future, results in self._landed(flying):
                    batch, _ = flying.pop(future)
                    future.release()
                    if results is None:
                        died.extend(batch.one_by_one())
                    elif not results:  # refused there: another worker has it
                        again.append(batch)
                    else:
                        yield batch, results
                for future in self._stranded(flying):
                    again.append(flying.pop(future)[0])
                    future.cancel()
            except LostError:
                again.extend(batch for batch, _ in flying.values())
                flying.clear()
                self._come_back()
                until = time.monotonic() + RETURN_SECONDS

    def _room(self) -> int:
        """How many batches may be in flight."""
        self._look_at_workers()
        return AHEAD * len(self._usable)

    def _allowed(self) -> frozenset[str]:
        """The only workers that may have a batch; none named where any may."""
        return frozenset(self._usable if self._refused else ())

    def _stranded(self, flying: "dict[Future, tuple[Batch, frozenset[str]]]") -> "list[Future]":
        """Batches for workers of which none is there any more."""
        there = set(self._usable)
        return [f for f, (_, allowed) in flying.items() if allowed and not allowed & there]

    def _submit(self, batch: Batch, allowed: frozenset[str]) -> "Future":
        client = self._running()
        return client.submit(
            _run_there,
            batch,
            _model_and_machine(),
            key=f"shiyu-{uuid.uuid4().hex}",
            pure=False,
            workers=sorted(allowed) or None,
            allow_other_workers=False,
        )

    def _landed(
        self, flying: "dict[Future, tuple[Batch, frozenset[str]]]"
    ) -> "list[tuple[Future, list[Done | Failed] | None]]":
        """Batches that have come to an end, after a moment's wait, with what they came to.

        None when their workers died, empty when they were refused.
        """
        from asyncio import CancelledError

        from distributed.client import FutureCancelledError

        client = self._running()
        ended = [future for future in flying if future.status != "pending"]
        if not ended:
            time.sleep(LOOK_SECONDS)
        if any(future.status in ("cancelled", "lost") for future in ended):
            raise LostError
        finished = [future for future in ended if future.status == "finished"]
        try:
            found = list(zip(finished, client.gather(finished), strict=True))
            found += [(future, self._died(future)) for future in ended if future not in finished]
        except (CancelledError, FutureCancelledError, OSError) as error:
            raise LostError from error
        if any(results == [] for _, results in found):
            self._look_at_workers(again=True)
        return found

    @staticmethod
    def _died(future: "Future") -> None:
        """Nothing, when the workers of a batch died; else the error that it raised."""
        from distributed import KilledWorker

        error = future.exception(timeout=RETURN_SECONDS)
        if error is not None and not isinstance(error, KilledWorker):
            raise error

    def _running(self) -> "Client":
        if self._client is None or self._client.status != "running":
            raise LostError
        return self._client

    def _connect(self, seconds: float) -> None:
        try:
            from distributed import Client
            from distributed.comm.addressing import resolve_address
        except ImportError:
            raise ShiyuError("--scheduler needs Dask: pip install distributed") from None
        for name in ("distributed", "distributed.client"):  # what is lost is told of here
            logging.getLogger(name).setLevel(logging.CRITICAL)
        try:
            resolve_address(self.address)  # a client that cannot even begin complains as it goes
            self._client = Client(
                self.address, timeout=seconds, set_as_default=False, name="shiyu-sweep"
            )
        except (OSError, ValueError, TypeError) as error:
            reason = f"{error}".splitlines()[0] if f"{error}" else type(error).__name__
            raise ShiyuError(f"{self.address}: no Dask scheduler answers ({reason})") from error
        self._look_at_workers(again=True)

    def _come_back(self) -> None:
        """Find the scheduler again, for some minutes."""
        self._tell(f"{self.address}: the scheduler was lost; waiting for it to come back")
        if self._client is not None:
            self._client.close(timeout=2)
            self._client = None
        until = time.monotonic() + RETURN_SECONDS
        while True:
            try:
                self._connect(ANSWER_SECONDS)
            except (ShiyuError, LostError) as error:  # lost anew while the workers were asked
                if time.monotonic() > until:
                    raise ShiyuError(f"{self.address}: the scheduler did not come back") from error
                time.sleep(1.0)
            else:
                return

    def _look_at_workers(self, *, again: bool = False) -> None:
        """Find the workers that can be used; those that cannot are told of once."""
        client = self._running()
        if not again and time.monotonic() < self._look_again:
            return
        self._look_again = time.monotonic() + WORKER_SECONDS
        there = set(client.scheduler_info(n_workers=-1)["workers"])
        known = set(self._usable) | self._refused
        if not again and there <= known:
            self._usable = [address for address in self._usable if address in there]
            return
        try:
            facts = client.run(_model_and_machine, workers=sorted(there), on_error="return")
        except (OSError, ValueError) as error:
            raise LostError from error
        own = _model_and_machine()
        self._usable = sorted(address for address, found in facts.items() if found == own)
        for address, found in sorted(facts.items()):
            if found != own and address not in self._refused:
                self._refused.add(address)
                self._tell(f"{address}: not used: {_difference(found, own)}")


def _model_and_machine() -> tuple[str, str]:
    """What decides a run's values beside its scenario and seed; at a worker, too."""
    from sim.store import model_version, numeric_fingerprint

    return model_version(), numeric_fingerprint()


def _run_there(batch: Batch, asked: tuple[str, str]) -> list[Done | Failed]:
    """At a worker: what came of the runs of a batch; nothing when this worker counts otherwise."""
    if _model_and_machine() != asked:
        return []
    with _one_at_a_time:
        return run_batch(batch)


async def _forget_there() -> None:
    """At a worker: let go of the warm world; without a wait, Dask takes a coroutine only."""
    forget_world()


def _difference(found: Any, own: tuple[str, str]) -> str:
    """In what a worker differs from here."""
    if isinstance(found, Exception):
        return f"it has no Shiyu that works ({type(found).__name__}: {found})"
    if found[0] != own[0]:
        return f"its model is {found[0]}, here it is {own[0]}"
    return f"its numeric fingerprint is {found[1]}, here it is {own[1]}: last bits might differ"
