"""Outcomes of learning, distress and norms: who is trained, who suffers, where compacts live."""

import numpy as np

from sim.outcomes.outcome import RATE, SHARE, Outcome, rate_of
from sim.outcomes.window import Window


def distress_mean(w: Window) -> np.ndarray:
    """Distress of adults."""
    return w.mean(w.world.people.distress)


def distress_in_dispute(w: Window) -> np.ndarray:
    """Distress among people with a voiced dispute, that is one they do not merely put up with."""
    people = w.world.people
    return w.mean(people.distress, people.live_disputes > 0)


def under_compact(w: Window) -> np.ndarray:
    """Adults whose village or community keeps a living compact."""
    return w.mean(w.world.units.compact[w.world.people.unit])


LEARNING: tuple[Outcome, ...] = (
    Outcome(
        "trained_share", SHARE,
        "Adults who have a civic course of the last years in mind",
        "仍记得公民课程内容的成年人比重",
        "Trained", "受训比重",
        lambda w: w.mean(w.world.people.trained), "higher",
    ),
    Outcome(
        "course_seats_per_10k", RATE,
        "Seats in civic courses that were filled",
        "公民课程实际使用的学位",
        "Seats used", "使用学位",
        rate_of("education_seats"), "none",
    ),
    Outcome(
        "distress_mean", "0 to 1", "Mean distress of adults", "成年人的平均心理困扰",
        "Distress", "心理困扰",
        distress_mean, "lower", weekly=True, of_people=True,
    ),
    Outcome(
        "distress_in_dispute", "0 to 1",
        "Mean distress of adults who have an open dispute, tolerated ones left out",
        "有未了纠纷者的平均心理困扰（隐忍的纠纷不计）",
        "Distress, in dispute", "纠纷者困扰",
        distress_in_dispute, "lower", weekly=True, of_people=True,
    ),
    Outcome(
        "counselled_per_10k", RATE, "Courses of counselling that people had",
        "接受心理辅导的人次",
        "Counselling", "心理辅导",
        rate_of("counselling_places"), "none",
    ),
    Outcome(
        "public_security_cases_per_10k", RATE, "Public-security cases",
        "治安案件", "Security cases", "治安案件",
        rate_of("public_security_cases"), "lower", weekly=True,
    ),
    Outcome(
        "compact_share", SHARE,
        "Adults whose village or community keeps a living compact",
        "所在村（社区）的村规民约真正起作用的成年人比重",
        "Under a compact", "村规覆盖",
        under_compact, "none",
    ),
)  # fmt: skip
