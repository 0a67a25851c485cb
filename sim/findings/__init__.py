"""Turns the runs of a sweep into findings: tables, sentences and figures beside the runs.

Reading order: study (an experiment with its table of runs), words (names of factors and outcomes),
sensitivity, discovery, effects; each analyses by `sim.analysis`, draws by `sim.report` and writes
by `sim.store`.
"""

from sim.findings.discovery import DiscoveryFindings, discovery_of
from sim.findings.effects import EffectFindings, effects_of
from sim.findings.sensitivity import SensitivityFindings, sensitivity_of
from sim.findings.study import Study

__all__ = [
    "DiscoveryFindings",
    "EffectFindings",
    "SensitivityFindings",
    "Study",
    "discovery_of",
    "effects_of",
    "sensitivity_of",
]
