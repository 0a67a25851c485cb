"""The command `shiyu`: finds the file of a command, runs it, and turns errors into exit codes."""

import contextlib
import importlib
import os
import sys
import traceback
from collections.abc import Iterator, Sequence
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from sim.cli.console import (
    AnswerLostError,
    finish_answer,
    prepare_streams,
    say_on_stderr,
    send_nowhere,
)
from sim.cli.scratch import find_room_for_caches
from sim.cli.usage import first_sentence, help_text, say_dashes, say_misuse
from sim.cli.words import help_of, say_faults, word
from sim.kernel.fault import USERS, ShiyuError, in_a_line, nearest, printable

COMMANDS = {
    "run": "sim.cli.run",
    "compare": "sim.cli.compare",
    "sweep": "sim.cli.sweep",
    "sensitivity": "sim.cli.sensitivity",
    "discover": "sim.cli.discover",
    "plot": "sim.cli.plot",
    "report": "sim.cli.report",
    "scenarios": "sim.cli.scenarios",
    "results": "sim.cli.results",
    "parameters": "sim.cli.parameters",
    "outcomes": "sim.cli.outcomes",
    "verify": "sim.cli.verify",
    "describe": "sim.cli.describe",
}
DONE, FAILED, BAD_INPUT, NOT_MET, STOPPED = 0, 1, 2, 3, 130
_ONLY_AT_THE_TOP = ("install_completion", "show_completion")


class Commands(TyperGroup):
    """The commands, each imported when it is asked for; and what becomes of their errors."""

    def list_commands(self, ctx: Any) -> list[str]:
        """Every command, in the order in which one meets them."""
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """The command of this name, or None."""
        if cmd_name not in COMMANDS:
            return None
        command = typer.main.get_command(importlib.import_module(COMMANDS[cmd_name]).app)
        command.name = cmd_name
        return _plainer(command)

    def get_help(self, ctx: Any) -> str:
        """The help, its headings in the language that the user asked for."""
        return help_text(super().get_help, ctx)

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Read what stands before the command; say what is wrong with it."""
        with _misuse_is_told():
            return list(super().parse_args(ctx, args))

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Find the command; say what was perhaps meant when there is none."""
        if args[0] not in COMMANDS and not ctx.resilient_parsing:
            near = nearest(args[0], COMMANDS)
            allowed = word("commands_are", commands=", ".join(COMMANDS))
            meant = word("did_you_mean", near=near) if near else allowed
            ctx.fail(word("no_such_command", command=printable(args[0])) + " " + meant)
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: Any) -> Any:
        """Run the command; an error becomes a message and an exit code, never a traceback."""
        debug = bool(ctx.params.get("debug"))
        try:
            with _misuse_is_told():
                return super().invoke(ctx)
        except AnswerLostError as lost:
            raise typer.Exit(_not_heard(lost.reason)) from None
        except KeyboardInterrupt:
            say_on_stderr(word("stopped"))
            raise typer.Exit(STOPPED) from None
        except Exception as error:
            if hasattr(error, "exit_code") or isinstance(error, BrokenPipeError | typer.Abort):
                raise  # Typer's own, which knows what to do
            raise typer.Exit(_told(error, debug=debug)) from None


@contextlib.contextmanager
def _misuse_is_told() -> Iterator[None]:
    """A line that cannot be read ends the command; without any argument its help is shown."""
    try:
        yield
    except Exception as error:
        if not hasattr(error, "format_message") or type(error).__name__ == "NoArgsIsHelpError":
            raise
        say_misuse(error)
        raise typer.Exit(BAD_INPUT) from None


