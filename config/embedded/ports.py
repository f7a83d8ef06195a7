"""Ports for our servers, from a range the system never gives away by itself.

A port of the system's own range (32768 and up on Linux, 49152 on others) is taken again while our server is down: by
any program that connects somewhere, and even by our own client, whose connection to a closed port of that range can
meet itself. The server would then have to move, and every process that knows its address would look for it in vain.
"""

import random
import socket

PORTS = range(20_000, 32_000)
LOOKS = 100

_dice = random.SystemRandom()


def free_port() -> int:
    """A port of the loopback interface that nobody listens on now, picked at random.

    Raises:
        OSError: none was found.
    """
    for port in _dice.sample(PORTS, LOOKS):
        if is_free(port):
            return port
    raise OSError(f"No free port was found between {PORTS.start} and {PORTS.stop - 1}. End programs that listen there.")


def is_free(port: int) -> bool:
    """Whether a server could listen on this port of the loopback interface now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
