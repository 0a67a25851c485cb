"""The one place that knows where a finished run is: in a file of its own, or in a part.

A run may stand in both for a moment, while it is moved; it counts once. While one process reads,
another may move runs into parts: what has gone from one place is looked for in the other.
"""

import contextlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from sim.store.atomic import StoreError
from sim.store.folders import TRAJECTORIES
from sim.store.parts import Part, is_part_name, part_files, part_names
from sim.store.places import InFile, InPart
from sim.store.run_id import SHORT_LENGTH, short_id
from sim.store.trajectories import read_document, read_summary

Found = TypeVar("Found")


class FinishedRuns:
    """The finished runs in a store's folder, wherever they stand. Reads only."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.trajectories = folder / TRAJECTORIES
        self._parts: dict[str, Part] = {}
        self._torn: dict[str, StoreError] = {}
        self._last: Part | None = None

    def single(self, run_id: str) -> Path:
        """The file of a run that stands alone, there or not."""
        return self.trajectories / f"{short_id(run_id)}.parquet"

    def singles(self) -> dict[str, Path]:
        """The files that hold one run, by the short id that names them, in order."""
        found = sorted(self.trajectories.glob("[!.]*.parquet"))
        return {path.stem: path for path in found if not is_part_name(path.stem)}

    def parts(self) -> list[Part]:
        """The parts that count, oldest first; one that a later part replaces does not."""
        names = part_names(self.folder)
        for gone in (self._parts.keys() | self._torn.keys()) - set(names):
            self._parts.pop(gone, None)
            self._torn.pop(gone, None)
        for name in names:
            if name not in self._parts:
                self._open(name)
        replaced = self.replaced()
        return [self._parts[name] for name in names if name in self._parts.keys() - replaced]

    def torn_parts(self) -> dict[str, StoreError]:
        """Parts of which not even the list of runs can be read, with what is wrong."""
        self.parts()
        return dict(self._torn)

    def replaced(self) -> set[str]:
        """Names of the parts whose runs stand in later parts."""
        return {name for part in self._parts.values() for name in part.replaces}

    def _open(self, name: str) -> None:
        files = part_files(self.folder, name)
        try:
            self._parts[name] = Part(name, files)
            self._torn.pop(name, None)
        except StoreError as error:
            if files.runs.exists():  # else it was replaced meanwhile
                self._torn[name] = error

    def names(self) -> set[str]:
        """The short ids of all runs, whole or not."""
        found = set(self.singles())
        for part in self.parts():
            found.update(known[:SHORT_LENGTH] for known in part.ids())
        return found

    def locate(self, run_id: str) -> list[InFile | InPart]:
        """Where a run stands: a file of its own before parts, later parts before earlier ones."""
        path = self.single(run_id)
        found: list[InFile | InPart] = [InFile(path)] if path.exists() else []
        for part in reversed(self.parts()):
            row = part.find(run_id)
            if row is not None:
                found.append(self._in_part(part, row))
        return found

    def _in_part(self, part: Part, row: int) -> InPart:
        if self._last is not part:
            if self._last is not None:
                self._last.forget()
            self._last = part
        return InPart(part, row)

    def read(self, run_id: str, read: Callable[[InFile | InPart], Found]) -> Found:
        """What is read of a run where it is whole; its document or entry comes first in it.

        Raises:
            StoreError: it is not there, is torn wherever it stands, or another run whose id begins
                alike has its name.
        """
        for _ in range(3):  # it may be moved once or twice while it is looked for
            places, first = self.locate(run_id), None
            for place in places:
                try:
                    found = read(place)
                    self._check_id(place.path, _document_in(found), run_id)
                    return found
                except StoreError as error:
                    first = first or (None if place.gone() else error)
            if first is not None:
                raise first
            if not places:
                break
        raise StoreError(self.single(run_id), "no such run here")

    def stored(self, run_ids: Iterable[str], broken: list[str] | None = None) -> set[str]:
        """Those of these runs that are there and whole at a first look.

        A first look reads as much as an analysis does, so that what an analysis cannot read is run
        again: it finds a torn end, a missing file and a changed text, not a flipped bit in a curve.

        Args:
            run_ids: which runs.
            broken: takes a message for each file or part that is not whole and so counts as none.

        Raises:
            StoreError: another run whose id begins alike has the name of one of them.
        """
        asked = list(run_ids)
        found: set[str] = set()
        torn: list[StoreError] = []
        wanted = np.array(asked, dtype="S64")
        singles = self.singles()  # first, so that a run that is moved meanwhile is seen in its part
        for part in self.parts():
            trouble = part.trouble()
            if trouble is None:
                there = np.isin(wanted, part.run_ids)
                found.update(asked[place] for place in np.flatnonzero(there))
            else:
                torn.append(trouble)
        for run_id in dict.fromkeys(asked):
            path = singles.get(short_id(run_id))
            if path is None or run_id in found:
                continue
            try:
                document, _ = read_summary(path)
            except StoreError as error:
                if path.exists():  # else it was moved meanwhile
                    torn.append(StoreError(error.path, error.reason))  # nothing need be done
                continue
            self._check_id(path, document, run_id)
            found.add(run_id)
        if broken is not None:
            broken += map(str, [*self.torn_parts().values(), *torn])
        return found

    def refuse_another(self, run_id: str) -> None:
        """StoreError when the name of this run's file is taken by another run; a torn file is none.

        A first look at one file, whatever the size of the store.
        """
        path = self.single(run_id)
        if path.exists():
            try:
                document = read_document(path)
            except StoreError:
                return
            self._check_id(path, document, run_id)

    def rows_of_parts(self, elsewhere: Iterable[str]) -> Iterator[tuple[Part, list[int]]]:
        """Each part, the latest first, with the rows of the runs that count there.

        Args:
            elsewhere: short ids of runs that count in files of their own.
        """
        seen = {name.encode() for name in elsewhere}
        for part in reversed(self.parts()):
            names = part.run_ids.astype(f"S{SHORT_LENGTH}").tolist()
            yield part, [row for row, name in enumerate(names) if name not in seen]
            seen.update(names)

    def places(self) -> Iterator[InFile | InPart]:
        """Where each run stands, each run once; those of a part follow one another."""
        singles = self.singles()
        yield from map(InFile, singles.values())
        for part, rows in self.rows_of_parts(singles):
            for row in rows:
                yield self._in_part(part, row)

    def read_each(
        self, read: Callable[[InFile | InPart], Found]
    ) -> Iterator[tuple[InFile | InPart, Found | StoreError]]:
        """Each run once: where it stands, and what was read of it, or what is wrong with it.

        A torn place of a run that is whole elsewhere is named, and the run follows it.
        """
        for place in self.places():
            try:
                yield place, read(place)
            except StoreError as error:
                moved, elsewhere = place.gone(), self._read_elsewhere(place, read)
                if elsewhere is None or not moved:
                    yield place, error
                if elsewhere is not None:
                    yield elsewhere

    def _read_elsewhere(
        self, place: InFile | InPart, read: Callable[[InFile | InPart], Found]
    ) -> tuple[InFile | InPart, Found] | None:
        """A run that was moved into a later part before it could be read, or is torn here alone."""
        for part in reversed(self.parts()):
            for run_id in part.beginning(place.short):
                there = self._in_part(part, part.find(run_id) or 0)
                with contextlib.suppress(StoreError):
                    return there, read(there)
        return None

    def find(self, start: str) -> list[str]:
        """Ids that begin so; StoreError names a torn file whose name does."""
        found: dict[str, None] = {}
        for name, path in self.singles().items():
            if name.startswith(start[:SHORT_LENGTH]):
                inside = str(InFile(path).document()["run_id"])
                if inside.startswith(start):
                    found[inside] = None
        for part in self.parts():
            found.update(dict.fromkeys(part.beginning(start)))
        return list(found)

    @staticmethod
    def _check_id(path: Path, document: Mapping[str, Any], run_id: str) -> None:
        """The full id inside the file must be the one that was meant."""
        if document["run_id"] != run_id:
            raise StoreError(
                path,
                f"holds the run {document['run_id']}, not {run_id}",
                "move it to a store of its own",
            )


def _document_in(found: Any) -> Mapping[str, Any]:
    """The document, or the entry, in what was read of a run."""
    return found[0] if isinstance(found, tuple) else found
