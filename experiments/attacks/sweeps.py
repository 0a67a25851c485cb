"""Kills a sweep, and the cluster that runs it, at random moments; compares what comes of it.

Usage: `python experiments/attacks/sweeps.py --kills 5 --seed 1` (2,000 runs, three times over), or
with `--quick` (100 runs of the two villages, and many smaller mishaps besides).

The sweep of `sweeps.yaml` is run unbroken; again, killed (SIGKILL, the whole process group) and
given again each time; and on a Dask cluster of which a worker and the scheduler are killed. Fails
unless the three stores export the same runs, outcomes and curves. Needs Linux and the extra
`distributed`. With `--folder` the stores are kept, and a second
start has the unbroken one already.
"""

import argparse
import hashlib
import random
import shutil
import signal
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from sweep_mishaps import try_mishaps
from sweep_processes import Cluster, Command, Done, moments, must, stamps, wait_for, wait_for_runs

HERE = Path(__file__).resolve().parent
QUICK = """
name: attacked-villages
scenario: two-villages
settings: {time.years: 0.1}
design: {kind: factorial}
factors:
  policies.mediation.staff_per_10k: [20, 40, 60, 80, 100]
  policies.partybuilding.coverage: [0, 0.2, 0.4, 0.6, 0.8]
replications: 4
seed: 7
"""
TABLES = ("runs", "outcomes", "curves")


@dataclass
class Study:
    """One experiment that is swept into several stores."""

    file: Path
    folder: Path
    chance: random.Random

    def sweep(self, store: str, *more: str) -> Command:
        """The command, under way."""
        words = ["sweep", str(self.file), "--out", str(self.folder / store), "--json", *more]
        return Command(words, self.folder)

    def shiyu(self, *words: str) -> Done:
        """Another command, waited for."""
        return Command(list(words), self.folder).ended()

    def runs_asked(self) -> int:
        """How many runs the experiment asks for."""
        told = self.shiyu("sweep", str(self.file), "--dry-run", "--json", "--out", "none")
        return int(told.json["runs_total"])

    def exported(self, store: str) -> dict[str, str]:
        """A digest of each table of a store, its lines sorted."""
        return {table: self._digest(store, table) for table in TABLES}

    def _digest(self, store: str, table: str) -> str:
        target = self.folder / f"{store}-{table}.csv"
        words = ["--table", table, "--to", str(target)]
        done = self.shiyu("results", "export", str(self.folder / store), *words)
        must(done.code == 0, f"export of {table} of {store}: {done.err}")
        head, *lines = target.read_bytes().splitlines()
        return hashlib.sha256(b"\n".join([head, *sorted(lines)])).hexdigest()[:16]

    def torn(self, store: str) -> list[str]:
        """What `results verify` names."""
        found = self.shiyu("results", "verify", str(self.folder / store), "--json").json
        return list(found["broken"])


def unbroken(study: Study) -> None:
    """The sweep that nobody disturbs."""
    done = study.sweep("unbroken").ended()
    must(done.code == 0, f"the unbroken sweep: {done.err}")
    told = done.json
    say(f"unbroken: {told['runs_done']} runs in {done.seconds:.0f} s")
    if told["runs_reused"]:
        say(f"  ({told['runs_reused']} of them were there from an earlier start)")


def killed(study: Study, kills: int, runs: int) -> None:
    """The sweep that is killed again and again, and given again each time."""
    store = study.folder / "killed"
    shutil.rmtree(store, ignore_errors=True)
    began = time.monotonic()
    print("\n| kill | runs stored | lost | computed again | leftovers | torn files |")
    say("|---|---|---|---|---|---|")
    before: dict[str, int] = {}
    for number, (stored, more) in enumerate(moments(kills, runs, study.chance), start=1):
        command = study.sweep("killed")
        wait_for_runs(command, store, stored)
        time.sleep(more)
        must(command.running, "the sweep ended before the blow")
        command.kill()
        now = stamps(store)
        lost, again = compared(before, now)
        leftovers, torn = len(list(store.rglob("*.part"))), study.torn("killed")
        say(f"| {number} | {len(now)} | {lost} | {again} | {leftovers} | {len(torn)} |")
        must(not lost and not again and not torn, f"kill {number} did harm: {torn}")
        before = now
    done = study.sweep("killed").ended()
    must(done.code == 0, f"the sweep after the last kill: {done.err}")
    told = done.json
    lost = len(before) - told["runs_reused"] if before else 0
    say(f"\nkilled: {told['runs_done']} runs, {told['runs_reused']} of them from before the last")
    say(f"  start; {lost} lost by the last kill; {time.monotonic() - began:.0f} s in all")
    must(lost == 0 and not study.torn("killed"), "the last kill did harm")


