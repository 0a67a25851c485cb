"""Finished runs go in as plain dicts and frames, and come out the same to the last bit.

Reading order: atomic and parquet (every file is whole), run_id and fingerprint (what decides a
run), document (what a run was), trajectories (a run's own file: the truth), parts (many runs in
three files), places and finished (where a run is), part_writing and compaction (how runs get into
parts), catalogue and listing (the index), failures, lock, verify and repair, values (sameness),
folders, reading (a store as one looks at it), store (as one writes to it); for readers: frames,
tables, wide, export, differences, citation.
"""

from sim.store.atomic import StoreError
from sim.store.document import describe_run
from sim.store.fingerprint import model_version, numeric_fingerprint, provenance
from sim.store.folders import find_stores, store_folder
from sim.store.run_id import run_id, run_ids
from sim.store.store import Store
from sim.store.trajectories import PackedRun, StoredRun, pack_run
from sim.store.values import same_values

__all__ = [
    "PackedRun",
    "Store",
    "StoreError",
    "StoredRun",
    "describe_run",
    "find_stores",
    "model_version",
    "numeric_fingerprint",
    "pack_run",
    "provenance",
    "run_id",
    "run_ids",
    "same_values",
    "store_folder",
]
