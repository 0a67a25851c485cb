"""Who knows what a thing is called, or what it is about, finds its name; also in Chinese."""

import pytest

from sim.engine.ledger import known
from sim.kernel import ScenarioError
from sim.scenario import LEVERS, load
from sim.text import fault_in
from sim.text.search import by_words

KNOWN = known()
MEANINGS = {name: tuple(lever.meaning.values()) for name, lever in LEVERS.items()}


def scenario(**parts):
    return load({"name": "x", "extends": "jincheng-2020", **parts}, KNOWN)


def fault(**parts):
    with pytest.raises(ScenarioError) as refused:
        scenario(**parts)
    (found,) = refused.value.faults
    return found


@pytest.mark.parametrize(
    ("asked", "first"),
    [
        ("meetings", "deliberation.meetings_per_year"),
        ("议事次数", "deliberation.meetings_per_year"),
        ("judges", "courts.judges_per_100k"),
        ("法官", "courts.judges_per_100k"),
        ("drip irrigation", "water.drip_subsidy_share"),
    ],
)
def test_a_lever_is_found_by_its_name_or_its_meaning_in_either_language(asked, first):
    assert by_words(asked, MEANINGS)[0] == first


def test_words_that_fit_nothing_find_nothing():
    assert by_words("replications zebra", MEANINGS) == []


@pytest.mark.parametrize("written", ["meetings_per_year", "meetings", "议事"])
def test_a_lever_that_is_half_known_is_told_by_its_whole_name(written):
    meant = fault(policies={written: 3}).suggestion.split(", ")
    assert "policies.deliberation.meetings_per_year" in meant


def test_a_slip_of_the_pen_is_only_corrected():
    assert fault(policies={"mediaton": {"staff_per_10k": 3}}).suggestion == "mediation"


def test_names_of_a_long_list_stand_from_a_to_z_and_a_command_has_the_rest():
    found = fault(parameters={"zzz": 3})
    names, listed = found.allowed.split("; ")
    shown = names.removeprefix("allowed here: ").removesuffix(", ...").split(", ")
    assert shown == sorted(shown)
    assert "`shiyu parameters`" in listed


def test_for_a_chinese_word_the_list_begins_at_its_beginning():
    assert fault(outcomes=["甲乙丙"]).allowed.startswith(
        f"allowed here: {', '.join(sorted(KNOWN.outcomes)[:8])}, ..."
    )


def test_a_number_at_a_mechanism_is_told_the_parameters_below_it():
    found = fault(parameters={"grievance": 0.8})
    assert "parameters.grievance.decay_per_year" in found.allowed
    assert "请写明下一级：parameters.grievance.decay_per_year" in fault_in(str(found), "zh")


def test_a_parameter_without_its_mechanism_is_told_each_that_has_one_of_the_name():
    meant = fault(parameters={"decay_per_year": 0.8}).suggestion.split(", ")
    assert "parameters.grievance.decay_per_year" in meant
    assert all(name.endswith(".decay_per_year") for name in meant)


def test_of_parameters_that_fit_alike_those_of_the_mechanism_at_hand_come_first():
    meant = fault(parameters={"grievance": {"decay": 0.8}}).suggestion.split(", ")
    assert meant[0] == "parameters.grievance.decay_per_year"


@pytest.mark.parametrize("called", ["yangcheng", "Yangcheng", "阳城县", "阳城"])
def test_a_division_may_be_called_by_its_name_in_a_policy_and_in_a_shock(called):
    found = scenario(
        policies={"courts": {"prelitigation_share": {"divisions": {called: 0.5}}}},
        shocks=[{"kind": "flood", "on": "2021-01-01", "division": called, "households": 100}],
    )
    level = found.policies["courts.prelitigation_share"].steps[0].level
    assert level.divisions == (("yangcheng", 0.5),)
    assert found.shocks[0].division == "yangcheng"


def test_a_division_called_in_two_ways_is_given_twice():
    shares = {"yangcheng": 0.5, "阳城县": 0.4}
    found = fault(policies={"courts": {"prelitigation_share": {"divisions": shares}}})
    assert found.trouble == "names yangcheng a second time"


def test_a_division_is_understood_beside_the_word_divisions_in_chinese_too():
    found = fault(policies={"courts": {"prelitigation_share": {"阳城": 0.5}}})
    assert found.suggestion == "divisions: {阳城: ...}"


@pytest.mark.parametrize("place", ["城", "县", "北京"])
def test_part_of_a_name_is_no_division(place):
    shares = {place: 0.5}
    found = fault(policies={"courts": {"prelitigation_share": {"divisions": shares}}})
    assert found.trouble == "no such division"


@pytest.mark.parametrize(
    ("written", "listed"), [("洋城", "城区, 泽州县"), ("yangchen1", "chengqu, zezhou")]
)
def test_divisions_are_listed_in_the_language_of_the_one_that_is_not_there(written, listed):
    policy = {"courts": {"prelitigation_share": {"divisions": {written: 0.5}}}}
    shock = {"kind": "flood", "on": "2021-01-01", "division": written, "households": 100}
    assert fault(policies=policy).allowed.startswith(f"allowed here: {listed}")
    assert fault(shocks=[shock]).allowed.startswith(f"allowed here: {listed}")


def test_a_base_whose_division_is_called_otherwise_is_told_how_to_lay_over_it():
    base = {"name": "b", "extends": "jincheng-2020"}
    policy = {"courts": {"prelitigation_share": {"divisions": {"yangcheng": 0.5}}}}
    over = {"policies.courts.prelitigation_share.divisions.阳城": 0.4}
    with pytest.raises(ScenarioError) as refused:
        load({**base, "policies": policy}, KNOWN, over)
    (found,) = refused.value.faults
    assert "write yangcheng in both" in found.allowed
    assert "两处都写yangcheng" in fault_in(str(found), "zh")


def test_outcomes_may_be_called_as_they_are_shown():
    called = KNOWN.outcome_names["participation_rate"]
    for name in called[:2]:
        assert scenario(outcomes=[name]).outcomes == ("participation_rate",)


def test_an_outcome_under_two_of_its_names_is_listed_twice():
    short = KNOWN.outcome_names["participation_rate"][1]
    assert "is listed twice" in fault(outcomes=["participation_rate", short]).trouble


def test_an_outcome_that_is_half_known_is_told_by_its_name():
    assert "trust_court" in fault(outcomes=["对法院"]).suggestion
