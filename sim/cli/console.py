"""What is printed, and where: answers on stdout, progress and remarks on stderr."""

import contextlib
import json
import math
import os
import shutil
import sys
import time
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol, TextIO

from sim.kernel.fault import printable
from sim.text.folding import folded

SCHEMA = 1
LINE_EVERY_SECONDS = 30.0  # where nobody watches a bar, for example in a log
SMALLEST = 1e-9  # what is smaller is written with an exponent
FORESEEABLE = 0.1  # the share done from which the rest can be told: a run begins with building


class Progress(Protocol):
    """Takes what is done and what there is to do, and a short note to show beside them."""

    def __call__(self, done: float, total: float, note: str = "") -> None:
        """Show it."""


class AnswerLostError(Exception):
    """The standard output takes no more: a full disk, a reader that has left."""

    def __init__(self, reason: OSError) -> None:
        self.reason = reason
        super().__init__(reason)


def prepare_streams() -> None:
    """Let no letter break the output: what a terminal's code page lacks becomes a `?`.

    Streams that were closed are opened on nothing, in their order: each takes its own number, so
    that no file of results is ever opened as the standard output.
    """
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open(mode, encoding="utf-8"))  # noqa: SIM115
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="replace")


def cut(text: str, letters: int) -> str:
    """A text of at most so many letters, with a sign where it was longer."""
    return text if len(text) <= letters else f"{text[: letters - 1]}…"


def say_on_stderr(text: str) -> None:
    """A remark or an error, which is no part of the answer; no letter of it moves the cursor."""
    try:
        sys.stderr.write("\n".join(map(printable, text.split("\n"))) + "\n")
        sys.stderr.flush()
    except OSError:  # a remark that reaches nobody must not end hours of runs
        send_nowhere(sys.stderr)


def finish_answer() -> OSError | None:
    """Let the whole answer go out; why it did not, if so."""
    try:
        sys.stdout.flush()
    except OSError as error:
        send_nowhere(sys.stdout)
        return error
    return None


def _answer(text: str) -> None:
    try:
        sys.stdout.write(text)
    except OSError as error:
        send_nowhere(sys.stdout)
        raise AnswerLostError(error) from error


def send_nowhere(stream: TextIO) -> None:
    """What is still to come on this stream, also at the very end, is lost without a word."""
    with contextlib.suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)


def show(text: str = "") -> None:
    """A line of the answer."""
    _answer(f"{text}\n")


def show_json(content: Mapping[str, Any]) -> None:
    """The whole answer as one JSON object with its schema; no NaN, no infinity."""
    _answer(json_text(content, ascii_only=not _is_unicode(sys.stdout)) + "\n")


def json_text(content: Mapping[str, Any], *, ascii_only: bool = False) -> str:
    """A JSON object with its schema."""
    plain = _plain({"schema": SCHEMA, **content})
    return json.dumps(plain, ensure_ascii=ascii_only, allow_nan=False)


def show_table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Columns under their heads; where the terminal is too narrow, each row as a folded block."""
    lines = [list(heads), *map(list, rows)]
    widths = [max(map(width, column)) for column in zip(*lines, strict=True)]
    room = shutil.get_terminal_size((10_000, 24)).columns if sys.stdout.isatty() else 10_000
    if sum(widths) + 2 * len(widths) > room:
        show_blocks(heads, rows, room)
        return
    for line in lines:
        show("  ".join(padded(line, widths)).rstrip())


def show_blocks(heads: Sequence[str], rows: Sequence[Sequence[str]], room: int) -> None:
    """Each row as a block: its first cell, below it the others behind their heads."""
    for row in rows:
        _show_folded(row[0], room, "")
        for head, cell in zip(heads[1:], row[1:], strict=True):
            _show_folded(f"{head}: {cell}", room, "  ")


def _show_folded(text: str, room: int, indent: str) -> None:
    """A text behind an indent, its further lines behind a deeper one; long words stay whole."""
    left = room - len(indent) - 2
    first, *more = folded(text, lambda line: width(line) <= left) or [""]
    show(f"{indent}{first}")
    for line in more:
        show(f"{indent}  {line}")


def number(value: float, digits: int = 4) -> str:
    """A number for a reader: a few significant digits, never an exponent for everyday sizes."""
    if value is None or not math.isfinite(value):
        return "-"
    if abs(value) >= min(10_000, 10**digits):
        return f"{value:,.0f}"
    if SMALLEST <= abs(value) < 1e-4:  # from here on down `g` writes an exponent
        places = digits - 1 - math.floor(math.log10(abs(value)))
        return f"{value:.{places}f}".rstrip("0")
    return f"{value:.{digits}g}"


def width(text: str) -> int:
    """How many columns of a terminal a text takes: a Chinese character is two wide."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


@contextlib.contextmanager
def progress(label: str) -> Iterator[Progress]:
    """A bar on a terminal, else a line on stderr every half minute."""
    if sys.stderr is None or not sys.stderr.isatty() or os.environ.get("TERM") == "dumb":
        yield _Lines(label)
        return
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        Progress,
        TaskProgressColumn,
        TextColumn,
        TimeRemainingColumn,
    )

    columns = (TextColumn("{task.description}"), BarColumn(bar_width=None), TaskProgressColumn())
    console = Console(stderr=True)
    with Progress(*columns, TimeRemainingColumn(), console=console, transient=True) as bar:
        task = bar.add_task(label, total=None)

        def tell(done: float, total: float, note: str = "") -> None:
            bar.update(task, completed=done, total=total, description=_noted(label, note))

        yield tell


class _Lines:
    """Progress as lines for a log."""

    def __init__(self, label: str) -> None:
        self.label = label
        self.begun = self.told = time.monotonic()

    def __call__(self, done: float, total: float, note: str = "") -> None:
        now = time.monotonic()
        if now - self.told < LINE_EVERY_SECONDS or not total:
            return
        self.told = now
        share = done / total
        left = (now - self.begun) * (1 - share) / share if share >= FORESEEABLE else None
        rest = "" if left is None else f", ~{left:.0f} s"
        say_on_stderr(f"{_noted(self.label, note)}: {share:.0%}{rest}")


def _noted(label: str, note: str) -> str:
    return f"{label} ({note})" if note else label


def padded(cells: Sequence[str], widths: Sequence[int]) -> list[str]:
    """Cells as wide as their columns."""
    return [cell + " " * (room - width(cell)) for cell, room in zip(cells, widths, strict=True)]


def _is_unicode(stream: TextIO) -> bool:
    return (getattr(stream, "encoding", None) or "").lower().replace("-", "") == "utf8"


def _plain(value: Any) -> Any:
    """A value as JSON can hold it."""
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, Path):
        return str(value)
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if hasattr(value, "tolist"):  # NumPy's numbers and arrays
        return _plain(value.tolist())
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return value
