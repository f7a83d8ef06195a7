"""Runs the processes of the Procfile in one terminal: prefixed output, restart after a death, an orderly end.

Each process leads a session of its own. So Ctrl-C in the terminal reaches only us, and we decide the order: beat first
(nothing new is dispatched), then web (answers under way are finished), then the worker (the slice under way too).
Danger: a process that dies at once and for ever would be restarted for ever; after a few deaths in a minute everything
is stopped with the reason.
"""

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path
from typing import IO

DEATHS_TOLERATED = 3  # of one process within DEATHS_SECONDS
DEATHS_SECONDS = 60.0
RESTART_PAUSE = 1.0  # seconds, longer after each death: what it needs may be starting itself
STOP_ORDER = ("beat", "web", "worker")
STOP_SECONDS = 40.0  # the worker's own soft shutdown takes 20
COLOURS = cycle(["36", "33", "35", "32"])


class SupervisedProcessFailed(RuntimeError):
    """A process died more often than is tolerated."""


def read_procfile(path: Path) -> dict[str, str]:
    """The commands of a Procfile by name. Raises ValueError for a line that is none."""
    commands: dict[str, str] = {}
    for number, line in enumerate(path.read_text().splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        name, colon, command = line.partition(":")
        if not colon or not name.strip().isidentifier() or not command.strip():
            raise ValueError(f"{path.name}, line {number}: expected `name: command`")
        commands[name.strip()] = command.strip()
    return commands


@dataclass
class Terminal:
    """Where everybody's lines go, one whole line at a time. A terminal that was closed is no reason to fail."""

    stream: IO[str]
    width: int = 8
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def write(self, name: str, line: str, colour: str = "0") -> None:
        prefix = f"{name:<{self.width}}| "
        if self.stream.isatty():
            prefix = f"\033[{colour}m{prefix}\033[0m"
        with self._lock, contextlib.suppress(OSError):
            self.stream.write(f"{prefix}{line}\n")
            self.stream.flush()


@dataclass
class SupervisedProcess:
    """One command, as often as it takes."""

    name: str
    command: str
    environment: dict[str, str]
    directory: Path
    terminal: Terminal
    colour: str = field(default_factory=lambda: next(COLOURS))
    deaths: deque[float] = field(default_factory=deque)
    _running: subprocess.Popen[str] | None = None
    _relaying: threading.Thread | None = None

    def start(self) -> None:
        """Start it. `exec` makes the shell become the program, so that signals reach the program itself."""
        self._running = subprocess.Popen(
            ["/bin/sh", "-c", f"exec {self.command}"],
            cwd=self.directory,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,
        )
        self._relaying = threading.Thread(target=self._relay, args=(self._running,), daemon=True)
        self._relaying.start()
        self.terminal.write(self.name, f"started, process {self._running.pid}", self.colour)

    @property
    def pid(self) -> int | None:
        return None if self._running is None else self._running.pid

    def exit_code(self) -> int | None:
        """The exit code of a process that has ended, None while it runs. Negative: killed by that signal."""
        return None if self._running is None else self._running.poll()

    def signal(self, number: signal.Signals) -> None:
        """Send it a signal, unless it has ended."""
        if self._running is not None and self._running.poll() is None:
            self._running.send_signal(number)

    def wait(self, seconds: float) -> bool:
        """Wait for its end. False when it still runs."""
        if self._running is None:
            return True
        try:
            self._running.wait(seconds)
        except subprocess.TimeoutExpired:
            return False
        return True

    def kill_group(self) -> None:
        """End it and everything it started, now, and show its last lines."""
        if self._running is not None and self._relaying is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._running.pid, signal.SIGKILL)
            self._running.wait()
            self._relaying.join(timeout=2)

    def _relay(self, process: subprocess.Popen[str]) -> None:
        assert process.stdout is not None
        with process.stdout:
            for line in process.stdout:
                self.terminal.write(self.name, line.rstrip("\n"), self.colour)


class Supervisor:
    """Keeps processes running until it is told to stop."""

    def __init__(
        self,
        commands: dict[str, str],
        *,
        environment: dict[str, str],
        directory: Path,
        terminal: Terminal | None = None,
        watch_over: Callable[[], None] = lambda: None,
        on_start: Callable[[dict[str, int]], None] = lambda processes: None,
    ) -> None:
        """Two calls to the owner: watch_over every few seconds, for servers that are no processes of ours; on_start
        with all process ids by name after any was started."""
        self.terminal = terminal or Terminal(sys.stdout)
        self.processes = [
            SupervisedProcess(name, command, environment, directory, self.terminal)
            for name, command in commands.items()
        ]
        self.watch_over = watch_over
        self.on_start = on_start
        self._stop_wanted = threading.Event()
        self._hurry = threading.Event()

    def start(self) -> None:
        """Start every process."""
        for process in self.processes:
            process.start()
        self._tell_started()

    def run(self) -> None:
        """Keep the processes running until stop is wanted, then stop them in order.

        Raises SupervisedProcessFailed, after everything was stopped, when one keeps dying.
        """
        next_watch = time.monotonic() + 5
        try:
            while not self._stop_wanted.wait(0.2):
                for process in self.processes:
                    self._revive(process)
                if time.monotonic() > next_watch:
                    self.watch_over()
                    next_watch = time.monotonic() + 5
        finally:
            self.stop()

    def want_stop(self, *_: object) -> None:
        """Ask for the end; asked twice, without waiting for work under way. Fit for a signal handler."""
        if self._stop_wanted.is_set():
            self._hurry.set()
        self._stop_wanted.set()

    @property
    def stop_is_wanted(self) -> bool:
        return self._stop_wanted.is_set()

    def stop(self) -> None:
        """Stop every process: in STOP_ORDER, those it does not name first."""
        for process in sorted(self.processes, key=_place_in_stop_order):
            if process.exit_code() is None and process.pid is not None:
                self.terminal.write("desk", f"stopping {process.name}")
            process.signal(signal.SIGTERM)
            deadline = time.monotonic() + STOP_SECONDS
            while not process.wait(0.1):
                if self._hurry.is_set() or time.monotonic() > deadline:
                    break
            process.kill_group()

    def _revive(self, process: SupervisedProcess) -> None:
        code = process.exit_code()
        if code is None or self.stop_is_wanted:
            return
        process.kill_group()  # its own children must not live on beside the new one's
        now = time.monotonic()
        process.deaths.append(now)
        while now - process.deaths[0] > DEATHS_SECONDS:
            process.deaths.popleft()
        if len(process.deaths) > DEATHS_TOLERATED:
            raise SupervisedProcessFailed(
                f"{process.name} ended {len(process.deaths)} times within a minute, at last with code {code}. "
                "Its lines above say why."
            )
        self.terminal.write(process.name, f"ended with code {code}; starting it again", process.colour)
        if self._stop_wanted.wait(RESTART_PAUSE * len(process.deaths)):
            return
        process.start()
        self._tell_started()

    def _tell_started(self) -> None:
        self.on_start({process.name: process.pid for process in self.processes if process.pid is not None})


def stop_on_signals(supervisor: Supervisor, numbers: Iterable[signal.Signals]) -> None:
    """Let these signals mean: stop in order."""
    for number in numbers:
        signal.signal(number, supervisor.want_stop)


def _place_in_stop_order(process: SupervisedProcess) -> int:
    return STOP_ORDER.index(process.name) if process.name in STOP_ORDER else -1
