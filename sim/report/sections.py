"""The sections of a report, in the order in which a reader meets them."""

from typing import Any

from sim.report.changes import what_a_run_covers, what_changes
from sim.report.content import Content
from sim.report.curves import outcome_curves
from sim.report.differences import paired_differences
from sim.report.groups import by_group
from sim.report.left_out import frame_of, left_out, left_out_words
from sim.report.markup import Markup, el, together
from sim.report.paired_curves import difference_curves
from sim.report.picture import paragraphs, picture
from sim.report.runs import order_of
from sim.report.sentences import answer, paired_finding, tally
from sim.report.tables import group_table, outcome_table, year_table
from sim.text import say

COURSES = 3  # outcomes drawn over time


def question(content: Content) -> str:
    """The question of the report: the one given, else what the policies change."""
    given = content.names.pick(content.given.get("question"))
    if given:
        return given
    titles = [content.names.scenario(name) for name in content.policies]
    if len(titles) == 1:
        return say("report.question.one", content.lang, scenario=titles[0])
    return say("report.question.many", content.lang, count=len(titles))


def top(content: Content, title: str) -> Markup:
    """The question, what each policy is, why, and what it sets, and what a run covers."""
    names, lang = content.names, content.lang
    base = names.scenario(content.baseline)
    items = []
    for name in [content.baseline, *content.policies]:
        head = names.scenario(name)
        if name == content.baseline:
            head = say("report.is_baseline", lang, scenario=head)
        items += [el("dt", head), el("dd", names.why(name), what_changes(content, name))]
    kicker = say("report.kicker", lang, baseline=base, runs=content.replications)
    listed = el("dl", *items, class_="policies")
    first = el("p", kicker, class_="kicker"), el("h1", title)
    return el("header", *first, listed, what_a_run_covers(content))


def answers(content: Content) -> Markup:
    """One answer a policy on the primary outcome, and a count over the other outcomes."""
    looks = len(content.everybody)
    parts = []
    for policy in content.policies:
        row = content.find(policy, content.primary)
        if row is not None:
            parts.append(el("p", answer(row, content.names, looks)))
        parts.append(el("p", tally(content.of(policy), content.names), class_="tally"))
    title = say("report.section.answer", content.lang)
    box = el("div", *parts, class_="answer")
    error = paragraphs(say("report.only_chance", content.lang), class_="note")
    return el("section", el("h2", title), box, error)


def figure_words(content: Content) -> dict[str, Any]:
    """The names that every figure takes."""
    names = content.names
    return {
        "baseline": content.baseline,
        "scenarios": names.scenarios,
        "meanings": names.outcomes,
    }


def main_figure(content: Content) -> Markup | None:
    """The paired differences in the main outcomes; the tables of the next section are its twin."""
    if not content.shown:
        return None
    lang = content.lang
    figure = paired_differences(
        content.table, lang, outcomes=content.shown, **figure_words(content)
    )
    rows = [row for row in content.everybody if row.outcome in content.shown]
    finding = paired_finding(rows, content.names)
    description = say("report.alt.paired", lang, finding=finding)
    title = el("h2", say("report.section.changes", lang))
    return el("section", title, picture(figure, description, lang))


def outcomes(content: Content) -> Markup:
    """The main outcomes in tables, one a policy; then all of them, folded away."""
    lang, shown = content.lang, content.shown
    rows = {policy: content.of(policy) for policy in content.policies}
    main = [
        outcome_table(content, policy, [row for row in mine if row.outcome in shown])
        for policy, mine in rows.items()
    ]
    count = len({row.outcome for row in content.everybody})
    folded = count > len(shown)
    asked, rest = _left_out(content, folded=folded)
    whole = None
    if folded:
        fold = el("summary", say("report.all_outcomes", lang, count=count))
        every = [outcome_table(content, p, mine) for p, mine in rows.items()]
        whole = el("details", fold, *every, paragraphs(rest, class_="note"))
    note = paragraphs(asked, say("report.how_to_read", lang), class_="note")
    return el("section", el("h2", say("report.section.outcomes", lang)), *main, note, whole)


def _left_out(content: Content, *, folded: bool) -> tuple[str, str]:
    """Which outcomes are left out as nothing makes them: those asked for, and all others.

    Where nothing is folded away, the first sentence names all.
    """
    table, asked = content.given["differences"], content.given.get("headline") or ()
    missing = left_out(content.given, frame_of(table)["outcome"] if len(table) else ())
    first = [name for name in missing if not folded or name in asked]
    rest = [name for name in missing if name not in first]
    return left_out_words(first, content.names), left_out_words(rest, content.names)


def over_time(content: Content) -> Markup | None:
    """The paired difference in the primary outcome, then the courses of the first outcomes."""
    courses = content.courses
    if courses is None or not content.with_course:
        return None
    lang, names = content.lang, content.names
    smooth = int(content.given.get("smooth") or 1)
    words = {**figure_words(content), "smooth": smooth}
    first = content.with_course[0]
    base, policies = order_of(courses, content.baseline, names.scenarios)
    order = [base, *policies]
    paired = difference_curves(courses, first, lang, **words)
    drawn = content.with_course[:COURSES]
    curves = outcome_curves(courses, drawn, lang, differences=content.table, **words)
    twins = [year_table(courses, name, order, names) for name in drawn]
    listed = say("report.comma", lang).join(map(names.outcome, drawn))
    title = el("h2", say("report.section.time", lang))
    texts = (
        say("report.alt.differences", lang, outcome=names.outcome(first)),
        say("report.alt.curves", lang, outcomes=listed),
    )
    figures = (
        picture(paired, texts[0], lang),
        picture(curves, texts[1], lang, together(*twins)),
    )
    return el("section", title, *figures)


def for_whom(content: Content) -> Markup | None:
    """The primary outcome's differences by division, kind of place and registration."""
    outcome, lang = content.primary, content.lang
    if not any(row.by and row.outcome == outcome for row in content.rows):
        return None
    groups = content.names.groups
    figure = by_group(content.table, outcome, lang, groups=groups, **figure_words(content))
    name = content.names.outcome(outcome)
    description = say("report.finding.groups", lang, outcome=name)
    title = el("h2", say("report.section.groups", lang))
    return el("section", title, picture(figure, description, lang, group_table(content, outcome)))
