"""Transactions of which MariaDB can say afterwards what became of them.

Danger: MariaDB forgets a transaction with its end; after a crash between its commit and our record nobody could tell
whether the rows were changed. Rule: a change has two phases (XA, the X/Open standard). The journal learns of it between
them, when the source has promised to keep it over any crash of ours or its own. Afterwards it is either still among
the prepared ones, and did nothing yet; or it is not, and was committed, for nothing else ends one that the journal
knows of: a worker that cannot commit it leaves it as it is, and before another rolls it back the journal takes it back.

Danger: a prepared transaction keeps its locks until somebody ends it. Rule: its id is chosen before it begins and
stands in the intent, so that whoever takes the run up finds it and rolls it back. Danger: the session of a worker that
is gone may still be at work in the server. Rule: it holds a named lock (GET_LOCK) that the server gives back when the
session ends, after its rollback; as long as it is held nothing is decided.

What a source's operator does by hand with our transactions (XA COMMIT, XA ROLLBACK) is theirs to know.
"""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from privacy.datamap.engine.dialects.base import Outcome

PREFIX = "privacy-desk-"
STILL_ATTACHED = 1397  # XAER_NOTA: its session has not quite ended

_LIMITS = text("SET SESSION max_statement_time = :seconds, innodb_lock_wait_timeout = :lock, lock_wait_timeout = :lock")
_READING_LIMIT = text("SET SESSION max_statement_time = :seconds")
_HOLD = text("SELECT GET_LOCK(:id, 0)")
_LET_GO = text("DO RELEASE_LOCK(:id)")
_IS_HELD = text("SELECT IS_USED_LOCK(:id) IS NOT NULL")
_BEGIN, _END = text("XA START :id"), text("XA END :id")
_PREPARE, _COMMIT, _ROLLBACK = text("XA PREPARE :id"), text("XA COMMIT :id"), text("XA ROLLBACK :id")
_PREPARED = text("XA RECOVER")
_ALONE, _TOGETHER = text("SET SESSION autocommit = 1"), text("SET SESSION autocommit = 0")  # XA wants no other beside


def new_id() -> str:
    return PREFIX + secrets.token_hex(12)


@dataclass
class Transaction:
    """See Writing."""

    connection: Connection
    id: str
    is_prepared: bool = False
    is_left: bool = False

    def prepare(self) -> None:
        self._say(_END)
        self._say(_PREPARE)
        self.is_prepared = True

    def leave(self) -> None:
        self.is_left = True

    def commit(self) -> None:
        if not self.is_prepared:
            self.prepare()
        self._say(_COMMIT)
        self._say(_LET_GO)

    def roll_back(self) -> None:
        """Never raises: a connection that does not obey is given up, and the server rolls back what it had begun.

        What was prepared, and perhaps told to the journal, stays so: whoever takes the run up must find it there.
        """
        if self.is_prepared and self.is_left:
            self.connection.invalidate()
            return
        try:
            if not self.is_prepared:
                with suppress(SQLAlchemyError):  # after a deadlock the transaction has ended already
                    self._say(_END)
            self._say(_ROLLBACK)
            self._say(_LET_GO)
        except SQLAlchemyError:
            self.connection.invalidate()

    def _say(self, statement: object) -> None:
        self.connection.execute(statement, {"id": self.id})  # type: ignore[call-overload]


@contextmanager
def writing(
    connection: Connection, *, transaction_id: str, lock_timeout_ms: int, statement_timeout_ms: int
) -> Iterator[Transaction]:
    """A transaction of two phases. MariaDB counts the patience for locks in whole seconds: they are rounded up."""
    seconds = max(1, -(-lock_timeout_ms // 1000))
    transaction = Transaction(connection, transaction_id)
    with connection.begin():
        connection.execute(_LIMITS, {"seconds": statement_timeout_ms / 1000, "lock": seconds})
        connection.execute(_HOLD, {"id": transaction_id}).all()
        connection.execute(_BEGIN, {"id": transaction_id})
        try:
            yield transaction
            transaction.commit()
        except BaseException:
            transaction.roll_back()
            raise


def limit_reading(connection: Connection, *, statement_timeout_ms: int) -> None:
    connection.execute(_READING_LIMIT, {"seconds": statement_timeout_ms / 1000})


def outcome(connection: Connection, transaction_id: str) -> Outcome:
    """What became of a transaction."""
    if not transaction_id.startswith(PREFIX):
        return Outcome.UNKNOWN
    if connection.execute(_IS_HELD, {"id": transaction_id}).scalar_one():
        return Outcome.IN_PROGRESS
    waiting = {_name(row.data) for row in connection.execute(_PREPARED)}
    return Outcome.WAITING if transaction_id in waiting else Outcome.COMMITTED


def roll_back_waiting(connection: Connection, transaction_id: str) -> bool:
    """End a transaction that waits for its second phase. False: its session has not quite ended; try again."""
    connection.execute(_ALONE)
    try:
        connection.execute(_ROLLBACK, {"id": transaction_id})
    except DBAPIError as error:
        if error.orig is not None and error.orig.args[0] == STILL_ATTACHED:
            return False
        raise
    finally:
        connection.execute(_TOGETHER)
    return True


def _name(data: object) -> str:
    return data.decode("ascii", "replace") if isinstance(data, bytes) else str(data)
