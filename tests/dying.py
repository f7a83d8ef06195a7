"""Tests during which the interpreter of their process died are run once more, in a process of their own.

Danger: a death (a signal, out of memory) says nothing about the test that happened to be running, and would fail it;
but a test that brings its process down must not pass for it. Rule: the death is printed with the test's name, the test
alone decides in a second process, and what dies or fails there has failed.
"""

import subprocess
import sys

import pytest
from xdist.scheduler import LoadGroupScheduling
from xdist.workermanage import WorkerController

AGAIN = pytest.StashKey[list[str]]()


class Scheduling(LoadGroupScheduling):
    """Hands out the tests of a process that died, and no others.

    The plugin hands out again whatever that process had, with nothing to do in what is done; whoever gets enough of
    that waits for work for ever, and nobody ends (pytest-xdist 3.8).
    """

    def remove_node(self, node: WorkerController) -> str | None:
        had = self.assigned_work[node]
        self.assigned_work[node] = {scope: tests for scope, tests in had.items() if not all(tests.values())}
        return super().remove_node(node)


def note(config: pytest.Config, nodeid: str, report: pytest.TestReport) -> None:
    """Keep a test for the second process; for now it has neither passed nor failed."""
    config.stash.setdefault(AGAIN, []).append(nodeid.rpartition("@")[0] or nodeid)  # without the name of its group
    report.outcome = "rerun"  # type: ignore[assignment]  # a word that pytest's summary shows and does not count


def run_again(session: pytest.Session) -> None:
    """Run what was noted; a failure is the session's."""
    if not (tests := session.config.stash.get(AGAIN, [])):
        return
    sys.stdout.write(f"\n\nA process died. Once more, each in the same new process:\n{chr(10).join(tests)}\n\n")
    sys.stdout.flush()
    ended = subprocess.run([sys.executable, "-m", "pytest", "--numprocesses", "0", *tests], check=False)
    if ended.returncode:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
