"""The hidden costs of a policy, which outcomes that look better do not show.

What is kept out of the records is gone from them and not from the world; and what a policy takes
from a budget that is full, every other line of the budget lacks.
"""

from sim.report.comparison import Row
from sim.report.content import Content
from sim.report.markup import Markup, el
from sim.report.numbers import change, known, level
from sim.text import say

PREVENTED = "petitions_prevented_per_10k"
REGISTERED = "petitions_recorded_per_10k"
PAID = "budget_paid_share"
SUCCESS_RECORDED, SUCCESS_ACTUAL = "mediation_success_recorded", "mediation_success_actual"


def hidden_costs(content: Content) -> Markup | None:
    """A warning for each policy that suppresses, flatters its record, or drains the budget."""
    notes = [note for policy in content.policies for note in notes_of(content, policy)]
    if not notes:
        return None
    title = el("h3", say("report.section.hidden", content.lang))
    return el("aside", title, *(el("p", note) for note in notes), class_="warning")


def notes_of(content: Content, policy: str) -> list[str]:
    """The warnings that a policy's numbers call for."""
    return [
        *_unpaid(content, policy),
        *_unregistered(content, policy),
        *_flattered(content, policy),
    ]


def _unpaid(content: Content, policy: str) -> list[str]:
    """That all lines of the budget are paid less than they were."""
    paid = content.find(policy, PAID)
    if not (paid and known(paid.high) and paid.high < 0.0 and not paid.negligible):
        return []
    words = sizes(content, paid, "paid")
    return [say("report.hidden.unpaid", content.lang, **words)]


def _unregistered(content: Content, policy: str) -> list[str]:
    """That petitions are kept from being registered."""
    notes = []
    prevented, registered = (content.find(policy, name) for name in (PREVENTED, REGISTERED))
    if prevented and rises(prevented):
        words = sizes(content, prevented, "prevented")
        if registered and registered.verdict == "clear" and registered.direction == "lower":
            words |= sizes(content, registered, "registered")
            notes.append(say("report.hidden.fewer_registered", content.lang, **words))
        else:
            notes.append(say("report.hidden.prevented", content.lang, **words))
    return notes


def _flattered(content: Content, policy: str) -> list[str]:
    """That the recorded success of mediation rises beyond what the parties see."""
    on_paper, in_fact = (content.find(policy, name) for name in (SUCCESS_RECORDED, SUCCESS_ACTUAL))
    if not (on_paper and in_fact) or not rises(on_paper) or rises(in_fact):
        return []
    if on_paper.difference <= in_fact.difference:
        return []
    words = sizes(content, on_paper, "recorded") | sizes(content, in_fact, "actual")
    return [say("report.hidden.success", content.lang, **words)]


def rises(row: Row) -> bool:
    """Whether an outcome clearly goes up, by more than the smallest effect of interest."""
    return row.verdict == "clear" and row.direction == "higher"


def sizes(content: Content, row: Row, key: str) -> dict[str, str]:
    """The policy's name, and a row's difference and level under the policy, for a sentence."""
    lang = content.lang
    return {
        "scenario": content.names.scenario(row.scenario),
        key: change(row.difference, row.unit, row.half, lang),
        f"{key}_level": level(row.mean, row.unit, row.half, lang),
    }
