"""Factors and outcomes go by the names of levers, scenarios and the catalogue."""

from sim.findings.words import factor_names, outcomes_here, units
from tests.findings.studies import STAFF, SUBSIDY

DECAY = "parameters.grievance.decay_per_year"


def test_a_factor_has_the_unit_of_its_lever_or_its_parameter_and_else_none():
    names = factor_names([STAFF, DECAY, "parameters.grievance.made_up", "time.years"], "en")
    assert names.unit(DECAY) == "1/year"
    assert names.unit(STAFF) != ""
    assert names.unit("parameters.grievance.made_up") == names.unit("time.years") == ""


def test_a_setting_that_is_a_scenario_goes_by_its_title_and_by_its_name_when_it_cannot_be_read():
    for lang, title in (("en", "Twice as many mediators"), ("zh", "调解员翻番")):
        names = factor_names(["scenario"], lang)
        assert names.value("scenario", "mediators-doubled") == title
        assert names.value("scenario", "no-such-scenario") == "no-such-scenario"


def test_a_setting_for_some_divisions_names_them_by_their_titles():
    nested = {SUBSIDY: {"some": {"default": 0, "divisions": {"hilltop": 9000}}, "none": {}}}
    titles = {"hilltop": {"title": {"en": "Hilltop County"}}}
    told = factor_names([SUBSIDY], "en", nested, titles).value(SUBSIDY, "some")
    assert "Hilltop County" in told
    assert "hilltop" not in told


def test_an_outcome_of_a_users_own_mechanism_has_no_unit():
    found = units(["participation_rate", "a_users_own"])
    assert found == {"participation_rate": "share", "a_users_own": ""}


def test_outcomes_that_there_are_stand_from_a_to_z():
    there = ("trust_city", "late_share", "escalation_share")
    assert outcomes_here("zzz", there) == "allowed here: escalation_share, late_share, trust_city"


def test_an_outcome_of_a_users_own_mechanism_is_meant_by_a_slip_of_the_pen():
    assert outcomes_here("lantrens", ("lanterns", "late_share")).endswith("did you mean lanterns?")
