"""Outcomes of many runs go in as frames, and come out as tables that say how sure we are.

Reading order: intervals (t intervals, quantile bands), holm (many looks at chance), pairs (common
random numbers), precision (how many replications), compare (a policy beside the baseline).
Nothing here draws or simulates.
"""

from sim.analysis.compare import compare, records
from sim.analysis.intervals import bands, difference_bands, t_interval
from sim.analysis.pairs import pairing
from sim.analysis.precision import Precision, until_precise

__all__ = [
    "Precision",
    "bands",
    "compare",
    "difference_bands",
    "pairing",
    "records",
    "t_interval",
    "until_precise",
]
