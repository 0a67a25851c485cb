"""Responses that nobody set: every row can be run, and the judge can be wrong-footed by none."""

import json
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from typer.testing import CliRunner

from sim.cli.app import app
from sim.engine.load import load
from sim.engine.order import BY_NAME
from sim.evidence import responses_runs
from sim.evidence.expectations import EXPECTED, WHOLE_CHANGES
from sim.evidence.judging import judged, judged_difference, judged_null, response_rows
from sim.evidence.levels import outcome
from sim.evidence.paired import BASE, Task, settings_before
from sim.evidence.readings import READINGS
from sim.evidence.responses import LEAD_YEARS, RESPONSES, Change, Response
from sim.evidence.responses_page import responses_command, responses_page
from sim.evidence.responses_runs import (
    ALL_CHANGES,
    ALL_RESPONSES,
    Responses,
    check_responses,
    one_event,
)
from sim.evidence.writing import RESPONSE_HEADS, counted, response_table
from sim.kernel.fault import ShiyuError
from sim.outcomes import CATALOGUE
from sim.text import every_string
from tests.evidence.made_up import as_expected

SMALL = {"scale": 0.005, "time.years": 2.1}


@pytest.mark.parametrize(
    ("low", "high", "verdict"),
    [
        (1.5, 2.5, "holds"),  # around what is expected
        (2.7, 3.1, "holds"),  # its mean lies within the tolerance
        (2.9, 3.5, "open"),  # reaches into the tolerance, and its mean does not lie there
        (3.1, 3.5, "fails"),  # beyond it
        (0.1, 0.9, "fails"),  # short of it
        (-2.5, -1.5, "fails"),  # the wrong sign
        (0.9, 3.1, "open"),  # wider than the tolerance
        (-0.5, 1.2, "open"),  # reaches, but the sign is in doubt
    ],
)
def test_a_difference_of_two_give_or_take_one(low: float, high: float, verdict: str) -> None:
    assert judged_difference(low, high, 2.0, 1.0) == verdict
    assert judged_difference(-high, -low, -2.0, 1.0) == verdict


def test_the_sign_counts_where_the_tolerance_reaches_past_zero() -> None:
    assert judged_difference(0.1, 0.3, 0.4, 1.5) == "holds"
    assert judged_difference(-0.3, -0.1, 0.4, 1.5) == "fails"
    assert judged_difference(-0.1, 0.2, 0.4, 1.5) == "open"
    assert judged_difference(0.0, 0.2, 0.4, 1.5) == "open"  # nought has no sign
    assert judged_difference(-0.2, 0.0, 0.4, 1.5) == "open"


@pytest.mark.parametrize(
    ("low", "high", "verdict"),
    [
        (-0.1, 0.2, "holds"),
        (0.1, 0.2, "holds"),  # small and not 0: near it all the same
        (0.4, 0.8, "open"),
        (-3.0, 3.0, "open"),
        (0.6, 0.8, "fails"),
        (-0.8, -0.6, "fails"),
    ],
)
def test_near_null_is_within_half_a_unit_of_zero(low: float, high: float, verdict: str) -> None:
    assert judged_null(low, high, 0.5) == verdict


def test_a_level_has_no_sign() -> None:
    assert judged(-0.1, 0.1, 0.0, 0.2) == "holds"
    assert judged(0.3, 0.4, 0.0, 0.2) == "fails"
    assert judged(-0.3, 0.3, 0.0, 0.2) == "open"


@pytest.mark.parametrize("judge", [judged, judged_difference])
def test_what_cannot_be_read_is_never_right(judge) -> None:
    assert judge(np.nan, np.nan, 2.0, 1.0) == "open"
    assert judged_null(np.nan, np.nan, 1.0) == "open"


def one_row(differences: Sequence[float], response: Response) -> dict[str, object]:
    """The row of a response, from changed values less a base of 10."""
    pairs = np.array([[[10.0, 10.0 + each]] for each in differences])
    (row,) = response_rows([response], {change.slug: change for change in ALL_CHANGES}, pairs)
    return row


