"""A small source with members of a club, when each was last there, and what they paid."""

import pytest

from tests.retention.notices.club import Club, members_of
from tests.sources import scratch_database


@pytest.fixture
def club(alpha, settings):
    """Three members: Ama and Kofi will be due in ten days, Yaa is due in eleven."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    with scratch_database() as dsn:
        yield Club(dsn, members_of(dsn))
