"""The embedded PostgreSQL after every kind of death, in every kind of folder."""

import os
import subprocess
from pathlib import Path

import psycopg
import psycopg.conninfo
import pytest
import sqlalchemy

from config import database_url
from config.embedded import EmbeddedServerError, places
from config.embedded.servers import Servers
from tests.config.embedded.conftest import ask


@pytest.fixture
def stranger(servers):
    """A living process of the servers' account that has nothing to do with them."""
    arguments = places.places_of(servers.root).run_as()
    process = subprocess.Popen(["/bin/sleep", "60"], **arguments)
    yield process
    process.kill()
    process.wait()


def pid_file(servers):
    return servers.root / "postgres/data/postmaster.pid"


def test_data_survive_a_killed_server_and_the_address_stays(servers):
    address = servers.ensure_postgres()
    ask(address, "CREATE TABLE survivor AS SELECT 7 AS number")
    before = servers.status().postgres
    servers.kill_postgres()
    assert servers.status().postgres is None
    assert servers.ensure_postgres() == address
    assert servers.status().postgres != before
    assert ask(address, "SELECT number FROM survivor") == 7


def test_a_restart_breaks_connections_and_keeps_the_address(servers):
    address = servers.ensure_postgres()
    with psycopg.connect(address) as connection:
        servers.restart_postgres()
        with pytest.raises(psycopg.OperationalError):
            connection.execute("SELECT 1")
    assert ask(address, "SELECT 1") == 1


def test_a_pid_file_with_a_number_that_nobody_has_is_no_hindrance(servers):
    servers.ensure_postgres()
    servers.kill_postgres()
    ended = subprocess.Popen(["/bin/true"])
    ended.wait()
    lines = pid_file(servers).read_text().splitlines()
    pid_file(servers).write_text("\n".join([str(ended.pid), *lines[1:]]) + "\n")
    assert ask(servers.ensure_postgres(), "SELECT 1") == 1


def test_a_pid_file_with_the_number_of_another_process_is_no_hindrance_and_that_process_lives_on(servers, stranger):
    servers.ensure_postgres()
    servers.kill_postgres()
    for file in (pid_file(servers), servers.root / "postgres/socket/.s.PGSQL.5432.lock"):
        lines = file.read_text().splitlines()
        file.write_text("\n".join([str(stranger.pid), *lines[1:]]) + "\n")
    assert servers.status().postgres is None
    assert ask(servers.ensure_postgres(), "SELECT 1") == 1
    servers.stop()
    assert stranger.poll() is None


@pytest.mark.parametrize("text", ["", "not a number\n"])
def test_a_pid_file_cut_short_is_no_hindrance(servers, text):
    servers.ensure_postgres()
    servers.kill_postgres()
    pid_file(servers).write_text(text)
    assert ask(servers.ensure_postgres(), "SELECT 1") == 1


def test_stopping_with_the_pid_of_another_process_in_the_file_ends_nobody(servers, stranger):
    servers.ensure_postgres()
    servers.stop()
    pid_file(servers).write_text(f"{stranger.pid}\n")
    servers.stop()
    assert stranger.poll() is None


def test_files_that_are_no_data_of_postgresql_are_refused_and_kept(root):
    precious = root / "new/postgres/data/precious.txt"
    precious.parent.mkdir(parents=True)
    precious.write_text("mine")
    with pytest.raises(EmbeddedServerError, match="Move them away"):
        Servers(root / "new", durable=False).ensure_postgres()
    assert precious.read_text() == "mine"


def test_data_of_another_major_version_are_refused_and_kept(servers):
    version = servers.root / "postgres/data/PG_VERSION"
    version.write_text("9\n")
    with pytest.raises(EmbeddedServerError, match="made by PostgreSQL 9"):
        servers.ensure_postgres()
    assert version.read_text() == "9\n"
    version.write_text("18\n")


