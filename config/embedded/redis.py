"""The embedded Redis: keeps its port and password over restarts, so that an address once given stays true.

Loopback TCP, since every client reads redis://host:port (a socket is redis+socket:// to one and unix:// to another).
Anybody on the machine reaches loopback, so there is a password, in a file that only the servers' account reads.
"""

import json
import secrets
import signal
import socket
import time
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urlsplit

import psutil

from config.embedded import logs, processes
from config.embedded.errors import EmbeddedServerError
from config.embedded.places import Places
from config.embedded.ports import free_port, is_free

START_SECONDS = 60  # a server that was killed reads its file first
ATTEMPTS = 5  # another program may take the port between our look and the start


def data_directory(places: Places) -> Path:
    """Where Redis keeps its append-only file."""
    return places.redis / "data"


def running(places: Places) -> psutil.Process | None:
    """Our server's process, if it runs."""
    return processes.main_process(processes.working_in(data_directory(places), "redis-server"))


def url(places: Places) -> str:
    """The address of our server.

    Raises EmbeddedServerError when it was never started.
    """
    address = _address(places)
    if address is None:
        raise EmbeddedServerError("The embedded Redis was never started.")
    return f"redis://:{quote(address['password'], safe='')}@127.0.0.1:{address['port']}/0"


def start(places: Places, *, durable: bool) -> None:
    """Start the server. Call it only under the operation lock.

    durable: whether it forces its file to the disk every second; False for tests.
    Raises EmbeddedServerError with the end of the server's log when it does not start.
    """
    places.private_directory(places.redis)
    places.private_directory(data_directory(places))
    log = places.own(logs.fresh(places.redis / "server.log"))
    for _ in range(ATTEMPTS):
        settings = _write_settings(places, durable=durable)
        process = processes.start_detached([places.redis_program, settings], log, **places.run_as())
        if _answers_soon(places, process):
            return
    raise EmbeddedServerError(f"Redis did not start. {logs.end_of(log)}")


def stop(places: Places) -> None:
    """Stop the server; it writes its file first. Does nothing when it does not run."""
    main = running(places)
    if main is not None:
        processes.stop(main, (signal.SIGTERM, 15), (signal.SIGKILL, 5))


def kill(places: Places) -> None:
    """End the server as a power failure would, for tests of that."""
    main = running(places)
    if main is not None:
        processes.stop(main, (signal.SIGKILL, 5))


def _write_settings(places: Places, *, durable: bool) -> Path:
    address = _address(places) or {"password": secrets.token_urlsafe(24), "port": free_port()}
    if not is_free(address["port"]):
        address["port"] = free_port()
    _write_private(places, places.redis / "address.json", json.dumps(address))
    lines = [
        "# Written at every start; change config/embedded/redis.py instead.",
        "bind 127.0.0.1",
        f"port {address['port']}",
        f"requirepass {address['password']}",
        f"dir {_quoted(data_directory(places))}",
        "appendonly yes",
        f"appendfsync {'everysec' if durable else 'no'}",
        'save ""',
        "maxmemory-policy noeviction",
    ]
    return _write_private(places, places.redis / "redis.conf", "\n".join(lines) + "\n")


def _quoted(path: Path) -> str:
    return '"' + str(path).replace("\\", "\\\\").replace('"', '\\"') + '"'


def _write_private(places: Places, path: Path, text: str) -> Path:
    new = path.with_suffix(".new")
    new.touch(mode=0o600)
    new.write_text(text)
    places.own(new).replace(path)
    return path


def _address(places: Places) -> dict[str, Any] | None:
    path = places.redis / "address.json"
    return json.loads(path.read_text()) if path.exists() else None


def _answers_soon(places: Places, process: psutil.Process) -> bool:
    """Wait until it answers with our password. False when its process ended, as when another took the port."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and not processes.has_ended(process):
        if answers(url(places)):
            return True
        time.sleep(0.02)
    return False


def answers(address: str) -> bool:
    """Whether the server at this address is ready and takes the password in it."""
    parts = urlsplit(address)
    try:
        with socket.create_connection((parts.hostname, parts.port), timeout=5) as connection:
            connection.sendall(f"AUTH {unquote(parts.password or '')}\r\nPING\r\n".encode())
            with connection.makefile("rb") as answer:
                return (answer.readline(), answer.readline()) == (b"+OK\r\n", b"+PONG\r\n")
    except OSError:
        return False
