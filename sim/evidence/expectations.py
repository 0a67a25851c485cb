"""What must follow from a change of any lever or rule of the whole model, and by how much.

Each change is a set of settings laid over the base; each expectation names an outcome, the
difference from the base that theory or an independent calculation gives, and how far off it may be.
The sign must hold too, unless theory calls the effect near null: then the interval must lie within
the tolerance around 0. Outcomes that describe a state are read at the end of five years, flows over
the years after the first two. Nobody tuned a parameter to any of these.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Expectation:
    """A difference from the base, in the unit of the outcome."""

    outcome: str
    expected: float
    tolerance: float
    near_null: bool = False


@dataclass(frozen=True)
class Changed:
    """Settings laid over the base, and what must follow; `mechanism` is whose evidence it is."""

    mechanism: str
    settings: Mapping[str, object]
    expectations: tuple[Expectation, ...]


def _half(outcome: str, expected: float) -> Expectation:
    return Expectation(outcome, expected, abs(expected) / 2.0)


def _third(outcome: str, expected: float) -> Expectation:
    return Expectation(outcome, expected, abs(expected) / 3.0)


def _null(outcome: str, within: float, expected: float = 0.0) -> Expectation:
    return Expectation(outcome, expected, within, near_null=True)


def _policy(mechanism: str, lever: str, value: object, *expected: Expectation) -> Changed:
    return Changed(mechanism, {f"policies.{lever}": value}, expected)


def _rule(mechanism: str, parameter: str, value: float, *expected: Expectation) -> Changed:
    return Changed(mechanism, {f"parameters.{parameter}": value}, expected)


_MADE, _RECORDED = "petitions_made_per_10k", "petitions_recorded_per_10k"
_FILINGS, _UNRESOLVED = "civil_filings_per_10k", "unresolved_share"

EXPECTED: tuple[Changed, ...] = (
    # Society
    _policy(
        "volunteering", "volunteering.time_bank", 1.0,
        _half("volunteering_rate", 0.0058), _half("volunteer_hours_per_person", 0.235),
        _null("late_share", 0.003, -0.0009),
    ),
    _policy(
        "volunteering", "volunteering.report_to_community_share", 0.6,
        _half("reporter_hours_per_10k", 246.0), _null(_FILINGS, 0.1),
    ),
    _rule(
        "volunteering", "volunteering.share_mediation", 0.05,
        _half("late_share_villages", -0.020), _half(_UNRESOLVED, -0.0014),
    ),
    _policy(
        "organisations", "organisations.purchase_yuan_per_10k", 10_000,
        Expectation("organisations_active", -84.0, 25.0), _third("activity_rate", -0.0034),
    ),
    _policy(
        "organisations", "organisations.incubator", 1.0,
        Expectation("organisations", 190.0, 40.0), Expectation("organisations_active", 97.0, 40.0),
    ),
    _policy(
        "education", "education.seats_per_10k", 100,
        _third("trained_share", -0.0284), _half("legal_awareness_mean", -0.0013),
    ),
    _policy(
        "education", "education.seats_per_10k", 400,
        _third("trained_share", 0.0536), _half("legal_awareness_mean", 0.0025),
        _null("deliberation_rate", 0.001, 0.0003),
    ),
    _policy(
        "wellbeing", "wellbeing.counsellors_per_10k", 3.0,
        _half("distress_in_dispute", -0.014), _null("distress_mean", 0.0015, -0.0009),
    ),
    _policy(
        "norms", "norms.compact", 1.0,
        _half("norm_mean", 0.0101), _half("disputes_opened_per_10k", -4.8), _half(_FILINGS, -1.0),
    ),
    _policy(
        "partybuilding", "partybuilding.coverage", 0.8,
        _third("matched_hours_per_10k", 250.0), _third("activity_rate", 0.0036),
        _null(_FILINGS, 0.2),
    ),
    _policy(
        "partybuilding", "partybuilding.formality", 1.0,
        _third("matched_hours_per_10k", -250.0), _third("activity_rate", -0.0037),
    ),
    _policy("participation", "deliberation.adoption_share", 0.8, _half("efficacy_mean", 0.0034)),
    # Assessment: recorded petitions move against made ones, but under the weight of paperwork
    _policy(
        "assessment", "assessment.weights.resolution", 0.70,
        Expectation(_MADE, -0.8, 0.4), Expectation(_RECORDED, 0.6, 1.5), _half(_FILINGS, -0.5),
    ),
    _policy(
        "assessment", "assessment.weights.petition_count", 1.0,
        Expectation(_MADE, 2.6, 1.3), Expectation(_RECORDED, -6.4, 3.2), _half(_UNRESOLVED, 0.006),
    ),
    _policy(
        "assessment", "assessment.weights.paperwork", 0.56,
        Expectation(_MADE, 0.5, 0.25), Expectation(_RECORDED, 1.6, 1.5), _half(_FILINGS, 0.8),
    ),
    # City and countryside
    _policy(
        "services", "services.equalisation", 0.15,
        Expectation("service_gap_mean", 0.030, 0.010), _third("floating_residents", -26_000.0),
        _half("urbanisation", -0.004), _third("belonging_local_share", -0.023),
    ),
    _policy(
        "services", "services.equalisation", 0.6,
        Expectation("service_gap_mean", -0.064, 0.010), _third("floating_residents", 53_000.0),
        _half("urbanisation", 0.007), _third("belonging_local_share", 0.047),
        _third("semi_urbanised_share", -0.043), _half("grievance_mean", -0.004),
    ),
    _policy(
        "services", "services.points_quota_per_year", 6_000,
        _half("floating_residents", -16_000.0), _half("belonging_local_share", -0.008),
    ),
    _rule("labour", "labour.finding_rate", 1.0, Expectation("unemployment_rate", 0.030, 0.006)),
    _rule("labour", "labour.finding_rate", 4.0, Expectation("unemployment_rate", -0.016, 0.006)),
    _policy(
        "labour", "labour.mode", "collective", Expectation("unemployment_rate", -0.003, 0.002)
    ),
    _policy("projects", "projects.consultation_share", 0.8, _half("project_issues", -3.3)),
    _policy(
        "projects", "projects.maintenance_share", 0.04, Expectation("works_condition", 0.10, 0.02)
    ),
    _policy(
        "projects", "projects.acceptance_effort", 2.0,
        Expectation("accepted_share", 0.025, 0.05),
    ),
    _policy(
        "land", "land.compensation_ratio", 0.45,
        _third("land_issues", 31.0),
    ),
    _policy(
        "water", "water.monitoring", 0.6, Expectation("water_depth", -1.5, 0.5)
    ),
    _policy(
        "water", "water.drip_subsidy_share", 0.9,
        Expectation("drip_share", 0.24, 0.03), _null("water_depth", 0.26, -0.16),
    ),
    _policy(
        "metropolitan", "metropolitan.compensation", 1.0,
        Expectation("goods_environment", 0.70, 0.01),
    ),
    # Joint action
    _policy("mobilisation", "response.policy", "ignore", _half("collective_events_per_10k", 0.35)),
    _policy(
        "mobilisation", "response.policy", "concede", _half("collective_events_per_10k", -0.09)
    ),
)  # fmt: skip
