"""A bad scenario is refused with located messages, all at once, and with nothing else."""

from dataclasses import replace
from pathlib import Path

import pytest

from sim.kernel.fault import Fault, ScenarioError
from sim.scenario import load
from sim.scenario.judge import KEYS

from .made_up import FakePlace, parameter

TOP = "name: bad\nextends: jincheng-2020\n"
NESTED = "a: " + "[" * 60 + "]" * 60
BOMB = "a: &a [1,1,1,1,1,1,1,1,1,1]\n" + "".join(
    f"{name}: &{name} [{','.join([f'*{before}'] * 10)}]\n"
    for before, name in zip("abcdefg", "bcdefgh", strict=True)
)

LADDER = "".join(
    f"{name}: &{name} {'[' * 15}{inside}{']' * 15}\n"
    for name, inside in (("a", "1"), ("b", "*a"), ("c", "*b"))
)

# What is written below the two top lines -> line, column, and words of the first fault.
BELOW_TOP = {
    "policis: {}": (3, 1, "did you mean policies?"),
    "policies:\n  mediation:\n    staf_per_10k: 3": (5, 5, "did you mean staff_per_10k?"),
    "policies: {mediatoin: {staff_per_10k: 3}}": (3, 12, "did you mean mediation?"),
    "policies: {grid: {staff_per_10k: 3}}": (
        3,
        19,
        "did you mean policies.mediation.staff_per_10k?",
    ),
    "policies: {grid.staff: 3}": (3, 12, "policies.grid.staff: no such lever"),
    "policies: {courts: {prelitigation_share: 7}}": (
        3,
        42,
        "7 is above 1; allowed: 0 to 1 (share)",
    ),
    "policies: {courts: {prelitigation_share: -0.1}}": (3, 42, "-0.1 is below 0"),
    "policies: {courts: {prelitigation_share: true}}": (3, 42, "must be a number, not true or f"),
    "policies: {courts: {prelitigation_share: yes}}": (3, 42, "not the text 'yes'"),
    "policies: {courts: {prelitigation_share: '.5'}}": (3, 42, "not the text '.5'"),
    "policies: {courts: {prelitigation_share: }}": (3, 21, "is empty"),
    "policies: {courts: {prelitigation_share: .nan}}": (3, 42, ".nan is not a finite number"),
    "policies: {courts: {prelitigation_share: {}}}": (3, 42, "needs default, divisions or both"),
    "policies: {courts: {prelitigation_share: []}}": (3, 42, "is empty"),
    "policies: {courts: {prelitigation_share: {defualt: 1}}}": (3, 43, "did you mean default?"),
    "policies: {courts: {prelitigation_share: {chengqu: 1}}}": (
        3,
        43,
        "did you mean divisions: {chengqu: ...}?",
    ),
    "policies: {courts: {prelitigation_share: {divisions: {chengqv: 1}}}}": (
        3,
        55,
        "no such division; allowed here: chengqu, zezhou, yangcheng; did you mean chengqu?",
    ),
    "policies: {courts: {prelitigation_share: {divisions: {chengqu: 2}}}}": (3, 64, "2 is above 1"),
    "policies: {courts: {prelitigation_share: {divisions: [1]}}}": (3, 54, "must be a mapping"),
    "policies: {courts: {prelitigation_share: {divisions: {}}}}": (3, 54, "is empty"),
    "policies: {grid: {screening: 3}}": (
        3,
        30,
        "3 is not one of them; allowed here: none, neighbour, family, debt, damage, traffic, "
        "labour, land, land_acquisition, housing, property, consumer, medical, tourism, "
        "environment, water; did you mean debt?",
    ),
    "policies: {grid: {screening: 2.5}}": (3, 30, "2.5 is not one of them; allowed here: none,"),
    "policies: {grid: {screening: true}}": (3, 30, "must be text, not true or false"),
    "policies: {grid: {screening: [{from: 2021-01-01, value: 1}]}}": (3, 57, "did you mean neigh"),
    "policies: {courts: 3}": (3, 20, "must be a mapping, not a number"),
    "policies: [1]": (3, 11, "must be a mapping, not a list"),
    "policies:": (3, 1, "is empty; give a value or leave the key out"),
    "policies: {volunteering: {time_bank: .5}}": (
        3,
        27,
        "comes with mechanism volunteering, which this model does not have",
    ),
    "policies: {assessment: {weights: {paperwork: 1}}}": (3, 35, "comes with mechanism assessment"),
    "policies: {response.policy: concede}": (3, 12, "comes with mechanism mobilisation"),
    "policies: {grid: {paperwork_share: [{from: 2021-01-01, value: .1},"
    " {from: 2020-01-01, value: .2}]}}": (3, 75, "2020-01-01 stands after 2021-01-01"),
    "policies: {grid: {paperwork_share: [{from: 2021-01-01, value: .1},"
    " {from: 2021-01-01, value: .2}]}}": (3, 75, "2021-01-01 is given twice"),
    "policies: {grid: {paperwork_share: [{from: 2021-01-01}]}}": (3, 37, "value: is missing"),
    "policies: {grid: {paperwork_share: [{value: .1}]}}": (3, 37, "from: is missing"),
    "policies: {grid: {paperwork_share: [{from: soon, value: .1}]}}": (3, 44, "soon is no day"),
    "policies: {grid: {paperwork_share: [{from: 2021, value: .1}]}}": (3, 44, "must be a date"),
    "policies: {grid: {paperwork_share: [{from: 2021-02-30, value: .1}]}}": (
        3,
        44,
        "2021-02-30 is no day of the calendar",
    ),
    "policies: {grid: {paperwork_share: [{since: 2021-01-01, value: .1}]}}": (
        3,
        37,
        "paperwork_share.from: is missing",
    ),
    "policies: {grid: {paperwork_share: [.1, .2]}}": (3, 37, "must be a mapping, not a number"),
    "policies: {grid: {paperwork_share: .1}, grid.paperwork_share: .2}": (
        3,
        41,
        "policies.grid.paperwork_share: is given twice",
    ),
    "parameters: {grievance: {decay_per_yaer: 1}}": (3, 26, "did you mean decay_per_year?"),
    "parameters: {greivance: {decay_per_year: 1}}": (3, 14, "did you mean grievance?"),
    "parameters: {grievance: 1}": (3, 25, "must be a mapping, not a number"),
    "parameters: {grievance: {decay_per_year: fast}}": (3, 42, "must be a number"),
    "parameters: {grievance: {decay_per_year: -1}}": (3, 42, "-1 is not a rate"),
    "parameters: {mediation: {success: {village: 1.2}}}": (3, 45, "1.2 is not a share"),
    "parameters: {mediation: {success: {villege: .5}}}": (3, 36, "did you mean village?"),
    "parameters: {grievance: {decay_per_year: 12345678901234567890123}}": (3, 42, "too long"),
    "mechanisms: [grievanse]": (3, 14, "did you mean grievance?"),
    "mechanisms: [grievance, grievance]": (3, 25, "grievance is listed twice"),
    "mechanisms: []": (3, 13, "is empty"),
    "mechanisms: some": (3, 13, "must be a list"),
    "mechanisms: [3]": (3, 14, "must be text, not a number"),
    "mechanisms: ['nowhere.py:Mine']": (3, 14, "no such file: nowhere.py"),
    "mechanisms: ['my package:Mine']": (3, 14, "is not of the form file.py:Class"),
    "outcomes: [escalation_shares]": (3, 12, "did you mean escalation_share?"),
    "outcomes: {}": (3, 11, "must be a list, not a mapping"),
    "shocks: [{kind: flood}]": (
        3,
        10,
        "shocks come with mechanism shocks, which this model does not have",
    ),
    "shocks: flood": (3, 9, "must be a list"),
    "scale: 0": (3, 8, "0 is below 0.005"),
    "scale: 0.001": (3, 8, "0.001 is below 0.005; allowed: 0.005 to 1 (share)"),
    "scale: 2": (3, 8, "2 is above 1; allowed: 0.005 to 1 (share)"),
    "place: two-villages\nscale: 2": (4, 8, "2 is above 1; allowed in this place: 0.0001 to 1"),
    "scale: on": (3, 8, "must be a number, not the text 'on'"),
    "time: {start: 2020-01-32}": (3, 15, "2020-01-32 is no day of the calendar"),
    "time: {start: 2020-01-01 12:00}": (3, 15, "is no day of the calendar"),
    "time: {years: 0.001}": (3, 15, "0.001 years are shorter than one step of 7 days"),
    "time: {stop: 2025-01-01}": (3, 8, "time.stop: no such key; allowed here: start, years"),
    "time: 2020": (3, 7, "must be a mapping"),
    "place: atlantis": (3, 8, "there is no place atlantis"),
    "place: two-vilages": (3, 8, "did you mean two-villages?"),
    "place: ./here.yaml": (3, 8, "there is no place ./here.yaml"),
    "place: .": (3, 8, "is not a file"),
    "graph: friends.graphml": (3, 8, "no such file: friends.graphml"),
    "graph: friends.docx": (3, 8, "neither GraphML nor an edge list"),
    "title: {fr: Bonjour}": (3, 9, "allowed here: en, zh"),
    "title: ''": (3, 8, "must be text, not empty text"),
    "title: {}": (3, 8, "is empty"),
    "why: 3": (3, 6, "must be text, not a number"),
    "scale: 0.01\nscale: 0.02": (4, 1, "scale: is given twice, first in line 3"),
    "extends: two-villages": (3, 1, "extends: is given twice, first in line 2"),
    "scale: !!float 1": (3, 8, "tags are not allowed"),
    "policies:\n\tgrid: {}": (4, 1, "indent with spaces, not tabs"),
    "policies: {grid: [}": (3, 19, "is not YAML"),
    "policies: {grid: {paperwork_share: 1": (4, 1, "is not YAML"),
    "why: 'unfinished": (4, 1, "is not YAML"),
    'why: "\\ud800"': (3, 6, "holds a character that is not text"),
    'why: "\\0"': (3, 6, "holds a character that is not text"),
    'why: "\\UFFFFFFFF"': (3, 1, "is not YAML"),
    "---\nname: second": (3, 1, "a second document begins here"),
    "title: &mine yes\npolicies: &mine {grid: *mine}": (4, 24, "refers to itself by *mine"),
    "time: {start: 1899-12-31}": (3, 15, "1899-12-31 is below 1900-01-01"),
    "scale: 1234567890123456789": (3, 8, "is too long a number"),
    NESTED: (3, 43, "is nested deeper than 40 levels"),
    LADDER: (5, 22, "is nested deeper than 40 levels"),
    BOMB: (8, 11, "grows to more than 200,000 values"),
}

