"""Turns the nodes of a place file into a Place; every fault is noted with its line and column."""

from sim.kernel import nearest
from sim.scenario import wording
from sim.scenario.faults import Faults, allowed_names
from sim.scenario.find import is_slug
from sim.scenario.node import Node
from sim.world.figures import DIVISION_FIGURES, PARAMETERS, WHOLE_FIGURES, WHOLES
from sim.world.place import Place
from sim.world.place_checks import troubles
from sim.world.place_leaves import Leaves
from sim.world.place_levers import levers_of

_KEYS = ("name", "title", "about", "divisions", "parameters", "levers")
_LANGUAGES = ("en", "zh")
_ROUNDING = 1e-6
_COMPARED = 1000  # names that a missing one is compared with: each comparison takes time


def place_of(root: Node, faults: Faults) -> Place | None:
    """The place that a file states, or None with faults noted."""
    reader = _Reader(faults)
    top = reader.checks.entries(root, "", _KEYS)
    if not isinstance(root.value, dict):
        return None
    for key in _KEYS:
        if key not in top and key != "about":
            faults.add(root.spot, key, wording.MISSING, allowed_names(key, _KEYS))
    name = reader.slug(top["name"]) if "name" in top else ""
    title = reader.title(top["title"], "title") if "title" in top else {}
    if "about" in top:
        reader.title(top["about"], "about")
    titles = reader.divisions(top["divisions"]) if "divisions" in top else {}
    if "parameters" in top:
        reader.parameters(top["parameters"])
    slugs = tuple(titles)
    reader.together(slugs)
    levers = levers_of(top["levers"], slugs, reader.leaves) if "levers" in top else {}
    if faults:
        return None
    ledger = reader.leaves.ledger
    values = {key: parameter.default for key, parameter in ledger.items()}
    return Place(name, title, slugs, tuple(titles.values()), values, ledger, levers)


class _Reader:
    def __init__(self, faults: Faults) -> None:
        self.leaves = Leaves(faults)
        self.checks = self.leaves.checks
        self.faults = faults

    def slug(self, node: Node) -> str:
        """The name of the place, such as `jincheng-2020`."""
        word = self.checks.text(node, "name") or ""
        if word and not is_slug(word):
            trouble = wording.BAD_SLUG.format(written=wording.short(word))
            self.checks.refuse(node, "name", trouble, wording.SLUG)
        return word

    def title(self, node: Node, key: str) -> dict[str, str]:
        """A text in both languages, or one that serves both."""
        if isinstance(node.value, str):
            text = self.checks.text(node, key)
            return {} if text is None else dict.fromkeys(_LANGUAGES, text)
        entries = self.checks.entries(node, key, _LANGUAGES)
        for language in _LANGUAGES:
            if language not in entries and isinstance(node.value, dict):
                self.faults.add(node.spot, f"{key}.{language}", wording.MISSING)
        texts = {k: self.checks.text(child, f"{key}.{k}") for k, child in entries.items()}
        return {language: text for language, text in texts.items() if text is not None}

    def divisions(self, node: Node) -> dict[str, dict[str, str]]:
        """The titles of the divisions by slug; their figures go to the ledger."""
        titles: dict[str, dict[str, str]] = {}
        entries = self.checks.mapping(node, "divisions")
        if entries is not None and not entries:
            self.checks.refuse(node, "divisions", wording.EMPTY, "a place has a division")
        for slug, child in (entries or {}).items():
            key = f"divisions.{slug}"
            if is_slug(slug):
                titles[slug] = self._division(child, key)
            else:
                trouble = wording.BAD_SLUG.format(written=wording.short(slug))
                self.faults.add(child.key_spot, key, trouble, wording.SLUG)
        return titles

    def _division(self, node: Node, key: str) -> dict[str, str]:
        names = ("title", "kind", *DIVISION_FIGURES)
        entries = self.checks.entries(node, key, names)
        title: dict[str, str] = {}
        for name in (n for n in names if n not in entries and isinstance(node.value, dict)):
            self.faults.add(node.key_spot, f"{key}.{name}", wording.MISSING)
        for name, child in entries.items():
            full = f"{key}.{name}"
            if name == "title":
                title = self.title(child, full)
            elif name == "kind":
                self.checks.text(child, full)
            else:
                self.leaves.state(child, full)
                self.leaves.bound(full, DIVISION_FIGURES[name], whole=name in WHOLE_FIGURES)
        return title

    def parameters(self, node: Node) -> None:
        """The numbers that people, ties, work, the start and offices are made from."""
        before = set(self.leaves.ledger)
        for name, child in self.leaves.under(node, "parameters"):
            self.leaves.state(child, name)
        stated = set(self.leaves.ledger) - before
        unknown = sorted(stated - set(PARAMETERS))[:_COMPARED]
        for name, bounds in PARAMETERS.items():
            if self.faults.full:
                return
            if name in stated:
                self.leaves.bound(name, bounds)
            elif not self._reported(name):
                meant = nearest(name, unknown)
                self.faults.add(node.key_spot, f"parameters.{name}", wording.MISSING, "", meant)
        for whole in WHOLES:
            if stated.issuperset(whole):
                self._adds_up(whole)

    def _reported(self, name: str) -> bool:
        """Whether a number stands in the file, but with a fault of its own."""
        nodes = self.leaves.nodes
        while name not in nodes and "." in name:
            name = name.rpartition(".")[0]
        has_members = any(other.startswith(f"{name}.") for other in nodes)
        return name in nodes and not has_members

    def _adds_up(self, names: tuple[str, ...]) -> None:
        total = sum(self.leaves.ledger[name].default for name in names)
        if abs(total - 1.0) > _ROUNDING:
            others = ", ".join(names[1:])
            self._refuse(names[0], f"adds up to {wording.shown(total)} with {others}, not to 1")

    def together(self, divisions: tuple[str, ...]) -> None:
        """Note what is impossible about numbers that are each fine."""
        values = {name: parameter.default for name, parameter in self.leaves.ledger.items()}
        for name, trouble in troubles(values, divisions):
            node = self.leaves.nodes.get(name)
            if node is not None:
                self.checks.refuse(node, name, trouble)
        for slug in divisions:
            size = f"divisions.{slug}.community_residents"
            total = values.get(size, 0.0) * values.get(f"divisions.{slug}.communities", 0.0)
            if total > values.get(f"divisions.{slug}.population", total):
                self._refuse(size, "times communities is more than the population")

    def _refuse(self, name: str, trouble: str) -> None:
        self.checks.refuse(self.leaves.nodes[name], name, trouble)
