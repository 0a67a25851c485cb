"""What the numbers of a place must satisfy together before people can be made from them.

The reader of place files asks with a line to point at, an overlay of values without one.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain

from sim.world.figures import DIVISION_FIGURES, PARAMETERS, WHOLES, Bounds

Trouble = tuple[str, str]  # (dotted name, what is wrong)


def bounds_of(divisions: Sequence[str]) -> Iterator[tuple[str, Bounds]]:
    """Every number that a place with these divisions must state, with its bounds."""
    yield from PARAMETERS.items()
    for slug in divisions:
        for figure, bounds in DIVISION_FIGURES.items():
            yield f"divisions.{slug}.{figure}", bounds


def troubles(values: Mapping[str, float], divisions: Sequence[str]) -> Iterator[Trouble]:
    """Everything that makes checked single numbers impossible together."""
    yield from chain.from_iterable(_division(values, slug) for slug in divisions)
    for whole in WHOLES:
        if sum(values.get(name, 0.0) for name in whole) <= 0.0:
            yield whole[0], f"is 0, as are {', '.join(whole[1:])}; one must be more"
    for name, mean in values.items():
        if name.startswith("start.") and ".mean" in name and ".threshold." not in name:
            spread = spread_of(name, values)
            if spread is not None and not 0.0 < spread * spread < mean * (1.0 - mean):
                yield name, f"a mean of {mean:g} on 0-1 cannot have a spread of {spread:g}"


def _division(values: Mapping[str, float], slug: str) -> Iterator[Trouble]:
    start = f"divisions.{slug}"
    figure = {name: values.get(f"{start}.{name}") for name in DIVISION_FIGURES}
    known = {name: value for name, value in figure.items() if value is not None}
    if len(known) < len(figure):
        return
    if known["communities"] + known["villages"] < 1:
        yield f"{start}.villages", "leaves neither a village nor a community"
    if known["floating"] > known["population"]:
        yield f"{start}.floating", "is more than the population"


def spread_of(name: str, values: Mapping[str, float]) -> float | None:
    """The standard deviation that belongs to a mean: the nearest `sd` above it."""
    while "." in name:
        name = name.rpartition(".")[0]
        if f"{name}.sd" in values:
            return values[f"{name}.sd"]
    return None
