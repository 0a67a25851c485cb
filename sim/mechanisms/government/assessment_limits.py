"""The known result of the assessment: how an office divides its time that maximises sum w ln e."""

from typing import Annotated

import numpy as np

from sim.kernel import Limit, Quantity, Within
from sim.mechanisms.government.assessment import TASKS, Assessment

# Which lever stands for each task when every item asks for one task alone.
ITEM_OF_TASK = {
    "solve": "resolution",
    "prevent": "public_satisfaction",
    "report": "paperwork",
    "suppress": "petition_count",
}
TRIALS = 20_000


def assessment(
    weights: Annotated[tuple[float, ...], Within(0.0, 20.0)] = (0.422, 0.178, 0.3, 0.1),
    costs: Annotated[tuple[float, ...], Within(0.01, 100.0)] = (1.0, 1.0, 1.0, 1.0),
) -> Limit:
    """Known result: efforts w_k / (c_k sum w); no other division of time makes more of it.

    Weights and costs by task: solve, prevent, report, suppress.
    """
    if len(weights) != len(TASKS) or len(costs) != len(TASKS):
        raise ValueError(f"give {len(TASKS)} weights and costs: {', '.join(TASKS)}")
    if sum(weights) <= 0.0:
        raise ValueError("one weight at least must be above 0")
    w, c = np.asarray(weights, float), np.asarray(costs, float)
    expected = w / (c * w.sum())

    def simulate(mechanism: type[Assessment], seed: int) -> dict[str, object]:
        from sim.verify.bench import bare_world, ready, weeks

        world = bare_world(50, seed)
        settings = {f"costs.{task}": cost for task, cost in zip(TASKS, costs, strict=True)}
        for task in TASKS:
            for other, item in ITEM_OF_TASK.items():
                settings[f"to_{task}.{item}"] = float(task == other)
        rule = mechanism(settings)
        ready(world, rule)
        for task, weight in zip(TASKS, weights, strict=True):
            world.levers[f"assessment.weights.{ITEM_OF_TASK[task]}"][:] = weight
        rule.step(world, next(weeks(1.0)))
        efforts = np.array([world.offices[f"effort_{task}"][0] for task in TASKS])
        luck = world.draws.exponential(
            "limit.effort", np.arange(TRIALS)[:, None], 0, np.arange(len(TASKS))
        )
        tried = luck / (luck @ c)[:, None]  # each uses up all of the time
        better = float(np.max(_worth(tried, w) - _worth(efforts[None, :], w)))
        return {"efforts": efforts, "gain_of_another": max(better, 0.0)}

    return Limit(
        "assessment",
        {"weights": w.tolist(), "costs": c.tolist()},
        (
            Quantity("efforts", "share of time, by task", expected.tolist(), 1e-12),
            Quantity("gain_of_another", f"of sum w ln e, best of {TRIALS:,}", 0.0, 1e-9),
        ),
        simulate,
        "Cobb-Douglas: a fixed share of the budget for each task",
    )


def _worth(efforts: np.ndarray, weights: np.ndarray) -> np.ndarray:
    asked = weights > 0.0
    with np.errstate(divide="ignore"):
        worth: np.ndarray = np.log(efforts[:, asked]) @ weights[asked]
    return worth
