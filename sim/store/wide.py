"""One row a run, failed ones too, with a column a setting and a column an outcome."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.kernel.fault import did_you_mean
from sim.scenario.faults import allowed_names
from sim.store.atomic import StoreError
from sim.store.finished import FinishedRuns
from sim.store.parts import MADE_BY_US
from sim.store.places import InFile
from sim.store.reading import StoreReader
from sim.store.run_id import canonical_json
from sim.store.trajectories import RUN_ID

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

_FACTS = (RUN_ID, "scenario", "seed", "version", "status", "reason")
_SETTINGS = "settings"
_OUTCOME = "outcomes."  # before an outcome's name, so that it is told from a fact and a setting
_ROWS_AT_ONCE = 500


def runs_table(
    store: StoreReader,
    outcomes: Sequence[str],
    broken: list[str],
    progress: Callable[[int, int], None] | None = None,
) -> "pa.Table":
    """The table, sorted by scenario, seed and id.

    Args:
        store: the store.
        outcomes: names of outcomes; none means all that any run has.
        broken: takes a message for each run or part that is not whole; it has no rows.
        progress: called with runs done and runs in all.

    Raises:
        StoreError: no run has one of these outcomes, or there is no run at all.
    """
    import pyarrow as pa

    tables: list[pa.Table] = []
    alone = _from_files(store.finished, tables, broken, progress)
    tables += [*_from_parts(store.finished, alone, broken), *_failed(store)]
    if not tables and not broken:
        raise StoreError(store.path, "holds no runs")
    tables.append(_rows([]))  # so that each column is there
    rows = pa.concat_tables(tables, promote_options="default").sort_by(
        [(name, "ascending") for name in ("scenario", "seed", RUN_ID)]
    )
    known = [name.removeprefix(_OUTCOME) for name in rows.column_names if name.startswith(_OUTCOME)]
    if len(rows):
        refuse_unknown(store.path, outcomes, known)
    columns: dict[str, Any] = {name: rows[name] for name in _FACTS}
    for key, values in _setting_columns(rows[_SETTINGS]).items():
        columns[key if key not in (*_FACTS, *known) else f"settings.{key}"] = values
    for name in outcomes or known:
        if name in known:
            columns[name if name not in columns else _OUTCOME + name] = rows[_OUTCOME + name]
    return pa.table(columns)


def refuse_unknown(folder: Path, outcomes: Sequence[str], known: Sequence[str]) -> None:
    """Raise StoreError for outcomes that no run has."""
    if unknown := [name for name in outcomes if name not in known]:
        told = f"no run has the outcome {', '.join(unknown)}"
        raise StoreError(folder, told, allowed_outcomes(unknown[0], known))


def allowed_outcomes(word: str, known: Sequence[str]) -> str:
    """Which outcomes may be asked for, where there is none of this name."""
    listed = "`shiyu outcomes` says what each is"
    return f"{allowed_names(word, known)}; {listed}{did_you_mean(word, known)}"


def _from_files(
    finished: FinishedRuns,
    tables: list["pa.Table"],
    broken: list[str],
    progress: Callable[[int, int], None] | None,
) -> list[str]:
    """Add the rows of the runs that stand alone, some hundreds at a time.

    Returns:
        The short ids of these runs. Those that were moved into parts meanwhile are not among them,
        nor those that are torn: such a run counts where a part holds it too.
    """
    singles = finished.singles()
    alone: list[str] = []
    rows: list[dict[str, Any]] = []
    for number, (name, path) in enumerate(singles.items(), start=1):
        try:
            rows.append(_row_of_file(*InFile(path).summary()))
        except StoreError as error:
            if path.exists():
                broken.append(str(error))
        else:
            alone.append(name)
        if len(rows) == _ROWS_AT_ONCE:
            tables.append(_rows(rows))
            rows = []
        if progress is not None:
            progress(number, len(singles))
    if rows:
        tables.append(_rows(rows))
    return alone


def _row_of_file(document: Mapping[str, Any], outcomes: "pd.DataFrame") -> dict[str, Any]:
    """The row of a run that stands alone, as its part would have it."""
    overall = outcomes[outcomes["by"].isna()]
    values = zip(overall["outcome"], overall["value"].tolist(), strict=True)
    return {
        **{_OUTCOME + name: value for name, value in values if name not in MADE_BY_US},
        **{key: document.get(key) for key in (RUN_ID, "scenario", "seed")},
        "version": document.get("provenance", {}).get("version"),
        _SETTINGS: canonical_json(document.get("settings", {})),
        "status": "done",
    }


def _from_parts(
    finished: FinishedRuns, alone: Sequence[str], broken: list[str]
) -> Iterator["pa.Table"]:
    """The rows of each part, as they stand there."""
    import pyarrow as pa

    for part, rows in finished.rows_of_parts(alone):
        try:
            trouble = part.trouble()
            if trouble is not None:
                raise trouble
            table = part.columns().take(pa.array(rows, pa.int64()))  # perhaps no row at all
        except StoreError as error:
            broken.append(str(error))
            continue
        values = [name for name in table.column_names if name not in MADE_BY_US]
        facts = [RUN_ID, "scenario", "seed", "version", _SETTINGS]
        titles = [*facts, *(_OUTCOME + name for name in values)]
        table = table.select(facts + values).rename_columns(titles)
        yield table.append_column("status", pa.array(["done"] * len(table), pa.string()))
    broken += [str(error) for error in finished.torn_parts().values()]


def _failed(store: StoreReader) -> Iterator["pa.Table"]:
    """The rows of the failed runs."""
    rows = [
        {name: failed.get(name) for name in _FACTS}
        | {_SETTINGS: canonical_json(failed.get("settings", {})), "status": "failed"}
        for failed in store.failures()
    ]
    if rows:
        yield _rows(rows)


def _rows(rows: Sequence[dict[str, Any]]) -> "pa.Table":
    """Rows as a table; numbers that are lacking are null."""
    import pyarrow as pa

    names = dict.fromkeys((*_FACTS, _SETTINGS))
    names |= dict.fromkeys(name for row in rows for name in row)
    kinds = dict.fromkeys((*_FACTS, _SETTINGS), pa.string()) | {"seed": pa.int64()}
    return pa.table(
        {
            name: pa.array(
                [row.get(name) for row in rows], kinds.get(name, pa.float64()), from_pandas=True
            )
            for name in names
        }
    )


def _setting_columns(texts: "pa.ChunkedArray") -> dict[str, "pa.Array"]:
    """One column a setting, by name; the runs of a point of a design have one text."""
    encoded = texts.combine_chunks().dictionary_encode()
    points = [json.loads(text) for text in encoded.dictionary.to_pylist()]
    which = encoded.indices.to_pylist()
    return {
        key: _setting_column([points[place].get(key) for place in which])
        for key in sorted({key for point in points for key in point})
    }


def _setting_column(values: Sequence[Any]) -> "pa.Array":
    """Numbers as numbers, truth as truth, texts as texts, and all else as JSON."""
    import pyarrow as pa

    kinds = {type(value) for value in values if value is not None}
    if kinds == {bool}:
        return pa.array(values, pa.bool_())
    if kinds == {int}:
        return pa.array(values, pa.int64())
    if kinds and kinds <= {int, float}:
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
