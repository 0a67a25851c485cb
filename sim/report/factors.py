"""What the factors of a sweep and their settings are called in the reader's language."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sim.report.names import Entries
from sim.report.numbers import factor_of, is_share, joined, known, plain, shown, worded
from sim.text import language, say

_SAID = {
    "scenario": "scenario",
    "shocks": "shocks",
    "scale": "scale",
    "place": "place",
    "time.years": "years",
    "time.step_days": "step",
}
_PLAIN = ("share", "answer", "form", "mode", "weight", "ratio", "")  # units that need no word


@dataclass(frozen=True)
class FactorNames:
    """Names of factors by dotted key; what has no entry is called by its key.

    `entries` holds {key: {"title": {en, zh}, "unit": unit}}, `values` titles of settings that are
    words: {key: {word: {en, zh}}}.
    """

    lang: str | None = None
    entries: Entries = field(default_factory=dict)
    values: Mapping[str, Mapping[str, Mapping[str, str]]] = field(default_factory=dict)

    @property
    def spoken(self) -> str:
        """The language in use."""
        return language(self.lang)

    def name(self, key: str) -> str:
        """The factor in words."""
        title = self.entries.get(key, {}).get("title")
        if title:
            return str(title.get(self.spoken) or next(iter(title.values())))
        if key in _SAID:
            return say(f"findings.{_SAID[key]}", self.spoken)
        return key

    def unit(self, key: str) -> str:
        """The unit of the factor as the model spells it."""
        return str(self.entries.get(key, {}).get("unit", ""))

    def value(self, key: str, value: Any) -> str:
        """A setting in words: a number with a sign for per cent, a range of a pair, a word."""
        if isinstance(value, tuple | list) and len(value) == 2:
            low, high = (self.value(key, end) for end in rounded(value))
            return say("findings.between", self.spoken, low=low, high=high)
        if isinstance(value, str) or not known(value):
            return self._word(key, str(value))
        unit = self.unit(key)
        told = shown(_few_digits(float(value) * factor_of(unit)))
        return f"{told}\u00a0%" if is_share(unit) else told

    def measured(self, key: str, value: Any) -> str:
        """A setting with its unit."""
        told = self.value(key, value)
        return told if isinstance(value, str) else joined(told, self.unit_words(key))

    def _word(self, key: str, word: str) -> str:
        """A setting that is a word: by its title, or as a choice of a lever, or as it is."""
        title = self.values.get(key, {}).get(word) or {}
        if title:
            return str(title.get(self.spoken) or word)
        try:
            return say(f"findings.choice.{word}", self.spoken)
        except KeyError:
            return word

    def with_unit(self, key: str) -> str:
        """The factor with its unit in brackets, where there is one in words."""
        unit = self.unit_words(key)
        if not unit:
            return self.name(key)
        return say("findings.unit", self.spoken, name=self.name(key), unit=unit)

    def unit_words(self, key: str) -> str:
        """What follows a setting of the factor; nothing for shares, words and pure numbers."""
        unit = self.unit(key)
        if unit in _PLAIN:
            return ""
        return worded(unit, self.spoken, "findings.factor_unit", "report.unit")

    def condition(
        self,
        key: str,
        low: float | None,
        high: float | None,
        words: Sequence[str] | None = None,
    ) -> str:
        """A limit as a part of a sentence."""
        lang, name = self.spoken, self.name(key)
        if words is not None:
            told = say("findings.or", lang).join(self.value(key, word) for word in words)
            return say("findings.is.word", lang, name=name, words=told)
        if low is not None and high is not None:
            ends = {"low": self.value(key, low), "high": self.measured(key, high)}
            return say("findings.is.between", lang, name=name, **ends)
        if low is None:
            return say("findings.is.at_most", lang, name=name, high=self.measured(key, high))
        return say("findings.is.at_least", lang, name=name, low=self.measured(key, low))


def _few_digits(value: float) -> float:
    """A setting with four digits that count, or all before the point."""
    if value == 0:
        return 0.0
    return round(value, max(0, 3 - math.floor(math.log10(abs(value)))))


def rounded(ends: Sequence[float]) -> tuple[float, float]:
    """The ends of a range with the digits that its width earns."""
    low, high = map(float, ends)
    width = high - low
    if width <= 0:
        return low, high
    text = f"{width:.1e}"
    digits = 1 - int(text.partition("e")[2])
    return round(low, digits), round(high, digits)


def index_words(value: float) -> str:
    """A share of variance in whole per cent."""
    return f"{plain(100 * value, 0)}\u00a0%" if known(value) else plain(value, 0)
