"""What levers are called in tables and figures."""

import pytest

from sim.scenario.levers import LEVERS


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_lever_has_a_few_words_of_its_own_which_are_no_longer_than_its_meaning(lang):
    short = [lever.short[lang] for lever in LEVERS.values()]
    assert len(set(short)) == len(LEVERS)
    for name, lever in LEVERS.items():
        assert lever.short[lang] != name
        assert len(lever.short[lang]) <= len(lever.meaning[lang]), name
