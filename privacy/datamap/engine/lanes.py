"""A connection that writes while the caller's thread does something else.

Danger: a journal over Django belongs to the thread, and the organisation, of its caller. Rule: a lane's thread talks to
the source only; journal and world are asked by the caller's own thread, between the change and its commit as well.
"""

import time
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass

from privacy.datamap.engine.dialects.base import Writing
from privacy.datamap.engine.pace import Limits
from privacy.datamap.engine.source import Source, SourceConnection
from privacy.datamap.engine.statements import Change


@dataclass(frozen=True)
class Changed:
    """What a statement did, in a transaction that is still open. seconds: how long the source took."""

    rows: int
    transaction_id: str
    seconds: float


class _Abandoned(Exception):
    """Leaves a transaction by its rollback."""


class Lane:
    """One transaction at a time in a source: start, then commit or abandon. Connects when first used."""

    def __init__(self, source: Source, limits: Limits) -> None:
        self._source = source
        self._limits = limits
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="privacy-desk-lane")
        self._connection = ExitStack()
        self._transaction: ExitStack | None = None
        self._writing: Writing | None = None
        self._connected: SourceConnection | None = None

    def start(self, change: Change, transaction_id: str) -> Future[Changed]:
        """Begin a transaction and change rows in it. A failure has rolled back by the time it is reported.

        transaction_id: as the intent names it; empty where the source chooses.
        """
        return self._thread.submit(self._change, change, transaction_id)

    def commit(self) -> Future[None]:
        """Commit what start began."""
        return self._thread.submit(self._commit)

    def abandon(self) -> None:
        """Roll back what start began, if anything. Returns when the source knows."""
        self._thread.submit(self._roll_back).result()

    def leave(self) -> None:
        """Give up what start began and the journal may have been told of; what becomes of it can be found out later."""
        self._thread.submit(self._leave).result()

    def close(self) -> None:
        """Roll back and disconnect."""
        if self._connected is None:
            self._thread.shutdown()
            return
        try:
            self.abandon()
        finally:
            self._thread.submit(self._connection.close).result()
            self._thread.shutdown()

    def _change(self, change: Change, transaction_id: str) -> Changed:
        if self._connected is None:
            self._connected = self._connection.enter_context(self._source.connect())
        started = time.perf_counter()
        self._transaction = ExitStack()
        with self._transaction as transaction:
            self._writing = writing = transaction.enter_context(
                self._connected.transaction(
                    transaction_id=transaction_id,
                    lock_timeout_ms=self._limits.lock_timeout_ms,
                    statement_timeout_ms=self._limits.statement_timeout_ms,
                )
            )
            rows = change.carry_out(self._connected)
            writing.prepare()
            self._transaction = transaction.pop_all()
        return Changed(rows, writing.id, time.perf_counter() - started)

    def _commit(self) -> None:
        open_transaction, self._transaction = self._transaction, None
        assert open_transaction is not None, "commit follows start"
        open_transaction.close()

    def _leave(self) -> None:
        if self._writing is not None:
            self._writing.leave()
        self._roll_back()

    def _roll_back(self) -> None:
        open_transaction, self._transaction = self._transaction, None
        if open_transaction is None:
            return
        try:
            with open_transaction:
                raise _Abandoned
        except _Abandoned:
            pass
