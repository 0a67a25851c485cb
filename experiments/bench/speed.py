"""How fast Shiyu is on this machine, and what limits it. Run by `make bench`; nothing is asserted.

Writes docs/benchmark.md with `--page`. Every time is the median of several tries, with their range;
stepping and building use one core. The whole city (`--scales ... 1`) takes a few minutes and 4 GiB.
"""

import argparse
import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from plain_mesa import PlainCity

from sim.engine.build import Running, bare_city, warm
from sim.engine.load import load
from sim.engine.run import Recorder, apply_levers, follow
from sim.scenario import Scenario

PAGE = Path(__file__).parents[2] / "docs" / "benchmark.md"
SCALES = (0.005, 0.01, 0.02, 0.1)
PLACE = "jincheng-2020"
LIMITS = """
What limits it: in a small city the number of small array operations in a step (some eight thousand
calls with all mechanisms, three with the core, whatever the people); in a large one fetching the
rows of neighbours (18 a person every week) from a memory that is far away. Bytes a person are those
of the tables and the ties between two weeks, at the end of these years, the rows of those who are
gone counted in; ties take some 97 of them. What is aimed at and not reached: decisions/0044."""
JUSTIFIED = """
Three mechanisms take about a tenth of a step at scale .1, or more:

- *influence* looks at every tie of every adult every week, once for all mechanisms that look at
  ties. Three quarters of its time go into fetching neighbours' rows, eight columns in one row of 32
  bytes, asked for ahead: about 4 ns a tie.
- *integration* is cheap in most weeks. Once a quarter ties end, fade and form, and all of them are
  written anew in one pass: a third of its time. Changes every week would cost more; once a year
  they would leave movers for long among the people whom they left.
- *migration* asks every adult every week for the events of a life (to leave, move, return, come of
  age) and makes people: a quarter goes into those draws and choices, the rest into many small steps
  for the few who move, hence its share in a small city."""
LARGE, STEPS_OF_A_LARGE_CITY = 0.2, 10  # beyond that scale one build and fewer steps
FEW = ["influence", "grievance", "disputes"]  # what the plain Mesa model does too
CORE = [  # disputes, the offices that take them, and who takes part
    "influence", "grievance", "disputes", "detection", "channels", "mediation", "courts",
    "coordination", "petitions", "participation", "staffing", "budget",
]  # fmt: skip


@dataclass(frozen=True)
class Times:
    """Several tries of the same thing, in seconds."""

    seconds: Sequence[float]

    @property
    def median(self) -> float:
        """The middle one."""
        return statistics.median(self.seconds)

    def __str__(self) -> str:
        if len(self.seconds) == 1:
            return f"{self.median:.3g} s (one try)"
        return f"{self.median:.3g} s ({min(self.seconds):.3g} to {max(self.seconds):.3g})"


@dataclass(frozen=True)
class CityTimes:
    """A city at one scale: its size, and what building and stepping it takes."""

    scale: float
    people: int
    building: Times
    rates: Sequence[float]  # person-steps a second
    core_rates: Sequence[float]  # the same with CORE alone
    bytes_a_person: float
    core_bytes_a_person: float
    peak_bytes: int


def city(scale: float, years: float, **settings: object) -> Scenario:
    """Jincheng 2020 at a scale, for so many years after the warm-up."""
    return load(PLACE, {"scale": scale, "time.years": years, **settings})


def tries(count: int, action: Callable[[], object]) -> Times:
    """Do it so many times, and once before."""
    action()
    seconds = []
    for _ in range(count):
        begun = time.perf_counter()
        action()
        seconds.append(time.perf_counter() - begun)
    return Times(seconds)


def in_a_process(*words: str, **surroundings: str) -> Callable[[], None]:
    """Running Python with these words, from start to end."""

    def run() -> None:
        subprocess.run(
            [sys.executable, *words],
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=os.environ | surroundings,
        )

    return run


def measure(scale: float, years: float, count: int) -> CityTimes:
    """Build the city, and step it in parts, with all mechanisms and with CORE alone."""
    large = scale > LARGE
    scenario = city(scale, years)
    built = once(scenario) if large else tries(count, lambda: bare_city(scenario, 1))
    steps = STEPS_OF_A_LARGE_CITY if large else round(years * 365.25 / 7.0 / count)
    running = warm(scenario, 1)
    people = len(running.world.people)
    rates = stepped(running, scenario, steps, count)
    bytes_a_person = bytes_each(running)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    del running
    core = city(scale, years, mechanisms=CORE)
    running = warm(core, 1)
    core_rates = stepped(running, core, steps, count)
    core_bytes = bytes_each(running)
    return CityTimes(scale, people, built, rates, core_rates, bytes_a_person, core_bytes, peak)


