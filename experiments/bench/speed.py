"""How fast Shiyu is on this machine. Run by `make bench`; nothing is asserted.

Prints one line a measure, the best of a few tries where that is cheap.
"""

import argparse
import platform
import subprocess
import sys
import time
from collections.abc import Callable

from sim.engine.load import load
from sim.engine.run import replicate

SCALES = (0.005, 0.01, 0.02)


def main() -> None:
    """Measure start-up, then building and stepping the city at several scales."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scales", type=float, nargs="+", default=SCALES, metavar="SCALE")
    parser.add_argument("--years", type=float, default=1.0)
    options = parser.parse_args()
    print(f"Python {platform.python_version()}, {platform.machine()}, {platform.system()}")
    print(f"shiyu --help           {best_of(5, in_a_process('-m', 'sim', '--help')):8.3f} s")
    print(f"import sim             {best_of(5, in_a_process('-c', 'import sim')):8.3f} s")
    heads = ("people", "build and warm-up", "a year", "people x weeks/s")
    print("   scale " + " ".join(f"{head:>17}" for head in heads))
    replicate([city(options.scales[0], 0.1)], 1)  # compiled loops are loaded once
    for scale in options.scales:
        run = replicate([city(scale, options.years)], 1)[0]
        rate = run.people * run.steps / run.seconds
        year = run.seconds / options.years
        cells = (f"{run.people:,}", f"{run.build_seconds:.2f} s", f"{year:.2f} s", f"{rate:,.0f}")
        print(f"{scale:8g} " + " ".join(f"{cell:>17}" for cell in cells))


def city(scale: float, years: float):  # type: ignore[no-untyped-def]
    """Jincheng 2020 at a scale, for so many years after the warm-up."""
    return load("jincheng-2020", {"scale": scale, "time.years": years})


def in_a_process(*words: str) -> Callable[[], None]:
    """Running Python with these words, from start to end."""
    command = [sys.executable, *words]

    def run() -> None:
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)

    return run


def best_of(tries: int, action: Callable[[], None]) -> float:
    """The shortest of several times, in seconds: the one least disturbed by others."""
    times = []
    for _ in range(tries):
        begun = time.perf_counter()
        action()
        times.append(time.perf_counter() - begun)
    return min(times)


if __name__ == "__main__":
    main()
