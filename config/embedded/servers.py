"""One set of servers: everything below one directory.

They live as long as somebody uses them. Every process that asks for one becomes a user until it ends, in whatever way;
the last user stops them, and where it could not (it was killed) a keeper process does, which waits for just that.
"""

import atexit
import contextlib
import os
import shutil
import time
from dataclasses import dataclass
from pathlib import Path

from config.embedded import keeper, locks, postgres, redis
from config.embedded.errors import EmbeddedServerError
from config.embedded.places import Places, places_of


@dataclass(frozen=True)
class Status:
    """The servers of one directory, as they are now. Numbers are process ids."""

    root: Path
    postgres: int | None
    redis: int | None


class Servers:
    """PostgreSQL and Redis with all their data below one directory.

    durable: whether data must survive a power failure; False for tests.
    """

    def __init__(self, root: Path, *, durable: bool) -> None:
        self.root = Path(os.path.abspath(root))  # noqa: PTH100 - without following links: it names locks and sockets
        self.durable = durable

    def ensure_postgres(self) -> str:
        """The address of a running PostgreSQL; starts it when needed. This process is its user until it ends."""
        self._use()
        with locks.operation(self.root):
            places = places_of(self.root)
            if postgres.running(places) is None:
                self._start_postgres(places)
            _wait_for_postgres(places)
            return postgres.url(places)

    def ensure_redis(self) -> str:
        """The address of a running Redis; starts it when needed. This process is its user until it ends."""
        self._use()
        with locks.operation(self.root):
            places = places_of(self.root)
            if redis.running(places) is None:
                self._start_redis(places)
            address = redis.url(places)
            if not redis.answers(address):
                raise EmbeddedServerError(f"The embedded Redis runs but does not answer; see {places.redis}.")
        return address

    def superuser_url(self) -> str:
        """The running PostgreSQL with every right, for tests and repairs; the portal itself never uses it."""
        return postgres.url(places_of(self.root), role=postgres.SUPERUSER, database=postgres.SUPERUSER)

    def program(self, name: str) -> Path:
        """A program of PostgreSQL, such as psql or pg_dump."""
        self.root.mkdir(parents=True, exist_ok=True)
        return places_of(self.root).postgres_programs / name

    def release(self) -> None:
        """Use the servers no longer; stop them when nobody else does. Called at the end of the process by itself."""
        locks.let_go(self.root)
        with contextlib.suppress(FileNotFoundError):
            with locks.nobody_uses(self.root, wait=False) as alone:
                if alone and not keeper.is_pinned(self.root):
                    self.stop()
            locks.wait_while_stopping(self.root)  # the keeper, when it was faster

    def stop(self) -> None:
        """Stop both servers, whoever uses them."""
        if not self.root.exists():
            return
        with locks.operation(self.root):
            places = places_of(self.root)
            redis.stop(places)
            postgres.stop(places)

    def delete(self) -> None:
        """Stop both servers and delete their data for good."""
        self.stop()
        if not self.root.exists():
            return
        with locks.operation(self.root):
            places = places_of(self.root)
            for directory in (places.postgres, places.redis):
                if directory.exists():
                    shutil.rmtree(directory)

    def status(self) -> Status:
        """Which servers run."""
        if not self.root.exists():
            return Status(self.root, None, None)
        places = places_of(self.root)
        main, other = postgres.running(places), redis.running(places)
        return Status(self.root, main.pid if main else None, other.pid if other else None)

    def restart_postgres(self, *, crash: bool = False) -> None:
        """Stop PostgreSQL (or kill it) and start it anew at the same address: every connection breaks. For tests."""
        with locks.operation(self.root):
            places = places_of(self.root)
            postgres.kill(places) if crash else postgres.stop(places)
            self._start_postgres(places)

    def kill_postgres(self) -> None:
        """End PostgreSQL as a power failure would. For tests."""
        with locks.operation(self.root):
            postgres.kill(places_of(self.root))

    def kill_redis(self) -> None:
        """End Redis as a power failure would. For tests."""
        with locks.operation(self.root):
            redis.kill(places_of(self.root))

    def start_redis(self) -> None:
        """Start Redis again, at the same address. For tests."""
        self.ensure_redis()

    def _use(self) -> None:
        self.root.mkdir(parents=True, exist_ok=True)
        if locks.hold(self.root):
            atexit.register(self._release_at_exit, os.getpid())

    def _release_at_exit(self, pid: int) -> None:
        if os.getpid() == pid:  # a forked child inherits this call, but the hold is its parent's to give back
            self.release()

    def _start_postgres(self, places: Places) -> None:
        self._have_keeper(places)
        postgres.start(places, durable=self.durable)

    def _start_redis(self, places: Places) -> None:
        self._have_keeper(places)
        redis.start(places, durable=self.durable)

    def _have_keeper(self, places: Places) -> None:
        """Before a start: it must be there when we are killed while starting. One that runs has one already."""
        if postgres.running(places) is None and redis.running(places) is None:
            keeper.watch(self.root, durable=self.durable)


def _wait_for_postgres(places: Places) -> None:
    """Ask the server itself: a process that exists may still be reading its log after a crash.

    As superuser, for whom a few connections are kept when all others are taken.
    """
    import psycopg  # only who starts servers needs it; it takes longer to import than all of ours

    deadline = time.monotonic() + postgres.START_SECONDS
    while True:
        try:
            address = postgres.url(places, role=postgres.SUPERUSER, database=postgres.SUPERUSER)
            psycopg.connect(address, connect_timeout=10).close()
            return
        except (EmbeddedServerError, psycopg.OperationalError) as error:
            if time.monotonic() > deadline or postgres.running(places) is None:
                raise EmbeddedServerError(f"The embedded PostgreSQL does not answer: {error}") from None
            time.sleep(0.05)