@pytest.mark.parametrize("response", [r for r in ALL_RESPONSES if not (r.level or r.near_null)])
def test_every_row_fails_for_the_opposite_of_what_it_expects(response: Response) -> None:
    spread = 0.1 * min(response.tolerance, abs(response.expected)) * np.array([-1.0, 0.0, 1.0])
    right = one_row(response.expected + spread, response)
    wrong = one_row(-response.expected + spread, response)
    assert (right["verdict"], right["holds"]) == ("holds", True)
    assert (wrong["verdict"], wrong["holds"]) == ("fails", False)


def test_no_event_at_all_is_no_proof_that_none_was_to_be_expected() -> None:
    (response,) = (r for r in EXPECTED if (r.slug, r.expected) == ("land_issues", -4.0))
    each = one_event({"scale": 0.02, "time.years": 5})
    assert each["land_issues"] == pytest.approx(50 / 3)  # one in a fiftieth of the place, 3 years
    few, many = (np.full((runs, 1, 2), 20.0) for runs in (6, 60))
    changes = {change.slug: change for change in ALL_CHANGES}
    assert response_rows([response], changes, few, each)[0]["verdict"] == "open"
    assert response_rows([response], changes, many, each)[0]["verdict"] == "fails"


def test_a_run_without_events_has_no_size_of_events_and_its_pair_does_not_count() -> None:
    (response,) = (r for r in EXPECTED if (r.slug, r.expected) == ("collective_event_size", 13.0))
    changes = {change.slug: change for change in ALL_CHANGES}
    pairs = np.array([[[40.0, 52.0]], [[np.nan, 90.0]], [[44.0, 58.0]], [[99.0, np.nan]]])
    (row,) = response_rows([response], changes, pairs)
    assert (row["baseline"], row["simulated"]) == (42.0, 13.0)
    (none,) = response_rows([response], changes, np.full((3, 1, 2), np.nan))
    assert np.isnan(none["baseline"])
    assert none["verdict"] == "open"


@pytest.mark.parametrize("differences", [[0.35, 0.36, 0.34], [-0.35, -0.36, -0.34]])
def test_a_small_city_is_not_asked_about_joint_action(differences: list[float]) -> None:
    told = [r for r in EXPECTED if r.slug == "collective_events_per_10k" and r.expected == 0.35]
    changes = {change.slug: change for change in ALL_CHANGES}
    pairs = np.array([[[0.2, 0.2 + each]] for each in differences])
    (small,) = response_rows(told, changes, pairs, scale=0.09)
    (large,) = response_rows(told, changes, pairs, scale=0.1)
    assert (small["verdict"], small["too_small"]) == ("open", True)
    assert (large["verdict"], large["too_small"]) == (
        "holds" if differences[0] > 0.0 else "fails",
        False,
    )
    for lang in ("en", "zh"):
        assert "0.1" in response_table([small], lang)[1][0][-1]
        assert "0.1" not in response_table([large], lang)[1][0][-1]


def test_works_are_counted_at_full_scale_so_that_no_change_at_all_is_a_failure() -> None:
    rows = [r for r in EXPECTED if r.slug == "project_issues"]
    each = one_event({"scale": 0.02, "time.years": 5})
    changes = {change.slug: change for change in ALL_CHANGES}
    same = np.full((10, len(rows), 2), 30.0)
    found = response_rows(rows, changes, same, each)
    assert {row["verdict"] for row in found} == {"fails"}


def test_every_outcome_that_counts_events_says_what_one_is() -> None:
    counted = {name for name, outcome in CATALOGUE.items() if outcome.unit == "issues a year"}
    assert counted == set(one_event({"scale": 0.02, "time.years": 5}))


def test_a_level_is_told_as_it_is_and_anything_else_as_what_changed() -> None:
    made = Response("norms.compact=1.0", "norm_mean", 10.5, 0.2, outcome("norm_mean"))
    difference = one_row([0.49, 0.5, 0.51], replace(made, expected=0.5))
    level = one_row([0.49, 0.5, 0.51], replace(made, level=True))
    assert (difference["told"], level["told"]) == ("difference", "level")
    assert (difference["simulated"], level["simulated"]) == pytest.approx((0.5, 10.5))
    assert (difference["verdict"], level["verdict"]) == ("holds", "holds")


