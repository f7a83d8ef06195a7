"""A test process that dies takes nothing with it: no test is lost, and the run ends."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
CONFTEST = """
from tests.conftest import pytest_handlecrashitem, pytest_sessionfinish, pytest_xdist_make_scheduler
"""
TESTS = """
import os
import pathlib
import signal
import pytest

@pytest.mark.parametrize("number", range(60))
def test_it(number):
    pathlib.Path(f"ran-{number}").touch()
    if number == 30 and not pathlib.Path("died").exists():
        pathlib.Path("died").touch()
        os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.long
def test_a_run_in_which_a_process_dies_half_way_ends_with_every_test_run(tmp_path):
    (tmp_path / "conftest.py").write_text(CONFTEST)
    (tmp_path / "test_many.py").write_text(TESTS)
    ours = ("DJANGO_", "PYTEST_")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    command = [sys.executable, "-m", "pytest", "-p", "no:randomly", "--numprocesses", "2", "--dist", "loadgroup"]
    ended = subprocess.run(
        [*command, "--rootdir", ".", "-c", os.devnull], cwd=tmp_path, capture_output=True, text=True, timeout=600,
        check=False, env=environment | {"PYTHONPATH": str(PROJECT), "DJANGO_SETTINGS_MODULE": "config.settings.test"},
    )  # fmt: skip
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert (tmp_path / "died").exists()
    assert {path.name for path in tmp_path.glob("ran-*")} == {f"ran-{number}" for number in range(60)}
