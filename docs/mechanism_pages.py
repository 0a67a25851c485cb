"""Writes docs/mechanisms/: a page for each mechanism, from its code. Run by `make docs`.

`python docs/mechanism_pages.py NAME...` writes only these pages (and the drawing).
"""

import inspect
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Annotated, Any, get_args, get_origin, get_type_hints

import numpy as np

from sim.engine.order import WEEK
from sim.engine.user_mechanisms import TRANSITIONS
from sim.kernel import Column, Limit, Mechanism, Within
from sim.mechanisms.equations import EQUATIONS
from sim.report.feeds import feeds_figure
from sim.report.limit_plot import Curve, limit_figure
from sim.report.style import save
from sim.text import say
from sim.verify import check, limits
from sim.verify.page import section
from sim.verify.runner import mechanism_of, verdict_rows

FOLDER = Path(__file__).parent / "mechanisms"
IMAGES = Path(__file__).parent / "images" / "mechanisms"
NOTE = "<!-- Written by `make docs` from the code; edit that, not this page. -->"
CURVE = ("expected", "simulated", "low", "high", "tolerance")
AROUND = (1 / 3, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0)  # times the default


def main(names: Sequence[str]) -> None:
    """Write the pages, the drawing and the list."""
    for mechanism in WEEK:
        if not names or mechanism.name in names:
            lines = [NOTE, *page(mechanism), ""]
            write(FOLDER / f"{mechanism.name}.md", "\n".join(lines))
    for lang in ("en", "zh"):
        order = [mechanism.name for mechanism in WEEK]
        groups = {mechanism.name: group_of(mechanism) for mechanism in WEEK}
        figure = feeds_figure(order, groups, feeds(), lang)
        save(figure, IMAGES / f"feeds{'' if lang == 'en' else '.zh'}", kinds=("png",))
    write(FOLDER / "index.md", "\n".join([NOTE, *index(), ""]))


