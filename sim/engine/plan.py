"""How many pairs of runs a comparison makes, and what to type to get the same again."""

import operator
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, SupportsIndex

from sim.engine.replications import check_seed
from sim.kernel.fault import ShiyuError, did_you_mean

if TYPE_CHECKING:
    from sim.analysis import Precision

REPLICATIONS = 30
DRAW_REPLICATIONS = 4  # seeds under each draw of the parameters
LEAST_DRAWS = LEAST_DRAW_REPLICATIONS = 2  # fewer tell chance and not knowing not apart


@dataclass(frozen=True)
class Plan:
    """How many pairs of runs: a number, or until `outcome` is known to within `precision`.

    `seed` is the master seed; replication k's own is derived from it by name. `workers` is how
    many processes; all cores by default. The values do not depend on it. `uncertainty` is how many
    draws of the parameters are run besides, each with `draw_replications` seeds.
    """

    replications: int = REPLICATIONS
    seed: int = 1
    workers: int | None = None
    precision: float | None = None
    outcome: str | None = None
    uncertainty: int | None = None
    draw_replications: int = DRAW_REPLICATIONS

    def __post_init__(self) -> None:
        """Refuse what cannot be kept, before anything runs."""
        check_seed(self.seed)
        if _whole("replications", self.replications) < 1:
            raise ShiyuError(f"replications {self.replications}: must be 1 or more")
        if self.workers is not None and _whole("workers", self.workers) < 1:
            raise ShiyuError(f"workers {self.workers}: must be 1 or more")
        if (self.precision is None) != (self.outcome is None):
            raise ShiyuError("precision and outcome go together: a width, and of which outcome")
        draws, least = self.uncertainty, LEAST_DRAW_REPLICATIONS
        if draws is not None and _whole("uncertainty", draws) < LEAST_DRAWS:
            raise ShiyuError(f"uncertainty {draws}: must be {LEAST_DRAWS} draws or more")
        if _whole("draw replications", self.draw_replications) < least:
            raise ShiyuError(f"draw replications {self.draw_replications}: must be {least} or more")
        if self.outcome is not None:
            check_outcome(self.outcome)
        self.rule()

    def rule(self) -> "Precision | None":
        """When to stop, where a precision was asked for; ShiyuError where it cannot be kept."""
        if self.precision is None or self.outcome is None:
            return None
        from sim.analysis import Precision

        return Precision(self.outcome, self.precision)


def command_for(sources: Sequence[str], plan: Plan, settings: Mapping[str, Any]) -> str:
    """What to type to get the same numbers."""
    words = ["shiyu", "compare", *sources]
    if plan.precision is None:
        words += ["--reps", str(plan.replications)]
    else:
        words += ["--precision", f"{plan.precision:g}", "--outcome", str(plan.outcome)]
    words += ["--seed", str(plan.seed)]
    if plan.uncertainty is not None:
        words += ["--uncertainty", str(plan.uncertainty)]
        words += ["--draw-reps", str(plan.draw_replications)]
    for key, value in settings.items():
        words += ["--set", f"{key}={value}"]
    return shlex.join(words)


def _whole(name: str, value: object) -> int:
    """The value, if it is a whole number; else ShiyuError."""
    if isinstance(value, bool) or not isinstance(value, SupportsIndex):
        raise ShiyuError(f"{name} {value!r}: must be a whole number")
    return operator.index(value)


def check_outcome(outcome: str) -> None:
    """Refuse, with ShiyuError, an outcome that there is not."""
    from sim.outcomes import CATALOGUE

    if outcome not in CATALOGUE:
        meant = did_you_mean(outcome, CATALOGUE)
        raise ShiyuError(f"outcome {outcome}: there is none; `shiyu outcomes` lists them{meant}")
