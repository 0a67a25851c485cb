"""Settings that are lists or mappings (shocks, dated levers, exceptions by division) in words.

Of shocks only what differs among the settings of the factor is said, and what kind they are where
that is all that tells them from none.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from sim.report.factors import FactorNames
from sim.report.names import Entries
from sim.report.numbers import shown
from sim.text import say

SHOCKS = "shocks"
_PARTS = ("kind", "division", "households", "jobs", "on", "until", "response")
_DATED = {"from", "value"}
_BY_DIVISION = {"default", "divisions"}


def level_words(
    key: str, levels: Sequence[Any], names: FactorNames, divisions: Entries | None = None
) -> list[str]:
    """What the settings of a factor that are lists or mappings are called, one text each.

    Args:
        key: the dotted key of the factor.
        levels: these settings, as an experiment file states them.
        names: names, units and language.
        divisions: titles of divisions, {slug: {"title": {en, zh}}}.

    Settings that words do not tell apart stay JSON.
    """
    telling = _Telling(key, names, divisions or {})
    told = telling.shocks(levels) if key == SHOCKS else telling.others(levels)
    if len(set(told)) < len(told):
        return [json.dumps(level, ensure_ascii=False, default=str) for level in levels]
    return told


class _Telling:
    """Words for the settings of one factor."""

    def __init__(self, key: str, names: FactorNames, divisions: Entries) -> None:
        self.key, self.names, self.divisions = key, names, divisions
        self.lang = names.spoken

    def shocks(self, levels: Sequence[Any]) -> list[str]:
        """Each list of shocks by the parts that differ; by all parts where these do not tell."""
        every = [shock for level in levels for shock in level]
        parts = _differing(every, _PARTS)
        if not parts or not all(levels):
            parts = ["kind", *(part for part in parts if part != "kind")]
        told = [self._shocks(level, parts) for level in levels]
        if len(set(told)) < len(told):
            told = [self._shocks(level, _PARTS) for level in levels]
        return told

    def _shocks(self, level: Sequence[Mapping[str, Any]], parts: Sequence[str]) -> str:
        told = [
            self._listed([self._part(part, shock[part]) for part in parts if part in shock])
            for shock in level
        ]
        return " + ".join(filter(None, told)) or self._none()

    def _part(self, part: str, value: Any) -> str:
        if part == "kind":
            return say(f"odd.shock_kind.{value}", self.lang)
        if part == "division":
            return self._division(value)
        if part in ("households", "jobs"):
            return say(f"findings.level.{part}", self.lang, count=shown(float(value)))
        if part == "until":
            return say("findings.level.until", self.lang, day=value)
        if part == "response":
            word = self.names.value(self.key, str(value))
            return say("findings.level.response", self.lang, word=word)
        return str(value)

    def others(self, levels: Sequence[Any]) -> list[str]:
        """Dated values, exceptions by division, and any other list or mapping."""
        dated = [level for level in levels if _is_dated(level)]
        starts = {str(level[0]["from"]) for level in dated}
        mappings = [level for level in levels if isinstance(level, Mapping)]
        keys = list(dict.fromkeys(key for level in mappings for key in level))
        differing = _differing(mappings, keys) if len(mappings) == len(levels) > 1 else keys
        return [
            self._dated(level, since_start=len(level) > 1 and len(starts) == 1)
            if _is_dated(level)
            else self._told(level, differing)
            for level in levels
        ]

    def _dated(self, level: Sequence[Mapping[str, Any]], *, since_start: bool) -> str:
        """Values with the days from which they hold; the first without, where all begin alike."""
        told = [
            say("findings.level.from", self.lang, value=self._told(each["value"]), day=each["from"])
            for each in level
        ]
        if since_start:
            told[0] = self._told(level[0]["value"])
        return self._listed(told)

    def _told(self, value: Any, keys: Sequence[str] | None = None) -> str:
        if isinstance(value, Mapping):
            return self._mapping(value, keys)
        if isinstance(value, list | tuple):
            return self._listed([self._told(each) for each in value]) or self._none()
        if isinstance(value, bool):
            return self.names.value(self.key, str(value).lower())
        return self._none() if value is None else self.names.value(self.key, value)

    def _mapping(self, value: Mapping[str, Any], keys: Sequence[str] | None) -> str:
        if value and set(value) <= _BY_DIVISION:
            told = [self._told(value["default"])] if "default" in value else []
            own = value.get("divisions") or {}
            told += [f"{self._division(slug)} {self._told(one)}" for slug, one in own.items()]
            return self._listed(told)
        chosen = [key for key in value if keys is None or key in keys]
        return self._listed([f"{key} {self._told(value[key])}" for key in chosen]) or self._none()

    def _division(self, slug: Any) -> str:
        title = self.divisions.get(str(slug), {}).get("title", {})
        return str(title.get(self.lang) or slug)

    def _listed(self, told: Sequence[str]) -> str:
        return say("findings.list", self.lang).join(told)

    def _none(self) -> str:
        return say("findings.choice.none", self.lang)


def _is_dated(level: Any) -> bool:
    return (
        isinstance(level, list | tuple)
        and bool(level)
        and all(isinstance(each, Mapping) and set(each) == _DATED for each in level)
    )


def _differing(members: Sequence[Mapping[str, Any]], keys: Sequence[str]) -> list[str]:
    """Those of these keys that have several values among the members, or are lacking in some."""
    return [
        key
        for key in keys
        if len({json.dumps(member.get(key), default=str) for member in members}) > 1
    ]
