"""The state of a run in the middle: everything that it holds, to go on from to the last bit.

    state = run_until(scenario, 7, date(2022, 1, 1))
    state.save("middle.state.npz")
    running, recorder = state.resumed(scenario)

Saved is every object that the world, the mechanisms and the recorder hold, down to private arrays
that a mechanism worked out as the city was built: nothing is worked out anew, so nothing can come
out differently. Only the place and the luck are made anew, from the scenario and the seed. State
that stands elsewhere, in a module or a class, is found and refused (see hidden_state).
"""

import contextlib
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path
from typing import Any, cast

import numpy as np

from sim.engine.build import Running, settings_of, warm
from sim.engine.hidden_state import Outside
from sim.engine.order import WEEK
from sim.engine.putting_together import TROUBLES, put_together
from sim.engine.recorder import Recorder
from sim.engine.run import Progress, stepping
from sim.engine.run_classes import RunClasses
from sim.engine.taking_apart import NotKeepableError, taken_apart
from sim.engine.user_mechanisms import user_mechanisms
from sim.kernel import Draws
from sim.kernel.fault import Fault, ScenarioError
from sim.scenario import Scenario
from sim.scenario.branching import Past, past_of
from sim.store.atomic import StoreError
from sim.store.fingerprint import model_version, numeric_fingerprint
from sim.store.folders import folder_to_fill
from sim.store.run_id import content_hash
from sim.store.states import SUFFIX, read_state, write_state

_OWN_STATE = "keep it in an attribute of the mechanism (self) or in a column"


@dataclass(frozen=True)
class State:
    """A run in the middle, in memory or in a file; `head` holds plain facts about it."""

    head: Mapping[str, Any]
    nodes: list[Any] = field(repr=False)
    arrays: list[np.ndarray] = field(repr=False)
    path: Path | None = None

    @classmethod
    def read(cls, path: str | Path) -> "State":
        """The state in a file.

        Raises StoreError when it is none, torn, of another version or another processor.
        """
        return cls(*read_state(path), Path(path))

    def save(self, path: str | Path) -> "State":
        """Write it to a file, whole or not at all (StoreError)."""
        written = write_state(path, self.head, self.nodes, self.arrays)
        return State(self.head, self.nodes, self.arrays, written)

    @property
    def seed(self) -> int:
        """The seed of the run."""
        return int(self.head["seed"])

    @property
    def identity(self) -> str:
        """64 hexadecimal digits: a hash of all that decided the run until the day."""
        return str(self.head["state"])

    @property
    def label(self) -> str:
        """What messages call it."""
        return str(self.path or f"state {self.identity[:8]}")

    @cached_property
    def past(self) -> Past:
        """What the run was so far."""
        return cast(Past, self._object("past", {}, RunClasses()))

    def resumed(self, scenario: Scenario) -> tuple[Running, Recorder]:
        """The run as it was, ready for its next step under a scenario of the same place.

        Each call gives another one, which shares nothing with the others.
        """
        outside = {"place": scenario.place, "draws": Draws(self.seed)}
        run = self._object("run", outside, RunClasses(user_mechanisms(scenario)))
        running = Running(**run["running"])
        return running, Recorder.resumed(running, None, run["noted"])

    def _object(self, root: str, outside: Mapping[str, Any], classes: RunClasses) -> Any:
        copies = [array.copy(order="K") for array in self.arrays]
        try:
            return put_together(root, self.nodes, copies, outside, classes)
        except TROUBLES as error:
            raise StoreError(self.label, f"is not a whole state ({error})") from error


def run_until(
    scenario: Scenario,
    seed: int,
    on: date,
    folder: Path | None = None,
    progress: Progress | None = None,
    origin: State | None = None,
) -> State:
    """Run a scenario to the last step that ends by a day, and keep the state.

    Args:
        scenario: what is run.
        seed: its seed.
        on: the day.
        folder: where the state's file goes; one that is there already is read, not computed.
        progress: called with the share that is done.
        origin: a state of this very scenario on an earlier day, to begin with.

    Raises:
        ScenarioError: the day lies outside the run, or a mechanism keeps state that no file holds.
        StoreError: the folder cannot be used, or the file not be written.
    """
    past = _past(scenario, on)
    if folder is None:
        return _computed(scenario, seed, past, progress, origin)
    with folder_to_fill(folder) as found:
        path = found / f"{on}-{identity_of(scenario, seed, past)[:16]}{SUFFIX}"
        if path.exists():
            with contextlib.suppress(StoreError):  # a torn one is saved anew
                return State.read(path)
        return _computed(scenario, seed, past, progress, origin).save(path)


def _computed(
    scenario: Scenario, seed: int, past: Past, progress: Progress | None, origin: State | None
) -> State:
    """The state of a run, or of one that goes on from an earlier state, as its past ends."""
    users = user_mechanisms(scenario)
    began = time.perf_counter()
    before = Outside(users)
    if origin is None:
        running = warm(scenario, seed)
        recorder = Recorder(running, None)
    else:
        running, recorder = origin.resumed(scenario)
    build_seconds = time.perf_counter() - began
    steps = round(past.days / scenario.step_days)
    for done in stepping(running, scenario, recorder.steps, until=steps):
        recorder.after_step()
        if progress:
            progress(done / steps)
    _refuse_hidden(Outside(users).changed_since(before))
    run = {"running": dict(vars(running)), "noted": recorder.noted()}
    outside = {"place": running.world.place, "draws": running.world.draws}
    try:
        nodes, arrays = taken_apart({"run": run, "past": past}, outside, RunClasses(users))
    except NotKeepableError as error:
        raise _refused(str(error)) from error
    head = {
        "state": identity_of(scenario, seed, past),
        "scenario": scenario.name,
        "seed": seed,
        "until": past.on.isoformat(),
        "day": past.days,
        "steps": steps,
        "people": len(running.world.people),
        "run": past.canonical,
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "build_seconds": build_seconds,
        "seconds": time.perf_counter() - began - build_seconds,
    }
    return State(head, nodes, arrays)


def _past(scenario: Scenario, on: date) -> Past:
    """What a run of this scenario will have been when it stops before a day."""
    steps = int((on - scenario.start).days / scenario.step_days + 1e-9)
    settings = settings_of(scenario, [*WEEK, *user_mechanisms(scenario)])
    for day, values in scenario.retuned:
        settings |= values if day < on else {}
    return past_of(scenario, on, steps * scenario.step_days, settings)


def identity_of(scenario: Scenario, seed: int, past: Past) -> str:
    """A hash of all that decides a run until a day, and of the day."""
    decides = {
        "until": past.on.isoformat(),
        "scenario": past.canonical,
        "seed": seed,
        "version": model_version(),
        "fingerprint": numeric_fingerprint(),
    }
    return content_hash(decides)


def _refuse_hidden(changed: list[str]) -> None:
    """Refuse to save a run of which a part stands where no file would have it."""
    if changed:
        words = "changed while the run went on, and no state would hold it"
        raise ScenarioError([Fault(where, 0, 0, "", words, _OWN_STATE) for where in changed])


def _refused(trouble: str) -> ScenarioError:
    return ScenarioError([Fault("the state cannot be saved", 0, 0, "", trouble)])
