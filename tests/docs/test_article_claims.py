"""Claims of the article studies are judged from paired differences, also against a sum of parts."""

from types import SimpleNamespace

import numpy as np
import pytest
from experiment_scripts import FOLDER, loaded

STUDIES = sorted((FOLDER / "articles").glob("[0-9][0-9]-*.yaml"))


@pytest.fixture(scope="module")
def study():
    return loaded("articles/study_pages.py")


@pytest.fixture(scope="module")
def studies():
    return loaded("articles/studies.py")


def made_up(study, values, **given):
    """A study of one outcome, with its values by variant."""
    each = study.Wanted("norm_mean")
    titles = {name: {"en": name, "zh": name} for name in values}
    table = {(name, each): np.array(numbers) for name, numbers in values.items()}
    return study.Study("00-made-up", given, titles, table)


def verdict(study, made, **claim):
    return study.judged(made, {"outcome": "norm_mean", **claim})[0]


PARTS = {
    "none": [1.0, 2.0, 3.0],
    "a": [2.0, 3.0, 4.0],  # each one more than none
    "b": [1.5, 2.5, 3.5],  # each half more
    "both": [2.6, 3.65, 4.6],  # 1.6, 1.65, 1.6 more: beyond 1.5 in every pair
}


def test_the_whole_is_compared_with_the_sum_of_its_parts_against_the_variant_named(study):
    made = made_up(study, PARTS, against="none")
    assert verdict(study, made, more="both", than=["a", "b"]) == "true"
    assert verdict(study, made, more="both", than=["a", "b"], by_at_least=0.3) == "false"
    assert verdict(study, made, more="both", than=["a", "b"], differs=True) == "true"


def test_a_claim_may_be_about_one_variant_alone(study):
    made = made_up(study, PARTS)
    assert verdict(study, made, of="a", above=0.1) == "true"
    assert verdict(study, made, of="a", below=3.0) == "open"
    assert verdict(study, made, of="a", above=9.0) == "false"


def test_two_outcomes_of_one_variant_are_set_side_by_side(study):
    made = made_up(study, {"one": [0.4, 0.5, 0.6]})
    other = study.Wanted("unresolved_share")
    made.values["one", other] = np.array([0.2, 0.31, 0.4])
    claim = {"of": "one", "above_outcome": "unresolved_share"}
    assert verdict(study, made, **claim) == "true"
    made.values["one", other] += 1.0
    assert verdict(study, made, **claim) == "false"


def test_without_a_named_variant_parts_are_against_the_first(study):
    made = made_up(study, {"both": [0.0, 0.0, 0.0], "a": [-1.0, -1.1, -1.0]})
    assert verdict(study, made, more="both", than=["a"]) == "true"  # no change against one down


def test_a_difference_of_either_sign_is_open_while_its_interval_holds_zero(study):
    made = made_up(study, {"one": [1.0, 2.0, 3.0], "other": [1.5, 1.5, 3.0]})
    assert verdict(study, made, more="other", than="base", differs=True) == "open"


def test_tables_take_differences_from_the_variant_named(study):
    made = made_up(study, PARTS, against="none")
    rows = study.table(made, study.Wanted("norm_mean"), "en").splitlines()
    assert "difference from: none, " in rows[0]
    told = [row.rsplit("|", 2)[1].split()[0] for row in rows[2:]]
    assert told == ["–", "+1.00", "+0.500", "+1.62"]


def test_tables_and_verdicts_are_in_the_readers_units(study):
    each = study.Wanted("unresolved_share", "year", "3")
    titles = {name: {"en": name, "zh": name} for name in ("one", "other")}
    values = {("one", each): np.array([0.2, 0.3]), ("other", each): np.array([0.21, 0.32])}
    claim = {"outcome": "unresolved_share", "by": "year", "group": 3, "more": "other",
             "than": "base", "text": {"en": "More is left.", "zh": "剩下更多。"}}  # fmt: skip
    made = study.Study("00-made-up", {"claims": [claim]}, titles, values)
    assert "（第3年），% | 与“one”之差，百分点 |" in study.table(made, each, "zh")
    assert "(year 3), % | difference from: one, percentage points |" in study.table(
        made, each, "en"
    )
    assert study.claims(made, "zh").endswith("个百分点")
    assert study.claims(made, "en").endswith("percentage points")


@pytest.mark.parametrize("file", STUDIES, ids=lambda f: f.stem)
def test_a_study_names_variants_and_outcomes_that_there_are(studies, file):
    given = studies.YAML(typ="safe").load(file.read_text(encoding="utf-8"))
    names = {"base", *(variant["name"] for variant in given["variants"])}
    assert given.get("against", "base") in names
    for claim in given["claims"]:
        than = claim.get("than", claim.get("of"))
        others = than if isinstance(than, list) else [than]
        assert {claim.get("more", claim.get("of")), *others} <= names
    for each in map(studies.wanted, [*given["outcomes"], *given["claims"]]):
        assert each.told("en")
        assert each.told("zh")
    for words in ("title", "question", "setup", "answer", "not_shown"):
        assert set(given[words]) == {"en", "zh"}
        assert given[words]["en"].isascii()


@pytest.mark.parametrize("file", STUDIES, ids=lambda f: f.stem)
def test_every_variant_of_a_study_loads(studies, file):
    given = studies.YAML(typ="safe").load(file.read_text(encoding="utf-8"))
    scenarios = studies.load_all(studies.variants(given), given["settings"])
    assert len({s.name for s in scenarios}) == len(given["variants"]) + 1


def runs_of(variants, seeds, version="0.1.0+a"):
    return [
        SimpleNamespace(scenario=name, run_id=f"{k}{seed}".ljust(64, "0"), version=version)
        for seed in seeds
        for k, name in enumerate(variants)
    ]


def test_a_page_names_the_runs_that_it_stands_on_in_both_languages():
    runs = runs_of(("none", "a"), (1, 2, 3))
    found = loaded("articles/study_runs.py").kept("results/articles/00", ("none", "a"), runs)
    titles = {"none": {"en": "nothing", "zh": "无"}, "a": {"en": "much", "zh": "多"}}
    for lang, count in (("en", "6 runs"), ("zh", "6次运行")):
        told = found.told(titles, lang)
        assert count in told
        assert "`0.1.0+a`" in told
        assert "results/articles/00" in told
        assert f"`{found.digest}`" in told
    assert found.told(titles, "en").endswith("nothing: `01000000`, much: `11000000`.")


def test_another_run_or_version_is_another_page():
    kept = loaded("articles/study_runs.py").kept
    one = kept("x", ("none",), runs_of(("none",), (1, 2)))
    other = kept("x", ("none",), runs_of(("none",), (1, 3)))
    mixed = kept("x", ("none",), [*runs_of(("none",), (1,)), *runs_of(("none",), (2,), "0.1.0+b")])
    assert one.digest != other.digest
    assert mixed.digest == one.digest
    assert list(mixed.versions) == ["0.1.0+a", "0.1.0+b"]
