"""One row a run, failed ones too, with a column a setting and a column an outcome."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sim.store.atomic import StoreError
from sim.store.store import Store
from sim.store.trajectories import RUN_ID

if TYPE_CHECKING:
    import pyarrow as pa

_FACTS = (RUN_ID, "scenario", "seed", "version", "status", "reason")


def runs_table(
    store: Store,
    outcomes: Sequence[str],
    broken: list[str],
    progress: Callable[[int, int], None] | None = None,
) -> "pa.Table":
    """The table, sorted by scenario, seed and id.

    Args:
        store: the store.
        outcomes: names of outcomes; none means all that any run has.
        broken: takes a message for each run that is not whole; it has no row.
        progress: called with runs done and runs in all.

    Raises:
        StoreError: no run has one of these outcomes, or there is no run at all.
    """
    import pyarrow as pa

    rows = [*_finished_rows(store, outcomes, broken, progress), *_failed_rows(store)]
    if not rows and not broken:
        raise StoreError(store.path, "holds no runs")
    rows.sort(key=lambda row: (str(row[0]["scenario"]), row[0]["seed"], row[0][RUN_ID]))
    settings = sorted({key for _, set_, _ in rows for key in set_})
    names = list(dict.fromkeys(name for _, _, values in rows for name in values))
    unknown = [name for name in outcomes if name not in names]
    if unknown and rows:
        raise StoreError(
            store.path,
            f"no run has the outcome {', '.join(unknown)}",
            f"there are: {', '.join(_all_names(store))}",
        )
    columns: dict[str, Any] = {}
    for name in _FACTS:
        kind = pa.int64() if name == "seed" else pa.string()
        columns[name] = pa.array([facts[name] for facts, _, _ in rows], kind)
    for key in settings:
        title = key if key not in (*_FACTS, *names) else f"settings.{key}"
        columns[title] = _setting_column([set_.get(key) for _, set_, _ in rows])
    for name in outcomes or names:
        title = name if name not in columns else f"outcomes.{name}"
        values = [values.get(name) for _, _, values in rows]
        columns[title] = pa.array(values, pa.float64(), from_pandas=True)
    return pa.table(columns)


_Row = tuple[dict[str, Any], Mapping[str, Any], dict[str, float | None]]


def _finished_rows(
    store: Store,
    outcomes: Sequence[str],
    broken: list[str],
    progress: Callable[[int, int], None] | None,
) -> Iterator[_Row]:
    """Facts, settings and outcomes of each finished run."""
    total = len(store.finished.names()) if progress is not None else 0
    for number, place in enumerate(store.finished.places(), start=1):
        try:
            document, values = place.document(), place.overall()
        except StoreError as error:
            broken.append(str(error))
            continue
        facts = {key: document.get(key) for key in (RUN_ID, "scenario", "seed")}
        facts |= {"version": document.get("provenance", {}).get("version")}
        facts |= {"status": "done", "reason": None}
        wanted = {name: values[name] for name in outcomes or values if name in values}
        yield facts, document.get("settings", {}), wanted
        if progress is not None:
            progress(number, total)


def _failed_rows(store: Store) -> Iterator[_Row]:
    for failed in store.failures():
        facts = {key: failed.get(key) for key in _FACTS}
        yield facts | {"status": "failed"}, failed.get("settings", {}), {}


def _all_names(store: Store) -> list[str]:
    """The outcomes over everybody of the first run that is whole."""
    for place in store.finished.places():
        try:
            return list(place.overall())
        except StoreError:
            continue
    return []


def _setting_column(values: Sequence[Any]) -> "pa.Array":
    """Numbers as numbers, truth as truth, texts as texts, and all else as JSON."""
    import pyarrow as pa

    given = [value for value in values if value is not None]
    if given and all(isinstance(value, bool) for value in given):
        return pa.array(values, pa.bool_())
    if given and all(isinstance(value, int) and not isinstance(value, bool) for value in given):
        return pa.array(values, pa.int64())
    if given and all(
        isinstance(value, int | float) and not isinstance(value, bool) for value in given
    ):
        return pa.array([None if value is None else float(value) for value in values], pa.float64())
    return pa.array(
        [
            value
            if value is None or isinstance(value, str)
            else json.dumps(value, ensure_ascii=False)
            for value in values
        ],
        pa.string(),
    )
