"""A server's port is one that nothing else is given while the server is down."""

import socket
from pathlib import Path

import pytest
from redis.connection import parse_url

from config.embedded import ports

SYSTEM_RANGE = Path("/proc/sys/net/ipv4/ip_local_port_range")


def test_the_servers_port_is_outside_the_range_the_system_gives_away(servers):
    port = parse_url(servers.ensure_redis())["port"]
    assert port in ports.PORTS


@pytest.mark.skipif(not SYSTEM_RANGE.exists(), reason="this system does not say its range")
def test_our_range_ends_before_the_one_this_system_gives_away():
    first, _ = SYSTEM_RANGE.read_text().split()
    assert max(ports.PORTS) < int(first)


def test_a_port_somebody_listens_on_is_not_chosen(monkeypatch):
    taken = ports.free_port()
    monkeypatch.setattr(ports, "PORTS", range(taken, taken + 1))
    monkeypatch.setattr(ports, "LOOKS", 1)
    assert ports.free_port() == taken
    with socket.create_server(("127.0.0.1", taken)), pytest.raises(OSError, match="No free port"):
        ports.free_port()
