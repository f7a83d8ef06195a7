"""PostgreSQL as one role of it sees it, in one schema: the portal's own tables of one organisation (own_schema.py).

Danger: the login may do more than the role, and connections are used again. Rule: every transaction, reading or
writing, takes role and search path first; both end with it, and where they cannot be taken nothing is done.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, text

from privacy.datamap.engine.catalog import Catalog
from privacy.datamap.engine.dialects import postgresql_catalog
from privacy.datamap.engine.dialects.postgresql import PostgreSQL

_ENTER = text("SELECT set_config('search_path', quote_ident(:schema), true), set_config('role', :role, true)")


class OneSchema(PostgreSQL):
    """A schema that is all there is."""

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
        """Without what our own login may do: the engine never acts as it."""
        return postgresql_catalog.read(connection, version=self.version(connection), only_schema=self._schema)

    def _enter(self, connection: Connection) -> None:
        connection.execute(_ENTER, {"schema": self._schema, "role": self._role})