WHOLE_FILES = {
    b"": (1, 1, "holds nothing"),
    b"just words": (1, 1, "must be a mapping, not the text 'just words'"),
    b"name: bad\nscale: 0.\x0002\n": (2, 10, "holds a character that is not text"),
    b"name: bad\n": (1, 1, "place: is missing"),
    b"extends: jincheng-2020\n": (1, 1, "name: is missing"),
    b"name: Bad Name\nextends: jincheng-2020\n": (1, 7, "Bad Name is not a slug"),
    b"name: ../../etc/passwd\nextends: jincheng-2020\n": (1, 7, "is not a slug"),
    b"name: 7\nextends: jincheng-2020\n": (1, 7, "must be text, not a number"),
    b"name: bad\nextends: jincheng-2202\n": (2, 10, "did you mean jincheng-2020?"),
    b"name: bad\nextends: bda.yaml\n": (2, 10, "there is no scenario bda.yaml"),
    b"name: bad\nextends: bad.yaml\n": (2, 10, "extends itself: bad.yaml -> bad.yaml"),
    b"name: bad\nextends: [a, b]\n": (2, 10, "must be text, not a list"),
    b"name: bad\nextends:\n": (2, 1, "must be text, not empty"),
    b"name: bad\nextends: ..\n": (2, 10, "is not a file"),
    b"name: bad\nplace: jincheng-2020\n": (1, 1, "time: is missing"),
    b"name: bad\nplace: jincheng-2020\ntime: {years: 2}\n": (3, 7, "time.start: is missing"),
    b"name: bad\n" + b"a: " + b"x" * (1 << 20): (0, 0, "holds more than 1,048,576 bytes"),
}


