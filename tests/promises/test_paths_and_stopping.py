"""Any path will do, and a comparison that is stopped keeps what it has and goes on from there."""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import sim
from sim.engine.compare import compared
from sim.engine.pairs import load_all
from sim.engine.plan import Plan
from sim.scenario.find import shipped_places
from sim.store import Store

ROOT = Path(sim.__file__).parents[1]
ENVIRONMENT = {
    **os.environ,
    "PYTHONPATH": str(ROOT),
    "PYTHONUTF8": "1",
    "OMP_NUM_THREADS": "1",
    "SHIYU_LANG": "en",
}
MANY = 2000  # pairs: nobody's machine ends them before the interruption


@pytest.fixture
def folder(tmp_path) -> Path:
    """A folder with a place and two scenarios of the user's own; Chinese and blanks everywhere."""
    folder = tmp_path / "晋城 研究" / "情景 文件"
    folder.mkdir(parents=True)
    shutil.copy(shipped_places()["two-villages"], folder / "两个 村.yaml")
    (folder / "基 准.yaml").write_text(
        "name: my-base\n"
        "place: 两个 村.yaml\n"
        "scale: 1\n"
        "time: {start: 2020-01-01, years: 0.25}\n"
        "mechanisms: all\n",
        encoding="utf-8",
    )
    (folder / "更多 调解员.yaml").write_text(
        "name: my-policy\nextends: 基 准.yaml\npolicies: {mediation: {staff_per_10k: 200}}\n",
        encoding="utf-8",
    )
    return folder


@pytest.mark.slow
def test_a_run_from_and_into_folders_with_any_name(folder):
    out = folder / "结果 一"
    run = sim.run(folder / "更多 调解员.yaml", seed=7, out=out)
    again = sim.run(str(folder / "更多 调解员.yaml"), seed=7, out=str(out))
    assert again.run_id == run.run_id
    assert run.scenario == "my-policy"
    assert Path(run.files["run"]).is_relative_to(out)
    assert Path(again.files["run"]).exists()
    with Store(out) as store:
        assert store.has(run.run_id)
    shipped = sim.run(
        "two-villages",
        seed=7,
        settings={"time.years": 0.25, "policies.mediation.staff_per_10k": 200},
    )
    assert shipped.run_id == run.run_id  # the same place, wherever its file lies
    assert shipped.outcomes.equals(run.outcomes)


def comparing(folder: Path) -> "subprocess.Popen[str]":
    """A comparison of one's own files with relative paths, by two processes."""
    words = ["compare", "基 准.yaml", "更多 调解员.yaml", "--reps", str(MANY), "--seed", "3"]
    return subprocess.Popen(
        [sys.executable, "-m", "sim", *words, "--workers", "2", "--out", "结果 二", "--json"],
        cwd=folder,
        env=ENVIRONMENT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )


def finished(store: Path) -> set[str]:
    return {path.name for path in (store / "trajectories").glob("*.parquet")}


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="needs POSIX signals")
def test_ctrl_c_leaves_a_readable_store_and_the_next_command_finishes_the_work(folder):
    store = folder / "结果 二"
    process = comparing(folder)
    deadline = time.monotonic() + 60.0
    while not finished(store) and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    answer, remarks = process.communicate(timeout=60)
    assert process.returncode == 130, remarks
    assert answer == ""
    assert "Traceback" not in remarks
    kept = finished(store)
    assert 0 < len(kept) < 2 * MANY
    with Store(store) as readable:
        ids = {row["run_id"] for row in readable.runs().to_dict("records")}
        assert len(ids) == len(kept)
        for run_id in ids:
            assert len(readable.load(run_id).outcomes) > 0
    stamps = {name: (store / "trajectories" / name).stat().st_mtime_ns for name in kept}

    scenarios = load_all([folder / "基 准.yaml", folder / "更多 调解员.yaml"])
    pairs = len(kept) + 2  # two processes at most two pairs ahead: all that was kept is among these
    found = compared(scenarios, Plan(pairs, seed=3, workers=1), out=store)
    assert (found.replications, found.runs.reused) == (pairs, len(kept))
    assert not found.failures
    assert len(finished(store)) == 2 * pairs
    after = {name: (store / "trajectories" / name).stat().st_mtime_ns for name in kept}
    assert after == stamps  # what was finished was not written again
