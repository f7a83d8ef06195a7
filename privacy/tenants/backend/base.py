"""Database backend: every cursor runs in exactly one organisation's schema, as that organisation's own role.

Danger: a statement that runs in the wrong schema reads or destroys another organisation's data, silently.
Rule: before every cursor schema and role stand, set together in one round trip; when that fails the error is raised
(django-tenants swallows it and the statement would run where the previous one ran). What stands already is not set
again, and PostgreSQL takes a SET back with the transaction it was made in: so one that was made in a transaction is
trusted only until that transaction ends in any way, or rolls back to a savepoint. A query that escapes its schema all
the same is refused by PostgreSQL, because the role has no rights elsewhere.

`at_once` sends several statements in one round trip, and in front of them whatever else would have been one of its own.
Each is prepared once for a connection and an organisation: planning it takes the server several times as long as
carrying it out. If one were used elsewhere, PostgreSQL would parse it anew for the search_path that stands, and ask for
the rights of the role that stands.
"""

import itertools
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.db import Error
from django_tenants.postgresql_backend import base
from django_tenants.utils import quote_schema_name
from psycopg.pq import ExecStatus, TransactionStatus

from privacy.tenants.names import PUBLIC_SCHEMA, TEMPLATE_SCHEMA, role_name_for

Sent = tuple[str, Sequence[Any]]
"""A statement that the code holds as a constant, with the values of its placeholders."""

_numbers = itertools.count(1)
_MOST_KEPT = 200  # a dozen for each organisation, half a megabyte of the server's memory; then all are forgotten


@dataclass(frozen=True, slots=True)
class _Standing:
    """What was set last on this connection, and whether a transaction can take it back."""

    statement: str
    in_transaction: bool


class DatabaseWrapper(base.DatabaseWrapper):
    """django-tenants' PostgreSQL backend that fails closed and changes the role with the schema."""

    _setting_search_path: bool
    health_check_done: bool

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._owner_depth = 0
        self._stands: _Standing | None = None
        self._defers_setting = False
        self._kept: dict[tuple[str, str], str] = {}
        self._kept_is_doubtful = False
        self._statements: dict[tuple[str, bool, bool], str] = {}  # a few hundred bytes for each organisation
        super().__init__(*args, **kwargs)

    @contextmanager
    def as_owner(self) -> Iterator[None]:
        """Act with the rights of the schema's owner: for provisioning, migrations and expiry of sealed batches."""
        self._owner_depth += 1
        try:
            yield
        finally:
            self._owner_depth -= 1

    def at_once(self, *statements: Sent) -> list[list[tuple[Any, ...]]]:
        """Carry out several statements in one round trip. BEGIN, schema and role go along in front of them.

        In a transaction each sees what others committed before it began, as if it had been sent by itself: one that
        locks goes in front of those that read under its lock. Outside of one they are for questions only: where the
        connection turns out to have ended before this call, they are asked again on a new one.

        Returns:
            The rows of each statement that returns rows.
        """
        tells_health = self._leave_health_to_what_comes()
        try:
            return self._at_once(statements)
        except Error:
            if not tells_health or self.connection is None or not self.connection.closed:
                raise
        self.close()
        return self._at_once(statements)

    def _at_once(self, statements: Sequence[Sent]) -> list[list[tuple[Any, ...]]]:
        with self._cursor_that_sets_nothing() as cursor:
            begins = not self.autocommit and self.connection.info.transaction_status == TransactionStatus.IDLE
            standing = self._missing()
            place = standing or (self._stands.statement if self._stands else "")
            forgets = self._kept_is_doubtful or len(self._kept) >= _MOST_KEPT
            kept = {} if forgets else self._kept
            new = {(place, sql): f"kept_{next(_numbers)}" for sql, _values in statements if (place, sql) not in kept}
            kept = kept | new
            text = [
                *(["BEGIN"] if begins else []),
                *([standing] if standing else []),
                *(["DEALLOCATE ALL"] if forgets else []),
                *(f"PREPARE {name} AS {_numbered(sql)}" for (_place, sql), name in new.items()),
                *(f"EXECUTE {kept[place, sql]}{_placeholders(len(values))}" for sql, values in statements),
            ]
            if standing:
                self._stands = None
            if begins:
                self.connection.autocommit = True  # else psycopg sends a BEGIN of its own and waits for it
            try:
                cursor.execute("; ".join(text), [value for _sql, values in statements for value in values])
            except BaseException:
                self._kept_is_doubtful = True  # nobody knows what of it was prepared, or a table is not what it was
                raise
            finally:
                status = self.connection.info.transaction_status
                if begins:
                    # psycopg offers no way in a transaction; left on, cursors would outlive it, and after it nothing
                    # would begin another
                    self.connection._autocommit = False
            self._kept, self._kept_is_doubtful = kept, False
            if standing:
                self._stands = _Standing(standing, in_transaction=status != TransactionStatus.IDLE)
            with self.wrap_database_errors:
                return list(_rows_of_each(cursor.cursor))

    def _leave_health_to_what_comes(self) -> bool:
        """Whether it was still to be asked if the connection lives: what is sent next tells."""
        if self.connection is None or self.in_atomic_block or not self.health_check_enabled or self.health_check_done:
            return False
        self._stands = None
        self.health_check_done = True
        return True

    def _cursor_that_sets_nothing(self) -> Any:
        """A cursor for what brings along itself what is `_missing`."""
        self.ensure_connection()  # in here, others may use cursors
        self._defers_setting = True
        try:
            return self.cursor()
        finally:
            self._defers_setting = False

    def connect(self) -> None:
        self._stands, self._kept, self._kept_is_doubtful = None, {}, False
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
        if not self._setting_search_path and not self._defers_setting and (statement := self._missing()):
            self._set(statement)

    def _missing(self) -> str:
        """What has to be said before the next statement so that it runs where it belongs; empty when all stands."""
        status = self.connection.info.transaction_status
        if status == TransactionStatus.INERROR:
            self._stands = None  # only ROLLBACK can follow, and it must get through
            return ""
        if status == TransactionStatus.IDLE:
            self._transaction_ends()  # whoever ended it
        if not self.schema_name:
            raise ImproperlyConfigured("no schema is selected: enter an organisation before querying")
        statement = self._statement()
        return "" if self._stands is not None and self._stands.statement == statement else statement

    def _statement(self) -> str:
        place = self.schema_name, self.include_public_schema, self._owner_depth > 0
        found = self._statements.get(place)
        if found is None:
            paths = ", ".join(map(quote_schema_name, self._get_cursor_search_paths()))
            found = self._statements[place] = f"SET search_path = {paths}; {self._role_statement()}"
        return found

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


@lru_cache(maxsize=64)
def _numbered(sql: str) -> str:
    """A statement with its placeholders as PREPARE has them."""
    first, *others = sql.split("%s")
    return first + "".join(f"${number}{text}" for number, text in enumerate(others, start=1))


def _placeholders(number: int) -> str:
    return f"({', '.join(['%s'] * number)})" if number else ""


def _rows_of_each(cursor: Any) -> Iterator[list[tuple[Any, ...]]]:
    """The rows of each statement that returns some; SET and BEGIN return none.

    Args:
        cursor: psycopg's; what Django would ask it for, a description of each column, costs more than the rows.
    """
    while True:
        if cursor.pgresult.status == ExecStatus.TUPLES_OK:
            yield cursor.fetchall()
        if not cursor.nextset():
            return
