"""The table of a sweep has a row for every run that is asked for, and says what became of it."""

from types import SimpleNamespace

import pandas as pd
import pytest

from sim.kernel.fault import ShiyuError
from sim.sweep import plan_of, table
from tests.experiment.files import STAFF, SUBSIDY, TWO_FACTORS, experiment

TWICE = "design: {kind: list, file: t.csv}\nreplications: 2\n"


def stored(ids, done, failed=(), broken=()):
    """A store that holds some of these runs; the value of each is its place among them."""
    places = {run_id: float(place) for place, run_id in enumerate(ids)}

    def overall(names, asked, torn):
        assert len(set(asked)) == len(asked)
        torn |= {ids[place]: "is torn" for place in broken}
        values = [places[ids[place]] for place in done]
        return pd.DataFrame(dict.fromkeys(names, values), index=[ids[place] for place in done])

    notes = [{"run_id": ids[place], "reason": "nobody came"} for place in failed]
    return SimpleNamespace(path=None, overall=overall, failures=lambda: notes)


def ids_of(design):
    """Ids by point, then replication."""
    runs = plan_of(design).runs([0, 1])
    return [run.run_id for run in sorted(runs, key=lambda run: (run.point, run.replication))]


def test_rows_go_by_points_then_replications_with_the_settings_of_each(tmp_path):
    design = experiment(tmp_path)
    ids = ids_of(design)
    found = table(design, stored(ids, range(12)), ["late_share"])
    assert found["point"].tolist() == [0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5]
    assert found["replication"].tolist() == [0, 1] * 6
    assert found["run_id"].tolist() == ids
    assert found["late_share"].tolist() == list(range(12))
    assert found[SUBSIDY].tolist() == [0] * 6 + [6000] * 6
    assert found[STAFF].tolist() == [10, 10, 30, 30, 50, 50] * 2


def test_a_run_is_done_failed_or_missing_and_what_is_done_needs_no_reason(tmp_path):
    """The first is done; the second was mended since it failed; the fourth cannot be read."""
    design = experiment(tmp_path)
    store = stored(ids_of(design), [0, 1], failed=[1, 2], broken=[3])
    found = table(design, store, ["late_share"])
    assert found["status"].tolist() == ["done", "done", "failed", *["missing"] * 9]
    assert found["reason"].dropna().to_dict() == {2: "nobody came", 3: "is torn"}
    assert found["late_share"].notna().tolist() == [True, True, *[False] * 10]


def test_points_that_coincide_have_the_same_run(tmp_path):
    (tmp_path / "t.csv").write_text(f"{STAFF}\n10\n20\n10\n", encoding="utf-8")
    design = experiment(tmp_path, TWICE)
    ids = ids_of(design)
    found = table(design, stored(ids[:4], range(4)), ["late_share"])
    assert found["late_share"].tolist() == [0, 1, 2, 3, 0, 1]


def test_outcomes_are_those_asked_for_else_those_that_the_experiment_names(tmp_path):
    design = experiment(tmp_path, TWO_FACTORS + "outcomes: [unresolved_share]\n")
    store = stored(ids_of(design), [])
    assert table(design, store).columns[-1] == "unresolved_share"
    asked = table(design, store, ["late_share", "trained_share"])
    assert asked.columns[-2:].tolist() == ["late_share", "trained_share"]
    with pytest.raises(ShiyuError, match="lat_share"):
        table(design, store, ["lat_share"])
