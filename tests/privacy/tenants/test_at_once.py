"""Statements that go to the server together mean what they would mean one by one."""

import threading

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction

from privacy.subjects.models import Subject
from privacy.tenants.backend import base
from privacy.tenants.context import organisation_context, owner_context, public_context
from tests.connections import second_connection
from tests.privacy.tenants.test_context import expected, where

PLACE = ("SELECT current_schema(), current_user", [])
PEOPLE = (f"SELECT count(*) FROM {Subject._meta.db_table}", [])
ADD = f"INSERT INTO {Subject._meta.db_table} (id, created_at) VALUES (gen_random_uuid(), now()) RETURNING 1"


@pytest.fixture
def sent(monkeypatch) -> list[str]:
    """Everything that is said to the server, a round trip each."""
    statements = []
    execute, command = psycopg.ClientCursor.execute, psycopg.Connection._exec_command

    def noting(self, query, *args, **kwargs):
        statements.append(query)
        return execute(self, query, *args, **kwargs)

    def noting_command(self, what, *args, **kwargs):
        statements.append(what)
        return command(self, what, *args, **kwargs)

    monkeypatch.setattr(psycopg.ClientCursor, "execute", noting)
    monkeypatch.setattr(psycopg.Connection, "_exec_command", noting_command)
    return statements


@pytest.fixture
def other(committed, _organisations):
    """A second organisation that is really committed."""
    return _organisations["beta"]


def place() -> tuple[str, str]:
    ((found,),) = connection.at_once(PLACE)
    return found


def people() -> int:
    (((number,),),) = connection.at_once(PEOPLE)
    return number


def add(number: int = 1) -> None:
    connection.at_once(*[(ADD, [])] * number)


def kept_by_the_server() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements")
        (number,) = cursor.fetchone()
    return number


def test_begin_schema_role_and_all_statements_are_one_round_trip(committed, other, sent):
    connection.ensure_connection()
    with organisation_context(other):
        sent.clear()
        with transaction.atomic():
            assert connection.at_once(PLACE, PEOPLE, ("SELECT %s::int + %s::int", [1, 2])) == [
                [expected(other)], [(0,)], [(3,)],
            ]  # fmt: skip
            assert len(sent) == 1
        assert sent[1:] == [b"COMMIT"]


def test_they_run_where_every_statement_runs(committed, other):
    for _ in range(2):
        assert place() == where() == expected(committed)
        with organisation_context(other):
            assert place() == where() == expected(other)
        with public_context():
            assert place() == where()
            assert place()[0] == "public"


def test_a_kept_statement_reads_the_tables_of_the_organisation_that_asks(committed, other):
    """PostgreSQL plans it for good after five times."""
    add()
    for _ in range(8):
        assert people() == 1
        with organisation_context(other):
            assert people() == 0


def test_a_kept_statement_is_sent_in_full_once(committed, sent):
    people()
    sent.clear()
    assert people() == 0
    (again,) = sent
    assert Subject._meta.db_table not in again
    connection.close()
    sent.clear()
    assert people() == 0
    assert any(Subject._meta.db_table in str(text) for text in sent)


def test_of_many_kept_statements_all_are_forgotten(committed, other, monkeypatch):
    connection.close()
    monkeypatch.setattr(base, "_MOST_KEPT", 3)
    kept = ("SELECT count(*) FROM pg_prepared_statements", [])
    numbers = []
    add()
    for _ in range(4):
        assert people() == 1
        assert place() == where() == expected(committed)
        numbers += connection.at_once(kept)[0]
        with organisation_context(other):
            assert people() == 0
    assert 3 <= max(number for (number,) in numbers) <= 5


def test_after_a_failure_all_are_forgotten_as_well(committed):
    connection.close()
    kept = ("SELECT count(*) FROM pg_prepared_statements", [])
    for _ in range(4):
        with pytest.raises(DatabaseError):
            connection.at_once(PEOPLE, PLACE, ("SELECT 1 / 0", []))
    assert connection.at_once(PLACE, PEOPLE, kept) == [[expected(committed)], [(0,)], [(3,)]]


