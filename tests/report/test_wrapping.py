"""Text is broken where readers expect it, and labels do not touch."""

from itertools import pairwise

import pytest

from sim.report.wrapping import lines_of, spread, width_of


def test_no_line_is_wider_than_its_room() -> None:
    text = "在“增配调解员”下，升级比重由 18.2\u00a0% 降到 15.0\u00a0%，相差 3.2 个百分点。"
    lines = lines_of(text, 9, 1.2)
    assert len(lines) > 2
    assert all(width_of(line, 9) <= 1.2 for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")


def test_closing_punctuation_never_starts_a_line_and_opening_never_ends_one() -> None:
    for inches in (0.5, 0.8, 1.1, 1.4):
        for line in lines_of("甲，乙。“丙丁”（戊）己、庚；“辛壬癸”，子丑。" * 2, 9, inches):
            assert line[0] not in "，。”）、；"
            assert line[-1] not in "“（"


def test_what_joins_units_never_starts_a_line() -> None:
    lines = [line for step in range(20) for line in lines_of("元/网格·年", 9, 0.1 + step / 20)]
    assert {"元/", "格·"} <= set(lines)
    assert not [line for line in lines if line[0] in "/·"]


def test_words_stay_whole_and_numbers_keep_their_unit() -> None:
    lines = lines_of("it falls by 3.2\u00a0percentage\u00a0points overall", 9, 0.9)
    assert "3.2\u00a0percentage\u00a0points" in lines


def test_a_long_name_is_broken_behind_a_hyphen_and_else_where_it_must() -> None:
    lines = lines_of("data-sharing-and-whistle-in-six-counties", 9, 1.0)
    assert all(width_of(line, 9) <= 1.0 for line in lines)
    assert all(line.endswith("-") for line in lines[:-1])
    lines = lines_of("W" * 40, 9, 1.0)
    assert all(width_of(line, 9) <= 1.0 for line in lines)
    assert "".join(lines) == "W" * 40


def test_an_empty_text_has_no_lines() -> None:
    assert lines_of("", 9, 1) == []


def test_labels_with_room_stay_where_they_are() -> None:
    assert spread([3.0, 1.0], [0.5, 0.5], 0, 5) == [3.0, 1.0]


def test_labels_that_would_touch_share_the_move() -> None:
    # two labels of height 1 that both want 2: half a height up, half a height down
    assert spread([2.0, 2.0], [1.0, 1.0], 0, 5) == [1.5, 2.5]


def test_labels_keep_their_order_and_never_overlap() -> None:
    wanted, heights = [1.0, 1.1, 0.9, 4.9], [0.6, 0.3, 0.3, 0.4]
    placed = spread(wanted, heights, 0, 5)
    order = sorted(range(4), key=lambda i: wanted[i])
    for before, after in pairwise(order):
        assert placed[after] - placed[before] >= (heights[before] + heights[after]) / 2 - 1e-9


def test_labels_stay_inside_their_room() -> None:
    placed = spread([0.0, 0.0], [1.0, 1.0], 0, 5)
    assert placed == [0.5, 1.5]
    assert spread([5.0, 5.0], [1.0, 1.0], 0, 5) == pytest.approx([3.5, 4.5])
