"""The portal's own tables as a source that the engine can work in: one organisation's schema, as its own role.

Danger: all organisations share one database, and the engine writes its own statements; a wrong entry of the data map
could name another organisation's table.
Rule: every transaction takes the organisation's role first, which PostgreSQL lets touch its own schema and no other.
Role and search path end with the transaction, so that nothing depends on which connection is used; where they cannot be
taken, nothing is done. Nobody types the address: it is the one of the portal's own connection.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, text
from sqlalchemy.engine import URL

from privacy.datamap.engine import source as engine_source
from privacy.datamap.engine.catalog import Catalog
from privacy.datamap.engine.dialects import postgresql_catalog
from privacy.datamap.engine.dialects.postgresql import PostgreSQL
from privacy.tenants.context import current_organisation
from privacy.tenants.db import connection as own_connection
from privacy.tenants.names import role_name_for

_ENTER = text("SELECT set_config('search_path', quote_ident(:schema), true), set_config('role', :role, true)")


class OwnSchema(PostgreSQL):
    """PostgreSQL as one organisation sees it: its schema is all there is."""

    def __init__(self, *, schema: str, role: str) -> None:
        self._schema = schema
        self._role = role

    @contextmanager
    def writing(self, connection: Connection, **limits: Any) -> Iterator[Any]:
        with super().writing(connection, **limits) as writing:
            self._enter(connection)
            yield writing

    def limit_reading(self, connection: Connection, *, statement_timeout_ms: int) -> None:
        """Asked at the beginning of every transaction that reads."""
        super().limit_reading(connection, statement_timeout_ms=statement_timeout_ms)
        self._enter(connection)

    def catalog(self, connection: Connection) -> Catalog:
        """Without what our own login may do: it is the portal's, and the engine never acts as it."""
        return postgresql_catalog.read(connection, version=self.version(connection), only_schema=self._schema)

    def _enter(self, connection: Connection) -> None:
        connection.execute(_ENTER, {"schema": self._schema, "role": self._role})


def open_own_schema(*, mask_key: bytes) -> engine_source.Source:
    """The schema of the organisation that this thread is in; no connection is made yet.

    Raises:
        NoOrganisation: it is in none.
    """
    schema = current_organisation().schema_name
    role = role_name_for(own_connection.settings_dict["NAME"], schema)
    return engine_source.open_source(_address(), mask_key=mask_key, dialect=OwnSchema(schema=schema, role=role))


def _address() -> URL:
    """The one that Django connects to, with its TLS parameters; a socket directory travels as a parameter."""
    where = own_connection.settings_dict
    host, port = str(where["HOST"]), str(where["PORT"])
    query = {name: str(value) for name, value in where["OPTIONS"].items() if name.startswith("ssl")}
    is_socket = host.startswith("/")
    return URL.create(
        "postgresql",
        username=where["USER"] or None,
        password=where["PASSWORD"] or None,
        host=None if is_socket else host or None,
        port=int(port) if port and not is_socket else None,
        database=where["NAME"],
        query=query | ({"host": host} | ({"port": port} if port else {}) if is_socket else {}),
    )
