"""What every test of scenarios starts from."""

import pytest

from sim.scenario import Known

from .made_up import made_up_known


@pytest.fixture(scope="session")
def known() -> Known:
    return made_up_known()
