"""Outcomes of society: taking part, trust, grievance, and the economy behind them."""

from collections.abc import Callable

import numpy as np

from sim.outcomes.outcome import SHARE, Outcome
from sim.outcomes.spread import esteban_ray, gini
from sim.outcomes.window import Window, ratio

NON_LOCAL, RURAL = 2, 2


def _mean(column: str) -> Callable[[Window], np.ndarray]:
    return lambda w: w.mean(w.world.people[column])


def _since(column: str, days: float) -> Callable[[Window], np.ndarray]:
    return lambda w: w.mean(w.world.people[column] > w.day - days)


def volunteer_active_share(w: Window) -> np.ndarray:
    """Adults who volunteered in 365 days, over residents of all ages."""
    return _since("last_volunteered", 365.0)(w) * ratio(w.adults, w.residents)


def gap_by_registration(w: Window) -> np.ndarray:
    """Participation of registered locals less that of people registered elsewhere."""
    acted, away = w.world.people.acted, w.world.people.registration == NON_LOCAL
    return w.mean(acted, ~away) - w.mean(acted, away)


def gap_by_place(w: Window) -> np.ndarray:
    """Participation in urban kinds of place less that in rural villages."""
    acted, rural = w.world.people.acted, w.world.people.kind == RURAL
    return w.mean(acted, ~rural) - w.mean(acted, rural)


def grievance_in_dispute(w: Window) -> np.ndarray:
    """Grievance among people with an open dispute."""
    people = w.world.people
    return w.mean(people.grievance, people.open_disputes > 0)


def _spread(measure: Callable[..., np.ndarray]) -> Callable[[Window], np.ndarray]:
    def formula(w: Window) -> np.ndarray:
        people = w.world.people
        return measure(people.grievance, people.weight, people.cell, w.groups.members)

    return formula


def unemployment_rate(w: Window) -> np.ndarray:
    """Out of work over the labour force."""
    people = w.world.people
    return w.mean(people.unemployed, (people.unemployed | people.employed).astype(float))


def income_ratio(w: Window) -> np.ndarray:
    """Mean income in urban kinds of place over that in rural villages."""
    people = w.world.people
    rural = people.kind == RURAL
    return ratio(w.mean(people.income, ~rural), np.nan_to_num(w.mean(people.income, rural)))


def participants(w: Window) -> np.ndarray:
    """Adults who took part in public life in the last 365 days, per 10,000 residents."""
    return w.mean(w.world.people.acted) * ratio(w.adults, w.residents) * 1e4


