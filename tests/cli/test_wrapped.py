"""Tables of designs fit a page, in either language, however long their heads are."""

import pytest

from sim.cli import console
from sim.cli.wrapped import WIDEST, show_wrapped

LONG = {
    "en": "People's mediators in post, part-timers counted as persons",
    "zh": "每万常住人口的在岗人民调解员人数（兼职按人计），不含专职的社会工作者和志愿者",
}


def printed(capsys, heads, rows):
    show_wrapped(heads, rows)
    return capsys.readouterr().out.splitlines()


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_heads_too_long_for_a_page_go_on_in_more_lines_above_their_columns(capsys, lang):
    heads = ["", *[LONG[lang]] * 4]
    *above, last, row = printed(capsys, heads, [("Escalated", "11", "22", "33", "44")])
    assert above
    assert max(map(console.width, [*above, last, row])) <= WIDEST
    assert "".join([*above, last]).count(LONG[lang][:4]) == 4
    assert row.split() == ["Escalated", "11", "22", "33", "44"]


def test_a_table_that_fits_is_left_as_it_is(capsys):
    assert printed(capsys, ["a", "b"], [("one", "2")]) == ["a    b", "one  2"]


def test_where_not_even_words_fit_each_row_is_a_block(capsys):
    heads = [f"column{at:06}" for at in range(12)]
    lines = printed(capsys, heads, [tuple(map(str, range(12)))])
    assert lines[0] == "0"
    assert lines[1:] == [f"  {head}: {at}" for at, head in enumerate(heads[1:], start=1)]
