"""What the model is given and what was fitted comes out of a run, and verdicts can fail."""

import json
from functools import partial

import numpy as np
import pytest
from typer.testing import CliRunner

from sim.cli.app import app
from sim.engine.build import warm
from sim.engine.load import load
from sim.evidence import counted, runs, tables
from sim.evidence.levels import LEVELS, TOLERANCE
from sim.evidence.observed import observe
from sim.evidence.paired import Task
from sim.evidence.responses import CHANGES, LEAD_YEARS, RESPONSES
from sim.evidence.standing import STANDING
from sim.kernel.fault import ShiyuError
from sim.text import every_string
from tests.evidence.made_up import as_expected, hardly_more

REPLICATIONS = 6
RAREST = {"petition_settled", "settled_rooms"}  # 4 and 8 a year per 10,000: few in six cities


@pytest.fixture(scope="module")
def values() -> np.ndarray:
    """Two baseline years of six replications at scale .02, shape (replications, rows)."""
    scenario = load("jincheng-2020", {"scale": 0.02, "time.years": 2})
    windows = [observe(warm(scenario, seed), scenario)[0] for seed in range(101, 107)]
    return np.array([[level.read(window)[0] for level in LEVELS] for window in windows])


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["input", "fitted"])
def test_rows_that_were_put_in_come_out_within_five_percent(values: np.ndarray, kind: str) -> None:
    """Beyond 5 % only by what four standard errors of the mean allow."""
    mean = values.mean(axis=0)
    error = values.std(axis=0, ddof=1) / np.sqrt(REPLICATIONS)
    for k, level in enumerate(LEVELS):
        if level.kind == kind:
            off = abs(mean[k] - level.expected)
            assert off <= TOLERANCE[kind] * level.expected + 4.0 * error[k], (level.slug, mean[k])


@pytest.mark.slow
def test_the_precision_is_enough_to_notice_a_row_that_is_a_third_off(values: np.ndarray) -> None:
    """Otherwise the test above could not fail."""
    error = values.std(axis=0, ddof=1) / np.sqrt(REPLICATIONS)
    for k, level in enumerate(LEVELS):
        if level.kind != "emergent" and level.slug not in RAREST:
            assert 4.0 * error[k] < 0.28 * level.expected, level.slug


@pytest.mark.slow
def test_open_disputes_are_what_littles_law_says(values: np.ndarray) -> None:
    """Talks: yearly flow x mean days / 365.25, within four standard errors and 5 %."""
    column = {level.slug: values[:, k] for k, level in enumerate(LEVELS)}
    days = 30.0  # of talks, which a run is given
    off = column["open_talk"] - column["talked"] * days / 365.25
    error = off.std(ddof=1) / np.sqrt(REPLICATIONS)
    assert abs(off.mean()) < 4.0 * error + 0.05 * column["open_talk"].mean()


class Counted:
    """A window of ten thousand residents and one year, with these events."""

    def __init__(self, **events: float) -> None:
        self.events = events

    def flow(self, name: str) -> np.ndarray:
        return np.array([self.events[name]])

    def per_10k(self, count: np.ndarray) -> np.ndarray:
        return count


def test_what_failed_in_villages_and_communities_ended_there_without_agreement() -> None:
    (level,) = (level for level in LEVELS if level.slug == "village_failed")
    seen = Counted(ended_village=60.0, ended_community=20.0, agreed_village=47.0)
    assert level.read(seen)[0] == 60.0 + 20.0 - 47.0  # agreed in either


@pytest.mark.slow
def test_what_villages_are_brought_is_agreed_or_fails_there(values: np.ndarray) -> None:
    """But for the growth of the queue in two years, of which 2.6 are there at any time."""
    column = {level.slug: values[:, k] for k, level in enumerate(LEVELS)}
    left = column["village"] - column["village_settled"] - column["village_failed"]
    assert np.abs(left).max() < 2.6 / 2


def test_every_row_says_whether_it_was_put_in_or_came_out() -> None:
    assert {level.kind for level in LEVELS} == set(TOLERANCE)
    assert all(level.expected > 0.0 for level in LEVELS)


def test_every_row_is_told_in_words() -> None:
    known = every_string("zh")
    wanted = [f"evidence.level.{level.slug}" for level in LEVELS]
    wanted += [f"evidence.change.{change.slug}" for change in CHANGES]
    wanted += [f"evidence.response.{response.slug}" for response in RESPONSES]
    assert [key for key in wanted if key not in known] == []
    assert len({level.slug for level in LEVELS}) == len(LEVELS)


def test_every_response_follows_from_a_change_and_every_change_has_responses() -> None:
    assert {response.change for response in RESPONSES} == {change.slug for change in CHANGES}


def test_five_times_the_weight_turns_away_a_quarter_of_the_items() -> None:
    # efforts w / sum w: .5 of 1.0 goes into counts, over weights that then sum to 1.8
    effort = 0.5 * 1.0 / (0.35 + 1.0 + 0.17 + 0.28)
    assert 1.0 - np.exp(-1.05 * effort) == pytest.approx(0.25, abs=0.005)


