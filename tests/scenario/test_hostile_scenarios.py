"""Whatever is done to a good scenario, it loads or is refused with faults; nothing else happens."""

import string
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.kernel.fault import ScenarioError
from sim.scenario import Scenario, load

from .made_up import made_up_known

KNOWN = made_up_known()
GOOD = """\
name: good
extends: jincheng-2020
title: {en: "Good", zh: "好"}
scale: 0.02
time: {start: 2021-01-01, years: 2, step_days: 3.5}
mechanisms: [disputes, grievance]
parameters: {grievance: {decay_per_year: 0.9}}
policies:
  mediation: {staff_per_10k: &posts 60}
  grid:
    subsidy_yuan_per_year:
      - {from: 2021-01-01, value: *posts}
      - {from: 2022-01-01, value: {default: 1, divisions: {chengqu: 2}}}
outcomes: [escalation_share]
"""
PIECES = [
    *("&a ", "*a", "!!int ", "? ", ": ", "- ", "{", "}", "[", "]", ", ", "'", '"', "\n", "\t", "#"),
    *("|\n", ">-\n", "%YAML 1.3\n", "---\n", "...\n", "<<: ", ".nan", "-.INF", "1e400", "0x", "~"),
    *("null", "true", "2020-02-30", "\\", "\0", "\x7f", "\ufeff", "\u2028", "\ud7ff", "\U0001f600"),
    *("  ", "extends: good", "name: good\n", "policies.grid", "9" * 30, "divisions", "default: "),
]


def refused_or_loaded(content: bytes, folder: Path) -> None:
    path = folder / "mutant.yaml"
    path.write_bytes(content)
    try:
        scenario = load(path, KNOWN)
    except ScenarioError as refused:
        check_messages(refused)
    else:
        assert isinstance(scenario, Scenario)
        scenario.canonical()


def check_messages(refused: ScenarioError) -> None:
    """There is at least one; each is a line of its own, and every letter can be printed."""
    assert refused.faults
    assert len(str(refused).splitlines()) == len(refused.faults)
    str(refused).encode("utf-8")


@st.composite
def mutants(draw):
    """A good file with pieces put in, taken out, or copied elsewhere."""
    text = GOOD
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(text)))
        end = draw(st.integers(start, min(len(text), start + 30)))
        kind = draw(st.sampled_from(["put in", "take out", "copy", "letters"]))
        if kind == "put in":
            text = text[:start] + draw(st.sampled_from(PIECES)) + text[start:]
        elif kind == "take out":
            text = text[:start] + text[end:]
        elif kind == "copy":
            text = text[:start] + text[start:end] + text[start:]
        else:
            text = text[:start] + draw(st.text(string.printable, max_size=4)) + text[end:]
    return text


@pytest.mark.slow
@settings(max_examples=250, deadline=None, suppress_health_check=list(HealthCheck))
@given(mutants())
def test_a_mutilated_scenario_is_refused_or_loads(tmp_path_factory, text):
    refused_or_loaded(text.encode("utf-8"), tmp_path_factory.getbasetemp())


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.binary(max_size=200), st.integers(0, len(GOOD.encode("utf-8"))))
def test_bytes_of_any_kind_are_refused_or_load(tmp_path_factory, junk, place):
    good = GOOD.encode("utf-8")
    refused_or_loaded(good[:place] + junk + good[place:], tmp_path_factory.getbasetemp())


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.dates() | st.binary(),
    lambda below: st.lists(below, max_size=3) | st.dictionaries(st.text(), below, max_size=3),
    max_leaves=8,
)
KEYS = st.sampled_from(
    [
        "name",
        "title",
        "place",
        "scale",
        "time",
        "time.start",
        "time.years",
        "mechanisms",
        "parameters",
        "parameters.grievance.decay_per_year",
        "policies",
        "policies.mediation.staff_per_10k",
        "policies.grid.subsidy_yuan_per_year.divisions",
        "shocks",
        "outcomes",
        "graph",
        "extends",
        "scenario",
    ]
)


@pytest.mark.slow
@settings(max_examples=250, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.dictionaries(KEYS | st.text(max_size=5), VALUES, max_size=3))
def test_settings_of_any_kind_are_refused_or_hold(changes):
    for source, overrides in (("jincheng-2020", changes), ({"name": "a", **changes}, {})):
        try:
            load(source, KNOWN, overrides)
        except ScenarioError as refused:
            check_messages(refused)


@pytest.mark.slow
@pytest.mark.parametrize(
    "text",
    [
        "[" * 100_000,
        "{a: " * 50_000,
        "- " * 50_000,
        "a" * 500_000,
        "&a " * 1000,
        "? " * 10_000,
        "x: &x\n  y: *x\n",
        "policies: {" + ".".join("a" * 3000) + ": 1}",
        "'" + "\n" * 100_000,
        "\n".join(f"k{number}: 1" for number in range(20_000)),
        "!<tag:yaml.org,2002:python/object/apply:os.system> [exit]",
    ],
    ids=range(11),
)
def test_a_text_made_to_hurt_is_refused(text, tmp_path):
    path = tmp_path / "hostile.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ScenarioError):
        load(path, KNOWN)


def test_a_mapping_that_holds_itself_is_refused():
    endless: dict[str, object] = {"name": "endless"}
    endless["title"] = endless
    with pytest.raises(ScenarioError, match="nested deeper than 40 levels"):
        load(endless, KNOWN)
