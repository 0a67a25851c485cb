"""Writes docs/mechanisms/: a page for each mechanism, from its code. Run by `make docs`.

`python docs/mechanism_pages.py NAME...` writes only these pages (and the drawing).
"""

import inspect
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, get_args, get_origin, get_type_hints

import numpy as np

from sim.engine.order import WEEK
from sim.kernel import Column, Limit, Mechanism, Within
from sim.mechanisms.equations import EQUATIONS
from sim.report.feeds import feeds_figure
from sim.report.limit_plot import Curve, limit_figure
from sim.report.style import save
from sim.text import say
from sim.verify import check, limits
from sim.verify.page import section
from sim.verify.runner import mechanism_of, verdict_rows
from sim.world.messages import MESSAGES, TRANSITIONS

FOLDER = Path(__file__).parent / "mechanisms"
IMAGES = Path(__file__).parent / "images" / "mechanisms"
NOTE = "<!-- Written by `make docs` from the code; edit that, not this page. -->"
CURVE = ("expected", "simulated", "low", "high", "tolerance")
AROUND = (1 / 3, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0)  # times the default
FINER = tuple(np.geomspace(1 / 3, 3, 25).tolist())  # where lists are of several lengths

# What the axis of a drawn limit counts: the first number among the settings of each limit.
UNITS = {
    ("accepted_share", "years"): "years",
    ("assessment", "weights"): "weight",
    ("cascade", "people"): "people",
    ("commons", "farmers"): "farmers",
    ("court_backlog", "judges"): "judges",
    ("court_days", "judges"): "judges",
    ("deadline", "sessions_per_year"): "hearings a year",
    ("degroot", "people"): "people",
    ("detection", "hazard"): "a year",
    ("distress", "inflow"): "a year",
    ("education", "seats"): "seats a year",
    ("epstein", "officers"): "officers",
    ("friedkin_johnsen", "people"): "people",
    ("granovetter", "thresholds"): "people who act already",
    ("grievance", "inflow"): "a year",
    ("harris_todaro", "wage_urban"): "yuan a month",
    ("homophily", "share"): "share of people",
    ("integration", "inflow"): "a year",
    ("labour", "separation"): "a year",
    ("land", "parcels"): "parcels",
    ("matching", "coverage"): "share of units",
    ("norms", "inflow"): "a year",
    ("organisations", "births_per_year"): "organisations a year",
    ("parallel", "stages"): "stages",
    ("participation", "h"): "log odds",
    ("petition_items", "prevented"): "share of items",
    ("pipeline", "stage_days"): "days",
    ("points", "applicants"): "applicants",
    ("poisson", "rate"): "disputes per 10,000 people a year",
    ("public_goods", "jurisdictions"): "jurisdictions",
    ("queue", "servers"): "mediators",
    ("recording", "success"): "share of cases",
    ("shock", "households"): "households",
    ("shortfall", "plan"): "yuan a year",
    ("softmax", "utilities"): "utility",
    ("staffing", "hires_per_year"): "hires a year",
    ("time_bank", "mint_per_year"): "hours a year",
    ("transfer", "misroute"): "share of transfers",
}


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

    So do messages, that one leaves and another takes. Whoever handles disputes hands them over
    through their common table.
    """
    found: dict[tuple[str, str], list[str]] = {}
    for giver in WEEK:
        for taker in WEEK:
            read = [name for name in giver.writes if name in taker.reads]
            taken = {*taker.writes, *(name for name in taker.reads if name in MESSAGES)}
            posted = [name for name in giver.adds if name in taken]
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
            if name in MESSAGES:
                yield f"| `{name}` | {'takes' if does == 'reads' else does} | | {MESSAGES[name]} |"
            else:
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
    """The quantities of a limit over its first setting that is a number, or holds one."""
    setting = first_number(factory)
    if setting is None:
        return
    rows = rows_along(setting, AROUND, factory, mechanism)
    if len({len(r["expected"]) for r in rows if isinstance(r["expected"], list)}) > 1:
        rows = rows_along(setting, FINER, factory, mechanism)
    unit = unit_of(factory, setting)
    label = setting.label if unit == setting.label else f"{setting.label} ({unit})"
    curves = []
    for quantity in dict.fromkeys(r["quantity"] for r in rows):
        own = [r for r in rows if r["quantity"] == quantity]
        if len(own) > 2:
            parts = {k: [r[k] for r in own] for k in CURVE}
            values = [r["value"] for r in own]
            curves.append(Curve(quantity, own[0]["unit"], label, values, **parts))
    numbers = [curve for curve in curves if not curve.is_list]
    # numbers that never move (another's gain: 0) say less as lines than lists do
    moving = any(len(set(curve.expected)) > 1 for curve in numbers)
    lists = [curve for curve in curves if curve.is_list]
    yield from numbers if moving or not lists else lists


def unit_of(factory: Callable[..., Limit], setting: "Setting") -> str:
    """The unit of the setting along which a limit is drawn."""
    name = next(name for name, made in limits().items() if made is factory)
    return UNITS[name, setting.name]


def rows_along(
    setting: "Setting",
    times: Sequence[float],
    factory: Callable[..., Limit],
    mechanism: type[Mechanism],
) -> list[dict[str, Any]]:
    """Verdict rows at so many times the default, each with its value and what is allowed."""
    rows = []
    for value, settings in setting.along(times):
        try:
            limit = factory(**settings)
        except ValueError:
            continue
        allowed = {quantity.name: quantity.tolerance for quantity in limit.quantities}
        rows += [
            r | {"value": value, "tolerance": allowed[r["quantity"]]}
            for r in verdict_rows(check(limit, mechanism))
        ]
    return rows


@dataclass(frozen=True)
class Setting:
    """A number among the settings of a limit, by itself or at a position of a list."""

    name: str
    default: Any
    bounds: Within
    whole: bool
    position: int | None = None

    @property
    def label(self) -> str:
        """What stands under the axis."""
        return self.name if self.position is None else f"{self.name}, {self.position + 1}"

    def along(self, times: Sequence[float]) -> Iterator[tuple[float, dict[str, Any]]]:
        """Values at so many times the default, and the settings that they make."""
        default = self.default if self.position is None else self.default[self.position]
        values = np.clip(default * np.array(times), self.bounds.low, self.bounds.high).tolist()
        for value in dict.fromkeys(round(v) if self.whole else v for v in values):
            if self.position is None:
                yield value, {self.name: value}
            else:
                listed = list(self.default)
                listed[self.position] = value
                yield value, {self.name: tuple(listed)}


def first_number(factory: Callable[..., Limit]) -> Setting | None:
    """The first setting that is a number other than 0; else the first list that holds one."""
    hints = get_type_hints(factory, include_extras=True)
    lists = []
    for name, parameter in inspect.signature(factory).parameters.items():
        if get_origin(hints[name]) is not Annotated:
            continue
        kind, *extras = get_args(hints[name])
        bounds = next((e for e in extras if isinstance(e, Within)), None)
        default = parameter.default
        if bounds and kind in (int, float) and default:
            return Setting(name, default, bounds, kind is int)
        if bounds and isinstance(default, tuple) and any(default):
            position = next(place for place, number in enumerate(default) if number)
            whole = get_args(kind)[:1] == (int,)
            lists.append(Setting(name, default, bounds, whole, position))
    return lists[0] if lists else None


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
