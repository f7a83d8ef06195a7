"""Transactions of which an SQLite file can say afterwards what became of them.

Danger: SQLite keeps nothing about a transaction that is over and has no second phase; after a crash between its commit
and our record nobody could tell whether the rows were changed. To infer it from what is left in the window is exact
only as long as nobody else writes there, and a file has other writers. Two files written together (ATTACH) are not
committed together in WAL mode. Rule: a change writes its own id into a small table of the same file, in the same
transaction: it is there if, and only if, the change is. The table (privacy_desk_transaction) holds ids and times and
nothing of any row; it comes with the first change, never by looking; an id is removed after KEEP_DAYS.

Danger: a writer who was taken for dead may still be at work. Rule: SQLite has one writer at a time, so the id is only
called missing while we hold the writer's lock ourselves.

Danger: an id that was removed, or a clock that is wrong, would make a committed change look undone. Rule: the id says
when it was made; beyond TRUSTED_DAYS, half of KEEP_DAYS, the outcome is unknown and is found otherwise.
"""

import secrets
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from privacy.datamap.engine.dialects.base import Outcome

MEMORY = "privacy_desk_transaction"
PREFIX = "privacy-desk-"
KEEP_DAYS, TRUSTED_DAYS = 60, 30
DAY_SECONDS = 86_400
READ_PATIENCE_MS = 10_000  # a reader waits this long for a writer that is just writing its pages
STEPS_BETWEEN_LOOKS = 2_000  # of SQLite's virtual machine: some tenths of a millisecond

_VERSION = text("PRAGMA main.user_version")
_BEGIN, _COMMIT, _ROLLBACK = text("BEGIN IMMEDIATE"), text("COMMIT"), text("ROLLBACK")
_MAKE_MEMORY = text(
    f"CREATE TABLE IF NOT EXISTS main.{MEMORY} (id TEXT PRIMARY KEY, written_at INTEGER NOT NULL) WITHOUT ROWID"
)
_FORGET = text(f"DELETE FROM main.{MEMORY} WHERE written_at < :before")
_REMEMBER = text(f"INSERT INTO main.{MEMORY} VALUES (:id, :now)")
_HAS_MEMORY = text("SELECT 1 FROM main.sqlite_master WHERE type = 'table' AND name = :name")
_IS_REMEMBERED = text(f"SELECT 1 FROM main.{MEMORY} WHERE id = :id")


def new_id() -> str:
    return f"{PREFIX}{int(time.time()):x}-{secrets.token_hex(8)}"


@dataclass
class Transaction:
    """See Writing."""

    connection: Connection
    id: str

    def prepare(self) -> None:
        """The last statements: from here on nothing is left but the commit."""
        _limit(self.connection, None)
        now = int(time.time())
        self.connection.execute(_MAKE_MEMORY)
        self.connection.execute(_FORGET, {"before": now - KEEP_DAYS * DAY_SECONDS})
        self.connection.execute(_REMEMBER, {"id": self.id, "now": now})

    def leave(self) -> None:
        """Nothing: without its commit the change and its id are both not there."""

    def roll_back(self) -> None:
        """Never raises: a connection that does not obey is given up, and its file rolls back what it had begun."""
        try:
            if _driver(self.connection).in_transaction:  # after an interruption or a full disk it has ended already
                self.connection.execute(_ROLLBACK)
        except SQLAlchemyError:
            self.connection.invalidate()


@contextmanager
def writing(
    connection: Connection, *, transaction_id: str, lock_timeout_ms: int, statement_timeout_ms: int
) -> Iterator[Transaction]:
    """A transaction that is the file's only writer from its first line on. The time limit counts from then."""
    transaction = Transaction(connection, transaction_id)
    with connection.begin():
        _say(connection, f"PRAGMA query_only = OFF; PRAGMA busy_timeout = {int(lock_timeout_ms)}")
        _limit(connection, None)
        connection.execute(_BEGIN)
        try:
            end = time.monotonic() + statement_timeout_ms / 1000
            _limit(connection, lambda: time.monotonic() > end)
            yield transaction
            _limit(connection, None)
            connection.execute(_COMMIT)
        except BaseException:
            _limit(connection, None)
            transaction.roll_back()
            raise


def limit_reading(connection: Connection, *, statement_timeout_ms: int) -> None:
    """From now on this connection cannot write. Our own time counts, not that of whoever takes the rows."""
    _say(connection, f"PRAGMA query_only = ON; PRAGMA busy_timeout = {READ_PATIENCE_MS}")
    end = time.thread_time() + statement_timeout_ms / 1000
    _limit(connection, lambda: time.thread_time() > end)


def outcome(connection: Connection, transaction_id: str) -> Outcome:
    """What became of a transaction."""
    made_at = _made_at(transaction_id)
    if made_at is None:
        return Outcome.UNKNOWN
    if _is_remembered(connection, transaction_id):
        return Outcome.COMMITTED
    if time.time() - made_at > TRUSTED_DAYS * DAY_SECONDS:
        return Outcome.UNKNOWN
    try:
        with _alone(connection):
            return Outcome.COMMITTED if _is_remembered(connection, transaction_id) else Outcome.ABORTED
    except DBAPIError as error:
        if _code(error).startswith("SQLITE_BUSY"):
            return Outcome.IN_PROGRESS
        raise


def may_write(connection: Connection) -> bool:
    """Whether the file would take a change: tried, and taken back. Somebody else who is writing says that it would."""
    try:
        with _alone(connection):
            return True
    except DBAPIError as error:
        if _code(error).startswith(("SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_PERM")):
            return False
        if _code(error).startswith("SQLITE_BUSY"):
            return True
        raise


@contextmanager
def _alone(connection: Connection) -> Iterator[None]:
    """Hold the writer's lock and leave the file as it is.

    BEGIN IMMEDIATE by itself only reads where a file cannot be written, so a change is made, and rolled back.
    """
    _say(connection, "PRAGMA query_only = OFF; PRAGMA busy_timeout = 0")
    connection.execute(_BEGIN)
    try:
        version = int(connection.execute(_VERSION).scalar_one())
        connection.execute(text(f"PRAGMA main.user_version = {version}"))
        yield
    finally:
        if _driver(connection).in_transaction:
            connection.execute(_ROLLBACK)


def _is_remembered(connection: Connection, transaction_id: str) -> bool:
    if connection.execute(_HAS_MEMORY, {"name": MEMORY}).first() is None:
        return False
    return connection.execute(_IS_REMEMBERED, {"id": transaction_id}).first() is not None


def _made_at(transaction_id: str) -> int | None:
    """Seconds since 1970; None for an id that is not ours."""
    if not transaction_id.startswith(PREFIX):
        return None
    try:
        return int(transaction_id.removeprefix(PREFIX).partition("-")[0], 16)
    except ValueError:
        return None


def _code(error: DBAPIError) -> str:
    return str(getattr(error.orig, "sqlite_errorname", ""))


def _driver(connection: Connection) -> sqlite3.Connection:
    driver = connection.connection.driver_connection
    assert isinstance(driver, sqlite3.Connection)
    return driver


def _say(connection: Connection, pragmas: str) -> None:
    for pragma in pragmas.split("; "):
        _driver(connection).execute(pragma)


def _limit(connection: Connection, is_over: Callable[[], bool] | None) -> None:
    """SQLite has no time limit; it asks us every few steps whether to go on."""
    _driver(connection).set_progress_handler(is_over, STEPS_BETWEEN_LOOKS)
