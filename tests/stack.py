"""The whole portal as its own processes: web, Celery worker and beat, on the test database and the test Redis.

Nothing in them knows that it is tested, except that leases and pauses are short (config/settings/test.py).
"""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import httpx
import redis
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.db import connection

from config import embedded, env
from config.database_url import with_database
from config.embedded.ports import free_port

PROJECT = Path(__file__).resolve().parent.parent
BEAT = ["celery", "--app", "config.celery", "beat"]
COMMANDS = {
    "web": ["gunicorn", "--config", "config/gunicorn.py", "config.wsgi:application"],
    "worker": ["celery", "--app", "config.celery", "worker", "--loglevel", "INFO", "--concurrency", "2"],
    "beat": [*BEAT, "--scheduler", "celery.beat:Scheduler", "--pidfile=", "--loglevel", "INFO"],
}
COMMANDS["second_beat"] = COMMANDS["beat"]
LINES_TOLD = 60  # of each log, when a test fails
Answer = TypeVar("Answer")


@dataclass
class Stack:
    """Started processes and where they answer."""

    port: int
    folder: Path
    environment: dict[str, str]
    processes: dict[str, subprocess.Popen] = field(default_factory=dict)

    def start(self, name: str) -> None:
        program, *arguments = COMMANDS[name]
        command = [str(Path(sys.executable).parent / program), *arguments]
        with (self.folder / f"{name}.log").open("ab") as log:
            self.processes[name] = subprocess.Popen(
                command, cwd=PROJECT, env=self.environment, stdout=log, stderr=subprocess.STDOUT, start_new_session=True
            )

    def kill(self, name: str) -> None:
        """End a process and its children as a power failure would."""
        process = self.processes.pop(name)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(10)

    def stop(self) -> None:
        for process in self.processes.values():
            process.terminate()
        for process in self.processes.values():
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait(10)

    def address(self, host: str, path: str = "/") -> str:
        return f"http://{host}:{self.port}{path}"

    def log(self, name: str) -> str:
        return (self.folder / f"{name}.log").read_text(errors="replace")

    def ends_of_logs(self) -> str:
        """What the processes said last, for whoever reads why a test failed."""
        told = []
        for path in sorted(self.folder.glob("*.log")):
            told += [f"--- {path.name}", *self.log(path.stem).splitlines()[-LINES_TOLD:]]
        return "\n".join(told)

    def mails_to(self, address: str) -> list[str]:
        """Mails that were sent to an address, the oldest first, decoded."""
        import email
        import email.policy

        found = []
        for path in sorted(self._mails(), key=lambda each: each.stat().st_mtime):
            message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
            if message["To"] == address:
                found.append(f"{message['Subject']}\n\n{message.get_body(('plain',)).get_content()}")
        return found

    def forget_mails(self) -> None:
        for path in self._mails():
            path.unlink()

    def _mails(self) -> list[Path]:
        return list((self.folder / "data" / "test" / "mail").glob("*.eml"))

    def link_in_mail(self, address: str, path: str) -> str:
        """The newest link with this path that was mailed to an address; waits for it."""

        def look() -> str | None:
            links = [link for mail in self.mails_to(address) for link in re.findall(rf"http://\S+{path}\S+", mail)]
            return links[-1] if links else None

        return wait_for(look, f"a mail to {address} with a link to {path}")


def wait_for(ask: Callable[[], Answer | None], what: str, seconds: float = 60) -> Answer:
    """Ask until there is an answer that is true.

    Raises:
        AssertionError: there is none in time.
    """
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if answer := ask():
            return answer
        time.sleep(0.2)
    raise AssertionError(f"waited {seconds:.0f} s in vain for {what}")


@contextmanager
def running_stack(
    folder: Path, names: tuple[str, ...] = ("web", "worker", "beat"), *, environment: dict[str, str] | None = None
) -> Iterator[Stack]:
    """Start the processes, wait until the web server (if any) answers, and end them afterwards.

    environment: of processes that work on other servers than the tests'.
    """
    if environment is None:
        _forget_messages()
    stack = Stack(port=free_port(), folder=folder, environment={})
    stack.environment = environment or _environment(stack.port, folder)
    try:
        for name in names:
            stack.start(name)
        if "web" in names:
            wait_for(lambda: _answers(stack), "the web server")
        yield stack
    except BaseException:
        sys.stdout.write(stack.ends_of_logs())
        raise
    finally:
        stack.stop()


def collect_static(folder: Path) -> None:
    """Give the processes of a folder style and script: pages keep themselves up to date and hide parts by them."""
    served = folder / "data" / "test" / "static"
    for finder in get_finders():
        for path, storage in finder.list([]):
            (served / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(storage.path(path), served / path)


def _environment(port: int, folder: Path) -> dict[str, str]:
    """The environment of the processes: this test database and Redis, the same keys, mails in a folder of their own."""
    secrets = env.generated_secrets.kept_in(env.data_dir() / "secrets.env")
    return env.child_environment(
        **secrets,
        DJANGO_SETTINGS_MODULE="config.settings.test",
        DATABASE_URL=with_database(env.database_url() or embedded.ensure_postgres(), connection.settings_dict["NAME"]),
        REDIS_URL=settings.CELERY["broker_url"],
        PRIVACY_DESK_DATA_DIR=str(folder / "data"),
        PORT=str(port),
        PYTHONUNBUFFERED="1",
    )


def _forget_messages() -> None:
    """Of jobs of the tests before: nobody took them."""
    with redis.Redis.from_url(settings.CELERY["broker_url"]) as broker:
        broker.flushdb()


def _answers(stack: Stack) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{stack.port}/readyz", timeout=2).status_code == httpx.codes.OK
    except httpx.HTTPError:
        return False