def stepped(running: Running, scenario: Scenario, steps: int, count: int) -> list[float]:
    """Person-steps a second, so many times, with what a run notes of every step and year."""
    people, recorder = len(running.world.people), Recorder(running, None)
    rates = []
    for _ in range(count):
        begun = time.perf_counter()
        for _ in range(steps):
            apply_levers(running, scenario)
            running.step()
            recorder.after_step()
        rates.append(people * steps / (time.perf_counter() - begun))
    return rates


def once(scenario: Scenario) -> Times:
    """One build, of a city too large to build for nothing."""
    begun = time.perf_counter()
    bare_city(scenario, 1)
    return Times([time.perf_counter() - begun])


def bytes_each(running: Running) -> float:
    """What the tables of the world and its ties hold between two weeks, for each person.

    Everybody counts who was ever here: the rows of the dead and of those who left stay.
    """
    world = running.world
    tables = [world.people, world.units, world.offices, world.firms, world.organisations]
    held = sum(table.nbytes for table in [*tables, world.disputes, world.ties])
    return held / len(world.people)


def profile(scale: float, weeks: int) -> dict[str, float]:
    """Milliseconds a step by mechanism; under `rest` what is outside all of them."""
    scenario = city(scale, weeks * 7.0 / 365.25)
    running = warm(scenario, 1)
    spent: dict[str, float] = {}
    for mechanism in running.mechanisms:
        mechanism.step = timed(mechanism.step, mechanism.name, spent)  # type: ignore[method-assign]
    begun = time.perf_counter()
    follow(running, scenario)
    spent["rest"] = time.perf_counter() - begun - sum(spent.values())
    return {name: seconds / weeks * 1e3 for name, seconds in spent.items()}


def timed(step: Callable[..., None], name: str, spent: dict[str, float]) -> Callable[..., None]:
    """A step that notes how long it takes."""

    def measured(*arguments: object) -> None:
        begun = time.perf_counter()
        step(*arguments)
        spent[name] = spent.get(name, 0.0) + time.perf_counter() - begun

    return measured


