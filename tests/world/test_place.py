"""A place states its numbers flat; what follows from them moves along when they change."""

import pickle
import re

import numpy as np
import pytest

from sim.kernel import ScenarioError
from sim.scenario.find import shipped_places
from sim.world.place import load_place

CENSUS_TOTAL = 2_194_545


@pytest.fixture(scope="module")
def jincheng():
    return load_place("jincheng-2020")


def test_the_six_divisions_add_up_to_the_census(jincheng):
    assert jincheng.divisions == (
        "chengqu",
        "zezhou",
        "gaoping",
        "yangcheng",
        "lingchuan",
        "qinshui",
    )
    assert jincheng.by_division("population").sum() == CENSUS_TOTAL
    assert jincheng.by_division("communities").sum() == 162
    assert jincheng.by_division("villages").sum() == 2110
    assert jincheng.by_division("floating").sum() == 560_000
    assert jincheng.by_division("judges").sum() + 36 == 180


def test_every_number_has_a_unit_a_source_and_a_range_around_it(jincheng):
    assert set(jincheng.ledger) == set(jincheng.values)
    for name, parameter in jincheng.ledger.items():
        assert parameter.low <= jincheng.values[name] <= parameter.high, name
        assert parameter.unit, name
        assert parameter.source, name
        if parameter.status == "assumed":
            assert parameter.source.startswith("assumed"), name


def test_every_lever_has_a_base_in_every_division(jincheng):
    for name, base in jincheng.bases.items():
        assert base.shape == (6,), name
        assert np.isfinite(base).all(), name
    assert jincheng.bases["grid.subsidy_yuan_per_year"].tolist() == [6000, 0, 0, 0, 0, 0]
    # 42 judges for 574,665 residents
    expected = 42 / 5.74665
    assert jincheng.bases["courts.judges_per_100k"][0] == pytest.approx(expected, rel=1e-12)


def test_one_title_may_serve_both_languages(tmp_path):
    text = shipped_places()["two-villages"].read_text(encoding="utf-8")
    titled, count = re.subn(r"(?m)^title: .*$", "title: Here", text)
    assert count == 1
    (tmp_path / "here.yaml").write_text(titled, encoding="utf-8")
    assert load_place(tmp_path / "here.yaml").title == {"en": "Here", "zh": "Here"}


def test_the_made_up_place_says_that_it_is_made_up():
    place = load_place("two-villages")
    assert "made up" in place.title["en"]
    assert place.by_division("population").tolist() == [1100]
    assert {parameter.status for parameter in place.ledger.values()} == {"assumed"}


def test_other_numbers_move_what_follows_from_them(jincheng):
    more = jincheng.with_values({"divisions.yangcheng.judges": 38, "ties.degree.kin": 5})
    assert more.value("ties.degree.kin") == 5.0
    old, new = (place.bases["courts.judges_per_100k"] for place in (jincheng, more))
    assert new[3] == pytest.approx(2 * old[3])
    assert np.delete(new, 3).tolist() == np.delete(old, 3).tolist()
    assert more.content_hash != jincheng.content_hash
    assert jincheng.value("ties.degree.kin") == 4.0


def test_the_same_numbers_have_the_same_hash(jincheng):
    again = jincheng.with_values({"ties.degree.kin": jincheng.value("ties.degree.kin")})
    assert again.content_hash == jincheng.content_hash
    assert re.fullmatch("[0-9a-f]{64}", again.content_hash)


def test_a_group_holds_what_stands_right_under_its_name(jincheng):
    assert jincheng.group("ties.degree")["neighbours"] == 5.0
    assert jincheng.keyed("ties.degree", ("kin", "online")).tolist() == [4.0, 2.0]
    assert set(jincheng.group("start.norm")) == {"mean", "sd"}


def test_all_faults_of_an_overlay_are_told_at_once(jincheng):
    with pytest.raises(ScenarioError) as caught:
        jincheng.with_values({"ties.degre.kin": 3.0, "wrld.household_size": 2.0})
    text = str(caught.value)
    assert "ties.degree.kin" in text
    assert "world.household_size" in text


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("start.trust.sd", 0.49),  # .49^2 > .64 x .36
        ("world.household_size", float("nan")),
        ("divisions.chengqu.floating", 600_000),  # more than its residents
        ("divisions.chengqu.adult_share", 0.0),
    ],
)
def test_an_overlay_that_nobody_can_live_in_is_refused(jincheng, name, value):
    with pytest.raises(ScenarioError):
        jincheng.with_values({name: value})


def test_a_place_survives_the_way_to_another_process(jincheng):
    there = pickle.loads(pickle.dumps(jincheng))
    assert there.content_hash == jincheng.content_hash
    assert there.value("ties.degree.kin") == 4.0


def test_bases_cannot_be_changed_by_accident(jincheng):
    with pytest.raises(ValueError, match="read-only"):
        jincheng.bases["grid.workers_per_grid"][0] = 2.0


def test_every_shipped_place_can_be_read():
    for name, path in shipped_places().items():
        assert load_place(name).name == name
        assert load_place(path).content_hash == load_place(name).content_hash
