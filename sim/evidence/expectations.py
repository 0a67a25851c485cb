"""What must follow from a change of any lever or rule of the whole model, and by how much.

Each change is settings laid over the base; each line under it names an outcome, the difference from
the base that theory or an independent calculation gives, and how far off it may be. The sign must
hold too, unless theory calls the effect near null: then the interval must lie within the tolerance
around 0. Outcomes that describe a state are read at the end of the run, flows over the years after
LEAD_YEARS. Rows hold for five years at SETTINGS of `responses_runs`, from closed forms and from
prototypes with other code, made before this model ran. No parameter was tuned to any of them.
"""

from collections.abc import Iterator

from sim.evidence.readings import reading
from sim.evidence.responses import Change, Response

_Row = tuple[str, float, float, bool]  # outcome, expected, tolerance, near null

MADE, RECORDED = "petitions_made_per_10k", "petitions_recorded_per_10k"
FILINGS, UNRESOLVED = "civil_filings_per_10k", "unresolved_share"
FLOATING, FEELING = "floating_residents", "feeling_local_share"
EVENTS, EVENT_SIZE = "collective_events_per_10k", "collective_event_size"
TAKING_PART, OPENED = "participation_rate", "disputes_opened_per_10k"
PAY_SPREAD, ENVIRONMENT, WATER = "pay_spread_new_jobs", "environment_disputes", "water_disputes"
GOODS = "goods_environment"
MATCHED, ACTIVE = "matched_hours_per_10k", "organisations_active"
AT_ONCE = 1e-6  # years
TRUST = {"community": 0.64, "township": 0.614, "city": 0.662, "court": 0.647}
# An issue has its real size in any city: a small one has few issues, and hardly a large one.
LEAST_SCALE = {EVENTS: 0.1, EVENT_SIZE: 0.1}


def _within(name: str, expected: float, tolerance: float) -> _Row:
    return name, expected, tolerance, False


def _half(name: str, expected: float) -> _Row:
    return name, expected, abs(expected) / 2.0, False


def _third(name: str, expected: float) -> _Row:
    return name, expected, abs(expected) / 3.0, False


def _null(name: str, within: float) -> _Row:
    return name, 0.0, within, True


_Change = tuple[str, dict[str, object], tuple[_Row, ...]]


def _policy(lever: str, value: object, *rows: _Row) -> _Change:
    return lever.partition(".")[0], {f"policies.{lever}": value}, rows


def _rule(mechanism: str, parameter: str, value: float, *rows: _Row) -> _Change:
    return mechanism, {f"parameters.{parameter}": value}, rows


def _trusting(more: float, *rows: _Row) -> _Change:
    """People begin with so much more trust in every office, members of issues among them."""
    means = {f"start.trust.{office}.mean": mean + more for office, mean in TRUST.items()}
    return "mobilisation", {f"parameters.{name}": round(v, 3) for name, v in means.items()}, rows


def _form(form: str, *rows: _Row) -> _Change:
    """A form of metropolitan government that is there at once: a run sees no 25 years of talks."""
    setup = f"parameters.metropolitan.setup_years.{form}"
    return "metropolitan", {"policies.metropolitan.form": form, setup: AT_ONCE}, rows


