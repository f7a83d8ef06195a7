"""Statements cancelled at any moment never make another organisation's rows appear."""

import threading
import time

import pytest
from django.db import DatabaseError, connection

from privacy.register.models import OrganisationProfile
from privacy.tenants.context import organisation_context
from tests.conftest import make_organisation
from tests.connections import second_connection

LONGEST_SECONDS = 8
ENOUGH = 100  # statements of each kind; a busy machine may have to do with fewer
AT_LEAST = 5


@pytest.fixture
def pair(committed, django_db_blocker):
    from privacy.tenants.provisioning import destroy_organisation

    other = make_organisation(f"{committed.slug}b")
    yield committed, other
    destroy_organisation(organisation=other)


class Reader(threading.Thread):
    """Reads the profile of one organisation and then of the other on one connection, and keeps what was wrong."""

    def __init__(self, organisations):
        super().__init__()
        self.organisations, self.over = organisations, threading.Event()
        self.right, self.cancelled, self.wrong, self.pid = 0, 0, [], None

    def run(self):
        connection.ensure_connection()
        self.pid = connection.connection.info.backend_pid
        try:
            while not self.over.is_set():
                for organisation in self.organisations:
                    self._read(organisation)
        finally:
            connection.close()

    def _read(self, organisation):
        with organisation_context(organisation):
            try:
                names = list(OrganisationProfile.objects.values_list("legal_name", flat=True))
            except DatabaseError:
                self.cancelled += 1
                return
        if names == [organisation.name]:
            self.right += 1
        else:
            self.wrong.append((organisation.name, names))


def test_a_storm_of_cancelled_statements_never_shows_another_organisations_row(pair):
    until = time.monotonic() + LONGEST_SECONDS
    readers = [Reader(pair), Reader(pair[::-1])]
    for reader in readers:
        reader.start()
    with second_connection(pair[0]) as storm:
        storm.execute("RESET ROLE")
        while time.monotonic() < until and min(min(reader.right, reader.cancelled) for reader in readers) < ENOUGH:
            for reader in readers:
                if reader.pid:
                    storm.execute("SELECT pg_cancel_backend(%s)", [reader.pid])
            time.sleep(0.0004)
    for reader in readers:
        reader.over.set()
    for reader in readers:
        reader.join(10)
    assert [wrong for reader in readers for wrong in reader.wrong] == []
    assert min(reader.cancelled for reader in readers) >= AT_LEAST  # the storm blew
    assert min(reader.right for reader in readers) >= AT_LEAST  # and reading went on
