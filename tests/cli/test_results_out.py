"""`shiyu results` compares, exports, cites, checks and mends what is stored."""

import json
from collections import Counter
from typing import get_type_hints

import pandas as pd
import pytest
from stored_runs import shiyu_results, store_runs

from sim.cli.compare import compare
from sim.cli.discover import discover
from sim.cli.options import outcome_key
from sim.cli.plot import plot
from sim.cli.results_out import export
from sim.cli.sensitivity import sensitivity
from sim.outcomes import CATALOGUE
from sim.store import Store
from sim.store.run_id import run_id


def test_two_runs_are_set_beside_each_other(tmp_path):
    ids = store_runs(tmp_path, [1, 2])
    told = shiyu_results("diff", ids[0], ids[1], tmp_path)
    assert told.exit_code == 0
    assert "seed" in told.stdout
    assert "0 outcomes differ, 2 are the same" in told.stdout
    found = json.loads(shiyu_results("diff", ids[0], ids[1], tmp_path, "--json").stdout)
    assert found["scenario"] == [{"key": "seed", "one": 1, "other": 2}]
    assert found["provenance"] == []
    assert found["outcomes"][0] == {
        "outcome": "escalation_share",
        "unit": "share",
        "one": 0.125,
        "other": 0.125,
        "difference": 0.0,
    }


@pytest.mark.parametrize("typed", ["escalation_share", "升级比重", "Escalated", "escalated"])
def test_an_outcome_is_taken_by_the_name_that_is_shown_in_either_language(tmp_path, typed):
    store_runs(tmp_path, [1])
    target = tmp_path / "out.csv"
    told = shiyu_results("export", tmp_path, "--to", target, "--outcome", typed)
    assert told.exit_code == 0, told.stderr
    assert "escalation_share" in pd.read_csv(target).columns


@pytest.mark.parametrize("command", [compare, plot, discover, sensitivity, export])
def test_every_command_reads_the_names_of_outcomes_alike(command):
    hints = get_type_hints(command, include_extras=True).values()
    options = [each for hint in hints for each in getattr(hint, "__metadata__", ())]
    (option,) = (o for o in options if "--outcome" in (o.default, *(o.param_decls or ())))
    assert option.parser is outcome_key


def test_a_name_of_two_outcomes_is_of_neither():
    twice = Counter(outcome.short_zh for outcome in CATALOGUE.values())
    (name,) = (name for name, count in twice.items() if count > 1)
    assert outcome_key(name) == name


def test_runs_of_other_seeds_are_said_to_differ_by_luck_too(tmp_path):
    one, other = store_runs(tmp_path, [1, 2])
    with Store(tmp_path) as store:
        document, outcomes, trajectory = store.load(other)
        outcomes.loc[0, "value"] += 0.1
        for seed, first in ((1, "a"), (2, "b")):
            twin = {**document, "run_id": first * 64, "seed": seed}
            store.save(twin, outcomes, trajectory)
    luck = "The seeds differ, and so does luck"
    assert luck in shiyu_results("diff", one, "b" * 64, tmp_path).stdout
    same_luck = shiyu_results("diff", one, "a" * 64, tmp_path).stdout
    assert "1 outcome differs" in same_luck
    assert luck not in same_luck


def test_rounding_is_no_difference_and_a_steady_level_is_a_number(tmp_path):
    one, other = store_runs(tmp_path, [1, 2])
    key, levels = "policies.deliberation.meetings_per_year", [["2020-01-01", [12.0, 12.0]]]
    with Store(tmp_path) as store:
        document, outcomes, trajectory = store.load(other)
        outcomes.loc[0, "value"] += 1e-16
        twin = other[:8] + "0" * 56
        resolved = {"policies": {"deliberation.meetings_per_year": levels}}
        store.save({**document, "run_id": twin, "resolved": resolved}, outcomes, trajectory)
        document, outcomes, trajectory = store.load(one)
        first = one[:8] + "0" * 56
        store.save({**document, "run_id": first, "settings": {key: 4}}, outcomes, trajectory)
    told = shiyu_results("diff", first, twin, tmp_path)
    assert "0 outcomes differ, 2 are the same" in told.stdout
    (line,) = [line for line in told.stdout.splitlines() if key in line]
    assert line.split() == [key, "4", "12"]


