"""`shiyu results` lists and shows stored runs, in both languages and as JSON."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from stored_runs import shiyu_results, store_runs

import sim
from sim.cli.results_list import print_store
from sim.store import Store
from sim.store.run_id import run_id


def test_runs_of_all_stores_are_listed(tmp_path):
    first = store_runs(tmp_path / "a", [1, 2])
    second = store_runs(tmp_path / "晋城 b", [3])
    told = shiyu_results("list", tmp_path)
    assert told.exit_code == 0
    assert f"{tmp_path / 'a'}: 2 runs" in told.stdout
    assert all(known[:16] in told.stdout for known in first + second)


def test_the_list_is_one_json_object(tmp_path):
    ids = store_runs(tmp_path, [1, 2])
    told = json.loads(shiyu_results("list", tmp_path, "--json").stdout)
    assert told["schema"] == 1
    assert [run["run_id"] for run in told["runs"]] == ids
    assert told["runs"][0]["outcomes"] == {"escalation_share": 0.125, "wait_days": None}
    assert told["runs"][0]["version"] == "0.1.0+abc"


def test_only_the_latest_are_listed_unless_all_are_asked_for(tmp_path):
    ids = store_runs(tmp_path, [1, 2, 3])
    told = shiyu_results("list", tmp_path, "--last", 1).stdout
    assert ids[2][:16] in told
    assert ids[0][:16] not in told
    assert "2 earlier runs" in told
    assert ids[0][:16] in shiyu_results("list", tmp_path, "--last", 0).stdout


def test_one_run_is_shown_by_the_beginning_of_its_id_or_by_its_file(tmp_path):
    (known,) = store_runs(tmp_path, [1])
    told = shiyu_results("show", known[:8], tmp_path)
    assert told.exit_code == 0
    for part in (known, "calm-town", "scale = 0.01", "escalation_share", "0.125", "share"):
        assert part in told.stdout
    path = Store(tmp_path).run_path(known)
    assert str(path) in told.stdout
    assert shiyu_results("show", path).stdout == told.stdout


def test_a_shown_run_is_one_json_object_without_nan(tmp_path):
    (known,) = store_runs(tmp_path, [1])
    told = json.loads(shiyu_results("show", known, tmp_path, "--json").stdout)
    assert (told["run_id"], told["seed"], told["people"], told["schema"]) == (known, 1, 900, 1)
    assert told["outcomes"] == {
        "escalation_share": {"value": 0.125, "unit": "share"},
        "wait_days": {"value": None, "unit": "days"},
    }
    (group,) = told["groups"]
    assert (group["outcome"], group["by"], group["group"]) == ("escalation_share", "kind", "rural")
    assert (group["value"], group["unit"]) == (0.5, "share")
    assert told["files"] == {"run": str(Store(tmp_path).run_path(known))}


@pytest.mark.parametrize(
    ("words", "environment"), [(["--lang", "zh"], {}), ([], {"SHIYU_LANG": "zh"})]
)
def test_texts_are_chinese_when_asked_for(tmp_path, words, environment):
    (known,) = store_runs(tmp_path, [1])
    listed = shiyu_results("list", tmp_path, *words, **environment)
    shown = shiyu_results("show", known, tmp_path, *words, **environment)
    assert "共 1 次运行" in listed.stdout
    assert "情景 calm-town，种子 1" in shown.stdout


def test_no_results_yet_is_no_fault(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    told = shiyu_results("list")
    assert (told.exit_code, told.stdout) == (0, "No runs in results yet.\n")
    assert json.loads(shiyu_results("list", "--json").stdout) == {"schema": 1, "runs": []}
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("arguments", "trouble"),
    [
        (["list", "nowhere"], "nowhere: no such folder"),
        (["show", "0000ffff"], "0000ffff: no stored run in results begins so"),
        (["show", "../../x"], "is not the beginning of a run id"),
        (["show", "gone.parquet"], "gone.parquet: cannot be read"),
        (["list", "--lang", "fr"], "language 'fr' is not spoken"),
    ],
)
def test_bad_input_gets_one_message_and_status_two(tmp_path, monkeypatch, arguments, trouble):
    monkeypatch.chdir(tmp_path)
    store_runs(tmp_path / "results" / "one", [1])
    told = shiyu_results(*arguments)
    assert told.exit_code == 2
    assert trouble in told.stderr
    assert told.stderr.count("\n") == 1
    assert told.stdout == ""


def test_an_id_that_begins_several_runs_is_told_of(tmp_path):
    ids = store_runs(tmp_path, [1])
    with Store(tmp_path) as store:
        document, outcomes, trajectory = store.load(ids[0])
        twin = ids[0][:8] + "0" * 56
        store.save({**document, "run_id": twin}, outcomes, trajectory)
    told = shiyu_results("show", ids[0][:8], tmp_path)
    assert told.exit_code == 2
    assert "2 runs begin so" in told.stderr


def test_a_list_is_limited_and_filtered(tmp_path):
    ids = store_runs(tmp_path, [1, 2, 3])

    def listed(*words):
        return [
            run["run_id"]
            for run in json.loads(shiyu_results("list", tmp_path, "--json", *words).stdout)["runs"]
        ]

    assert listed("--limit", 2) == ids[1:]
    assert listed("--seed", 2) == ids[1:2]
    assert listed("--set", "scale=0.010") == ids
    assert listed("--set", "scale=0.02") == []
    assert listed("--scenario", "another") == []
    assert "3 runs" in shiyu_results("list", tmp_path, "--limit", 1).stdout


def test_a_run_is_found_by_what_held_in_it_though_nobody_set_it_there(tmp_path):
    (known,) = store_runs(tmp_path, [1])
    with Store(tmp_path) as store:
        document, outcomes, trajectory = store.load(known)
        resolved = {
            "scale": 0.5,
            "start": "2020-01-01",
            "years": 2,
            "step_days": 7,
            "parameters": {"grievance.decay_per_year": 0.8},
            "policies": {
                "mediation.staff_per_10k": [["2020-01-01", [60, 60]]],
                "grid.staff": [["2020-01-01", [1, 2]]],
                "courts.share": [["2020-06-01", [0.5, 0.5]]],
            },
        }
        document |= {"run_id": run_id({}, 2, "v", "f"), "settings": {}, "resolved": resolved}
        store.save(document, outcomes, trajectory)

    def listed(setting):
        told = json.loads(shiyu_results("list", tmp_path, "--json", "--set", setting).stdout)
        return [run["run_id"] for run in told["runs"]]

    assert listed("scale=0.50") == [document["run_id"]]
    assert listed("scale=0.01") == [known]
    assert listed("time.years=2") == [document["run_id"]]
    assert listed("time.years=3") == []
    assert listed("parameters.grievance.decay_per_year=.8") == [document["run_id"]]
    assert listed("policies.mediation.staff_per_10k=60") == [document["run_id"]]
    shown = shiyu_results("show", document["run_id"], tmp_path).stdout
    assert "Set: scale = 0.5\n" in shown
    assert "Set: policies.mediation.staff_per_10k = 60\n" in shown
    assert "Set: policies.courts.share = 0.5 from 2020-06-01 on\n" in shown  # as of a branch
    assert "Set: policies.grid.staff = 1, 2 from 2020-01-01 on, by division" in shown
    told = "staff_per_10k=60, decay_per_year=0.8, scale=0.5, "
    assert told in shiyu_results("list", tmp_path).stdout


def test_a_list_shows_what_was_set_and_says_when_no_run_is_one_of_those_asked_for(tmp_path):
    store_runs(tmp_path, [1, 2, 3])
    assert "scale=0.01" in shiyu_results("list", tmp_path).stdout
    told = shiyu_results("list", tmp_path, "--set", "nonsense=1")
    assert told.stdout == f"None of the 3 runs in {tmp_path} is one of these.\n"


def entry(**settings):
    return {"run_id": f"{len(settings):064x}", "scenario": "town", "seed": 1, "settings": settings}


def test_a_list_tells_once_what_is_alike_and_of_each_run_in_what_it_differs(tmp_path, capsys):
    """Runs of a sweep looked the same: what is alike came first and the rest was cut off."""
    alike = {"scale": 0.005, "policies.grid.subsidy.divisions.chengqu": 6000}
    runs = [entry(**alike, **{"policies.grid.subsidy.default": each}) for each in (0, 4320)]
    print_store(Store(tmp_path), runs, 2, "en")
    _, above, heads, *rows = capsys.readouterr().out.splitlines()
    assert above == "  In all of these: scale=0.005, subsidy.chengqu=6000"
    assert [row.split()[-1] for row in rows] == ["subsidy=0", "subsidy=4320"]
    assert heads.split()[-1] == "set"


def test_a_setting_that_one_run_lacks_is_not_told_of_all(tmp_path, capsys):
    print_store(Store(tmp_path), [entry(a=1), entry(a=1, b=2), entry(b=2, c=3)], 3, "en")
    _, _, *rows = capsys.readouterr().out.splitlines()
    assert [row.split("town")[1].split("1", 1)[1].strip() for row in rows] == [
        "a=1",
        "a=1, b=2",
        "b=2, c=3",
    ]


def test_a_run_is_shown_by_its_id_after_its_folder_as_plot_names_it(tmp_path):
    (known,) = store_runs(tmp_path / "town", [1])
    told = shiyu_results("show", tmp_path / "town" / known[:8])
    assert told.exit_code == 0, told.stderr
    assert known in told.stdout


def test_failed_runs_are_counted_listed_and_shown_with_their_reason(tmp_path):
    store_runs(tmp_path, [1])
    failed = run_id({}, 9, "v", "f")
    Store(tmp_path).keep_failure(failed, {"scale": 0.5}, 9, "ValueError: too hot", "Traceback: 3")
    assert "1 run failed" in shiyu_results("list", tmp_path).stdout
    told = shiyu_results("list", tmp_path, "--failed").stdout
    assert failed[:16] in told
    assert "ValueError: too hot" in told
    (row,) = json.loads(shiyu_results("list", tmp_path, "--failed", "--json").stdout)["failed"]
    assert (row["run_id"], row["seed"], row["traceback"]) == (failed, 9, "Traceback: 3")
    shown = shiyu_results("show", failed[:8], tmp_path)
    assert shown.exit_code == 2
    assert "this run failed: ValueError: too hot\nTraceback: 3" in shown.stderr


def test_runs_in_parts_are_listed_and_shown_like_those_in_files(tmp_path):
    ids = store_runs(tmp_path, [1, 2])
    before = [
        shiyu_results("list", tmp_path).stdout,
        shiyu_results("show", ids[0], tmp_path).stdout,
    ]
    told = shiyu_results("compact", tmp_path)
    assert (told.exit_code, told.stdout) == (0, "2 runs moved into 1 part\n")
    after = [shiyu_results("list", tmp_path).stdout, shiyu_results("show", ids[0], tmp_path).stdout]
    assert after[0] == before[0]
    assert after[1].splitlines()[:-1] == before[1].splitlines()[:-1]  # the last names the file
    assert str(tmp_path / "trajectories" / "part-0001.parquet") in after[1]


COMMANDS = ("list", "show", "diff", "export", "verify", "repair", "compact", "cite")


@pytest.mark.parametrize("command", [[name] for name in COMMANDS])
def test_help_gives_an_example(command):
    told = shiyu_results(*command, "--help")
    assert told.exit_code == 0
    assert "shiyu results" in told.stdout


def test_help_needs_no_heavy_library():
    code = (
        "import sys, sim.cli.results;"
        "print([n for n in ('pandas', 'pyarrow', 'numba', 'scipy', 'tinydb') if n in sys.modules])"
    )
    root = Path(sim.__file__).parents[1]
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=root)
    assert done.stdout.strip() == "[]"
