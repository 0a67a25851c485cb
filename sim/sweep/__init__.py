"""Runs the points of an experiment and keeps every run; what is done is never done again.

Reading order: sweep (the whole of it), plan (which runs there are), batches (what a worker does),
local and distributed (who the workers are), stopping, forecast, record, results (the table).
"""

from sim.sweep.plan import Plan, plan_of
from sim.sweep.results import table
from sim.sweep.sweep import Swept, sweep

__all__ = ["Plan", "Swept", "plan_of", "sweep", "table"]
