"""Outcomes of government: who is in post, and what it costs."""

import numpy as np

from sim.outcomes.outcome import Outcome
from sim.outcomes.window import Window, ratio

GOVERNMENT: tuple[Outcome, ...] = ()
