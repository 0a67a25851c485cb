"""A parameter: one line that cannot exist without unit, plausible range, status and source."""

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, overload

STATUSES = ("seed", "found", "derived", "recalled", "calibrated", "assumed")


@dataclass(frozen=True)
class Parameter:
    """A coefficient of the model.

    Declared as a class attribute of a mechanism, it reads as a plain number on an instance. A
    value of a parameter is a finite number (or, for a few, a mapping is spelt as one parameter
    per key: `success.village`).

    Raises ValueError when the declaration itself is not sound.
    """

    default: float
    unit: str
    low: float
    high: float
    status: str
    source: str

    if TYPE_CHECKING:  # what Mechanism.__init__ does, said to type checkers

        @overload
        def __get__(self, instance: None, owner: type) -> "Parameter": ...
        @overload
        def __get__(self, instance: object, owner: type) -> float: ...
        def __get__(self, instance: object, owner: type) -> "Parameter | float": ...

    def __post_init__(self) -> None:
        """Refuse a parameter that could not be defended."""
        if self.status not in STATUSES:
            raise ValueError(f"status {self.status!r} is not one of {', '.join(STATUSES)}")
        if not self.unit or not self.source:
            raise ValueError("a parameter needs a unit and a source")
        if not all(map(math.isfinite, (self.low, self.default, self.high))):
            raise ValueError("default, low and high must be finite numbers")
        if not self.low <= self.default <= self.high:
            raise ValueError(f"default {self.default} lies outside {self.low} to {self.high}")


class Group(dict[str, Parameter]):
    """Several parameters that belong together, one per key: `success = Group(village=...)`.

    On an instance it reads as a dict of numbers; in the ledger each is `name.key`.
    """

    if TYPE_CHECKING:

        @overload
        def __get__(self, instance: None, owner: type) -> "Group": ...
        @overload
        def __get__(self, instance: object, owner: type) -> dict[str, float]: ...
        def __get__(self, instance: object, owner: type) -> "Group | dict[str, float]": ...

    def __init__(self, **members: Parameter) -> None:
        super().__init__(members)


Ledger = dict[str, Parameter]


def declared_parameters(owner: type) -> Ledger:
    """The parameters that a class declares, in reading order; groups as `name.key`."""
    ledger: Ledger = {}
    for base in reversed(owner.__mro__):
        for name, value in vars(base).items():
            if isinstance(value, Parameter):
                ledger[name] = value
            elif isinstance(value, Group):
                ledger |= {f"{name}.{key}": member for key, member in value.items()}
    return ledger