def faults_of(known, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes):
    monkeypatch.chdir(tmp_path)
    Path("bad.yaml").write_bytes(content)
    with pytest.raises(ScenarioError) as refused:
        load("bad.yaml", known)
    assert refused.value.faults
    assert {fault.where for fault in refused.value.faults} == {"bad.yaml"}
    assert str(refused.value) == "\n".join(map(str, refused.value.faults))
    return refused.value.faults


@pytest.mark.parametrize("written", BELOW_TOP)
def test_a_bad_line_is_refused_where_it_stands(written, known, tmp_path, monkeypatch):
    line, column, words = BELOW_TOP[written]
    content = (TOP + written + "\n").encode("utf-8")
    first = faults_of(known, tmp_path, monkeypatch, content)[0]
    assert (first.line, first.column) == (line, column), str(first)
    assert words in str(first)
    assert "\n" not in str(first)


@pytest.mark.parametrize("content", WHOLE_FILES, ids=lambda content: repr(content[:40]))
def test_a_bad_file_is_refused_where_it_breaks(content, known, tmp_path, monkeypatch):
    line, column, words = WHOLE_FILES[content]
    first = faults_of(known, tmp_path, monkeypatch, content)[0]
    assert (first.line, first.column) == (line, column), str(first)
    assert words in str(first)


