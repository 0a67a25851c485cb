"""What scenarios, outcomes and groups are called in the reader's language."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sim.text import language, say

Entries = Mapping[str, Mapping[str, Any]]


def meanings_of(outcomes: Iterable[Any]) -> dict[str, dict[str, Any]]:
    """What figures and reports need to know of the model's outcomes, by name.

    An outcome has `name`, `unit`, `en`, `zh`, `short_en`, `short_zh` and `good`.
    """
    return {
        outcome.name: {
            "unit": outcome.unit,
            "meaning": {"en": outcome.en, "zh": outcome.zh},
            "short": {"en": outcome.short_en, "zh": outcome.short_zh},
            "good": outcome.good,
        }
        for outcome in outcomes
    }


@dataclass(frozen=True)
class Names:
    """Titles as a comparison brings them; what has no entry is called by its own name.

    `scenarios` holds {name: {"title": {en, zh}, "why": {en, zh}}}, `outcomes` {name: {"unit",
    "meaning": {en, zh}, "short": {en, zh}, "good": "lower" | "higher" | "none"}}, `groups`
    {"division": {slug: {en, zh}}}.
    """

    lang: str | None = None
    scenarios: Entries = field(default_factory=dict)
    outcomes: Entries = field(default_factory=dict)
    groups: Entries = field(default_factory=dict)

    @property
    def spoken(self) -> str:
        """The language in use."""
        return language(self.lang)

    def scenario(self, name: str) -> str:
        """The title of a scenario, with its name where another has the same title."""
        title = self._title(name)
        if not title or [self._title(other) for other in self.scenarios].count(title) < 2:
            return title or name
        return say("report.titled_alike", self.spoken, title=title, name=name)

    def _title(self, name: str) -> str:
        return self.pick(self.scenarios.get(name, {}).get("title"))

    def why(self, name: str) -> str:
        """Why a scenario is looked at, or an empty text."""
        return self.pick(self.scenarios.get(name, {}).get("why"))

    def outcome(self, name: str) -> str:
        """The short name of an outcome."""
        return self.pick(self.outcomes.get(name, {}).get("short")) or name.replace("_", " ")

    def meaning(self, name: str) -> str:
        """What an outcome counts, or an empty text."""
        return self.pick(self.outcomes.get(name, {}).get("meaning"))

    def unit(self, name: str) -> str:
        """The unit of an outcome as the model spells it."""
        return str(self.outcomes.get(name, {}).get("unit", ""))

    def welcome(self, name: str) -> str:
        """`lower is better` or its like, or an empty text."""
        good = self.outcomes.get(name, {}).get("good", "none")
        return say(f"report.good.{good}", self.spoken) if good in ("lower", "higher") else ""

    def group(self, by: str, slug: str) -> str:
        """The name of a group of people."""
        given = self.pick(self.groups.get(by, {}).get(slug))
        if given:
            return given
        try:
            return say(f"report.group.{by}.{slug}", self.spoken)
        except KeyError:
            return str(slug)

    def pick(self, texts: Any) -> str:
        """The text in the reader's language, else in any other."""
        if not isinstance(texts, Mapping):
            return str(texts or "")
        return str(texts.get(self.spoken) or next((t for t in texts.values() if t), ""))
