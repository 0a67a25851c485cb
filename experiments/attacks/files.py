"""Tries mutated scenarios, experiments, places and settings; counts how each kind comes out.

Usage: `python experiments/attacks/files.py --tries 20000 --seed 1 --page`. Ends with status 1 if
anything but what the file says or a located message came out; `--page` writes
docs/attacks-files.md.
"""

import argparse
import os
import random
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from attacks.bad_files import BAD_FILES  # noqa: E402  the cases of the tests
from attacks.mutations import MUTATIONS, setting  # noqa: E402
from attacks.tries import (  # noqa: E402
    ACCEPTED,
    REFUSED,
    TRACEBACK,
    Try,
    attempt,
    attempt_experiment,
)

from sim.engine.ledger import known  # noqa: E402
from sim.kernel.fault import printable  # noqa: E402
from sim.scenario.find import shipped_places, shipped_scenarios  # noqa: E402

PAGE = ROOT / "docs" / "attacks-files.md"
HEAD = (Path(__file__).parent / "files.head.md").read_text(encoding="utf-8")
SHOWN_LETTERS = 200
SHOWN_TRACEBACKS = 5


@dataclass
class Count:
    """How the tries of one kind came out."""

    tries: int = 0
    accepted: int = 0
    refused: int = 0
    tracebacks: int = 0
    slowest: float = 0.0

    def add(self, done: Try) -> None:
        """Count one try."""
        self.tries += 1
        self.accepted += done.outcome == ACCEPTED
        self.refused += done.outcome == REFUSED
        self.tracebacks += done.outcome == TRACEBACK
        self.slowest = max(self.slowest, done.seconds)


def tried(
    tries: int, studies: int, places: int, settings: int, seed: int
) -> Iterator[tuple[str, Try]]:
    """Every try with its kind; the same for the same numbers."""
    facts = known()
    luck = random.Random(seed)
    good = [path.read_bytes() for path in shipped_scenarios().values()]
    city = [shipped_places()["two-villages"].read_bytes()]
    mutant = Path("mutant.yaml")
    for number in range(tries):
        mutate = MUTATIONS[number % len(MUTATIONS)]
        mutant.write_bytes(mutate(luck, luck.choice(good), luck.choice(good)))
        yield f"scenario: {mutate.__name__}", attempt(mutant.name, facts)
    plans = [path.read_bytes() for path in sorted((ROOT / "experiments").glob("*.yaml"))]
    for number in range(studies):
        mutate = MUTATIONS[number % len(MUTATIONS)]
        mutant.write_bytes(mutate(luck, luck.choice(plans), luck.choice(plans)))
        yield f"experiment: {mutate.__name__}", attempt_experiment(mutant, facts)
    for number in range(places):
        mutate = MUTATIONS[number % len(MUTATIONS)]
        Path("place.yaml").write_bytes(mutate(luck, city[0], luck.choice(good)))
        scenario = {"name": "mine", "extends": "two-villages", "place": "./place.yaml"}
        yield f"place: {mutate.__name__}", attempt(scenario, facts)
    for _ in range(settings):
        key, value = setting(luck)
        yield "setting", attempt("jincheng-2020", facts, {key: value})


def table(counts: dict[str, Count]) -> list[str]:
    """A line a kind."""
    heads = "| kind | tries | accepted | refused | tracebacks | slowest (s) |"
    lines = [heads, "|---|---:|---:|---:|---:|---:|"]
    total = Count()
    for kind, count in counts.items():
        lines.append(_row(kind, count))
        for name in ("tries", "accepted", "refused", "tracebacks"):
            setattr(total, name, getattr(total, name) + getattr(count, name))
        total.slowest = max(total.slowest, count.slowest)
    return [*lines, _row("all", total)]


def messages() -> list[str]:
    """The message that each bad file gets, a line a file."""
    facts = known()
    lines = ["| what the file is | its first message |", "|---|---|"]
    for bad in BAD_FILES:
        Path("bad.yaml").write_bytes(bad.content)
        said = attempt("bad.yaml", facts).said.splitlines()
        first = next((line for line in said if bad.words in line), said[0])
        cell = first if len(first) <= SHOWN_LETTERS else f"{first[: SHOWN_LETTERS - 3]}..."
        cell = cell.replace("|", "\\|").replace("`", "'")
        lines.append(f"| {printable(bad.what)} | `{cell}` |")
    return lines


def _row(kind: str, count: Count) -> str:
    numbers = (count.tries, count.accepted, count.refused, count.tracebacks)
    return f"| {kind} | {' | '.join(f'{n:,}' for n in numbers)} | {count.slowest:.2f} |"


def main() -> int:
    """Try, print the table, and write the page when asked."""
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("--tries", type=int, default=20_000, help="of scenario files")
    ask.add_argument("--studies", type=int, default=4_500, help="tries of an experiment's file")
    ask.add_argument("--places", type=int, default=900, help="tries of a place's file")
    ask.add_argument("--settings", type=int, default=5_000, help="tries of --set")
    ask.add_argument("--seed", type=int, default=1)
    ask.add_argument("--page", action="store_true", help=f"write {PAGE.name}")
    given = ask.parse_args()
    counts: dict[str, Count] = {}
    broken: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        for kind, done in tried(
            given.tries, given.studies, given.places, given.settings, given.seed
        ):
            counts.setdefault(kind, Count()).add(done)
            if done.outcome == TRACEBACK:
                broken.append(f"{kind}: {done.said}")
        lines = table(counts)
        print("\n".join([*lines, *broken[:SHOWN_TRACEBACKS]]))
        if given.page:
            said = {"tried": "\n".join(lines), "messages": "\n".join(messages())}
            text = HEAD.format(**vars(given), files=len(BAD_FILES), **said)
            PAGE.write_text(text, encoding="utf-8")
        os.chdir(ROOT)
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
