"""A store with small made-up runs, and the commands that look at it."""

from pathlib import Path

import pandas as pd
from typer.testing import CliRunner

from sim.cli.results import app
from sim.store import Store
from sim.store.run_id import run_id


def shiyu_results(*arguments, **environment):
    """What a command of `shiyu results` answers."""
    return CliRunner().invoke(app, [str(each) for each in arguments], env=environment)


def store_runs(folder: Path, seeds) -> list[str]:
    """Runs with one share, one outcome without a value, and one value by kind of place."""
    outcomes = pd.DataFrame(
        {
            "outcome": ["escalation_share", "wait_days", "escalation_share"],
            "by": [None, None, "kind"],
            "group": [None, None, "rural"],
            "value": [0.125, float("nan"), 0.5],
            "unit": ["share", "days", "share"],
        }
    )
    ids = []
    with Store(folder) as store:
        for seed in seeds:
            document = {
                "schema": 1,
                "run_id": run_id({}, seed, "v", "f"),
                "scenario": "calm-town",
                "seed": seed,
                "settings": {"scale": 0.01},
                "provenance": {"version": "0.1.0+abc", "commit": None, "fingerprint": "f0"},
                "created": f"2020-01-01T00:00:{seed:02d}+00:00",
                "people": 900,
            }
            store.save(document, outcomes, pd.DataFrame({"day": [0.0, 7.0]}))
            ids.append(document["run_id"])
    return ids
