"""The table of `shiyu compare --uncertainty` says when the draws are few."""

from types import SimpleNamespace

import pandas as pd
import pytest

from sim.analysis.robustness import COLUMNS, TELLING_DRAWS
from sim.cli.robustness import _row, show_robustness


@pytest.mark.parametrize(("draws", "told"), [(TELLING_DRAWS - 1, True), (TELLING_DRAWS, False)])
@pytest.mark.parametrize(("lang", "words"), [("en", "draws are few"), ("zh", "组抽取偏少")])
def test_few_draws_are_called_few(capsys, draws, told, lang, words):
    """The middle 95 % of fewer leaves less than one draw beyond either of its ends."""
    drawn = SimpleNamespace(values=[{}] * draws, stated=(), draws_failed=())
    table = pd.DataFrame(columns=list(COLUMNS))
    show_robustness(SimpleNamespace(drawn=drawn, robustness=table, others=()), (), lang)
    assert (words in capsys.readouterr().out) == told


def test_the_share_of_draws_in_which_the_sign_holds_has_an_interval():
    """19 of 20, by Wilson's formula with z = 1.96: from .764 to .991."""
    row = dict.fromkeys(COLUMNS) | {"outcome": "late_share", "unit": "share", "draws": 20}
    row |= {"difference": -0.05, "low": -0.06, "high": -0.04, "sign_share": 0.95}
    row |= {"parameters_low": -0.12, "parameters_high": 0.01, "parameters_share": 0.4}
    told = _row(row, "en")
    assert told[1:4] == ("−0.050", "−0.060 … −0.040", "−0.12 … 0.01")
    assert told[5] == "19/20 (76 … 99 %)"


def test_a_mean_of_draws_beside_a_difference_of_nought_keeps_its_digits():
    """No pair differs at the values in use; under the draws they do, and alike: .0856 and no 0."""
    row = dict.fromkeys(COLUMNS) | {"outcome": "petitions_made_per_10k", "draws": 3}
    row |= {"unit": "per 10,000 residents a year", "difference": 0.0, "low": 0.0, "high": 0.0}
    row |= {"parameters_low": 0.0856, "parameters_high": 0.0856, "parameters_share": 0.0}
    told = _row(row, "en")
    assert told[1:4] == ("0", "0 … 0", "0.0856")