def test_a_level_that_came_on_the_way_has_its_day_in_a_difference(tmp_path):
    """A branch looked as if its policy had been there from the first day."""
    (known,) = store_runs(tmp_path, [1])
    key = "mediation.staff_per_10k"
    with Store(tmp_path) as store:
        document, outcomes, trajectory = store.load(known)
        for letter, policies in (
            ("a", {}),
            ("b", {key: [["2020-06-01", [72.16, 72.16]]]}),
            ("c", {key: [["2020-01-01", [72.16, 72.16]]]}),
        ):
            resolved = {"start": "2020-01-01", "policies": policies}
            own = {"run_id": letter * 64, "resolved": resolved}
            store.save({**document, **own}, outcomes, trajectory)
    told = shiyu_results("diff", "b" * 64, "c" * 64, tmp_path).stdout
    (line,) = [line for line in told.splitlines() if key in line]
    assert line.split() == [f"policies.{key}", "72.16", "(2020-06-01)", "72.16"]
    beside = shiyu_results("diff", "a" * 64, "c" * 64, tmp_path).stdout
    assert [line.split() for line in beside.splitlines() if "policies" in line] == [
        [f"policies.{key}", "-", "72.16"]
    ]


def test_what_is_not_whole_is_named_with_status_three_and_repaired(tmp_path):
    ids = store_runs(tmp_path, [1, 2])
    assert shiyu_results("verify", tmp_path).exit_code == 0
    path = Store(tmp_path).run_path(ids[0])
    path.write_bytes(path.read_bytes()[:-1])
    told = shiyu_results("verify", tmp_path)
    assert told.exit_code == 3
    assert path.name in told.stdout
    found = json.loads(shiyu_results("verify", tmp_path, "--json").stdout)
    assert (found["runs"], len(found["broken"])) == (1, 1)
    told = shiyu_results("repair", tmp_path)
    assert told.exit_code == 0
    assert str(tmp_path / "broken") in told.stdout
    again = shiyu_results("verify", tmp_path, "--json")
    assert (again.exit_code, json.loads(again.stdout)) == (
        0,
        {"schema": 1, "runs": 1, "broken": []},
    )


def test_a_table_is_exported_in_the_format_of_its_ending(tmp_path):
    store_runs(tmp_path / "s", [1, 2])
    for name, read in (("out.csv", pd.read_csv), ("out.parquet", pd.read_parquet)):
        told = shiyu_results("export", tmp_path / "s", "--to", tmp_path / name, "--json")
        assert json.loads(told.stdout)["rows"] == 2
        assert read(tmp_path / name)["escalation_share"].tolist() == [0.125, 0.125]
    told = shiyu_results("export", tmp_path / "s", "--to", tmp_path / "out")
    assert (told.exit_code, told.stderr.count("\n")) == (2, 1)
    assert "--format csv" in told.stderr


def test_seeds_that_are_no_row_of_numbers_are_cited_one_by_one(tmp_path):
    store_runs(tmp_path / "study", [1, 4, 9])
    assert "seeds 1, 4, 9;" in shiyu_results("cite", tmp_path / "study").stdout
    store_runs(tmp_path / "wide", range(1, 40, 3))
    assert "seeds 1 to 37 (13 of them);" in shiyu_results("cite", tmp_path / "wide").stdout


