"""Outcomes of conflict: how many disputes arise, who mediates them, and what is left of them."""

import numpy as np

from sim.outcomes.outcome import DAYS, RATE, SHARE, Outcome, rate_of, share_of
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


def unresolved_of_ended(w: Window) -> np.ndarray:
    """Dropped after an attempt, over those that were not tolerated and have ended.

    At rest it is `unresolved_share`. In a quarter more may be settled than were voiced in it, where
    the stock falls: against those that have ended they are never more than all.
    """
    ended = w.flow("disputes_opened") - w.flow("withdrawn_latent") - w.growth()
    return 1.0 - ratio(settled(w), ended)


def unsettled_share(w: Window) -> np.ndarray:
    """Not settled over all that arose, net of the growth of the open stock."""
    return 1.0 - ratio(settled(w), w.flow("disputes_opened") - w.growth())


def escalation_share(w: Window) -> np.ndarray:
    """Reached court or petition after a third party failed, over those that entered one."""
    return ratio(w.flow("escalated"), w.flow("entered_third_party"))


CONFLICT = (
    Outcome(
        "disputes_opened_per_10k",
        RATE,
        "Disputes that arose, tolerated ones included",
        "发生的纠纷，含忍下未提的",
        "Disputes arising",
        "纠纷发生",
        rate_of("disputes_opened"),
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
        curve=unresolved_of_ended,
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
        rate_of("escalated"),
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
        rate_of("disputes_found"),
        weekly=True,
    ),
    Outcome(
        "mediations_actual_per_10k",
        RATE,
        "Cases that ended in village, community, township or specialised mediation",
        "村、社区、乡镇和专业调解中实际办结的案件",
        "Mediations, actual",
        "实际调解",
        rate_of("mediations_actual"),
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
        rate_of("mediations_recorded"),
    ),
    Outcome(
        "mediation_success_actual",
        SHARE,
        "Share of mediations that settle, in the parties' view",
        "当事人认为调成的比重",
        "Success, actual",
        "实际调成率",
        share_of("mediations_settled_actual", "mediations_actual"),
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
        share_of("mediations_settled_recorded", "mediations_recorded"),
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
        share_of("timed_out_village", "ended_village"),
        "lower",
    ),
    Outcome(
        "settled_in_village_share",
        SHARE,
        "Of the recorded settlements, the share made in a village or community",
        "登记的调成案件中在村和社区解决的比重",
        "Settled in the village",
        "村内解决比重",
        share_of("recorded_settled_village", "mediations_settled_recorded"),
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
)
