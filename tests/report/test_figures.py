"""Figures show differences with their zero line and intervals, in both languages, without gaps."""

import re
from pathlib import Path
from typing import Any

import matplotlib as mpl
import pandas as pd
import pytest
from matplotlib.collections import FillBetweenPolyCollection
from matplotlib.figure import Figure

from sim.report import (
    by_group,
    difference_curves,
    long_form,
    meanings_of,
    outcome_curves,
    paired_differences,
    save,
)
from sim.report.names import Names
from sim.report.style import PALETTE, SMALL, contrast, image, ink_of

pytestmark = pytest.mark.slow

LANGUAGES = ("en", "zh")


def texts(figure: Figure) -> str:
    """All that is written on a figure, outside and inside its axes."""
    inside = [text.get_text() for axes in figure.axes for text in axes.texts]
    return " ".join([text.get_text() for text in figure.texts] + inside).replace("\u00a0", " ")


def dates_of(figure: Figure) -> list[str]:
    """What is written below the axes of time."""
    figure.canvas.draw()
    return [label.get_text() for axes in figure.axes for label in axes.get_xticklabels()]


def has_zero_line(figure: Figure) -> bool:
    """Whether every axes has a dark line at zero."""
    return all(
        any(
            set(line.get_xdata()) == {0} or set(line.get_ydata()) == {0}  # type: ignore[arg-type]
            for line in axes.lines
        )
        for axes in figure.axes
    )


def overflow(figure: Figure) -> list[str]:
    """Texts that run over the edge of the figure."""
    edge = figure.bbox
    over = []
    for text in figure.texts:
        extent = text.get_window_extent()
        if extent.x0 < -1 or extent.x1 > edge.x1 + 1 or extent.y0 < -1 or extent.y1 > edge.y1 + 1:
            over.append(text.get_text())
    return over


def overlaps(figure: Figure) -> list[tuple[str, str]]:
    """Pairs of texts that lie on one another by more than a hair."""
    boxes = [(text.get_text(), text.get_window_extent()) for text in figure.texts]
    found = []
    for i, (one, a) in enumerate(boxes):
        for other, b in boxes[i + 1 :]:
            wide = min(a.x1, b.x1) - max(a.x0, b.x0)
            tall = min(a.y1, b.y1) - max(a.y0, b.y0)
            if wide > 1.5 and tall > 3:
                found.append((one, other))
    return found


@pytest.fixture(params=LANGUAGES)
def figures(
    request: pytest.FixtureRequest,
    table: pd.DataFrame,
    trajectory: pd.DataFrame,
    titles: dict[str, Any],
) -> dict[str, Figure]:
    lang = request.param
    outcomes = ["escalation_share", "petitions_recorded_per_10k"]
    return {
        "paired": paired_differences(table, lang, **titles),
        "groups": by_group(table, "escalation_share", lang, **titles),
        "curves": outcome_curves(trajectory, outcomes, lang, **titles),
        "differences": difference_curves(trajectory, outcomes[0], lang, **titles),
    }


def test_nothing_runs_over_the_edge_and_no_two_texts_overlap(figures: dict[str, Figure]) -> None:
    for name, figure in figures.items():
        assert not overflow(figure), name
        assert not overlaps(figure), name


def test_long_names_of_divisions_stand_apart(table: pd.DataFrame) -> None:
    """A place of one's own may have any titles; those of its divisions take several lines."""
    long = "The economic and technological development zone of the river's other bank"
    more = table[table["group"] == "chengqu"].assign(group="xiaoyi")
    groups = {"division": {"chengqu": {"en": long}, "xiaoyi": {"en": long.upper()}}}
    figure = by_group(pd.concat([table, more]), "escalation_share", "en", groups=groups)
    figure.canvas.draw()
    assert not overflow(figure)
    assert not overlaps(figure)


def test_every_figure_of_differences_has_its_zero_line(figures: dict[str, Figure]) -> None:
    for name in ("paired", "groups", "differences"):
        assert has_zero_line(figures[name]), name


def test_every_interval_says_that_it_is_monte_carlo_error(
    table: pd.DataFrame, titles: dict[str, Any]
) -> None:
    assert "Monte Carlo error only" in texts(paired_differences(table, "en", **titles))
    assert "Monte Carlo error only" in texts(by_group(table, "escalation_share", "en", **titles))


def test_the_main_figure_writes_the_numbers_beside_the_bands(
    table: pd.DataFrame, titles: dict[str, Any]
) -> None:
    written = texts(paired_differences(table, "en", **titles))
    assert re.search(r"−(4\.9|5\.0)\d* \(−", written)  # the effect put in is five points
    assert re.search(r"baseline 1[78]\.\d+ %", written)
    assert "lower is better" in written


def test_bands_are_filled_without_an_outline(
    trajectory: pd.DataFrame, titles: dict[str, Any]
) -> None:
    figure = outcome_curves(trajectory, ["escalation_share"], "en", **titles)
    bands = [c for c in figure.axes[0].collections if isinstance(c, FillBetweenPolyCollection)]
    assert len(bands) == 6  # two for each of three scenarios
    assert all(band.get_linewidth()[0] == 0 for band in bands)


def test_curves_are_named_at_their_ends_and_have_no_legend(
    trajectory: pd.DataFrame, titles: dict[str, Any]
) -> None:
    figure = outcome_curves(trajectory, ["escalation_share"], "zh", **titles)
    assert "增配调解员" in texts(figure)
    assert figure.axes[0].get_legend() is None
    assert not figure.legends


