"""A MariaDB of the tests' own: the system's program, with data below PRIVACY_DESK_DATA_DIR, on a port of the loopback.

One for all halves of a test run, and more where a test names another folder. Every process that uses one holds a lock
that the kernel takes back at its end, however it ends; a keeper (this module as a program) waits for the last one and
stops the server. Linux only, like its package.
"""

import json
import os
import secrets
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pymysql
import pytest

from config import env
from config.embedded import locks, processes
from config.embedded.places import Places, places_of
from config.embedded.ports import free_port, is_free

PROJECT = Path(__file__).resolve().parent.parent
PROGRAM = "mariadbd"
START_SECONDS = 60
SHARED = "test-mariadb"
ABSENT = "no MariaDB server found; install Debian's package mariadb-server"


def _program() -> str | None:
    return shutil.which(PROGRAM, path=f"{os.environ.get('PATH', '')}:/usr/sbin")


def address(folder: str = SHARED) -> str:
    """mysql://login:password@host:port of the running server, with every right; started when needed.

    Another folder makes another server, for tests that take theirs away. Skips the test where there is no MariaDB, or
    fails it where there must be one (PRIVACY_DESK_REQUIRE_MARIADB=1).
    """
    program = _program()
    if program is None:
        pytest.fail(ABSENT) if env.require_mariadb() else pytest.skip(ABSENT)
    root = env.base_dir() / folder
    root.mkdir(parents=True, exist_ok=True)
    locks.hold(root)
    with locks.operation(root):
        places = places_of(root)
        if _running(places) is None:
            _keep(root)
            _start(places, program)
        known = json.loads((_home(places) / "address.json").read_text())
    return f"mysql://desk:{known['password']}@127.0.0.1:{known['port']}"


def restart(folder: str, *, crash: bool) -> None:
    """Stop a server that nobody else uses, or kill it, and start it again at the same address."""
    root = env.base_dir() / folder
    program = _program()
    assert program is not None
    with locks.operation(root):
        places = places_of(root)
        _stop(places, signal.SIGKILL if crash else signal.SIGTERM)
        _start(places, program)


@contextmanager
def connection(url: str, database: str | None = None) -> Iterator[pymysql.Connection]:
    """A plain client, beside the engine."""
    from sqlalchemy.engine import make_url

    parts = make_url(url)
    client = pymysql.connect(
        host=parts.host, port=parts.port or 3306, user=parts.username, password=parts.password or "",
        database=database or parts.database, autocommit=True, charset="utf8mb4", ssl_disabled=True,
        init_command="SET time_zone = '+00:00', sql_mode = 'STRICT_ALL_TABLES'",
    )  # fmt: skip
    try:
        yield client
    finally:
        client.close()


@contextmanager
def scratch_database() -> Iterator[tuple[str, pymysql.Connection]]:
    """A database of its own: the address of a login that sees nothing else, and a client with every right in it.

    Others' databases stand on the same server, and a login that may see them discovers their tables.
    """
    from sqlalchemy.engine import make_url

    server, name = address(), f"scratch_{secrets.token_hex(4)}"
    with connection(server) as client, client.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name} CHARACTER SET utf8mb4")
        cursor.execute(f"CREATE USER {name}@'127.0.0.1' IDENTIFIED BY 'k'")
        cursor.execute(f"GRANT SELECT, UPDATE, DELETE ON {name}.* TO {name}@'127.0.0.1'")
        client.select_db(name)
        narrow = make_url(server).set(username=name, password="k", database=name)
        try:
            yield narrow.render_as_string(hide_password=False), client
        finally:
            cursor.execute(f"DROP DATABASE {name}")
            cursor.execute(f"DROP USER {name}@'127.0.0.1'")


def _home(places: Places) -> Path:
    return places.base / "mariadb"


def _running(places: Places) -> psutil.Process | None:
    data = _home(places) / "data"
    return next(iter(processes.working_in(data, PROGRAM)), None) if data.exists() else None


def _keep(root: Path) -> None:
    """Before the start: whoever starts may be killed while starting."""
    processes.start_detached([sys.executable, "-m", "tests.mariadb", root], root / "keeper.log", cwd=PROJECT)


def _start(places: Places, program: str) -> None:
    home = places.private_directory(_home(places))
    _make(places, home)
    known = json.loads((home / "address.json").read_text())
    if not is_free(known["port"]):
        known["port"] = free_port()
        _write(places, home / "address.json", json.dumps(known))
    log = home / "server.log"
    log.touch()
    places.own(log)
    # A server that starts deletes temporary tables in its folder for them, also those of another server
    temporary = places.private_directory(home / "tmp")
    command = [
        program, "--no-defaults", f"--datadir={home / 'data'}", f"--init-file={home / 'first.sql'}",
        f"--tmpdir={temporary}", "--socket=server.sock", "--bind-address=127.0.0.1", f"--port={known['port']}",
        "--skip-name-resolve",
        "--performance-schema=off", "--innodb-buffer-pool-size=128M", "--innodb-doublewrite=0",
        "--innodb-flush-log-at-trx-commit=2", "--innodb-log-file-size=64M",
    ]  # fmt: skip
    processes.start_detached(command, log, **places.run_as())
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            with connection(f"mysql://desk:{known['password']}@127.0.0.1:{known['port']}"):
                return
        except pymysql.OperationalError:
            if time.monotonic() > deadline:
                raise RuntimeError(f"MariaDB did not start; see {log}") from None
            time.sleep(0.1)


def _make(places: Places, home: Path) -> None:
    """The data directory, whole or not at all."""
    if (home / "data").exists():
        return
    half = home / "half-made"
    shutil.rmtree(half, ignore_errors=True)
    places.private_directory(half)
    install = ["mariadb-install-db", "--no-defaults", f"--datadir={half}", "--skip-test-db"]
    install += ["--auth-root-authentication-method=normal"]
    made = subprocess.run(install, capture_output=True, text=True, check=False, **places.run_as())
    if made.returncode != 0:
        raise RuntimeError(f"mariadb-install-db failed: {made.stdout[-2000:]}{made.stderr[-2000:]}")
    password = secrets.token_hex(16)
    words = [
        f"CREATE USER IF NOT EXISTS desk@'127.0.0.1' IDENTIFIED BY '{password}'",
        "GRANT ALL ON *.* TO desk@'127.0.0.1' WITH GRANT OPTION",
        "DROP USER IF EXISTS root@localhost",
    ]
    _write(places, home / "first.sql", "".join(f"{word};\n" for word in words))
    _write(places, home / "address.json", json.dumps({"password": password, "port": free_port()}))
    half.rename(home / "data")


def _write(places: Places, path: Path, text: str) -> None:
    path.touch(mode=0o600)
    path.write_text(text)
    places.own(path)


def _stop(places: Places, first: signal.Signals) -> None:
    server = _running(places)
    if server is not None:
        processes.stop(server, (first, 20), (signal.SIGKILL, 10))


def _watch(root: Path) -> None:
    with locks.nobody_uses(root, wait=True), locks.operation(root):
        _stop(places_of(root), signal.SIGTERM)


if __name__ == "__main__":
    _watch(Path(sys.argv[1]))
