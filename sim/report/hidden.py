"""The hidden cost of a policy: what looks better in the records because it is kept out of them."""

from sim.report.comparison import Row
from sim.report.content import Content
from sim.report.markup import Markup, el
from sim.report.numbers import change, level
from sim.text import say

PREVENTED = "petitions_prevented_per_10k"
REGISTERED = "petitions_recorded_per_10k"
SUCCESS_RECORDED, SUCCESS_ACTUAL = "mediation_success_recorded", "mediation_success_actual"


def hidden_costs(content: Content) -> Markup | None:
    """A warning for each policy that suppresses, or whose record improves more than the facts."""
    notes = [note for policy in content.policies for note in notes_of(content, policy)]
    if not notes:
        return None
    title = el("h3", say("report.section.hidden", content.lang))
    return el("aside", title, *(el("p", note) for note in notes), class_="warning")


def notes_of(content: Content, policy: str) -> list[str]:
    """The warnings that a policy's numbers call for."""
    notes = []
    prevented, registered = (content.find(policy, name) for name in (PREVENTED, REGISTERED))
    if prevented and rises(prevented):
        words = sizes(content, prevented, "prevented")
        if registered and registered.verdict == "clear" and registered.direction == "lower":
            words |= sizes(content, registered, "registered")
            notes.append(say("report.hidden.fewer_registered", content.lang, **words))
        else:
            notes.append(say("report.hidden.prevented", content.lang, **words))
    on_paper, in_fact = (content.find(policy, name) for name in (SUCCESS_RECORDED, SUCCESS_ACTUAL))
    if not (on_paper and in_fact):
        return notes
    if rises(on_paper) and not rises(in_fact) and on_paper.difference > in_fact.difference:
        words = sizes(content, on_paper, "recorded") | sizes(content, in_fact, "actual")
        notes.append(say("report.hidden.success", content.lang, **words))
    return notes


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
