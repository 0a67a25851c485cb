"""Outcomes of cases: what reaches a court, a petition office or the hotline."""

import numpy as np

from sim.outcomes.outcome import RATE, SHARE, Outcome, rate_of, share_of
from sim.outcomes.window import Window, ratio


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


CASES = (
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
        rate_of("civil_filings_residents"),
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
        share_of("prelitigation_settled", "prelitigation_tried"),
        "higher",
    ),
    Outcome(
        "petitions_made_per_10k",
        RATE,
        "Petition items that people bring, registered or turned away",
        "群众提出的信访件，无论是否登记",
        "Petitions made",
        "提出信访",
        rate_of("petitions_made"),
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
        rate_of("petitions_recorded"),
        "none",
        weekly=True,
        headline=True,
    ),
    Outcome(
        "petitions_prevented_per_10k",
        RATE,
        "Petition items that were prevented from being registered",
        "未予登记的信访件",
        "Petitions prevented",
        "未登记信访",
        rate_of("petitions_prevented"),
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
        rate_of("requests"),
    ),
    Outcome(
        "hotline_late_share",
        SHARE,
        "Share of hotline requests closed past their time limit",
        "热线诉求超过时限办结的比重",
        "Requests late",
        "诉求超时比重",
        share_of("requests_late", "requests_closed"),
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
        share_of("requests_resolved", "requests_closed"),
        "higher",
    ),
)
