"""Compiles the inner loops once, so that nobody's first run waits for it.

`python -m sim.engine.first_run` is part of the set-up. The compiled code is kept beside the
sources; without this step the first run takes as much longer.
"""

import time

from sim.engine.load import load
from sim.engine.run import replicate
from sim.world.tie_means import AHEAD, means_loop


def main() -> None:
    """Run the tiny place for a month under every mechanism."""
    began = time.perf_counter()
    replicate([load("two-villages", {"time.years": 0.1})], seed=1)
    means_loop(AHEAD)  # that of large cities
    print(f"      compiled in {time.perf_counter() - began:.0f} s")


if __name__ == "__main__":
    main()
