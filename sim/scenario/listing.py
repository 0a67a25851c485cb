"""Lists the shipped scenarios without checking them: what each is about, and where it stands."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from sim.scenario import fields
from sim.scenario.chain import Chain
from sim.scenario.checks import Checks
from sim.scenario.faults import Faults
from sim.scenario.find import label_of, shipped_scenarios


@dataclass(frozen=True)
class Listing:
    """One scenario of the list; `extends` is empty for one that stands by itself."""

    name: str
    folder: str
    title: Mapping[str, str]
    why: Mapping[str, str]
    place: str
    extends: str
    file: Path


def listed() -> list[Listing]:
    """The shipped scenarios, baselines first.

    Raises ScenarioError when the file of one cannot be read.
    """
    faults = Faults()
    found = [_listing(name, path, faults) for name, path in shipped_scenarios().items()]
    faults.refuse()
    return found


def _listing(name: str, path: Path, faults: Faults) -> Listing:
    tree = Chain(faults).read(path, label_of(path, str(path)))
    entries = {} if tree is None else tree.children
    texts = {}
    for key in ("title", "why"):
        said = fields.texts(entries[key], key, Checks(faults)) if key in entries else None
        texts[key] = said or dict.fromkeys(fields.LANGUAGES, "")
    words = {key: str(entries[key].value) if key in entries else "" for key in ("place", "extends")}
    return Listing(name, path.parent.name, texts["title"], texts["why"], **words, file=path)
