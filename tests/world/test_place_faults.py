"""A faulty place file gets one located message per fault, all at once, and no place."""

import pytest

from sim.kernel import ScenarioError
from sim.scenario.find import shipped_places
from sim.world.place import load_place


@pytest.fixture(scope="module")
def sound():
    return shipped_places()["two-villages"].read_text(encoding="utf-8")


def faults_of(tmp_path, text):
    path = tmp_path / "地方.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ScenarioError) as caught:
        load_place(path)
    return [str(fault) for fault in caught.value.faults]


def line_of(text, part):
    return text[: text.index(part)].count("\n") + 1


def changed(text, old, new):
    assert text.count(old) == 1
    return text.replace(old, new)


def test_a_value_outside_its_own_range_is_refused_at_its_line(tmp_path, sound):
    old = "{value: 1100, unit: residents, low: 500"
    text = changed(sound, old, "{value: 100, unit: residents, low: 500")
    (fault,) = faults_of(tmp_path, text)
    assert f"地方.yaml:{line_of(sound, old)}:" in fault
    assert "divisions.liangcun.population" in fault
    assert "500 to 5000" in fault


def test_a_range_that_goes_down_is_told_as_such(tmp_path, sound):
    old = "{value: 1100, unit: residents, low: 500, high: 5000"
    text = changed(sound, old, "{value: 1100, unit: residents, low: 5000, high: 500")
    (fault,) = faults_of(tmp_path, text)
    assert "divisions.liangcun.population: its range goes down, from 5000 to 500" in fault


def test_a_rate_that_a_lever_cannot_have_names_the_figure_that_it_comes_from(tmp_path, sound):
    """2 judges for 1,100 residents are 182 per 100,000."""
    text = changed(sound, "{value: 1, unit: judges", "{value: 2, unit: judges")
    (fault,) = faults_of(tmp_path, text)
    assert "judges_per_100k (divisions.liangcun.judges): 181.8" in fault
    assert "is above 100" in fault


def test_a_misspelt_key_is_told_with_what_was_perhaps_meant(tmp_path, sound):
    text = changed(sound, "    household_size:", "    houshold_size:")
    (fault,) = faults_of(tmp_path, text)
    assert "parameters.world.household_size: is missing" in fault
    assert "did you mean world.houshold_size?" in fault


def test_a_member_that_is_missing_from_a_mapping_is_named(tmp_path, sound):
    text = changed(
        sound,
        "value: {household: 1.4, neighbours: 5.0, kin: 4.0,",
        "value: {household: 1.4, neighbours: 5.0,",
    )
    (fault,) = faults_of(tmp_path, text)
    assert "parameters.ties.degree.kin: is missing" in fault


def test_all_faults_come_at_once(tmp_path, sound):
    text = changed(sound, "population:", "populaton:")
    text = changed(text, "name: two-villages", "name: Two Villages")
    text = changed(text, "villages: {value: 2,", "villages: {value: 2.5,")
    text = changed(
        text, "{value: 2.55, unit: residents a family", "{value: many, unit: residents a"
    )
    faults = "\n".join(faults_of(tmp_path, text))
    assert "did you mean population?" in faults
    assert "Two Villages is not a slug" in faults
    assert "2.5 is not a whole number" in faults
    assert "world.household_size: must be a number" in faults


def test_shares_that_do_not_add_up_are_refused(tmp_path, sound):
    text = changed(sound, "value: {one: 0.27, two: 0.47", "value: {one: 0.34, two: 0.47")
    (fault,) = faults_of(tmp_path, text)
    assert "adds up to 1.07" in fault


IMPOSSIBLE = [
    (
        'high: 6, status: assumed, source: "made up"}',
        'high: 6, status: guessed, source: "made up"}',
        "guessed is not one of them",
    ),
    (
        "{value: 60, unit: residents, low: 0, high: 300,",
        "{value: 1200, unit: residents, low: 0, high: 3000,",
        "is more than the population",
    ),
    ("per_100k_residents: judges", "per_100k_residents: judge", "did you mean judges?"),
    (
        "participation.youth_channel:\n    {value: 0",
        "participation.youth_channel:\n    {value: {divisions: {liangcun: 0}}",
        "value.default: is missing",
    ),
    (
        "title: {en: Liangcun (made up), zh: 两村(虚构)}",
        "title: {en: Liangcun}",
        "divisions.liangcun.title.zh: is missing",
    ),
    (
        "{value: 0.18, unit: sd, low: 0.12, high: 0.24,",
        "{value: 0.495, unit: sd, low: 0.12, high: 0.5,",
        "cannot have a spread of 0.495",
    ),
    (
        "{value: 0.05, unit: share of agreements, low: 0.01, high: 0.5,",
        "{value: {default: 0.05, divisions: {liangcum: 0.1}}, unit: share, low: 0.01, high: 0.5,",
        "did you mean liangcun?",
    ),
]


@pytest.mark.parametrize(("old", "new", "words"), IMPOSSIBLE)
def test_what_cannot_be_is_told_in_plain_words(tmp_path, sound, old, new, words):
    assert words in "\n".join(faults_of(tmp_path, changed(sound, old, new)))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "- a\n- b\n",
        "name: x\n",
        "just words",
        "a: [1, 2\n",
        "name: !!python/object:os.x {}\n",
        "\t",
    ],
)
def test_what_is_no_place_at_all_gets_messages_too(tmp_path, text):
    assert faults_of(tmp_path, text)


def test_a_name_that_nobody_knows_is_answered_with_the_nearest():
    with pytest.raises(ScenarioError) as caught:
        load_place("jincheng-2002")
    assert "did you mean jincheng-2020?" in str(caught.value)


def test_a_file_that_is_not_there_is_told(tmp_path):
    with pytest.raises(ScenarioError) as caught:
        load_place(tmp_path / "nowhere.yaml")
    assert "no such file" in str(caught.value)
