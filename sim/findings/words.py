"""Names of factors and outcomes for figures and sentences, from the levers and the catalogue."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from sim.report.factors import FactorNames
from sim.report.levels import level_words
from sim.report.names import Entries, Names, meanings_of
from sim.text import say

if TYPE_CHECKING:
    from sim.scenario.levers import Lever

POLICIES, PARAMETERS = "policies.", "parameters."


def factor_names(
    factors: Iterable[str],
    lang: str | None,
    nested: Mapping[str, Mapping[str, Any]] | None = None,
    divisions: Entries | None = None,
) -> FactorNames:
    """What the factors are called; a setting that is a scenario goes by its title.

    Args:
        factors: their dotted keys.
        lang: the language.
        nested: by factor the settings that are lists or mappings, by their `plain_label`.
        divisions: titles of the divisions that such settings name.
    """
    entries = {name: entry for name in factors if (entry := _entry(name))}
    values: dict[str, Mapping[str, Mapping[str, str]]] = {"scenario": _Titles()}
    plain = FactorNames(lang, entries, values)
    for name, levels in (nested or {}).items():
        told = level_words(name, list(levels.values()), plain, divisions)
        values[name] = {
            label: {plain.spoken: words} for label, words in zip(levels, told, strict=True)
        }
    return plain


def outcome_meanings() -> dict[str, dict[str, Any]]:
    """Names, units and meanings of every outcome."""
    from sim.outcomes import CATALOGUE

    return meanings_of(CATALOGUE.values())


def outcome_names(lang: str | None) -> Names:
    """The outcomes in a language."""
    return Names(lang, {}, outcome_meanings())


def outcomes_here(asked: str, there: Iterable[str]) -> str:
    """The end of a message: outcomes that there are, from a to z, and those perhaps meant.

    They are found by their names or by words of their meanings, in either language.
    """
    from sim.outcomes import CATALOGUE
    from sim.scenario.faults import allowed_names, meant_by

    names = sorted(there)
    meanings = {name: CATALOGUE[name].called for name in names if name in CATALOGUE}
    meant = meant_by(asked, names, meanings)
    return allowed_names(asked, names) + (f"; did you mean {meant}?" if meant else "")


def units(outcomes: Iterable[str]) -> dict[str, str]:
    """The unit of each outcome; of an outcome that a user's mechanism brings, none."""
    known = outcome_meanings()
    return {name: str(known.get(name, {}).get("unit", "")) for name in outcomes}


def _entry(name: str) -> dict[str, Any]:
    from sim.engine.ledger import full_ledger
    from sim.scenario.levers import LEVERS

    if name.startswith(POLICIES):
        return _lever_entry(name.removeprefix(POLICIES), LEVERS)
    if name.startswith(PARAMETERS):
        parameter = full_ledger().get(name.removeprefix(PARAMETERS))
        return {"unit": parameter.unit} if parameter else {}
    return {}


def _lever_entry(name: str, levers: "Mapping[str, Lever]") -> dict[str, Any]:
    """A lever, everywhere or where a part of its value is for: the other divisions, or one."""
    if name in levers:
        return {"title": levers[name].short, "unit": levers[name].unit}
    whole, _, division = name.partition(".divisions.")
    if not division:
        whole = name.removesuffix(".default")
    lever = levers.get(whole)
    if lever is None:
        return {}
    key = "division" if division else "others"
    title = {
        lang: say(f"findings.lever.{key}", lang, name=told, division=division)
        for lang, told in lever.short.items()
    }
    return {"title": title, "unit": lever.unit}


class _Titles(dict[str, Any]):
    """Titles of scenarios, read when one is asked for."""

    def get(self, name: str, default: Any = None) -> Any:
        """The title of a scenario by its name or path; nothing when it cannot be read."""
        from sim.engine.load import load
        from sim.kernel.fault import ShiyuError

        try:
            return dict(load(name).title)
        except ShiyuError:
            return default
