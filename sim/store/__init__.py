"""Finished runs go in as plain dicts and frames, and come out the same to the last bit.

Reading order: atomic (every file is whole), run_id and fingerprint (what decides a run), document
(what a run was), trajectories (the run's file: the truth), catalogue (the index), lock, repair,
values (sameness), folders, store.
"""

from sim.store.atomic import StoreError
from sim.store.document import describe_run
from sim.store.fingerprint import model_version, numeric_fingerprint, provenance
from sim.store.folders import find_stores, store_folder
from sim.store.run_id import run_id
from sim.store.store import Store
from sim.store.trajectories import StoredRun
from sim.store.values import same_values

__all__ = [
    "Store",
    "StoreError",
    "StoredRun",
    "describe_run",
    "find_stores",
    "model_version",
    "numeric_fingerprint",
    "provenance",
    "run_id",
    "same_values",
    "store_folder",
]
