"""Outcomes of government: who is in post, how long they stay, and what it costs."""

from collections.abc import Callable

import numpy as np

from sim.outcomes.outcome import SHARE, Outcome
from sim.outcomes.window import Window, ratio
from sim.world.money import LINES, SAVING
from sim.world.offices import OFFICE_KINDS

PER_RESIDENT = "yuan a resident a year"
LINE_TEXTS = {
    "grid_pay": ("Pay and subsidy of grid workers", "网格员工资和补贴", "Grid pay", "网格经费"),
    "mediators": ("Pay of full-time mediators", "专职调解员工资", "Mediators", "调解员工资"),
    "cases": ("Piece pay of part-time mediators", "兼职调解员办案补贴", "Piece pay", "办案补贴"),
    "meetings": ("Deliberation meetings", "议事会经费", "Meetings", "议事经费"),
    "rooms": ("Specialised mediation rooms", "专业调解室经费", "Rooms", "专调经费"),
    "platform": ("Information platforms", "信息平台经费", "Platforms", "平台经费"),
    "training": ("Training of mediators", "调解员培训经费", "Training", "培训经费"),
    "judges": ("Judges beyond the base", "新增法官经费", "Judges", "法官经费"),
    "channels": (
        "Online platform and youth channel",
        "网络平台和青年渠道经费",
        "Channels",
        "渠道经费",
    ),
    "works": (
        "Consultation, acceptance and upkeep of works beyond the base; below 0: saved",
        "公共工程征询、验收和管护超出基准的经费；低于0为节省",
        "Works",
        "工程经费",
    ),
    "land": (
        "Compensation for land beyond the base ratio; below 0: saved",
        "高于基准的征地补偿；低于0为节省",
        "Land",
        "征地补偿",
    ),
    "services": (
        "Equalised services and grants of registration beyond the base; below 0: saved",
        "均等化公共服务和积分落户超出基准的经费；低于0为节省",
        "Services",
        "公共服务经费",
    ),
    "society": ("Other social policies", "其他社会政策经费", "Society", "社会经费"),
    "water": (
        "Drip subsidies and meters of wells beyond the base; below 0: saved",
        "超出基准的滴灌补贴和机井计量经费；低于0为节省",
        "Water",
        "水利经费",
    ),
    "metropolitan": (
        "Cross-border goods and their offices beyond the base; below 0: saved",
        "超出基准的跨区公共品及其机构经费；低于0为节省",
        "Cross-border goods",
        "跨区经费",
    ),
    "responses": ("Answers to joint action", "应对集体行动的经费", "Answers", "应对经费"),
}


def _per_resident(amount: np.ndarray, w: Window) -> np.ndarray:
    return ratio(amount, w.usual_residents) / w.years


def _net(line: str, w: Window) -> np.ndarray:
    """Paid on a line, less what a programme whose base is paid elsewhere cost below that base."""
    spent = w.division_flow(f"spent_{line}")
    return spent - w.division_flow(f"saved_on_{line}") if line in SAVING else spent


def _spent(line: str) -> Callable[[Window], np.ndarray]:
    return lambda w: _per_resident(_net(line, w), w)


def spent_in_all(w: Window) -> np.ndarray:
    """Paid on all lines, those beside the governance budget included."""
    return _per_resident(np.sum([_net(line, w) for line in LINES], axis=0), w)


def paid_share(w: Window) -> np.ndarray:
    """Paid of what was due on the lines that the governance budget has to pay."""
    return ratio(w.division_flow("budget_paid"), w.division_flow("budget_due"))


def mediators_in_post(w: Window) -> np.ndarray:
    """Mediators of villages, communities and townships in post, per 10,000 residents.

    Committees are seen through the kept ones: per resident served, times the residents of the
    kind of place in the division.
    """
    offices, units, size = w.world.offices, w.world.units, w.world.divisions
    persons = (offices.part_time + offices.full_time) * offices.bodies
    adults = units.adults * units.weight
    everybody = np.bincount(units.division, adults, minlength=size)
    population = w.residents[w.groups.division_rows]
    per_resident = np.zeros(size)
    for kind, urban in (("village", False), ("community", True)):
        rows = offices.kind == OFFICE_KINDS.index(kind)
        served = np.bincount(offices.division[rows], offices.residents[rows], minlength=size)
        count = np.bincount(offices.division[rows], persons[rows], minlength=size)
        inside = np.bincount(units.division, adults * ((units.kind == 0) == urban), minlength=size)
        per_resident += np.nan_to_num(ratio(count, served) * ratio(inside, everybody))
    rows = offices.kind == OFFICE_KINDS.index("township")
    count = np.bincount(offices.division[rows], persons[rows], minlength=size)
    per_resident += ratio(count, population)
    mean = float((per_resident * population).sum() / population.sum())
    return w.spread(per_resident * 1e4, mean * 1e4)


