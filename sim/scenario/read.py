"""Turns YAML text into nodes: safely, and with every value knowing its line and column.

The parser's events are followed one by one, so nothing is built that a limit would refuse: no
object tags, no nesting or alias that explodes, no second document, no key twice. What cannot be
read is a fault of the input; the rest is read on, so that one look finds all faults.
"""

from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.reader import ReaderError

from sim.kernel.fault import printable
from sim.scenario import wording
from sim.scenario.compose import Composer, Halt
from sim.scenario.faults import Faults
from sim.scenario.node import Node, Source, Spot

MAX_BYTES = 1 << 20


def read_file(path: Path, label: str, faults: Faults) -> Node | None:
    """The node of a YAML file, or None with faults noted when there is none to be had."""
    source = Source(printable(label), path.parent)
    data = _bytes_of(path, Spot(source), faults)
    if data is None:
        return None
    if data[:2].count(0) == 1:  # UTF-16 without its mark: every other byte of plain English
        faults.add(Spot(source, 1, 1), "", wording.NOT_UTF8, wording.SAVE_AS_UTF8)
        return None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8-sig", errors="replace")
        spot = _spot_after(source, before)
        faults.add(spot, "", wording.NOT_UTF8, wording.SAVE_AS_UTF8)
        return None
    return read_text(text, source, faults)


def read_text(text: str, source: Source, faults: Faults) -> Node | None:
    """The node of YAML text; a source that is one line of a command has no lines to point at."""
    composer = Composer(source, faults)
    try:
        for event in YAML(typ="safe", pure=True).parse(text):
            composer.take(event)
    except Halt:
        return None
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        why = str(error.problem or error.context or "cannot be parsed")
        hint = _hint(error, why)
        spot = Spot(source, mark.line + 1, mark.column + 1) if mark else composer.spot
        faults.add(spot, "", wording.NOT_YAML.format(why=wording.short(why)), hint)
        return None
    except ReaderError as error:
        faults.add(_spot_after(source, text[: error.position]), "", wording.NOT_TEXT)
        return None
    except Exception as error:  # the parser is not ours: whatever it raises, the text made it
        why = wording.short(f"{type(error).__name__} {error}")
        faults.add(composer.spot, "", wording.NOT_YAML.format(why=why))
        return None
    if composer.root is None:
        faults.add(Spot(source, 1, 1), "", wording.EMPTY_FILE)
    return composer.root


def _hint(error: MarkedYAMLError, why: str) -> str:
    """What a writer may do about what the parser says, which names its own inner parts."""
    opened = error.context_mark.line + 1 if error.context_mark else 0
    doing = str(error.context or "")
    if "'\\t'" in why:
        return wording.NO_TABS
    if "quoted scalar" in doing and ("end of stream" in why or "document separator" in why):
        return wording.OPEN_QUOTE.format(line=opened)
    if "flow" in doing and why.startswith("expected ',' or"):
        return wording.OPEN_BRACKET.format(line=opened)
    if why.startswith("mapping values are not allowed"):
        return wording.ONE_A_LINE
    if why.startswith("could not find expected ':'"):
        return wording.NO_COLON
    if "that cannot start any token" in why:
        return wording.QUOTE_MARK
    structure = ("block mapping start", "'-'", "'?'")
    if why.startswith("expected <block end>") and any(part in why for part in structure):
        return wording.INDENT_ALIKE
    return ""


def _bytes_of(path: Path, spot: Spot, faults: Faults) -> bytes | None:
    """What a file holds, or None with a fault noted."""
    try:
        if not path.exists():
            faults.add(spot, "", wording.NO_FILE)
        elif not path.is_file():
            faults.add(spot, "", wording.NOT_A_FILE)
        else:
            with path.open("rb") as file:
                data = file.read(MAX_BYTES + 1)
            if len(data) <= MAX_BYTES:
                return data
            faults.add(spot, "", wording.TOO_BIG.format(limit=MAX_BYTES))
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or str(error)
        faults.add(spot, "", wording.UNREADABLE.format(why=wording.short(why)))
    return None


def _spot_after(source: Source, before: str) -> Spot:
    """The spot of the character that follows `before`."""
    lines = before.split("\n")
    return Spot(source, len(lines), len(lines[-1]) + 1)
