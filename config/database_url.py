"""From one address of a PostgreSQL server to the forms that Django and SQLAlchemy want."""

from typing import Any
from urllib.parse import quote, urlencode

import psycopg
from psycopg.conninfo import conninfo_to_dict

_DJANGO_NAMES = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}


def for_django(url: str) -> dict[str, Any]:
    """Entries for settings.DATABASES, without ENGINE: read by libpq's own rules, so that everything libpq knows works.

    What Django has no name for (sslmode, application_name ...) goes to OPTIONS.
    Raises ValueError, which never repeats the address (it may hold a password), when libpq cannot read it.
    """
    parts = _parts(url)
    options = {name: value for name, value in parts.items() if name not in _DJANGO_NAMES}
    return {django: str(parts.get(libpq, "")) for libpq, django in _DJANGO_NAMES.items()} | {"OPTIONS": options}


def for_sqlalchemy(url: str) -> str:
    """The same server for SQLAlchemy with psycopg 3. Everything travels as libpq parameters, sockets included.

    Raises ValueError as for_django() does.
    """
    return f"postgresql+psycopg://?{_encode(_parts(url))}"


def with_database(url: str, name: str) -> str:
    """The same server and login, another database."""
    parts = {**_parts(url), "dbname": name}
    return f"postgresql://?{_encode(parts)}"


def _parts(url: str) -> dict[str, Any]:
    try:
        parts = {name: value for name, value in conninfo_to_dict(url).items() if value is not None}
    except psycopg.ProgrammingError:
        raise ValueError("not a PostgreSQL address; it reads like postgresql://user:password@host:5432/name") from None
    if "dbname" not in parts:
        raise ValueError("the PostgreSQL address names no database; it reads like postgresql://user@host:5432/name")
    return parts


def _encode(parts: dict[str, Any]) -> str:
    """As libpq reads it: a space is %20, never a plus sign."""
    return urlencode(parts, quote_via=quote, safe="")
