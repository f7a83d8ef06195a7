"""`make demo`: from nothing to a portal in the browser, in one terminal, with progress.

Every step may be repeated: a second run continues where the first stopped. It imports no settings itself, so that its
checks and messages come before anything heavy; each step is a management command of its own.
"""

import fcntl
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from config import embedded, env, leftovers
from config.supervisor import SupervisedProcessFailed, Supervisor, Terminal, read_procfile, stop_on_signals

STEPS: list[tuple[str, list[str]]] = [
    ("Making and updating the database", ["migrate_organisations"]),
    ("Collecting style sheets and scripts", ["collectstatic", "--noinput", "--verbosity", "0"]),
    ("Loading two organisations, their cases and a CRM database", ["load_demo"]),
]
ANSWER_SECONDS = 60
STOPPING_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class DemoFailed(RuntimeError):
    """The demo cannot start; the message says what to do."""


def main() -> int:
    """Run the demo until Ctrl-C. The exit code: 0 after an orderly end, 1 when something failed."""
    env.use_mode(env.Mode.DEMO)
    terminal = Terminal(sys.stdout)
    try:
        with _only_one():
            for name in leftovers.end(_started_file()):
                terminal.write("desk", f"ended {name}, left over from a demo that was killed")
            _check_port()
            _run_demo(terminal)
    except KeyboardInterrupt:
        terminal.write("desk", "stopped")
    except (DemoFailed, SupervisedProcessFailed, embedded.EmbeddedServerError, ImproperlyConfigured) as error:
        sys.stderr.write(f"\n{error}\n")
        return 1
    finally:
        embedded.release("demo")
    return 0


def _run_demo(terminal: Terminal) -> None:
    started = time.monotonic()
    environment = _environment()
    total = len(STEPS) + 2
    with _step(terminal, 1, total, "Starting PostgreSQL and Redis"):
        _ensure_servers()
    for number, (title, command) in enumerate(STEPS, start=2):
        with _step(terminal, number, total, title):
            _manage(command, environment, terminal)
    supervisor = Supervisor(
        read_procfile(env.PROJECT / "Procfile"),
        environment=environment,
        directory=env.PROJECT,
        terminal=terminal,
        watch_over=_ensure_servers,
        on_start=lambda processes: leftovers.remember(_started_file(), processes),
    )
    stop_on_signals(supervisor, STOPPING_SIGNALS)
    supervisor.start()
    try:
        with _step(terminal, total, total, "Starting web, worker and beat"):
            _wait_until_it_answers(supervisor)
        if not supervisor.stop_is_wanted:
            _welcome(environment, terminal, time.monotonic() - started)
    except BaseException:
        supervisor.stop()
        raise
    supervisor.run()
    terminal.write("desk", "stopped; `make demo` continues from here")


def _started_file() -> Path:
    return env.data_dir() / "started-processes.json"


def _environment() -> dict[str, str]:
    """What the started processes see: our own environment, this Python's programs first, the demo's settings."""
    programs = str(Path(sys.executable).parent)
    path = os.pathsep.join(part for part in (programs, env.search_path()) if part)
    return env.child_environment(
        PATH=path,
        DJANGO_SETTINGS_MODULE="config.settings.demo",
        PYTHONUNBUFFERED="1",
        # Celery advises against root, at length; who runs a demo as root has decided that.
        PYTHONWARNINGS="ignore:You're running the worker with superuser privileges",
    )


def _ensure_servers() -> None:
    """The embedded servers, where the environment names no real ones."""
    if env.database_url() is None:
        embedded.ensure_postgres("demo")
    if env.redis_url() is None:
        embedded.ensure_redis("demo")


@contextmanager
def _only_one() -> Iterator[None]:
    """Two demos would share one database and one port."""
    env.data_dir().mkdir(parents=True, exist_ok=True)
    with (env.data_dir() / "demo.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise DemoFailed("The demo runs already, in another terminal. Press Ctrl-C there first.") from None
        yield


def _check_port() -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((env.listen_address(), env.port()))
        except OSError as error:
            raise DemoFailed(
                f"Port {env.port()} cannot be used ({error.strerror}). Choose another: make demo PORT={env.port() + 1}"
            ) from None


@contextmanager
def _step(terminal: Terminal, number: int, total: int, title: str) -> Iterator[None]:
    terminal.write("desk", f"[{number}/{total}] {title} ...")
    started = time.monotonic()
    yield
    terminal.write("desk", f"[{number}/{total}] done in {time.monotonic() - started:.1f} s")


def _manage(command: list[str], environment: dict[str, str], terminal: Terminal) -> None:
    """Run a management command and show its lines as they come. Raises DemoFailed when it fails."""
    with _started(command, environment) as process:
        assert process.stdout is not None
        for line in process.stdout:
            terminal.write("desk", f"      {line.rstrip()}")
    if process.returncode != 0:
        raise DemoFailed(f"`manage.py {' '.join(command)}` failed; its lines above say why.")


@contextmanager
def _started(command: list[str], environment: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "manage.py", *command],
        cwd=env.PROJECT, env=environment, text=True, errors="replace", stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    with process:
        yield process


def _wait_until_it_answers(supervisor: Supervisor) -> None:
    """Ask the web server until it answers. Raises DemoFailed when it does not in time or a process has died."""
    deadline = time.monotonic() + ANSWER_SECONDS
    while not supervisor.stop_is_wanted and not _answers():
        dead = [process for process in supervisor.processes if process.exit_code() is not None]
        if dead:
            raise DemoFailed(f"{dead[0].name} ended with code {dead[0].exit_code()}; its lines above say why.")
        if time.monotonic() > deadline:
            raise DemoFailed(f"The portal does not answer after {ANSWER_SECONDS} s; its lines above say why.")
        time.sleep(0.2)


def _answers() -> bool:
    address = "127.0.0.1" if env.listen_address() in ("0.0.0.0", "::") else env.listen_address()  # noqa: S104 - compared
    connection = http.client.HTTPConnection(address, env.port(), timeout=5)
    try:
        connection.request("GET", "/healthz", headers={"Host": env.public_host()})
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _welcome(environment: dict[str, str], terminal: Terminal, seconds: float) -> None:
    """Addresses, logins and where mails go: the demo data know them."""
    with _started(["load_demo", "--print-welcome"], environment) as process:
        assert process.stdout is not None
        text = process.stdout.read()
    terminal.write("desk", f"ready after {seconds:.0f} s")
    for line in text.splitlines():
        terminal.write("desk", line)
    terminal.write("desk", "Ctrl-C stops everything.")


if __name__ == "__main__":
    sys.exit(main())
