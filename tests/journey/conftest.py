from collections.abc import Iterator

import pytest

from tests.sample import SampleDesk, sample_desk


@pytest.fixture
def desk(django_db_setup, django_db_blocker) -> Iterator[SampleDesk]:
    """A furnished organisation with a CRM of its own; rows are committed, the test runs inside it."""
    with django_db_blocker.unblock(), sample_desk() as made:
        yield made


@pytest.fixture
def big_desk(django_db_setup, django_db_blocker) -> Iterator[SampleDesk]:
    """The same with so many people that a run takes several chunks."""
    with django_db_blocker.unblock(), sample_desk(people=20_000) as made:
        yield made
