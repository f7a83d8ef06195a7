"""PostgreSQL and Redis from wheels, for the demo, the tests and the benchmarks: one owner, no installation.

Each purpose has servers and data of its own below PRIVACY_DESK_DATA_DIR. A process that asks for a server uses it until
it ends; the last user's end stops the servers (see servers.py). Linux and macOS; on Windows use WSL, or name real
servers in DATABASE_URL and REDIS_URL.
"""

from pathlib import Path
from typing import Literal

from config.embedded.errors import EmbeddedServerError
from config.embedded.servers import Servers, Status

Purpose = Literal["demo", "test", "bench"]
DURABLE: dict[str, bool] = {"demo": True, "test": False, "bench": True}

__all__ = [
    "EmbeddedServerError",
    "Purpose",
    "Servers",
    "Status",
    "ensure_postgres",
    "ensure_redis",
    "kill_redis",
    "program",
    "release",
    "restart_postgres",
    "servers",
    "start_redis",
    "status",
    "stop",
    "superuser_url",
]


def servers(purpose: Purpose | None = None) -> Servers:
    """The servers of this purpose; of the mode that the settings chose when none is named.

    Raises EmbeddedServerError in production: data of real people belong on servers that somebody looks after.
    """
    from config import env  # here, so that a keeper does not read the environment

    chosen = env.mode().value if purpose is None else purpose
    if chosen not in DURABLE:
        raise EmbeddedServerError("There are no embedded servers in production. Name yours in DATABASE_URL, REDIS_URL.")
    return Servers(env.base_dir() / chosen, durable=DURABLE[chosen])


def ensure_postgres(purpose: Purpose | None = None) -> str:
    """The address (DATABASE_URL) of the running PostgreSQL of this purpose; starts it when needed."""
    return servers(purpose).ensure_postgres()


def ensure_redis(purpose: Purpose | None = None) -> str:
    """The address (REDIS_URL) of the running Redis of this purpose; starts it when needed."""
    return servers(purpose).ensure_redis()


def superuser_url(purpose: Purpose | None = None) -> str:
    """The running PostgreSQL with every right, for tests and repairs; the portal itself never uses it."""
    return servers(purpose).superuser_url()


def program(name: str, purpose: Purpose | None = None) -> Path:
    """A program of PostgreSQL, such as psql or pg_dump."""
    return servers(purpose).program(name)


def release(purpose: Purpose | None = None) -> None:
    """Use the servers no longer; they stop when nobody else does."""
    servers(purpose).release()


def stop(purpose: Purpose | None = None) -> None:
    """Stop the servers, whoever uses them."""
    servers(purpose).stop()


def status(purpose: Purpose | None = None) -> Status:
    """Which servers of this purpose run."""
    return servers(purpose).status()


def restart_postgres(purpose: Purpose | None = None, *, crash: bool = False) -> None:
    """Restart PostgreSQL at the same address; every connection breaks. For tests of that."""
    servers(purpose).restart_postgres(crash=crash)


def kill_redis(purpose: Purpose | None = None) -> None:
    """End Redis as a power failure would. For tests of that."""
    servers(purpose).kill_redis()


def start_redis(purpose: Purpose | None = None) -> None:
    """Start Redis again at the same address."""
    servers(purpose).start_redis()
