"""The classes whose objects make up a run, under the names by which a file tells them apart."""

import importlib
import sys
from collections.abc import Sequence

# Packages whose objects make up a run. Engine, store and the rest hold none of its state.
HOMES = ("sim.kernel.", "sim.world.", "sim.mechanisms.", "sim.outcomes.", "sim.scenario.")
_USER = "user "  # before the place of a user's mechanism in its scenario


class RunClasses:
    """Our own classes and those beside the users' mechanisms of one scenario; no others."""

    def __init__(self, users: Sequence[type] = ()) -> None:
        """`users`: the classes of users' mechanisms, in the order of their scenario."""
        self._files = [kind.__module__ for kind in users]

    def name_of(self, kind: type) -> str | None:
        """`sim.world.waits:Waits`, or `user 0:Book` beside the first mechanism of a user.

        None for a class that makes up no run.
        """
        home, name = kind.__module__, kind.__qualname__
        if not name.isidentifier():
            return None
        if home.startswith(HOMES):
            return f"{home}:{name}"
        return f"{_USER}{self._files.index(home)}:{name}" if home in self._files else None

    def called(self, name: str) -> type:
        """The class of a name; raises ValueError or IndexError when there is none in a run."""
        home, _, class_name = name.partition(":")
        if home.startswith(_USER):
            home = self._files[int(home.removeprefix(_USER))]
        elif not home.startswith(HOMES):
            raise ValueError(f"{name!r} is no class of a run")
        if home not in sys.modules:
            try:
                importlib.import_module(home)
            except ImportError:
                raise ValueError(f"there is no class {name!r}") from None
        found = getattr(sys.modules[home], class_name, None)
        if not isinstance(found, type) or found.__module__ != home:
            raise ValueError(f"there is no class {name!r}")
        return found
