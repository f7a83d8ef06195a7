"""Which processes are our servers, and how they are stopped.

Danger: a signal to the wrong process. A number in a pid file proves nothing: the process may be gone and its number
given to another. So a server is known by what it is: a program of that name whose working directory is our data
directory.
"""

import contextlib
import signal
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

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
    """The one that started the others.

    PostgreSQL's own children give themselves titles ("postgres: checkpointer"), so an orphan of a killed server is not
    taken for one; a child that was forked a moment ago has no title yet, but a parent among the candidates.
    """
    candidates = [process for process in processes if _keeps_its_arguments(process)]
    pids = {process.pid for process in candidates}
    for process in candidates:
        with contextlib.suppress(psutil.NoSuchProcess):
            if process.ppid() not in pids:
                return process
    return None


def _keeps_its_arguments(process: psutil.Process) -> bool:
    try:
        arguments = process.cmdline()
    except psutil.Error:
        return False
    return bool(arguments) and not arguments[0].startswith("postgres:")


def start_detached(command: Sequence[str | Path], log: Path, **how: Any) -> psutil.Process:
    """Start a program that outlives us and is no child of ours, in a session of its own, its words in the log.

    A child of ours would get our terminal's Ctrl-C, and would stay as a zombie when it ends before us.
    how: further arguments for subprocess.run.
    """
    shell = ["/bin/sh", "-c", '"$@" </dev/null >>"$0" 2>&1 & echo $!', str(log), *map(str, command)]
    started = subprocess.run(shell, stdout=subprocess.PIPE, check=True, start_new_session=True, **how)
    try:
        return psutil.Process(int(started.stdout))
    except psutil.NoSuchProcess:
        raise EmbeddedServerError(f"{Path(command[0]).name} ended at once; {log} may say why.") from None


def has_ended(process: psutil.Process) -> bool:
    """Whether it is gone. A zombie is: it only waits for its parent to take note, which may take seconds.

    Not yet, though, while it has threads: after a kill they outlive the first of them for a moment, and hold its port
    and its files so long.
    """
    try:
        return not process.is_running() or (process.status() == psutil.STATUS_ZOMBIE and process.num_threads() <= 1)
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
