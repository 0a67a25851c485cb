"""A description tells what is declared and in force, in two languages, and claims nothing else."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from outline import Outline

from sim.cli.described import subject_of
from sim.engine.order import WEEK
from sim.mechanisms.equations import EQUATIONS
from sim.outcomes import CATALOGUE
from sim.report.odd import PARTS, Subject, content, markdown
from sim.report.odd.blocks import Block, Bullets, Document, Fold, Part, Table
from sim.report.odd.concepts import CONCEPTS
from sim.report.odd.page import page
from sim.report.odd.subject import equations_of
from sim.scenario import LEVERS
from sim.scenario.difference import differences
from sim.text import every_string, phrase_in, say
from sim.text.phrases import phrases
from sim.world.tie_picks import CIRCLE, STREET_REACH

LANGUAGES = ("en", "zh")
WORDS = {"part": "full", "format": "md", "lang": "en"}


def subject(source: str = "two-villages", against: str | None = None, **settings: str) -> Subject:
    """What is described; settings by key with `__` for a dot."""
    dotted = {key.replace("__", "."): value for key, value in settings.items()}
    return subject_of(source, dotted, against, WORDS)


def described(of: Subject, part: str = "full", lang: str = "en") -> str:
    return markdown(PARTS[part](of, lang))


def blocks(document: Document) -> Iterator[Block]:
    """All blocks, those inside others too."""

    def inside(several) -> Iterator[Block]:
        for block in several:
            yield block
            if isinstance(block, Part | Fold):
                yield from inside(block.blocks)

    yield from inside(document.lead)
    for section in document.sections:
        yield from inside(section.blocks)


def keys_of_delta(of: Subject, lang: str = "en") -> list[str]:
    tables = [b for b in blocks(PARTS["delta"](of, lang)) if isinstance(b, Table)]
    return [row[0].strip("`") for table in tables for row in table.rows]


@pytest.fixture(scope="module")
def villages() -> Subject:
    return subject()


@pytest.fixture(scope="module")
def few() -> Subject:
    return subject(mechanisms="[grievance, influence]", time__years="1")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_parameter_in_force_stands_with_its_value_and_source(villages, lang):
    text = described(villages, lang=lang)
    rows = {line.split(" | ")[0].strip("| `"): line for line in text.splitlines() if "|" in line}
    for ledger in (villages.parameters, villages.place_parameters):
        for name, parameter in ledger.items():
            source = " ".join(phrase_in(parameter.source, lang).split())
            assert source.replace("|", "\\|") in rows[name], name
            assert phrase_in(parameter.unit, lang) in rows[name]


def test_a_value_that_the_scenario_sets_stands_beside_its_default():
    of = subject(parameters__grievance__decay_per_year="1.5")
    default, text = of.parameters["grievance.decay_per_year"].default, described(of)
    [line] = [x for x in text.splitlines() if x.startswith("| `grievance.decay_per_year`")]
    assert f"| 1.5 (set here) | {default:g} |" in line
    assert "Set by the scenario instead of the default: `grievance.decay_per_year`." in text


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_mechanism_that_is_off_has_no_parameter_no_column_and_no_result(few, lang):
    text = described(few, lang=lang)
    assert "`grievance.decay_per_year`" in text
    for kind in few.off:
        for name in kind.ledger():
            assert f"`{kind.name}.{name}`" not in text
        assert f"/{kind.name}.py`" not in text
    tables = [b for b in blocks(PARTS["full"](few, lang)) if isinstance(b, Table)]
    owned = {row[0].strip("`") for table in tables for row in table.rows}
    assert not owned & {column for kind in few.off for column in kind.writes}
    assert {result.mechanism for result in few.results} == {"grievance", "influence"}


def test_what_is_off_is_told_as_left_out(few, villages):
    left = next(s for s in PARTS["full"](few, "en").sections if s.key == "left_out")
    items = [item for b in left.blocks if isinstance(b, Bullets) for item in b.items]
    for kind in few.off:
        assert any(item.startswith(f"`{kind.name}`") for item in items), kind.name
    assert villages.off == ()
    assert not any("switches off" in line for line in described(villages).splitlines())


def test_the_order_of_the_week_is_that_of_the_engine(villages):
    process = next(s for s in PARTS["full"](villages, "en").sections if s.key == "process")
    [week, *_] = [b for b in process.blocks if isinstance(b, Table)]
    assert [row[1].strip("`") for row in week.rows] == [kind.name for kind in WEEK]


def test_the_elements_stand_in_the_order_of_the_protocol(villages):
    for part in ("full", "summary"):
        sections = PARTS[part](villages, "en").sections
        titles = [s.title for s in sections if s.number]
        assert [s.number for s in sections if s.number] == list(range(1, 8))
        assert titles == [
            "Purpose and patterns",
            "Entities, state variables and scales",
            "Process overview and scheduling",
            "Design concepts",
            "Initialisation",
            "Input data",
            "Submodels",
        ]


def test_all_eleven_concepts_are_told_even_where_few_mechanisms_are_on(few):
    section = next(s for s in PARTS["full"](few, "en").sections if s.key == "concepts")
    titles = [block.title for block in section.blocks if isinstance(block, Part)]
    assert titles == [say(f"odd.concept_title.{name}", "en") for name in CONCEPTS]
    assert len(titles) == 11


def test_equations_stand_as_in_the_docstring(villages):
    text = described(villages)
    assert "dg/dt = a (1 - g) - r g" in text
    for kind in villages.on:
        assert equations_of(kind) in text


@pytest.mark.parametrize("name", EQUATIONS)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_mechanism_of_the_design_has_a_sentence_a_name_and_a_principle(name, lang):
    for table in ("mechanism", "called", "principles"):
        assert say(f"odd.{table}.{name}", lang)


def test_both_languages_tell_the_same(villages, few):
    for of in (villages, few):
        for make in PARTS.values():
            if of.base is None and make is PARTS["delta"]:
                continue
            documents = [make(of, lang) for lang in LANGUAGES]
            shapes = [[s.key for s in document.sections] for document in documents]
            kinds = [[type(block) for block in blocks(document)] for document in documents]
            assert shapes[0] == shapes[1]
            assert kinds[0] == kinds[1]
            first, second = (
                [(len(b.heads), len(b.rows)) for b in blocks(document) if isinstance(b, Table)]
                for document in documents
            )
            assert first == second


@pytest.mark.parametrize(
    "settings",
    [
        {"policies__mediation__staff_per_10k": "60"},
        {"scale": "1", "time__years": "3", "outcomes": "[late_share]"},
        {"mechanisms": "[grievance, influence]", "parameters__grievance__decay_per_year": "1.5"},
        {"parameters__ties__degree__kin": "5", "time__step_days": "3.5"},
        {"policies__courts__prelitigation_share": "[{from: 2021-01-01, value: 0.5}]"},
    ],
)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_delta_names_exactly_the_keys_that_differ(settings, lang):
    of = subject(**settings)
    assert of.base is not None
    ledger = {f"{k.name}.{n}": p for k in WEEK for n, p in k.ledger().items()}
    expected = [one.key for one in differences(of.base, of.scenario, ledger)]
    assert sorted(keys_of_delta(of, lang)) == sorted(expected)
    assert expected


def test_a_delta_is_told_against_what_the_scenario_extends():
    of = subject("mediators-doubled")
    assert of.base is not None
    assert of.base.name == "jincheng-2020"
    assert keys_of_delta(of) == ["policies.mediation.staff_per_10k"]


def test_a_delta_against_another_base_tells_of_the_place_too():
    keys = keys_of_delta(subject("mediators-doubled", against="two-villages"))
    assert {"place", "scale", "policies.mediation.staff_per_10k"} <= set(keys)


def test_a_mechanism_switched_off_is_told_in_the_delta():
    text = described(subject(mechanisms="[grievance, influence]"), "delta")
    assert "Off here and on there: `courts`." in text


def test_scenarios_that_say_the_same_have_an_empty_delta():
    of = subject("mediators-doubled", against="money-on-mediators")
    assert keys_of_delta(of) == []
    assert "Nothing differs from" in described(of, "delta")


CLAIMS = {
    "en": r"\b(passed|passes|verified|validated|proven|(was|been) (checked|tested)|succeeded)\b",
    "zh": r"通过了|已验证|已检验|验证通过|检验通过|得到验证|已证实",
}


def keys_in(value: object) -> Iterator[str]:
    """Every key of a value that JSON can hold."""
    if isinstance(value, dict):
        for key, inside in value.items():
            yield str(key)
            yield from keys_in(inside)
    elif isinstance(value, list | tuple):
        for inside in value:
            yield from keys_in(inside)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_sentence_claims_that_a_check_was_passed(villages, lang):
    for key, sentence in every_string(lang).items():
        if key.startswith("odd."):
            assert not re.search(CLAIMS[lang], sentence, re.IGNORECASE), key
    told = content(villages, PARTS["full"](villages, lang), "full")
    assert not {"holds", "simulated", "verdict"} & set(keys_in(told))


def test_nothing_is_run_for_a_description(monkeypatch):
    def refused(*_, **__):
        raise AssertionError("something was run")

    monkeypatch.setattr("sim.verify.runner.check", refused)
    monkeypatch.setattr("sim.engine.build.build", refused)
    monkeypatch.setattr("sim.world.tie_building.build_ties", refused)
    of = subject("jincheng-2020")
    text = described(of)
    assert "this description runs none of it" in text
    assert "shiyu verify --levels" in text
    assert "Nothing of the graph was measured" in text


def test_levels_are_named_for_the_core_of_jincheng_alone(few, villages):
    assert subject("jincheng-2020").levels
    assert villages.levels == few.levels == []
    assert "do not apply to this scenario" in described(villages)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("part", PARTS)
def test_a_page_parses_and_asks_nothing_of_the_network(part, lang):
    text = page(PARTS[part](subject("mediators-doubled"), lang))
    outline = Outline(text)
    assert outline.open == []
    assert all(address.startswith("#") for address in outline.addresses)
    ids = set(re.findall(r' id="([^"]+)"', text))
    assert {address[1:] for address in outline.addresses} <= ids
    assert not re.search(r"url\((?!data:)|@import|https?://", text)
    assert {"script", "iframe", "link", "img"}.isdisjoint(outline.tags)
    assert f'<html lang="{"en" if lang == "en" else "zh-Hans"}">' in text


def test_what_the_scenario_says_is_escaped(tmp_path):
    path = tmp_path / "odd.yaml"
    path.write_text('name: odd\nextends: two-villages\ntitle: "<b>x</b> | y"\n', encoding="utf-8")
    outline = Outline(page(PARTS["full"](subject(str(path)), "en")))
    assert "b" not in outline.tags
    assert "<b>x</b> | y" in outline.said


@pytest.mark.parametrize("source", ["jincheng-2020", "money-on-subsidy"])
def test_a_summary_is_short(source):
    assert len(described(subject(source), "summary").split()) < 750


def test_a_schedule_is_told_with_its_days_and_divisions():
    setting = "[{from: 2021-01-01, value: {default: 0, divisions: {chengqu: 9000}}}]"
    text = described(subject("jincheng-2020", policies__grid__subsidy_yuan_per_year=setting))
    assert "from 2021-01-01: 0; Chengqu 9,000" in text


def test_a_lever_of_a_mechanism_that_is_off_is_said_to_do_nothing():
    of = subject(mechanisms="[grievance]", policies__mediation__staff_per_10k="60")
    assert "does nothing: `mediation` is off" in described(of)


@pytest.mark.skipif("shocks" not in {kind.name for kind in WEEK}, reason="no shocks there")
def test_shocks_are_told_and_are_part_of_the_delta():
    shock = "{kind: housing_delivery, on: 2021-03-01, division: chengqu, households: 1200}"
    of = subject("jincheng-2020", shocks=f"[{shock}]")
    assert (
        "`housing_delivery`, homes not handed over | 2021-03-01 | Chengqu | 1,200 |"
        in described(of)
    )
    assert keys_of_delta(of) == ["shocks"]


def test_every_kind_of_thing_is_said_in_words():
    text = described(subject("jincheng-2020"))
    assert "Rows of the table" not in text


def test_a_graph_of_the_scenarios_own_is_named(tmp_path):
    (tmp_path / "ties.edgelist").write_text("0 1\n", encoding="utf-8")
    path = tmp_path / "own.yaml"
    path.write_text("name: own\nextends: two-villages\ngraph: ties.edgelist\n", encoding="utf-8")
    text = described(subject(str(path)))
    assert "The graph comes from `ties.edgelist`" in text
    assert "Layers of ties as the place asks for them" not in text
    assert "Triads close" not in text


@pytest.mark.parametrize("lang", LANGUAGES)
def test_assumed_numbers_of_the_graph_that_are_no_parameters_are_told(villages, lang):
    picks = say("odd.graph.picks", lang, circle=str(CIRCLE), reach=str(STREET_REACH))
    assert picks in described(villages, lang=lang)


MECHANISM = '''"""Rumours spread from person to person.

    dr/dt = b r (1 - r)
