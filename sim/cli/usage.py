"""What the library of the command line says by itself, in the language that the user asked for.

Its headings stand in every help, its refusals wherever a line cannot be read. Both are English;
here they are recognised and told in Chinese.
"""

import re
from collections.abc import Callable, Iterable
from typing import Any

from sim.cli.console import say_on_stderr
from sim.cli.help_lines import Folding
from sim.cli.words import help_language, word
from sim.kernel.fault import printable
from sim.text import fault_in, say

_DASHED = re.compile(r"[\u2012-\u2015\u2212\uff0d]+-?(?=[A-Za-z])")  # not the dash of a keyboard
_HEADINGS = ("usage", "arguments", "options", "commands", "show_this", "required", "default")


def in_language(text: str) -> str:
    """A help text with its headings in the language that the user asked for."""
    for name in _HEADINGS:
        text = text.replace(say(f"cli.usage.{name}", "en"), word(f"usage.{name}"))
    return text


def help_text(get_help: Callable[[Any], str], ctx: Any) -> str:
    """A command's help in the language that the user asked for, its lines no wider than they may.

    The library counts letters, of which a Chinese one takes two columns.
    """
    if help_language() == "zh":
        ctx.formatter_class = type("Folding", (Folding, ctx.formatter_class), {})
    return in_language(get_help(ctx))


def first_sentence(text: str) -> str:
    """How a help text begins, for a list of commands."""
    first = text.strip().split("\n\n")[0]
    return re.split(r"(?<=。)|(?<=\.) ", first)[0].rstrip(".。")


def say_misuse(error: Any) -> None:
    """Why a line cannot be read, below how the command is used and where its help is found."""
    if error.ctx is not None:
        command = f"{error.ctx.command_path} {error.ctx.help_option_names[0]}"
        say_on_stderr(in_language(error.ctx.get_usage()))
        say_on_stderr(word("usage.see", command=command) + "\n")
    why = fault_in(error.format_message(), help_language())
    say_on_stderr(word("usage.error", why=why))


def say_dashes(typed: Iterable[str]) -> None:
    """Tell of words that begin with another dash than that of an option: they were read as names.

    Word processors put a long dash for two short ones, and so do input methods for Chinese.
    """
    for part in typed:
        option = _DASHED.sub("--", part.partition("=")[0], count=1)
        if _DASHED.match(part):
            say_on_stderr(word("usage.dash", typed=printable(part), option=option))
