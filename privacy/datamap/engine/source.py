"""One database that holds personal data: how to reach it, and how its errors are put into words.

Danger: row values in an exception, a log or a trace. Rule: no driver error passes SourceConnection; parameters are
hidden from SQLAlchemy's messages; the translated error is raised without its cause.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Self

from sqlalchemy import Connection, CursorResult, Engine, Select, create_engine
from sqlalchemy.engine import URL, Row, make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from sqlalchemy.pool import QueuePool
from sqlalchemy.sql.expression import Executable

from privacy.datamap.engine.ahead import read_ahead
from privacy.datamap.engine.catalog import Catalog
from privacy.datamap.engine.dialects.base import READ_LIMIT_MS, Dialect, Outcome, Writing
from privacy.datamap.engine.dialects.mariadb import MariaDB
from privacy.datamap.engine.dialects.postgresql import PostgreSQL
from privacy.datamap.engine.dialects.sqlite import SQLite
from privacy.datamap.engine.errors import InvalidSpec, UnsupportedSource
from privacy.datamap.engine.mask_key import MaskKey
from privacy.datamap.engine.scoped import side_by_side
from privacy.datamap.engine.spec import Column
from privacy.datamap.engine.statement_store import Given

DIALECTS: dict[str, type[Dialect]] = {
    "postgresql": PostgreSQL,
    "postgres": PostgreSQL,
    "mysql": MariaDB,
    "mariadb": MariaDB,
    "sqlite": SQLite,
}
POOL = 3  # one connection that reads, one or two that write; kept until close()


class SourceConnection:
    """A connection whose errors are ours."""

    def __init__(self, connection: Connection, dialect: Dialect) -> None:
        self._connection = connection
        self._dialect = dialect

    @contextmanager
    def transaction(
        self, *, lock_timeout_ms: int, statement_timeout_ms: int, transaction_id: str = ""
    ) -> Iterator[Writing]:
        """A writing transaction, known to the source by an id. Commits at the end, rolls back on any exception.

        transaction_id: as new_transaction_id answered; one is chosen when it is empty.
        """
        with (
            self._in_words("writing"),
            self._dialect.writing(
                self._connection,
                transaction_id=transaction_id or self._dialect.new_transaction_id(),
                lock_timeout_ms=lock_timeout_ms,
                statement_timeout_ms=statement_timeout_ms,
            ) as writing,
        ):
            yield writing

    def new_transaction_id(self) -> str:
        """See Dialect."""
        return self._dialect.new_transaction_id()

    def change(self, statement: Executable | Given) -> int:
        """Run an UPDATE or DELETE inside transaction(); answers the exact number of rows."""
        with self._in_words("writing"):
            return int(self._carry_out(statement).rowcount)

    def lock(self, statement: Executable) -> Sequence[Row[Any]]:
        """Run a SELECT that locks what it answers, inside transaction()."""
        with self._in_words("writing"):
            return self._connection.execute(statement).all()

    def rows(self, statement: Executable) -> Sequence[Row[Any]]:
        """Read everything. For small answers only."""
        with self._reading():
            return self._connection.execute(statement).all()

    def number(self, statement: Executable) -> int:
        """Read one count. An unknown count is an error, never zero."""
        with self._reading():
            return int(self._connection.execute(statement).scalar_one())

    def numbers(self, statements: Sequence[Select[tuple[int]]] | Given) -> tuple[int, ...]:
        """Read several counts at one moment, in one statement. An unknown count is an error, never zero."""
        with self._reading():
            statement = statements if isinstance(statements, Given) else side_by_side(statements)
            return tuple(int(each) for each in self._carry_out(statement).one())

    def stream(self, statement: Executable, *, batch: int) -> Iterator[Sequence[Row[Any]]]:
        """Read in batches through a cursor of the server: memory does not grow with the number of rows.

        The connection is in use until the iterator is at its end or closed.
        """
        with self._reading():
            options = {"stream_results": True, "yield_per": batch}
            with self._connection.execute(statement, execution_options=options) as result:
                yield from read_ahead(result.partitions())

    def outcome(self, transaction_id: str) -> Outcome:
        """What became of an earlier transaction."""
        with self._reading():
            return self._dialect.transaction_outcome(self._connection, transaction_id)

    def roll_back_waiting(self, transaction_id: str) -> bool:
        """Roll back an earlier transaction that waits. False: its session has not quite ended; try again."""
        with self._reading():
            return self._dialect.roll_back_waiting(self._connection, transaction_id)

    def fits(self, value: Any, column: Column) -> bool:
        """Whether the column would store this value unchanged."""
        with self._reading():
            return self._dialect.fits(self._connection, value, column)

    def comparable(self, value: Any, column: Column) -> bool:
        """Whether the value is one of the column's type, so that rows can be compared with it."""
        with self._reading():
            return self._dialect.comparable(self._connection, value, column)

    def catalog(self) -> Catalog:
        with self._reading():
            return self._dialect.catalog(self._connection)

    def version(self) -> str:
        with self._reading():
            return self._dialect.version(self._connection)

    def _carry_out(self, statement: Executable | Given) -> CursorResult[Any]:
        if isinstance(statement, Given):
            return self._connection.exec_driver_sql(statement.text, dict(statement.parameters))
        return self._connection.execute(statement)

    @contextmanager
    def _reading(self) -> Iterator[None]:
        with self._in_words("reading"), self._connection.begin():
            self._dialect.limit_reading(self._connection, statement_timeout_ms=READ_LIMIT_MS)
            yield

    @contextmanager
    def _in_words(self, doing: str) -> Iterator[None]:
        try:
            yield
        except SQLAlchemyError as error:
            raise self._dialect.words_for(error, doing=doing) from None


@dataclass(frozen=True)
class Source:
    """A source that can be connected to. Connects when first asked, keeps a few connections until close().

    Also a context manager that closes at its end. Not to be carried across a fork.
    """

    engine: Engine
    dialect: Dialect
    mask_key: MaskKey

    def close(self) -> None:
        """Give up the connections."""
        self.engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextmanager
    def connect(self) -> Iterator[SourceConnection]:
        """Raises SourceUnreachable or SourceRefused when the source does not let us in."""
        try:
            connection = self.engine.connect()
        except SQLAlchemyError as error:
            raise self.dialect.words_for(error, doing="connecting") from None
        try:
            yield SourceConnection(connection, self.dialect)
        finally:
            connection.close()


def open_source(
    url: str | URL, *, mask_key: bytes, connect_timeout_seconds: int = 10, dialect: Dialect | None = None
) -> Source:
    """Describe a source.

    url: postgresql://user:password@host:port/database, the same with mysql://, or sqlite:/// and a whole path.
    mask_key: at least 32 secret bytes behind the keyed masks. dialect: when it is not simply the product's. Raises
    InvalidSpec for an address that cannot be read (it is not repeated: it may hold a password), and UnsupportedSource
    for another product.
    """
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise InvalidSpec("The address of the source cannot be read; write product://user:password@host/db.") from None
    product = parsed.get_backend_name()
    if product not in DIALECTS:
        raise UnsupportedSource(f"Sources of the kind {product!r} are not supported; known: {', '.join(DIALECTS)}.")
    dialect = dialect or DIALECTS[product]()
    options = dialect.engine_options(parsed, connect_timeout_seconds=connect_timeout_seconds)
    engine = create_engine(
        dialect.url(parsed), poolclass=QueuePool, pool_size=POOL, max_overflow=-1, hide_parameters=True, **options
    )
    return Source(engine=engine, dialect=dialect, mask_key=MaskKey(mask_key))
