"""A server is known by its name and its working directory, never by a number."""

import shutil
import subprocess

import psutil
import pytest

from config.embedded import processes
from tests.config.waiting import wait_until


@pytest.fixture
def program(tmp_path):
    """A program called postgres that only sleeps, started in a directory of choice."""
    copy = tmp_path / "postgres"
    shutil.copy("/bin/sleep", copy)
    started = []

    def start(directory):
        directory.mkdir(exist_ok=True)
        started.append(subprocess.Popen([copy, "60"], cwd=directory))
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.wait()


def pids(directory, name="postgres"):
    return sorted(process.pid for process in processes.working_in(directory, name))


def test_only_programs_of_that_name_in_that_directory_are_found(program, tmp_path):
    ours, other = program(tmp_path / "data"), program(tmp_path / "other")
    assert pids(tmp_path / "data") == [ours.pid]
    assert pids(tmp_path / "other") == [other.pid]
    assert pids(tmp_path / "data", "redis-server") == []


def test_a_directory_reached_through_a_link_is_the_same_directory(program, tmp_path):
    ours = program(tmp_path / "data")
    (tmp_path / "link").symlink_to(tmp_path / "data")
    assert pids(tmp_path / "link") == [ours.pid]


def test_a_zombie_counts_as_ended(program, tmp_path):
    ours = program(tmp_path / "data")
    process = psutil.Process(ours.pid)
    assert processes.has_ended(process) is False
    process.kill()
    wait_until(lambda: process.status() == psutil.STATUS_ZOMBIE)
    assert processes.has_ended(process) is True
    assert pids(tmp_path / "data") == []


def test_a_program_started_detached_is_no_child_of_ours_and_writes_to_its_log(tmp_path):
    log = tmp_path / "log"
    process = processes.start_detached(["/bin/sh", "-c", "echo word; exec sleep 60"], log)
    try:
        assert process.ppid() != psutil.Process().pid
        wait_until(lambda: log.read_text() == "word\n")
    finally:
        process.kill()
