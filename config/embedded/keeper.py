"""The process that stops servers which nobody uses any more, even when their last user was killed.

It waits for the exclusive hold that it can only get when no user lives, and ends with the servers. Any number of
keepers may wait for the same servers: the first one stops them, the others find nothing to do.
"""

import contextlib
import sys
import time
from pathlib import Path

from config.embedded import locks, processes

PROJECT = Path(__file__).resolve().parent.parent.parent


def watch(root: Path, *, durable: bool) -> None:
    """Start a keeper for these servers."""
    options = ["--durable"] if durable else []
    command = [sys.executable, "-m", "config.embedded", "keep", "--root", str(root), *options]
    processes.start_detached(command, root / "keeper.log", cwd=PROJECT)


def pin(root: Path) -> None:
    """Keep the servers running although nobody uses them, until they are stopped by command."""
    (root / "pinned").touch()


def unpin(root: Path) -> None:
    """Let the servers end with their last user again."""
    (root / "pinned").unlink(missing_ok=True)


def is_pinned(root: Path) -> bool:
    """Whether the servers stay although nobody uses them."""
    return (root / "pinned").exists()


def keep(root: Path, *, durable: bool) -> None:
    """Wait until nobody uses the servers, then stop them."""
    from config.embedded.servers import Servers

    with contextlib.suppress(FileNotFoundError):  # the whole directory is gone, and the servers with it
        while True:
            with locks.nobody_uses(root, wait=True):
                if not is_pinned(root):
                    Servers(root, durable=durable).stop()
                    return
            time.sleep(1)
