"""Servers of our own in a folder of our own: killing them disturbs nobody."""

import shutil
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

import psycopg
import pytest

from config.embedded import keeper, locks
from config.embedded.servers import Servers
from tests.config.waiting import wait_until

PROJECT = Path(__file__).resolve().parents[3]


@pytest.fixture
def root():
    """A folder that the servers' account reaches, with a short name; everything in it is stopped and deleted."""
    folder = Path(tempfile.mkdtemp(prefix="pd-"))
    folder.chmod(0o755)
    yield folder
    for lock in list(folder.rglob("in-use")):
        Servers(lock.parent, durable=False).stop()
        locks.let_go(lock.parent)
    wait_until(lambda: removed(folder))  # an initdb whose starter was killed may still write


def removed(folder):
    shutil.rmtree(folder, ignore_errors=True)
    return not folder.exists()


@pytest.fixture(scope="session")
def _made_once():
    """Making data takes longest, so it is done once for all tests that do not ask about that."""
    folder = Path(tempfile.mkdtemp(prefix="pd-made-"))
    folder.chmod(0o755)
    made = Servers(folder / "servers", durable=False)
    made.ensure_postgres()
    made.release()
    yield made
    shutil.rmtree(folder)


@pytest.fixture
def servers(_made_once):
    """Stopped servers whose data exist already. What a test leaves in the data stays for the next one."""
    yield _made_once
    keeper.unpin(_made_once.root)
    _made_once.release()
    _made_once.stop()


@pytest.fixture
def in_another_process():
    """Start Python code with `servers` defined in another process; killed at the end if it still runs."""
    with ExitStack() as started:

        def start(servers, code):
            text = "from pathlib import Path\nfrom config.embedded.servers import Servers\n"
            text += f"servers = Servers(Path({str(servers.root)!r}), durable=False)\n{code}\n"
            process = subprocess.Popen(
                [sys.executable, "-c", text], cwd=PROJECT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
            )
            started.enter_context(process)
            started.callback(process.kill)
            return process

        yield start


def ask(url, statement):
    """The first value that the server answers."""
    with psycopg.connect(url, autocommit=True) as connection:
        cursor = connection.execute(statement)
        row = cursor.fetchone() if cursor.description else None
        return row and row[0]
