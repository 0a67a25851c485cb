"""Experiment files for tests, written beside each other in a folder."""

from pathlib import Path

from sim.engine.load import load_experiment
from sim.experiment import Experiment

STAFF = "policies.mediation.staff_per_10k"
SUBSIDY = "policies.grid.subsidy_yuan_per_year"
SHARING = "policies.coordination.data_sharing"
ROOMS = "policies.mediation.specialised_rooms"

HEAD = """\
name: made-up
scenario: two-villages
settings: {time.years: 0.1}
"""
TWO_FACTORS = f"""\
design: {{kind: factorial}}
factors:
  {SUBSIDY}: [0, 6000]
  {STAFF}: {{low: 10, high: 50, levels: 3}}
replications: 2
"""


def written(folder: Path, text: str, head: str = HEAD) -> Path:
    path = folder / "实验.yaml"
    path.write_text(head + text, encoding="utf-8")
    return path


def experiment(folder: Path, text: str = TWO_FACTORS, head: str = HEAD) -> Experiment:
    return load_experiment(written(folder, text, head))