@pytest.fixture(params=["a'b\"c$(d) %20", f"with,comma{'x' * 120}"])
def elsewhere(servers, root, request):
    """The same servers in a folder with a strange name."""
    moved = root / request.param
    servers.root.rename(moved)
    yield Servers(moved, durable=False)
    Servers(moved, durable=False).stop()
    moved.rename(servers.root)


def test_any_folder_will_do(elsewhere):
    address = elsewhere.ensure_postgres()
    assert ask(address, "SELECT current_database()") == "privacy_desk"
    assert elsewhere.status().postgres is not None
    socket_folder = Path(psycopg.conninfo.conninfo_to_dict(address)["host"])
    assert socket_folder.is_relative_to(elsewhere.root) == ("comma" not in elsewhere.root.name)
    engine = sqlalchemy.create_engine(database_url.for_sqlalchemy(address))
    with engine.connect() as connection:
        assert connection.execute(sqlalchemy.text("SELECT current_user")).scalar() == "privacy_desk"
    engine.dispose()
    elsewhere.release()
    assert socket_folder.exists() == ("comma" not in elsewhere.root.name)


def test_the_portals_login_makes_databases_and_roles_but_has_not_every_right(servers):
    address = servers.ensure_postgres()
    ask(address, "CREATE DATABASE another")
    ask(address, "CREATE ROLE organisation NOLOGIN")
    assert ask(f"{address}&options=-crole%3Dorganisation", "SELECT current_user") == "organisation"
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        ask(address, "SELECT pg_read_file('/etc/passwd')")
    assert ask(servers.superuser_url(), "SELECT length(pg_read_file('/etc/passwd')) > 0") is True


def test_only_the_servers_account_reaches_the_socket_and_the_network_nobody(servers):
    address = servers.ensure_postgres()
    assert (servers.root / "postgres/socket").stat().st_mode & 0o777 == 0o700
    assert ask(address, "SHOW listen_addresses") == ""


def test_the_log_tells_errors_without_the_values_in_them(servers):
    address = servers.ensure_postgres()
    ask(address, "CREATE TABLE person (email text UNIQUE)")
    ask(address, "INSERT INTO person VALUES ('ama.mensah@example.com')")
    with pytest.raises(psycopg.errors.UniqueViolation):
        ask(address, "INSERT INTO person VALUES ('ama.mensah@example.com')")
    log = (servers.root / "postgres/server.log").read_text()
    assert "duplicate key value violates unique constraint" in log
    assert "ama.mensah" not in log


def test_only_servers_for_tests_give_durability_away(servers):
    address = servers.ensure_postgres()
    assert (ask(address, "SHOW fsync"), ask(address, "SHOW full_page_writes")) == ("off", "off")
    servers.stop()
    durable = Servers(servers.root, durable=True)
    address = durable.ensure_postgres()
    assert (ask(address, "SHOW fsync"), ask(address, "SHOW full_page_writes")) == ("on", "on")


def test_variables_meant_for_other_servers_do_not_reach_ours(servers, monkeypatch):
    monkeypatch.setenv("PGPORT", "6543")
    monkeypatch.setenv("PGDATA", "/nowhere")
    address = servers.ensure_postgres()
    assert ask(address, "SHOW port") == "5432"


def test_text_is_compared_the_same_way_on_every_machine(servers):
    address = servers.ensure_postgres()
    assert ask(address, "SELECT lower('ÉCOLE')") == "école"
    assert ask(address, "SELECT datlocale FROM pg_database WHERE datname = current_database()") == "C.UTF-8"


def test_programs_of_postgresql_can_be_named(servers):
    version = subprocess.run([servers.program("pg_dump"), "--version"], capture_output=True, text=True, check=True)
    assert version.stdout.startswith("pg_dump (PostgreSQL) 18.")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root starts servers as another account")
def test_started_by_root_the_servers_run_as_an_account_without_rights(servers):
    import psutil

    servers.ensure_postgres()
    servers.ensure_redis()
    for pid in (servers.status().postgres, servers.status().redis):
        assert psutil.Process(pid).username() in places.ACCOUNTS_WITHOUT_RIGHTS
