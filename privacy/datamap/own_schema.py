"""The portal's own tables as a source that the engine can work in: one organisation's schema, as its own role.

Danger: all organisations share one database, and the engine writes its own statements; a wrong entry of the data map
could name another organisation's table.
Rule: every transaction takes the organisation's role first, which PostgreSQL lets touch its own schema and no other.
Role and search path end with the transaction, so that nothing depends on which connection is used; where they cannot be
taken, nothing is done. Nobody types the address: it is the one of the portal's own connection.
"""

from sqlalchemy.engine import URL

from privacy.datamap.engine import source as engine_source
from privacy.datamap.engine.dialects.postgresql_schema import OneSchema
from privacy.tenants.context import current_organisation
from privacy.tenants.db import connection as own_connection
from privacy.tenants.names import role_name_for


def open_own_schema(*, mask_key: bytes) -> engine_source.Source:
    """The schema of the organisation that this thread is in; no connection is made yet.

    Raises:
        NoOrganisation: it is in none.
    """
    schema = current_organisation().schema_name
    role = role_name_for(own_connection.settings_dict["NAME"], schema)
    return engine_source.open_source(_address(), mask_key=mask_key, dialect=OneSchema(schema=schema, role=role))


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
