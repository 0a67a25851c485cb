"""An experiment with the table of its runs: all that an analysis needs to know."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.analysis.design_runs import DesignRuns, design_runs, plain_label
from sim.findings.words import factor_names, outcomes_here
from sim.kernel.fault import ShiyuError, printable
from sim.report.factors import FactorNames
from sim.report.names import Entries

if TYPE_CHECKING:
    import pandas as pd

    from sim.store import Store


@dataclass(frozen=True)
class Study:
    """A design and the runs that there are of it.

    `frame` has one row a run, as `sim.analysis.design_runs` describes it. `orders` holds the values
    of factors that are lists, in the order of the experiment; `levels` those of a design of Morris.
    `folder` is where findings are written: that of the store. `named` tells that the experiment
    names its outcomes: then all of them are looked at. `kept` holds the other outcomes of the
    frame, which can be asked for. `store` is where the courses of runs are. `divisions` has
    the titles of the divisions that settings may name; `title` and `why` are those of the file.
    `silent` holds the outcomes that nothing makes at any point, as a mechanism is off.
    """

    name: str
    kind: str
    factors: tuple[str, ...]
    outcomes: tuple[str, ...]
    frame: "pd.DataFrame"
    folder: Path
    orders: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    levels: int = 4
    command: str = ""
    named: bool = False
    kept: tuple[str, ...] = ()
    store: "Store | None" = None
    divisions: Entries = field(default_factory=dict)
    title: Mapping[str, str] = field(default_factory=dict)
    why: Mapping[str, str] = field(default_factory=dict)
    silent: frozenset[str] = frozenset()

    def names(self, lang: str | None) -> FactorNames:
        """What its factors and their settings are called."""
        nested: dict[str, dict[str, Any]] = {}
        for name in self.factors:
            values = (each for each in self.frame[name] if isinstance(each, list | tuple | dict))
            if levels := {plain_label(each): each for each in values}:
                nested[name] = levels
        return factor_names(self.factors, lang, nested, self.divisions)

    @property
    def made(self) -> frozenset[str]:
        """The outcomes of which its runs tell something."""
        return frozenset((*self.outcomes, *self.kept)) - self.silent

    def runs(self, outcomes: Sequence[str]) -> DesignRuns:
        """The runs as arrays."""
        return design_runs(self.frame, self.factors, outcomes)

    def chosen(self, asked: Sequence[str] | None) -> list[str]:
        """The outcomes asked for, else those that the experiment names, else the headline ones.

        Raises ShiyuError for one that the runs do not have.
        """
        from sim.outcomes import HEADLINES

        there = (*self.outcomes, *self.kept)
        for name in asked or ():
            if name not in there:
                told = outcomes_here(name, there)
                shown = printable(name)
                raise ShiyuError(f"--outcome {shown}: {self.name} has none; {told}")
        if asked:
            return list(dict.fromkeys(asked))
        if self.named:
            return list(self.outcomes)
        headline = [name for name in HEADLINES if name in self.outcomes]
        return headline if len(self.outcomes) > len(HEADLINES) else list(self.outcomes)
