"""Stored runs as pandas frames: the list of them, and their outcomes."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.store.atomic import StoreError
from sim.store.finished import FinishedRuns
from sim.store.trajectories import RUN_ID

if TYPE_CHECKING:
    import pandas as pd

_RUN_COLUMNS = ("run_id", "scenario", "seed", "created", "version")
_OUTCOME_COLUMNS = ("run_id", "scenario", "seed", "outcome", "by", "group", "value", "unit")


def runs_frame(entries: Iterable[Mapping[str, Any]]) -> "pd.DataFrame":
    """One row a run: run_id, scenario, seed, created, version, settings.*, outcomes.*."""
    import pandas as pd

    rows = [_flat(entry) for entry in entries]
    return pd.DataFrame(rows, columns=None if rows else list(_RUN_COLUMNS))


def outcomes_frame(
    summaries: "Iterable[tuple[Mapping[str, Any], pd.DataFrame]]",
) -> "pd.DataFrame":
    """Long frame for comparisons: run_id, scenario, seed, outcome, by, group, value, unit."""
    import pandas as pd

    frames = []
    for document, outcomes in summaries:
        for place, key in enumerate(("run_id", "scenario", "seed")):
            outcomes.insert(place, key, document[key])
        frames.append(outcomes)
    if frames:
        return pd.concat(frames, ignore_index=True)
    return pd.DataFrame(columns=list(_OUTCOME_COLUMNS))


def overall_frame(
    finished: FinishedRuns,
    outcomes: Sequence[str],
    run_ids: Sequence[str],
    broken: dict[str, str] | None = None,
) -> "pd.DataFrame":
    """Outcomes over everybody, one row a run and one column an outcome.

    Args:
        finished: the runs.
        outcomes: names of outcomes; one that a run lacks is NaN there.
        run_ids: which runs, each once.
        broken: takes, by id, what is wrong with a run that is there but cannot be read.

    Returns:
        A frame with the ids as its index, in their order; runs that are not there, or torn, have
        no row.
    """
    import pandas as pd

    wanted = np.array(list(run_ids), dtype="S64")
    values = np.full((len(wanted), len(outcomes)), np.nan)
    known = np.zeros(len(wanted), dtype=bool)
    order = np.argsort(wanted)
    for part in finished.parts():
        if part.trouble() is None:
            table = part.columns([RUN_ID, *outcomes])
            _take_from_part(table, wanted[order], order, values, known, outcomes)
    for at in np.flatnonzero(~known):
        try:
            _, frame = finished.read(run_ids[int(at)], lambda place: place.summary())
        except StoreError as error:
            if broken is not None and finished.locate(run_ids[int(at)]):
                broken[run_ids[int(at)]] = str(error)
            continue
        rows = frame[frame["by"].isna()].drop_duplicates("outcome").set_index("outcome")["value"]
        values[at] = rows.reindex(list(outcomes)).to_numpy(float)
        known[at] = True
    index = pd.Index(np.asarray(run_ids, dtype=object)[known], name=RUN_ID)
    return pd.DataFrame(values[known], index=index, columns=list(outcomes))


def _take_from_part(
    table: Any,
    sorted_ids: np.ndarray,
    order: np.ndarray,
    values: np.ndarray,
    known: np.ndarray,
    outcomes: Sequence[str],
) -> None:
    """Fill in what one part knows of the runs that are asked for."""
    ids = np.array(table[RUN_ID].to_pylist(), dtype="S64")
    at = np.searchsorted(sorted_ids, ids)
    at[at == len(sorted_ids)] = 0
    there = sorted_ids[at] == ids if len(sorted_ids) else np.zeros(len(ids), dtype=bool)
    rows = order[at[there]]
    for column, name in enumerate(outcomes):
        if name in table.column_names:
            values[rows, column] = table[name].to_numpy()[there]
    known[rows] = True


def _flat(entry: Mapping[str, Any]) -> dict[str, Any]:
    """A catalogue entry as one row."""
    row = {key: entry.get(key) for key in _RUN_COLUMNS}
    row["version"] = entry.get("provenance", {}).get("version")
    row |= {f"settings.{key}": value for key, value in entry.get("settings", {}).items()}
    row |= {f"outcomes.{key}": value for key, value in entry.get("outcomes", {}).items()}
    return row
