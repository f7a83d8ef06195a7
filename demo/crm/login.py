"""The login with which Privacy Desk works in a sample database: it may read, change and delete rows, nothing else.

Danger: this module creates a database role and takes rights away from everybody. The rule: it touches only the role it
was asked for and rights inside the one database named, and it refuses a role that already holds a dangerous attribute.
"""

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from demo.crm.back_office.schema import BACK_OFFICE
from demo.crm.offixpro.schema import OFFIXPRO

SAMPLE_SCHEMAS = (OFFIXPRO.schema, BACK_OFFICE.schema)
MIGHTY = ("rolsuper", "rolcreaterole", "rolcreatedb", "rolreplication", "rolbypassrls")


class UnsafeRole(Exception):
    """The role named for Privacy Desk may do more than a login for a sample database should."""


def create_crm_login(dsn_admin: str, database: str, role: str, password: str) -> None:
    """Create the role, or give an existing one this password, and grant it SELECT, UPDATE and DELETE on the sample.

    The role gets no INSERT, no TRUNCATE, no temporary tables and no DDL. Nobody else may connect to the database any
    more without being granted to. Calling it again changes nothing.

    Args:
        dsn_admin: connection string of a superuser or of the owner of the sample, to any database of the server.
        database: the database that holds a sample, built before.
        role: name of the login.
        password: its password in clear; it leaves this process only as a SCRAM verifier.

    Raises:
        ValueError: the role, the password or the sample is missing.
        UnsafeRole: the role exists and is a superuser, may create roles or databases, replicate, bypass row rules, or
            is a member of another role.
    """
    if not role or not password:
        raise ValueError("A login needs a role name and a password: give both.")
    with psycopg.connect(make_conninfo(dsn_admin, dbname=database)) as connection:
        schemas = _find_sample_schemas(connection)
        if not schemas:
            raise ValueError(f'The database "{database}" holds no sample yet: build the sample first, then the login.')
        _create_role(connection, role, password)
        _grant(connection, database, schemas, role)


def _find_sample_schemas(connection: psycopg.Connection) -> list[str]:
    rows = connection.execute(
        "SELECT nspname FROM pg_namespace WHERE nspname = ANY(%s) ORDER BY nspname", [list(SAMPLE_SCHEMAS)]
    ).fetchall()
    return [name for (name,) in rows]


def _create_role(connection: psycopg.Connection, role: str, password: str) -> None:
    # The verifier is made here, so that no statement log on the server ever sees the password.
    verifier = connection.pgconn.encrypt_password(password.encode(), role.encode(), b"scram-sha-256").decode()
    _refuse_memberships(connection, role)
    attributes = connection.execute(
        sql.SQL("SELECT {} FROM pg_roles WHERE rolname = %s").format(sql.SQL(", ").join(map(sql.Identifier, MIGHTY))),
        [role],
    ).fetchone()
    if attributes is None:
        connection.execute(sql.SQL("CREATE ROLE {} LOGIN NOINHERIT").format(sql.Identifier(role)))
    elif any(attributes):
        held = ", ".join(name for name, holds in zip(MIGHTY, attributes, strict=True) if holds)
        raise UnsafeRole(f'The role "{role}" exists with {held}: choose another name for the login of the sample.')
    connection.execute(
        sql.SQL("ALTER ROLE {} LOGIN PASSWORD {}").format(sql.Identifier(role), sql.Literal(verifier)),
    )


def _refuse_memberships(connection: psycopg.Connection, role: str) -> None:
    """Refuse a role that may act as another one: what that one may do would come on top of our grants."""
    groups = connection.execute(
        """SELECT g.rolname FROM pg_auth_members m
             JOIN pg_roles g ON g.oid = m.roleid JOIN pg_roles r ON r.oid = m.member
            WHERE r.rolname = %s ORDER BY 1""",
        [role],
    ).fetchall()
    if groups:
        names = ", ".join(name for (name,) in groups)
        raise UnsafeRole(f'The role "{role}" is a member of {names}: choose another name for the login of the sample.')


def _grant(connection: psycopg.Connection, database: str, schemas: list[str], role: str) -> None:
    names = {"database": sql.Identifier(database), "role": sql.Identifier(role)}
    connection.execute(sql.SQL("REVOKE CONNECT, TEMPORARY ON DATABASE {database} FROM PUBLIC").format(**names))
    connection.execute(sql.SQL("GRANT CONNECT ON DATABASE {database} TO {role}").format(**names))
    for schema in schemas:
        names["schema"] = sql.Identifier(schema)
        connection.execute(sql.SQL("GRANT USAGE ON SCHEMA {schema} TO {role}").format(**names))
        connection.execute(
            sql.SQL("GRANT SELECT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {schema} TO {role}").format(**names)
        )
