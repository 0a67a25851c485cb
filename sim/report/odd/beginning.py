"""Elements 5 and 6: how a world begins, and what drives it from outside."""

from collections.abc import Mapping

from sim.kernel import Parameter
from sim.report.numbers import shown
from sim.report.odd.blocks import Block, Bullets, Fold, Part, Section, Table, Text
from sim.report.odd.subject import Subject
from sim.report.odd.telling import (
    as_written,
    base_text,
    code,
    division_titles,
    heads,
    lever_facts,
    lever_value,
    listed,
    named,
    parameter_row,
    place_title,
    setting_text,
    shock_cell,
    span,
    told,
)
from sim.scenario import LEVERS
from sim.world.tie_picks import CIRCLE, STREET_REACH

LAYERS = ("household", "neighbours", "kin", "coworkers", "friends", "online")
MEASURED = ("graph_mean_degree", "graph_clustering", "graph_cross_class_share", "graph_homophily")
STEPS = ("units", "people", "work", "bodies", "prepare", "warm_up")


def initialisation(subject: Subject, lang: str) -> Section:
    """Initialisation."""
    prepared = [name for name in subject.prepared if name in subject.names]
    prepared += [name for name in subject.names if name not in prepared]
    order = listed((named(name, lang) for name in prepared), lang)
    items = [told(f"start.{step}", lang, order=order) for step in STEPS]
    items.insert(3, told("start.file" if subject.scenario.graph else "start.ties", lang))
    blocks: list[Block] = [
        Text(told("start.intro", lang)),
        Bullets(items, ordered=True),
        Text(told("start.luck", lang)),
        graph(subject, lang),
        place_numbers(subject, lang),
    ]
    return Section("initialisation", told("element.initialisation", lang), blocks, 5)


def graph(subject: Subject, lang: str) -> Part:
    """What the scenario or the place asks of the social graph; nothing of it is measured here."""
    values = subject.scenario.place.values
    columns = heads(("layer", "degree", "local_share", "strength"), lang)
    rows = [
        (
            told(f"layer.{layer}", lang),
            *(shown(values.get(f"ties.{what}.{layer}")) for what in ("degree", "local_share")),
            shown(values.get(f"ties.strength.{layer}")),
        )
        for layer in LAYERS
    ]
    whole = told(
        "graph.whole",
        lang,
        clustering=shown(values.get("ties.clustering")),
        homophily=shown(values.get("ties.homophily")),
    )
    picks = told("graph.picks", lang, circle=str(CIRCLE), reach=str(STREET_REACH))
    blocks: list[Block] = [Text(told("graph.intro", lang))]
    if subject.scenario.graph is not None:
        file = subject.scenario.graph.name
        blocks.append(Text(told("graph.file", lang, file=file)))
    else:
        blocks += [Table(told("graph.caption", lang), columns, rows, (1, 2, 3)), Text(whole)]
        blocks.append(Text(picks))
    there = {str(outcome["name"]) for outcome in subject.asked}
    asked = [name for name in MEASURED if name in there]
    if asked:
        blocks.append(Text(told("graph.measured", lang, outcomes=code(asked, lang))))
    else:
        blocks.append(Text(told("graph.not_measured", lang)))
    return Part(told("graph.title", lang), blocks)


def place_numbers(subject: Subject, lang: str) -> Part:
    """Every number of the place, by group."""
    ledger = subject.place_parameters
    groups: dict[str, dict[str, Parameter]] = {}
    for name, parameter in ledger.items():
        groups.setdefault(name.partition(".")[0], {})[name] = parameter
    folds: list[Block] = []
    for group, members in groups.items():
        title = told("start.group", lang, group=group, count=len(members))
        folds.append(Fold(title, [ledger_table(members, subject, lang, "")]))
    intro = told(
        "start.numbers", lang, count=len(ledger), place=place_title(subject.scenario, lang)
    )
    return Part(told("start.numbers_title", lang), [Text(intro), *folds])


