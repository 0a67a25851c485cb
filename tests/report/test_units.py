"""Every unit that an outcome is reported in has words in both languages."""

import pytest

from sim.report.numbers import scale_words, unit_words
from sim.text import LANGUAGES, every_string


def test_a_unit_that_follows_a_number_also_names_an_axis() -> None:
    for lang in LANGUAGES:
        keys = [key for key in every_string(lang) if key.startswith("report.unit.")]
        scales = {key for key in every_string(lang) if key.startswith("report.scale.")}
        assert {key.replace(".unit.", ".scale.") for key in keys} == scales


def test_the_units_of_all_outcomes_are_translated() -> None:
    outcomes = pytest.importorskip("sim.outcomes", exc_type=ImportError)
    for unit in {outcome.unit for outcome in outcomes.CATALOGUE.values()}:
        slug = "".join(c if c.isalnum() else "_" for c in unit.lower())
        for lang in LANGUAGES:
            assert f"report.scale.{slug}" in every_string(lang), unit
        assert scale_words(unit, "zh") != unit or not unit_words(unit, "zh")
