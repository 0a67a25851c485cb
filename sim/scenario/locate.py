"""Turns a name or a path, as a scenario writes it, into a file."""

from collections.abc import Mapping
from pathlib import Path

from sim.kernel.fault import nearest
from sim.scenario import wording
from sim.scenario.faults import Faults
from sim.scenario.find import label_of, looks_like_path
from sim.scenario.node import Spot


def located(
    written: str, spot: Spot, key: str, names: Mapping[str, Path], faults: Faults
) -> tuple[Path, str] | None:
    """The file that a shipped name or a path means, and its label; None with a fault noted."""
    if written in names:
        return names[written], label_of(names[written], written)
    source = spot.source
    path = source.folder / written
    label = _beside(spot, written)
    if is_file(path):
        return path, label_of(path, label)
    if _exists(path) or _is_link(path):
        faults.add(spot, key, trouble_with(path, written))
        return None
    what = wording.NO_PLACE if key == "place" else wording.NO_SCENARIO
    siblings = _siblings(path) if looks_like_path(written) else {}
    close = nearest(Path(written).stem, siblings)
    meant = str(Path(written).with_name(siblings[close])) if close else nearest(written, names)
    allowed = wording.NAME_OR_PATH.format(names=_some(written, names))
    faults.add(spot, key, what.format(written=wording.short(written)), allowed, meant)
    return None


def is_file(path: Path) -> bool:
    """Whether there is such a file; a path that the system cannot even look up is none."""
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def trouble_with(path: Path, written: str) -> str:
    """Why a path leads to no file that can be read; empty when it leads to one."""
    if is_file(path):
        try:
            with path.open("rb"):
                return ""
        except OSError as error:
            why = wording.short(error.strerror or str(error))
            return f"{wording.UNREADABLE.format(why=why)}: {wording.short(written)}"
    words = wording.NOT_A_FILE if _exists(path) else wording.NO_FILE
    words = wording.DANGLING if words == wording.NO_FILE and _is_link(path) else words
    return f"{words}: {wording.short(written)}"


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except (OSError, ValueError):
        return False


def _is_link(path: Path) -> bool:
    try:
        return path.is_symlink()
    except (OSError, ValueError):
        return False


def _beside(spot: Spot, written: str) -> str:
    """How to call a file: as it was typed, or beside the file on a line of which it is named."""
    if not spot.line or Path(written).is_absolute():
        return written
    return (Path(spot.source.label).parent / written).as_posix()


def _siblings(path: Path) -> dict[str, str]:
    """The scenario files beside a path: their names by stem, the first 200."""
    try:
        found = sorted(p for p in path.parent.iterdir() if p.suffix in (".yaml", ".yml"))
        found = [p for p in found[:200] if p.is_file()]
    except (OSError, ValueError):
        return {}
    return {p.stem: p.name for p in found}


def _some(written: str, names: Mapping[str, Path]) -> str:
    chosen = list(names)
    if len(chosen) > wording.SHOWN_NAMES:
        close = nearest(written, chosen)
        chosen = ([close] if close else []) + [n for n in chosen if n != close]
        chosen = [*chosen[: wording.SHOWN_NAMES], "..."]
    return ", ".join(chosen) or "none"