def test_all_faults_of_a_file_are_told_at_once_and_in_order(known, tmp_path, monkeypatch):
    lines = [
        "name: Bad",
        "extends: jincheng-2020",
        "scale: 3",
        "policies:",
        "  mediation:",
        "    staf_per_10k: 3",
        "  courts:",
        "    prelitigation_share: 7",
        "outcomes: [nothing]",
    ]
    faults = faults_of(known, tmp_path, monkeypatch, "\n".join(lines).encode())
    assert [fault.line for fault in faults] == [1, 3, 6, 8, 9]


def test_the_message_names_file_line_key_trouble_range_and_the_lever_that_was_meant(
    known, tmp_path, monkeypatch
):
    content = "name: bad\nextends: jincheng-2020\npolicies: {mediation: {staf_per_10k: 3}}\n"
    [fault] = faults_of(known, tmp_path, monkeypatch, content.encode())
    assert str(fault) == (
        "bad.yaml:3:24: policies.mediation.staf_per_10k: no such lever; allowed here: "
        "staff_per_10k, full_time_share, pay_yuan_per_month, training_hours_per_year, "
        "judicial_confirmation_share, specialised_rooms; did you mean staff_per_10k?"
    )


def test_all_keys_of_a_scenario_are_told_to_who_writes_another(known, tmp_path, monkeypatch):
    [fault] = faults_of(known, tmp_path, monkeypatch, (TOP + "base: jincheng\n").encode())
    assert fault.allowed == f"allowed here: {', '.join(KEYS)}"


def test_of_a_long_list_eight_names_are_told(known, tmp_path, monkeypatch):
    [fault] = faults_of(known, tmp_path, monkeypatch, (TOP + "policies: {zzz: 1}\n").encode())
    names, rest, _ = fault.allowed.partition(", ...")
    assert (names.count(",") + 1, rest) == (8, ", ...")


