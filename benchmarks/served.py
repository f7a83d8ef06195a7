"""Consents over HTTP: the portal's web server as it is configured, eight clients at once, and one.

Beside it the bare view behind the same server with the same configuration. Afterwards the records are counted, and each
person's present state is compared with their last record: none may be lost.
"""

import json
import os
import signal
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from django.db import connection

from benchmarks.bare import ADDRESS, TABLE
from benchmarks.consent import GOAL_SINGLE, PREFIX, bare_decision, decision, furnish_register, make_table
from benchmarks.own_organisation import organisation_of_its_own
from config.embedded.ports import free_port
from consent.models import ConsentRecord, CurrentConsent
from privacy.officers.models import Scope
from tests.stack import wait_for

CLIENTS, CALLS, ROUNDS, PEOPLE = 8, 50, 9, 50
PROJECT = Path(__file__).resolve().parent.parent


def row() -> dict[str, Any]:
    """One line of the table of `make bench`."""
    measured = measure()
    return {
        "work": f"consent captured over HTTP, {CLIENTS} clients at once, none lost",
        "floor": f"{measured['floor']:.0f}/s bare DRF view behind the same web server",
        "ours": f"{measured['ours']:.0f}/s; one client {measured['ours_alone']:.0f}/s"
        f" beside {measured['floor_alone']:.0f}/s",
        "ratio": round(measured["ratio"], 2),
        "goal": f">= {GOAL_SINGLE}",
        "met": measured["ratio"] >= GOAL_SINGLE,
        "figures": measured,
    }


def measure() -> dict[str, float]:
    """Calls a second (median of rounds, taken in turns) of eight clients and of one: `floor`, `ours`, and `ratio`.

    Raises:
        AssertionError: a call was refused or lost.
    """
    with organisation_of_its_own(PREFIX) as organisation:
        key = furnish_register(Scope.CONSENTS_WRITE)
        make_table(organisation, TABLE)
        connection.close()  # the servers are others' processes: nothing of ours may be held while they work
        host = f"{organisation.slug}.localhost"
        with _served("benchmarks.bare_server", organisation.schema_name) as bare, _served("config.wsgi") as portal:
            bare_calls = [_message(host, ADDRESS, bare_decision())]
            calls = [_message(host, "/api/v1/consents/", decision(each), key) for each in range(PEOPLE)]
            _rate(bare, bare_calls, CLIENTS), _rate(portal, calls, CLIENTS)  # warm up
            rates = [(_rate(bare, bare_calls, CLIENTS), _rate(portal, calls, CLIENTS)) for _ in range(ROUNDS)]
            alone = [(_rate(bare, bare_calls, 1), _rate(portal, calls, 1)) for _ in range(ROUNDS)]
        _nothing_is_lost(made=CALLS * CLIENTS * (ROUNDS + 1) + CALLS * ROUNDS)
    floor, ours = (statistics.median(column) for column in zip(*rates, strict=True))
    floor_alone, ours_alone = (statistics.median(column) for column in zip(*alone, strict=True))
    return {
        "floor": floor, "ours": ours, "ratio": ours / floor,
        "floor_alone": floor_alone, "ours_alone": ours_alone, "ratio_alone": ours_alone / floor_alone,
    }  # fmt: skip


def _rate(port: int, calls: list[bytes], clients: int) -> float:
    """Calls a second of so many clients that begin together, each with a connection that stays open."""
    with ThreadPoolExecutor(clients) as pool:
        began = time.perf_counter()
        list(pool.map(lambda number: _call(port, calls, number), range(clients)))
        return clients * CALLS / (time.perf_counter() - began)


def _call(port: int, calls: list[bytes], number: int) -> None:
    with socket.create_connection(("127.0.0.1", port)) as link:
        link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for turn in range(CALLS):
            link.sendall(calls[(number * 7 + turn) % len(calls)])
            status = _answer(link)
            if status != b"201":
                raise AssertionError(f"a call was answered with {status.decode()}")


def _answer(link: socket.socket) -> bytes:
    """Read one answer to its end, without a library that would take longer than the server; returns its status."""
    received = b""
    while b"\r\n\r\n" not in received:
        received += _more(link)
    head, _, body = received.partition(b"\r\n\r\n")
    said = head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0]
    while len(body) < int(said) if said else not body.endswith(b"0\r\n\r\n"):  # without a length it is in chunks
        body += _more(link)
    return head.split(b" ", 2)[1]


def _more(link: socket.socket) -> bytes:
    piece = link.recv(65_536)
    if not piece:
        raise AssertionError("the web server ended the connection in front of an answer")
    return piece


def _message(host: str, address: str, decided: dict[str, Any], key: str = "") -> bytes:
    body = json.dumps(decided).encode()
    lines = [
        f"POST {address} HTTP/1.1",
        f"Host: {host}",
        "Content-Type: application/json",
        f"Content-Length: {len(body)}",
    ]
    lines += [f"Authorization: Api-Key {key}"] if key else []
    return "\r\n".join([*lines, "", ""]).encode() + body


def _nothing_is_lost(*, made: int) -> None:
    kept = ConsentRecord.objects.count()
    if kept != made:
        raise AssertionError(f"of {made} calls {kept} are recorded")
    for current in CurrentConsent.objects.all():
        last = ConsentRecord.objects.filter(subject=current.subject_id).order_by("-recorded_at", "-id").first()
        if last is None or current.record_id != last.pk:
            raise AssertionError("the present state of a person is not their last record")


@contextmanager
def _served(module: str, schema: str = "") -> Iterator[int]:
    """The web server with a program, as `config/gunicorn.py` has it; its processes are not renewed meanwhile."""
    port = free_port()
    command = [
        str(Path(sys.executable).with_name("gunicorn")), "--config", "config/gunicorn.py", "--max-requests", "0",
        f"{module}:application",
    ]  # fmt: skip
    environment = os.environ | {"PORT": str(port), "BENCH_SCHEMA": schema, "LOG_LEVEL": "WARNING"}
    process = subprocess.Popen(command, cwd=PROJECT, env=environment)
    try:
        wait_for(lambda: _listens(port), "the web server")
        yield port
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def _listens(port: int) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
        return True
    return False
