"""Database backend: every cursor runs in exactly one organisation's schema, as that organisation's own role.

Danger: a statement that runs in the wrong schema reads or destroys another organisation's data, silently.
Rule: schema and role are set together, in one round trip, before every cursor; when that fails the error is raised
(django-tenants swallows it and the statement would run where the previous one ran). A query that escapes its schema
all the same is refused by PostgreSQL, because the role has no rights elsewhere.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django_tenants.postgresql_backend import base
from django_tenants.utils import quote_schema_name
from psycopg.pq import TransactionStatus

from privacy.tenants.names import PUBLIC_SCHEMA, TEMPLATE_SCHEMA, role_name_for


class DatabaseWrapper(base.DatabaseWrapper):
    """django-tenants' PostgreSQL backend that fails closed and changes the role with the schema."""

    _setting_search_path: bool

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._owner_depth = 0
        super().__init__(*args, **kwargs)

    @contextmanager
    def as_owner(self) -> Iterator[None]:
        """Act with the rights of the schema's owner: for provisioning, migrations and expiry of sealed batches."""
        self._owner_depth += 1
        try:
            yield
        finally:
            self._owner_depth -= 1

    def _handle_search_path(self, cursor: Any = None) -> None:
        if self._setting_search_path:
            return
        if self.connection.info.transaction_status == TransactionStatus.INERROR:
            self.search_path_set_schemas = None  # only ROLLBACK can follow, and it must get through
            return
        if not self.schema_name:
            raise ImproperlyConfigured("no schema is selected: enter an organisation before querying")
        paths = self._get_cursor_search_paths()
        self._setting_search_path = True
        self.search_path_set_schemas = None
        try:
            with self.wrap_database_errors, self.connection.cursor() as plain:
                plain.execute(f"SET search_path = {', '.join(map(quote_schema_name, paths))}; {self._role_statement()}")
            self.search_path_set_schemas = paths
        finally:
            self._setting_search_path = False

    def _role_statement(self) -> str:
        if self.schema_name in (PUBLIC_SCHEMA, TEMPLATE_SCHEMA) or self._owner_depth:
            return "RESET ROLE"
        role = role_name_for(self.settings_dict["NAME"], self.schema_name)
        return f"SET ROLE {quote_schema_name(role)}"
