"""Schema and role are not set again where they stand, and never believed where PostgreSQL has taken them back."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction

from privacy.tenants.context import organisation_context, owner_context, public_context
from tests.connections import second_connection
from tests.privacy.tenants.test_at_once import place
from tests.privacy.tenants.test_context import expected, where


@pytest.fixture
def sent(monkeypatch) -> list[str]:
    """Every statement that sets where others run."""
    statements = []
    execute = psycopg.ClientCursor.execute

    def noting(self, query, *args, **kwargs):
        if isinstance(query, str) and query.startswith("SET search_path"):
            statements.append(query)
        return execute(self, query, *args, **kwargs)

    monkeypatch.setattr(psycopg.ClientCursor, "execute", noting)
    return statements


@pytest.fixture
def other(committed, _organisations):
    """A second organisation that is really committed."""
    return _organisations["beta"]


@contextmanager
def broken() -> Iterator[None]:
    """A transaction that ends with COMMIT though a statement of it failed: PostgreSQL rolls it back."""
    with transaction.atomic():
        yield
        with connection.cursor() as cursor, pytest.raises(DatabaseError, match="division"):
            cursor.execute("SELECT 1 / 0")


def test_it_is_set_once_for_many_statements_in_and_outside_of_transactions(committed, sent):
    connection.close()
    for _ in range(3):
        assert where() == expected(committed)
        with transaction.atomic():
            assert where() == expected(committed)
    assert len(sent) == 1


def test_it_is_set_anew_wherever_the_next_statement_belongs_elsewhere(committed, other, sent):
    connection.close()
    for _ in range(2):
        assert where() == expected(committed)
        with organisation_context(other):
            assert where() == expected(other)
        with owner_context(committed):
            assert where()[1] != expected(committed)[1]
    assert len(sent) == 6


def test_what_a_commit_turned_into_a_rollback_took_back_is_set_again(committed, other):
    assert where() == expected(committed)
    with organisation_context(other):
        with broken():
            assert where() == expected(other)
        assert where() == expected(other)
    assert where() == expected(committed)


def test_what_was_set_in_a_transaction_is_set_again_after_its_rollback(committed, other):
    assert where() == expected(committed)
    with transaction.atomic(), organisation_context(other):
        assert where() == expected(other)
        transaction.set_rollback(True)
    assert where() == expected(committed)
    with organisation_context(other):
        assert where() == expected(other)


def test_a_transaction_that_psycopg_itself_rolled_back_is_not_believed(committed, other):
    with public_context():
        assert where()[0] == "public"
    connection.ensure_connection()
    connection.connection.autocommit = False
    try:
        with organisation_context(other):
            assert where() == expected(other)
            connection.connection.rollback()
            assert where() == expected(other)
            connection.connection.rollback()
    finally:
        connection.connection.autocommit = True
    assert where() == expected(committed)


def test_asking_whether_the_connection_lives_sets_what_the_next_statement_needs(committed, other, sent, monkeypatch):
    monkeypatch.setattr(connection, "health_check_enabled", True)
    assert where() == expected(committed)
    with organisation_context(other):
        monkeypatch.setattr(connection, "health_check_done", False)
        before = len(sent)
        assert where() == expected(other)
        assert len(sent) == before + 1


@pytest.mark.parametrize("ask", [where, place])
def test_a_connection_that_the_server_ended_is_made_anew_where_it_was(committed, other, monkeypatch, ask):
    assert ask() == expected(committed)
    ended = connection.connection.info.backend_pid
    with second_connection(committed) as operator:
        operator.execute("RESET ROLE")
        operator.execute("SELECT pg_terminate_backend(%s, 5000)", [ended])
    monkeypatch.setattr(connection, "health_check_enabled", True)
    monkeypatch.setattr(connection, "health_check_done", False)
    with organisation_context(other):
        assert ask() == expected(other)
    assert connection.connection.info.backend_pid != ended


def test_a_new_connection_is_not_taken_for_the_old_one(committed):
    assert where() == expected(committed)
    connection.close()
    assert where() == expected(committed)
