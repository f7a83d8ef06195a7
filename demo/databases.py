"""The sample CRM databases: made beside the portal's own, with a login that may do no more than it must."""

import secrets
from collections.abc import Callable
from urllib.parse import quote

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from config import embedded, env
from config.database_url import with_database
from demo.crm.build import build_back_office_crm, build_offixpro_crm
from demo.crm.login import create_crm_login

Builder = Callable[..., object]
BUILDERS: dict[str, Builder] = {"crm_offixpro": build_offixpro_crm, "crm_back_office": build_back_office_crm}


def build_database(name: str, *, progress: Callable[[str], None], build: Builder | None = None) -> None:
    """Make the sample database of this name and fill it, unless that was done before."""
    admin = administrator_url()
    with psycopg.connect(admin, autocommit=True) as connection:
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    (build or BUILDERS[name])(with_database(admin, name), progress=progress)


def drop_database(name: str) -> None:
    """Remove a sample database and its login."""
    with psycopg.connect(administrator_url(), autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
        connection.execute(sql.SQL("DROP ROLE IF EXISTS {}").format(sql.Identifier(_role(name))))


def login_address(name: str) -> str:
    """A fresh password for Privacy Desk's login to a sample database, and the address that uses it."""
    role, password = _role(name), secrets.token_urlsafe(18)
    admin = administrator_url()
    create_crm_login(admin, name, role, password)
    parts = {key: str(value) for key, value in conninfo_to_dict(admin).items() if value is not None}
    host, port = parts.get("host", "localhost"), parts.get("port", "5432")
    if host.startswith("/"):
        return f"postgresql://{role}:{password}@/{name}?host={quote(host, safe='')}&port={port}"
    return f"postgresql://{role}:{password}@{host}:{port}/{name}"


def administrator_url() -> str:
    """An address with the right to create databases: the embedded server's, or the portal's own where one is named."""
    return env.database_url() or embedded.superuser_url()


def _role(name: str) -> str:
    return f"desk_{name}"
