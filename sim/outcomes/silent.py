"""Which outcomes tell nothing of a scenario, as a mechanism that makes them is off.

What is never made shows as 0, or as it was at the start: a number, but no finding.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.scenario import Scenario

_ROADS = (
    "unresolved_share unsettled_share escalation_share escalations_per_10k late_share "
    "late_share_villages settled_in_village_share settled_up_to_township_share "
    "days_to_resolution_median days_to_resolution_p90 mediations_actual_per_10k "
    "mediations_recorded_per_10k mediation_success_actual mediation_success_recorded "
    "civil_filings_residents_per_10k prelitigation_success_share social_mediations_per_10k "
    "disputes_found_per_10k"
)  # where disputes go; without disputes, or people who choose, nothing goes anywhere

# By mechanism, the outcomes that nothing makes without it.
MAKES = {
    "metropolitan": "goods_transport goods_river goods_environment compensation_per_resident "
    "spent_metropolitan_per_resident",
    "water": "water_depth drip_share water_draw_ratio spent_water_per_resident",
    "land": "land_farmed_share land_let_share land_idle_share land_acquired_share land_taken "
    "land_compensation land_shortfall land_issues family_farms spent_land_per_resident",
    "projects": "accepted_share accepted_share_by_money days_to_acceptance works_condition "
    "projects_under_way works_waiting projects_cancelled project_issues project_days_lost "
    "spent_works_per_resident",
    "labour": "jobs work_lost_rate unemployment_rate income_ratio_urban_rural",
    "services": "service_gap_mean registrations_granted spent_services_per_resident",
    "migration": "urbanisation floating_residents moves_to_town_per_10k moves_home_per_10k "
    "moves_other_per_10k departures_per_10k arrivals_per_10k coming_of_age_per_10k deaths_per_10k",
    "integration": "belonging_mean belonging_non_local feeling_local_share semi_urbanised_share",
    "budget": "spent_per_resident spent_grid_pay_per_resident spent_mediators_per_resident "
    "spent_cases_per_resident spent_meetings_per_resident spent_rooms_per_resident "
    "spent_platform_per_resident spent_training_per_resident spent_judges_per_resident "
    "spent_channels_per_resident spent_society_per_resident spent_water_per_resident "
    "spent_metropolitan_per_resident spent_works_per_resident spent_land_per_resident "
    "spent_responses_per_resident spent_services_per_resident budget_paid_share",
    "staffing": "mediators_per_10k mediator_turnover grid_worker_turnover",
    "assessment": "office_time_solve office_time_prevent office_time_report office_time_suppress",
    "partybuilding": "matched_hours_per_10k",
    "organisations": "organisations organisations_active organisations_public_income_share "
    "organisations_autonomy social_mediations_per_10k membership_rate activity_gap_members",
    "detection": "disputes_found_per_10k",
    "disputes": f"{_ROADS} disputes_opened_per_10k open_backlog_per_10k grievance_in_dispute "
    "distress_in_dispute",
    "channels": _ROADS,
    "mediation": "mediations_actual_per_10k mediations_recorded_per_10k mediation_success_actual "
    "mediation_success_recorded late_share late_share_villages settled_in_village_share "
    "settled_up_to_township_share",
    "coordination": "hotline_requests_per_10k hotline_late_share hotline_resolved_share",
    "courts": "civil_filings_per_10k civil_filings_residents_per_10k court_cases_all_per_10k "
    "cases_per_judge prelitigation_tried_per_10k prelitigation_settled_per_10k "
    "prelitigation_success_share spent_judges_per_resident",
    "petitions": "petitions_made_per_10k petitions_recorded_per_10k petitions_prevented_per_10k",
    "mobilisation": "issues_open issues_opened_per_10k collective_events_per_10k "
    "collective_participants_per_10k collective_event_size collective_events_linked_share "
    "collective_events_linked_per_10k answered_ignore_share answered_dialogue_share "
    "answered_concede_share answered_control_share spent_responses_per_resident land_issues "
    "project_issues",
    "participation": "participation_rate participants_per_10k meeting_rate deliberation_rate "
    "volunteering_rate volunteer_active_share activity_rate online_voice_rate "
    "participation_gap_registration participation_gap_place activity_gap_members "
    "volunteer_hours_per_person public_hours_per_person",
    "volunteering": "volunteer_hours_per_person registered_volunteer_share reporter_hours_per_10k "
    "time_bank_held_per_10k",
    "education": "trained_share course_seats_per_10k",
    "norms": "compact_share",
    "grievance": "grievance_mean grievance_in_dispute grievance_gini grievance_polarisation",
    "wellbeing": "distress_mean distress_in_dispute counselled_per_10k "
    "public_security_cases_per_10k",
    "influence": "trust_community trust_township trust_city trust_court norm_mean "
    "legal_awareness_mean efficacy_mean",
}

# Several of them make these: nothing does where all are off.
_GIVERS = {"volunteering", "partybuilding", "organisations"}
_GIVEN = {"civic_posts_per_10k", "civic_sessions_per_10k", "service_hours_per_10k"}


def silent_in(*scenarios: "Scenario") -> frozenset[str]:
    """The outcomes that nothing makes in any of these; none where mechanisms of users may."""
    return frozenset.intersection(*map(_silent, scenarios))


def _silent(scenario: "Scenario") -> frozenset[str]:
    """The outcomes that nothing makes in one scenario."""
    if scenario.user_mechanisms:
        return frozenset()
    off = MAKES.keys() - set(scenario.mechanisms)
    silent = {name for mechanism in off for name in MAKES[mechanism].split()}
    return frozenset(silent | _GIVEN if off >= _GIVERS else silent)
