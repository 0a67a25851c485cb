"""Series of examples of which only some belong to the tests that a person runs while working."""

from collections.abc import Iterable
from typing import Any

import pytest


def one_in(every: int, values: Iterable[Any]) -> list[Any]:
    """All the values of a series; all but the first and each so-manieth are marked slow."""
    return [
        value if k % every == 0 else pytest.param(value, marks=pytest.mark.slow)
        for k, value in enumerate(values)
    ]
