"""Which processes are our servers, and how they are stopped.

Danger: a signal to the wrong process. A number in a pid file proves nothing: the process may be gone and its number
given to another. So a server is known by what it is: a program of that name whose working directory is our data
directory.
"""

import contextlib
import signal
import time
from pathlib import Path

import psutil

from config.embedded.errors import EmbeddedServerError


def working_in(directory: Path, program: str) -> list[psutil.Process]:
    """Living processes of this program that work in this directory."""
    directory = directory.resolve()
    return [process for process in psutil.process_iter(["name"]) if _is(process, directory, program)]


def _is(process: psutil.Process, directory: Path, program: str) -> bool:
    try:
        return (
            process.info["name"] == program
            and process.status() != psutil.STATUS_ZOMBIE
            and Path(process.cwd()) == directory
        )
    except psutil.Error:
        return False  # gone meanwhile, or another person's: not ours


def main_process(processes: list[psutil.Process]) -> psutil.Process | None:
    """The one that started the others: it has no parent among them and is no orphan of a killed one.

    PostgreSQL gives its own processes titles ("postgres: checkpointer"); the main process alone keeps its arguments.
    """
    for process in processes:
        try:
            if not process.cmdline()[0].startswith("postgres:"):
                return process
        except (psutil.NoSuchProcess, IndexError):
            continue
    return None


def has_ended(process: psutil.Process) -> bool:
    """Whether it is gone. A zombie is: it only waits for its parent to take note, which may take seconds."""
    try:
        return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def stop(process: psutil.Process, *steps: tuple[signal.Signals, float]) -> None:
    """Send each signal in turn and wait its seconds, until the process is gone.

    Raises EmbeddedServerError when it outlives the last one. psutil refuses to signal a process whose number was given
    to another meanwhile.
    """
    for number, seconds in steps:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.send_signal(number)
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if has_ended(process):
                return
            time.sleep(0.01)
    raise EmbeddedServerError(f"Process {process.pid} does not end. End it by hand, then try again.")
