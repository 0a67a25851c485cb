"""A disk that refuses its n-th call, and commands so small that every n can be tried."""

import errno
from dataclasses import replace
from pathlib import Path
from typing import Any

from matplotlib.figure import Figure

from sim import report
from sim.cli import main
from sim.engine import run as engine_run
from sim.report import html, style
from sim.store.atomic import Disk

CALLS = ("make_folder", "create", "write", "sync", "replace", "sync_folder", "remove")
BASE = "name: calm\nextends: two-villages\noutcomes: [unresolved_share]\ntime: {years: 0.1}\n"
OTHER = "name: more\nextends: calm.yaml\npolicies: {mediation: {staff_per_10k: 200}}\n"


class Fault:
    """Every call of any disk is counted; one of them, or all from it on, fails with an error."""

    def __init__(self, monkeypatch: Any) -> None:
        self.count, self.at, self.number = 0, 0, errno.ENOSPC
        self.renamed: list[Path] = []
        for call in CALLS:
            monkeypatch.setattr(Disk, call, self._counted(call, getattr(Disk, call)))

    def plan(self, at: int, number: int) -> None:
        """From now on count anew, and fail at this call; 0 means never."""
        self.count, self.at, self.number = 0, at, number
        self.renamed.clear()

    def _counted(self, call: str, done: Any) -> Any:
        def counted(disk: Disk, *given: Any) -> Any:
            self.count += 1
            full = self.number == errno.ENOSPC and call in ("make_folder", "create", "write")
            if self.at and (self.count == self.at or (full and self.count > self.at)):
                if call == "write":
                    done(disk, given[0], given[1][: len(given[1]) // 2])  # a disk fills half way
                raise OSError(self.number, "made to fail")
            answer = done(disk, *given)
            if call == "replace":
                self.renamed.append(given[1])
            return answer

        return counted


def known_runs(monkeypatch: Any) -> None:
    """Each run is computed once for all tests here: what is tried is the writing."""
    computed: dict[tuple[str, int], Any] = {}
    compute = engine_run.replicate

    def remembered(scenarios: Any, seed: int, progress: Any = None) -> list[Any]:
        for scenario in scenarios:
            if (scenario.name, seed) not in computed:
                computed[scenario.name, seed] = compute([scenario], seed)[0]
        return [replace(computed[scenario.name, seed], files={}) for scenario in scenarios]

    monkeypatch.setattr(engine_run, "replicate", remembered)


def plain_drawings(monkeypatch: Any) -> None:
    """Figures and pages are the same few bytes."""
    for name in ("paired_differences", "outcome_curves", "difference_curves", "by_group"):
        monkeypatch.setattr(report, name, lambda *_, **__: Figure())
    monkeypatch.setattr(style, "image", lambda *_: b"drawn" * 2000)
    monkeypatch.setattr(html, "page", lambda *_: "<p>written</p>" * 2000)


def told(capsys: Any, *words: str | Path) -> tuple[int, str, str]:
    """Exit status, answer and remarks of a command in this process."""
    try:
        main([str(word) for word in words])
    except SystemExit as leaving:
        status = leaving.code
    answer = capsys.readouterr()
    return status, answer.out, answer.err


def calls_and_errors(calls: int, numbers: tuple[int, ...], every: int) -> list[tuple[int, int]]:
    """Every so many calls, and the errors in turn."""
    return [(at, numbers[at % len(numbers)]) for at in range(1, calls + 1, every)]
