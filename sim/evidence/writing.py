"""Writes verdicts down: tables as Markdown for the docs, as rows of cells for a terminal."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from sim.evidence.judging import FAILS, HOLDS, OPEN
from sim.outcomes import CATALOGUE
from sim.text import say

Cells = tuple[list[str], list[list[str]]]  # heads, then rows

RESPONSE_HEADS = (
    "change", "what", "told", "baseline", "expected", "tolerance", "simulated", "interval",
    "verdict",
)  # fmt: skip


def heads(names: Sequence[str], lang: str) -> list[str]:
    """The heads of a table in a language."""
    return [say(f"evidence.head.{name}", lang) for name in names]


def response_table(rows: Sequence[Mapping[str, Any]], lang: str) -> Cells:
    """One row of text a response, under RESPONSE_HEADS."""
    return heads(RESPONSE_HEADS, lang), [_response_cells(row, lang) for row in rows]


def _response_cells(row: Mapping[str, Any], lang: str) -> list[str]:
    like = row["tolerance"]
    if row["near_null"]:
        expected = say("evidence.near_null", lang)
    else:
        expected = f"{row['expected']:g}" if row["told"] == "level" else f"{row['expected']:+g}"
    return [
        change_text(row, lang),
        outcome_text(row["name"], lang, "evidence.response"),
        say(f"evidence.told.{row['told']}", lang),
        number(row["baseline"], row["baseline"]),
        expected,
        f"±{like:.3g}" if like < 1e3 else f"±{like:.0f}",
        number(row["simulated"], like),
        interval(row, like),
        _verdict(row, lang),
    ]


def _verdict(row: Mapping[str, Any], lang: str) -> str:
    if row["too_small"]:
        return say("evidence.verdict.too_small", lang, scale=row["least_scale"])
    return say(f"evidence.verdict.{row['verdict']}", lang)


def counted(rows: Sequence[Mapping[str, Any]], lang: str) -> str:
    """How many rows hold, fail, or cannot be told."""
    count = Counter(row["verdict"] for row in rows)
    facts = {"held": count[HOLDS], "failed": count[FAILS], "open": count[OPEN]}
    return say("evidence.count", lang, **facts, count=len(rows))


def change_text(row: Mapping[str, Any], lang: str) -> str:
    """What is changed: in words where there are any, else the settings with what they were."""
    if "=" not in row["change"]:
        return say(f"evidence.change.{row['change']}", lang)
    parts = []
    for key, value in row["settings"].items():
        was = row["before"].get(key)
        name = key.partition(".")[2]
        parts.append(f"{name} {value}" if was is None else f"{name} {was} → {value}")
    return "; ".join(parts)


def outcome_text(name: str, lang: str, others: str) -> str:
    """An outcome of the catalogue with its unit, or what the text keys `others` say."""
    if name not in CATALOGUE:
        return say(f"{others}.{name}", lang)
    outcome = CATALOGUE[name]
    words, unit = (outcome.short_zh, "") if lang == "zh" else (outcome.short_en, outcome.unit)
    return f"{words} ({unit})" if unit else words


def interval(row: Mapping[str, Any], like: float) -> str:
    """From where to where, with as many decimals as a number of this size."""
    return f"{number(row['low'], like)} … {number(row['high'], like)}"


def number(value: float, like: float) -> str:
    """A number with as many decimals as one of this size needs."""
    size = abs(like)
    steps = ((1e3, 0), (2.0, 1), (0.02, 3), (0.002, 4))
    decimals = next((count for least, count in steps if size >= least), 5)
    return f"{value:.{decimals}f}"


def short(value: float) -> str:
    """A number of any size, with at least three figures."""
    return f"{value:,.0f}" if abs(value) >= 1e3 else f"{value:.3g}"


def markdown(titles: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table."""
    lines = [titles, ["---"] * len(titles), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def typed(settings: Mapping[str, Any]) -> str:
    """Settings as one types them."""
    return "".join(f" --set {key}={value}" for key, value in settings.items())
