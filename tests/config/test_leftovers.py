"""A new run ends what a killed one left behind, and no stranger."""

import json
import socket
import subprocess
import sys

import pytest

from config import leftovers


@pytest.fixture
def started():
    """A process that leads a session of its own, as those of the supervisor do."""
    process = subprocess.Popen(["/bin/sleep", "60"], start_new_session=True)
    yield process
    process.kill()
    process.wait()


def test_what_still_runs_is_ended_and_named(started, tmp_path):
    ended = subprocess.Popen(["/bin/true"])
    leftovers.remember(tmp_path / "started", {"web": started.pid, "beat": ended.pid})
    ended.wait()
    assert leftovers.end(tmp_path / "started") == ["web"]
    assert started.wait(5) == -9


def test_the_port_of_an_ended_process_is_free_at_once(tmp_path):
    code = (
        "import socket, time\n"
        "server = socket.create_server(('127.0.0.1', 0))\n"
        "print(server.getsockname()[1], flush=True)\n"
        "time.sleep(60)"
    )
    command = [sys.executable, "-c", code]
    with subprocess.Popen(command, start_new_session=True, stdout=subprocess.PIPE, text=True) as server:
        port = int(server.stdout.readline())
        leftovers.remember(tmp_path / "started", {"web": server.pid})
        assert leftovers.end(tmp_path / "started") == ["web"]
        with socket.create_server(("127.0.0.1", port)) as ours:
            assert ours.getsockname()[1] == port


def test_another_process_with_the_same_number_lives_on(started, tmp_path):
    path = tmp_path / "started"
    leftovers.remember(path, {"web": started.pid})
    pid, began = json.loads(path.read_text())["web"]
    path.write_text(json.dumps({"web": [pid, began - 1]}))
    assert leftovers.end(path) == []
    assert started.poll() is None


@pytest.mark.parametrize("text", [None, "", "{"])
def test_without_a_readable_list_nothing_is_ended(tmp_path, text):
    if text is not None:
        (tmp_path / "started").write_text(text)
    assert leftovers.end(tmp_path / "started") == []


def test_what_was_ended_once_is_forgotten(started, tmp_path):
    leftovers.remember(tmp_path / "started", {"web": started.pid})
    assert [leftovers.end(tmp_path / "started"), leftovers.end(tmp_path / "started")] == [["web"], []]
