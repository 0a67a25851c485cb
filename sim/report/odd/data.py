"""A description as plain values that JSON can hold, with the text of every section beside them."""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from sim.kernel import Mechanism, Parameter
from sim.report.odd.blocks import Document
from sim.report.odd.markdown import blocks
from sim.report.odd.subject import Subject, equations_of
from sim.report.odd.telling import last_day, what
from sim.scenario import LEVERS
from sim.scenario.levers import worded
from sim.world.tie_picks import CIRCLE, STREET_REACH

LAYER_FACTS = ("degree", "local_share", "strength")


def content(subject: Subject, document: Document, part: str) -> dict[str, Any]:
    """What a script may want to know; `sections` hold the words, as Markdown."""
    scenario = subject.scenario
    found: dict[str, Any] = {
        "scenario": scenario.name,
        "title": dict(scenario.title),
        "why": dict(scenario.why),
        "part": part,
        "lang": document.lang,
        "version": subject.version,
        "command": subject.command,
        "place": scenario.place.name,
        "scale": scenario.scale,
        "time": {
            "start": scenario.start.isoformat(),
            "end": last_day(scenario).isoformat(),
            "years": scenario.years,
            "step_days": scenario.step_days,
            "steps": scenario.steps,
        },
        "base": None if subject.base is None else subject.base.name,
        "delta": [vars(one) for one in subject.differences],
        "statuses": subject.counts(),
    }
    if part != "delta":
        found |= _facts(subject, document.lang)
    found["sections"] = [
        {
            "number": section.number,
            "key": section.key,
            "title": section.title,
            "text": "\n".join(blocks(section.blocks, document.lang, 3)).strip(),
        }
        for section in document.sections
    ]
    return found


def _facts(subject: Subject, lang: str) -> dict[str, Any]:
    scenario = subject.scenario
    return {
        "mechanisms": [_mechanism(kind, subject, lang) for kind in subject.week],
        "absent": list(subject.absent),
        "parameters": [*_parameters(subject)],
        "levers": [*_levers(subject)],
        "policies": {
            name: worded(name, dated.plain()) for name, dated in scenario.policies.items()
        },
        "shocks": subject.shocks,
        "graph": _graph(subject),
        "outcomes": [outcome["name"] for outcome in subject.asked],
        "known_results": [vars(result) for result in subject.results],
        "levels": [vars(level) for level in subject.levels],
        "responses": [vars(response) for response in subject.responses],
    }


def _mechanism(kind: type[Mechanism], subject: Subject, lang: str) -> dict[str, Any]:
    return {
        "name": kind.name,
        "group": subject.group(kind),
        "on": kind in subject.on,
        "does": what(kind, lang),
        "equations": equations_of(kind),
        "reads": list(kind.reads),
        "writes": [
            {
                "column": name,
                "unit": column.unit,
                "low": column.low,
                "high": column.high,
                "start": column.start,
                "meaning": column.meaning,
                "flow": column.flow,
            }
            for name, column in kind.writes.items()
        ],
        "adds": list(kind.adds),
        "levers": list(kind.levers),
    }


def _parameters(subject: Subject) -> Iterator[dict[str, Any]]:
    ledgers: tuple[Mapping[str, Parameter], ...] = (subject.parameters, subject.place_parameters)
    for ledger in ledgers:
        for name, parameter in ledger.items():
            yield {"name": name, **vars(parameter), "value": subject.value(name)}


def _levers(subject: Subject) -> Iterator[dict[str, Any]]:
    place = subject.scenario.place
    for name, parameter in subject.lever_bases.items():
        lever = LEVERS.get(name)
        base = np.asarray(place.bases[name], float).tolist()
        yield {
            "name": name,
            "unit": parameter.unit if lever is None else lever.unit,
            "base": dict(zip(place.divisions, base, strict=True)),
            "low": parameter.low if lever is None else lever.low,
            "high": parameter.high if lever is None else lever.high,
            "status": parameter.status,
            "source": parameter.source,
            "meaning": {} if lever is None else dict(lever.meaning),
        }


def _graph(subject: Subject) -> dict[str, Any]:
    """What is asked of the graph; nothing of it is measured for a description."""
    values, file = subject.scenario.place.values, subject.scenario.graph
    layers: dict[str, dict[str, float]] = {}
    for name, value in values.items():
        root, _, rest = name.partition(".")
        fact, _, layer = rest.partition(".")
        if root == "ties" and fact in LAYER_FACTS and layer:
            layers.setdefault(layer, {})[fact] = value
    return {
        "file": None if file is None else str(file),
        "layers": layers,
        "clustering": values.get("ties.clustering"),
        "homophily": values.get("ties.homophily"),
        "circle_people": CIRCLE if file is None else None,
        "street_reach_people": STREET_REACH if file is None else None,
        "measured": None,
    }
