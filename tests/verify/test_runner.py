"""A limit holds when theory lies in the 99.99 % interval, widened by the stated tolerance."""

import json

import numpy as np
import pytest

from sim.kernel import Limit, Mechanism, Quantity, ScenarioError
from sim.kernel.limit import Sample
from sim.verify import check, limits, verdict_rows, verify


def coin(chance: float, expected: float, tolerance: float = 0.0, replications: int = 100) -> Limit:
    """A limit whose one quantity is a coin's mean over 100 throws."""

    def simulate(mechanism: type[Mechanism], seed: int) -> dict[str, float]:
        return {"heads": float(np.random.default_rng(seed).binomial(100, chance)) / 100}

    quantity = Quantity("heads", "share", expected, tolerance)
    return Limit("coin", {"chance": chance}, (quantity,), simulate, "Bernoulli", replications)


def test_a_fair_coin_is_found_fair():
    (verdict,) = check(coin(0.5, 0.5), Mechanism)
    assert verdict.holds
    # One replication has sd .05, so the mean of 100 has standard error .005; Student's t with 99
    # degrees of freedom reaches 4.055 of them. The error is itself estimated, to about 7 %.
    assert verdict.standard_error == pytest.approx(0.005, rel=0.3)
    assert verdict.high - verdict.low == pytest.approx(2 * 4.055 * verdict.standard_error, rel=1e-3)


def test_few_replications_widen_the_interval():
    (verdict,) = check(coin(0.5, 0.5, replications=5), Mechanism)
    assert verdict.high - verdict.simulated == pytest.approx(
        15.54 * verdict.standard_error, rel=1e-3
    )


def test_a_loaded_coin_is_found_out():
    (verdict,) = check(coin(0.55, 0.5), Mechanism)
    assert not verdict.holds


def test_the_tolerance_widens_the_interval():
    assert not check(coin(0.55, 0.5, 0.01), Mechanism)[0].holds
    assert check(coin(0.55, 0.5, 0.06), Mechanism)[0].holds


def test_two_replications_have_a_sampling_error_already():
    """Of 0 and 2 the standard deviation is sqrt(2), and the error of their mean 1."""
    sample = Sample([np.array(0.0), np.array(2.0)])
    assert sample.mean() == 1.0
    assert sample.standard_error() == pytest.approx(1.0)


def test_one_replication_has_no_sampling_error():
    (verdict,) = check(coin(0.5, 0.5, replications=1), Mechanism)
    assert verdict.low == verdict.simulated == verdict.high


def listed(values: list[float]) -> Limit:
    quantity = Quantity("states", "share", [0.1, 0.8], 0.001)
    return Limit("states", {}, (quantity,), lambda mechanism, seed: {"states": values}, "none")


def test_lists_hold_only_when_every_member_does():
    assert check(listed([0.1, 0.8]), Mechanism)[0].holds
    assert not check(listed([0.1, 0.7]), Mechanism)[0].holds


def test_a_list_of_another_length_does_not_hold():
    assert not check(listed([0.1]), Mechanism)[0].holds
    assert not check(listed([0.1, 0.4, 0.8]), Mechanism)[0].holds


def test_what_is_no_number_does_not_hold():
    assert not check(listed([0.1, float("nan")]), Mechanism)[0].holds


def test_every_limit_has_a_name_a_source_and_a_unit_for_each_quantity():
    for name in ("grievance", "degroot", "friedkin_johnsen", "participation", "staffing"):
        limit = limits()[name]()
        assert limit.name == name
        assert limit.source
        assert all(quantity.unit for quantity in limit.quantities)


def test_rows_of_verdicts_go_into_json():
    rows = verdict_rows(verify(["grievance", "participation"], {"inflow": "0.3", "h": -2.6}))
    assert json.loads(json.dumps(rows)) == rows
    assert {row["name"] for row in rows} == {"grievance", "participation"}
    expected = {
        "name",
        "parameters",
        "quantity",
        "unit",
        "expected",
        "simulated",
        "low",
        "high",
        "holds",
        "standard_error",
    }
    assert all(set(row) == expected for row in rows)


def faults(names: list[str], settings: dict[str, object]) -> list[str]:
    with pytest.raises(ScenarioError) as caught:
        verify(names, settings)
    return [str(fault) for fault in caught.value.faults]


def test_an_unknown_limit_gets_the_nearest_name():
    (message,) = faults(["grievnce"], {})
    assert message.startswith("verify: grievnce: no such limit")
    assert message.endswith("did you mean grievance?")


def test_an_unknown_setting_gets_the_nearest_name():
    (message,) = faults(["grievance"], {"inflw": "1"})
    assert message == "verify: inflw: no such setting; one of decay, inflow; did you mean inflow?"


def test_all_faults_are_told_at_once():
    assert len(faults(["grievance", "degre"], {"decay": "x", "inflow": "-1", "foo": "2"})) == 4


def test_a_setting_out_of_range_says_what_is_allowed():
    (message,) = faults(["degroot"], {"people": "1"})
    assert message == (
        "verify: degroot.people: 1 is out of range; give a whole number from 3 to 5000"
    )


def test_settings_that_do_not_go_together_are_one_fault():
    (message,) = faults(["degroot"], {"people": "5", "degree": "50"})
    assert message == "verify: degroot: 5 people cannot have 50 ties each"
