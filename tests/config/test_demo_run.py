"""`make demo` from its first line to Ctrl-C: real servers, real processes, a small stand-in for the portal."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import psutil
import pytest

from config import env
from config.embedded.ports import free_port
from config.embedded.servers import Servers
from tests.config.waiting import wait_until

PROCFILE = """\
web: python serve.py
worker: sh work.sh
beat: sh work.sh
"""
MANAGE = """\
import sys
print("did", *sys.argv[1:])
if sys.argv[1] == "migrate_organisations" and "broken" in open("state").read():
    sys.exit("the database is broken")
"""
SERVE = """\
import http.server, os
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200 if self.path == "/healthz" else 404)
        self.end_headers()
    def log_message(self, *arguments):
        pass
http.server.ThreadingHTTPServer(("127.0.0.1", int(os.environ["PORT"])), Handler).serve_forever()
"""
WORK = "trap 'echo finished; exit 0' TERM; while :; do sleep 0.05; done\n"


class RunningDemo:
    """A demo in another process, and what its terminal shows."""

    def __init__(self, project, **variables):
        self.port = free_port()
        self.project, self.variables = project, variables
        self.process, self.log = None, project / "terminal"

    def start(self):
        code = "import sys; from pathlib import Path; from config import demo, env\n"
        code += "env.PROJECT = Path(sys.argv[1]); sys.exit(demo.main())"
        variables = {"PORT": str(self.port), "PRIVACY_DESK_DATA_DIR": str(self.project / "var"), **self.variables}
        inherited = {name: value for name, value in os.environ.items() if name not in list(env.Variable)}
        with self.log.open("w") as terminal:
            self.process = subprocess.Popen(
                [sys.executable, "-c", code, str(self.project)],
                cwd=Path(env.__file__).parents[1], env=inherited | variables, stdout=terminal, stderr=terminal,
            )  # fmt: skip
        return self

    def lines(self):
        return self.log.read_text().splitlines()

    def shows(self, line):
        assert self.process.poll() is None or line in self.lines(), self.log.read_text()
        return line in self.lines()

    def wait_until_ready(self):
        wait_until(lambda: self.shows("desk    | Ctrl-C stops everything."), seconds=60)


@pytest.fixture
def demo():
    """Start demos over a small project of their own; whatever they leave is ended."""
    project = Path(tempfile.mkdtemp(prefix="pd-"))
    project.chmod(0o755)
    files = {"Procfile": PROCFILE, "manage.py": MANAGE, "serve.py": SERVE, "work.sh": WORK, "state": "good"}
    for name, text in files.items():
        (project / name).write_text(text)
    started = []

    def make(**variables):
        started.append(RunningDemo(project, **variables))
        return started[-1]

    yield make
    for demo in started:
        if demo.process is not None:
            demo.process.send_signal(signal.SIGTERM)
            demo.process.wait(30)
    Servers(project / "var/demo", durable=True).stop()
    for process in working_below(project):
        process.kill()
    shutil.rmtree(project)


def working_below(project):
    found = []
    for process in psutil.process_iter():
        try:
            if process.status() != psutil.STATUS_ZOMBIE and Path(process.cwd()).is_relative_to(project):
                found.append(process)
        except psutil.Error:
            continue
    return found


NO_SERVERS = {"DATABASE_URL": "postgresql://named/desk", "REDIS_URL": "redis://named/0"}


def test_a_demo_starts_everything_and_ctrl_c_stops_everything_in_order(demo):
    running = demo().start()
    running.wait_until_ready()
    servers = Servers(running.project / "var/demo", durable=True)
    assert None not in (servers.status().postgres, servers.status().redis)
    shown = [line for line in running.lines() if "did" in line]
    assert shown == [
        "desk    |       did migrate_organisations",
        "desk    |       did collectstatic --noinput --verbosity 0",
        "desk    |       did load_demo",
        "desk    | did load_demo --print-welcome",
    ]
    running.process.send_signal(signal.SIGINT)
    assert running.process.wait(30) == 0
    order = [line for line in running.lines() if "stopping" in line or "finished" in line]
    assert [line for line in order if "stopping" in line] == [
        f"desk    | stopping {n}" for n in ("beat", "web", "worker")
    ]
    assert running.lines()[-1] == "desk    | stopped; `make demo` continues from here"
    assert working_below(running.project) == []
    assert (servers.status().postgres, servers.status().redis) == (None, None)


def test_a_demo_that_was_killed_is_cleaned_up_by_the_next_one(demo):
    first = demo(**NO_SERVERS).start()
    first.wait_until_ready()
    first.process.kill()
    first.process.wait()
    left_over = {process.pid for process in working_below(first.project)}
    assert len(left_over) >= 3
    second = demo(**NO_SERVERS)
    second.port = first.port
    second.start().wait_until_ready()
    assert [line for line in second.lines() if "left over" in line] == [
        f"desk    | ended {name}, left over from a demo that was killed" for name in ("web", "worker", "beat")
    ]
    assert left_over & {process.pid for process in working_below(first.project)} == set()


def test_a_step_that_fails_stops_the_demo_and_its_words_are_shown(demo):
    running = demo(**NO_SERVERS)
    (running.project / "state").write_text("broken")
    assert running.start().process.wait(30) == 1
    assert "desk    |       the database is broken" in running.lines()
    assert running.lines()[-1] == "`manage.py migrate_organisations` failed; its lines above say why."
    assert working_below(running.project) == []


def test_a_web_server_that_does_not_start_stops_the_demo_with_the_reason(demo):
    running = demo(**NO_SERVERS)
    (running.project / "serve.py").write_text("raise SystemExit('no address')")
    assert running.start().process.wait(60) == 1
    assert "web     | no address" in running.lines()
    assert running.lines()[-1] == "web ended with code 1; its lines above say why."
    assert working_below(running.project) == []
