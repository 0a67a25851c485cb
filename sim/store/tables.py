"""What is known of one run as Arrow tables that carry its id, so that many can be put together."""

import hashlib
from collections.abc import Sequence
from typing import TYPE_CHECKING

from sim.store.atomic import StoreError
from sim.store.trajectories import OUTCOME_COLUMNS, RUN_ID

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa


def with_id(table: "pa.Table", run_id: str) -> "pa.Table":
    """A table of one run with the run's id as its first column, and no texts of its own."""
    import pyarrow as pa

    if RUN_ID not in table.column_names:
        table = table.add_column(0, RUN_ID, pa.array([run_id] * len(table), pa.string()))
    return table.replace_schema_metadata(None)


def outcome_table(outcomes: "pd.DataFrame", run_id: str, where: str) -> "pa.Table":
    """Outcomes as a table in which a value that is lacking is null.

    Args:
        outcomes: columns outcome, by, group, value, unit.
        run_id: whose they are.
        where: the file that they come from, for messages.

    Raises:
        StoreError: a name, group or unit is no text.
    """
    import pyarrow as pa

    columns = {}
    for name in OUTCOME_COLUMNS:
        kind = pa.float64() if name == "value" else pa.string()
        try:
            columns[name] = pa.array(outcomes[name], kind, from_pandas=True)
        except (pa.ArrowException, TypeError) as error:
            raise StoreError(where, f"its outcomes hold a {name} that is no text") from error
    return with_id(pa.table(columns), run_id)


def named_digest(table: "pa.Table") -> str:
    """SHA-256 over the names and values of a table's columns, in the order in which they stand."""
    digest = hashlib.sha256()
    for name, column in zip(table.column_names, table.columns, strict=True):
        digest.update(repr((name, column.to_pylist())).encode())
    return digest.hexdigest()


def joined(tables: Sequence["pa.Table"]) -> "pa.Table":
    """Tables of the same columns under each other."""
    import pyarrow as pa

    return pa.concat_tables(tables)
