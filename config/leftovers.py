"""Processes of an earlier run whose supervisor was killed, so that a new run does not start beside them.

Danger: ending a stranger. A process id alone proves nothing after a while, so the time at which the process began is
kept with it; only a process with both is ours.
"""

import contextlib
import json
import os
import signal
import time
from pathlib import Path

import psutil

from config.embedded.processes import has_ended


def remember(path: Path, processes: dict[str, int]) -> None:
    """Write down which processes run: name to process id. Each leads a session of its own."""
    known: dict[str, tuple[int, float]] = {}
    for name, pid in processes.items():
        with contextlib.suppress(psutil.NoSuchProcess):
            known[name] = (pid, psutil.Process(pid).create_time())
    new = path.with_suffix(".new")
    new.write_text(json.dumps(known))
    new.replace(path)


def end(path: Path) -> list[str]:
    """End what still runs of the processes written down, with everything they started. Their names."""
    try:
        known = json.loads(path.read_text())
    except (FileNotFoundError, json.JSONDecodeError):
        return []
    ended = [name for name, (pid, began) in known.items() if _end_group(pid, began)]
    path.unlink()
    return ended


def _wait_until_gone(ended: list[psutil.Process]) -> None:
    """Wait until they have let go of ports and files, 10 seconds at most."""
    deadline = time.monotonic() + 10
    while not all(has_ended(process) for process in ended) and time.monotonic() < deadline:
        time.sleep(0.02)


def _end_group(pid: int, began: float) -> bool:
    with contextlib.suppress(psutil.NoSuchProcess, ProcessLookupError):
        process = psutil.Process(pid)
        if process.create_time() == began and not has_ended(process):
            everything = [process, *process.children(recursive=True)]
            os.killpg(pid, signal.SIGKILL)
            _wait_until_gone(everything)
            return True
    return False
