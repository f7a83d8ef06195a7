"""The outside of the engine for tests: a journal that survives its process, a world that can be told what to say."""

import json
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from privacy.datamap.engine.errors import LeaseLost
from privacy.datamap.engine.journal import Chunk, ChunkState, Permission, StepRecord
from privacy.datamap.engine.plan import Step
from privacy.datamap.engine.selection import Held
from privacy.datamap.engine.sharing import Part
from privacy.datamap.engine.values import from_data, to_data

ALLOWED = Permission(proceed=True)


class FileJournal:
    """A run's record in an SQLite file: it survives kill -9. owner: whose lease this object believes in.

    part: of a step, by its number; 0 for the run itself. Each has a lease of its own.
    """

    def __init__(self, path: Path | str, *, owner: str = "first", part: int = 0) -> None:
        self._db = sqlite3.connect(path, isolation_level=None)
        self._db.execute("PRAGMA journal_mode = WAL")  # with synchronous = FULL, the default, one write to disk each
        self._db.execute(
            "CREATE TABLE IF NOT EXISTS chunk (step, part, sequence, data, PRIMARY KEY (step, part, sequence))"
        )
        self._db.execute("CREATE TABLE IF NOT EXISTS closed (step, part, round, PRIMARY KEY (step, part))")
        self._db.execute("CREATE TABLE IF NOT EXISTS lease (part PRIMARY KEY, owner)")
        self._db.execute("CREATE TABLE IF NOT EXISTS part (step, number, data, PRIMARY KEY (step, number))")
        self._owner = owner
        self._part = part
        self.claim()

    def claim(self) -> None:
        """Take the run over."""
        self._db.execute("INSERT OR REPLACE INTO lease VALUES (?, ?)", (self._part, self._owner))

    def close(self) -> None:
        self._db.close()

    def text(self) -> str:
        """Everything that was written, for searching."""
        return "\n".join(row[0] for row in self._db.execute("SELECT data FROM chunk"))

    def chunks(self, step: str | None = None) -> list[Chunk]:
        return list(self._each_chunk(step))

    def step(self, key: str) -> StepRecord:
        last, unfinished, rows = None, [], 0
        for chunk in self._each_chunk(key):
            if chunk.part == self._part:
                last = chunk
            elif self._part:
                continue
            if chunk.state is ChunkState.COMPLETED:
                rows += chunk.rows
            elif chunk.state is not ChunkState.VOID:
                unfinished.append(chunk)
        closed = self._db.execute("SELECT round FROM closed WHERE (step, part) = (?, ?)", (key, self._part)).fetchone()
        return StepRecord(
            last=last,
            unfinished=tuple(unfinished),
            rows=rows,
            closed_round=closed[0] if closed else 0,
            is_shared=bool(self.parts(key)),
        )

    def _each_chunk(self, step: str | None) -> Iterator[Chunk]:
        """One at a time: a run of many chunks is no larger for being written down here."""
        query = "SELECT data FROM chunk WHERE step = ifnull(?, step) ORDER BY step, part, sequence"
        for row in self._db.execute(query, (step,)):
            yield from_data(json.loads(row[0]))

    def parts(self, step: str) -> list[Part]:
        rows = self._db.execute("SELECT data FROM part WHERE step = ? ORDER BY number", (step,))
        return [from_data(json.loads(row[0])) for row in rows]

    def open_parts(self, step: str) -> list[Part]:
        closed = {row[0] for row in self._db.execute("SELECT part FROM closed WHERE step = ?", (step,))}
        return [part for part in self.parts(step) if part.number not in closed]

    def store_parts(self, step: str, parts: Sequence[Part]) -> None:
        for part in parts:
            data = json.dumps(to_data(part))
            self._db.execute("INSERT OR REPLACE INTO part VALUES (?, ?, ?)", (step, part.number, data))

    def intend(self, chunk: Chunk, *, completed: tuple[Chunk, ...]) -> None:
        self.renew()
        for each in completed:
            self._store(each)
        self._store(chunk)

    def prepare(self, chunk: Chunk) -> None:
        self.renew()
        self._store(chunk)

    def take_back(self, chunk: Chunk) -> None:
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
        self._db.execute("INSERT OR REPLACE INTO closed VALUES (?, ?, ?)", (key, self._part, round))

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
        found = self._db.execute("SELECT owner FROM lease WHERE part = ?", (self._part,)).fetchone()
        if found != (self._owner,):
            raise LeaseLost("Another worker owns this run.")

    def _store(self, chunk: Chunk) -> None:
        data = json.dumps(to_data(chunk))
        place = (chunk.step, chunk.part, chunk.sequence)
        self._db.execute("INSERT OR REPLACE INTO chunk VALUES (?, ?, ?, ?)", (*place, data))


class FileSharing:
    """Steps of more than one row are cut into so many parts, on which somebody works who looks into the same file."""

    def __init__(self, journal: FileJournal, *, into: int = 2) -> None:
        self._journal = journal
        self._into = into

    def parts_for(self, step: Step) -> int:
        return self._into if step.expected_count > 1 else 0

    def hand_out(self, step: Step, parts: tuple[Part, ...]) -> None:
        self._journal.store_parts(step.key, parts)

    def is_under_way(self, step: Step) -> bool:
        return bool(self._journal.open_parts(step.key))


class SettledWorld:
    """Answers every question with the same permission, or with what `answer` says."""

    def __init__(self, answer: Callable[[Step, int], Permission] = lambda step, asked: ALLOWED) -> None:
        self._answer = answer
        self.asked = 0

    def ask(self, step: Step) -> Permission:
        self.asked += 1
        return self._answer(step, self.asked)

    def ask_at_once(self, steps: Sequence[Step]) -> list[Permission]:
        return [self.ask(step) for step in steps]

    def held(self, step: Step) -> Held:
        return self.ask(step).held
