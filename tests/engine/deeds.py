"""What the worker processes of the tests do; they import it by name."""

import os
import signal
import time
from pathlib import Path

from sim.kernel.fault import Fault, ScenarioError


def double(number: int) -> int:
    return 2 * number


def threads_and_script(_: int) -> tuple[str, str, bool]:
    import sys

    main = sys.modules["__main__"]
    deaf = signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    return os.environ["OMP_NUM_THREADS"], str(getattr(main, "__file__", "")), deaf


def die_at_seven(number: int) -> int:
    if number == 7:
        os._exit(9)
    time.sleep(0.01)
    return number


def die_once(mark: str) -> str:
    """Dies the first time, as by lack of memory that has passed later."""
    path = Path(mark)
    if not path.exists():
        path.touch()
        os._exit(9)
    return "well"


def refuse(number: int) -> int:
    raise ScenarioError([Fault("scenario", 0, 0, "scale", f"refused at {number}")])


def refuse_beside_a_sleeper(mark: str) -> None:
    """The first sleeps for longer than anybody waits; the other refuses as soon as it does."""
    asleep = Path(mark).with_name("asleep")
    if Path(mark) == asleep:
        asleep.touch()
        time.sleep(120)
    while not asleep.exists():
        time.sleep(0.01)
    refuse(0)


def write_and_sleep(folder: str) -> None:
    (Path(folder) / f"{os.getpid()}.pid").touch()
    time.sleep(60)
