"""A run's id is a hash of all that decides it, so the same run is never computed twice.

    id = SHA-256 of the canonical JSON of {scenario, seed, version, fingerprint}

Canonical JSON: keys sorted, no spaces, UTF-8, floats by `repr` (the shortest text that reads back
to the same bits), and a whole float as the integer, since 60 and 60.0 in a scenario file are one
setting. NaN and infinity decide nothing and are refused.
"""

import datetime
import hashlib
import json
import math
import re
from collections.abc import Iterable, Mapping
from pathlib import PurePath
from typing import Any

import numpy as np

from sim.store.atomic import StoreError

SHORT_LENGTH = 16  # hex digits in file names; the file itself holds the full id, which is checked

_FULL_ID = re.compile(r"[0-9a-f]{64}")
_EXACT_INTEGERS = 2.0**53  # beyond it floats skip integers, so a float stays a float


def run_id(canonical: Mapping[str, Any], seed: int, version: str, fingerprint: str) -> str:
    """The id of a run: 64 hexadecimal digits.

    Args:
        canonical: the resolved scenario, less its name, title, reasons and list of outcomes.
        seed: the run's seed.
        version: the model version (`model_version()`).
        fingerprint: the machine's numeric fingerprint (`numeric_fingerprint()`).

    Raises:
        StoreError: the scenario holds NaN, infinity or a value that JSON cannot hold.
    """
    return run_ids(canonical, [seed], version, fingerprint)[0]


def run_ids(
    canonical: Mapping[str, Any], seeds: Iterable[int], version: str, fingerprint: str
) -> list[str]:
    """The ids of a scenario's runs on several seeds; the arguments are those of `run_id`."""
    decides = {"scenario": canonical, "seed": None, "version": version, "fingerprint": fingerprint}
    before, _, after = canonical_json(decides).rpartition('"seed":null')
    return [
        hashlib.sha256(f'{before}"seed":{int(seed)}{after}'.encode()).hexdigest() for seed in seeds
    ]


def content_hash(value: Any) -> str:
    """SHA-256 of the canonical JSON of a value, as 64 hexadecimal digits."""
    return hashlib.sha256(canonical_json(value).encode("utf-8")).hexdigest()


def canonical_json(value: Any) -> str:
    """The one JSON text of a value: equal values have equal texts, whatever their order."""
    ordered = plain(value, "")
    return json.dumps(
        ordered, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    )


def short_id(full: str) -> str:
    """The part of an id that names its file; refuses anything that is not an id."""
    if not _FULL_ID.fullmatch(full):
        raise StoreError(full, "is not a run id", "a run id is 64 hexadecimal digits")
    return full[:SHORT_LENGTH]


def plain(value: Any, where: str = "") -> Any:
    """A value as plain JSON types: NumPy numbers, arrays, dates, tuples and sets included.

    Args:
        value: what to turn.
        where: dotted key of the value, for messages.

    Raises:
        StoreError: NaN, infinity, or a type that JSON cannot hold.
    """
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, np.generic):
        return plain(value.item(), where)
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float):
        return _number(value, where)
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, PurePath):
        return value.as_posix()
    if isinstance(value, Mapping):
        return {str(key): plain(item, f"{where}.{key}".lstrip(".")) for key, item in value.items()}
    if isinstance(value, set | frozenset):
        return sorted(plain(item, where) for item in value)
    if isinstance(value, list | tuple):
        return [plain(item, f"{where}[{place}]") for place, item in enumerate(value)]
    if isinstance(value, np.ndarray):
        return plain(value.tolist(), where)
    raise StoreError(where or "value", f"{type(value).__name__} cannot be kept as JSON")


def _number(value: float, where: str) -> float | int:
    """A finite number, as an integer where it is one."""
    if not math.isfinite(value):
        raise StoreError(where or "value", f"{value} is not a number that can be kept")
    if value.is_integer() and abs(value) <= _EXACT_INTEGERS:
        return int(value)
    return float(value)
