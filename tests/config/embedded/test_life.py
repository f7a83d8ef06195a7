"""The servers live as long as somebody uses them, however many come and however they go."""

import os
import signal
import time

import pytest

from config.embedded import keeper, processes
from config.embedded.servers import Servers
from tests.config.embedded.conftest import ask
from tests.config.waiting import wait_until

WAIT_FOR_A_LINE = "import sys; print('using', flush=True); sys.stdin.readline()"


def test_a_second_call_gives_the_server_that_runs(servers):
    first = servers.ensure_postgres(), servers.ensure_redis(), servers.status()
    second = servers.ensure_postgres(), servers.ensure_redis(), servers.status()
    assert first == second
    assert None not in (first[2].postgres, first[2].redis)


def test_three_starters_at_once_give_one_server(servers, in_another_process):
    code = "print(servers.ensure_postgres(), servers.ensure_redis(), servers.status(), flush=True)\n" + WAIT_FOR_A_LINE
    starters = [in_another_process(servers, code) for _ in range(3)]
    answers = [starter.stdout.readline() for starter in starters]
    assert answers == [answers[0]] * 3
    assert f"postgres={servers.status().postgres}," in answers[0]
    data = servers.root / "postgres/data"
    candidates = [one for one in processes.working_in(data, "postgres") if one.cmdline()[0].endswith("/postgres")]
    assert len(candidates) == 1


def test_two_starters_at_once_make_the_data_once(root, in_another_process):
    servers = Servers(root / "new", durable=False)
    starters = [in_another_process(servers, "print(servers.ensure_postgres(), servers.status())") for _ in range(2)]
    answers = [starter.communicate(timeout=60)[0] for starter in starters]
    assert [answer.startswith("postgresql://") for answer in answers] == [True, True]
    assert sorted(entry.name for entry in (servers.root / "postgres").iterdir()) == [
        "data", "initdb.log", "server.log", "socket",
    ]  # fmt: skip


def test_the_last_user_stops_the_servers_and_no_earlier_one(servers, in_another_process):
    code = "servers.ensure_postgres(); servers.ensure_redis()\n" + WAIT_FOR_A_LINE
    first, last = in_another_process(servers, code), in_another_process(servers, code)
    assert (first.stdout.readline(), last.stdout.readline()) == ("using\n", "using\n")
    first.communicate("go\n", timeout=20)
    running = servers.status()
    assert None not in (running.postgres, running.redis)
    last.communicate("go\n", timeout=20)
    stopped = servers.status()
    assert (stopped.postgres, stopped.redis) == (None, None)


def test_servers_whose_only_user_was_killed_are_stopped_by_their_keeper(servers, in_another_process):
    user = in_another_process(servers, "servers.ensure_postgres(); servers.ensure_redis()\n" + WAIT_FOR_A_LINE)
    assert user.stdout.readline() == "using\n"
    assert None not in (servers.status().postgres, servers.status().redis)
    user.kill()
    wait_until(lambda: (servers.status().postgres, servers.status().redis) == (None, None))


def test_a_forked_child_keeps_the_servers_that_its_parent_started(servers, in_another_process):
    fork = "import os\nservers.ensure_postgres()\nif os.fork():\n    os._exit(0)\n"
    child = in_another_process(servers, fork + WAIT_FOR_A_LINE)
    assert child.stdout.readline() == "using\n"
    child.wait(timeout=10)  # the parent
    time.sleep(0.5)
    assert servers.status().postgres is not None
    child.stdin.close()
    wait_until(lambda: servers.status().postgres is None)


def test_release_stops_the_servers_before_it_returns(servers):
    servers.ensure_postgres()
    servers.ensure_redis()
    servers.release()
    assert (servers.status().postgres, servers.status().redis) == (None, None)


def test_pinned_servers_stay_without_a_user_until_they_are_stopped(servers, in_another_process):
    keeper.pin(servers.root)
    in_another_process(servers, "servers.ensure_postgres()").communicate(timeout=20)
    time.sleep(0.5)
    assert servers.status().postgres is not None
    keeper.unpin(servers.root)
    wait_until(lambda: servers.status().postgres is None)


def test_deleted_servers_are_stopped_and_begin_empty(root):
    servers = Servers(root / "new", durable=False)
    ask(servers.ensure_postgres(), "CREATE TABLE kept ()")
    servers.delete()
    assert servers.status().postgres is None
    assert ask(servers.ensure_postgres(), "SELECT to_regclass('kept')") is None


@pytest.mark.parametrize("signal_number", [signal.SIGTERM, signal.SIGKILL])
def test_a_starter_that_dies_while_it_makes_the_data_leaves_nothing_that_disturbs(
    root, in_another_process, signal_number
):
    servers = Servers(root / "new", durable=False)
    starter = in_another_process(servers, "servers.ensure_postgres()")
    wait_until(lambda: list((root / "new/postgres").glob("half-made-*/base/1/*")))
    os.kill(starter.pid, signal_number)
    starter.wait(timeout=10)
    assert not (root / "new/postgres/data").exists()
    assert ask(servers.ensure_postgres(), "SELECT current_user") == "privacy_desk"
    servers.restart_postgres()
    assert ask(servers.ensure_postgres(), "SELECT current_database()") == "privacy_desk"
