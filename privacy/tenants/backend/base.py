"""Database backend: every cursor runs in exactly one organisation's schema, as that organisation's own role.

Danger: a statement that runs in the wrong schema reads or destroys another organisation's data, silently.
Rule: before every cursor schema and role stand, set together in one round trip; when that fails the error is raised
(django-tenants swallows it and the statement would run where the previous one ran). What stands already is not set
again, and PostgreSQL takes a SET back with the transaction it was made in: so one that was made in a transaction is
trusted only until that transaction ends in any way, or rolls back to a savepoint. A query that escapes its schema all
the same is refused by PostgreSQL, because the role has no rights elsewhere.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.db import Error
from django_tenants.postgresql_backend import base
from django_tenants.utils import quote_schema_name
from psycopg.pq import TransactionStatus

from privacy.tenants.names import PUBLIC_SCHEMA, TEMPLATE_SCHEMA, role_name_for


@dataclass(frozen=True, slots=True)
class _Standing:
    """What was set last on this connection, and whether a transaction can take it back."""

    statement: str
    in_transaction: bool


class DatabaseWrapper(base.DatabaseWrapper):
    """django-tenants' PostgreSQL backend that fails closed and changes the role with the schema."""

    _setting_search_path: bool

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._owner_depth = 0
        self._stands: _Standing | None = None
        super().__init__(*args, **kwargs)

    @contextmanager
    def as_owner(self) -> Iterator[None]:
        """Act with the rights of the schema's owner: for provisioning, migrations and expiry of sealed batches."""
        self._owner_depth += 1
        try:
            yield
        finally:
            self._owner_depth -= 1

    def connect(self) -> None:
        self._stands = None
        super().connect()

    def is_usable(self) -> bool:
        """Whether the connection lives: asked at the first statement of a call, by setting what has to stand then."""
        if self.connection is None or not self.schema_name:
            return super().is_usable()
        try:
            self._set(self._statement())
        except Error:
            return False
        return True

    def commit(self) -> None:
        self._transaction_ends()  # PostgreSQL answers COMMIT of a broken transaction with ROLLBACK
        super().commit()

    def rollback(self) -> None:
        self._transaction_ends()
        super().rollback()

    def savepoint_rollback(self, sid: str) -> None:
        try:
            super().savepoint_rollback(sid)
        finally:
            self._transaction_ends()  # a cursor carried it out: what was set for that one is gone with the savepoint

    def _transaction_ends(self) -> None:
        if self._stands is not None and self._stands.in_transaction:
            self._stands = None

    def _handle_search_path(self, cursor: Any = None) -> None:
        if self._setting_search_path:
            return
        status = self.connection.info.transaction_status
        if status == TransactionStatus.INERROR:
            self._stands = None  # only ROLLBACK can follow, and it must get through
            return
        if status == TransactionStatus.IDLE:
            self._transaction_ends()  # whoever ended it
        if not self.schema_name:
            raise ImproperlyConfigured("no schema is selected: enter an organisation before querying")
        statement = self._statement()
        if self._stands is None or self._stands.statement != statement:
            self._set(statement)

    def _statement(self) -> str:
        paths = ", ".join(map(quote_schema_name, self._get_cursor_search_paths()))
        return f"SET search_path = {paths}; {self._role_statement()}"

    def _set(self, statement: str) -> None:
        self._setting_search_path = True
        self._stands = None
        try:
            with self.wrap_database_errors, self.connection.cursor() as plain:
                plain.execute(statement)
            status = self.connection.info.transaction_status  # after it: it may have begun the transaction itself
            self._stands = _Standing(statement, in_transaction=status != TransactionStatus.IDLE)
        finally:
            self._setting_search_path = False

    def _role_statement(self) -> str:
        if self.schema_name in (PUBLIC_SCHEMA, TEMPLATE_SCHEMA) or self._owner_depth:
            return "RESET ROLE"
        role = role_name_for(self.settings_dict["NAME"], self.schema_name)
        return f"SET ROLE {quote_schema_name(role)}"
