"""The drawing of how mechanisms feed each other names them in the reader's language."""

import pytest

from sim.engine.order import WEEK
from sim.report.feeds import feeds_figure
from sim.text import say

NAMES = [kind.name for kind in WEEK]


def drawn(lang):
    return feeds_figure(NAMES, dict.fromkeys(NAMES, "society"), {}, lang)


def test_columns_in_chinese_have_no_english_keys_and_rows_have_them_behind_the_name():
    across = [label.get_text() for label in drawn("zh").axes[0].get_xticklabels()]
    down = [label.get_text() for label in drawn("zh").axes[0].get_yticklabels()]
    assert not [word for word in across if word.isascii()]
    assert down == [f"{word} {name}" for word, name in zip(across, NAMES, strict=True)]


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_mechanism_of_the_week_has_a_name_of_its_own_inside_the_drawing(lang):
    words = [say(f"report.feeds.name.{name}", lang) for name in NAMES]
    assert len(set(words)) == len(NAMES)
    figure = drawn(lang)
    figure.canvas.draw()
    (axes,) = figure.axes
    written = [*axes.get_xticklabels(), *axes.get_yticklabels()]
    extents = [label.get_window_extent() for label in written]
    assert min(extent.x0 for extent in extents) >= 0
    assert max(extent.x1 for extent in extents) <= figure.bbox.x1
    assert max(extent.y1 for extent in extents) <= figure.bbox.y1
