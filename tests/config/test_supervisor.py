"""Several processes in one terminal: what dies is started again, and the end has an order."""

import errno
import io
import os
import signal
import threading

import psutil
import pytest

from config import env
from config import supervisor as supervisor_module
from config.embedded import processes
from config.supervisor import SupervisedProcessFailed, Supervisor, Terminal, read_procfile
from tests.config.waiting import wait_until

TRAPPED = "trap 'sleep {}; echo ended {}; exit 0' TERM; echo ready; while :; do sleep 0.05; done"


@pytest.fixture
def supervise(tmp_path, monkeypatch):
    """A supervisor over shell scripts by name, and the text of its terminal."""
    monkeypatch.setattr(supervisor_module, "RESTART_PAUSE", 0.01)
    made = []

    def make(**scripts):
        terminal = Terminal(io.StringIO())
        for name, script in scripts.items():
            (tmp_path / f"{name}.sh").write_text(script)
        commands = {name: f"/bin/sh {name}.sh" for name in scripts}
        made.append(Supervisor(commands, environment={"PATH": os.defpath}, directory=tmp_path, terminal=terminal))
        return made[-1], terminal.stream

    yield make
    for supervisor in made:
        supervisor.want_stop()
        supervisor.want_stop()
        supervisor.stop()


def in_background(supervisor):
    thread = threading.Thread(target=supervisor.run)
    thread.start()
    return thread


def test_the_lines_of_three_processes_carry_their_names(supervise):
    supervisor, text = supervise(web="echo one; sleep 60", worker="echo two; sleep 60", beat="echo three; sleep 60")
    supervisor.start()
    expected = {"web     | one", "worker  | two", "beat    | three"}
    wait_until(lambda: expected <= set(text.getvalue().splitlines()))


def test_a_process_that_dies_is_started_again_with_another_number(supervise):
    supervisor, text = supervise(web="echo here; exec sleep 60")
    supervisor.start()
    first = supervisor.processes[0].pid
    wait_until(lambda: text.getvalue().count("| here") == 1)
    thread = in_background(supervisor)
    os.kill(first, signal.SIGKILL)
    wait_until(lambda: text.getvalue().count("| here") == 2)
    assert "web     | ended with code -9; starting it again" in text.getvalue().splitlines()
    assert supervisor.processes[0].pid != first
    supervisor.want_stop()
    thread.join(10)


def test_children_of_a_dead_process_do_not_live_on(supervise, tmp_path):
    supervisor, _ = supervise(web="sleep 60 & echo $! >child; exec sleep 60")
    supervisor.start()
    wait_until(lambda: (tmp_path / "child").exists() and (tmp_path / "child").read_text().strip())
    child = int((tmp_path / "child").read_text())
    thread = in_background(supervisor)
    os.kill(supervisor.processes[0].pid, signal.SIGKILL)
    wait_until(lambda: has_ended(child))
    supervisor.want_stop()
    thread.join(10)


def test_a_process_that_keeps_dying_stops_everything_with_the_reason(supervise):
    supervisor, text = supervise(web="echo broken; exit 3", worker="exec sleep 60")
    supervisor.start()
    worker = supervisor.processes[1].pid
    with pytest.raises(SupervisedProcessFailed, match="web ended 4 times within a minute, at last with code 3"):
        supervisor.run()
    assert text.getvalue().count("| broken") == 4
    assert has_ended(worker)


def test_beat_stops_first_then_web_then_the_worker_and_each_finishes_its_work(supervise):
    scripts = {name: TRAPPED.format(0.2, name) for name in ("worker", "web", "beat")}
    supervisor, text = supervise(**scripts)
    supervisor.start()
    wait_until(lambda: text.getvalue().count("| ready") == 3)
    supervisor.want_stop()
    supervisor.run()
    wait_until(lambda: text.getvalue().count("| ended") == 3)
    ends = [line for line in text.getvalue().splitlines() if "| ended" in line]
    assert ends == ["beat    | ended beat", "web     | ended web", "worker  | ended worker"]


def test_who_asks_twice_does_not_wait_for_the_work(supervise):
    supervisor, text = supervise(worker=TRAPPED.format(60, "worker"))
    supervisor.start()
    wait_until(lambda: "| ready" in text.getvalue())
    supervisor.want_stop()
    supervisor.want_stop()
    supervisor.run()
    assert supervisor.processes[0].exit_code() == -signal.SIGKILL
    assert "ended worker" not in text.getvalue()


def test_the_owner_hears_of_every_start(supervise):
    supervisor, _ = supervise(web="exec sleep 60")
    told = []
    supervisor.on_start = told.append
    supervisor.start()
    thread = in_background(supervisor)
    first = supervisor.processes[0].pid
    os.kill(first, signal.SIGKILL)
    wait_until(lambda: len(told) == 2)
    assert told == [{"web": first}, {"web": supervisor.processes[0].pid}]
    supervisor.want_stop()
    thread.join(10)


def test_a_closed_terminal_is_no_reason_to_fail():
    class ClosedTerminal(io.StringIO):
        tried = 0

        def write(self, text):
            self.tried += 1
            raise OSError(errno.EIO, "closed")

    closed = ClosedTerminal()
    Terminal(closed).write("web", "nobody reads this")
    assert closed.tried == 1


def test_the_projects_procfile_names_the_three_processes_that_have_a_place_in_the_order():
    assert sorted(read_procfile(env.PROJECT / "Procfile")) == sorted(supervisor_module.STOP_ORDER)


def test_a_procfile_may_have_comments_and_colons_in_commands(tmp_path):
    (tmp_path / "Procfile").write_text("# three\n\nweb: serve --bind :8000\nworker: work\nbeat: tick\n")
    assert read_procfile(tmp_path / "Procfile") == {"web": "serve --bind :8000", "worker": "work", "beat": "tick"}


@pytest.mark.parametrize("line", ["web serve", ": serve", "web:", "a b: serve"])
def test_a_line_that_is_no_process_is_refused_with_its_number(tmp_path, line):
    (tmp_path / "Procfile").write_text(f"web: serve\n{line}\n")
    with pytest.raises(ValueError, match="Procfile, line 2: expected `name: command`"):
        read_procfile(tmp_path / "Procfile")


def has_ended(pid):
    try:
        return processes.has_ended(psutil.Process(pid))
    except psutil.NoSuchProcess:
        return True
