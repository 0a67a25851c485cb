"""The page of the docs on responses that nobody set: a table a mechanism, and what is open."""

from sim.evidence.responses import LEAD_YEARS
from sim.evidence.responses_runs import REPLICATIONS, Responses
from sim.evidence.writing import Cells, counted, markdown, response_table, typed
from sim.text import say


def responses_page(found: Responses, command: str, version: str, lang: str = "en") -> str:
    """The page, Markdown, with the command that made it."""
    settings = found.settings
    facts = {
        "command": command,
        "replications": found.replications,
        "scale": settings["scale"],
        "years": settings["time.years"],
        "version": version,
    }
    parts = [
        f"# {say('evidence.responses', lang)}",
        say("evidence.whole_intro", lang, lead=f"{LEAD_YEARS:g}"),
        say("evidence.made_by", lang, **facts),
        say("evidence.whole_intervals", lang),
        f"**{counted(found.responses, lang)}**",
    ]
    for mechanism in dict.fromkeys(row["mechanism"] for row in found.responses):
        rows = [row for row in found.responses if row["mechanism"] == mechanism]
        parts += [f"## {mechanism}", markdown(*response_table(rows, lang))]
    return "\n\n".join(part.strip() for part in parts) + "\n"


def responses_table(found: Responses, lang: str) -> Cells:
    """All rows under their heads, for a terminal."""
    return response_table(found.responses, lang)


def responses_command(found: Responses, given: dict[str, str], page: str) -> str:
    """What to type to get the same page again."""
    named = "".join(f" {mechanism}" for mechanism in found.mechanisms)
    reps = "" if found.replications == REPLICATIONS else f" --reps {found.replications}"
    return f"shiyu verify --responses{named}{typed(given)}{reps} --page {page}"
