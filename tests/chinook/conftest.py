"""Chinook is no part of the project: its scripts are looked for once, before anything is made from them."""

import pytest

from tests.chinook.databases import demand_scripts


@pytest.fixture(scope="package")
def scripts() -> None:
    """Beside the project; without them the test is skipped, or fails where they must be there."""
    demand_scripts()
