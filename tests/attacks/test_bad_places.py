"""A bad place is refused in the place's own file, by what the scenario calls that file."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from sim.cli.app import app
from sim.engine.ledger import known
from sim.kernel.fault import ScenarioError
from sim.scenario import load
from sim.scenario.find import shipped_places
from tests.thinned import one_in

KNOWN = known()
GOOD = shipped_places()["two-villages"].read_text(encoding="utf-8")
HUGE = "{value: 1.0e+200, unit: a, low: 0, high: 1.0e+300, status: assumed, source: made up}"
LEVERS = GOOD.index("levers:\n")
PARAMETERS = GOOD.index("parameters:\n")
PEOPLE = "divisions.liangcun.population"
MANY = ", ".join(f"k{number}: 1" for number in range(3000))
BOGUS = f"  bogus: {{value: {{{MANY}}}, unit: a, low: 0, high: 2, status: assumed, source: b}}\n"


def changed(old: str, new: str) -> str:
    assert GOOD.count(old) == 1
    return GOOD.replace(old, new)


# what it is -> the file, a part of the good file at which the fault is told, its key and words
BAD_PLACES = {
    "nothing": ("", None, "", "holds nothing"),
    "a list": ("[1]", None, "", "must be a mapping, not a list"),
    "no levers at all": (GOOD[:LEVERS], "name:", "levers", "is missing"),
    "levers as a list": (GOOD[:LEVERS] + "levers: []", "levers:", "levers", "not a list"),
    "no divisions": (
        changed("divisions:\n", "divisons:\n"), "divisions:", "divisons", "no such key"),
    "a division of nothing": (
        changed("  liangcun:\n", "  nowhere:\n  liangcun:\n"),
        "  liangcun",
        "divisions.nowhere",
        "is empty",
    ),
    "a division that is no slug": (
        changed("  liangcun:\n", "  Liang Cun:\n"),
        "  liangcun",
        "divisions.Liang Cun",
        "is not a slug",
    ),
    "people as a word": (
        changed("{value: 1100,", "{value: many,"), "{value: 1100", PEOPLE,
        "must be a number, not the text 'many'"),
    "people without end": (
        changed("{value: 1100,", "{value: .inf,"), "{value: 1100", f"{PEOPLE}.value",
        ".inf is not a finite number"),
    "people below none": (
        changed("{value: 1100, unit: residents, low: 500",
                "{value: -5, unit: residents, low: -9"), "{value: 1100", PEOPLE,
        "-5 is below 10"),
    "half a village": (changed("{value: 2, unit: villages", "{value: 2.5, unit: villages"),
                       "{value: 2,", "divisions.liangcun.villages", "is not a whole number"),
    "an unknown status": (
        changed("high: 6, status: assumed", "high: 6, status: so"), "villages: {",
        "divisions.liangcun.villages.status", "so is not one of them"),
    "a lever beyond its range": (
        changed("{value: 0.3, unit: share of working time, low: 0.15, high: 0.5",
                "{value: 3, unit: share of working time, low: 0.15, high: 5"),
        "{value: 0.3, unit: share of working time", "levers.grid.paperwork_share",
        "3 is above 0.9; allowed: 0 to 0.9 (share)"),
    "a lever twice": (
        GOOD + "  grid.workers_per_grid: 1\n", None, "levers.grid.workers_per_grid", "given twice"),
    "a spread beyond all numbers": (
        GOOD.replace("\n  start:\n", f"\n  start:\n    odd: {{sd: {HUGE}, mean: {HUGE}}}\n"),
        None, "start.odd.mean", "cannot have a spread of 1e+200"),
    "thousands of unknown numbers": (
        GOOD[:PARAMETERS] + "parameters:\n" + BOGUS + GOOD[LEVERS:], "parameters:",
        "parameters.world.household_size", "is missing"),
}  # fmt: skip


@pytest.fixture(autouse=True)
def in_an_empty_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("what", one_in(4, BAD_PLACES))
def test_a_bad_place_is_told_where_it_stands(what):
    text, part, key, words = BAD_PLACES[what]
    Path("here.yaml").write_text(text, encoding="utf-8")
    Path("mine.yaml").write_text("name: mine\nextends: two-villages\nplace: ./here.yaml\n")
    with pytest.raises(ScenarioError) as refused:
        load("mine.yaml", KNOWN)
    found = [f for f in refused.value.faults if f.key == key and words in str(f)]
    assert found, str(refused.value)
    assert {fault.where for fault in refused.value.faults} == {"here.yaml"}
    assert all(fault.line and fault.column for fault in refused.value.faults)
    if part is not None:
        assert found[0].line == GOOD[: GOOD.index(part)].count("\n") + 1
    run = CliRunner().invoke(app, ["run", "mine.yaml", "--out", "kept"], env={"SHIYU_LANG": "en"})
    assert (run.exit_code, run.stdout, run.stderr) == (2, "", f"{refused.value}\n")
    assert not Path("kept").exists()


def test_a_lever_that_the_place_leaves_out_is_missed_where_the_place_is_named():
    text = GOOD.replace("\n  petitions.response_days:", "\n  petitions.days:")
    Path("here.yaml").write_text(text, encoding="utf-8")
    lines = "name: mine\nextends: two-villages\nplace: ./here.yaml\n"
    Path("mine.yaml").write_text(lines, encoding="utf-8")
    with pytest.raises(ScenarioError) as refused:
        load("mine.yaml", KNOWN)
    words = "mine.yaml:3:8: place: two-villages states no base value for petitions.response_days"
    assert str(refused.value) == words
    Path("mine.yaml").write_text(lines + "mechanisms: [disputes, grievance]\n", encoding="utf-8")
    assert load("mine.yaml", KNOWN).mechanisms == ("disputes", "grievance")
