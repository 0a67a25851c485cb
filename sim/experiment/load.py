"""Turns an experiment file into a checked experiment, or into all its faults at once."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from sim.experiment import wording
from sim.experiment.constraints import Constraint, constraint
from sim.experiment.costs import LINES
from sim.experiment.designs import BREAKABLE, MOST_POINTS, Design, design
from sim.experiment.experiment import Experiment, keys_overlap, scenario_with
from sim.experiment.factors import Factor, count, factor, from_column
from sim.experiment.stopping import MOST_REPLICATIONS, Stopping, stopping
from sim.experiment.tables import Table, read_table
from sim.kernel.fault import ScenarioError, printable
from sim.scenario import Known, fields
from sim.scenario import wording as words
from sim.scenario.chain import Chain
from sim.scenario.checks import Checks
from sim.scenario.faults import Faults
from sim.scenario.find import shipped_scenarios
from sim.scenario.locate import located
from sim.scenario.node import Node
from sim.scenario.read import read_file
from sim.scenario.settings import SCENARIO, is_settable

KEYS = (
    "name",
    "title",
    "why",
    "scenario",
    "settings",
    "design",
    "factors",
    "constraints",
    "replications",
    "precision",
    "seed",
    "outcomes",
)
MOST_SEED = 2**53  # beyond it a number in a file loses digits
FIRST_REPLICATIONS = 10  # of a sweep that stops by precision
_READERS_ONLY = ("outcomes",)


def load_experiment(path: Path, known: Known) -> Experiment:
    """The checked experiment in a file.

    Raises ScenarioError with every fault of the file, of the scenarios that it names and of the
    values of its factors.
    """
    faults = Faults()
    experiment = _Reading(path, known, faults).experiment()
    faults.refuse()
    if experiment is None:
        raise AssertionError("an experiment without faults has every part")
    return experiment


class _Reading:
    """One look at an experiment file; every part is checked, whatever is wrong with the others."""

    def __init__(self, path: Path, known: Known, faults: Faults) -> None:
        self.path, self.known, self.faults = path, known, faults
        self.checks = Checks(faults)
        self.entries: dict[str, Node] = {}
        self.trees: dict[str, Node] = {}

    def experiment(self) -> Experiment | None:
        """The experiment, or None with faults noted."""
        tree = read_file(self.path, printable(str(self.path)), self.faults)
        if tree is None:
            return None
        if "design" not in tree.children and {"extends", "place"} & tree.children.keys():
            self.faults.add(tree.spot, "", wording.SCENARIO, wording.RUN_TAKES)
            return None
        if "design" not in tree.children and tree.children.keys() >= {"variants", "claims"}:
            self.faults.add(tree.spot, "", wording.STUDY, wording.STUDY_TAKES)
            return None
        self.entries = self.checks.entries(tree, "", KEYS)
        if not isinstance(tree.value, dict):
            return None
        for key in ("name", "scenario", "design"):
            if key not in self.entries:
                self.faults.add(tree.spot, key, words.MISSING)
        checks, entries = self.checks, self.entries
        name = fields.slug(entries["name"], checks) if "name" in entries else None
        texts = {
            key: fields.texts(entries[key], key, checks)
            for key in ("title", "why")
            if key in entries
        }
        base = self._tree(entries["scenario"], "scenario") if "scenario" in entries else None
        settings = self._settings()
        plan = design(entries["design"], checks) if "design" in entries else None
        table = None
        if plan is not None and plan.file is not None:
            table = read_table(plan.file, self.faults)
        factors = self._factors(plan, table, settings, tree)
        if base is not None:
            self._judge_values(base, settings, factors)
        constraints = self._constraints(plan, table, settings)
        replications, stopping = self._how_often(tree)
        seed = self._seed()
        outcomes = self._outcomes()
        if self.faults or name is None or base is None or plan is None or replications is None:
            return None
        return Experiment(
            name=name,
            title=texts.get("title") or dict.fromkeys(fields.LANGUAGES, name),
            why=texts.get("why") or dict.fromkeys(fields.LANGUAGES, ""),
            path=self.path,
            scenario=base,
            settings=settings,
            design=plan,
            factors=factors,
            constraints=constraints,
            replications=replications,
            stopping=stopping,
            seed=seed,
            outcomes=outcomes,
            table=table,
            content=tree.plain(),
            trees=self.trees,
            known=self.known,
        )

    def _children(self, key: str) -> Mapping[str, Node]:
        return self.entries[key].children if key in self.entries else {}

    def _tree(self, node: Node, key: str) -> str | None:
        """The name under which a scenario was read, whole; None with faults noted."""
        written = self.checks.text(node, key)
        if written is None or written in self.trees:
            return written
        found = located(written, node.spot, key, shipped_scenarios(), self.faults)
        if found is None:
            return None
        tree = Chain(self.faults).read(*found)
        if tree is None:
            return None
        self.trees[written] = tree
        return written

    def _settings(self) -> dict[str, Node]:
        """What is set alike at every point, by dotted key."""
        node = self.entries.get("settings")
        if node is None:
            return {}
        found: dict[str, Node] = {}
        for key, child in (self.checks.mapping(node, "settings") or {}).items():
            found |= dict(child.leaves(f"{key}.")) if child.children else {key: child}
        return {key: child for key, child in found.items() if self._settable(key, child)}

    def _settable(self, key: str, child: Node) -> bool:
        spot = child.key_spot
        if key.split(".")[0] in _READERS_ONLY:
            trouble = wording.NOT_A_FACTOR.format(why=wording.READERS_ONLY)
            self.faults.add(spot, key, trouble)
            return False
        return key == SCENARIO or is_settable(key, spot, self.faults)

    def _factors(
        self, plan: Design | None, table: Table | None, settings: Mapping[str, Node], tree: Node
    ) -> dict[str, Factor]:
        node = self.entries.get("factors")
        found: dict[str, Factor] = {}
        if plan is not None and plan.kind == "list":
            if node is not None:
                self.checks.refuse(node, "factors", wording.FACTORS_IN_FILE)
            for place, head in enumerate(table.heads if table else ()):
                key = str(head.value)
                if self._settable(key, head) and table is not None:
                    cells = tuple(row[place] for row in table.rows)
                    found[key] = from_column(key, cells, head)
        elif node is None:
            self.faults.add(tree.spot, "factors", words.MISSING)
        else:
            for key, child in (self.checks.mapping(node, "factors") or {}).items():
                if self._settable(key, child):
                    varied = factor(key, child, plan.kind if plan else None, self.checks)
                    if varied is not None:
                        found[key] = varied
            if node.value == {}:
                self.checks.refuse(node, "factors", wording.NO_FACTORS)
        self._refuse_overlaps(found, settings)
        for varied in found.values():
            if varied.key == SCENARIO:
                for item in varied.nodes:
                    self._tree(item, f"factors.{SCENARIO}")
        if plan is not None and table is None and found:
            size = plan.size(tuple(found.values()))
            if size > MOST_POINTS:
                trouble = wording.TOO_MANY_POINTS.format(count=size, limit=MOST_POINTS)
                self.checks.refuse(self.entries["design"], "design", trouble)
        return found

    def _refuse_overlaps(self, factors: Mapping[str, Factor], settings: Mapping[str, Node]) -> None:
        """Refuse what is set twice: the later would silently win."""
        spots = [(key, node.key_spot) for key, node in settings.items()]
        spots += [(key, varied.node.key_spot) for key, varied in factors.items()]
        for place, (key, spot) in enumerate(spots):
            for other, _ in spots[:place]:
                if keys_overlap(key, other):
                    self.faults.add(spot, key, wording.OVERLAP.format(other=other))

    def _judge_values(
        self, base: str, settings: Mapping[str, Node], factors: Mapping[str, Factor]
    ) -> None:
        """Judge each value of each factor by itself, in the scenario that it is laid over.

        What a fault was reported for already is left out.
        """
        settings = {key: node for key, node in settings.items() if node.sound}
        # Under the factor's own key, so that what is wrong with the key is told there, and once.
        ends = [
            (key, node.under(varied.node.key_spot))
            for key, varied in factors.items()
            for node in varied.ends()
        ]
        tries: list[dict[str, Node]] = [{}, *({key: node} for key, node in ends if node.sound)]
        for nodes in tries:
            name = str(nodes[SCENARIO].value) if SCENARIO in nodes else base
            if name not in self.trees or self.faults.full:
                continue
            try:
                scenario_with(self.trees[name], {**settings, **nodes}, self.known)
            except ScenarioError as error:
                self.faults.include(error.faults)

    def _constraints(
        self, plan: Design | None, table: Table | None, settings: Mapping[str, Node]
    ) -> tuple[Constraint, ...]:
        node = self.entries.get("constraints")
        if node is None:
            return ()
        if plan is not None and plan.kind not in BREAKABLE:
            kinds = ", ".join(BREAKABLE)
            trouble = wording.CONSTRAINED.format(kind=plan.kind, kinds=kinds)
            self.checks.refuse(node, "constraints", trouble)
        written = table.keys if table else tuple(self._children("factors"))
        names = (*written, *settings)
        members = self.checks.members(node, "constraints") or ()
        found = [constraint(one, "constraints", names, LINES, self.checks) for one in members]
        told = tuple(one for one in found if one is not None)
        self._refuse_costs_unseen(told, written)
        return told

    def _refuse_costs_unseen(self, found: Sequence[Constraint], factors: Sequence[str]) -> None:
        """Refuse a bound on costs that is blind to a factor which costs money: no budget at all."""
        for one in found:
            unseen = [
                key
                for key in factors
                if "cost" in one.names
                and key not in one.names
                and any(keys_overlap(key, f"policies.{x}") for x in self.known.paid_as_it_goes)
            ]
            if unseen:
                trouble = wording.NOT_IN_COST.format(levers=", ".join(unseen))
                self.faults.add(one.spot, "constraints", trouble)

    def _how_often(self, tree: Node) -> tuple[int | None, Stopping | None]:
        """Replications, at first, and what ends them."""
        given, rule = self.entries.get("replications"), self.entries.get("precision")
        if given is None and rule is None:
            self.faults.add(tree.spot, "replications", wording.NO_REPLICATIONS)
            return None, None
        number: int | None = FIRST_REPLICATIONS
        value = None if given is None else given.value
        if rule is not None and isinstance(value, int | float) and value < FIRST_REPLICATIONS:
            trouble = wording.FIRST_ONES.format(least=FIRST_REPLICATIONS)
            self.checks.refuse(self.entries["replications"], "replications", trouble)
            number = None
        elif given is not None:
            number = count(given, "replications", 1, MOST_REPLICATIONS, self.checks)
        if rule is None:
            return number, None
        return number, stopping(rule, number or 1, self.known.outcomes, self.checks)

    def _seed(self) -> int:
        node = self.entries.get("seed")
        return 1 if node is None else count(node, "seed", 0, MOST_SEED, self.checks) or 0

    def _outcomes(self) -> tuple[str, ...] | None:
        node = self.entries.get("outcomes")
        if node is None:
            return None
        names = self.known.called_outcomes
        return self.checks.names(node, "outcomes", names, words.NO_OUTCOME, words.ALL_OUTCOMES)
