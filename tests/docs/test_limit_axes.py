"""Drawings of limits say what their axes count."""

import runpy
from pathlib import Path

import pytest

from sim.verify import limits

DOCS = Path(__file__).parents[2] / "docs"


@pytest.fixture(scope="module")
def pages():
    return runpy.run_path(str(DOCS / "mechanism_pages.py"))


def test_the_setting_along_which_each_limit_is_drawn_has_a_unit(pages):
    drawn = {(name, pages["first_number"](made)) for name, made in limits().items()}
    assert {(name, setting.name) for name, setting in drawn if setting} == set(pages["UNITS"])
    assert all(pages["UNITS"].values())
