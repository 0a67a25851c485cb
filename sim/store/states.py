"""The state of a run in the middle as one file, whole or not at all: a zip that NumPy reads.

    head.json       what it is: format, schema, version, fingerprint, scenario, seed, day, digest
    nodes.json      the objects, as plain lists
    0.npy, 1.npy    their arrays

Reading runs no code of the file: JSON and arrays of numbers only. `digest` is a SHA-256 over all of
it, so that a torn or changed file is told from a whole one.
"""

import hashlib
import io
import json
import os
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from sim.store.atomic import DISK, Disk, StoreError, clear_leftovers, failure, write_bytes
from sim.store.fingerprint import model_version, numeric_fingerprint

FORMAT, SCHEMA = "shiyu state", 1
SUFFIX = ".state.npz"
_HEAD, _NODES = "head.json", "nodes.json"
_NEEDS = ("format", "schema", "version", "fingerprint", "digest", "arrays")
_FOREIGN = "is not a state of a run, or is torn"
_TORN = "is not whole"
_ADVICE = "save it anew: shiyu run SCENARIO --until DATE"
_MOST_BYTES = 64 * 2**30  # more than a city at full scale; a file may claim anything


def write_state(
    path: str | os.PathLike[str],
    head: Mapping[str, Any],
    nodes: Sequence[Any],
    arrays: Sequence[np.ndarray],
    disk: Disk = DISK,
) -> Path:
    """Write a state, whole or not at all.

    Args:
        path: the file.
        head: plain facts about it; format, schema, version, fingerprint and digest are added.
        nodes: plain JSON lists.
        arrays: their arrays, none of Python objects.
        disk: the calls to write by.

    Raises:
        StoreError: the system refuses.
    """
    text = json.dumps(nodes, ensure_ascii=False, allow_nan=False).encode()
    whole = dict(head) | {
        "format": FORMAT,
        "schema": SCHEMA,
        "version": model_version(),
        "fingerprint": numeric_fingerprint(),
        "arrays": len(arrays),
    }
    whole["digest"] = _digest(whole, text, arrays)
    buffer = io.BytesIO()
    told = json.dumps(whole, ensure_ascii=False, allow_nan=False, indent=1).encode()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        # No entry is dated: zips know no year before 1980 or after 2107, clocks may show one.
        for name, content in ((_HEAD, told), (_NODES, text)):
            with archive.open(name, "w", force_zip64=True) as entry:
                entry.write(content)
        for number, array in enumerate(arrays):
            with archive.open(f"{number}.npy", "w", force_zip64=True) as entry:
                np.lib.format.write_array(entry, np.asarray(array, order="C"), allow_pickle=False)
    target = write_bytes(path, buffer.getvalue(), disk)
    clear_leftovers(target.parent, disk=disk)
    return target


def read_head(path: str | os.PathLike[str]) -> dict[str, Any]:
    """What a state is, without its arrays; it is of this version and fits this machine.

    Raises:
        StoreError: the file is missing, torn, foreign, of another version or another processor.
    """
    with _Reading(path) as archive:
        head = json.loads(archive.read(_HEAD))
        if not isinstance(head, dict) or head.get("format") != FORMAT:
            raise StoreError(path, "is not a state of a run", _ADVICE)
        missing = [key for key in _NEEDS if key not in head]
        if missing:
            raise StoreError(path, f"is not a whole state: it lacks {', '.join(missing)}", _ADVICE)
    for key, mine, what in (
        ("schema", SCHEMA, "form"),
        ("version", model_version(), "version"),
        ("fingerprint", numeric_fingerprint(), "numeric fingerprint"),
    ):
        if head[key] != mine:
            raise StoreError(
                path,
                f"was saved under the {what} {head[key]}, and this is {mine}: "
                "a run that goes on from it would not be the run that it says it is",
                _ADVICE,
            )
    return head


def read_state(path: str | os.PathLike[str]) -> tuple[dict[str, Any], list[Any], list[np.ndarray]]:
    """Head, nodes and arrays of a state, to the last bit as they were written.

    Raises:
        StoreError: as `read_head`, or the state was changed after it was written.
    """
    head = read_head(path)
    with _Reading(path) as archive:
        claimed = sum(entry.file_size for entry in archive.infolist())
        if claimed > _MOST_BYTES:
            raise StoreError(path, f"claims to hold {claimed / 2**30:.0f} GB", _ADVICE)
        text = archive.read(_NODES)
        arrays = []
        for number in range(int(head["arrays"])):
            with archive.open(f"{number}.npy") as entry:
                arrays.append(np.lib.format.read_array(entry, allow_pickle=False))
        nodes = json.loads(text)
    if _digest(head, text, arrays) != head["digest"]:
        raise StoreError(path, "was changed after it was written", _ADVICE)
    return head, nodes, arrays


class _Reading:
    """A zip that is open for reading; whatever is wrong with it becomes a StoreError.

    Readers of zips, JSON and arrays raise a dozen kinds of errors for bytes that make no sense to
    them, which differ from one version of Python to the next: every one means a file not whole.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self.path = Path(path)

    def __enter__(self) -> zipfile.ZipFile:
        try:
            self._archive = zipfile.ZipFile(self.path)
        except OSError as error:
            raise failure(self.path, "read", error) from error
        except Exception as error:
            raise StoreError(self.path, _FOREIGN, _ADVICE) from error
        return self._archive

    def __exit__(self, kind: type | None, error: BaseException | None, _: object) -> None:
        self._archive.close()
        if isinstance(error, OSError):
            raise failure(self.path, "read", error) from error
        if isinstance(error, KeyError):
            raise StoreError(self.path, "is not a state of a run", _ADVICE) from error
        if isinstance(error, Exception) and not isinstance(error, StoreError):
            raise StoreError(self.path, _TORN, _ADVICE) from error


def _digest(head: Mapping[str, Any], nodes: bytes, arrays: Sequence[np.ndarray]) -> str:
    """SHA-256 over head, nodes and arrays, by value."""
    facts = {key: value for key, value in head.items() if key != "digest"}
    digest = hashlib.sha256(json.dumps(facts, sort_keys=True).encode() + b"\n" + nodes)
    for array in arrays:
        digest.update(f"\n{array.dtype.str}{array.shape}".encode())
        digest.update(array.tobytes())
    return digest.hexdigest()
