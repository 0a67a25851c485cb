"""Small made-up runs to store, what should be there of them, and a disk that fails when told."""

import errno
from pathlib import Path
from typing import BinaryIO

import numpy as np
import pandas as pd

from sim.store import Store
from sim.store.atomic import Disk
from sim.store.run_id import run_id
from sim.store.values import same_values


def a_document(seed: int = 1, scenario: str = "calm-town", **more) -> dict:
    """The document of a run whose id hangs on scenario and seed."""
    return {
        "schema": 1,
        "run_id": run_id({"place": scenario}, seed, "0.1.0+code", "machine"),
        "scenario": scenario,
        "seed": seed,
        "settings": {"policies.mediation.staff_per_10k": 60},
        "headline": ["escalation_share"],
        "resolved": {"place": scenario},
        "provenance": {"version": "0.1.0+code", "commit": None, "platform": "here"},
        "created": "2020-01-01T00:00:00+00:00",
        **more,
    }


def some_outcomes(value: float = 0.25) -> pd.DataFrame:
    """Outcomes over everybody and by kind of place, one of them without a value."""
    return pd.DataFrame(
        {
            "outcome": ["escalation_share", "wait_days", "escalation_share"],
            "by": [None, None, "kind"],
            "group": [None, None, "rural"],
            "value": [value, float("nan"), 1 / 3],
            "unit": ["share", "days", "share"],
        }
    )


def a_trajectory(steps: int = 4) -> pd.DataFrame:
    """A trajectory with numbers that no decimal fraction holds."""
    return pd.DataFrame(
        {
            "day": np.arange(steps) * 7.0,
            "date": pd.date_range("2020-01-01", periods=steps, freq="7D"),
            "escalation_share": np.sqrt(np.arange(steps)) / 3,
            "open_disputes": np.arange(steps),
        }
    )


def fill(store: Store, seeds, **more) -> dict[str, int]:
    """Store a run for each seed; their ids."""
    for seed in seeds:
        store.save(a_document(seed, **more), some_outcomes(seed / 8), a_trajectory(3 + seed % 2))
    return {a_document(seed)["run_id"]: seed for seed in seeds}


def files(folder: Path) -> list[str]:
    """Where runs stand in a store, by their paths inside it."""
    return sorted(
        path.relative_to(folder).as_posix()
        for kind in ("runs", "outcomes", "trajectories", "broken")
        for path in (folder / kind).glob("*")
    )


def part(*numbers: int) -> list[str]:
    """The files of these parts."""
    kinds = ("outcomes", "runs", "trajectories")
    return [f"{kind}/part-{number:04d}.parquet" for kind in kinds for number in numbers]


def check_all(folder: Path, runs: dict[str, int]) -> None:
    """All these runs are there, once, with their values; and no others."""
    store = Store(folder)
    assert store.stored(runs) == set(runs)
    assert sorted(store.run_ids()) == sorted(runs)
    assert sorted(document["run_id"] for document, _ in store.summaries()) == sorted(runs)
    assert store.verify() == {"runs": len(runs), "broken": []}
    for known, seed in runs.items():
        document, outcomes, trajectory = store.load(known)
        assert document == a_document(seed)
        assert same_values(
            (outcomes, trajectory), (some_outcomes(seed / 8), a_trajectory(3 + seed % 2))
        )


class FailingDisk(Disk):
    """A disk whose call of one name fails, the first time or every time from the n-th on."""

    def __init__(self, call: str, number: int = errno.ENOSPC, after: int = 0) -> None:
        self.call, self.number, self.left = call, number, after

    def _perhaps_fail(self, call: str, path: Path | None = None) -> None:
        if call != self.call:
            return
        self.left -= 1
        if self.left < 0:
            raise OSError(self.number, "made to fail", str(path or ""))

    def make_folder(self, folder: Path) -> None:
        self._perhaps_fail("make_folder", folder)
        super().make_folder(folder)

    def create(self, path: Path) -> BinaryIO:
        self._perhaps_fail("create", path)
        return super().create(path)

    def write(self, handle: BinaryIO, content: bytes) -> None:
        if self.call == "write":
            super().write(handle, content[: len(content) // 2])  # a disk fills up half way
        self._perhaps_fail("write")
        super().write(handle, content[len(content) // 2 :] if self.call == "write" else content)

    def sync(self, handle: BinaryIO) -> None:
        self._perhaps_fail("sync")
        super().sync(handle)

    def replace(self, source: Path, target: Path) -> None:
        self._perhaps_fail("replace", target)
        super().replace(source, target)

    def sync_folder(self, folder: Path) -> None:
        self._perhaps_fail("sync_folder", folder)
        super().sync_folder(folder)
