"""Units, sources and meanings that the code states are told in Chinese too, and nothing else is."""

import re
from collections.abc import Iterator

from sim.engine.ledger import full_ledger
from sim.engine.order import WEEK
from sim.evidence.known import known_results
from sim.outcomes import CATALOGUE
from sim.scenario.find import shipped_places
from sim.scenario.levers import LEVERS
from sim.text import phrase_in
from sim.text.phrases import phrases
from sim.world.place import load_place


def of_the_code() -> Iterator[str]:
    """What stands beside parameters, levers, outcomes, columns and known results."""
    for told in (*LEVERS.values(), *CATALOGUE.values()):
        yield told.unit
    for place in map(load_place, shipped_places()):
        for parameter in full_ledger(place).values():
            yield from (parameter.unit, parameter.source)
    for mechanism in WEEK:
        for column in mechanism.writes.values():
            yield from (column.unit, column.meaning)
    for result in known_results([mechanism.name for mechanism in WEEK]):
        yield from (result["says"], result["source"])
        yield from (unit for _, unit in result["quantities"])


def test_every_phrase_of_the_code_has_a_chinese_one_and_no_other_has() -> None:
    assert set(phrases()) == set(of_the_code())


def test_chinese_phrases_have_the_shares_and_years_of_the_english_ones() -> None:
    for english, chinese in phrases().items():
        numbers = re.findall(r"(?<!\d)\.\d+|\b(?:19|20)\d\d\b", english)
        assert all(number in chinese for number in numbers), (english, chinese)


def test_a_phrase_of_a_users_own_mechanism_stays_as_it_is() -> None:
    assert phrase_in("bushels a goat", "zh") == "bushels a goat"
    assert phrase_in("yuan a mu", "en") == "yuan a mu"
    assert phrase_in("yuan a mu", "zh") == "元/亩"