@pytest.mark.parametrize("response", [r for r in ALL_RESPONSES if r.near_null])
def test_every_near_null_row_fails_for_twice_its_tolerance(response: Response) -> None:
    small = response.tolerance * np.array([-0.1, 0.0, 0.1])
    assert one_row(small, response)["verdict"] == "holds"
    assert one_row(2.0 * response.tolerance + small, response)["verdict"] == "fails"


def test_a_row_tells_the_mean_difference_and_its_interval_by_hand() -> None:
    response = Response("norms.compact=1.0", "norm_mean", 0.01, 0.005, outcome("norm_mean"))
    row = one_row([0.01, 0.012, 0.014], response)
    half = 4.302653 * 0.002 / np.sqrt(3.0)  # t of two degrees of freedom, sd .002
    assert row["simulated"] == pytest.approx(0.012)
    assert row["low"] == pytest.approx(0.012 - half)
    assert row["high"] == pytest.approx(0.012 + half)
    assert row["baseline"] == pytest.approx(10.0)
    assert row["mechanism"] == "norms"


@pytest.mark.parametrize("change", ALL_CHANGES, ids=lambda change: change.slug)
def test_every_change_can_be_set_and_changes_something(change: Change) -> None:
    load(BASE, {"scale": 0.01, "time.years": 5} | dict(change.settings))
    assert change.mechanism in BY_NAME
    before = settings_before(change)
    assert all(before[key] != value for key, value in change.settings.items() if key in before)


def test_every_row_names_an_outcome_and_a_change_and_every_change_has_rows() -> None:
    others = {r.slug for r in EXPECTED if r.slug not in CATALOGUE}
    assert others == set(READINGS)
    for lang in ("en", "zh"):
        assert {f"evidence.response.{slug}" for slug in others} <= every_string(lang).keys()
    assert {r.change for r in EXPECTED} == {change.slug for change in WHOLE_CHANGES}
    assert len({change.slug for change in ALL_CHANGES}) == len(ALL_CHANGES)
    pairs = [(r.change, r.slug, r.division) for r in ALL_RESPONSES]
    assert len(set(pairs)) == len(pairs)


def test_every_row_expects_something_or_is_near_null() -> None:
    for response in ALL_RESPONSES:
        assert response.tolerance > 0.0
        assert response.near_null == (response.expected == 0.0), response


def test_an_unknown_mechanism_is_refused_before_anything_runs() -> None:
    with pytest.raises(ShiyuError, match="nothing is expected of mediatoin"):
        check_responses(["mediatoin"])


@pytest.mark.parametrize(
    ("settings", "replications"), [({}, 1), ({"time.years": LEAD_YEARS}, 5), ({"scale": 7}, 5)]
)
def test_what_cannot_be_told_is_refused_before_anything_runs(settings, replications) -> None:
    with pytest.raises(ShiyuError):
        check_responses((), settings, replications, workers=1)


def made(verdict: float) -> Responses:
    """All rows, each with its expected difference times this."""
    changes = {change.slug: change for change in ALL_CHANGES}
    spread = np.array([[-1.0], [0.0], [1.0]])
    scatter = np.array([0.1 * min(r.tolerance, abs(r.expected) or 1.0) for r in ALL_RESPONSES])
    size = np.array([0.1 * r.tolerance if r.near_null else r.expected for r in ALL_RESPONSES])
    changed = verdict * size + scatter * spread
    levels = np.array([r.level for r in ALL_RESPONSES])
    values = np.stack([np.where(levels, changed, 0.0), changed], axis=2)
    return Responses(response_rows(ALL_RESPONSES, changes, values), [], 3, dict(SMALL))


