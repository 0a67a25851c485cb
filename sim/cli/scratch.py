"""Room for what libraries keep for themselves, where neither package nor home can be written to.

Numba refuses to start without a folder for compiled loops, and Matplotlib complains without one
for its list of typefaces.
"""

import contextlib
import os
import stat
import tempfile
from pathlib import Path

_PACKAGE = Path(__file__).parents[1]


def find_room_for_caches() -> None:
    """Tell Numba and Matplotlib where to keep things, if they could not do so where they would."""
    home = Path(os.path.expanduser("~"))  # noqa: PTH111  never raises without a home
    wanted = {"NUMBA_CACHE_DIR": (_PACKAGE, home), "MPLCONFIGDIR": (home,)}
    for name, places in wanted.items():
        if name not in os.environ and not any(os.access(place, os.W_OK) for place in places):
            with contextlib.suppress(OSError):  # nowhere at all: the library says what it lacks
                os.environ[name] = str(_own_folder())


def _own_folder() -> Path:
    """A folder of this user's among the temporary ones; a fresh one where a stranger took its name.

    Compiled code is read from it, so nobody else may be able to put some there.
    """
    user = os.getuid() if hasattr(os, "getuid") else 0
    folder = Path(tempfile.gettempdir()) / f"shiyu-{user}"
    with contextlib.suppress(FileExistsError):
        folder.mkdir(mode=0o700)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or (os.name != "nt" and _strange(found, user)):
        return Path(tempfile.mkdtemp(prefix="shiyu-"))
    return folder


def _strange(found: os.stat_result, user: int) -> bool:
    """Whether somebody else owns the folder or may write to it."""
    return found.st_uid != user or bool(found.st_mode & 0o022)
