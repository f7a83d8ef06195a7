"""The doors into organisations, and that nothing is done outside of one."""

import threading

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connection, connections, transaction

from privacy.officers.models import Officer
from privacy.tenants.context import (
    current_organisation,
    enter_organisation,
    organisation_context,
    owner_context,
    public_context,
)
from privacy.tenants.errors import NoOrganisation, OrganisationNotServed
from privacy.tenants.models import Organisation
from privacy.tenants.names import is_organisation_schema, role_name_for, schema_name_for
from tests.closing import set_state


def where() -> tuple[str, str]:
    """The schema and the role of the next statement."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_schema(), current_user")
        return cursor.fetchone()


def expected(organisation: Organisation) -> tuple[str, str]:
    return organisation.schema_name, role_name_for(connection.settings_dict["NAME"], organisation.schema_name)


def test_contexts_nest_and_come_back(alpha, beta):
    assert where() == expected(alpha)
    with organisation_context(beta):
        assert where() == expected(beta)
        with public_context():
            assert where()[0] == "public"
        assert where() == expected(beta)
    assert where() == expected(alpha)


def test_a_context_comes_back_after_an_error(alpha, beta):
    for context in (organisation_context(beta), owner_context(beta), public_context()):
        with pytest.raises(RuntimeError), context:
            raise RuntimeError("stop")
        assert (where(), current_organisation()) == (expected(alpha), alpha)


def test_the_owner_has_the_schema_and_not_the_role_and_gives_it_back(alpha):
    with owner_context(alpha):
        schema, role = where()
    assert schema == "alpha"
    assert role != expected(alpha)[1]
    assert where() == expected(alpha)


@pytest.mark.parametrize("inner", ["alpha", "beta"])
def test_schema_and_role_are_right_after_a_savepoint_was_rolled_back(alpha, beta, inner):
    """PostgreSQL takes a SET back together with the savepoint it came after."""
    organisations = {"alpha": alpha, "beta": beta}

    def fail() -> None:
        with transaction.atomic(), organisation_context(organisations[inner]):
            assert where() == expected(organisations[inner])
            raise RuntimeError("stop")

    with pytest.raises(RuntimeError):
        fail()
    assert where() == expected(alpha)
    with organisation_context(beta):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT 1 / 0")
        assert where() == expected(beta)


def test_in_a_broken_transaction_nothing_is_read_anywhere(alpha, beta):
    def go_on() -> None:
        with transaction.atomic():
            with connection.cursor() as cursor, pytest.raises(DatabaseError, match="division"):
                cursor.execute("SELECT 1 / 0")
            with organisation_context(beta):
                Officer.objects.count()

    with pytest.raises(DatabaseError, match="aborted"):
        go_on()
    assert where() == expected(alpha)


def test_without_a_schema_nothing_is_asked(alpha, monkeypatch):
    monkeypatch.setattr(connections["default"], "schema_name", "")
    with pytest.raises(ImproperlyConfigured, match="enter an organisation"):
        Officer.objects.count()


def test_outside_of_organisations_there_is_no_current_one(alpha):
    assert current_organisation() == alpha
    with public_context(), pytest.raises(NoOrganisation, match="enter one"):
        current_organisation()


def test_a_new_thread_begins_outside_of_organisations(alpha):
    seen = []

    def look() -> None:
        try:
            current_organisation()
        except NoOrganisation as error:
            seen.append(type(error))
        finally:
            connection.close()

    thread = threading.Thread(target=look)
    thread.start()
    thread.join(10)
    assert seen == [NoOrganisation]
    assert current_organisation() == alpha


@pytest.mark.parametrize("name", ["nobody", "public", "organisation_template", "pg_catalog", ""])
def test_a_name_that_is_no_organisations_cannot_be_entered(alpha, name):
    with pytest.raises(NoOrganisation), enter_organisation(name):
        pass
    with enter_organisation("alpha") as organisation:
        assert organisation == alpha


def test_a_cancelled_organisation_cannot_be_entered_by_jobs(alpha):
    set_state(alpha, Organisation.State.CANCELLED)
    with pytest.raises(OrganisationNotServed, match="not active"), enter_organisation("alpha"):
        pass


@pytest.mark.parametrize(
    ("name", "usable"),
    [
        ("alpha", True),
        ("a", True),
        ("a_1", True),
        ("a" * 30, True),
        ("a" * 31, False),
        ("1a", False),
        ("A", False),
        ("a-b", False),
        ('a"b', False),
        ("a\n", False),
        ("é", False),
        ("", False),
        ("pg_x", False),
        ("public", False),
        ("organisation_template", False),
        ("information_schema", False),
        ("organisations", False),
    ],
)
def test_what_may_be_the_schema_of_an_organisation(name, usable):
    assert is_organisation_schema(name) is usable
    if not usable:
        with pytest.raises(ValueError, match="not the schema"):
            role_name_for("database", name)


def test_a_role_name_always_fits_in_an_identifier_of_postgresql():
    assert len(role_name_for("d" * 32, "s" * 30)) == 63
    with pytest.raises(ValueError, match="shorter"):
        role_name_for("d" * 33, "s")
    assert schema_name_for("back-office") == "back_office"
