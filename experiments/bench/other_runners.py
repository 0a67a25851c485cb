"""The same sweep by two well-kept runners of others, and what each has left when a run fails.

    pip install ema_workbench
    python experiments/bench/other_runners.py [--runs 8]

Mediators at four levels on the people of Jincheng 2020 at scale .01, over a quarter. Mesa's
`batch_run` drives the plain Mesa model of `plain_mesa.py` (nobody settles anything there, so
that the lever only labels its runs); EMA Workbench drives Shiyu's model, called as a function.
`shiyu sweep` stands beside each. One process each; then each again with one run that raises.
"""

import argparse
import logging
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from mesa.batchrunner import batch_run
from mesa.datacollection import DataCollector
from plain_mesa import PlainCity

from sim.engine.build import bare_city
from sim.engine.load import load, load_experiment
from sim.engine.replications import replication_seeds
from sim.engine.run import run
from sim.sweep import sweep

STAFF = (20.0, 30.0, 40.0, 50.0)
PLACE, SCALE, YEARS, STEPS = "jincheng-2020", 0.01, 0.25, 13
OUTCOME = "late_share"
FAILS = (40.0, 1)  # the run of this staffing and replication raises, when one is to fail
DESIGN = """\
name: beside-others
scenario: {place}
settings: {{scale: {scale}, time.years: {years}{more}}}
design: {{kind: factorial}}
factors: {{policies.mediation.staff_per_10k: [{staff}]}}
replications: {replications}
"""
RAISES = """\
from sim.kernel import Mechanism


class Raises(Mechanism):
    name = "raises"

    def step(self, world, clock):
        if world.lever("mediation.staff_per_10k")[0] == {staff} and world.seed == {seed}:
            raise ValueError("no such office")
"""


class Counted:
    """Runs that came to their end in the runner at work, and whether one is to raise instead."""

    fails = False
    finished = 0

    @classmethod
    def end(cls, staff: float, replication: int) -> None:
        """A run has come to its end, or raises there."""
        if cls.fails and (staff, replication) == FAILS:
            raise ValueError("no such office")
        cls.finished += 1


class SweptCity(PlainCity):
    """The plain Mesa model with the parameters of a sweep, and one figure collected a week."""

    def __init__(self, staff: float, replication: int) -> None:
        super().__init__(bare_city(load(PLACE, {"scale": SCALE}), replication).ties, replication)
        self.staff, self.replication = staff, replication
        self.datacollector = DataCollector(model_reporters={"grievance": self.grievance})

    @staticmethod
    def grievance(model: PlainCity) -> float:
        """The mean over all adults."""
        return float(model.agents.agg("grievance", lambda values: sum(values) / len(values)))

    def step(self) -> None:
        """A week, and what is collected of it."""
        super().step()
        self.datacollector.collect(self)
        if self.steps == STEPS:
            self.running = False
            Counted.end(self.staff, self.replication)


def by_batch_run(replications: int) -> int:
    """Runs that Mesa's batch_run gives back."""
    parameters = {"staff": STAFF, "replication": range(1, replications + 1)}
    return len(batch_run(SweptCity, parameters, max_steps=STEPS, display_progress=False))


def by_ema(replications: int) -> int:
    """Runs that EMA Workbench gives back."""
    from ema_workbench import (
        CategoricalParameter,
        Model,
        Policy,
        ScalarOutcome,
        Scenario,
        SequentialEvaluator,
        ema_logging,
    )

    ema_logging.get_rootlogger().setLevel(logging.CRITICAL)

    def shiyu(staff: float, replication: int) -> dict[str, float]:
        settings = {"scale": SCALE, "time.years": YEARS, "policies.mediation.staff_per_10k": staff}
        result = run(load(PLACE, settings), seed=replication)
        Counted.end(staff, replication)
        return {OUTCOME: float(result.headline()[OUTCOME]["value"])}

    numbers = range(1, replications + 1)
    model = Model("shiyu", function=shiyu)
    model.levers = [CategoricalParameter("staff", STAFF)]
    model.uncertainties = [CategoricalParameter("replication", numbers)]
    model.outcomes = [ScalarOutcome(OUTCOME)]
    with SequentialEvaluator(model) as evaluator:
        experiments, _ = evaluator.perform_experiments(
            scenarios=[Scenario(str(number), replication=number) for number in numbers],
            policies=[Policy(str(staff), staff=staff) for staff in STAFF],
        )
    return len(experiments)


def by_shiyu(replications: int) -> int:
    """Runs that the store of `shiyu sweep` holds."""
    with tempfile.TemporaryDirectory() as folder:
        more = ""
        if Counted.fails:
            code = Path(folder) / "raises.py"
            seed = replication_seeds(1, range(replications))[FAILS[1] - 1]
            code.write_text(RAISES.format(staff=FAILS[0], seed=seed), encoding="utf-8")
            more = f", mechanisms: [all, '{code}:Raises']"
        file = Path(folder) / "beside-others.yaml"
        words = {"place": PLACE, "scale": SCALE, "years": YEARS, "more": more}
        staff = ", ".join(map(str, STAFF))
        text = DESIGN.format(staff=staff, replications=replications, **words)
        file.write_text(text, encoding="utf-8")
        swept = sweep(load_experiment(file), Path(folder) / "store", workers=1)
        Counted.finished = swept.runs_done
        return swept.runs_done


def told(name: str, runner: Callable[[int], int], replications: int) -> str:
    """A line: seconds a run, and what is left when one run raises."""
    runs = len(STAFF) * replications
    Counted.fails, Counted.finished = False, 0
    began = time.perf_counter()
    got = runner(replications)
    seconds = time.perf_counter() - began
    if got != runs:
        raise AssertionError(f"{name} gave {got} of {runs} runs")
    Counted.fails, Counted.finished = True, 0
    try:
        left = runner(replications)
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # EMA Workbench's errors are no Exceptions
        left, words = 0, f"the call raises {type(error).__name__}"
    else:
        words = "the call comes back"
    return f"| {name} | {seconds / runs:.2f} | {words} | {Counted.finished} | {left} |"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=8)
    replications = max(2, parser.parse_args().runs // len(STAFF))
    run(PLACE, settings={"scale": SCALE, "time.years": 0.1})  # compiled code is loaded
    print(f"{len(STAFF) * replications} runs of {STEPS} weeks; then again with one that raises")
    print("| runner | seconds a run | with one that raises | runs finished | runs left |")
    print("|---|---|---|---|---|")
    print(told("`mesa.batch_run`, the plain Mesa model", by_batch_run, replications), flush=True)
    print(told("EMA Workbench, Shiyu's model", by_ema, replications), flush=True)
    print(told("`shiyu sweep`", by_shiyu, replications), flush=True)


if __name__ == "__main__":
    main()
