"""What the page on results shows is run here, word for word, on a store of that name."""

import ast
import re
from pathlib import Path

import pandas as pd
import pytest

import sim
from sim.store import Store
from sim.store.export import export
from sim.store.run_id import run_id

PAGE = Path(sim.__file__).parents[1] / "docs" / "results.md"
SNIPPETS = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)

OUTCOMES = pd.DataFrame(
    {
        "outcome": "escalation_share",
        "by": [None, "kind"],
        "group": [None, "rural"],
        "value": 0.5,
        "unit": "share",
    }
)
CURVES = pd.DataFrame(
    {
        "day": [0.0, 7.0],
        "date": pd.to_datetime(["2020-01-01", "2020-01-08"]),
        "escalation_share": [0.25, 0.5],
    }
)


def libraries(snippet: str) -> list[str]:
    """What a snippet imports."""
    found = []
    for statement in ast.parse(snippet).body:
        if isinstance(statement, ast.Import):
            found += [name.name for name in statement.names]
        elif isinstance(statement, ast.ImportFrom):
            found.append(str(statement.module))
    return found


@pytest.fixture(scope="module")
def here(tmp_path_factory) -> Path:
    """Where `results/my-study` is, with runs at two settings."""
    folder = tmp_path_factory.mktemp("here")
    with Store(folder / "results" / "my-study") as store:
        for seed in range(1, 5):
            document = {
                "run_id": run_id({}, seed, "v", "f"),
                "scenario": "calm-town",
                "seed": 10**15 + seed,  # those of a sweep are large
                "settings": {"policies.mediation.staff_per_10k": 30 + 30 * (seed % 2)},
                "resolved": {"scale": 0.01},
                "provenance": {"version": "0.1.0+abc"},
                "created": "2026-01-01T00:00:00+00:00",
            }
            store.save(document, OUTCOMES.assign(value=seed / 8), CURVES)
        store.compact()
    export(store, folder / "runs.csv")
    return folder


@pytest.mark.parametrize("snippet", SNIPPETS, ids=lambda text: text.split("\n")[1])
def test_a_snippet_of_the_page_runs_and_answers(here, monkeypatch, capsys, snippet):
    for library in libraries(snippet):
        pytest.importorskip(library)
    monkeypatch.chdir(here)
    exec(compile(snippet, str(PAGE), "exec"), {})
    assert capsys.readouterr().out.strip()


def test_the_page_shows_each_library():
    named = {library for snippet in SNIPPETS for library in libraries(snippet)}
    assert {"pandas", "polars", "duckdb", "tinydb", "pyarrow.parquet"} <= named
    assert not {library for library in named if library.startswith("sim")}
