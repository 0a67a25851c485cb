"""What a run shows of itself at a prompt."""

import pandas as pd

from sim.engine.run import RunResult


def test_a_run_at_a_prompt_is_one_line_without_its_tables():
    table = pd.DataFrame({"value": range(1000)})
    numbers = {"people": 21_900, "steps": 261, "build_seconds": 1.0, "seconds": 2.5}
    run = RunResult("id", "more", 7, "1", **numbers, outcomes=table, trajectory=table, document={})
    shown = repr(run)
    assert "\n" not in shown
    assert len(shown) < 120
    assert all(word in shown for word in ("more", "seed 7", "21,900 people", "261 steps"))
