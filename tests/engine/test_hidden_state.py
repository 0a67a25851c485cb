"""A mechanism that remembers something where no state of a run has it is told of."""

import textwrap
from pathlib import Path

import pytest

import sim
from sim.engine.hidden_state import Outside
from sim.kernel import ScenarioError
from sim.scenario import Scenario
from sim.store import same_values

pytestmark = pytest.mark.slow

HEAD = '''
"""A mechanism that counts its steps and lets them act."""
import itertools
import numpy as np
from sim.kernel import Column, Mechanism
{before}

class Counting(Mechanism):
    name = "counting"
    adds = ("people.grievance_inflow",)
    {inside}

    def prepare(self, world):
        {prepare}

    def step(self, world, clock{argument}):
        {count}
        world.people.grievance_inflow[:] += np.float32(0.01 * steps)
'''

# Where the count stands: lines of the file by the part of it in which they stand.
HIDDEN = {
    "a list of the module": {"before": "SEEN = []", "count": "SEEN.append(1); steps = len(SEEN)"},
    "a number of the module": {
        "before": "steps_done = 0",
        "count": "global steps_done; steps_done += 1; steps = steps_done",
    },
    "the class": {
        "inside": "done = {'steps': 0}",
        "count": "self.done['steps'] += 1; steps = self.done['steps']",
    },
    "a default argument": {
        "argument": ", seen=[]",
        "count": "seen.append(1); steps = len(seen)",
    },
    "a closure": {
        "before": "def counter():\n    n = [0]\n    def tick():\n        n[0] += 1"
        "\n        return n[0]\n    return tick\ntick = counter()",
        "count": "steps = tick()",
    },
    "an iterator of the module": {
        "before": "NUMBERS = itertools.count(1)",
        "count": "steps = next(NUMBERS)",
    },
    "an object of the module": {
        "before": "class Book:\n    pages = 0\nBOOK = Book()",
        "count": "BOOK.pages += 1; steps = BOOK.pages",
    },
}
UNKEEPABLE = {
    "a generator": {
        "prepare": "self.numbers = iter(x for x in range(1, 10000))",
        "count": "steps = next(self.numbers)",
    },
    "luck of its own": {
        "prepare": "self.luck = np.random.default_rng(1)",
        "count": "steps = self.luck.random()",
    },
    "a window on a column": {
        "prepare": "self.window = world.people.age[2:]",
        "count": "steps = float(self.window[0])",
    },
}
OPEN = {
    "a number of its own": {
        "prepare": "self.steps = 0",
        "count": "self.steps += 1; steps = self.steps",
    },
    "an array of its own": {
        "prepare": "self._counts = np.zeros(3)",
        "count": "self._counts[1] += 1; steps = self._counts[1]",
    },
    "an object of its own": {
        "before": "class Book:\n    pages = 0",
        "prepare": "self.book = Book()",
        "count": "self.book.pages += 1; steps = self.book.pages",
    },
    "a table of its own": {
        "prepare": "world.tables['counted'] = {}",
        "count": "t = world.tables['counted']; t['n'] = t.get('n', 0) + 1; steps = t['n']",
    },
}


def scenario_with(folder: Path, **parts: str) -> Scenario:
    """The two villages for a few weeks, with the mechanism that these lines make."""
    lines = {"before": "", "inside": "", "argument": "", "prepare": "pass"} | parts
    file = folder / "counting.py"
    file.write_text(textwrap.dedent(HEAD).format(**lines), encoding="utf-8")
    own = ["influence", "grievance", "disputes", "channels", f"{file}:Counting"]
    return sim.load("two-villages", {"time.years": 0.2, "mechanisms": own})


@pytest.mark.parametrize("where", HIDDEN)
def test_state_outside_of_the_run_is_found(tmp_path, where):
    scenario = scenario_with(tmp_path, **HIDDEN[where])
    with pytest.raises(ScenarioError, match=r"counting\.py: .*no state would hold it"):
        sim.run(scenario, 1, until="2020-02-01")


@pytest.mark.parametrize("where", UNKEEPABLE)
def test_state_that_cannot_be_kept_is_refused(tmp_path, where):
    scenario = scenario_with(tmp_path, **UNKEEPABLE[where])
    with pytest.raises(ScenarioError, match="the state cannot be saved"):
        sim.run(scenario, 1, until="2020-02-01")


@pytest.mark.parametrize("where", OPEN)
def test_state_of_the_mechanism_itself_goes_along(tmp_path, where):
    scenario = scenario_with(tmp_path, **OPEN[where])
    state = sim.run(scenario, 1, until="2020-02-01", out=tmp_path / "kept")
    whole, branch = sim.run(scenario, 1), sim.branch(state.path, scenario)
    assert branch.run_id == whole.run_id
    both = [(run.outcomes, run.trajectory) for run in (branch, whole)]
    assert same_values(*both)


def test_our_own_mechanisms_remember_nothing_elsewhere():
    scenario = sim.load("two-villages", {"time.years": 0.1})
    before = Outside([])
    sim.run(scenario, 1)
    assert Outside([]).changed_since(before) == []
    assert len(before.found) > 100
