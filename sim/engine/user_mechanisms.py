"""Mechanisms of users, from their own file or package, named in a scenario.

Their code runs as soon as a scenario that names them is checked, so that what they declare is
checked like our own declarations.
"""

import hashlib
import importlib
import inspect
import re
import sys
import types
from collections.abc import Sequence
from pathlib import Path

from sim.engine.order import BY_NAME
from sim.kernel import Fault, Mechanism, ScenarioError
from sim.kernel.column import is_taken
from sim.kernel.fault import USERS, did_you_mean, in_a_line
from sim.scenario import MechanismFacts, Scenario
from sim.world.messages import MESSAGES
from sim.world.world import World

# Tables whose rows stay (organisations get new ones at the end); disputes and posts come and go by
# the rules of their owners.
TABLES = ("people", "offices", "units", "firms", "organisations")
_NAME = re.compile(r"[a-z][a-z0-9_]*", re.ASCII)
_COLUMN = re.compile(r"[a-z_][a-z0-9_]*\.[a-z_][a-z0-9_]*", re.ASCII)


def user_mechanisms(scenario: Scenario) -> list[type[Mechanism]]:
    """The classes of a scenario's user mechanisms, in the order written.

    Raises ScenarioError when one cannot be had, claims what another owns, or is no longer what it
    was when the scenario was checked: the run's id would be wrong.
    """
    found: list[type[Mechanism]] = []
    for name in scenario.user_mechanisms:
        kind = _find(name)
        trouble = _clash(kind, [*BY_NAME.values(), *found])
        if not trouble and scenario.contents.get(name) != _content_hash(name, kind):
            trouble = "has changed since the scenario was loaded"
        if trouble:
            raise _refused(name, trouble)
        found.append(kind)
    return found


def check_reads(scenario: Scenario, kinds: Sequence[type[Mechanism]], world: World) -> None:
    """Refuse a user's mechanism that reads a column which neither place nor mechanism makes.

    `kinds` are the classes of the scenario's user mechanisms, in the order written. Of tables that
    come with a mechanism only those that are there are looked at. Raises ScenarioError.
    """
    made = {*MESSAGES}.union(*(kind.writes for kind in [*BY_NAME.values(), *kinds]))
    for name, kind in zip(scenario.user_mechanisms, kinds, strict=True):
        for column in kind.reads:
            home, _, own = column.partition(".")
            there = getattr(world, home) if home in TABLES else None
            if column not in made and there is not None and own not in there:
                near = did_you_mean(column, [*made, *(f"{home}.{each}" for each in there)])
                raise _refused(name, f"reads {column}, which is nowhere{near}")


def facts_of(name: str) -> MechanismFacts:
    """What the checks of a scenario need to know of `path/to/file.py:Class` or `module:Class`.

    Raises ScenarioError when it cannot be loaded, is not a Mechanism, or claims what another owns.
    """
    kind = _find(name)
    trouble = _clash(kind, [*BY_NAME.values()])
    if trouble:
        raise _refused(name, trouble)
    ledger = {f"{kind.name}.{key}": parameter for key, parameter in kind.ledger().items()}
    return MechanismFacts(kind.name, ledger, tuple(kind.levers), _content_hash(name, kind))


def _find(name: str) -> type[Mechanism]:
    home, _, class_name = name.rpartition(":")
    try:
        module = _executed(Path(home)) if _is_file(home) else importlib.import_module(home)
        found = getattr(module, class_name, None)
    except Exception as error:  # a user's file may fail in any way
        words = in_a_line(error)
        raise _refused(name, f"cannot be loaded ({words})") from error
    if found is None:
        raise _refused(name, "is not there: the module has nothing of that name")
    if not (isinstance(found, type) and issubclass(found, Mechanism)):
        raise _refused(name, "is not a Mechanism")
    if not _NAME.fullmatch(found.name):
        raise _refused(name, f"needs a name in small letters, not {found.name!r}")
    return found


def _executed(path: Path) -> types.ModuleType:
    """A user's file as a module; the same content is run once, what has changed is run anew."""
    source = path.read_bytes()
    digest = hashlib.sha256(str(path).encode("utf-8") + source).hexdigest()
    name = f"{USERS}{digest[:16]}"
    if name not in sys.modules:
        module = types.ModuleType(name)
        module.__file__ = str(path)
        sys.modules[name] = module  # dataclasses and pickle look there
        try:
            exec(compile(source, str(path), "exec"), module.__dict__)
        except BaseException:
            del sys.modules[name]
            raise
    return sys.modules[name]


def _clash(kind: type[Mechanism], others: Sequence[type[Mechanism]]) -> str:
    """What is wrong beside the others: a name or a column that is taken; empty when nothing is."""
    if any(kind.name == other.name for other in others):
        return f"is called {kind.name}, as another mechanism is"
    owners = {column: other for other in others for column in other.writes}
    for column in kind.writes:
        trouble = _no_column(column, kind.name)
        if trouble:
            return f"writes {column!r}, {trouble}"
        if column in owners:
            return f"writes {column}, which {owners[column].name} owns"
    for column in kind.adds:
        owner = owners.get(column, kind)
        if column not in MESSAGES and not (column in owner.writes and owner.writes[column].flow):
            return f"adds to {column}, which is no flow column of anybody"
    return ""


def _no_column(column: str, mechanism: str) -> str:
    """Why a mechanism of this name cannot have such a column; empty when it can."""
    table, _, name = column.partition(".")
    if not _COLUMN.fullmatch(column) or is_taken(name):
        return "which cannot be a column's name; a column is called table.name"
    if table not in TABLES and (table != mechanism or table in World.__dataclass_fields__):
        return f"but may have columns in {', '.join(TABLES)} and in a table of its own name"
    return ""


def _content_hash(name: str, kind: type[Mechanism]) -> str:
    """The SHA-256 of the file that defines the class, or of the class when it has no file."""
    home = name.rpartition(":")[0]
    try:
        source = Path(home if _is_file(home) else inspect.getsourcefile(kind) or "").read_bytes()
    except (OSError, TypeError):
        try:
            source = inspect.getsource(kind).encode("utf-8")
        except (OSError, TypeError):
            raise _refused(name, "has no source that tells its versions apart") from None
    return hashlib.sha256(source).hexdigest()


def _is_file(home: str) -> bool:
    return home.lower().endswith(".py")


def _refused(name: str, trouble: str) -> ScenarioError:
    allowed = "path/to/file.py:Class or package.module:Class"
    return ScenarioError([Fault("mechanisms", 0, 0, name, trouble, allowed)])