SOCIETY = (
    Outcome(
        "participation_rate", SHARE,
        "Adults who deliberated, volunteered or joined an activity in the last 365 days",
        "最近一年参加过议事、志愿服务或社区活动的成年人比重",
        "Taking part", "参与率",
        _mean("acted"), "higher", weekly=True, of_people=True, headline=True,
    ),
    Outcome(
        "participants_per_10k", "persons per 10,000 residents",
        "Adults who deliberated, volunteered or joined an activity in the last 365 days",
        "最近一年参加过议事、志愿服务或社区活动的成年人",
        "Participants", "参与者",
        participants, "higher",
    ),
    Outcome(
        "meeting_rate", SHARE,
        "Adults who took part in a deliberation in the last 730 days",
        "最近两年参加过议事会的成年人比重",
        "Meetings, two years", "两年议事率",
        _since("last_deliberated", 730.0), "higher",
    ),
    Outcome(
        "deliberation_rate", SHARE,
        "Adults who took part in a deliberation in the last 365 days",
        "最近一年参加过议事会的成年人比重",
        "Deliberating", "议事率",
        _since("last_deliberated", 365.0), "higher", weekly=True, of_people=True,
    ),
    Outcome(
        "volunteering_rate", SHARE,
        "Adults who volunteered in the last 365 days",
        "最近一年做过志愿服务的成年人比重",
        "Volunteering", "志愿服务率",
        _since("last_volunteered", 365.0), "higher",
    ),
    Outcome(
        "volunteer_active_share", "share of residents",
        "Adults who volunteered in the last 365 days, over residents of all ages",
        "最近一年做过志愿服务的成年人占常住人口的比重",
        "Active volunteers", "活跃志愿者",
        volunteer_active_share, "higher",
    ),
    Outcome(
        "activity_rate", SHARE,
        "Adults who joined a community activity in the last 365 days",
        "最近一年参加过社区活动的成年人比重",
        "Activities", "活动参与率",
        _since("last_activity", 365.0), "higher",
    ),
    Outcome(
        "online_voice_rate", SHARE,
        "Adults who spoke online on local affairs in the last 365 days",
        "最近一年就本地事务在网上发声的成年人比重",
        "Speaking online", "网上发声率",
        _since("last_online", 365.0), "higher",
    ),
    Outcome(
        "membership_rate", SHARE,
        "Adults who belong to a social organisation",
        "加入社会组织的成年人比重",
        "Members", "组织成员",
        lambda w: w.mean(w.world.people.organisation >= 0), "none",
    ),
    Outcome(
        "participation_gap_registration", "share points",
        "Participation of registered locals less that of people registered elsewhere",
        "本地户籍与外来人口的参与率之差",
        "Gap by registration", "户籍参与差距",
        gap_by_registration, "lower",
    ),
    Outcome(
        "participation_gap_place", "share points",
        "Participation in city and town less that in rural villages",
        "城镇与乡村的参与率之差",
        "Gap city-country", "城乡参与差距",
        gap_by_place, "none",
    ),
    Outcome(
        "grievance_mean", "0 to 1",
        "Mean grievance of adults",
        "成年人的平均不满程度",
        "Grievance", "不满",
        _mean("grievance"), "lower", weekly=True, of_people=True,
    ),
    Outcome(
        "grievance_in_dispute", "0 to 1",
        "Mean grievance of adults who have an open dispute",
        "有未了纠纷者的平均不满程度",
        "Grievance, in dispute", "纠纷者不满",
        grievance_in_dispute, "lower", weekly=True, of_people=True,
    ),
    Outcome(
        "grievance_gini", "0 to 1",
        "Inequality of grievance (Gini coefficient)",
        "不满程度的基尼系数",
        "Grievance, Gini", "不满基尼系数",
        _spread(gini), "none",
    ),
    Outcome(
        "grievance_polarisation", "index",
        "Polarisation of grievance (Esteban and Ray 1994, alpha 1.3, ten classes)",
        "不满的极化指数（Esteban-Ray，alpha 1.3，十组）",
        "Grievance, polarisation", "不满极化",
        _spread(esteban_ray), "none",
    ),
    Outcome(
        "trust_community", "0 to 1", "Mean trust in the village or community committee",
        "对村（居）委会的平均信任", "Trust, community", "村居信任",
        _mean("trust_community"), "higher", weekly=True, of_people=True,
    ),
    Outcome(
        "trust_township", "0 to 1", "Mean trust in the township or street office",
        "对乡镇（街道）的平均信任", "Trust, township", "乡镇信任",
        _mean("trust_township"), "higher",
    ),
    Outcome(
        "trust_city", "0 to 1", "Mean trust in the city government",
        "对市级政府的平均信任", "Trust, city", "市级信任",
        _mean("trust_city"), "higher",
    ),
    Outcome(
        "trust_court", "0 to 1", "Mean trust in the court",
        "对法院的平均信任", "Trust, court", "法院信任",
        _mean("trust_court"), "higher",
    ),
    Outcome(
        "norm_mean", "0 to 1", "Mean civility", "平均公序良俗认同", "Norm", "公序良俗",
        _mean("norm"), "higher",
    ),
    Outcome(
        "legal_awareness_mean", "0 to 1", "Mean legal awareness", "平均法治意识",
        "Legal awareness", "法治意识", _mean("legal_awareness"), "higher",
    ),
    Outcome(
        "efficacy_mean", "0 to 1", "Mean belief that taking part matters",
        "认为参与有用的平均程度", "Efficacy", "参与效能感", _mean("efficacy"), "higher",
    ),
    Outcome(
        "service_gap_mean", "0 to 1", "Mean gap of access to public services",
        "公共服务可及性的平均差距", "Service gap", "服务差距", _mean("service_gap"), "lower",
    ),
    Outcome(
        "unemployment_rate", SHARE, "Out of work over the labour force", "失业率",
        "Unemployment", "失业率", unemployment_rate, "lower",
    ),
    Outcome(
        "income_ratio_urban_rural", "ratio", "Mean income in city and town over rural villages",
        "城镇与乡村平均收入之比", "Income ratio", "城乡收入比", income_ratio, "lower",
    ),
)  # fmt: skip