def compared(before: dict[str, int], now: dict[str, int]) -> tuple[int, int]:
    """Stored runs that are gone, and stored runs that were written a second time."""
    lost = len(before.keys() - now.keys())
    return lost, sum(now.get(name, stamp) != stamp for name, stamp in before.items())


def on_a_cluster(study: Study, runs: int) -> None:
    """The sweep on a cluster that loses a worker, and then its scheduler."""
    store = study.folder / "cluster"
    shutil.rmtree(store, ignore_errors=True)
    blows = moments(2, runs // 2, study.chance)
    cluster = Cluster(study.folder)
    try:
        command = study.sweep("cluster", "--scheduler", cluster.address)
        before: dict[str, int] = {}
        for (stored, more), blow in zip(blows, ("worker", "scheduler"), strict=True):
            wait_for_runs(command, store, stored)
            time.sleep(more)
            must(command.running, "the sweep ended before the blow")
            now, seconds = stamps(store), time.monotonic() - command.began
            (cluster.kill_worker if blow == "worker" else cluster.restart_scheduler)()
            say(f"cluster: {blow} killed after {seconds:.0f} s, with {len(now)} runs stored")
            must(compared(before, now) == (0, 0), "a stored run is gone or was written again")
            before = now

        def done_or_stuck() -> bool:
            cluster.tend()
            return not command.running

        wait_for(done_or_stuck, "the sweep on the cluster to end")
        done = command.ended()
    finally:
        cluster.close()
    must(done.code == 0, f"the sweep on the cluster: {done.err}")
    say(f"cluster: {done.json['runs_done']} runs in {done.seconds:.0f} s; workers that ended by ")
    say(f"  themselves and were started anew: {cluster.replaced}; what it said:")
    say("".join(f"  > {line}\n" for line in done.err.splitlines() if not line.startswith("Runs:")))
    must("Traceback" not in done.err, "the sweep on the cluster showed a traceback")
    must(not study.torn("cluster"), "the cluster's store has torn files")


def say(line: str) -> None:
    """A line of the report, at once."""
    print(line, flush=True)


def main() -> None:
    """Attack, and report."""
    ask = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    ask.add_argument("--kills", type=int, default=5)
    ask.add_argument("--seed", type=int, default=1)
    ask.add_argument("--quick", action="store_true")
    ask.add_argument("--folder", type=Path, help="keep the stores here")
    ask.add_argument("--only", choices=["equal", "mishaps"], help="one half of --quick")
    given = ask.parse_args()
    signal.signal(signal.SIGINT, signal.default_int_handler)  # what is started hears Ctrl-C again
    with tempfile.TemporaryDirectory() as passing:
        folder = (given.folder or Path(passing)).resolve()
        folder.mkdir(parents=True, exist_ok=True)
        file = HERE / "sweeps.yaml"
        if given.quick:
            file = folder / "quick.yaml"
            file.write_text(QUICK, encoding="utf-8")
        study = Study(file, folder, random.Random(given.seed))
        if given.only != "mishaps":
            three_ways(study, given.kills)
        if given.quick and given.only != "equal":
            try_mishaps(folder)
    say("All that must hold does.")


def three_ways(study: Study, kills: int) -> None:
    """Unbroken, killed, and on a cluster; the same in the end."""
    runs = study.runs_asked()
    unbroken(study)
    killed(study, kills, runs)
    on_a_cluster(study, runs)
    exports = {store: study.exported(store) for store in ("unbroken", "killed", "cluster")}
    say("| store | " + " | ".join(TABLES) + " |\n|---|---|---|---|")
    for store, digests in exports.items():
        say(f"| {store} | " + " | ".join(digests.values()) + " |")
    must(len({tuple(each.items()) for each in exports.values()}) == 1, "the exports differ")


if __name__ == "__main__":
    sys.exit(main())
