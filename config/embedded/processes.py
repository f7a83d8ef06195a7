"""Which processes are our servers, and how they are stopped.

Danger: a signal to the wrong process. A number in a pid file proves nothing: the process may be gone and its number
given to another. So a server is known by what it is: a program of that name whose working directory is our data
directory.
"""

import signal
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


def stop(process: psutil.Process, *steps: tuple[signal.Signals, float]) -> None:
    """Send each signal in turn and wait its seconds, until the process is gone.

    Raises EmbeddedServerError when it outlives the last one. psutil refuses to signal a process whose number was given
    to another meanwhile.
    """
    for number, seconds in steps:
        try:
            process.send_signal(number)
            process.wait(timeout=seconds)
            return
        except psutil.NoSuchProcess:
            return
        except psutil.TimeoutExpired:
            if process.status() == psutil.STATUS_ZOMBIE:
                return
    raise EmbeddedServerError(f"Process {process.pid} does not end. End it by hand, then try again.")