def test_a_kept_statement_whose_table_has_changed_fails_once(committed):
    everything = (f"SELECT * FROM {Subject._meta.db_table}", [])
    connection.at_once(everything)
    with owner_context(committed), connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {Subject._meta.db_table} ADD COLUMN more int")
    with pytest.raises(DatabaseError, match="result type"):
        connection.at_once(everything)
    assert connection.at_once(everything) == [[]]


def test_what_they_write_is_taken_back_with_the_transaction(committed):
    with transaction.atomic():
        add()
        assert people() == 1
        transaction.set_rollback(True)
    assert people() == 0
    with transaction.atomic():
        add()
    assert people() == 1


@pytest.mark.parametrize("fault", ["SELECT 1 / 0", "no statement at all", "SELECT %s::int"])
def test_nothing_of_it_counts_when_one_fails(committed, other, fault):
    """Whether it fails on the way, before the server has begun, or before anything is sent."""
    values = ["\0"] if "%s" in fault else []
    with organisation_context(other):
        assert where() == expected(other)
    for _ in range(2):
        with pytest.raises(DatabaseError), transaction.atomic():
            connection.at_once((ADD, []), (fault, values))
        assert place() == where() == expected(committed)
        assert people() == 0
    with transaction.atomic():
        with pytest.raises(DatabaseError), transaction.atomic():
            connection.at_once((ADD, []), (fault, values))
        add()
    assert people() == 1


@pytest.mark.parametrize("fault", ["no statement at all", "SELECT %s::int"])
def test_a_transaction_that_could_not_begin_at_first_is_one_all_the_same(committed, fault):
    with transaction.atomic():
        with pytest.raises(DatabaseError):
            connection.at_once((fault, ["\0"] if "%s" in fault else []))
        Subject.objects.create()
        transaction.set_rollback(True)
    assert Subject.objects.count() == 0


def test_statements_that_failed_leave_nothing_kept_on_the_server(committed):
    connection.close()
    people()
    assert kept_by_the_server() == 1
    for _ in range(5):
        with pytest.raises(DatabaseError):
            connection.at_once(PEOPLE, ("SELECT 1 / %s", [0]))
    assert people() == 0
    assert kept_by_the_server() == 1


def test_rows_are_locked_and_read_one_by_one_in_a_transaction_that_it_began(committed):
    """Nothing of it outlives the transaction, as in one that began in any other way."""
    add(2)
    with transaction.atomic():
        people()
        one_by_one = Subject.objects.select_for_update().iterator(1)
        assert next(one_by_one) in Subject.objects.all()
    with pytest.raises(DatabaseError):
        next(one_by_one)


def test_without_autocommit_every_transaction_is_one(committed):
    try:
        transaction.set_autocommit(False)
        add()
        transaction.commit()
        Subject.objects.create()
        transaction.rollback()
        assert people() == 1
        transaction.rollback()
    finally:
        connection.close()


def test_what_is_read_behind_a_lock_is_what_stood_when_it_was_given(committed):
    person = Subject.objects.create()
    lock = (f"SELECT 1 FROM {Subject._meta.db_table} WHERE id = %s FOR UPDATE", [person.pk])
    found, waits = [], threading.Event()

    def ask():
        try:
            with organisation_context(committed), transaction.atomic():
                people()
                waits.set()
                found.extend(connection.at_once(lock, PEOPLE))
        finally:
            connection.close()

    with second_connection(committed) as first:
        first.autocommit = False
        first.execute(*lock)
        thread = threading.Thread(target=ask)
        thread.start()
        assert waits.wait(timeout=20)
        first.execute("SELECT pg_sleep(0.3)")
        first.execute(ADD)
        first.commit()
    thread.join(timeout=20)
    assert found == [[(1,)], [(2,)]]


def test_one_that_ends_in_the_middle_of_a_transaction_is_an_error(committed, monkeypatch):
    monkeypatch.setattr(connection, "health_check_enabled", True)

    def add_and_lose_it():
        add()
        with second_connection(committed) as operator:
            operator.execute("RESET ROLE")
            operator.execute("SELECT pg_terminate_backend(%s, 5000)", [connection.connection.info.backend_pid])
        add()

    with pytest.raises(DatabaseError):
        transaction.atomic(add_and_lose_it)()
    connection.close()
    assert people() == 0
