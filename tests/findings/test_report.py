"""The report of a design tells of each outcome its own, and why anything is missing."""

from dataclasses import replace

import pytest
from matplotlib.figure import Figure

import sim.report.design_page
from sim.analysis.design_runs import Lack
from sim.findings.effects import effects_in
from sim.findings.report import draw_effects, report_effects
from sim.store import model_version
from sim.text import say
from tests.findings.studies import OUTCOMES, study

pytestmark = pytest.mark.slow


@pytest.fixture
def told(monkeypatch, tmp_path):
    """What a report of a study is made from."""
    held = []

    def page(design, factors, names):
        held.append(design)
        return "a page"

    monkeypatch.setattr(sim.report.design_page, "design_page", page)

    def report(whole, found):
        path = report_effects(whole, found, tmp_path / "report.html", "en")
        assert path.read_text(encoding="utf-8") == "a page"
        return held[-1]

    return report


def test_a_report_says_what_was_asked_why_and_what_makes_it_again(told, tmp_path):
    title, why = {"en": "Which lever?"}, {"en": "Money is short."}
    whole = replace(study("factorial", tmp_path, replications=3), title=title, why=why)
    found = effects_in(whole, lang="en")
    design = told(replace(whole, command="shiyu sweep levers.yaml"), found)
    assert (design.title, design.why, design.command) == (title, why, "shiyu sweep levers.yaml")
    assert (design.points, design.replications) == (12, 3)
    assert design.provenance == {"version": model_version()}
    assert design.figures is found.figures
    assert design.notes == []


def test_each_outcome_is_told_by_its_own_factors_and_its_own_name(told, tmp_path):
    """Pay moves taking part, and nothing else does."""
    whole = study("factorial", tmp_path, luck=0.0)
    found = effects_in(whole, lang="en")
    design = told(whole, found)
    assert "Grid subsidy" in design.findings["effects-participation_rate"]
    assert "Mediators" not in design.findings["effects-participation_rate"]
    assert "Mediators" in design.findings["effects-escalation_share"]
    names = dict(zip(OUTCOMES, ("Escalated", "Taking part", "Spent"), strict=True))
    for outcome, name in names.items():
        for stem, key in (("course", "design_course"), ("interaction", "interaction")):
            words = say(f"report.alt.{key}", "en", outcome=name)
            assert design.findings[f"{stem}-{outcome}"] == words
    efficient = [row for row in found.content["trade_offs"]["policies"] if row["efficient"]]
    assert 1 < len(efficient) < 12
    assert f"{len(efficient)} of " in design.findings["trade-offs"]


def test_why_nothing_is_traded_off_and_which_runs_are_lacking_stand_in_the_report(told, tmp_path):
    whole = study("factorial", tmp_path)
    found = effects_in(whole, ["escalation_share"], lang="en")
    lacking = (Lack(3, 1, 7, "failed", "too many mediators"),)
    design = told(whole, replace(found, traded=None, untraded="One choice.", lacking=lacking))
    assert "trade-offs" not in design.findings
    assert design.notes[0] == "One choice."
    assert "point 3, replication 1" in design.notes[1]


def test_every_figure_is_drawn_as_both_kinds_of_file(tmp_path):
    found = effects_in(study("factorial", tmp_path), ["escalation_share"], lang="en")
    two = replace(found, figures={"one": Figure(), "other": Figure()})
    names = [path.name for path in draw_effects(two, tmp_path / "figures")]
    assert names == ["one.png", "one.svg", "other.png", "other.svg"]
