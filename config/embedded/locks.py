"""Two locks for each set of servers, both held by the kernel: a process that dies in any way lets go of them.

`lock`    exclusive, for the moment in which servers are made, started or stopped.
`in-use`  shared, held by every process that uses the servers for as long as it lives. Who gets it exclusively knows
          that nobody uses the servers any more, and stops them.

Order: first `in-use`, then `lock`; never the other way round.
"""

import fcntl
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_guard = threading.Lock()
_held: dict[Path, int] = {}


@contextmanager
def operation(root: Path) -> Iterator[None]:
    """Be the only process that makes, starts or stops servers below this directory. Waits for its turn."""
    descriptor = _open(root / "lock")
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def hold(root: Path) -> bool:
    """Use the servers below this directory from now on. True when this process did not hold them before.

    Waits while somebody is stopping them. A process forked from this one shares the hold: the servers stay until both
    have ended.
    """
    with _guard:
        if root in _held:
            return False
        descriptor = _open(root / "in-use")
        fcntl.flock(descriptor, fcntl.LOCK_SH)
        _held[root] = descriptor
        return True


def let_go(root: Path) -> None:
    """Use the servers no longer. Closing, not unlocking: unlocking would take the hold from forked processes too."""
    with _guard:
        descriptor = _held.pop(root, None)
        if descriptor is not None:
            os.close(descriptor)


def wait_while_stopping(root: Path) -> None:
    """Wait while somebody keeps others from using the servers; users do not keep us waiting."""
    descriptor = os.open(root / "in-use", os.O_RDWR | os.O_CLOEXEC)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH)
    finally:
        os.close(descriptor)


@contextmanager
def nobody_uses(root: Path, *, wait: bool) -> Iterator[bool]:
    """Keep everybody from beginning to use the servers. True when nobody uses them; waits for that when told to.

    Raises FileNotFoundError when nobody ever used them, or the directory is gone.
    """
    descriptor = os.open(root / "in-use", os.O_RDWR | os.O_CLOEXEC)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
            alone = True
        except BlockingIOError:
            alone = False
        if not os.path.samestat(os.fstat(descriptor), (root / "in-use").stat()):
            raise FileNotFoundError(f"{root} was replaced by another directory")
        yield alone
    finally:
        os.close(descriptor)


def _open(path: Path) -> int:
    """A descriptor that started programs do not inherit, so that a server never counts as its own user."""
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
