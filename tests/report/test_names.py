"""What scenarios are called in figures and reports tells them apart."""

from sim.report.names import Names

TITLES = {
    "more": {"title": {"en": "Mediators", "zh": "更多调解员"}},
    "fewer": {"title": {"en": "Mediators", "zh": "更少调解员"}},
    "none": {"title": {"en": "", "zh": ""}},
    "nothing": {},
}


def test_scenarios_of_one_title_bear_their_names_too():
    names = Names("en", TITLES)
    told = [names.scenario(name) for name in TITLES]
    assert told == ["Mediators (more)", "Mediators (fewer)", "none", "nothing"]


def test_titles_that_differ_in_the_language_read_stand_alone():
    assert Names("zh", TITLES).scenario("more") == "更多调解员"
