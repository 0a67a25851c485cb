"""Writes the reference pages from the code: commands, parameters, levers, outcomes.

Run by `make docs`.
"""

import importlib
import os
import subprocess
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from typer.main import get_command

from sim.cli.app import COMMANDS
from sim.cli.console import number
from sim.cli.levers import lever_heads, lever_rows
from sim.engine.ledger import full_ledger
from sim.engine.lever_facts import lever_facts
from sim.kernel import Parameter
from sim.outcomes import CATALOGUE
from sim.text import say

REFERENCE = Path(__file__).parent / "reference"
NOTE = "<!-- Written by `make docs` from the code; edit that, not this page. -->"


def main() -> None:
    """Write every page."""
    for name, lines in (
        ("commands", commands()),
        ("parameters", parameters()),
        ("levers", levers()),
        ("outcomes", outcomes()),
    ):
        path = REFERENCE / f"{name}.md"
        path.parent.mkdir(exist_ok=True)
        path.write_text("\n".join([NOTE, *lines, ""]), encoding="utf-8", newline="\n")
        print(path)


def commands() -> Iterable[str]:
    """The help of each command, as it is printed."""
    yield "# Commands"
    for command in ("", *COMMANDS):
        yield f"\n## shiyu {command}".rstrip()
        yield f"\n```\n{help_of(command)}\n```"
        for below in commands_below(command):
            yield f"\n### shiyu {command} {below}"
            yield f"\n```\n{help_of(f'{command} {below}')}\n```"


def commands_below(command: str) -> list[str]:
    """The names of a command's own commands; none for most."""
    if not command:
        return []
    app = importlib.import_module(COMMANDS[command]).app
    return list(getattr(get_command(app), "commands", {}))


def help_of(command: str) -> str:
    """What `--help` prints, at a width that fits a page."""
    surroundings = {**os.environ, "COLUMNS": "90", "SHIYU_LANG": "en"}
    words = [sys.executable, "-m", "sim", *command.split(), "--help"]
    done = subprocess.run(words, capture_output=True, text=True, check=True, env=surroundings)
    return done.stdout.strip()


def parameters() -> Iterable[str]:
    """The ledger, one table a mechanism or part of the city."""
    ledger = full_ledger()
    yield "# Parameters"
    yield f"\n{len(ledger)} numbers, each with a plausible range, a status and a source."
    for group in dict.fromkeys(name.partition(".")[0] for name in ledger):
        yield f"\n## {group}\n"
        rows = [
            (f"`{name}`", shown(p.default), f"{shown(p.low)} to {shown(p.high)}", *facts(p))
            for name, p in ledger.items()
            if name.partition(".")[0] == group
        ]
        yield from table(("parameter", "default", "range", "unit", "status", "source"), rows)


def shown(value: float) -> str:
    """A number as `shiyu parameters` shows it."""
    return number(value, 6)


def facts(parameter: Parameter) -> tuple[str, str, str]:
    """What a parameter is in words."""
    return parameter.unit, parameter.status, parameter.source


def levers() -> Iterable[str]:
    """The levers, one table a language."""
    found = lever_facts()
    for lang, title in (("en", "# Levers"), ("zh", "\n# 政策杠杆")):
        yield title
        yield f"\n{say('cli.levers.count', lang, count=len(found))}\n"
        rows = [(f"`{name}`", *rest) for name, *rest in lever_rows(found, lang)]
        yield from table(lever_heads(lang), rows)


_SHARES_OF_FLOWS = """
`unresolved_share` and `unsettled_share` are flows over flows: 1 less what was settled in the
window over what arose in it (of the one less what people swallow, of the other less the growth of
what is open). Over years both sides belong to the same disputes. In a window of weeks, or a small
place, more old disputes may be settled than new ones are voiced, and `unresolved_share` is below 0.
Its curve, which tells of a quarter, sets what was settled against what ended, and stays a share.

`unresolved_share`与`unsettled_share`是流量之比：1减去窗口内解决的纠纷与窗口内发生的纠纷之比（前者扣除忍下的，
后者扣除未了结数的增长）。窗口长达数年时，两者说的是同一批纠纷；窗口只有几周或地方很小时，解决的旧纠纷可能多于
新提出的，`unresolved_share`便会小于0。其曲线说的是一个季度，以该季度了结的纠纷为分母，始终在0与1之间。"""


def outcomes() -> Iterable[str]:
    """What a run tells, in both languages."""
    yield "# Outcomes\n"
    rows = [(f"`{o.name}`", o.unit, o.en, o.zh) for o in CATALOGUE.values()]
    yield from table(("outcome", "unit", "meaning", "含义"), rows)
    yield _SHARES_OF_FLOWS


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterable[str]:
    """A Markdown table."""
    yield f"| {' | '.join(heads)} |"
    yield f"|{'---|' * len(heads)}"
    for row in rows:
        cells = (" ".join(cell.replace("|", "/").split()) for cell in row)
        yield f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    main()