def test_runs_are_cited_with_version_commit_and_hash(tmp_path):
    store_runs(tmp_path / "study", [1, 2])
    told = shiyu_results("cite", tmp_path / "study")
    assert told.exit_code == 0
    for part in ("version 0.1.0+abc", "calm-town", "2 runs, seeds 1 to 2", "(2020)"):
        assert part in told.stdout
    assert shiyu_results("cite", tmp_path / "study", "--bibtex").stdout.startswith(
        "@software{shiyu-study-calm-town,\n  author = {{The Shiyu developers}},\n"
    )
    (row,) = json.loads(shiyu_results("cite", tmp_path / "study", "--json").stdout)["citations"]
    assert (row["version"], row["runs"], row["scenarios"]) == ("0.1.0+abc", 2, 1)
    assert "版本 0.1.0+abc" in shiyu_results("cite", tmp_path / "study", "--lang", "zh").stdout


def test_every_seed_is_in_the_citation_of_a_script(tmp_path):
    store_runs(tmp_path / "wide", range(1, 40, 3))
    (row,) = json.loads(shiyu_results("cite", tmp_path / "wide", "--json").stdout)["citations"]
    assert row["every_seed"] == list(range(1, 40, 3))


def test_a_mechanism_of_the_user_s_own_is_named_with_the_hash_of_its_file(tmp_path):
    """Version and commit say nothing of it, so that without it nobody could make the run again."""
    (known,) = store_runs(tmp_path / "study", [1])
    with Store(tmp_path / "study") as store:
        document, outcomes, trajectory = store.load(known)
        resolved = {"user_mechanisms": [["goodwill.py:Goodwill", "ab12"]]}
        other = {"run_id": run_id({}, 2, "v", "f"), "seed": 2, "resolved": resolved}
        store.save(document | other, outcomes, trajectory)
    told = shiyu_results("cite", tmp_path / "study").stdout
    assert (
        "the mechanism goodwill.py:Goodwill (not part of Shiyu; SHA-256 of its file ab12)" in told
    )
    chinese = shiyu_results("cite", tmp_path / "study", "--bibtex", "--lang", "zh").stdout
    assert "机制 goodwill.py:Goodwill" in chinese
    (row,) = json.loads(shiyu_results("cite", tmp_path / "study", "--json").stdout)["citations"]
    assert row["user_mechanisms"] == [{"name": "goodwill.py:Goodwill", "sha256": "ab12"}]
    shown = shiyu_results("show", other["run_id"][:8], tmp_path / "study").stdout
    assert "goodwill.py:Goodwill, SHA-256 of the file ab12" in shown


def test_no_two_entries_for_bibtex_have_one_key(tmp_path):
    (known,) = store_runs(tmp_path / "study", [1])
    others = [("busy-town", "0.1.0+abc"), ("study", "0.1.0+abc"), ("busy-town", "0.2.0+def")]
    with Store(tmp_path / "study") as store:
        document, outcomes, trajectory = store.load(known)
        for seed, (scenario, version) in enumerate(others, 2):
            code = document["provenance"] | {"version": version}
            own = {"run_id": run_id({}, seed, "v", "f"), "scenario": scenario, "provenance": code}
            store.save(document | own, outcomes, trajectory)
    told = shiyu_results("cite", tmp_path / "study", "--bibtex").stdout
    keys = [line.partition("{")[2] for line in told.splitlines() if line.startswith("@")]
    assert sorted(keys) == [
        "shiyu-study,",
        "shiyu-study-busy-town,",
        "shiyu-study-busy-town-2,",
        "shiyu-study-calm-town,",
    ]


@pytest.mark.parametrize("command", ["export", "repair", "compact", "cite"])
def test_one_store_must_be_named(tmp_path, command):
    store_runs(tmp_path / "a", [1])
    store_runs(tmp_path / "b", [1])
    more = ["--to", tmp_path / "x.csv"] if command == "export" else []
    told = shiyu_results(command, tmp_path, *more)
    assert (told.exit_code, told.stderr.count("\n")) == (2, 1)
    assert "holds 2 stores; name one of them" in told.stderr
    told = shiyu_results(command, tmp_path / "none", *more)
    assert (told.exit_code, told.stderr.count("\n")) == (2, 1)
    assert not (tmp_path / "none").exists()
