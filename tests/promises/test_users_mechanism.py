"""A mechanism of the user's own, from outside the package, is treated like ours."""

from pathlib import Path

import numpy as np
import pytest

import sim
from promises.small import columns_of, differing, villages
from sim.engine.build import build
from sim.engine.run import replicate
from sim.kernel import Column, Mechanism, Parameter

CODE = '''"""People tire of waiting."""

from dataclasses import dataclass

import numpy as np

from sim.kernel import Column, Mechanism, Parameter


@dataclass
class Mood:
    weeks: int = 0


class Weariness(Mechanism):
    """Weariness grows at a constant rate and adds to grievance."""

    name = "weariness"
    growth = Parameter(0.5, "1/year", 0.0, 2.0, "assumed", "made up")
    bite = Parameter(0.0, "1/year", 0.0, 1.0, "assumed", "made up")
    reads = ("people.grievance",)
    writes = {"people.weariness": Column("share", 0.0, 1.0, "tired of waiting")}
    adds = ("people.grievance_inflow",)

    def prepare(self, world):
        self.mood = Mood()
        self.luck = world.draws.uniform("weariness.start", world.people.id)

    def step(self, world, clock):
        self.mood.weeks += 1
        people = world.people
        people.weariness[:] += (1.0 - people.weariness) * clock.chance(self.growth)
        people.grievance_inflow[:] += np.float32(self.bite) * people.weariness
'''


@pytest.fixture(scope="module")
def file(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("我的 机制") / "疲 惫.py"
    path.write_text(CODE, encoding="utf-8")
    return path


def with_file(file: Path, **settings):
    return villages(mechanisms=["all", f"{file}:Weariness"], **settings)


def test_it_acts_in_the_week_under_the_parameters_of_the_scenario(file):
    running = build(with_file(file, parameters__weariness__growth=1.5), 1)
    assert running.mechanisms[-1].name == "weariness"
    for _ in range(4):
        running.step()
    left = np.exp(-1.5 * 28 / 365.25)  # four weeks at 1.5 a year
    assert running.world.people.weariness == pytest.approx(1.0 - left, abs=1e-6)
    copy = running.twin()
    copy.step()
    assert (running.mechanisms[-1].mood.weeks, copy.mechanisms[-1].mood.weeks) == (4, 5)


def test_a_scenario_file_names_it_by_a_path_beside_it(file):
    scenario = file.with_name("情 景.yaml")
    scenario.write_text(
        "name: weary\n"
        "extends: two-villages\n"
        "mechanisms: [all, '疲 惫.py:Weariness']\n"
        "parameters: {weariness: {growth: 1.0}}\n",
        encoding="utf-8",
    )
    checked = sim.load(scenario)
    assert checked.user_mechanisms == (f"{file}:Weariness",)
    assert checked.moved == {"weariness.growth": 1.0}


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"parameters.weariness.grwth": 1.0}, "did you mean growth?"),
        ({"parameters.weariness.growth": -1.0}, "is not a rate: it is negative"),
        ({"parameters.weariness.growth": "fast"}, "growth"),
    ],
)
def test_its_parameters_are_checked(file, settings, message):
    with pytest.raises(sim.ScenarioError) as refused:
        with_file(file, **settings)
    assert len(refused.value.faults) == 1
    assert message in str(refused.value)


def test_its_parameters_outside_their_range_are_pointed_out(file):
    scenario = with_file(file, parameters__weariness__growth=2.5)
    assert any("weariness.growth" in warning for warning in scenario.warnings)


def test_it_leaves_the_luck_of_the_others_alone(file):
    ours, theirs = build(villages(), 2), build(with_file(file), 2)
    for _ in range(8):
        ours.step()
        theirs.step()
    apart = differing(columns_of(ours.world), columns_of(theirs.world))
    assert apart == {"people.weariness"}


