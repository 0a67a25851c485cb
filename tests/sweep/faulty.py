"""An experiment in which a mechanism of a user's own breaks where a point tells it to."""

from pathlib import Path

from sim.engine.load import load_experiment
from sim.experiment import Experiment
from tests.experiment.files import SHARING, STAFF

MECHANISM = '''\
import os

from sim.kernel import Mechanism


class Faulty(Mechanism):
    """Breaks a run with 50 mediators or more, and ends its process where data is shared."""

    name = "faulty"

    def step(self, world, clock):
        if clock.begins < 0:  # the warm-up, which all points share
            return
        if world.levers["mediation.staff_per_10k"].max() >= 50:
            raise ValueError("too many mediators")
        if world.levers["coordination.data_sharing"].max() >= 0.9:
            os._exit(9)
'''
SCENARIO = 'name: faulty\nextends: two-villages\nmechanisms: [all, "faulty.py:Faulty"]\n'


def faulty(folder: Path, *, deadly: bool = False, replications: int = 2) -> Experiment:
    """Three points on some seeds; the second breaks, and the third ends its process if told."""
    (folder / "faulty.py").write_text(MECHANISM, encoding="utf-8")
    (folder / "faulty.yaml").write_text(SCENARIO, encoding="utf-8")
    (folder / "points.csv").write_text(
        f"{STAFF},{SHARING}\n10,0\n60,0\n20,{0.95 if deadly else 0.1}\n", encoding="utf-8"
    )
    path = folder / "experiment.yaml"
    path.write_text(
        "name: broken\nscenario: faulty.yaml\nsettings: {time.years: 0.06}\n"
        f"design: {{kind: list, file: points.csv}}\nreplications: {replications}\n",
        encoding="utf-8",
    )
    return load_experiment(path)
