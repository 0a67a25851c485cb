"""Outcomes of civic life: hours that people give, social organisations, joint councils."""

from collections.abc import Callable

import numpy as np

from sim.outcomes.outcome import RATE, SHARE, Outcome, rate_of
from sim.outcomes.window import Window, ratio

MATCHED = ("care", "skills", "venues", "repairs", "mediation")
HOURS_PER_10K = "hours per 10,000 residents a year"
SOURCES = ("volunteer_hours", "reporter_hours", *(f"matched_{name}" for name in MATCHED))


def volunteer_hours(w: Window) -> np.ndarray:
    """Hours that volunteers gave, per adult and year."""
    return ratio(w.flow("volunteer_hours"), w.adults) / w.years


def public_hours(w: Window) -> np.ndarray:
    """Hours of volunteers, deliberations, activities and courses, per adult and year."""
    settings, people = w.world.tables["settings"], w.world.people
    hours = volunteer_hours(w)
    for act, column in (("deliberate", "deliberates"), ("activity", "joins_activities")):
        each = float(settings[f"participation.hours_per_act.{act}"])
        hours = hours + each * w.mean(people[column])
    each = float(settings.get("education.hours_per_seat", 0.0))
    return hours + each * np.nan_to_num(ratio(w.flow("education_seats"), w.adults)) / w.years


def _by_division(*names: str) -> Callable[[Window], np.ndarray]:
    """Hours of these flows, those of people and those of divisions, per 10,000 residents."""

    def formula(w: Window) -> np.ndarray:
        total = np.zeros(len(w.groups.by))
        for name in names:
            if name == "volunteer_hours":
                total = total + w.flow(name)
            else:
                total = total + w.division_flow(name)
        return w.per_10k(total)

    return formula


def civic_posts(w: Window) -> np.ndarray:
    """All hours given, in full-time posts per 10,000 residents."""
    year = float(w.world.tables["settings"]["volunteering.hours_per_fte"])
    return _by_division(*SOURCES)(w) / year


def civic_sessions(w: Window) -> np.ndarray:
    """Hours given to mediation, counted as sessions of a mediator, per 10,000 residents a year."""
    settings = w.world.tables["settings"]
    total = np.zeros(len(w.groups.by))
    for name, giver in (
        ("hours_for_mediation", "volunteering"),
        ("matched_mediation", "partybuilding"),
    ):
        worth = float(settings[f"{giver}.mediation_productivity"])
        total = total + w.division_flow(name) * worth / float(
            settings[f"{giver}.hours_per_session"]
        )
    return w.per_10k(total)


def bodies(which: str) -> Callable[[Window], np.ndarray]:
    """How many social organisations there are, alive or active."""

    def formula(w: Window) -> np.ndarray:
        table = w.world.organisations
        here = table[which]
        count = np.bincount(table.division[here], minlength=w.world.divisions).astype(float)
        return w.spread(count, float(count.sum()))

    return formula


def public_income_share(w: Window) -> np.ndarray:
    """Public money in the income of social organisations."""
    public, income = (
        w.division_flow(f"organisations_{name}") for name in ("public_income", "income")
    )
    return np.where(np.isnan(income), np.nan, ratio(np.nan_to_num(public), np.nan_to_num(income)))


def members_activity_gap(w: Window) -> np.ndarray:
    """Activity of members of social organisations less that of others."""
    people = w.world.people
    member = people.organisation >= 0
    return w.mean(people.joins_activities, member) - w.mean(people.joins_activities, ~member)


def autonomy(w: Window) -> np.ndarray:
    """How far bodies that are awake are their own masters."""
    table = w.world.organisations
    awake, size = table.active, w.world.divisions
    total = np.bincount(table.division[awake], table.autonomy[awake], size)
    count = np.bincount(table.division[awake], minlength=size).astype(float)
    return w.spread(ratio(total, count), float(ratio(total.sum(), count.sum())))


def credit_held(w: Window) -> np.ndarray:
    """Hours of credit held in the time bank at the end, per 10,000 residents."""
    people = w.world.people
    held = people.credit_hours if people.is_used("credit_hours") else np.zeros(len(people))
    return w.mean(held) * ratio(w.adults, w.residents) * 1e4


