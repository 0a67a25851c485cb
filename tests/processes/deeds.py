"""What the copies of the server do in tests; they import it by name."""

import os
import sys
import threading
import time
from pathlib import Path

from tests.engine.deeds import die_at_seven, double, threads_and_script

__all__ = [
    "die_at_seven",
    "double",
    "loaded",
    "parent",
    "start_a_thread",
    "surroundings",
    "threads_and_script",
    "threads_of_parent",
]


def parent(_: int) -> int:
    return os.getppid()


def loaded(name: str) -> bool:
    return name in sys.modules


def surroundings(name: str) -> tuple[str | None, str | None, str]:
    return os.environ.get(name), os.environ.get("PYTHONSAFEPATH"), str(Path.cwd())


def threads_of_parent(_: int) -> int:
    return len(list(Path(f"/proc/{os.getppid()}/task").iterdir()))


def start_a_thread(seconds: int) -> int:
    threading.Thread(target=time.sleep, args=(seconds,)).start()
    return seconds
