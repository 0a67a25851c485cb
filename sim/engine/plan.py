"""How many pairs of runs a comparison makes, and what to type to get the same again."""

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sim.engine.replications import check_seed
from sim.kernel.fault import ShiyuError, nearest

REPLICATIONS = 30


@dataclass(frozen=True)
class Plan:
    """How many pairs of runs: a number, or until `outcome` is known to within `precision`.

    `seed` is the master seed; replication k's own is derived from it by name. `workers` is how
    many processes; all cores by default. The values do not depend on it.
    """

    replications: int = REPLICATIONS
    seed: int = 1
    workers: int | None = None
    precision: float | None = None
    outcome: str | None = None

    def __post_init__(self) -> None:
        """Refuse what cannot be kept, before anything runs."""
        check_seed(self.seed)
        if self.replications < 1:
            raise ShiyuError(f"replications {self.replications}: must be 1 or more")
        if self.workers is not None and self.workers < 1:
            raise ShiyuError(f"workers {self.workers}: must be 1 or more")
        if (self.precision is None) != (self.outcome is None):
            raise ShiyuError("precision and outcome go together: a width, and of which outcome")
        if self.outcome is not None:
            _check_outcome(self.outcome)


def command_for(sources: Sequence[str], plan: Plan, settings: Mapping[str, Any]) -> str:
    """What to type to get the same numbers."""
    words = ["shiyu", "compare", *sources]
    if plan.precision is None:
        words += ["--reps", str(plan.replications)]
    else:
        words += ["--precision", f"{plan.precision:g}", "--outcome", str(plan.outcome)]
    words += ["--seed", str(plan.seed)]
    for key, value in settings.items():
        words += ["--set", f"{key}={value}"]
    return shlex.join(words)


def _check_outcome(outcome: str) -> None:
    from sim.outcomes import CATALOGUE

    if outcome not in CATALOGUE:
        near = nearest(outcome, CATALOGUE)
        meant = f"; did you mean {near}?" if near else ""
        raise ShiyuError(f"outcome {outcome}: there is none; `shiyu outcomes` lists them{meant}")
