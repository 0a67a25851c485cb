"""What is noted of a run: the flows between two moments, and the mean stock of open disputes."""

import numpy as np

from sim.engine.build import Running
from sim.engine.run import stepping
from sim.evidence.standing import standing
from sim.outcomes import Groups, Moment, Window, groups_of, moment
from sim.scenario import Scenario
from sim.world.disputes import DOMAINS, STATES


class Observed(Window):
    """A window that also knows how many disputes were open in each state, on average.

    `stock` has shape (states, cells): real disputes, mean over the ends of the steps;
    `open_by_domain` has shape (domains,), those of all states. `stood` has shape (2, rows): how
    STANDING stood at the beginning and the end of the run.
    """

    stock: np.ndarray
    open_by_domain: np.ndarray
    stood: np.ndarray

    def open_in(self, *states: str) -> np.ndarray:
        """Mean open disputes in these states per 10,000 residents, by group."""
        rows = [STATES.index(state) for state in states]
        return self.groups.members @ self.stock[rows].sum(axis=0) / self.residents * 1e4


def observe(running: Running, scenario: Scenario, lead_years: float = 0.0) -> list[Observed]:
    """Run to the end date; what happened in all, and what after the first `lead_years`."""
    world = running.world
    groups = groups_of(tuple(world.place.divisions))
    steps = scenario.steps
    lead = min(round(lead_years * 365.25 / scenario.step_days), steps - 1)
    first = later = moment(world, running.clock.begins)
    stood = standing(Window(world, groups, first, first))
    stock = np.zeros((len(STATES), world.flows.cells))
    domains = np.zeros(len(DOMAINS))
    at_lead = stock.copy(), domains.copy()
    for done in stepping(running, scenario):
        d = world.disputes
        np.add.at(stock, (d.state, d.cell), d.weight)
        np.add.at(domains, d.domain, d.weight)
        if done == lead:
            later, at_lead = moment(world, running.clock.begins), (stock.copy(), domains.copy())
    last = moment(world, running.clock.begins)
    after = [
        (total - before) / (steps - lead)
        for total, before in zip((stock, domains), at_lead, strict=True)
    ]
    seen = [
        _observed(running, groups, first, last, stock / steps, domains / steps),
        _observed(running, groups, later, last, *after),
    ]
    for each in seen:
        each.stood = np.stack([stood, standing(Window(world, groups, last, last))])
    return seen


def _observed(
    running: Running,
    groups: Groups,
    first: Moment,
    last: Moment,
    stock: np.ndarray,
    domains: np.ndarray,
) -> Observed:
    seen = Observed(running.world, groups, first, last)
    seen.stock, seen.open_by_domain = stock, domains
    return seen