CIVIC: tuple[Outcome, ...] = (
    Outcome(
        "volunteer_hours_per_person", "hours an adult a year",
        "Hours that volunteers give, per adult and year", "成年人人均年志愿服务时长",
        "Volunteers' hours", "志愿时长",
        volunteer_hours, "higher",
    ),
    Outcome(
        "public_hours_per_person", "hours an adult a year",
        "Hours of volunteering, deliberations and activities, per adult and year",
        "成年人人均年公共事务时长（志愿、议事和活动）",
        "Public hours", "公共时长",
        public_hours, "higher",
    ),
    Outcome(
        "registered_volunteer_share", SHARE,
        "Adults on the list of registered volunteers", "注册志愿者占成年人的比重",
        "Registered volunteers", "注册志愿者",
        lambda w: w.mean(w.world.people.registered), "none",
    ),
    Outcome(
        "civic_posts_per_10k", "full-time posts per 10,000 residents",
        "Hours of volunteers, reporting members and joint councils, in full-time posts",
        "志愿者、报到党员和联席会议服务时长折合的专职岗位",
        "Civic hours as posts", "服务折合岗位",
        civic_posts, "higher",
    ),
    Outcome(
        "civic_sessions_per_10k", RATE,
        "Sessions of mediation that volunteers, reporting members and joint councils add, counted "
        "as those of a mediator",
        "志愿者、报到党员和联席会议增加的调解场次（折算为调解员场次）",
        "Sessions given", "增加的场次",
        civic_sessions, "higher",
    ),
    Outcome(
        "reporter_hours_per_10k", HOURS_PER_10K,
        "Hours of serving members who report to their community",
        "在职党员到社区报到的服务时长",
        "Members' hours", "报到服务时长",
        _by_division("reporter_hours"), "higher",
    ),
    Outcome(
        "service_hours_per_10k", HOURS_PER_10K,
        "Hours of service by volunteers, reporting members, joint councils and organisations",
        "志愿者、报到党员、联席会议和社会组织的便民服务时长",
        "Hours of service", "便民服务时长",
        _by_division(
            "hours_for_service", "matched_care", "matched_venues", "matched_repairs",
            "organisations_hours",
        ), "higher",
    ),
    Outcome(
        "matched_hours_per_10k", HOURS_PER_10K,
        "Hours that joint councils matched to needs", "党建联席会议供需对接的服务时长",
        "Matched hours", "对接时长",
        _by_division(*(f"matched_{name}" for name in MATCHED)), "higher",
    ),
    Outcome(
        "time_bank_held_per_10k", "hours per 10,000 residents",
        "Hours of credit held in the time bank", "时间银行未使用的存储时长",
        "Time-bank credit", "时间银行存量",
        credit_held, "none",
    ),
    Outcome(
        "organisations", "bodies",
        "Social organisations that have not ended", "存续的社会组织数量",
        "Organisations", "社会组织",
        bodies("alive"), "none",
    ),
    Outcome(
        "organisations_active", "bodies",
        "Social organisations that are active", "正常活动的社会组织数量",
        "Active organisations", "活跃组织",
        bodies("active"), "higher",
    ),
    Outcome(
        "organisations_public_income_share", SHARE,
        "Public money in the income of social organisations", "社会组织收入中来自政府的比重",
        "Public income", "政府收入占比",
        public_income_share, "none",
    ),
    Outcome(
        "organisations_autonomy", SHARE,
        "How far active social organisations are their own masters: the share of income that is not"
        " public money, shifted by how the place develops",
        "活跃社会组织的自主程度（非政府收入的比重，随地方发展模式增减）",
        "Autonomy", "组织自主性",
        autonomy, "none",
    ),
    Outcome(
        "activity_gap_members", "share points",
        "Activity of members of social organisations less that of others",
        "社会组织成员与其他人的活动参与率之差",
        "Members' activity", "成员活动差距",
        members_activity_gap, "none",
    ),
    Outcome(
        "social_mediations_per_10k", RATE,
        "Disputes brought to social organisations that mediate",
        "由社会组织受理调解的纠纷",
        "Social mediation", "社会组织调解",
        rate_of("brought_social"), "none", weekly=True,
    ),
)  # fmt: skip