def judged(mean: float, half: float) -> str:
    """The verdict on a level of 100 that is put in, from replications with this t interval."""
    k = next(k for k, level in enumerate(LEVELS) if level.kind == "input")
    values = np.tile([level.expected for level in LEVELS], (3, 1)).astype(float)
    spread = half * np.sqrt(3.0) / 4.302653  # the t quantile of two degrees of freedom
    values[:, k] = LEVELS[k].expected * (mean + spread * np.array([-1.0, 0.0, 1.0])) / 100.0
    return runs._judge_levels(values)[k]["verdict"]


@pytest.mark.parametrize(
    ("mean", "half", "verdict"),
    [
        (104.0, 0.5, "holds"),
        (106.0, 2.0, "open"),  # it reaches into the tolerance, and its mean does not lie there
        (104.0, 4.0, "holds"),
        (106.0, 0.5, "fails"),
        (94.0, 0.5, "fails"),
        (100.0, 6.0, "open"),
        (120.0, 6.0, "fails"),
    ],
)
def test_a_row_holds_when_its_mean_lies_within_the_tolerance_and_its_interval_can_tell(
    mean: float, half: float, verdict: str
) -> None:
    assert judged(mean, half) == verdict


def test_a_court_past_its_capacity_gains_what_theory_says() -> None:
    rows = runs.court_rows()
    assert [row["load"] for row in rows] == [0.60, 0.80, 0.915, 0.95, 0.98, 1.05]
    assert all(row["holds"] for row in rows)
    assert rows[-1]["expected"] == pytest.approx(285 * 364 / 365.25)


@pytest.mark.parametrize(
    ("settings", "replications"), [({}, 1), ({"time.years": LEAD_YEARS}, 5), ({"scale": 7}, 5)]
)
def test_what_cannot_be_told_is_refused_before_anything_runs(settings, replications) -> None:
    with pytest.raises(ShiyuError):
        runs.check_city(settings, replications, workers=1)


def made_up(
    first_level: float, apart: float, task: Task
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """What a replication gives: as expected, hardly more by seed; but for the first level.

    That is so far off, and `apart` from seed to seed.
    """
    moved = hardly_more(task.seed)
    levels = np.array([level.expected for level in LEVELS]) * moved
    levels[0] *= first_level + apart * (-1) ** task.seed
    stood = np.array([[1.0, 1.0 + row.change] for row in STANDING]).T * moved
    return levels, stood, as_expected(RESPONSES, task.seed)


@pytest.mark.slow
def test_a_replication_has_a_value_for_every_row(monkeypatch) -> None:
    change = CHANGES[0]
    rows = tuple(row for row in RESPONSES if row.change == change.slug)
    monkeypatch.setattr(runs, "CHANGES", (change,))
    monkeypatch.setattr(runs, "RESPONSES", rows)
    found = runs.run_seed(Task(1, (("scale", 0.005), ("time.years", 2.1))))
    assert [each.shape for each in found] == [(len(LEVELS),), (2, len(STANDING)), (len(rows), 2)]
    assert all(np.isfinite(each).all() for each in found)


@pytest.mark.parametrize(
    ("first_level", "apart", "verdict", "status"),
    [(1.0, 0.0, "holds", 0), (1.0, 0.2, "open", 0), (1.5, 0.0, "fails", 3)],
)
def test_the_command_judges_every_row_and_writes_the_page(
    tmp_path, monkeypatch, first_level, apart, verdict, status
) -> None:
    """What so few runs cannot tell has not failed."""
    monkeypatch.setattr(runs, "run_seed", partial(made_up, first_level, apart))
    target = tmp_path / "levels.md"
    words = ["verify", "--levels", "--reps", "2", "--workers", "1", "--page", str(target)]
    done = CliRunner().invoke(app, [*words, "--lang", "zh", "--json"])
    told = json.loads(done.stdout)
    rows = [*told["levels"], *told["standing"], *told["responses"], *told["courts"]]
    assert done.exit_code == status
    assert [row["verdict"] for row in rows] == [verdict] + ["holds"] * (len(rows) - 1)
    assert len(told["levels"]) == len(LEVELS)
    assert len(told["responses"]) == len(RESPONSES)
    assert all(row["low"] <= row["simulated"] <= row["high"] for row in rows)
    found = runs.Verdicts(**{key: value for key, value in told.items() if key != "schema"})
    text = target.read_text(encoding="utf-8")
    assert f"**{counted(rows, 'zh')}**" in text
    for lang in ("en", "zh"):
        for heads, cells in tables(found, lang):
            assert all(len(row) == len(heads) for row in cells)
            assert lang != "zh" or all(f"| {' | '.join(row)} |" in text for row in cells)


def test_limits_and_levels_do_not_mix() -> None:
    for words in (["queue", "--levels"], ["--all", "--levels"], ["queue", "--all"]):
        assert CliRunner().invoke(app, ["verify", *words]).exit_code == 2
