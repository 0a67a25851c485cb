"""The command `shiyu`: finds the file of a command, runs it, and turns errors into exit codes."""

import importlib
import os
import sys
import tempfile
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from sim.cli.console import prepare_streams, say_on_stderr
from sim.cli.words import help_of, word
from sim.kernel.fault import ShiyuError, nearest, printable

COMMANDS = {
    "run": "sim.cli.run",
    "compare": "sim.cli.compare",
    "plot": "sim.cli.plot",
    "report": "sim.cli.report",
    "scenarios": "sim.cli.scenarios",
    "results": "sim.cli.results",
    "parameters": "sim.cli.parameters",
    "outcomes": "sim.cli.outcomes",
    "verify": "sim.cli.verify",
}
DONE, FAILED, BAD_INPUT, NOT_MET, STOPPED = 0, 1, 2, 3, 130
_ONLY_AT_THE_TOP = ("install_completion", "show_completion")
_PACKAGE = Path(__file__).parents[1]


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
            return super().invoke(ctx)
        except KeyboardInterrupt:
            say_on_stderr(word("stopped"))
            raise typer.Exit(STOPPED) from None
        except Exception as error:
            if hasattr(error, "exit_code") or isinstance(error, BrokenPipeError | typer.Abort):
                raise  # Typer's own, which knows what to say
            raise typer.Exit(_told(error, debug=debug)) from None


def _told(error: Exception, *, debug: bool) -> int:
    """Say what went wrong; the exit code for it."""
    if debug:
        traceback.print_exception(error, file=sys.stderr)
    if isinstance(error, ShiyuError):
        say_on_stderr("\n".join([str(error), *getattr(error, "__notes__", ())]))
        return BAD_INPUT
    if isinstance(error, OSError) and error.filename is not None:
        say_on_stderr(f"{printable(str(error.filename))}: {(error.strerror or str(error)).lower()}")
        return BAD_INPUT
    if isinstance(error, MemoryError):
        say_on_stderr(word("no_memory"))
        return FAILED
    what = f"{type(error).__name__}: {error}".splitlines()[0]
    say_on_stderr(word("defect", what=what))
    return FAILED


def _plainer(command: Any) -> Any:
    """Help without boxes, which fits any terminal; their library takes a quarter of a second."""
    command.rich_markup_mode = None
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


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and leave with its exit code.

    `--debug` may stand anywhere: one adds it to the line that has just failed.
    """
    prepare_streams()
    _find_room_for_compiled_code()
    given = list(sys.argv[1:] if arguments is None else arguments)
    typed = [part for part in given if part != "--debug"]
    if len(typed) < len(given):
        typed.insert(0, "--debug")
    typer.main.get_command(app).main(args=typed, prog_name="shiyu")


def _find_room_for_compiled_code() -> None:
    """Where neither the package nor the home is writable, compiled loops are kept aside.

    Numba refuses to start there otherwise.
    """
    places = (_PACKAGE, Path(os.path.expanduser("~")))  # noqa: PTH111  never raises without a home
    if "NUMBA_CACHE_DIR" not in os.environ and not any(os.access(p, os.W_OK) for p in places):
        os.environ["NUMBA_CACHE_DIR"] = str(Path(tempfile.gettempdir()) / "shiyu-compiled")
