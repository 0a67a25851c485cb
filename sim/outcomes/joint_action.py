"""Outcomes of joint action: issues, events, and how offices answer them."""

import numpy as np

from sim.outcomes.outcome import RATE, SHARE, Outcome, rate_of, share_of
from sim.outcomes.window import Window, ratio


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


JOINT_ACTION = (
    Outcome(
        "collective_events_per_10k",
        RATE,
        "Times that ten people or more of one issue acted together",
        "同一事项十人以上共同行动的次数",
        "Collective events",
        "集体行动",
        rate_of("collective_events"),
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
        rate_of("collective_participants"),
        "lower",
    ),
    Outcome(
        "collective_event_size",
        "persons an event",
        "People in a collective event, on average",
        "每次集体行动的平均人数",
        "Size of events",
        "行动规模",
        share_of("collective_participants", "collective_events"),
    ),
    Outcome(
        "collective_events_linked_share",
        SHARE,
        "Share of collective events whose issue is linked to another one",
        "集体行动中与其他事项串联的比重",
        "Linked events",
        "串联比重",
        share_of("collective_events_linked", "collective_events"),
        "lower",
    ),
    Outcome(
        "collective_events_linked_per_10k",
        RATE,
        "Collective events whose issue is linked to another one",
        "与其他事项串联的集体行动次数",
        "Linked events, rate",
        "串联次数",
        rate_of("collective_events_linked"),
        "lower",
    ),
    Outcome(
        "answered_ignore_share",
        SHARE,
        "Share of collective events that offices ignored",
        "集体行动中未获回应的比重",
        "Ignored",
        "未回应",
        share_of("answered_ignore", "collective_events"),
    ),
    Outcome(
        "answered_dialogue_share",
        SHARE,
        "Share of collective events answered by dialogue",
        "集体行动中以对话回应的比重",
        "Dialogue",
        "对话",
        share_of("answered_dialogue", "collective_events"),
    ),
    Outcome(
        "answered_concede_share",
        SHARE,
        "Share of collective events answered by concession",
        "集体行动中以让步回应的比重",
        "Conceded",
        "让步",
        share_of("answered_concede", "collective_events"),
    ),
    Outcome(
        "answered_control_share",
        SHARE,
        "Share of collective events answered by control",
        "集体行动中以管控回应的比重",
        "Controlled",
        "管控",
        share_of("answered_control", "collective_events"),
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
        rate_of("issues_opened"),
        "lower",
    ),
)