"""

from sim.kernel import Column, Mechanism, Parameter


class Rumours(Mechanism):
    """Rumours."""

    name = "rumours"
    rate = Parameter(0.5, "1/year", 0.1, 2.0, "assumed", "made up for a test")
    writes = {"people.rumour": Column("share", 0.0, 1.0, "how far a person has heard of it")}

    def step(self, world, clock):
        pass
'''


def test_a_mechanism_of_the_users_own_is_described_like_ours(tmp_path: Path):
    (tmp_path / "rumours.py").write_text(MECHANISM, encoding="utf-8")
    path = tmp_path / "own.yaml"
    text = 'name: own\nextends: two-villages\nmechanisms: [all, "rumours.py:Rumours"]\n'
    path.write_text(text, encoding="utf-8")
    for lang in LANGUAGES:
        told = described(subject(str(path)), lang=lang)
        assert "Rumours spread from person to person." in told
        assert "dr/dt = b r (1 - r)" in told
        assert "| `rumours.rate` | 0.5 | 0.5 |" in told
        assert "how far a person has heard of it" in told
        assert "`rumours.py`" in told
    for words in ("made up for a test", "Rumours spread from person to person."):
        assert f"{words}（原文）" in told  # in the Chinese one, the last
    assert told.count("（原文）") == told.count("Rumours spread from person to person.（原文）") + 2


def test_a_delta_of_few_mechanisms_claims_no_element_unchanged_that_they_decide():
    of = subject("04-city-group", "jincheng-2020")
    told = described(of, "delta").partition("## What does not differ")[2]
    assert "follows from the mechanisms that are on" in told
    assert say("odd.element.concepts", "en") not in told


def test_accounts_of_disputes_are_checked_only_where_there_are_disputes():
    accounts = say("odd.process.accounts", "en")
    assert accounts not in described(subject("04-city-group"))
    assert accounts in described(subject("07-siting"))


@pytest.mark.parametrize("part", ["full", "delta"])
def test_chinese_tells_choices_shocks_and_units_in_words(part):
    siting = described(subject("07-siting", "jincheng-2020"), part, "zh")
    for words in ("项目选址 `siting`", "让步 `concede`", "波及户数", "城区"):
        assert words in siting
    assert "kind: " not in siting
    goals = described(subject("01-five-goals", "jincheng-2020"), part, "zh")
    assert f"| {phrases()['share']} |" in goals
    assert f"| 4 | 8 | {phrases()['meetings a unit a year']} |" in goals


def test_every_unit_of_a_lever_and_an_outcome_has_a_chinese_word():
    units = {lever.unit for lever in LEVERS.values()} | {o.unit for o in CATALOGUE.values()}
    assert all(phrase_in(unit, "en") == unit != phrase_in(unit, "zh") for unit in units)


def test_the_chinese_description_of_jincheng_has_english_in_code_alone():
    told = described(subject("jincheng-2020"), lang="zh")
    told = re.sub(r"```.*?```|`[^`]*`", "", told, flags=re.DOTALL)
    english = re.compile(r"[a-z]{3,} [a-z]{2,} [a-z]{2,}")
    assert [line for line in told.splitlines() if english.search(line)] == []


def test_a_delta_says_what_a_key_means_and_in_which_unit():
    told = described(subject("05-metropolis", "jincheng-2020"), "delta")
    assert "| `time.years` | 5 | 25 | years | How long a run lasts |" in told
    meaning = LEVERS["metropolitan.form"].meaning["en"]
    assert f"| `policies.metropolitan.form` | association | fragmented | form | {meaning} |" in told
