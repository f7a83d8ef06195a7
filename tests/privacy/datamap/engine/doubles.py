"""The outside of the engine for tests: a journal that survives its process, a world that can be told what to say."""

import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from privacy.datamap.engine.errors import LeaseLost
from privacy.datamap.engine.journal import Chunk, ChunkState, Permission, StepRecord
from privacy.datamap.engine.plan import Step
from privacy.datamap.engine.values import from_data, to_data

ALLOWED = Permission(proceed=True)


class FileJournal:
    """A run's record in an SQLite file: it survives kill -9. owner: whose lease this object believes in."""

    def __init__(self, path: Path | str, *, owner: str = "first") -> None:
        self._db = sqlite3.connect(path, isolation_level=None)
        self._db.execute("PRAGMA journal_mode = WAL")  # with synchronous = FULL, the default, one write to disk each
        self._db.execute("CREATE TABLE IF NOT EXISTS chunk (step, sequence, data, PRIMARY KEY (step, sequence))")
        self._db.execute("CREATE TABLE IF NOT EXISTS closed (step PRIMARY KEY, round)")
        self._db.execute("CREATE TABLE IF NOT EXISTS lease (one PRIMARY KEY, owner)")
        self._owner = owner
        self.claim()

    def claim(self) -> None:
        """Take the run over."""
        self._db.execute("INSERT OR REPLACE INTO lease VALUES (1, ?)", (self._owner,))

    def close(self) -> None:
        self._db.close()

    def text(self) -> str:
        """Everything that was written, for searching."""
        return "\n".join(row[0] for row in self._db.execute("SELECT data FROM chunk"))

    def chunks(self, step: str | None = None) -> list[Chunk]:
        rows = self._db.execute("SELECT data FROM chunk ORDER BY step, sequence")
        found = [from_data(json.loads(row[0])) for row in rows]
        return [chunk for chunk in found if step in (None, chunk.step)]

    def step(self, key: str) -> StepRecord:
        chunks = self.chunks(key)
        completed = [chunk for chunk in chunks if chunk.state is ChunkState.COMPLETED]
        closed = self._db.execute("SELECT round FROM closed WHERE step = ?", (key,)).fetchone()
        return StepRecord(
            last=chunks[-1] if chunks else None,
            unfinished=tuple(each for each in chunks if each.state in (ChunkState.INTENDED, ChunkState.PREPARED)),
            rows=sum(chunk.rows for chunk in completed),
            closed_round=closed[0] if closed else 0,
        )

    def intend(self, chunk: Chunk, *, completed: tuple[Chunk, ...]) -> None:
        self.renew()
        for each in completed:
            self._store(each)
        self._store(chunk)

    def prepare(self, chunk: Chunk) -> None:
        self.renew()
        self._store(chunk)

    def complete(self, chunk: Chunk) -> None:
        self.renew()
        self._store(chunk)

    def void(self, chunk: Chunk) -> None:
        self.renew()
        self._store(chunk)

    def close_step(self, key: str, *, round: int) -> None:
        self.renew()
        self._db.execute("INSERT OR REPLACE INTO closed VALUES (?, ?)", (key, round))

    @contextmanager
    def at_once(self) -> Iterator[None]:
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")

    def renew(self) -> None:
        if self._db.execute("SELECT owner FROM lease").fetchone() != (self._owner,):
            raise LeaseLost("Another worker owns this run.")

    def _store(self, chunk: Chunk) -> None:
        data = json.dumps(to_data(chunk))
        self._db.execute("INSERT OR REPLACE INTO chunk VALUES (?, ?, ?)", (chunk.step, chunk.sequence, data))


class SettledWorld:
    """Answers every question with the same permission, or with what `answer` says."""

    def __init__(self, answer: Callable[[Step, int], Permission] = lambda step, asked: ALLOWED) -> None:
        self._answer = answer
        self.asked = 0

    def ask(self, step: Step) -> Permission:
        self.asked += 1
        return self._answer(step, self.asked)
