"""What a policy costs is said in both languages, and only where it is known."""

import numpy as np
import pandas as pd
import pytest

from sim.analysis import records
from sim.analysis.price import BOUGHT, Price
from sim.report.prices import price_said

VERDICTS = ("buys", "saves", "both", "neither", "hardly", "unmoved", "unpaid", "open")


def price(outcome: str, verdict: str, yuan: float = 12_345.6) -> dict:
    ends = (np.nan, np.nan) if np.isnan(yuan) else (yuan / 2.0, 2.0 * yuan)
    (record,) = records(
        pd.DataFrame([vars(Price("p", outcome, 1.0, 1.0, yuan, *ends, verdict, 8))])
    )
    return record


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("outcome", BOUGHT)
def test_every_verdict_has_a_sentence_that_names_the_policy(outcome, lang):
    said = {price_said(price(outcome, verdict), "Policy A", lang) for verdict in VERDICTS}
    assert len(said) == len(VERDICTS)
    assert all(text.startswith("Policy A") and "{" not in text for text in said)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_price_is_told_in_whole_yuan_with_its_interval(lang):
    text = price_said(price("escalations_per_10k", "buys"), "A", lang)
    assert all(number in text for number in ("12,346", "6,173", "24,691"))


def test_what_is_not_known_is_none_for_scripts_and_no_number_for_readers():
    unknown = price("participants_per_10k", "open", np.nan)
    assert unknown["yuan"] is None
    assert "cannot be told from 8 pairs" in price_said(unknown, "A", "en")
