"""Gathers what a description tells: a scenario, its base, the code that is on, what is known."""

import shlex
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.report.odd import Subject

NOT_SAID = {"part": "full", "format": "md", "lang": "en"}  # what need not be typed


def subject_of(
    source: str, settings: Mapping[str, Any], against: str | None, words: Mapping[str, str]
) -> "Subject":
    """The subject of a description.

    Settings are laid over the scenario and not over its base, so that a delta tells of them.
    `words` are the options by which the same is asked for again. Raises ScenarioError.
    """
    from sim.engine.load import load
    from sim.engine.order import PREPARED, WEEK
    from sim.engine.user_mechanisms import user_mechanisms
    from sim.evidence.known import known_levels, known_responses, known_results
    from sim.mechanisms.equations import EQUATIONS
    from sim.outcomes import CATALOGUE
    from sim.report.names import meanings_of
    from sim.report.odd import KnownResult, Level, Response, Subject
    from sim.scenario.base import base_source
    from sim.store.fingerprint import model_version

    source = str(settings.get("scenario", source))
    own = {key: value for key, value in settings.items() if key != "scenario"}
    scenario = load(source, own)
    beside = against or base_source(source, scenario.place.name, own)
    users = user_mechanisms(scenario)
    names = [*scenario.mechanisms, *(kind.name for kind in users)]
    place = scenario.place.name
    outcomes = meanings_of(CATALOGUE.values())
    return Subject(
        scenario=scenario,
        week=(*WEEK, *users),
        prepared=[kind.name for kind in PREPARED],
        designed=tuple(EQUATIONS),
        outcomes=[{"name": name, **facts} for name, facts in outcomes.items()],
        results=[KnownResult(**row) for row in known_results(names)],
        levels=[Level(**row) for row in known_levels(place, names)],
        responses=[Response(**row) for row in known_responses(place, names)],
        version=model_version(),  # it names the code, also in a checkout that was edited
        command=command_of(source, own, against, words),
        source=source,
        base=None if beside is None else load(beside),
        base_source="" if beside is None else shlex.quote(beside),
    )


def command_of(
    source: str, settings: Mapping[str, Any], against: str | None, words: Mapping[str, str]
) -> str:
    """What to type to get the same description."""
    line = ["shiyu", "describe", source]
    if against:
        line += ["--against", against]
    for option, value in words.items():
        if value != NOT_SAID.get(option):
            line += [f"--{option}", value]
    for key, value in settings.items():
        line += ["--set", f"{key}={value}"]
    return shlex.join(line)
