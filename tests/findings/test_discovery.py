"""What is said of boxes are counts of the points of the study, whatever they are called."""

from dataclasses import replace

import numpy as np
import pytest

import sim.findings.discovery as module
import sim.report.box_figure
from sim.findings import discovery_of
from sim.text import say
from tests.analysis.designs import fail
from tests.findings.studies import SHARING, STAFF, SUBSIDY, study

OUTCOME = "escalation_share"


@pytest.fixture(autouse=True)
def undrawn(monkeypatch):
    """Nothing is written, and a figure is the ranges that it would be drawn in."""
    monkeypatch.setattr(
        sim.report.box_figure, "box_figure", lambda steps, ranges, *_, **how: ranges
    )
    monkeypatch.setattr(module, "write_findings", lambda folder, name, content, figures: figures)


@pytest.fixture
def known(tmp_path):
    """A study without luck, a row for each of its 200 points."""
    return study("lhs", tmp_path, replications=1, luck=0.0)


def inside(frame, limits):
    """Which points lie within limits."""
    there = np.ones(len(frame), bool)
    for limit in limits:
        values = frame[limit["factor"]]
        there &= values >= (-np.inf if limit["low"] is None else limit["low"])
        there &= values <= (np.inf if limit["high"] is None else limit["high"])
    return there


def test_a_box_has_the_points_and_cases_that_lie_within_its_limits(known):
    content = discovery_of(known, OUTCOME, above=0.27).content
    cases = known.frame[OUTCOME] > 0.27
    assert content["cases"] == cases.sum()
    box = content["boxes"][0]
    there = inside(known.frame, box["limits"])
    assert (box["points"], box["cases"]) == (there.sum(), (there & cases).sum())
    assert box["density"] == pytest.approx((there & cases).sum() / there.sum())
    assert box["coverage"] == pytest.approx((there & cases).sum() / cases.sum())
    assert box["mass"] == pytest.approx(there.sum() / 200)


def test_the_leaves_of_the_tree_share_out_the_points(known):
    content = discovery_of(known, OUTCOME, above=0.27).content
    cases = known.frame[OUTCOME] > 0.27
    leaves = content["tree"]["leaves"]
    assert sum(leaf["points"] for leaf in leaves) == 200
    assert sum(leaf["points"] * leaf["density"] for leaf in leaves) == pytest.approx(cases.sum())
    for leaf in leaves:
        for limit in leaf["limits"]:
            assert -np.inf < (limit["low"] or 0.0) < (limit["high"] or np.inf)


def test_a_figure_a_box_is_drawn_in_the_ranges_of_the_study_and_the_first_bears_the_bare_name(
    known,
):
    """Cases lie in two opposite corners."""
    staff, sharing = known.frame[STAFF], known.frame[SHARING]
    corners = ((staff < 30) & (sharing < 0.33)) | ((staff > 50) & (sharing > 0.67))
    frame = known.frame.assign(**{OUTCOME: corners.astype(float)})
    found = discovery_of(replace(known, frame=frame), OUTCOME, above=0.5)
    count = len(found.content["boxes"])
    assert count > 1
    later = [f"discover-{OUTCOME}-{number}" for number in range(2, count + 1)]
    assert list(found.files) == [f"discover-{OUTCOME}", *later]
    ranges = found.files[f"discover-{OUTCOME}"]
    for name in (STAFF, SUBSIDY, SHARING):
        assert ranges[name] == (known.frame[name].min(), known.frame[name].max())


def test_a_bound_of_nought_is_a_bound_on_either_side(known):
    moved = replace(known, frame=known.frame.assign(**{OUTCOME: known.frame[OUTCOME] - 0.27}))
    for side, times in (("above", 1), ("below", -1)):
        found = discovery_of(moved, OUTCOME, **{side: 0.0}, lang="en")
        assert found.content["cases"] == (times * moved.frame[OUTCOME] > 0).sum()
        assert f"is {side} 0" in found.sentences[0]


@pytest.mark.parametrize(("luck", "some"), [(0.0, False), (0.05, True)])
def test_points_that_luck_might_put_on_the_other_side_are_told_of(luck, some, tmp_path):
    found = discovery_of(study("lhs", tmp_path, luck=luck), OUTCOME, above=0.27, lang="en")
    assert (found.content["undecided"] > 0) == some
    counts = {"count": found.content["undecided"], "total": found.content["points"]}
    sentence = say("findings.box.undecided", "en", **counts)
    assert (sentence in found.sentences) == some


@pytest.mark.parametrize(
    ("lost", "told"), [(10, "0, 1, 2, 3, 4, 5, 6, 7, 8, 9"), (11, "0, 1, 2, 3, 4, 5, 6, 7, 8, 9 …")]
)
def test_of_points_that_are_left_out_ten_are_named(lost, told, known):
    frame = known.frame
    for point in range(lost):
        frame = fail(frame, point, 0)
    frame.loc[frame["status"] == "failed", OUTCOME] = np.nan
    found = discovery_of(replace(known, frame=frame), OUTCOME, above=0.27, lang="en")
    words = {"count": lost, "total": 200, "points": told}
    assert found.sentences[-1] == say("findings.box.left_out", "en", **words)
