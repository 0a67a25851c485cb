"""One warm city for all promises; tests take copies of it."""

import pytest

from promises.small import city
from sim.engine.build import Running, warm


@pytest.fixture(scope="session")
def warm_city() -> Running:
    """Jincheng at the smallest scale after its year of warm-up, seed 1; never step it itself."""
    return warm(city(), 1)
