"""The pages lead where they say, and name commands that there are."""

import re
from pathlib import Path

import pytest

import sim
from sim.cli.app import COMMANDS
from sim.engine.order import WEEK
from sim.verify import limits
from sim.verify.runner import mechanism_of

ROOT = Path(sim.__file__).parents[1]
PAGES = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")


def named(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_every_link_to_a_file_leads_to_one(page):
    links = LINK.findall(page.read_text(encoding="utf-8"))
    broken = [to for to in links if "://" not in to and not (page.parent / to).exists()]
    assert broken == []


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_every_command_that_a_page_names_is_there(page):
    words = set(re.findall(r"\bshiyu ([a-z]+)", page.read_text(encoding="utf-8")))
    assert words <= set(COMMANDS)


def test_files_named_in_the_reading_order_are_there():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    files = re.findall(r"`(sim/[\w/]+\.py)`", text)
    assert len(files) == 5
    assert all((ROOT / file).is_file() for file in files)


def test_a_decision_is_at_most_forty_lines():
    for page in (ROOT / "docs" / "decisions").glob("*.md"):
        assert len(page.read_text(encoding="utf-8").splitlines()) <= 40, page.name


@pytest.mark.parametrize("kind", WEEK, ids=lambda kind: kind.name)
def test_the_page_of_a_mechanism_draws_each_of_its_known_results(kind):
    own = [name for name, make in limits().items() if mechanism_of(make) is kind]
    text = (ROOT / "docs" / "mechanisms" / f"{kind.name}.md").read_text(encoding="utf-8")
    assert own
    for name in own:
        assert f"](../images/mechanisms/{name}.png)" in text
