"""The tables of levels and responses: as Markdown for the docs, as rows of cells for a terminal."""

from collections.abc import Mapping, Sequence
from typing import Any

from sim.evidence.levels import TOLERANCE
from sim.evidence.responses import LEAD_YEARS
from sim.evidence.runs import REPLICATIONS, Verdicts
from sim.text import say

LEVEL_HEADS = ("row", "what", "kind", "expected", "simulated", "interval", "off", "verdict")
RESPONSE_HEADS = (
    "change", "what", "told", "baseline", "expected", "tolerance", "simulated", "interval",
    "verdict",
)  # fmt: skip

COURT_HEADS = ("load", "what", "expected", "simulated", "interval", "verdict")


def page(verdicts: Verdicts, command: str, version: str, lang: str = "en") -> str:
    """The page of the docs, Markdown, with the command that made it."""
    facts = {
        "command": command,
        "replications": verdicts.replications,
        "scale": verdicts.settings["scale"],
        "years": verdicts.settings["time.years"],
        "version": version,
    }
    tolerances = {
        "put_in": f"{TOLERANCE['input']:.0%}",
        "emergent": f"{TOLERANCE['emergent']:.0%}",
    }
    levels, responses, courts = (_markdown(*table) for table in tables(verdicts, lang))
    parts = [
        f"# {say('evidence.title', lang)}",
        say("evidence.intro", lang),
        say("evidence.made_by", lang, **facts),
        say("evidence.intervals", lang, **tolerances),
        f"## {say('evidence.levels', lang)}",
        levels,
        say("evidence.not_yet", lang),
        f"## {say('evidence.responses', lang)}",
        say("evidence.responses_intro", lang, lead=f"{LEAD_YEARS:g}"),
        responses,
        say("evidence.courts_intro", lang),
        courts,
    ]
    return "\n\n".join(part.strip() for part in parts) + "\n"


def made_by(settings: Mapping[str, Any], replications: int) -> str:
    """The command that makes these tables."""
    laid_over = "".join(f" --set {key}={value}" for key, value in settings.items())
    reps = "" if replications == REPLICATIONS else f" --reps {replications}"
    return f"shiyu verify --levels{laid_over}{reps} --page docs/levels.md"


def tables(verdicts: Verdicts, lang: str) -> list[tuple[list[str], list[list[str]]]]:
    """Levels and responses, each as heads and rows of cells."""
    return [
        (_heads(LEVEL_HEADS, lang), _level_cells(verdicts, lang)),
        (_heads(RESPONSE_HEADS, lang), _response_cells(verdicts, lang)),
        (_heads(COURT_HEADS, lang), _court_cells(verdicts, lang)),
    ]


def _heads(names: Sequence[str], lang: str) -> list[str]:
    """The heads of a table in a language."""
    return [say(f"evidence.head.{name}", lang) for name in names]


def _level_cells(verdicts: Verdicts, lang: str) -> list[list[str]]:
    """One row of text a level, under LEVEL_HEADS."""
    return [
        [
            row["row"],
            say(f"evidence.level.{row['name']}", lang),
            say(f"evidence.kind.{row['kind']}", lang),
            f"{row['expected']:g}",
            _number(row["simulated"], row["expected"]),
            _interval(row, row["expected"]),
            f"{row['off']:+.1%}",
            say(f"evidence.verdict.{row['verdict']}", lang),
        ]
        for row in verdicts.levels
    ]


def _response_cells(verdicts: Verdicts, lang: str) -> list[list[str]]:
    """One row of text a response, under RESPONSE_HEADS."""
    return [
        [
            say(f"evidence.change.{row['change']}", lang),
            say(f"evidence.response.{row['name']}", lang),
            say(f"evidence.told.{row['told']}", lang),
            _number(row["baseline"], row["baseline"]),
            f"{row['expected']:g}" if row["told"] == "level" else f"{row['expected']:+g}",
            f"±{row['tolerance']:g}",
            _number(row["simulated"], row["tolerance"]),
            _interval(row, row["tolerance"]),
            say(f"evidence.verdict.{row['verdict']}", lang),
        ]
        for row in verdicts.responses
    ]


def _court_cells(verdicts: Verdicts, lang: str) -> list[list[str]]:
    """One row of text a load of the court, under COURT_HEADS."""
    return [
        [
            f"{row['load']:g}",
            say(f"evidence.court.{row['quantity']}", lang),
            _number(row["expected"], row["expected"]),
            _number(row["simulated"], row["expected"]),
            _interval(row, row["expected"]),
            say(f"evidence.verdict.{'holds' if row['holds'] else 'fails'}", lang),
        ]
        for row in verdicts.courts
    ]


def _interval(row: Mapping[str, Any], like: float) -> str:
    return f"{_number(row['low'], like)} … {_number(row['high'], like)}"


def _number(value: float, like: float) -> str:
    """A number with as many decimals as one of this size needs."""
    size = abs(like)
    decimals = 4 if size < 0.02 else 3 if size < 2.0 else 1
    return f"{value:.{decimals}f}"


def _markdown(titles: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [titles, ["---"] * len(titles), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