def ledger_table(
    ledger: Mapping[str, Parameter], subject: Subject, lang: str, caption: str
) -> Table:
    """Parameters with value in force, default, range, unit, status and source."""
    rows = [parameter_row(name, p, subject.value(name), lang) for name, p in ledger.items()]
    columns = heads(("parameter", "value", "default", "range", "unit", "status"), lang)
    notes = [as_written(parameter.source, lang) for parameter in ledger.values()]
    source = told("head.source", lang)
    return Table(caption, columns, rows, (1, 2), notes, source, whole=(3, 5))


def inputs(subject: Subject, lang: str) -> Section:
    """Input data."""
    place = subject.scenario.place
    blocks: list[Block] = [
        Text(told("input.place", lang, place=place.name, hash=place.content_hash[:16])),
        Text(told("input.none", lang)),
        policies(subject, lang),
        bases(subject, lang),
        shocks(subject, lang),
    ]
    return Section("input", told("element.input", lang), blocks, 6)


def policies(subject: Subject, lang: str) -> Part:
    """The levers that the scenario sets, with what holds and when."""
    scenario = subject.scenario
    title = told("policies.title", lang)
    if not scenario.policies:
        return Part(title, [Text(told("policies.none", lang))])
    moved, titles = scenario.policies_in_force(), division_titles(scenario, lang)
    rows, notes = [], []
    for name, schedule in scenario.policies.items():
        unit, meaning = lever_facts(name, lang)
        held = setting_text(name, schedule.plain(), titles, lang)
        mechanism = LEVERS[name].mechanism if name in LEVERS else ""
        if mechanism and mechanism in {kind.name for kind in subject.off}:
            state = told("policies.idle", lang, mechanism=mechanism)
        else:
            state = told("policies.moved" if name in moved else "policies.at_base", lang)
        base = base_text(scenario, name, lang)
        rows.append((f"`{name}`", held, base, unit, state))
        notes.append(meaning)
    columns = heads(("lever", "setting", "base", "unit", "state"), lang)
    meant = told("head.meaning", lang)
    table = Table(told("policies.caption", lang), columns, rows, (), notes, meant)
    return Part(title, [Text(told("policies.intro", lang)), table])


def bases(subject: Subject, lang: str) -> Fold:
    """What every lever that is obeyed stands at before any policy."""
    rows, notes = [], []
    for name, parameter in subject.lever_bases.items():
        lever = LEVERS.get(name)
        allowed = "–" if lever is None else span(lever.low, lever.high, lang)
        if lever is not None and lever.choices:
            allowed = told("slash", lang).join(
                lever_value(name, i, lang) for i in range(len(lever.choices))
            )
        unit, meaning = lever_facts(name, lang)
        status = told(f"status.{parameter.status}", lang)
        base = base_text(subject.scenario, name, lang)
        obeyed = code((kind.name for kind in subject.on if name in kind.levers), lang)
        rows.append((f"`{name}`", base, unit, allowed, status, obeyed))
        notes.append(meaning)
    columns = heads(("lever", "base", "unit", "allowed", "status", "obeyed_by"), lang)
    title = told("bases.title", lang, count=len(rows))
    table = Table("", columns, rows, (), notes, told("head.meaning", lang))
    return Fold(title, [table])


def shocks(subject: Subject, lang: str) -> Part:
    """The dated shocks of the scenario, if there are any."""
    title = told("shocks.title", lang)
    if not subject.shocks:
        return Part(title, [Text(told("shocks.none", lang))])
    keys = list(dict.fromkeys(key for shock in subject.shocks for key in shock))
    titles = division_titles(subject.scenario, lang)
    rows = [
        [shock_cell(key, shock.get(key), titles, lang) for key in keys] for shock in subject.shocks
    ]
    columns = [told(f"shock.{key}", lang) for key in keys]
    table = Table(told("shocks.caption", lang), columns, rows)
    return Part(title, [Text(told("shocks.intro", lang)), table])