def test_more_than_four_scenarios_are_shared_out_with_the_baseline_in_each_panel(
    trajectory: pd.DataFrame,
) -> None:
    base = trajectory[trajectory["scenario"] == "base"]
    many = [base.assign(scenario=f"p{i}") for i in range(5)]
    frame = pd.concat([base, *many], ignore_index=True)
    figure = outcome_curves(frame, ["escalation_share"], "en", baseline="base")
    assert [len(axes.lines) for axes in figure.axes] == [4, 3]
    assert texts(figure).count("base") >= 2


def test_a_single_run_has_a_line_and_no_band(trajectory: pd.DataFrame) -> None:
    one = trajectory[(trajectory["scenario"] == "base") & (trajectory["seed"] == 0)]
    figure = outcome_curves(one, ["escalation_share"], "en")
    assert not figure.axes[0].collections
    assert "One run" in texts(figure)


def test_courses_with_a_column_an_outcome_are_turned_into_one_row_a_value() -> None:
    keys = {"scenario": ["a", "a"], "seed": [1, 1], "date": pd.to_datetime(["2020-01-01"] * 2)}
    wide = pd.DataFrame({**keys, "day": [0.0, 7.0], "x": [1.0, 2.0], "y": [3.0, 4.0]})
    long = long_form(wide)
    assert list(long.columns) == ["scenario", "seed", "date", "outcome", "value"]
    assert long.groupby("outcome")["value"].sum().to_dict() == {"x": 3.0, "y": 7.0}
    assert set(long_form(wide, ["y"])["outcome"]) == {"y"}


def test_the_models_outcomes_bring_their_names_and_units() -> None:
    outcomes = pytest.importorskip("sim.outcomes", exc_type=ImportError)
    names = Names("zh", {}, meanings_of(outcomes.CATALOGUE.values()))
    for name, outcome in outcomes.CATALOGUE.items():
        assert names.outcome(name) == outcome.short_zh
        assert names.unit(name) == outcome.unit


def test_the_users_own_settings_are_left_alone(table: pd.DataFrame, titles: dict[str, Any]) -> None:
    before = dict(mpl.rcParams)
    image(paired_differences(table, "en", **titles), "png", dpi=40)
    assert dict(mpl.rcParams) == before


def test_a_dollar_sign_is_a_dollar_sign(table: pd.DataFrame, titles: dict[str, Any]) -> None:
    figure = paired_differences(table, "en", **{**titles, "title": "$5 and $6"})
    assert "$5 and $6" in texts(figure)


def test_the_same_figure_gives_the_same_bytes(table: pd.DataFrame, titles: dict[str, Any]) -> None:
    first, second = (by_group(table, "escalation_share", "zh", **titles) for _ in range(2))
    assert image(first, "svg") == image(second, "svg")
    assert image(first, "png", dpi=50) == image(second, "png", dpi=50)


def test_svg_text_is_drawn_as_paths(table: pd.DataFrame, titles: dict[str, Any]) -> None:
    assert b"<text" not in image(by_group(table, "escalation_share", "zh", **titles), "svg")


def test_a_figure_is_saved_as_png_and_svg_by_the_writer_that_is_passed(
    tmp_path: Path, table: pd.DataFrame, titles: dict[str, Any]
) -> None:
    figure = by_group(table, "escalation_share", "en", **titles)
    written: dict[Path, bytes] = {}
    paths = save(figure, tmp_path / "图" / "谁.v1", written.__setitem__)
    assert list(written) == [tmp_path / "图" / "谁.v1.png", tmp_path / "图" / "谁.v1.svg"]
    assert written[paths["png"]].startswith(b"\x89PNG")
    save(figure, tmp_path / "图" / "谁")
    assert (tmp_path / "图" / "谁.svg").read_bytes().startswith(b"<?xml")


def test_colours_of_text_can_be_read_on_white() -> None:
    assert all(contrast(ink_of(shade)) >= 4.5 for shade in PALETTE)
    assert contrast("#000000") == pytest.approx(21)
    assert contrast("#ffffff") == pytest.approx(1)


@pytest.mark.filterwarnings("error")
def test_a_run_of_a_single_date_is_a_dot_above_that_date(
    trajectory: pd.DataFrame, titles: dict[str, Any]
) -> None:
    once = trajectory[trajectory["date"] == trajectory["date"].min()]
    for figure in (
        outcome_curves(once, ["escalation_share"], "en", **titles),
        difference_curves(once, "escalation_share", "en", **titles),
    ):
        assert set(dates_of(figure)) == {"2020-01-01"}
        assert any(line.get_marker() == "o" for axes in figure.axes for line in axes.lines)


def test_an_outcome_in_which_nothing_differs_from_nothing_has_no_made_up_scale(
    table: pd.DataFrame, titles: dict[str, Any]
) -> None:
    numbers = ["baseline_mean", "mean", "difference", "low", "high"]
    still = table[table["by"].isna()].assign(**dict.fromkeys(numbers, 0.0), unit="cases")
    for axes in paired_differences(still, "en", **titles).axes:
        assert [label.get_text() for label in axes.get_xticklabels()] == ["0"]


def test_pairs_that_never_differ_have_no_made_up_scale(
    trajectory: pd.DataFrame, titles: dict[str, Any]
) -> None:
    still = trajectory.assign(value=0.2)
    for axes in difference_curves(still, "escalation_share", "en", **titles).axes:
        assert [label.get_text() for label in axes.get_yticklabels()] == ["0"]


def test_no_words_of_the_main_figure_are_smaller_than_small(
    table: pd.DataFrame, titles: dict[str, Any]
) -> None:
    long = {"en": "A policy whose name takes two lines of its column at the least"}
    wrapped = titles | {"scenarios": titles["scenarios"] | {"zero": {"title": long}}}
    figure = paired_differences(table, "en", **wrapped)
    assert min(text.get_fontsize() for text in figure.texts) == SMALL
    assert not overlaps(figure)