def turnover(who: str) -> Callable[[Window], np.ndarray]:
    """Leavings over years in post."""

    def formula(w: Window) -> np.ndarray:
        quits, years = w.division_flow(f"{who}_quits"), w.division_flow(f"{who}_years")
        return np.where(np.isnan(quits), np.nan, ratio(np.nan_to_num(quits), np.nan_to_num(years)))

    return formula


def office_time(task: str) -> Callable[[Window], np.ndarray]:
    """Working time of committees that goes into a task, weighed by residents."""
    return lambda w: ratio(w.division_flow(f"office_time_{task}"), w.division_flow("office_time"))


def goods(field: str) -> Callable[[Window], np.ndarray]:
    """The level of a cross-border good at the end, weighed by residents."""

    def formula(w: Window) -> np.ndarray:
        jurisdictions = w.world.tables["jurisdictions"]
        residents = w.residents[w.groups.division_rows]
        level = jurisdictions[field]
        return w.spread(level, float((level * residents).sum() / residents.sum()))

    return formula


TASK_TEXTS = {
    "solve": ("solving cases", "化解矛盾", "Time for solving", "化解时间"),
    "prevent": ("preventing them", "预防矛盾", "Time for preventing", "预防时间"),
    "report": ("records and reports", "台账报送", "Time for reports", "报送时间"),
    "suppress": (
        "keeping petitions from being registered",
        "减少信访登记",
        "Time against counts",
        "压量时间",
    ),
}
FIELD_TEXTS = {
    "transport": ("transport", "交通", "Transport goods", "交通公共品"),
    "river": ("rivers", "河流治理", "River goods", "河流公共品"),
    "environment": ("the environment", "生态环境", "Environment goods", "环境公共品"),
}

GOVERNMENT: tuple[Outcome, ...] = (
    Outcome(
        "spent_per_resident", PER_RESIDENT,
        "Paid in all, works, land and services included, less what programmes save on their base",
        "实际支付合计，包括工程、土地与公共服务支出，减去各项目比基准节省的部分",
        "Spent", "支出",
        spent_in_all, "none", headline=True,
    ),
    *(
        Outcome(
            f"spent_{line}_per_resident", PER_RESIDENT,
            LINE_TEXTS[line][0], LINE_TEXTS[line][1],
            LINE_TEXTS[line][2], LINE_TEXTS[line][3],
            _spent(line),
        )
        for line in LINES
    ),
    Outcome(
        "budget_paid_share", SHARE,
        "Share of what fell due on the governance budget that was paid",
        "治理经费应付额中实际支付的比重",
        "Paid of due", "支付率",
        paid_share, "higher",
    ),
    Outcome(
        "mediators_per_10k", "persons per 10,000 residents",
        "Mediators in post in villages, communities and townships",
        "村、社区和乡镇在岗调解员",
        "Mediators in post", "在岗调解员",
        mediators_in_post, "none",
    ),
    Outcome(
        "mediator_turnover", "leavings a person-year",
        "Mediators who leave, per year in post",
        "调解员每人年离岗次数",
        "Mediators leaving", "调解员流失",
        turnover("mediator"), "lower",
    ),
    Outcome(
        "grid_worker_turnover", "leavings a person-year",
        "Grid workers who leave, per year in post",
        "网格员每人年离岗次数",
        "Grid workers leaving", "网格员流失",
        turnover("grid_worker"), "lower",
    ),
    *(
        Outcome(
            f"office_time_{task}", SHARE,
            f"Working time of committees that goes into {en}",
            f"村（社区）干部用于{zh}的工作时间比重",
            short_en, short_zh,
            office_time(task),
        )
        for task, (en, zh, short_en, short_zh) in TASK_TEXTS.items()
    ),
    *(
        Outcome(
            f"goods_{field}", "level of goods",
            f"Cross-border goods for {en}, 1 where each division looks after itself alone",
            f"跨区{zh}公共品水平（各区县只顾自身时为1）",
            short_en, short_zh,
            goods(field), "higher",
        )
        for field, (en, zh, short_en, short_zh) in FIELD_TEXTS.items()
    ),
    Outcome(
        "compensation_per_resident", PER_RESIDENT,
        "Paid by the upper level for benefits that cross borders",
        "上级对外溢收益的补偿",
        "Compensation", "补偿",
        lambda w: _per_resident(w.division_flow("compensation_received"), w),
    ),
)  # fmt: skip