def test_allowed_names_stand_in_their_own_order_whatever_was_written(known, tmp_path, monkeypatch):
    for word in ("zzz", "outcome_list", "settings"):
        [fault] = faults_of(known, tmp_path, monkeypatch, (TOP + f"{word}: 1\n").encode())
        names = fault.allowed.removeprefix("allowed here: ").removesuffix(", ...").split(", ")
        assert names == [key for key in KEYS if key in names]


def test_what_is_hardly_alike_is_not_suggested(known, tmp_path, monkeypatch):
    [fault] = faults_of(known, tmp_path, monkeypatch, (TOP + "replications: 1\n").encode())
    assert fault.suggestion == ""


def test_an_experiment_is_told_by_what_it_is_and_what_takes_it(known, tmp_path, monkeypatch):
    content = b"name: e\nscenario: two-villages\ndesign: {kind: factorial}\nfactors: {scale: [1]}\n"
    [fault] = faults_of(known, tmp_path, monkeypatch, content)
    assert "is an experiment, not a scenario; `shiyu sweep` runs it" in str(fault)


def test_more_than_a_hundred_faults_end_with_a_remark(known, tmp_path, monkeypatch):
    content = TOP + "".join(f"key{number}: 1\n" for number in range(500))
    faults = faults_of(known, tmp_path, monkeypatch, content.encode())
    assert len(faults) == 101
    assert sum("more than 100 faults" in str(fault) for fault in faults) == 1


def test_faults_of_a_parent_are_told_in_the_parents_file(known, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("in").mkdir()
    Path("in/parent.yaml").write_text("name: p\nextends: jincheng-2020\nscale: 5\n", "utf-8")
    Path("child.yaml").write_text("name: c\nextends: in/parent.yaml\ntime: {years: 0}\n", "utf-8")
    with pytest.raises(ScenarioError) as refused:
        load("child.yaml", known)
    places = {(fault.where, fault.line) for fault in refused.value.faults}
    assert places == {("in/parent.yaml", 3), ("child.yaml", 3)}


def test_faults_stand_at_the_path_that_was_typed(known, tmp_path, monkeypatch):
    (tmp_path / "sub").mkdir()
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "sub/long.yaml").write_text(TOP + "time: {years: 5000}\n", "utf-8")
    (tmp_path / "sub/onlong.yaml").write_text("name: o\nextends: long.yaml\n", "utf-8")
    for folder, typed, told in (
        (".", "sub/long.yaml", "sub/long.yaml"),
        (".", "sub/onlong.yaml", "sub/long.yaml"),
        ("sub", "long.yaml", "long.yaml"),
        ("elsewhere", "../sub/long.yaml", "../sub/long.yaml"),
        ("elsewhere", "../sub/onlong.yaml", "../sub/long.yaml"),
    ):
        monkeypatch.chdir(tmp_path / folder)
        with pytest.raises(ScenarioError) as refused:
            load(typed, known)
        assert [(f.where, f.line) for f in refused.value.faults] == [(told, 3)], typed


