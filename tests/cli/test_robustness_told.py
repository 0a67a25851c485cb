"""The table of `shiyu compare --uncertainty` says when the draws are few."""

from types import SimpleNamespace

import pandas as pd
import pytest

from sim.analysis.robustness import COLUMNS, TELLING_DRAWS
from sim.cli.robustness import show_robustness


@pytest.mark.parametrize(("draws", "told"), [(TELLING_DRAWS - 1, True), (TELLING_DRAWS, False)])
@pytest.mark.parametrize(("lang", "words"), [("en", "draws are few"), ("zh", "组抽取偏少")])
def test_few_draws_are_called_few(capsys, draws, told, lang, words):
    """The middle 95 % of fewer leaves less than one draw beyond either of its ends."""
    drawn = SimpleNamespace(values=[{}] * draws, stated=(), draws_failed=())
    table = pd.DataFrame(columns=list(COLUMNS))
    show_robustness(SimpleNamespace(drawn=drawn, robustness=table, others=()), (), lang)
    assert (words in capsys.readouterr().out) == told
