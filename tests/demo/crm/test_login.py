from collections.abc import Iterator
from secrets import token_hex

import psycopg
import pytest
from psycopg import errors, sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from demo.crm.build import build_back_office_crm
from demo.crm.login import UnsafeRole, create_crm_login
from tests.demo.crm.helpers import one

PASSWORD = "a long 'quoted' passphrase"


@pytest.fixture
def role(admin_dsn: str) -> Iterator[str]:
    """A role name nobody has; the role goes at the end, with the database it has rights in gone before."""
    name = f"privacy_desk_{token_hex(4)}"
    yield name
    with psycopg.connect(admin_dsn, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP ROLE IF EXISTS {}").format(sql.Identifier(name)))


@pytest.fixture
def sample(role: str, empty_database: str) -> str:
    build_back_office_crm(empty_database, clients=50)
    return empty_database


def database_of(dsn: str) -> str:
    return str(conninfo_to_dict(dsn)["dbname"])


def log_in(dsn: str, role: str) -> psycopg.Connection:
    return psycopg.connect(make_conninfo(dsn, user=role, password=PASSWORD), autocommit=True)


def test_the_login_may_read_change_and_delete_rows(admin_dsn, role, sample):
    create_crm_login(admin_dsn, database_of(sample), role, PASSWORD)

    with log_in(sample, role) as connection:
        assert one(connection, "SELECT count(*) FROM office.client") == 50
        assert connection.execute("UPDATE office.client SET full_name = 'x' WHERE client_id = 1").rowcount == 1
        assert connection.execute("DELETE FROM office.call_note WHERE client_id = 1").rowcount == 4


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO office.mailing_list_member (list_name, email, consent_form, subscribed_on) "
        "VALUES ('x', 'x@example.com', 'oral', '2026-01-01')",
        "TRUNCATE office.call_note",
        "CREATE TABLE office.mine (id integer)",
        "CREATE TABLE public.mine (id integer)",
        "CREATE TEMPORARY TABLE mine (id integer)",
        "CREATE SCHEMA mine",
        "ALTER TABLE office.client ADD COLUMN mine integer",
        "DROP TABLE office.call_note",
        "CREATE INDEX ON office.client (city)",
        "CREATE ROLE mine",
    ],
)
def test_the_login_may_do_nothing_else(admin_dsn, role, sample, statement):
    create_crm_login(admin_dsn, database_of(sample), role, PASSWORD)

    with log_in(sample, role) as connection, pytest.raises(errors.InsufficientPrivilege):
        connection.execute(statement)
    with psycopg.connect(sample) as administrator:
        # Positive control: the statement itself is sound.
        administrator.execute(statement)
        administrator.rollback()


def test_a_role_without_a_grant_cannot_connect_to_the_database(admin_dsn, role, sample):
    create_crm_login(admin_dsn, database_of(sample), role, PASSWORD)
    stranger = f"stranger_{token_hex(4)}"
    with psycopg.connect(admin_dsn, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE ROLE {} LOGIN PASSWORD 'p'").format(sql.Identifier(stranger)))
        try:
            with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
                psycopg.connect(make_conninfo(sample, user=stranger, password="p"))
        finally:
            connection.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(stranger)))


def test_the_password_reaches_the_server_as_a_verifier_only(admin_dsn, role, sample):
    create_crm_login(admin_dsn, database_of(sample), role, PASSWORD)

    with psycopg.connect(admin_dsn) as connection:
        stored = one(connection, "SELECT rolpassword FROM pg_authid WHERE rolname = %s", role)
    assert stored.startswith("SCRAM-SHA-256$4096:")


def test_making_the_login_again_changes_only_the_password(admin_dsn, role, sample):
    create_crm_login(admin_dsn, database_of(sample), role, "first")
    create_crm_login(admin_dsn, database_of(sample), role, PASSWORD)

    with log_in(sample, role) as connection:
        assert one(connection, "SELECT count(*) FROM office.client") == 50


def test_a_mighty_role_is_refused_and_keeps_its_password(admin_dsn, role, sample):
    with psycopg.connect(admin_dsn, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE ROLE {} CREATEDB LOGIN").format(sql.Identifier(role)))

        with pytest.raises(UnsafeRole, match="rolcreatedb: choose another name"):
            create_crm_login(admin_dsn, database_of(sample), role, PASSWORD)

        assert one(connection, "SELECT rolpassword FROM pg_authid WHERE rolname = %s", role) is None


def test_a_role_that_may_act_as_another_is_refused(admin_dsn, role, sample):
    with psycopg.connect(admin_dsn, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE ROLE {} LOGIN IN ROLE pg_read_all_data").format(sql.Identifier(role)))

    with pytest.raises(UnsafeRole, match="member of pg_read_all_data: choose another name"):
        create_crm_login(admin_dsn, database_of(sample), role, PASSWORD)


def test_a_database_without_a_sample_is_refused_before_a_role_is_made(admin_dsn, role, empty_database):
    with pytest.raises(ValueError, match="build the sample first"):
        create_crm_login(admin_dsn, database_of(empty_database), role, PASSWORD)

    with psycopg.connect(admin_dsn) as connection:
        assert one(connection, "SELECT count(*) FROM pg_roles WHERE rolname = %s", role) == 0


def test_an_empty_password_is_refused(admin_dsn, role, sample):
    with pytest.raises(ValueError, match="give both"):
        create_crm_login(admin_dsn, database_of(sample), role, "")
