"""What computed a run: the code, the libraries and the processor, each as a short text.

Two runs of one scenario and seed are the same to the last bit only if the same code ran on
libraries and a processor that round alike: NumPy and the system's mathematical library choose
their exp, log and power by the processor's instruction set. Hence the version names the code by
its content, and the fingerprint names whatever may change a bit.
"""

import functools
import hashlib
import importlib.metadata
import os
import platform
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import sim
from sim.store.run_id import content_hash

PACKAGE = Path(__file__).resolve().parents[1]

# Folders that draw, print, store or arrange runs and so decide no value of theirs. A new folder
# decides values until it is listed here.
DECIDES_NOTHING = frozenset(
    {
        "analysis",
        "cli",
        "evidence",
        "experiment",
        "findings",
        "processes",
        "report",
        "store",
        "sweep",
        "text",
        "verify",
        "web",
    }
)

# icc-rt brings numba another exp and log where it is installed.
_ROUNDING_LIBRARIES = ("numpy", "numba", "scipy", "llvmlite", "icc-rt")
_OTHER_LIBRARIES = ("mesa", "networkx", "pandas", "pyarrow", "tinydb")
_SHORT = 16


@functools.cache
def numeric_fingerprint() -> str:
    """16 hexadecimal digits that are equal where the same run gives the same bits."""
    return content_hash(numeric_facts())[:_SHORT]


def numeric_facts() -> dict[str, Any]:
    """What the fingerprint is made of: processor features, architecture, numeric libraries."""
    import numpy as np

    # NumPy reports what it found at import, less what NPY_DISABLE_CPU_FEATURES forbids.
    features = np.show_config(mode="dicts").get("SIMD Extensions", {})
    return {
        "machine": platform.machine().lower(),
        "system": platform.system(),
        "mathematics": " ".join(platform.libc_ver()).strip(),
        "features": sorted({*features.get("baseline", ()), *features.get("found", ())}),
        **{name: _library_version(name) for name in _ROUNDING_LIBRARIES},
    }


@functools.cache
def model_version() -> str:
    """Package version + content of the code that decides values, as in `0.1.0+3f9a2c07d1b4`.

    The same version means the same code, also in a checkout that was edited.
    """
    return f"{sim.__version__}+{source_hash(PACKAGE)[:12]}"


def source_hash(package: Path) -> str:
    """SHA-256 over the sources under a package that decide values, line ends apart."""
    digest = hashlib.sha256()
    for name, path in sorted(_deciding_sources(package)):
        source = path.read_bytes().replace(b"\r\n", b"\n")
        digest.update(f"{name}\n{len(source)}\n".encode())
        digest.update(source)
    return digest.hexdigest()


def _deciding_sources(package: Path) -> Iterator[tuple[str, Path]]:
    """Name within the package and path of each source that decides values."""
    for path in package.rglob("*.py"):
        inside = path.relative_to(package)
        if inside.parts[0] not in DECIDES_NOTHING:
            yield inside.as_posix(), path


@functools.cache
def _provenance() -> dict[str, Any]:
    commit, edited = _commit()
    return {
        "version": model_version(),
        "commit": commit,
        "edited": edited,
        "platform": platform.platform(),
        "python": platform.python_version(),
        "implementation": sys.implementation.name,
        "libraries": {
            name: _library_version(name) for name in (*_ROUNDING_LIBRARIES, *_OTHER_LIBRARIES)
        },
        "fingerprint": numeric_fingerprint(),
    }


def provenance() -> dict[str, Any]:
    """Whence a result comes: version, commit, platform, Python, libraries, fingerprint.

    Returns:
        `commit` is None outside a git checkout; `edited` tells whether the checkout's sources
        differ from that commit.
    """
    known = _provenance()
    return {**known, "libraries": dict(known["libraries"])}


def _library_version(name: str) -> str:
    """The installed version of a library, without importing it."""
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return "absent"


def _commit() -> tuple[str | None, bool]:
    """Commit of the checkout that this package runs from, and whether it was edited since."""
    answer = _git("rev-parse", "--show-toplevel", "HEAD")
    if answer is None:
        return None, False
    top, _, commit = answer.strip().partition("\n")
    if not commit or Path(top).resolve() != PACKAGE.parent:
        return None, False  # installed inside somebody else's repository
    return commit, bool(_git("status", "--porcelain", "--", PACKAGE.name))


def _git(*words: str) -> str | None:
    """What git answers, or None where there is no git or no checkout."""
    try:
        done = subprocess.run(
            ["git", "-C", str(PACKAGE.parent), *words],
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=10,
            check=True,
            env={**os.environ, "GIT_OPTIONAL_LOCKS": "0"},
        )
    except (OSError, subprocess.SubprocessError, UnicodeDecodeError):
        return None
    return done.stdout