def beside_mesa(scale: float, count: int) -> tuple[int, float, float, float]:
    """People, and person-steps a second: plain Mesa, the same rules here, all rules here."""
    scenario = city(scale, 1.0)
    plain = PlainCity(bare_city(scenario, 1).ties)
    people = len(plain.agents)
    mesa_rate = people / tries(max(2, count // 2), plain.step).median
    few = city(scale, 1.0, mechanisms=FEW)
    rates = []
    for chosen in (few, scenario):
        running = warm(chosen, 1)
        seconds = tries(count * 10, running.step).median
        rates.append(people / seconds)
    return people, mesa_rate, rates[0], rates[1]


A_SHORT_RUN = ("-m", "sim", "run", "two-villages", "--set", "time.years=0.1", "--json")
DROP_CACHES = Path("/proc/sys/vm/drop_caches")  # for the superuser of Linux


def not_in_memory(count: int) -> tuple[Times, Times] | None:
    """Short runs with no file in memory yet, as after a start of the machine, and with all.

    None where that cannot be had.
    """
    if not os.access(DROP_CACHES, os.W_OK):
        return None
    run, cold, warm = in_a_process(*A_SHORT_RUN), [], []
    for _ in range(count):
        os.sync()
        DROP_CACHES.write_text("3")
        for seconds in (cold, warm):
            begun = time.perf_counter()
            run()
            seconds.append(time.perf_counter() - begun)
    return Times(cold), Times(warm)


def first_runs() -> tuple[float, float]:
    """Seconds of a short run with everything to compile, and with nothing."""
    with tempfile.TemporaryDirectory() as empty:
        cold = in_a_process(*A_SHORT_RUN, NUMBA_CACHE_DIR=empty)
        found = []
        for _ in range(2):
            begun = time.perf_counter()
            cold()
            found.append(time.perf_counter() - begun)
    return found[0], found[1]


def main() -> None:
    """Measure, print, and with --page write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scales", type=float, nargs="+", default=SCALES, metavar="SCALE")
    parser.add_argument("--years", type=float, default=5.0)
    parser.add_argument("--tries", type=int, default=5)
    parser.add_argument("--page", action="store_true", help="write docs/benchmark.md")
    options = parser.parse_args()
    text = []
    for line in lines(options.scales, options.years, options.tries):
        print(line, flush=True)
        text.append(line)
    if options.page:
        PAGE.write_text("\n".join(text) + "\n", encoding="utf-8", newline="\n")


def lines(scales: Sequence[float], years: float, count: int) -> Iterator[str]:
    """The page, line by line, as it is measured."""
    yield "# How fast it is\n"
    yield (
        f"Measured on {machine()}. Medians of {count} with their range; one core, all mechanisms, "
        f"weekly steps over {years:g} years ({STEPS_OF_A_LARGE_CITY * count} weeks beyond scale "
        f"{LARGE:g}), building apart. A person-step is one adult over one week.\n"
    )
    scale_words = " ".join(f"{scale:g}" for scale in scales)
    yield (
        f"Made by `python experiments/bench/speed.py --scales {scale_words} --years {years:g} "
        "--page`.\n"
    )
    yield "## Starting\n"
    yield f"- `shiyu --help`: {tries(count, in_a_process('-m', 'sim', '--help'))}"
    yield f"- `import sim`: {tries(count, in_a_process('-c', 'import sim'))}"
    if (both := not_in_memory(count)) is not None:
        first, following = both
        yield (
            f"- a short run after set-up, none of its files in memory yet: {first}; the next: "
            f"{following}"
        )
    cold, warmed = first_runs()
    yield (
        f"- a first run with nothing compiled yet: {cold:.0f} s; the same afterwards: {warmed:.1f} "
        "s. Set-up compiles, so that a first command does not.\n"
    )
    yield "## Growth\n"
    yield (
        "| scale | people | building | million person-steps/s | with the core of "
        f"{len(CORE)} mechanisms | bytes a person | with the core | peak memory |"
    )
    yield "|---|---|---|---|---|---|---|---|"
    for scale in scales:
        found = measure(scale, years, count)
        yield (
            f"| {scale:g} | {found.people:,} | {found.building} | {millions(found.rates)} "
            f"| {millions(found.core_rates)} | {found.bytes_a_person:.0f} "
            f"| {found.core_bytes_a_person:.0f} | {found.peak_bytes / 1e9:.2f} GB |"
        )
    yield f"\nThe core: {', '.join(CORE)}."
    yield LIMITS
    yield "\n## Where a step's time goes\n"
    yield from profiles(scales)
    yield JUSTIFIED
    yield "\n## Beside plain Mesa\n"
    people, mesa_rate, few, everything = beside_mesa(0.01, count)
    yield (
        f"Influence, grievance and dispute arrivals with one Mesa agent a person and lists of "
        f"neighbours (`experiments/bench/plain_mesa.py`), {people:,} people: "
        f"{mesa_rate / 1e6:.3f} million person-steps a second. The same three mechanisms here: "
        f"{few / 1e6:.2f}, **{few / mesa_rate:.0f} times** as many; all mechanisms: "
        f"{everything / 1e6:.2f}, {everything / mesa_rate:.0f} times."
    )


def millions(rates: Sequence[float]) -> str:
    """Rates with their range."""
    low, middle, high = min(rates), statistics.median(rates), max(rates)
    return f"{middle / 1e6:.2f} ({low / 1e6:.2f} to {high / 1e6:.2f})"


def profiles(scales: Sequence[float]) -> Iterator[str]:
    """Milliseconds a step by mechanism at the smallest and at a larger scale."""
    chosen = [0.01, max((s for s in scales if s <= 0.1), default=0.1)]
    found = [profile(scale, 52) for scale in chosen]
    yield f"| mechanism | {' | '.join(f'ms at {s:g} | share' for s in chosen)} |"
    yield "|---|---|---|---|---|"
    for name in sorted(found[1], key=lambda name: -found[1][name]):
        cells = [f"{part[name]:.2f} | {part[name] / sum(part.values()):.0%}" for part in found]
        yield f"| {name} | {' | '.join(cells)} |"


def machine() -> str:
    """What these times belong to."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"{cores} cores ({processor()}), {memory:.0f} GiB, Python {platform.python_version()}, "
        f"{platform.system()}"
    )


def processor() -> str:
    """The processor by its name, where the system tells it."""
    told = Path("/proc/cpuinfo")
    lines = told.read_text(encoding="utf-8").splitlines() if told.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


if __name__ == "__main__":
    main()
