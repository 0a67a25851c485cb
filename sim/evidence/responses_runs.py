"""Runs every change whose consequences are known beside the base, and judges what came of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from sim.evidence.expectations import EXPECTED, WHOLE_CHANGES
from sim.evidence.judging import FAILS, response_rows
from sim.evidence.paired import Progress, Task, check_asked, each_seed, paired_values
from sim.evidence.responses import CHANGES, LEAD_YEARS, RESPONSES, Change
from sim.kernel.fault import ShiyuError

SETTINGS: Mapping[str, object] = {"scale": 0.02, "time.years": 5}
REPLICATIONS = 10

ALL_CHANGES: tuple[Change, ...] = (*CHANGES, *WHOLE_CHANGES)
ALL_RESPONSES = (*RESPONSES, *EXPECTED)


@dataclass(frozen=True)
class Responses:
    """A row a response that JSON can hold, and how they were made."""

    responses: list[dict[str, Any]]
    mechanisms: list[str]
    replications: int
    settings: dict[str, Any]

    @property
    def none_fails(self) -> bool:
        """Whether no row fails; one that cannot be told from so few runs does not."""
        return all(row["verdict"] != FAILS for row in self.responses)


def check_responses(
    mechanisms: Sequence[str] = (),
    settings: Mapping[str, Any] | None = None,
    replications: int = REPLICATIONS,
    workers: int | None = None,
    progress: Progress | None = None,
) -> Responses:
    """A row a response to changes of these mechanisms, of all when none is named.

    Args:
        mechanisms: whose evidence is asked for.
        settings: laid over the base and SETTINGS, as `--set` gives them.
        replications: how many seeds, at least 2.
        workers: processes; all cores unless told.
        progress: told how many seeds are done, of how many.

    Raises ScenarioError for a setting that cannot be, ShiyuError for a mechanism of which nothing
    is expected; nothing has run then.
    """
    asked = changes_of(mechanisms)
    chosen: dict[str, Any] = dict(SETTINGS) | dict(settings or {})
    check_asked(chosen, asked, replications)
    run = partial(run_seed, frozenset(change.slug for change in asked))
    values = np.array(each_seed(run, chosen, replications, workers, progress))
    by_slug = {change.slug: change for change in asked}
    told = [response for response in ALL_RESPONSES if response.change in by_slug]
    rows = response_rows(told, by_slug, values, one_event(chosen), float(chosen["scale"]))
    return Responses(rows, list(mechanisms), replications, chosen)


def one_event(settings: Mapping[str, Any]) -> dict[str, float]:
    """What one event in one run adds to each outcome that counts events of the whole place.

    Works are those of the whole place at any scale; land is taken from the people simulated, each
    of whom stands for many.
    """
    years = max(float(settings["time.years"]) - LEAD_YEARS, 1.0)
    return {
        "project_issues": 1.0 / years,
        "land_issues": 1.0 / (float(settings["scale"]) * years),
    }


def changes_of(mechanisms: Sequence[str]) -> list[Change]:
    """The changes of these mechanisms; all where none is named."""
    known = sorted({change.mechanism for change in ALL_CHANGES})
    for name in mechanisms:
        if name not in known:
            raise ShiyuError(f"--responses: nothing is expected of {name}; {', '.join(known)}")
    return [c for c in ALL_CHANGES if not mechanisms or c.mechanism in mechanisms]


def run_seed(slugs: frozenset[str], task: Task) -> np.ndarray:
    """Base and changed values of the responses to these changes on one seed, (responses, 2)."""
    changes = [change for change in ALL_CHANGES if change.slug in slugs]
    told = [response for response in ALL_RESPONSES if response.change in slugs]
    return paired_values(task, changes, told)[1]
