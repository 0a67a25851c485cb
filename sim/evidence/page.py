"""The tables of levels and of responses to changes of the core, for the docs and a terminal."""

from collections.abc import Mapping
from typing import Any

from sim.evidence.levels import TOLERANCE
from sim.evidence.responses import LEAD_YEARS
from sim.evidence.runs import REPLICATIONS, Verdicts
from sim.evidence.writing import (
    counted,
    heads,
    interval,
    markdown,
    number,
    outcome_text,
    response_table,
    short,
    typed,
)
from sim.text import say

LEVEL_HEADS = ("row", "what", "kind", "expected", "simulated", "interval", "off", "verdict")
STANDING_HEADS = (
    "what", "kind", "first", "last", "expected_change", "tolerance", "change_seen", "interval",
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
    levels, standing, responses, courts = (markdown(*table) for table in tables(verdicts, lang))
    parts = [
        f"# {say('evidence.title', lang)}",
        say("evidence.intro", lang),
        say("evidence.made_by", lang, **facts),
        say("evidence.intervals", lang, **tolerances),
        f"**{counted(verdicts.rows, lang)}**",
        f"## {say('evidence.levels', lang)}",
        levels,
        say("evidence.not_told", lang),
        f"## {say('evidence.standing', lang)}",
        say("evidence.standing_intro", lang),
        standing,
        f"## {say('evidence.responses', lang)}",
        say("evidence.responses_intro", lang, lead=f"{LEAD_YEARS:g}"),
        responses,
        say("evidence.courts_intro", lang),
        courts,
    ]
    return "\n\n".join(part.strip() for part in parts) + "\n"


def made_by(settings: Mapping[str, Any], replications: int) -> str:
    """The command that makes these tables."""
    reps = "" if replications == REPLICATIONS else f" --reps {replications}"
    return f"shiyu verify --levels{typed(settings)}{reps} --page docs/levels.md"


def tables(verdicts: Verdicts, lang: str) -> list[tuple[list[str], list[list[str]]]]:
    """Levels, what stands, responses and courts, each as heads and rows of cells."""
    return [
        (heads(LEVEL_HEADS, lang), _level_cells(verdicts, lang)),
        (heads(STANDING_HEADS, lang), _standing_cells(verdicts, lang)),
        response_table(verdicts.responses, lang),
        (heads(COURT_HEADS, lang), _court_cells(verdicts, lang)),
    ]


def _level_cells(verdicts: Verdicts, lang: str) -> list[list[str]]:
    """One row of text a level, under LEVEL_HEADS."""
    return [
        [
            row["row"],
            say(f"evidence.level.{row['name']}", lang),
            say(f"evidence.kind.{row['kind']}", lang),
            f"{row['expected']:g}",
            number(row["simulated"], row["expected"]),
            interval(row, row["expected"]),
            f"{row['off']:+.1%}",
            say(f"evidence.verdict.{row['verdict']}", lang),
        ]
        for row in verdicts.levels
    ]


def _standing_cells(verdicts: Verdicts, lang: str) -> list[list[str]]:
    """One row of text for each level that should stand, under STANDING_HEADS."""
    return [
        [
            outcome_text(row["name"], lang, "evidence.standing"),
            say(f"evidence.kind.{row['kind']}", lang),
            short(row["first"]),
            short(row["last"]),
            f"{row['expected']:+.1%}",
            f"±{row['tolerance']:.0%}",
            f"{row['simulated']:+.1%}",
            f"{row['low']:+.1%} … {row['high']:+.1%}",
            say(f"evidence.verdict.{row['verdict']}", lang),
        ]
        for row in verdicts.standing
    ]


def _court_cells(verdicts: Verdicts, lang: str) -> list[list[str]]:
    """One row of text a load of the court, under COURT_HEADS."""
    return [
        [
            f"{row['load']:g}",
            say(f"evidence.court.{row['quantity']}", lang),
            number(row["expected"], row["expected"]),
            number(row["simulated"], row["expected"]),
            interval(row, row["expected"]),
            say(f"evidence.verdict.{row['verdict']}", lang),
        ]
        for row in verdicts.courts
    ]