def write(path: Path, text: str) -> None:
    """Write a page."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")
    print(path)


def group_of(mechanism: type[Mechanism]) -> str:
    """conflict, society, government or place."""
    return mechanism.__module__.split(".")[2]


def feeds() -> dict[tuple[str, str], list[str]]:
    """The columns by which one mechanism feeds another: written and read, or posted and emptied.

    Whoever handles disputes hands them over through their common table.
    """
    found: dict[tuple[str, str], list[str]] = {}
    for giver in WEEK:
        for taker in WEEK:
            read = [name for name in giver.writes if name in taker.reads]
            posted = [name for name in giver.adds if name in taker.writes]
            if TRANSITIONS in giver.adds and TRANSITIONS in taker.adds:
                posted.append(TRANSITIONS)
            if giver is not taker and read + posted:
                found[giver.name, taker.name] = read + posted
    return found


def page(mechanism: type[Mechanism]) -> Iterator[str]:
    """The page of one mechanism."""
    yield f"# {mechanism.name}"
    yield f"\n{inspect.getdoc(mechanism)} ({group_of(mechanism)})"
    yield f"\n$$ {EQUATIONS[mechanism.name]} $$"
    yield f"\n```text\n{inspect.getdoc(inspect.getmodule(mechanism))}\n```"
    yield f"\n**What would falsify it.** {say(f'mechanisms.{mechanism.name}.falsified', 'en')}"
    yield f"\n{say(f'mechanisms.{mechanism.name}.falsified', 'zh')}"
    yield "\n## Columns\n"
    yield from columns(mechanism)
    if mechanism.levers:
        yield "\n## Levers\n"
        yield ", ".join(f"`{name}`" for name in mechanism.levers)
    yield "\n## Parameters\n"
    yield from parameters(mechanism)
    own = [name for name, make in limits().items() if mechanism_of(make) is mechanism]
    for name in own:
        rows = verdict_rows(check(limits()[name](), mechanism))
        yield "\n" + "\n\n".join(section(name, rows, "en"))
        drawn = plot(name, mechanism)
        if drawn:
            yield f"\n![{name}: theory and simulation](../images/mechanisms/{drawn})"
    takers = {pair[1]: names for pair, names in feeds().items() if pair[0] == mechanism.name}
    givers = {pair[0]: names for pair, names in feeds().items() if pair[1] == mechanism.name}
    yield "\n## What it feeds, and what feeds it\n"
    for heading, others in (("feeds", takers), ("is fed by", givers)):
        for other, names in others.items():
            listed = ", ".join(f"`{name}`" for name in names)
            yield f"- {heading} [{other}]({other}.md): {listed}"


def columns(mechanism: type[Mechanism]) -> Iterator[str]:
    """A table of what it writes, reads and adds to."""
    owners = {name: kind for kind in WEEK for name in kind.writes}
    yield "| column | | unit | meaning |\n|---|---|---|---|"
    for name, column in mechanism.writes.items():
        yield row(name, "owns (flow)" if column.flow else "owns", column)
    for does, names in (("reads", mechanism.reads), ("adds to", mechanism.adds)):
        for name in names:
            owner = owners.get(name)
            yield row(name, does, owner.writes[name] if owner else None)


def row(name: str, does: str, column: Column | None) -> str:
    """One column in the table; those of the built world carry no declaration."""
    unit, meaning = (column.unit, column.meaning) if column else ("", "as the world was built")
    return f"| `{name}` | {does} | {unit} | {meaning} |"


def parameters(mechanism: type[Mechanism]) -> Iterable[str]:
    """The ledger of the mechanism."""
    yield "| parameter | default | range | unit | status | source |\n|---|---|---|---|---|---|"
    for name, p in mechanism.ledger().items():
        yield (
            f"| `{name}` | {p.default:g} | {p.low:g} to {p.high:g} | {p.unit} | {p.status} | "
            f"{p.source} |"
        )


def plot(name: str, mechanism: type[Mechanism]) -> str | None:
    """Draw a limit over its first number; None when no number can be varied."""
    curves = list(curves_of(limits()[name], mechanism))
    if not curves:
        return None
    save(limit_figure(curves), IMAGES / name, kinds=("png",))
    return f"{name}.png"


def curves_of(factory: Callable[..., Limit], mechanism: type[Mechanism]) -> Iterator[Curve]:
    """The quantities of a limit that are single numbers, over the first setting that is one."""
    setting = first_number(factory)
    if setting is None:
        return
    name, default, bounds, whole = setting
    rows: list[dict[str, Any]] = []
    for value in dict.fromkeys(
        round(v) if whole else v for v in np.clip(default * np.array(AROUND), *bounds).tolist()
    ):
        try:
            limit = factory(**{name: value})
        except ValueError:
            continue
        allowed = {quantity.name: quantity.tolerance for quantity in limit.quantities}
        rows += [
            r | {"value": value, "tolerance": allowed[r["quantity"]]}
            for r in verdict_rows(check(limit, mechanism))
        ]
    for quantity in dict.fromkeys(r["quantity"] for r in rows):
        own = [r for r in rows if r["quantity"] == quantity]
        if len(own) > 2 and not any(isinstance(r["expected"], list) for r in own):
            parts = {k: [r[k] for r in own] for k in CURVE}
            values = [r["value"] for r in own]
            yield Curve(quantity, own[0]["unit"], name, values, **parts)


def first_number(
    factory: Callable[..., Limit],
) -> tuple[str, float, tuple[float, float], bool] | None:
    """Name, default, bounds and wholeness of the first setting that is a number other than 0."""
    hints = get_type_hints(factory, include_extras=True)
    for name, parameter in inspect.signature(factory).parameters.items():
        hint = hints[name]
        if get_origin(hint) is not Annotated:
            continue
        kind, *extras = get_args(hint)
        bounds = next((e for e in extras if isinstance(e, Within)), None)
        if bounds and kind in (int, float) and parameter.default:
            return name, parameter.default, (bounds.low, bounds.high), kind is int
    return None


def index() -> Iterator[str]:
    """The list in the order of the week, and the drawing."""
    yield "# Mechanisms\n"
    yield f"{len(WEEK)} mechanisms, in the order in which they act in a week.\n"
    yield "| | mechanism | group | what happens |\n|---|---|---|---|"
    for position, mechanism in enumerate(WEEK, start=1):
        name = mechanism.name
        first = (inspect.getdoc(mechanism) or "").splitlines()[0]
        yield f"| {position} | [{name}]({name}.md) | {group_of(mechanism)} | {first} |"
    yield "\n![How the mechanisms feed each other](../images/mechanisms/feeds.png)"
    yield "\n[中文图](../images/mechanisms/feeds.zh.png)"


if __name__ == "__main__":
    main(sys.argv[1:])
