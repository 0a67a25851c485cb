"""Reads experiment files: which scenarios a study runs, and how often. Runs nothing.

Reading order: experiment (what comes out), load (the way in), factors, designs, tables,
stopping, constraints and costs (its parts), wording.
"""

from sim.experiment.designs import KINDS, Design
from sim.experiment.experiment import Experiment, Point
from sim.experiment.factors import Factor
from sim.experiment.load import load_experiment
from sim.experiment.stopping import Stopping

__all__ = ["KINDS", "Design", "Experiment", "Factor", "Point", "Stopping", "load_experiment"]
