"""Settings of the embedded PostgreSQL, written anew at every start, and the place of its socket.

The log is read by developers and kept by nobody, so no personal data may enter it: statements, their parameters and the
details of errors (which repeat values) are left out.
"""

import contextlib
import hashlib
import os
import tempfile
from pathlib import Path

import psutil

from config.embedded.errors import EmbeddedServerError
from config.embedded.places import Places
from config.embedded.postgres_data import data_directory

LONGEST_SOCKET_PATH = 103  # bytes; macOS allows 103, Linux 107


def write(places: Places, *, durable: bool) -> None:
    memory = psutil.virtual_memory().total // 2**20
    lines = [
        "# Written at every start; change config/embedded/postgres_settings.py instead.",
        "listen_addresses = ''",
        f"unix_socket_directories = {_quoted(socket_directory(places))}",
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
        lines += ["fsync = off", "full_page_writes = off"]
    path = data_directory(places) / "postgresql.conf"
    path.write_text("\n".join(lines) + "\n")
    places.own(path)


def socket_directory(places: Places) -> Path:
    """Beside the data; in the temporary folder where that path is longer than a socket may have, or has a comma."""
    beside = places.postgres / "socket"
    if _holds_a_socket(beside):
        return places.private_directory(beside)
    elsewhere = _short_directory(places)
    if not _holds_a_socket(elsewhere):
        raise EmbeddedServerError(f"{elsewhere} is too long a path for a socket. Set TMPDIR to a shorter one.")
    return places.private_directory(elsewhere)


def remove_short_socket_directory(places: Places) -> None:
    """Leave nothing in the temporary folder after the server has ended."""
    with contextlib.suppress(OSError):
        _short_directory(places).rmdir()


def _short_directory(places: Places) -> Path:
    name = hashlib.sha256(str(places.postgres).encode()).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"privacy-desk-{name}"


def _holds_a_socket(directory: Path) -> bool:
    return len(os.fsencode(directory / ".s.PGSQL.5432")) <= LONGEST_SOCKET_PATH and "," not in str(directory)


def _quoted(directory: Path) -> str:
    in_list = '"' + str(directory).replace('"', '""') + '"'
    return "'" + in_list.replace("\\", "\\\\").replace("'", "''") + "'"
