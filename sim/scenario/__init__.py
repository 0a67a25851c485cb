"""Turns a name, a YAML file or a mapping into one checked, frozen scenario, or into its faults.

Reading order: scenario (what comes out), load (the way in), judge (the checks, part by part, in
fields, mechanisms, parameters, policies, shocks), levers, schedules, chain and merge (`extends`),
read and compose (YAML to nodes), node, faults and wording.
"""

from sim.scenario.known import Known, MechanismFacts, PlaceFacts
from sim.scenario.levers import LEVERS, Lever
from sim.scenario.load import ScenarioSource, load
from sim.scenario.scenario import Scenario
from sim.scenario.schedules import Dated, Level, Schedule, constant
from sim.scenario.shocks import SHOCK_KINDS, Shock

__all__ = [
    "LEVERS",
    "SHOCK_KINDS",
    "Dated",
    "Known",
    "Level",
    "Lever",
    "MechanismFacts",
    "PlaceFacts",
    "Scenario",
    "ScenarioSource",
    "Schedule",
    "Shock",
    "constant",
    "load",
]