def test_what_it_posts_reaches_its_owner(file):
    calm, weary = (build(with_file(file, parameters__weariness__bite=b), 2) for b in (0.0, 1.0))
    for _ in range(8):
        calm.step()
        weary.step()
    assert (weary.world.people.grievance > calm.world.people.grievance).all()


@pytest.mark.slow
def test_its_presence_and_its_content_decide_the_run(file, tmp_path):
    changed = tmp_path / file.name
    changed.write_text(CODE.replace("at a constant rate", "steadily"), encoding="utf-8")
    moved = tmp_path / "elsewhere" / file.name
    moved.parent.mkdir()
    moved.write_text(CODE, encoding="utf-8")
    scenarios = [villages(), *(with_file(path) for path in (file, changed, moved))]
    runs = replicate(scenarios, 4)
    without, here, other, same = (run.run_id for run in runs)
    assert len({without, here, other}) == 3
    assert same == here  # where the file lies decides nothing


def test_a_file_that_changes_after_it_was_checked_is_refused(tmp_path):
    path = tmp_path / "mine.py"
    path.write_text(CODE, encoding="utf-8")
    scenario = with_file(path)
    path.write_text(CODE.replace("0.5", "0.6"), encoding="utf-8")
    with pytest.raises(sim.ScenarioError, match="has changed since the scenario was loaded"):
        build(scenario, 1)
    assert build(with_file(path), 1).mechanisms[-1].growth == 0.6


class Census(Mechanism):
    """Counts how often people have been asked; a class from Python."""

    name = "census"
    every = Parameter(1.0, "times a week", 0.0, 7.0, "assumed", "made up")
    writes = {"people.asked": Column("times", 0, 1e9, "how often asked", 0, "f8")}  # noqa: RUF012

    def step(self, world, clock):
        world.people.asked[:] += self.every * clock.step_days / 7.0


@pytest.mark.slow
def test_a_class_from_python_may_stand_where_a_file_does():
    settings = {
        "mechanisms": ["all", Census],
        "time.years": 0.1,
        "parameters.census.every": 2,
    }
    model = sim.GovernanceModel("two-villages", seed=1, **settings)
    model.step()
    assert set(model.world.people.asked) == {106.0}  # 52 weeks before the start and one after
    run = sim.run("two-villages", seed=1, settings=settings)
    plain = sim.run("two-villages", seed=1, settings={"time.years": 0.1})
    assert run.outcomes.equals(plain.outcomes)
    assert run.run_id != plain.run_id


BROKEN = {
    "is not there": CODE,
    "cannot be loaded (SyntaxError": "class Wrong(:\n",
    "cannot be loaded (ZeroDivisionError": "1 / 0\n",
    "is not a Mechanism": "Wrong = 5\n",
    "is called grievance, as another mechanism is": (
        "from sim.kernel import Mechanism\nclass Wrong(Mechanism):\n    name = 'grievance'\n"
    ),
    "needs a name in small letters": (
        "from sim.kernel import Mechanism\nclass Wrong(Mechanism):\n    name = 'My Rule'\n"
    ),
    "writes people.grievance, which grievance owns": (
        "from sim.kernel import Column, Mechanism\n"
        "class Wrong(Mechanism):\n"
        "    name = 'wrong'\n"
        "    writes = {'people.grievance': Column('share', 0, 1, 'mine')}\n"
    ),
    "writes 'disputes.mood', but may have columns in people, offices": (
        "from sim.kernel import Column, Mechanism\n"
        "class Wrong(Mechanism):\n"
        "    name = 'wrong'\n"
        "    writes = {'disputes.mood': Column('share', 0, 1, 'mine')}\n"
    ),
    "writes 'people.ensure', which cannot be a column's name": (
        "from sim.kernel import Column, Mechanism\n"
        "class Wrong(Mechanism):\n"
        "    name = 'wrong'\n"
        "    writes = {'people.ensure': Column('share', 0, 1, 'mine')}\n"
    ),
    "writes 'people._declared', which cannot be a column's name": (
        "from sim.kernel import Column, Mechanism\n"
        "class Wrong(Mechanism):\n"
        "    name = 'wrong'\n"
        "    writes = {'people._declared': Column('share', 0, 1, 'mine')}\n"
    ),
    "adds to people.grievance, which is no flow column of anybody": (
        "from sim.kernel import Mechanism\n"
        "class Wrong(Mechanism):\n"
        "    name = 'wrong'\n"
        "    adds = ('people.grievance',)\n"
    ),
    "cannot be loaded (ValueError: a parameter needs a unit and a source": (
        "from sim.kernel import Mechanism, Parameter\n"
        "class Wrong(Mechanism):\n"
        "    name = 'wrong'\n"
        "    rate = Parameter(1.0, '', 0.0, 2.0, 'assumed', '')\n"
    ),
}


