"""The typeface draws every sentence of the catalogue, and is a clean static TrueType font."""

import pytest
from fontTools.ttLib import TTFont
from matplotlib import font_manager

from sim.report.fonts.build_font import beyond_gb2312, build, gb2312
from sim.report.style import FAMILY, FONT_FILE
from sim.text import LANGUAGES, every_string


@pytest.fixture(scope="module")
def drawn() -> set[int]:
    return set(TTFont(FONT_FILE).getBestCmap())


@pytest.mark.parametrize("lang", LANGUAGES)
def test_figures_can_draw_every_sentence(lang: str, drawn: set[int]) -> None:
    fallback = font_manager.findfont(FAMILY[1], fallback_to_default=False)
    reach = drawn | set(TTFont(fallback).getBestCmap())
    for key, sentence in every_string(lang).items():
        missing = {c for c in sentence if ord(c) not in reach and c not in "\n"}
        assert not missing, f"{key}: {missing}; rebuild the font"


@pytest.mark.slow
def test_every_chinese_character_of_the_catalogue_comes_from_our_own_typeface(
    drawn: set[int],
) -> None:
    for sentence in every_string("zh").values():
        assert {c for c in sentence if "\u3400" <= c <= "\u9fff"} <= set(map(chr, drawn))


def test_the_national_lists_are_covered(drawn: set[int]) -> None:
    assert len(gb2312()) == 6763
    assert len(gb2312() | beyond_gb2312()) >= 6763 + 1467
    assert {ord(character) for character in gb2312() | beyond_gb2312()} <= drawn


def test_names_that_the_old_list_lacks_can_be_written(drawn: set[int]) -> None:
    assert {ord(character) for character in "镕囧喆"} <= drawn


def test_outlines_are_quadratic_and_the_weight_is_fixed() -> None:
    font = TTFont(FONT_FILE)
    assert "glyf" in font
    assert "fvar" not in font
    assert font["OS/2"].usWeightClass == 400
    assert font["name"].getDebugName(1) == FAMILY[0]


def test_the_file_stays_small_and_its_licence_lies_beside_it() -> None:
    assert FONT_FILE.stat().st_size <= 2_600_000
    licence = (FONT_FILE.parent / "OFL.txt").read_text(encoding="utf-8")
    assert "SIL OPEN FONT LICENSE" in licence


def test_another_source_font_is_refused() -> None:
    with pytest.raises(ValueError, match="not the pinned"):
        build(b"some other font")
