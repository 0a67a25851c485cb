"""Turns a name, a file or a mapping into a checked scenario, or into all its faults at once."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sim.kernel.fault import printable
from sim.scenario import wording
from sim.scenario.chain import Chain
from sim.scenario.faults import Faults
from sim.scenario.find import shipped_scenarios
from sim.scenario.from_python import from_python
from sim.scenario.judge import judged
from sim.scenario.known import Known
from sim.scenario.locate import located
from sim.scenario.node import Node, Source, Spot
from sim.scenario.read import read_text
from sim.scenario.scenario import Scenario
from sim.scenario.settings import SCENARIO, with_settings

ScenarioSource = str | Path | Mapping[str, Any] | Scenario


def load(
    source: ScenarioSource, known: Known, settings: Mapping[str, Any] | None = None
) -> Scenario:
    """The checked scenario of a shipped name, a file's path, or a mapping.

    `settings` are dotted overrides (`{"policies.mediation.staff_per_10k": 60}`), laid on top in
    their order; `scenario` among them replaces the source. Raises ScenarioError with every fault
    of the scenario, of those it extends, of its place and of the settings.
    """
    settings = dict(settings or {})
    source = settings.get(SCENARIO, source)
    if isinstance(source, Scenario):
        if not settings:
            return source
        source = source.resolved()
    faults = Faults()
    tree, whole = read_tree(source, faults)
    scenario = None
    if tree is not None:
        tree = with_settings(tree, settings, faults)
        scenario = judged(tree, known, faults, whole=whole)
    faults.refuse()
    if scenario is None:
        raise AssertionError("a scenario without faults has every part")
    return scenario


def load_text(text: str, path: Path, known: Known) -> Scenario:
    """The checked scenario that a file at `path` with this text would be; nothing is read there.

    Raises ScenarioError with every fault, located in that file.
    """
    faults = Faults()
    source = Source(printable(str(path)), path.parent)
    node = read_text(text, source, faults)
    chain = Chain(faults)
    tree = None if node is None else chain.complete(node, path=path)
    scenario = None if tree is None else judged(tree, known, faults, whole=chain.whole)
    faults.refuse()
    if scenario is None:
        raise AssertionError("a scenario without faults has every part")
    return scenario


def read_tree(source: Any, faults: Faults) -> tuple[Node | None, bool]:
    """A source merged with its parents, and whether every one of them could be read."""
    chain = Chain(faults)
    if isinstance(source, Mapping):
        spot = Spot(Source("<dict>", Path.cwd()))
        node = from_python(source, spot, faults)
        return chain.complete(node, may_be_nameless=True), chain.whole
    if not isinstance(source, str | Path):
        spot = Spot(Source("scenario", Path.cwd()))
        faults.add(spot, "", wording.NO_SOURCE.format(kind=type(source).__name__))
        return None, False
    written = str(source)
    if not written.strip():
        faults.add(Spot(Source("scenario", Path.cwd())), "", wording.EMPTY)
        return None, False
    spot = Spot(Source(wording.short(written), Path.cwd()))
    names = {} if isinstance(source, Path) else shipped_scenarios()
    found = located(written, spot, "", names, faults)
    if found is None:
        return None, False
    tree = chain.read(*found)
    if tree is not None and "design" in tree.children and "place" not in tree.children:
        faults.add(tree.spot, "", wording.EXPERIMENT, wording.SWEEP_TAKES)
        return None, False
    return tree, chain.whole
