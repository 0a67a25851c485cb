"""A mechanism: one file, one class, one hook (`step`). All mechanisms meet only in columns."""

from typing import Any, ClassVar

from sim.kernel.clock import Clock
from sim.kernel.column import Column
from sim.kernel.parameter import Group, Ledger, Parameter, declared_parameters


class Mechanism:
    """A rule of the model over whole columns.

    A subclass sets `name` (the key in scenario files), declares its parameters as class
    attributes, lists the columns it `reads`, owns (`writes`, with their declaration) and posts to
    (`adds`), and the policy levers it obeys (`levers`: dotted names). `prepare` runs once when a
    world is built; `step` once a step; `welcome` when people have joined. Columns are named
    `table.column`; so are the messages of `sim.world.messages`, which stand under `adds` where they
    are left and under `reads` where they are taken.

    `settings` are values for declared parameters by ledger name; an unknown name raises KeyError.
    """

    name: ClassVar[str] = ""
    reads: ClassVar[tuple[str, ...]] = ()
    writes: ClassVar[dict[str, Column]] = {}
    adds: ClassVar[tuple[str, ...]] = ()
    levers: ClassVar[tuple[str, ...]] = ()

    def __init__(self, settings: dict[str, float] | None = None) -> None:
        ledger = self.ledger()
        values = {name: parameter.default for name, parameter in ledger.items()}
        for name, value in (settings or {}).items():
            if name not in ledger:
                raise KeyError(f"{self.name or type(self).__name__} has no parameter {name!r}")
            values[name] = value
        self.tune(values)

    def tune(self, values: dict[str, float]) -> None:
        """Let all declared parameters have these values, by ledger name.

        What `prepare` has worked out of a parameter stays as it is.
        """
        for name, declared in self._declarations().items():
            if isinstance(declared, Parameter):
                setattr(self, name, values[name])
            else:
                setattr(self, name, {key: values[f"{name}.{key}"] for key in declared})

    @classmethod
    def ledger(cls) -> Ledger:
        """The declared parameters by name (groups as `name.key`)."""
        return declared_parameters(cls)

    @classmethod
    def _declarations(cls) -> dict[str, Parameter | Group]:
        found: dict[str, Parameter | Group] = {}
        for base in reversed(cls.__mro__):
            found |= {k: v for k, v in vars(base).items() if isinstance(v, Parameter | Group)}
        return found

    def prepare(self, world: Any) -> None:
        """Set the start of the owned columns; called once, before the warm-up."""

    def welcome(self, world: Any, clock: Clock, rows: Any) -> None:
        """Give people who have just joined (rows) their start in the owned columns.

        Called for every mechanism of a run as soon as somebody joined; nothing to do where the
        declared start of a column is right for a newcomer.
        """

    def step(self, world: Any, clock: Clock) -> None:
        """Move the owned columns over one step."""
        raise NotImplementedError