def _told(error: Exception, *, debug: bool) -> int:
    """Say what went wrong; the exit code for it."""
    if debug:
        traceback.print_exception(error, file=sys.stderr)
    if isinstance(error, ShiyuError):
        say_faults("\n".join([str(error), *getattr(error, "__notes__", ())]))
        return BAD_INPUT
    if isinstance(error, OSError) and error.filename is not None:
        say_on_stderr(f"{printable(str(error.filename))}: {(error.strerror or str(error)).lower()}")
        return BAD_INPUT
    if isinstance(error, FileNotFoundError) and _folder_has_gone():
        say_on_stderr(word("no_current_folder"))
        return BAD_INPUT
    if isinstance(error, RuntimeError) and "no locator available" in str(error):  # Numba's words
        say_on_stderr(word("no_room_for_compiled_code"))
        return BAD_INPUT
    if isinstance(error, MemoryError):
        say_on_stderr(word("no_memory"))
        return FAILED
    place = _in_an_extension(error)
    if place is None:
        say_on_stderr(word("defect", what=in_a_line(error)))
    else:
        say_on_stderr(word("defect_of_yours", place=place, what=in_a_line(error)))
    return FAILED


def _in_an_extension(error: Exception) -> str | None:
    """The line of a user's own file in which an error arose, if it did."""
    place = None
    for frame, line in traceback.walk_tb(error.__traceback__):
        if frame.f_globals.get("__name__", "").startswith(USERS):
            place = f"{printable(frame.f_code.co_filename)}:{line}"
    return place


def _not_heard(reason: OSError) -> int:
    """The answer cannot be written; a reader that has read enough needs no word about it."""
    if not isinstance(reason, BrokenPipeError):
        say_on_stderr(word("answer_not_written", why=(reason.strerror or str(reason)).lower()))
    return FAILED


def _folder_has_gone() -> bool:
    """Whether the folder in which the command was given was removed."""
    try:
        os.getcwd()  # noqa: PTH109  asks the system and nothing else
    except OSError:
        return True
    return False


def _plainer(command: Any) -> Any:
    """Help without boxes, which fits any terminal; their library takes a quarter of a second.

    Its headings are told in the language that the user asked for.
    """
    command.rich_markup_mode = None
    command.short_help = first_sentence(command.help or "")
    get_help = command.get_help
    command.get_help = lambda ctx: help_text(get_help, ctx)
    command.params = [p for p in command.params if p.name not in _ONLY_AT_THE_TOP]
    for below in getattr(command, "commands", {}).values():
        _plainer(below)
    return command


app = typer.Typer(
    cls=Commands,
    name="shiyu",
    help=help_of("shiyu", "run jincheng-2020 --seed 7", "compare --help"),
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _print_version(asked: bool) -> None:
    if asked:
        import sim

        typer.echo(f"shiyu {sim.__version__}")
        raise typer.Exit


@app.callback()
def shiyu(
    *,
    version: Annotated[
        bool,
        typer.Option("--version", help=word("version"), is_eager=True, callback=_print_version),
    ] = False,
    debug: Annotated[bool, typer.Option("--debug", help=word("debug"))] = False,
) -> None:
    """Everything that `shiyu` can do."""


def _whole() -> Any:
    """The command `shiyu`, its options worded for the user."""
    command: Any = typer.main.get_command(app)
    for option in command.params:
        if option.name in _ONLY_AT_THE_TOP:
            option.help = word(f"usage.{option.name}")
    return command


def _language_behind(typed: list[str]) -> list[str]:
    """`--lang zh run ...` as `run ... --lang zh`; before no command it words the help alone."""
    ahead = 2 if typed[:1] == ["--lang"] else int(bool(typed) and typed[0].startswith("--lang="))
    rest = typed[ahead:]
    return rest + typed[:ahead] if rest and rest[0] in COMMANDS else rest


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and leave with its exit code.

    `--debug` may stand anywhere: one adds it to the line that has just failed. `--lang` may stand
    before the command, though each command takes it.
    """
    prepare_streams()
    find_room_for_caches()
    given = list(sys.argv[1:] if arguments is None else arguments)
    typed = [part for part in given if part != "--debug"]
    debug = len(typed) < len(given)
    typed = _language_behind(typed)
    if debug:
        typed.insert(0, "--debug")
    try:
        _whole().main(args=typed, prog_name="shiyu")
    except SystemExit as left:
        if left.code == BAD_INPUT:
            say_dashes(typed)
        reason = finish_answer()
        if reason is None:
            raise
        sys.exit(_not_heard(reason))
    except OSError as error:  # Typer's own words found no way out
        send_nowhere(sys.stdout)
        sys.exit(_not_heard(error))