def test_a_parent_that_cannot_be_read_hides_no_fault_of_the_child(known, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("parent.yaml").write_text("name: p\nscale: [\n", "utf-8")
    Path("child.yaml").write_text("name: c\nextends: parent.yaml\nscale: 5\n", "utf-8")
    with pytest.raises(ScenarioError) as refused:
        load("child.yaml", known)
    assert {fault.where for fault in refused.value.faults} == {"parent.yaml", "child.yaml"}
    assert "is missing" not in str(refused.value)


def test_a_parent_that_is_no_name_hides_what_the_child_does_not_say(known, tmp_path, monkeypatch):
    """Place and time may stand in the parent."""
    content = b"name: bad\nextends: !!str jincheng-2020\n"
    [fault] = faults_of(known, tmp_path, monkeypatch, content)
    assert "tags are not allowed" in str(fault)


def test_a_key_that_is_refused_gets_one_message(known, tmp_path, monkeypatch):
    for written in ("<<: {scale: 0.02}", "scale: 0.01\nscale: 7"):
        assert len(faults_of(known, tmp_path, monkeypatch, f"{TOP}{written}\n".encode())) == 1


def test_a_scenario_has_twenty_parents_at_most(known, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("s1.yaml").write_text("name: s1\nextends: jincheng-2020\n", "utf-8")
    for number in range(2, 22):
        text = f"name: s{number}\nextends: s{number - 1}.yaml\n"
        Path(f"s{number}.yaml").write_text(text, "utf-8")
    assert load("s20.yaml", known).name == "s20"
    with pytest.raises(ScenarioError, match="has more than 20 parents") as refused:
        load("s21.yaml", known)
    assert [(f.where, f.line) for f in refused.value.faults] == [("s1.yaml", 2)]


def test_a_circle_of_parents_is_refused_with_the_whole_circle(known, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name, parent in (("a", "b"), ("b", "c"), ("c", "b")):
        Path(f"{name}.yaml").write_text(f"name: {name}\nextends: {parent}.yaml\n", "utf-8")
    with pytest.raises(ScenarioError, match=r"b\.yaml -> c\.yaml -> b\.yaml") as refused:
        load("a.yaml", known)
    assert [(f.where, f.line, f.column) for f in refused.value.faults] == [("c.yaml", 2, 10)]


@pytest.mark.parametrize("source", ["", "no-such-scenario", "no/such.yaml", "bad\0name", ".", 3])
def test_what_is_no_scenario_at_all_is_refused(source, known, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ScenarioError):
        load(source, known)


def test_a_misspelt_file_is_found_by_its_neighbours(known, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("mine.yaml").write_text("name: mine\nextends: jincheng-2020\n", "utf-8")
    with pytest.raises(ScenarioError, match=r"did you mean mine\.yaml\?"):
        load("mime.yaml", known)


def test_a_lever_without_a_base_is_refused_even_if_its_mechanism_is_off(
    known, tmp_path, monkeypatch
):
    lever = "mediation.staff_per_10k"
    bases = {name: base for name, base in FakePlace().bases.items() if name != lever}
    lacking = replace(known, place_loader=lambda _: FakePlace(bases=bases))
    content = f"{TOP}mechanisms: [disputes]\npolicies: {{{lever}: 40}}\n"
    [fault] = faults_of(lacking, tmp_path, monkeypatch, content.encode())
    assert fault.key == f"policies.{lever}"
    assert "states no base value for this lever" in str(fault)


class PickyPlace(FakePlace):
    """A place in which no more kin can be found."""

    def with_values(self, overrides):
        raise ScenarioError([Fault(self.name, 0, 0, "parameters.ties.degree.kin", "too many kin")])


def test_a_number_that_the_place_cannot_have_is_told_at_its_line(known, tmp_path, monkeypatch):
    picky = replace(known, place_loader=lambda _: PickyPlace())
    for names in (
        ["ties.degree.kin: 7", "divisions.chengqu.population: 574700"],
        ["divisions.chengqu.population: 574700", "ties.degree.kin: 7"],
    ):
        written = "parameters:\n" + "".join(f"  {name}\n" for name in names)
        [fault] = faults_of(picky, tmp_path, monkeypatch, (TOP + written).encode())
        assert fault.line == 4 + names.index("ties.degree.kin: 7")
        assert "too many kin" in str(fault)


def test_a_name_may_go_on_where_another_ends(known):
    """A mechanism of one's own may have a share and shares by kind under it."""
    names = {"gossip.share": 0.5, "gossip.share.town": 0.5}
    ledger = known.ledger | {name: parameter(0.5, "share", 0.0, 1.0) for name in names}
    wider = replace(known, ledger=ledger)
    for said, found in (
        ({"gossip": {"share": 0.25}}, {"gossip.share": 0.25}),
        ({"gossip": {"share": {"town": 0.25}}}, {"gossip.share.town": 0.25}),
    ):
        scenario = load({"extends": "jincheng-2020", "parameters": said}, wider)
        assert scenario.parameters == found
