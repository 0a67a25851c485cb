"""What the articles state is where the table says that the model holds it."""

import pytest
from experiment_scripts import loaded

figures = loaded("articles/figures.py")


@pytest.mark.parametrize("row", figures.rows(), ids=lambda row: f"{row['article']} {row['at']}")
def test_the_model_holds_the_figure_or_says_what_it_made_of_it(row):
    held = figures.held(row["at"])
    if "model" not in row:
        assert float(held) == float(row["value"])
        return
    assert set(row["how"] if row["unit"]["en"] != "year" else {"en", "zh"}) == {"en", "zh"}
    if row["model"] is not None:
        number = isinstance(row["model"], int | float)
        assert (float(held) if number else str(held)) == row["model"]


def test_every_article_but_the_repeated_one_has_a_row():
    assert {row["article"] for row in figures.rows()} >= {1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 12, 13}


def test_every_number_that_an_article_gives_as_it_stands_has_a_row():
    there = {row["at"].split()[1] for row in figures.rows()}
    given = {name for name, entry in figures.full_ledger().items() if entry.status == "seed"}
    assert given
    assert given <= there


def test_every_study_is_listed_in_both_languages():
    studies = sorted(file.stem for file in figures.HERE.glob("[0-9][0-9]-*.yaml"))
    for lang, ending in (("en", ".md"), ("zh", ".zh.md")):
        text = "\n".join(figures.index(lang))
        made = [study for study in studies if (figures.PAGES / f"{study}{ending}").exists()]
        assert all(f"({study}{ending})" in text for study in made)
        assert all(study in text for study in studies)


def test_the_chinese_page_tells_units_in_chinese():
    column = [line.split("|")[3] for line in "\n".join(figures.table("zh")).splitlines()[6:]]
    assert len(column) == len(figures.rows())
    assert not [cell for cell in column if any("a" <= letter <= "z" for letter in cell)]
