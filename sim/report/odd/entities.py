"""Element 2: who and what there is, what changes of it, and how long, large and fine it is."""

from sim.report.numbers import shown
from sim.report.odd.blocks import Block, Bullets, Part, Section, Table, Text
from sim.report.odd.subject import Subject
from sim.report.odd.telling import (
    as_written,
    code,
    column_row,
    division_titles,
    heads,
    last_day,
    people_expected,
    place_title,
    rounded,
    told,
    told_if,
)

BUILT = ("people", "units", "offices", "firms", "organisations")
APART = {"projects": "works", "mobilisation": "issues"}  # tables without declared columns
NO_THINGS = ("waits", "lists")  # what is known of offices, who moved: no kinds of things
COUNTS = ("population", "communities", "villages", "townships", "floating")
FIGURES = ("population", "urban_share", "communities", "villages", "townships", "floating")


def entities(subject: Subject, lang: str) -> Section:
    """Entities, state variables and scales."""
    kinds = Bullets([entity(table, lang) for table in tables_of(subject)])
    blocks: list[Block] = [kinds, variables(subject, lang), scales(subject, lang)]
    return Section("entities", told("element.entities", lang), blocks, 2)


def tables_of(subject: Subject) -> list[str]:
    """The kinds of things in the world: those that are built, and those that mechanisms add."""
    named = [name for kind in subject.on for name in (*kind.reads, *kind.writes, *kind.adds)]
    apart = [table for mechanism, table in APART.items() if mechanism in subject.names]
    tables = dict.fromkeys([*BUILT, *(name.partition(".")[0] for name in named), *apart])
    return [table for table in tables if table not in NO_THINGS]


def entity(table: str, lang: str) -> str:
    """What the rows of a table are."""
    return told_if(f"entity.{table}", lang) or told("entity_other", lang, table=table)


def variables(subject: Subject, lang: str) -> Part:
    """A table of state variables for each kind of thing."""
    blocks: list[Block] = [Text(told("variables.intro", lang))]
    columns = heads(("variable", "unit", "range", "kind", "owner"), lang)
    for table in tables_of(subject):
        rows, notes = [], []
        for name, column in subject.columns.items():
            if name.partition(".")[0] == table:
                rows.append(column_row(name, column, subject.owners[name].name, lang))
                notes.append(as_written(column.meaning, lang))
        if rows:
            caption = told("variables.of", lang, table=told_if(f"rows.{table}", lang) or table)
            meant = told("head.meaning", lang)
            blocks.append(Table(caption, columns, rows, (), notes, meant, whole=(2, 3)))
    if subject.built:
        blocks.append(Text(told("variables.built", lang, columns=code(subject.built, lang))))
    return Part(told("variables.title", lang), blocks)


def scales(subject: Subject, lang: str) -> Part:
    """Time, space and the share that is simulated."""
    items = [time(subject, lang), space(subject, lang), scale(subject, lang)]
    titles = division_titles(subject.scenario, lang)
    values = subject.scenario.place.values
    rows = [
        (title, *(shown(values.get(f"divisions.{slug}.{figure}")) for figure in FIGURES))
        for slug, title in titles.items()
    ]
    columns = heads(("division", *FIGURES), lang)
    numbers = tuple(range(1, len(columns)))
    table = Table(told("scales.divisions", lang), columns, rows, numbers)
    return Part(told("scales.title", lang), [Bullets(items), table])


def time(subject: Subject, lang: str) -> str:
    """How long a run lasts and how fine it is."""
    scenario = subject.scenario
    return told(
        "scales.time",
        lang,
        start=scenario.start.isoformat(),
        end=last_day(scenario).isoformat(),
        years=shown(scenario.years),
        days=shown(scenario.step_days),
        steps=shown(scenario.steps),
    )


def space(subject: Subject, lang: str) -> str:
    """Where it takes place."""
    place = subject.scenario.place
    sums = {}
    for figure in COUNTS:
        each = (place.values.get(f"divisions.{slug}.{figure}", 0.0) for slug in place.divisions)
        sums[figure] = shown(sum(each))
    title = place_title(subject.scenario, lang)
    return told("scales.space", lang, place=title, divisions=len(place.divisions), **sums)


def scale(subject: Subject, lang: str) -> str:
    """How much of the place is simulated."""
    share = subject.scenario.scale
    people = rounded(people_expected(subject))
    if share == 1:
        return told("scales.whole", lang, people=people)
    each = rounded(1 / share, 3)
    return told("scales.scale", lang, scale=shown(share), people=people, each=each)
