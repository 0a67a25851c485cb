"""Mechanisms of users, from their own file or package, named in a scenario."""

import importlib
import importlib.util
from pathlib import Path

from sim.kernel import Fault, Mechanism, ScenarioError


def load_user_mechanisms(names: tuple[str | type[Mechanism], ...]) -> list[type[Mechanism]]:
    """The classes behind `path/to/file.py:Class`, `package.module:Class`, or classes themselves.

    Raises ScenarioError when one cannot be found or is not a Mechanism.
    """
    return [name if isinstance(name, type) else _find(name) for name in names]


def _find(name: str) -> type[Mechanism]:
    where, _, class_name = name.rpartition(":")
    try:
        if where.endswith(".py"):
            path = Path(where)
            spec = importlib.util.spec_from_file_location(f"shiyu_user_{path.stem}", path)
            if spec is None or spec.loader is None:
                raise ImportError(f"{where} is not a Python file")
            module = importlib.util.module_from_spec(spec)
            spec.loader.exec_module(module)
        else:
            module = importlib.import_module(where)
        found = getattr(module, class_name)
    except (ImportError, OSError, AttributeError, SyntaxError) as error:
        raise _refused(name, f"cannot be loaded ({error})") from error
    if not (isinstance(found, type) and issubclass(found, Mechanism) and found.name):
        raise _refused(name, "is not a Mechanism with a name")
    return found


def _refused(name: str, trouble: str) -> ScenarioError:
    allowed = "path/to/file.py:Class or package.module:Class"
    return ScenarioError([Fault("mechanisms", 0, 0, name, trouble, allowed)])