def test_a_planted_wrong_sign_fails_the_whole() -> None:
    assert made(1.0).none_fails
    assert not made(-1.0).none_fails


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_page_has_every_row_under_its_mechanism(lang: str) -> None:
    found = made(1.0)
    text = responses_page(found, "shiyu verify --responses", "0", lang)
    heads, cells = response_table(found.responses, lang)
    assert len(heads) == len(RESPONSE_HEADS)
    assert all(f"| {' | '.join(row)} |" in text for row in cells)
    assert {f"## {row['mechanism']}" for row in found.responses} <= set(text.splitlines())
    assert counted(found.responses, lang) in text
    near = every_string(lang)["evidence.near_null"]
    assert sum(near in row for row in cells) == sum(r.near_null for r in ALL_RESPONSES)


def test_the_page_tells_what_a_setting_was() -> None:
    cells = response_table(made(1.0).responses, "en")[1]
    assert "services.equalisation 0.3 → 0.6" in {row[0] for row in cells}
    assert "labour.mode mixed → private" in {row[0] for row in cells}


def test_the_command_on_the_page_makes_the_page_again() -> None:
    found = Responses([], ["land", "water"], 3, {"scale": 0.01, "time.years": 5})
    command = responses_command(found, {"scale": "0.01"}, "docs/responses.md")
    assert command == (
        "shiyu verify --responses land water --set scale=0.01 --reps 3 --page docs/responses.md"
    )


@pytest.mark.slow
def test_paired_runs_share_their_people_and_luck(monkeypatch) -> None:
    """A change back to the base leaves no bit of difference."""
    same = Change("norms.compact=0.3", {"policies.norms.compact": 0.3}, "norms")
    rows = [Response(same.slug, name, 1.0, 0.5, outcome(name)) for name in ("norm_mean", FILINGS)]
    monkeypatch.setattr(responses_runs, "ALL_CHANGES", (same,))
    monkeypatch.setattr(responses_runs, "ALL_RESPONSES", tuple(rows))
    found = check_responses(["norms"], SMALL, 2, workers=1)
    assert [(row["low"], row["high"]) for row in found.responses] == [(0.0, 0.0)] * 2
    assert not found.none_fails


FILINGS = "civil_filings_per_10k"


def made_up(slugs: frozenset[str], task: Task) -> np.ndarray:
    """What a replication gives: as expected, hardly more by seed."""
    told = [row for row in ALL_RESPONSES if row.change in slugs]
    return as_expected(told, task.seed)


def test_the_command_judges_a_mechanisms_rows_and_writes_the_page(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(responses_runs, "run_seed", made_up)
    target = tmp_path / "responses.md"
    words = ["verify", "--responses", "metropolitan", "--reps", "2", "--workers", "1"]
    done = CliRunner().invoke(app, [*words, "--page", str(target), "--json"])
    told = json.loads(done.stdout)
    rows = told["responses"]
    assert told["schema"] == 1
    assert done.exit_code == 0
    assert {(row["mechanism"], row["verdict"]) for row in rows} == {("metropolitan", "holds")}
    assert "shiyu verify --responses metropolitan" in target.read_text(encoding="utf-8")


@pytest.mark.slow
def test_a_replication_has_base_and_changed_values_of_the_changes_asked_for() -> None:
    change = next(each for each in ALL_CHANGES if "metropolitan.compensation" in each.slug)
    (row,) = [row for row in ALL_RESPONSES if row.change == change.slug]
    ((base, changed),) = responses_runs.run_seed(
        frozenset({change.slug}), Task(1, tuple(SMALL.items()))
    )
    assert changed - base == pytest.approx(row.expected, abs=row.tolerance)


def test_responses_do_not_mix_with_limits_or_levels() -> None:
    for words in (["--responses", "--all"], ["--responses", "--levels"], ["--responses", "nobody"]):
        assert CliRunner().invoke(app, ["verify", *words]).exit_code == 2


def test_core_and_whole_rows_are_judged_alike() -> None:
    assert set(RESPONSES) < set(ALL_RESPONSES)
    assert set(EXPECTED) < set(ALL_RESPONSES)