@pytest.mark.parametrize("message", BROKEN)
def test_what_is_no_sound_mechanism_is_refused_where_it_is_named(tmp_path, message):
    (tmp_path / "wrong.py").write_text(BROKEN[message], encoding="utf-8")
    scenario = tmp_path / "scenario.yaml"
    scenario.write_text(
        "name: wrong\nextends: two-villages\nmechanisms: [all, wrong.py:Wrong]\n", encoding="utf-8"
    )
    with pytest.raises(sim.ScenarioError) as refused:
        sim.load(scenario)
    (fault,) = refused.value.faults
    assert str(fault).startswith(f"{scenario}:3:19: mechanisms: wrong.py:Wrong ")
    assert message in str(fault)


def test_two_mechanisms_cannot_own_one_column(tmp_path):
    for name in ("one", "two"):
        text = CODE.replace('name = "weariness"', f'name = "{name}"')
        (tmp_path / f"{name}.py").write_text(text, encoding="utf-8")
    both = [f"{tmp_path / name}.py:Weariness" for name in ("one", "two")]
    with pytest.raises(sim.ScenarioError, match=r"writes people\.weariness, which one owns"):
        villages(mechanisms=["all", *both])


POSTING = '''"""A rumour makes people gather."""

import numpy as np

from sim.kernel import Mechanism
from sim.world.issues import IssuePost, open_issue


class Rumour(Mechanism):
    """Posts one issue in the first week."""

    name = "rumour"
    adds = ("issues.opened",)

    def step(self, world, clock):
        if clock.begins == 0.0:
            open_issue(world, IssuePost(7, "other", 0.0, 0, members=np.arange(30), ends=90.0))
'''


def test_it_may_leave_an_issue_that_mobilisation_takes_in(tmp_path):
    file = tmp_path / "rumour.py"
    file.write_text(POSTING, encoding="utf-8")
    running = build(villages(mechanisms=["all", f"{file}:Rumour"]), 1)
    while running.clock.begins < 0.0:
        running.step()
    running.step()  # posted at its end, since Rumour acts last
    running.step()
    assert 7 in running.world.tables["issues"].id


def test_what_tables_keep_beside_their_columns_is_no_column_to_read(tmp_path):
    path = tmp_path / "curious.py"
    path.write_text(CODE.replace('"people.grievance",', '"people._rows",'), encoding="utf-8")
    with pytest.raises(sim.ScenarioError, match=r"reads people\._rows, which is nowhere"):
        build(villages(mechanisms=["all", f"{path}:Weariness"]), 1)


def test_what_it_reads_must_be_there(tmp_path):
    path = tmp_path / "hasty.py"
    path.write_text(CODE.replace('"people.grievance",', '"people.grievence",'), encoding="utf-8")
    with pytest.raises(sim.ScenarioError, match="grievence, which is nowhere; did you"):
        build(with_file(path), 1)


def test_it_may_read_what_the_place_makes_and_what_it_owns_itself(tmp_path):
    path = tmp_path / "curious.py"
    reads = '("people.household", "offices.kind", "people.weariness", "issues.opened")'
    path.write_text(CODE.replace('("people.grievance",)', reads), encoding="utf-8")
    assert build(with_file(path), 1).mechanisms[-1].name == "weariness"
