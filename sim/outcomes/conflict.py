"""Outcomes of conflict: how many disputes, what becomes of them, and who hears of it."""

import numpy as np

from sim.outcomes.outcome import DAYS, RATE, SHARE, Outcome
from sim.outcomes.window import Window, ratio


def settled(w: Window) -> np.ndarray:
    """Disputes settled anywhere."""
    return w.flow("disputes_settled")


def tolerated(w: Window) -> np.ndarray:
    """Tolerated to the end, with the growth of the latent stock."""
    return w.flow("withdrawn_latent") + w.growth(latent_only=True)


def unresolved_share(w: Window) -> np.ndarray:
    """Dropped after an attempt, or live, over those that were not tolerated."""
    voiced = w.flow("disputes_opened") - tolerated(w)
    return 1.0 - ratio(settled(w), voiced)


def unsettled_share(w: Window) -> np.ndarray:
    """Not settled over all that arose, net of the growth of the open stock."""
    return 1.0 - ratio(settled(w), w.flow("disputes_opened") - w.growth())


def escalation_share(w: Window) -> np.ndarray:
    """Reached court or petition after a third party failed, over those that entered one."""
    return ratio(w.flow("escalated"), w.flow("entered_third_party"))


def filings(w: Window) -> np.ndarray:
    """Civil filings; firms' filings are known for divisions and everybody only."""
    return w.per_10k(w.flow("civil_filings_residents") + w.division_flow("civil_filings_firms"))


def cases_per_judge(w: Window) -> np.ndarray:
    """All court cases over all judges, a year."""
    rows = w.world.office_of["court"]
    judges = w.world.offices.judges[rows]
    cases = w.division_flow("court_cases_first")
    second = w.division_flow("court_cases_second")
    higher = float(w.world.place.values.get("offices.persons.intermediate_court", 0.0))
    everybody = ratio(cases[:1] + second[:1], np.array([judges.sum() + higher]))[0]
    by_division = ratio(cases[w.groups.division_rows], judges)
    return w.spread(by_division, everybody) / w.years


def issues_open(w: Window) -> np.ndarray:
    """Issues open at the end, each as often as it is found in the real place, by its members."""
    count = np.zeros(w.world.flows.cells)
    issues = w.world.tables.get("issues")
    if issues is not None:
        people = w.world.people
        for sampled, circle in zip(issues.sampled, issues.beside.circles, strict=True):
            here = circle.members[people.alive[circle.members]]
            weight = w.weights[here]
            share = weight / weight.sum() if sampled else weight / max(len(here), 1)
            count += np.bincount(people.cell[here], share, minlength=len(count))
    return ratio(w.groups.members @ count, w.residents) * 1e4


def _answered(answer: str):  # type: ignore[no-untyped-def]
    return _share(f"answered_{answer}", "collective_events")


def _rate(flow: str):  # type: ignore[no-untyped-def]
    return lambda w: w.per_10k(w.flow(flow))


def _share(part: str, whole: str):  # type: ignore[no-untyped-def]
    return lambda w: ratio(w.flow(part), w.flow(whole))