_ROWS: tuple[_Change, ...] = (
    # Volunteers, organisations, courses, counselling, norms, joint councils
    _policy(
        "volunteering.time_bank", 0.5,
        _half("volunteering_rate", 0.0030), _half("volunteer_hours_per_person", 0.118),
        _null("late_share", 0.004),
    ),
    _policy(
        "volunteering.time_bank", 1.0,
        _half("volunteering_rate", 0.0058), _half("volunteer_hours_per_person", 0.235),
        _null("late_share", 0.004),
    ),
    _policy(
        "volunteering.report_to_community_share", 0.15,
        _half("reporter_hours_per_10k", -123.0), _null(FILINGS, 0.2),
    ),
    _policy(
        "volunteering.report_to_community_share", 0.6,
        _half("reporter_hours_per_10k", 246.0), _null(FILINGS, 0.2),
    ),
    _policy(
        "organisations.purchase_yuan_per_10k", 10_000,
        _third(ACTIVE, -84.0), _within("organisations", -16.0, 8.0),
        _third("activity_rate", -0.0034),
    ),
    _policy(
        "organisations.purchase_yuan_per_10k", 40_000,
        _third(ACTIVE, 101.0), _within("organisations", 18.0, 8.0),
        _third("activity_rate", 0.0029),
    ),
    _policy(
        "organisations.incubator", 0.5,
        _within("organisations", 94.0, 40.0), _within(ACTIVE, 49.0, 40.0),
    ),
    _policy(
        "organisations.incubator", 1.0,
        _within("organisations", 190.0, 40.0), _within(ACTIVE, 97.0, 40.0),
    ),
    _policy(
        "education.seats_per_10k", 100,
        _third("trained_share", -0.0284), _half("legal_awareness_mean", -0.0013),
        _null("deliberation_rate", 0.001),
    ),
    _policy(
        "education.seats_per_10k", 400,
        _third("trained_share", 0.0536), _half("legal_awareness_mean", 0.0025),
        _null("deliberation_rate", 0.001),
    ),
    _policy("wellbeing.counsellors_per_10k", 0.15, _half("distress_in_dispute", 0.0011)),
    _policy("wellbeing.counsellors_per_10k", 0.6, _half("distress_in_dispute", -0.0016)),
    _policy(
        "wellbeing.counsellors_per_10k", 3.0,
        _half("distress_in_dispute", -0.014), _null("distress_mean", 0.0015),
    ),
    _policy(
        "norms.compact", 0.15,
        _half("norm_mean", -0.0024), _half(OPENED, 1.1), _half(FILINGS, 0.2),
    ),
    _policy(
        "norms.compact", 0.6,
        _half("norm_mean", 0.0043), _half(OPENED, -2.1), _half(FILINGS, -0.4),
    ),
    _policy(
        "norms.compact", 1.0,
        _half("norm_mean", 0.0101), _half(OPENED, -4.8), _half(FILINGS, -1.0),
    ),
    _policy(  # .010 a year more holds norms up, where compacts everywhere are .7 x .0156 = .0109
        "norms.exemplars_per_100", 2.0,
        _half("norm_mean", 0.0092), _half(OPENED, -4.4),
    ),
    _policy(
        "partybuilding.coverage", 0.2,
        _third(MATCHED, -125.0), _third("activity_rate", -0.0020),
        _third(TAKING_PART, -0.0020), _null(FILINGS, 0.3),
    ),
    _policy(
        "partybuilding.coverage", 0.8,
        _third(MATCHED, 250.0), _third("activity_rate", 0.0036),
        _third(TAKING_PART, 0.0039), _null(FILINGS, 0.3),
    ),
    _policy(
        "partybuilding.formality", 0.3,
        _third(MATCHED, 188.0), _third("activity_rate", 0.0027), _third(TAKING_PART, 0.0029),
    ),
    _policy(
        "partybuilding.formality", 1.0,
        _third(MATCHED, -250.0), _third("activity_rate", -0.0037), _third(TAKING_PART, -0.0038),
    ),
    _policy("deliberation.adoption_share", 0.2, _half("efficacy_mean", -0.0017)),
    _policy("deliberation.adoption_share", 0.8, _half("efficacy_mean", 0.0034)),
    # Assessment: recorded petitions move against made ones, but under the weight of paperwork
    _policy(
        "assessment.weights.resolution", 0.175,
        _half(MADE, 0.7), _within(RECORDED, -0.4, 1.5), _half(FILINGS, 0.5),
        _half(UNRESOLVED, 0.005),
    ),
    _policy("assessment.weights.petition_count", 0.1, _half(MADE, -0.7),
            _within(RECORDED, 1.7, 1.5), _half(UNRESOLVED, -0.001)),
    _policy(
        "assessment.weights.petition_count", 0.4,
        _half(MADE, 1.0), _within(RECORDED, -2.5, 1.5), _half(UNRESOLVED, 0.002),
    ),
    _policy(
        "assessment.weights.public_satisfaction", 0.085,
        _half(MADE, 0.3), _within(RECORDED, -0.2, 1.5), _half(FILINGS, 0.2),
        _half(UNRESOLVED, 0.001),
    ),
    _policy(
        "assessment.weights.public_satisfaction", 0.34,
        _half(MADE, -0.4), _within(RECORDED, 0.4, 1.5), _half(FILINGS, -0.3),
        _half(UNRESOLVED, -0.001),
    ),
    _policy(
        "assessment.weights.paperwork", 0.14,
        _half(MADE, -0.2), _within(RECORDED, -1.0, 1.5), _half(FILINGS, -0.5),
        _half(UNRESOLVED, -0.003),
    ),
    _policy(
        "assessment.campaign", 1,
        _half("office_time_solve", -0.072), _half(MADE, 0.2), _within(RECORDED, 0.8, 1.5),
        _half(FILINGS, 0.3), _half(UNRESOLVED, 0.005),
    ),
    # City and countryside
    _policy(
        "services.equalisation", 0.15,
        _within("service_gap_mean", 0.030, 0.010), _third(FLOATING, -26_000.0),
        _half("urbanisation", -0.004), _half("unemployment_rate", -0.0027),
        _third(FEELING, -0.023), _third("semi_urbanised_share", 0.017),
        _half("grievance_mean", 0.002),
    ),
    _policy(
        "services.equalisation", 0.6,
        _within("service_gap_mean", -0.064, 0.010), _third(FLOATING, 53_000.0),
        _half("urbanisation", 0.007), _half("unemployment_rate", 0.0043),
        _third(FEELING, 0.047), _third("semi_urbanised_share", -0.043),
        _half("grievance_mean", -0.004), _null(FILINGS, 0.73),
    ),
    _policy(
        "services.points_quota_per_year", 1_500, _half(FLOATING, 6_000.0), _half(FEELING, 0.003)
    ),
    _policy(
        "services.points_quota_per_year", 6_000, _half(FLOATING, -16_000.0), _half(FEELING, -0.008)
    ),
    _rule("labour", "labour.finding_rate", 1.0, _within("unemployment_rate", 0.030, 0.006)),
    _rule("labour", "labour.finding_rate", 4.0, _within("unemployment_rate", -0.016, 0.006)),
    _rule(
        "migration", "migration.arrivals_per_1000", 6.675,
        _within("unemployment_rate", -0.006, 0.006), _third(FLOATING, -41_000.0),
    ),
    _policy(
        "labour.mode", "collective",
        _within("unemployment_rate", -0.003, 0.002), _third("work_lost_rate", -0.0105),
        _within(PAY_SPREAD, -0.075, 0.015),
    ),
    _policy(
        "labour.mode", "private",
        _within("unemployment_rate", -0.008, 0.002), _third("work_lost_rate", 0.014),
        _within(PAY_SPREAD, 0.05, 0.015),
    ),
    _policy(
        "projects.consultation_share", 0.2, _half("project_issues", 1.7), _null(EVENTS, 0.1)
    ),
    _policy(
        "projects.consultation_share", 0.8, _half("project_issues", -3.3), _null(EVENTS, 0.1)
    ),
    _policy(
        "projects.acceptance_effort", 0.5,
        _within("accepted_share", -0.074, 0.05), _within("accepted_share_by_money", -0.123, 0.05),
    ),
    _policy(
        "projects.acceptance_effort", 2.0,
        _within("accepted_share", 0.049, 0.05), _within("accepted_share_by_money", 0.112, 0.05),
    ),
    _policy("projects.maintenance_share", 0.01, _within("works_condition", -0.065, 0.02)),
    _policy("projects.maintenance_share", 0.04, _within("works_condition", 0.087, 0.02)),
    _policy("land.compensation_ratio", 0.45, _third("land_issues", 31.0)),
    _policy("land.compensation_ratio", 1.8, _third("land_issues", -4.0)),
    _policy(
        "water.monitoring", 0.15,
        _within("water_depth", 0.7, 0.5), _half("water_draw_ratio", 0.061),
        _within(WATER, 0.02, 0.02),
    ),
    _policy(
        "water.monitoring", 0.6,
        _within("water_depth", -1.5, 0.5), _half("water_draw_ratio", -0.132),
        _within(WATER, -0.04, 0.02),
    ),
    _policy(
        "water.drip_subsidy_share", 0.25,
        _within("drip_share", -0.05, 0.03), _within("water_depth", 0.03, 0.1),
    ),
    _policy(
        "water.drip_subsidy_share", 0.9,
        _within("drip_share", 0.24, 0.03), _within("water_depth", -0.16, 0.1),
    ),
    _form("fragmented", _within(GOODS, -0.3, 0.01), _within(ENVIRONMENT, 0.058, 0.02)),
    _form("council", _within(GOODS, 0.3, 0.01), _within(ENVIRONMENT, -0.062, 0.02)),
    _form("unified", _within(GOODS, 0.7, 0.01), _within(ENVIRONMENT, -0.139, 0.02)),
    _policy("metropolitan.compensation", 0.5, _within(GOODS, 0.35, 0.01)),
    _policy("metropolitan.compensation", 1.0, _within(GOODS, 0.70, 0.01)),
    # Joint action
    _policy("response.policy", "ignore", _third(EVENTS, 0.35), _third(EVENT_SIZE, 13.0)),
    _policy("response.policy", "dialogue", _null(EVENTS, 0.067)),
    _policy("response.policy", "concede", _third(EVENTS, -0.09), _third(EVENT_SIZE, -12.0)),
    _policy("response.policy", "control", _third(EVENTS, -0.08), _third(EVENT_SIZE, -12.0)),
    _rule("mobilisation", "mobilisation.issue_life_years", 0.175, _third(EVENTS, -0.094)),
    _rule("mobilisation", "mobilisation.issue_life_years", 0.7, _third(EVENTS, 0.13)),
    _rule("mobilisation", "grievance.inflow_unconsulted", 0.15, _third(EVENTS, -0.095)),
    _rule("mobilisation", "grievance.inflow_unconsulted", 0.6, _third(EVENTS, 0.19)),
    _trusting(-0.1, _third(EVENTS, 0.14)),
    _trusting(0.1, _third(EVENTS, -0.11)),
    _rule("mobilisation", "start.threshold.sd", 0.10, _half(EVENTS, -0.187)),
    _rule("mobilisation", "start.threshold.sd", 0.20, _half(EVENTS, 0.27)),
    _rule("mobilisation", "mobilisation.risk_weight", 0.0, _half(EVENTS, 0.33)),
    _rule("mobilisation", "mobilisation.risk_weight", 0.6, _half(EVENTS, -0.154)),
    _rule("mobilisation", "mobilisation.exposure_weight", 0.3, _half(EVENTS, -0.173)),
    _rule("mobilisation", "mobilisation.exposure_weight", 0.8, _half(EVENTS, 0.18)),
)  # fmt: skip
# whose evidence a change of these levers is, where the lever's first word is not the mechanism
_MECHANISM_OF = {"deliberation": "participation", "response": "mobilisation"}


def _slug(settings: dict[str, object]) -> str:
    """A change under the names of its settings: `services.equalisation=0.6`."""
    parts = [f"{key.partition('.')[2]}={value}" for key, value in settings.items()]
    return "; ".join(parts)


def _changes() -> Iterator[tuple[Change, tuple[_Row, ...]]]:
    for first, settings, rows in _ROWS:
        yield Change(_slug(settings), settings, _MECHANISM_OF.get(first, first)), rows


WHOLE_CHANGES: tuple[Change, ...] = tuple(change for change, _ in _changes())
EXPECTED: tuple[Response, ...] = tuple(
    Response(
        change.slug,
        name,
        expected,
        tolerance,
        reading(name),
        near_null=null,
        least_scale=LEAST_SCALE.get(name, 0.0),
    )
    for change, rows in _changes()
    for name, expected, tolerance, null in rows
)
