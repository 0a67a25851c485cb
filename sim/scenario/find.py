"""Finds the shipped scenarios and places, in a checkout or beside an installed package."""

import functools
import re
from collections.abc import Mapping
from pathlib import Path

FOLDERS = ("base", "policies", "articles")
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_LONGEST_SLUG = 80
_DEVICES = frozenset(
    ("con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10)))
)
_SUFFIXES = (".yaml", ".yml")


def is_slug(word: str) -> bool:
    """Whether a word is a name: small letters, digits and single hyphens."""
    return len(word) <= _LONGEST_SLUG and _SLUG.fullmatch(word) is not None


def is_reserved(word: str) -> bool:
    """Whether Windows keeps a name for its devices, so that no folder can be called so there."""
    return word in _DEVICES


@functools.cache
def shipped_folder() -> Path:
    """The folder of the shipped scenarios; an installed package carries its own copy."""
    package = Path(__file__).resolve().parent.parent
    installed = package / "_scenarios"
    return installed if installed.is_dir() else package.parent / "scenarios"


def shipped_scenarios() -> Mapping[str, Path]:
    """The file of every shipped scenario, by name."""
    return {path.stem: path for folder in FOLDERS for path in _files(shipped_folder() / folder)}


def shipped_places() -> Mapping[str, Path]:
    """The file of every shipped place, by name."""
    return {path.stem: path for path in _files(shipped_folder() / "places")}


def looks_like_path(written: str) -> bool:
    """Whether a word means a file rather than a shipped name."""
    return "/" in written or "\\" in written or written.lower().endswith(_SUFFIXES)


def label_of(path: Path, written: str) -> str:
    """How messages call a file: as it was written, or from `scenarios/` on if it is shipped."""
    try:
        inside = path.resolve().relative_to(shipped_folder())
    except (OSError, ValueError, RuntimeError):
        return written
    return f"scenarios/{inside.as_posix()}"


def _files(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    return sorted(path for path in folder.iterdir() if path.suffix in _SUFFIXES)
