"""The embedded Redis after a death, and against strangers on the same machine."""

import socket

import pytest
import redis

from config.embedded.redis import answers


@pytest.fixture
def client():
    """Connect to an address; closed at the end."""
    opened = []

    def connect(url):
        opened.append(redis.Redis.from_url(url, decode_responses=True))
        return opened[-1]

    yield connect
    for one in opened:
        one.close()


def test_values_survive_a_killed_server_and_the_address_stays(servers, client):
    address = servers.ensure_redis()
    client(address).set("kept", "7")
    servers.kill_redis()
    assert servers.status().redis is None
    assert answers(address) is False
    servers.start_redis()
    assert answers(address) is True
    assert client(address).get("kept") == "7"


def test_the_server_moves_when_another_program_took_its_port(servers, client):
    before = servers.ensure_redis()
    port = redis.connection.parse_url(before)["port"]
    servers.kill_redis()
    with socket.create_server(("127.0.0.1", port)):
        after = servers.ensure_redis()
    assert after != before
    assert client(after).ping() is True


def test_nobody_gets_in_without_the_password(servers, client):
    address = servers.ensure_redis()
    parts = redis.connection.parse_url(address)
    with pytest.raises(redis.AuthenticationError):
        client(f"redis://127.0.0.1:{parts['port']}/0").ping()
    with pytest.raises(redis.AuthenticationError):
        client(f"redis://:wrong@127.0.0.1:{parts['port']}/0").ping()
    assert client(address).ping() is True


def test_the_password_is_readable_for_the_servers_account_only(servers):
    servers.ensure_redis()
    modes = {name: (servers.root / "redis" / name).stat().st_mode & 0o777 for name in ("address.json", "redis.conf")}
    assert modes == {"address.json": 0o600, "redis.conf": 0o600}
    assert servers.root.joinpath("redis").stat().st_mode & 0o777 == 0o700


def test_it_writes_down_everything_and_never_forgets_to_save_memory(servers, client):
    settings = client(servers.ensure_redis()).config_get("*")
    assert {name: settings[name] for name in ("appendonly", "maxmemory-policy", "bind")} == {
        "appendonly": "yes",
        "maxmemory-policy": "noeviction",
        "bind": "127.0.0.1",
    }
