"""`python -m config.embedded start|stop|status|delete [demo|test|bench]`: the embedded servers by hand.

Started by hand they run until they are stopped by hand. `delete` deletes their data for good.
"""

import argparse
import sys
from pathlib import Path

from config import embedded
from config.embedded import keeper
from config.embedded.servers import Servers


def main(arguments: list[str]) -> int:
    """Do what the command line says. The exit code: 0, or 1 when `status` finds a server that does not run."""
    parser = argparse.ArgumentParser(prog="python -m config.embedded", description="Embedded PostgreSQL and Redis.")
    parser.add_argument("command", choices=["start", "stop", "status", "delete", "keep"])
    parser.add_argument("purpose", nargs="?", choices=sorted(embedded.DURABLE), default="demo")
    parser.add_argument("--root", type=Path, help="another directory for the servers; with `keep` only")
    parser.add_argument("--durable", action="store_true", help="data survive a power failure; with --root only")
    options = parser.parse_args(arguments)
    if options.command == "keep":
        keeper.keep(options.root, durable=options.durable)
        return 0
    from config import env

    env.use_mode(env.Mode.DEMO)
    servers = embedded.servers(options.purpose)
    try:
        return {"start": _start, "stop": _stop, "status": _status, "delete": _delete}[options.command](servers)
    except embedded.EmbeddedServerError as error:
        sys.stderr.write(f"{error}\n")
        return 2


def _start(servers: Servers) -> int:
    servers.root.mkdir(parents=True, exist_ok=True)
    keeper.pin(servers.root)
    sys.stdout.write(f"DATABASE_URL={servers.ensure_postgres()}\nREDIS_URL={servers.ensure_redis()}\n")
    return 0


def _stop(servers: Servers) -> int:
    keeper.unpin(servers.root)
    servers.stop()
    return _status(servers) and 0


def _status(servers: Servers) -> int:
    status = servers.status()
    for name, pid in (("PostgreSQL", status.postgres), ("Redis", status.redis)):
        sys.stdout.write(f"{name:<11}{'does not run' if pid is None else f'runs, process {pid}'}\n")
    return 0 if status.postgres and status.redis else 1


def _delete(servers: Servers) -> int:
    keeper.unpin(servers.root)
    servers.delete()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
