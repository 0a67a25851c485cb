"""A failed run is kept too: which one, why, and where in the code; until it succeeds.

One small JSON file a failed run, `failed/<first digits of its id>.json`, written whole: nothing
needs a lock, and a kill loses none. An id changes with the code, and whoever mends the code that
failed asks for another id: a run succeeds when one of its scenario, settings and seed does.
"""

import contextlib
import datetime
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from sim.store.atomic import DISK, Disk, StoreError, failure, remove, write_text
from sim.store.folders import FAILED
from sim.store.run_id import canonical_json, plain, short_id

_ADVICE = "`shiyu results repair` puts it aside; the run counts as not yet tried"
MOST_TRACEBACK = 20_000  # letters; of a longer one the end, which tells more, is kept


class Failures:
    """The failed runs of one store."""

    def __init__(self, folder: Path, disk: Disk = DISK) -> None:
        self.folder = folder / FAILED
        self.disk = disk
        self._alike: dict[str, set[str]] | None = None  # ids of failed runs, read when first needed

    def path(self, run_id: str) -> Path:
        """The file of a failed run, there or not."""
        return self.folder / f"{short_id(run_id)}.json"

    def keep(
        self,
        run_id: str,
        settings: Mapping[str, Any],
        seed: int,
        reason: str,
        traceback: str = "",
        *,
        facts: Mapping[str, Any] | None = None,
    ) -> Path:
        """Keep why a run failed, instead of what was kept about it before.

        Args:
            run_id: the run's id.
            settings: its settings by dotted key, as of a point of a design.
            seed: its seed.
            reason: one line.
            traceback: where in the code, if known.
            facts: further plain facts, such as the scenario's name, the version, the machine.

        Raises:
            StoreError: the system refuses, or a setting cannot be kept.
        """
        document = {
            "schema": 1,
            "run_id": run_id,
            "seed": int(seed),
            "settings": plain(settings, "settings"),
            "reason": reason,
            "traceback": traceback[-MOST_TRACEBACK:],
            "failed": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
            **plain(facts or {}, "facts"),
        }
        if self._alike is not None:
            self._alike.setdefault(_asked_for(document), set()).add(run_id)
        text = json.dumps(document, ensure_ascii=False, allow_nan=False)
        return write_text(self.path(run_id), text, self.disk)

    def forget(self, run: Mapping[str, Any]) -> None:
        """A run succeeded, so that it is no longer failed, whichever code it failed under.

        Args:
            run: its run_id, scenario, settings and seed.

        Raises:
            StoreError: the system refuses.
        """
        if self._alike is None:
            self._alike = {}
            for document in self.whole():
                self._alike.setdefault(_asked_for(document), set()).add(document["run_id"])
        alike = self._alike.pop(_asked_for(run), set()) if self._alike else set()
        for run_id in {str(run["run_id"]), *alike}:
            path = self.path(run_id)
            if path.exists():
                remove(path, self.disk)

    def whole(self) -> list[dict[str, Any]]:
        """What is known of each failed run whose note is whole, in the order of their ids."""
        return [found for _, found in self._read_all() if isinstance(found, dict)]

    def torn(self) -> list[tuple[Path, StoreError]]:
        """The notes that are not whole, and what is wrong with each."""
        return [(path, found) for path, found in self._read_all() if isinstance(found, StoreError)]

    def _read_all(self) -> Iterator[tuple[Path, dict[str, Any] | StoreError]]:
        for path in sorted(self.folder.glob("[!.]*.json")):
            with contextlib.suppress(FileNotFoundError):  # it has succeeded meanwhile
                try:
                    yield path, _read(path)
                except StoreError as error:
                    yield path, error


def _asked_for(run: Mapping[str, Any]) -> str:
    """Scenario, settings and seed of a run as one text: what it is, whichever code computes it."""
    return canonical_json([run.get("scenario"), run.get("settings"), run.get("seed")])


def _read(path: Path) -> dict[str, Any]:
    """What a note tells; StoreError if it is not whole, FileNotFoundError if it has gone."""
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        if short_id(str(document["run_id"])) == path.stem:
            return dict(document)
    except FileNotFoundError:
        raise
    except OSError as error:
        raise failure(path, "read", error) from error
    except (ValueError, TypeError, KeyError, RecursionError, StoreError) as error:
        raise StoreError(path, "is not a whole note of a failed run", _ADVICE) from error
    raise StoreError(path, "notes another run than its name says", _ADVICE)
