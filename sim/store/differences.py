"""How two runs differ: in what was put in, in what computed them, and in what came out."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from sim.store.trajectories import StoredRun

if TYPE_CHECKING:
    import pandas as pd

_CODE = ("version", "commit", "edited", "fingerprint", "platform")


def run_differences(one: StoredRun, other: StoredRun) -> dict[str, list[dict[str, Any]]]:
    """The differences of two runs.

    Returns:
        `scenario`: rows of key, one, other, for the seed and each dotted key of the resolved
        scenarios that differs or that one of them lacks (None); `provenance`: the same for version,
        commit, fingerprint and platform; `outcomes`: rows of outcome, unit, one, other, difference
        (other less one) over everybody, for each outcome, whether it differs or not.
    """
    documents = one.document, other.document
    left, right = (
        {"seed": document["seed"], **dict(_flat(document.get("resolved", {})))}
        for document in documents
    )
    code = [
        {key: document.get("provenance", {}).get(key) for key in _CODE} for document in documents
    ]
    for values, others, document in ((left, right, documents[0]), (right, left, documents[1])):
        # a level that is that of the place is not resolved, though it may have been set
        given = document.get("settings", {})
        values |= {key: given[key] for key in others if key not in values and key in given}
    return {
        "scenario": _differing(left, right),
        "provenance": _differing(*code),
        "outcomes": _outcomes(one.outcomes, other.outcomes),
    }


def _flat(content: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, Any]]:
    """Dotted keys and values; a list is one value."""
    for key, value in content.items():
        dotted = f"{before}.{key}" if before else str(key)
        if isinstance(value, Mapping) and value:
            yield from _flat(value, dotted)
        else:
            yield dotted, value


def _differing(left: Mapping[str, Any], right: Mapping[str, Any]) -> list[dict[str, Any]]:
    keys = [*left, *(key for key in right if key not in left)]
    return [
        {"key": key, "one": left.get(key), "other": right.get(key)}
        for key in keys
        if left.get(key) != right.get(key)
    ]


def _outcomes(one: "pd.DataFrame", other: "pd.DataFrame") -> list[dict[str, Any]]:
    """Outcomes over everybody, side by side."""
    import pandas as pd

    parts = [frame[frame["by"].isna()].set_index("outcome") for frame in (one, other)]
    names = [*parts[0].index, *(name for name in parts[1].index if name not in parts[0].index)]
    values = [part["value"].reindex(names) for part in parts]
    units = parts[0]["unit"].reindex(names).combine_first(parts[1]["unit"].reindex(names))
    frame = pd.DataFrame({"unit": units, "one": values[0], "other": values[1]}, index=names)
    frame["difference"] = frame["other"] - frame["one"]
    return [
        {"outcome": name, **row} for name, row in zip(names, frame.to_dict("records"), strict=True)
    ]
