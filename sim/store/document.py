"""One document tells what a run was: its scenario, seed, settings, code and machine.

The catalogue holds a short form of it, with the headline outcomes.
"""

import datetime
import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sim.store.atomic import StoreError
from sim.store.fingerprint import model_version, numeric_fingerprint, provenance
from sim.store.run_id import content_hash, plain, run_id, short_id

if TYPE_CHECKING:
    import pandas as pd

SCHEMA = 1
MOST_HEADLINES = 10
_TIME = ("start", "years", "step_days")
_ENTRY_PROVENANCE = ("version", "commit", "platform", "fingerprint", "scenario_hash")


def describe_run(
    canonical: Mapping[str, Any],
    *,
    scenario: str,
    seed: int,
    settings: Mapping[str, Any] | None = None,
    headline: Sequence[str] = (),
    facts: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """The document of a run.

    Args:
        canonical: the resolved scenario as `Scenario.canonical()` gives it.
        scenario: the scenario's name.
        seed: the run's seed.
        settings: what was set beyond the scenario file, by dotted key; for readers, since
            `canonical` already holds their effect.
        headline: names of at most ten outcomes for the catalogue; empty takes the first ten.
        facts: further plain facts to keep, such as people, steps and seconds.

    Returns:
        A JSON-ready dict with keys schema, run_id, scenario, seed, settings, headline, resolved,
        provenance, created and those of `facts`.
    """
    version, fingerprint = model_version(), numeric_fingerprint()
    return {
        "schema": SCHEMA,
        "run_id": run_id(canonical, seed, version, fingerprint),
        "scenario": scenario,
        "seed": int(seed),
        "settings": plain(settings or {}, "settings"),
        "headline": list(headline)[:MOST_HEADLINES],
        "resolved": plain(canonical),
        "provenance": {**provenance(), "scenario_hash": content_hash(canonical)},
        "created": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        **plain(facts or {}, "facts"),
    }


def check_document(document: Mapping[str, Any], where: str) -> None:
    """Refuse a document that no reader could place."""
    missing = [key for key in ("run_id", "scenario", "seed") if key not in document]
    if missing:
        raise StoreError(where, f"its document lacks {', '.join(missing)}")
    short_id(str(document["run_id"]))
    if document.get("schema", SCHEMA) > SCHEMA:
        raise StoreError(where, "was written by a newer version", "read it with that version")


def catalogue_entry(document: Mapping[str, Any], outcomes: "pd.DataFrame") -> dict[str, Any]:
    """The short form of a run: what one searches by, and at most ten outcomes."""
    known = document.get("provenance", {})
    return {
        "run_id": document["run_id"],
        "scenario": document["scenario"],
        "seed": document["seed"],
        "settings": dict(document.get("settings", {})),
        "resolved": resolved_settings(document),
        "outcomes": _headline_values(document.get("headline", ()), outcomes),
        "provenance": {key: known.get(key) for key in _ENTRY_PROVENANCE},
        "user_mechanisms": own_mechanisms(document),
        "created": document.get("created"),
    }


def resolved_settings(document: Mapping[str, Any]) -> dict[str, Any]:
    """What held in a run by dotted key, whether a command, an experiment or a file had set it.

    Levers and parameters that stand at their base are left out, and levers that change on the way
    or differ by division: one value does not tell them.
    """
    resolved = document.get("resolved", {})
    found = {"scale": resolved.get("scale")}
    found |= {f"time.{key}": resolved.get(key) for key in _TIME}
    for name, rows in resolved.get("policies", {}).items():
        levels = rows[0][1]
        if len(rows) == 1 and rows[0][0] == resolved.get("start") and len(set(levels)) == 1:
            found[f"policies.{name}"] = levels[0]
    found |= {f"parameters.{name}": n for name, n in resolved.get("parameters", {}).items()}
    return {key: value for key, value in found.items() if value is not None}


def changing_levers(document: Mapping[str, Any]) -> list[tuple[str, str, list[Any]]]:
    """The levers that change on the way or differ by division: name, day and levels from then on.

    There is one level a division, in the order of the place, or one alone that all have.
    """
    resolved = document.get("resolved", {})
    whole = resolved_settings(document)
    return [
        (f"policies.{name}", str(day), levels if len(set(levels)) > 1 else levels[:1])
        for name, rows in resolved.get("policies", {}).items()
        if f"policies.{name}" not in whole
        for day, levels in rows
    ]


def own_mechanisms(document: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The mechanisms of the user's own files in a run: name (`file.py:Class`), SHA-256 of the file.

    The version and commit of the model say nothing of these files.
    """
    found = document.get("resolved", {}).get("user_mechanisms", ())
    return [(str(name), str(sha)) for name, sha in found]


def _headline_values(headline: Sequence[str], outcomes: "pd.DataFrame") -> dict[str, Any]:
    """Values of the headline outcomes over everybody; None for one without a value."""
    overall = outcomes[outcomes["by"].isna()]
    values = dict(zip(overall["outcome"], overall["value"], strict=True))
    chosen = [name for name in headline if name in values] or list(values)
    return {
        name: float(values[name]) if math.isfinite(values[name]) else None
        for name in chosen[:MOST_HEADLINES]
    }
