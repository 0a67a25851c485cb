"""The catalogue lists the runs of a store: a TinyDB index, never the truth.

It is `catalogue.json`, or `catalogue/NNNN.json` once there are more than 5,000 runs, so that a
batch never rewrites more than one or two parts. TinyDB alone rewrites its file at every insert and
in place; here a batch is one write, aside and renamed. A run that was stored twice may stand in
two parts: the last one counts.
"""

import contextlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from tinydb import Storage, TinyDB
from tinydb.middlewares import CachingMiddleware

from sim.store.atomic import DISK, Disk, StoreError, failure, remove, write_text
from sim.store.folders import CATALOGUE

MOST_IN_A_PART = 5000
_TABLE = "runs"
_ADVICE = "the next command that keeps a run here builds it anew from the runs' own files"


class WholeFile(Storage):
    """A TinyDB storage whose file is always whole."""

    def __init__(self, path: Path, disk: Disk = DISK) -> None:
        self.path = path
        self.disk = disk

    def read(self) -> dict[str, dict[str, Any]] | None:
        """The tables of the file, or None without a file; StoreError if it is torn."""
        try:
            tables = json.loads(self.path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return None
        except OSError as error:
            raise failure(self.path, "read", error) from error
        except ValueError as error:
            raise StoreError(self.path, "the catalogue is torn", _ADVICE) from error
        if not isinstance(tables, dict) or not all(isinstance(t, dict) for t in tables.values()):
            raise StoreError(self.path, "is not a catalogue", _ADVICE)
        return tables

    def write(self, data: Mapping[str, Mapping[str, Any]]) -> None:
        """Write all tables aside, then rename."""
        write_text(self.path, json.dumps(data, ensure_ascii=False, allow_nan=False), self.disk)


class Catalogue:
    """The index of one store's folder."""

    def __init__(
        self, folder: Path, disk: Disk = DISK, most_in_a_part: int = MOST_IN_A_PART
    ) -> None:
        self.single = folder / f"{CATALOGUE}.json"
        self.parts_folder = folder / CATALOGUE
        self.disk = disk
        self.most_in_a_part = most_in_a_part

    def files(self) -> list[Path]:
        """The files that make up the catalogue, in order."""
        single = [self.single] if self.single.exists() else []
        return single + sorted(self.parts_folder.glob("[0-9]*.json"))

    def entries(self) -> dict[str, dict[str, Any]]:
        """Every entry by run id, in the order of storing.

        Raises:
            StoreError: a file is torn.
        """
        files = (_entries_of(WholeFile(path, self.disk)) for path in self.files())
        return {str(entry["run_id"]): entry for file in files for entry in file}

    def newest_first(self) -> Iterator[dict[str, Any]]:
        """Every entry once, one file of the catalogue in memory at a time; torn files are skipped.

        Of a run that stands there twice, the last entry counts.
        """
        seen: set[str] = set()
        for path in reversed(self.files()):
            with contextlib.suppress(StoreError):
                for entry in reversed(_entries_of(WholeFile(path, self.disk))):
                    if entry["run_id"] not in seen:
                        seen.add(entry["run_id"])
                        yield entry

    def add(self, entries: Sequence[Mapping[str, Any]]) -> None:
        """Add a batch, or replace those that are there already; the caller holds the lock."""
        waiting = list({str(entry["run_id"]): entry for entry in entries}.values())
        while waiting:
            path, room = self._last_part(waiting)
            self._add_to(path, waiting[:room])
            waiting = waiting[room:]

    def replace(self, entries: Iterable[Mapping[str, Any]]) -> None:
        """Write the catalogue anew; the caller holds the lock.

        The new catalogue is whole before the old one's surplus files go, so that a writer killed
        in between leaves each run listed.
        """
        everything = list(entries)
        before = self.files()
        if len(everything) <= self.most_in_a_part:
            targets = [self.single]
        else:
            count = -(-len(everything) // self.most_in_a_part)
            targets = [self._part(number) for number in range(1, count + 1)]
        for place, path in enumerate(targets):
            start = place * self.most_in_a_part
            part = everything[start : start + self.most_in_a_part]
            numbered = {str(number): dict(entry) for number, entry in enumerate(part, start=1)}
            WholeFile(path, self.disk).write({_TABLE: numbered})
        for path in set(before) - set(targets):
            remove(path, self.disk)

    def _part(self, number: int) -> Path:
        return self.parts_folder / f"{number:04d}.json"

    def _last_part(self, waiting: Sequence[Mapping[str, Any]]) -> tuple[Path, int]:
        """The file that takes the next entries, and how many of them."""
        files = self.files()
        path = files[-1] if files else self.single
        held = {str(entry["run_id"]) for entry in _entries_of(WholeFile(path, self.disk))}
        fresh = sum(str(entry["run_id"]) not in held for entry in waiting)
        if len(held) + fresh <= self.most_in_a_part:
            return path, len(waiting)
        if path == self.single:
            path = self._move_to_parts()
        room = self.most_in_a_part - len(held)
        if room > 0:
            return path, room
        return self._part(int(path.stem) + 1), self.most_in_a_part

    def _move_to_parts(self) -> Path:
        """The single file, if any, becomes the first part, in one step."""
        first = self._part(1)
        if self.single.exists():
            try:
                self.disk.make_folder(self.parts_folder)
                self.disk.replace(self.single, first)
            except OSError as error:
                raise failure(first, "written", error) from error
        return first

    def _add_to(self, path: Path, entries: Sequence[Mapping[str, Any]]) -> None:
        """One read and one write of one file."""
        storage = CachingMiddleware(WholeFile)(path, self.disk)
        with TinyDB(storage=lambda: storage) as index:
            table = index.table(_TABLE, cache_size=0)
            new = {str(entry["run_id"]) for entry in entries}
            known = [entry.doc_id for entry in table if entry.get("run_id") in new]
            if known:
                table.remove(doc_ids=known)
            table.insert_multiple(dict(entry) for entry in entries)


def _entries_of(storage: WholeFile) -> list[dict[str, Any]]:
    """The entries of one file, in their order; StoreError if they are not entries."""
    table = (storage.read() or {}).get(_TABLE, {})
    found = list(table.values())
    if not all(isinstance(entry, dict) and "run_id" in entry for entry in found):
        raise StoreError(storage.path, "is not a catalogue", _ADVICE)
    return found