CONFLICT = (
    Outcome(
        "disputes_opened_per_10k",
        RATE,
        "Disputes that arose, tolerated ones included",
        "发生的纠纷，含忍下未提的",
        "Disputes arising",
        "纠纷发生",
        _rate("disputes_opened"),
        "lower",
        weekly=True,
    ),
    Outcome(
        "unresolved_share",
        SHARE,
        "Of the disputes that somebody tried to settle, the share that stayed without a settlement",
        "曾设法解决的纠纷中，最终没有解决的比重",
        "Unresolved",
        "未化解比重",
        unresolved_share,
        "lower",
        weekly=True,
        headline=True,
    ),
    Outcome(
        "unsettled_share",
        SHARE,
        "Of all disputes, the share that was never settled, tolerated ones included",
        "全部纠纷中始终没有解决的比重，含忍下未提的",
        "Never settled",
        "始终未解决比重",
        unsettled_share,
        "lower",
        weekly=True,
        headline=True,
    ),
    Outcome(
        "escalation_share",
        SHARE,
        "Of the disputes that came before a third party, the share that later reached a court or "
        "a petition office",
        "进入第三方处理的纠纷中，后来走到法院或信访的比重",
        "Escalated",
        "升级比重",
        escalation_share,
        "lower",
        weekly=True,
        headline=True,
    ),
    Outcome(
        "escalations_per_10k",
        RATE,
        "Disputes that reached a court or a petition office after a third party had failed",
        "第三方处理未成后走到法院或信访的纠纷",
        "Escalations",
        "升级的纠纷",
        _rate("escalated"),
        "lower",
        weekly=True,
    ),
    Outcome(
        "disputes_found_per_10k",
        RATE,
        "Tolerated disputes that grid workers found",
        "网格员排查发现的、原本忍下的纠纷",
        "Found by grid workers",
        "网格员发现的纠纷",
        lambda w: w.per_10k(w.flow("disputes_found")),
        weekly=True,
    ),
    Outcome(
        "mediations_actual_per_10k",
        RATE,
        "Cases that ended in village, community, township or specialised mediation",
        "村、社区、乡镇和专业调解中实际办结的案件",
        "Mediations, actual",
        "实际调解",
        _rate("mediations_actual"),
        "none",
        weekly=True,
    ),
    Outcome(
        "mediations_recorded_per_10k",
        RATE,
        "Mediations that the statistics record",
        "统计上登记的调解案件",
        "Mediations, recorded",
        "登记调解",
        _rate("mediations_recorded"),
    ),
    Outcome(
        "mediation_success_actual",
        SHARE,
        "Share of mediations that settle, in the parties' view",
        "当事人认为调成的比重",
        "Success, actual",
        "实际调成率",
        _share("mediations_settled_actual", "mediations_actual"),
        "higher",
        weekly=True,
        headline=True,
    ),
    Outcome(
        "mediation_success_recorded",
        SHARE,
        "Share of recorded mediations that are recorded as settled",
        "登记案件中记为调成的比重",
        "Success, recorded",
        "登记调成率",
        _share("mediations_settled_recorded", "mediations_recorded"),
    ),
    Outcome(
        "late_share",
        SHARE,
        "Share of village and community cases that were not through within the 30 days of the law",
        "村和社区案件中超过法定三十天仍未办完的比重",
        "Out of time",
        "超期比重",
        lambda w: ratio(
            w.flow("timed_out_village") + w.flow("timed_out_community"),
            w.flow("ended_village") + w.flow("ended_community"),
        ),
        "lower",
        weekly=True,
        headline=True,
    ),
    Outcome(
        "late_share_villages",
        SHARE,
        "The same for village committees alone",
        "仅就村调委会而言的超期比重",
        "Out of time, villages",
        "村级超期比重",
        _share("timed_out_village", "ended_village"),
        "lower",
    ),
    Outcome(
        "settled_in_village_share",
        SHARE,
        "Of the recorded settlements, the share made in a village or community",
        "登记的调成案件中在村和社区解决的比重",
        "Settled in the village",
        "村内解决比重",
        lambda w: ratio(w.flow("recorded_settled_village"), w.flow("mediations_settled_recorded")),
    ),
    Outcome(
        "settled_up_to_township_share",
        SHARE,
        "Of the recorded settlements, the share made in a village, community or township",
        "登记的调成案件中在乡镇及以下解决的比重",
        "Settled up to the township",
        "乡镇以下解决比重",
        lambda w: ratio(
            w.flow("recorded_settled_village") + w.flow("recorded_settled_township"),
            w.flow("mediations_settled_recorded"),
        ),
    ),
    Outcome(
        "days_to_resolution_median",
        DAYS,
        "Median days from the start of a dispute to its settlement",
        "从纠纷发生到解决的天数，中位数",
        "Median days",
        "解决天数中位数",
        lambda w: w.quantile("days_to_resolution", 0.5),
        "lower",
    ),
    Outcome(
        "days_to_resolution_p90",
        DAYS,
        "The days within which nine of ten settlements are made",
        "十件中九件在此天数内解决",
        "90th percentile days",
        "解决天数九成位",
        lambda w: w.quantile("days_to_resolution", 0.9),
        "lower",
    ),
    Outcome(
        "open_backlog_per_10k",
        "per 10,000 residents",
        "Disputes open at the end, tolerated ones included",
        "期末未了的纠纷，含忍下未提的",
        "Open disputes",
        "未了纠纷",
        lambda w: ratio(w.open_now(), w.residents) * 1e4,
        "lower",
        weekly=True,
    ),
    Outcome(
        "civil_filings_per_10k",
        RATE,
        "Civil first-instance cases filed by residents and firms",
        "居民和企业提起的民事一审案件",
        "Civil filings",
        "民事立案",
        filings,
        "lower",
        weekly=True,
        headline=True,
    ),
    Outcome(
        "civil_filings_residents_per_10k",
        RATE,
        "Civil first-instance cases filed by residents alone",
        "仅居民提起的民事一审案件",
        "Residents' filings",
        "居民立案",
        _rate("civil_filings_residents"),
        "lower",
    ),
    Outcome(
        "court_cases_all_per_10k",
        RATE,
        "All court cases: civil, enforcement, criminal, administrative, second instance",
        "法院全部案件：民事、执行、刑事、行政和二审",
        "All court cases",
        "全部法院案件",
        lambda w: w.per_10k(
            w.division_flow("court_cases_first") + w.division_flow("court_cases_second")
        ),
    ),
    Outcome(
        "cases_per_judge",
        "cases a judge a year",
        "Court cases a judge",
        "法官人均案件",
        "Cases a judge",
        "法官人均案件",
        cases_per_judge,
        "lower",
    ),
    Outcome(
        "prelitigation_tried_per_10k",
        RATE,
        "Matters of residents and firms that were mediated before filing",
        "立案前先行调解的事项，含居民和企业",
        "Pre-litigation tried",
        "诉前调解",
        lambda w: w.per_10k(
            w.flow("prelitigation_tried") + w.division_flow("prelitigation_tried_firms")
        ),
    ),
    Outcome(
        "prelitigation_settled_per_10k",
        RATE,
        "Matters settled in mediation before filing",
        "诉前调解成功的事项",
        "Pre-litigation settled",
        "诉前调成",
        lambda w: w.per_10k(
            w.flow("prelitigation_settled") + w.division_flow("prelitigation_settled_firms")
        ),
    ),
    Outcome(
        "prelitigation_success_share",
        SHARE,
        "Share of residents' pre-litigation mediations that settle",
        "居民诉前调解的成功率",
        "Pre-litigation success",
        "诉前调成率",
        lambda w: ratio(w.flow("prelitigation_settled"), w.flow("prelitigation_tried")),
        "higher",
    ),
    Outcome(
        "petitions_made_per_10k",
        RATE,
        "Petition items that people bring, registered or turned away",
        "群众提出的信访件，无论是否登记",
        "Petitions made",
        "提出信访",
        _rate("petitions_made"),
        "lower",
        weekly=True,
        headline=True,
    ),
    Outcome(
        "petitions_recorded_per_10k",
        RATE,
        "Petition items that are registered",
        "登记在册的信访件",
        "Petitions recorded",
        "登记信访",
        _rate("petitions_recorded"),
        "none",
        weekly=True,
        headline=True,
    ),
    Outcome(
        "petitions_prevented_per_10k",
        RATE,
        "Petition items that were prevented from being registered",
        "被阻止登记的信访件",
        "Petitions prevented",
        "被阻信访",
        _rate("petitions_prevented"),
        "lower",
        weekly=True,
    ),
    Outcome(
        "hotline_requests_per_10k",
        RATE,
        "Requests to the hotline that go to departments",
        "热线派往部门的诉求",
        "Hotline requests",
        "热线诉求",
        _rate("requests"),
    ),
    Outcome(
        "hotline_late_share",
        SHARE,
        "Share of hotline requests closed past their time limit",
        "热线诉求超过时限办结的比重",
        "Requests late",
        "诉求超时比重",
        _share("requests_late", "requests_closed"),
        "lower",
        weekly=True,
    ),
    Outcome(
        "hotline_resolved_share",
        SHARE,
        "Share of hotline requests closed as resolved",
        "热线诉求办结并解决的比重",
        "Requests resolved",
        "诉求解决比重",
        _share("requests_resolved", "requests_closed"),
        "higher",
    ),
    Outcome(
        "collective_events_per_10k",
        RATE,
        "Times that ten people or more of one issue acted together",
        "同一事项十人以上共同行动的次数",
        "Collective events",
        "集体行动",
        _rate("collective_events"),
        "lower",
        weekly=True,
        headline=True,
    ),
    Outcome(
        "collective_participants_per_10k",
        RATE,
        "People who took part in collective events, each time counted",
        "参加集体行动的人次",
        "Taking part in them",
        "参与人次",
        _rate("collective_participants"),
        "lower",
    ),
    Outcome(
        "collective_event_size",
        "persons an event",
        "People in a collective event, on average",
        "每次集体行动的平均人数",
        "Size of events",
        "行动规模",
        _share("collective_participants", "collective_events"),
    ),
    Outcome(
        "collective_events_linked_share",
        SHARE,
        "Share of collective events whose issue is linked to another one",
        "集体行动中与其他事项串联的比重",
        "Linked events",
        "串联比重",
        _share("collective_events_linked", "collective_events"),
        "lower",
    ),
    Outcome(
        "collective_events_linked_per_10k",
        RATE,
        "Collective events whose issue is linked to another one",
        "与其他事项串联的集体行动次数",
        "Linked events, rate",
        "串联次数",
        _rate("collective_events_linked"),
        "lower",
    ),
    Outcome(
        "answered_ignore_share",
        SHARE,
        "Share of collective events that offices ignored",
        "集体行动中未获回应的比重",
        "Ignored",
        "未回应",
        _answered("ignore"),
    ),
    Outcome(
        "answered_dialogue_share",
        SHARE,
        "Share of collective events answered by dialogue",
        "集体行动中以对话回应的比重",
        "Dialogue",
        "对话",
        _answered("dialogue"),
    ),
    Outcome(
        "answered_concede_share",
        SHARE,
        "Share of collective events answered by concession",
        "集体行动中以让步回应的比重",
        "Conceded",
        "让步",
        _answered("concede"),
    ),
    Outcome(
        "answered_control_share",
        SHARE,
        "Share of collective events answered by control",
        "集体行动中以管控回应的比重",
        "Controlled",
        "管控",
        _answered("control"),
    ),
    Outcome(
        "issues_open",
        "per 10,000 residents",
        "Issues open at the end: matters that concern many people at once",
        "期末未了的群体性事项",
        "Open issues",
        "未了事项",
        issues_open,
        "lower",
    ),
    Outcome(
        "issues_opened_per_10k",
        RATE,
        "Issues that opened: matters that concern many people at once",
        "新出现的群体性事项",
        "Issues opening",
        "事项发生",
        _rate("issues_opened"),
        "lower",
    ),
)
