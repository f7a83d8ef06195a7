"""The embedded PostgreSQL: started, known again, stopped.

Nobody but the servers' account can reach the socket; there is no TCP. So no password is needed, and none is kept.
"""

import signal
import time
from pathlib import Path
from urllib.parse import quote

import psutil

from config.embedded import logs, postgres_data, postgres_settings, processes
from config.embedded.errors import EmbeddedServerError
from config.embedded.places import Places
from config.embedded.postgres_data import DATABASE, ROLE, SUPERUSER, data_directory

__all__ = ["DATABASE", "ROLE", "START_SECONDS", "SUPERUSER", "kill", "running", "start", "stop", "url"]

START_SECONDS = 120  # a server that was killed reads its log first


def running(places: Places) -> psutil.Process | None:
    """The main process of our server, if it runs."""
    return processes.main_process(processes.working_in(data_directory(places), "postgres"))


def url(places: Places, *, role: str = ROLE, database: str = DATABASE) -> str:
    """The address of the running server, for psycopg and Django as it is (for SQLAlchemy: config/database_url.py).

    Raises EmbeddedServerError when the server does not run.
    """
    try:
        port, socket_directory = _postmaster_lines(places)[3:5]
    except ValueError:
        raise EmbeddedServerError("The embedded PostgreSQL does not run.") from None
    return f"postgresql://{role}@/{database}?host={quote(socket_directory, safe='')}&port={port}"


def start(places: Places, *, durable: bool) -> None:
    """Start the server, making its data first when there are none. Call it only under the operation lock.

    durable: whether data must survive a power failure; False for tests, where speed counts.
    Raises EmbeddedServerError with the end of the server's log when it does not start.
    """
    postgres_data.make(places, durable=durable)
    _end_orphans(places)
    _forget_stale_locks(places)
    postgres_settings.write(places, durable=durable)
    log = places.own(logs.fresh(places.postgres / "server.log"))
    command: list[str | Path] = [places.postgres_programs / "postgres", "-D", data_directory(places)]
    process = processes.start_detached(command, log, **places.run_as())
    _wait_until_ready(places, process, log)


def stop(places: Places) -> None:
    """Stop the server: sessions are ended, data are written. Does nothing when it does not run."""
    main = running(places)
    if main is not None:
        processes.stop(main, (signal.SIGINT, 30), (signal.SIGQUIT, 10), (signal.SIGKILL, 5))
    _end_orphans(places)
    postgres_settings.remove_short_socket_directory(places)


def kill(places: Places) -> None:
    """End the server as a power failure would, for tests of that."""
    main = running(places)
    if main is not None:
        processes.stop(main, (signal.SIGKILL, 5))


def _end_orphans(places: Places) -> None:
    """End processes whose main process was killed: a new server must not start beside them."""
    data = data_directory(places)
    deadline = time.monotonic() + 5  # they notice by themselves, unless they compute
    while (orphans := processes.working_in(data, "postgres")) and time.monotonic() < deadline:
        time.sleep(0.05)
    for orphan in orphans:
        processes.stop(orphan, (signal.SIGKILL, 5))


def _forget_stale_locks(places: Places) -> None:
    """Remove the lock files of a server that is gone, where PostgreSQL would not do it by itself.

    It refuses to start when any process has the number in such a file, be it another program's by now or a zombie's,
    and when a crash cut the file short. No process works in the data directory at this point and the socket's directory
    is ours alone, so the files protect nothing. A number that nobody has is left to PostgreSQL to judge.
    """
    for lock in (
        data_directory(places) / "postmaster.pid",
        postgres_settings.socket_directory(places) / ".s.PGSQL.5432.lock",
    ):
        try:
            pid = int(lock.read_text().splitlines()[0])
        except FileNotFoundError:
            continue
        except (ValueError, IndexError):
            pid = None
        if pid is None or psutil.pid_exists(pid):
            lock.unlink()


def _wait_until_ready(places: Places, process: psutil.Process, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while [line.strip() for line in _postmaster_lines(places)[0:8:7]] != [str(process.pid), "ready"]:
        if processes.has_ended(process) or time.monotonic() > deadline:
            raise EmbeddedServerError(f"PostgreSQL did not start. {logs.end_of(log)}")
        time.sleep(0.02)


def _postmaster_lines(places: Places) -> list[str]:
    """What the server writes about itself: process, data, start, port, socket, address, memory, state."""
    try:
        return (data_directory(places) / "postmaster.pid").read_text().splitlines()
    except FileNotFoundError:
        return []
