"""What a policy's escalations averted and participants gained cost, in words."""

from collections.abc import Mapping
from typing import Any

from sim.report.content import Content
from sim.report.markup import Markup, el
from sim.text import say


def price_said(price: Mapping[str, Any], scenario: str, lang: str | None = None) -> str:
    """One price in a sentence; `price` is a record of `Comparison.prices`."""
    kind = price["outcome"].removesuffix("_per_10k")
    said = {name: _yuan(price[name]) for name in ("yuan", "low", "high")}
    pairs = price["replications"]
    key = f"report.price.{kind}.{price['verdict']}"
    return say(key, lang, scenario=scenario, pairs=pairs, **said)


def prices(content: Content) -> Markup | None:
    """The prices of every policy, a sentence each; nothing where the cost was not asked for."""
    found = content.given.get("prices") or ()
    items = [
        el("li", price_said(price, content.names.scenario(price["scenario"]), content.lang))
        for policy in content.policies
        for price in found
        if price["scenario"] == policy and price["outcome"] not in content.silent(policy)
    ]
    if not items:
        return None
    note = el("p", say("report.price.note", content.lang), class_="note")
    title = el("h2", say("report.section.prices", content.lang))
    return el("section", title, el("ul", *items), note)


def _yuan(value: float | None) -> str:
    """Whole yuan from a hundred on, three digits below."""
    if value is None:
        return ""
    return f"{value:,.0f}" if abs(value) >= 100.0 else f"{value:.3g}"
