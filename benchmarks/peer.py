"""One consent at a time, beside c15t's own backend: a peer of which people ask how ours compares.

It has Node.js and a database of its own on the same server, and each of the two is called in its own process, without
a network. It asks nobody for a key, seals nothing and signs no receipt; what it writes is a row and an audit entry.
"""

import os
import shutil
import statistics
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

from benchmarks.consent import CALLS, PREFIX, ROUNDS, full_calls, furnish_register, seconds
from benchmarks.own_organisation import organisation_of_its_own
from privacy.officers.models import Scope
from privacy.tenants.context import public_context

FOLDER = Path(__file__).with_name("c15t")
DATABASE = "bench_c15t"


def row() -> dict[str, Any]:
    """One line of the table of `make bench`; without npm it says so."""
    if shutil.which("npm") is None or shutil.which("node") is None:
        return _line("not installed: there is no Node.js here", "", None)
    with organisation_of_its_own(PREFIX) as organisation, _peer() as peer:
        ours = full_calls(organisation, furnish_register(Scope.CONSENTS_WRITE))
        peer(20), seconds(ours, 60)  # warm up
        times = [(peer(CALLS), seconds(ours, CALLS)) for _ in range(ROUNDS)]
    theirs, own = (CALLS / statistics.median(column) for column in zip(*times, strict=True))
    return _line(f"{theirs:.0f}/s c15t's backend, no key, seal or receipt", f"{own:.0f}/s", round(own / theirs, 2))


def _line(floor: str, ours: str, ratio: float | None) -> dict[str, Any]:
    return {
        "work": "consent captured one by one, beside a peer", "floor": floor, "ours": ours, "ratio": ratio, "goal": "",
        "met": None,
    }  # fmt: skip


@contextmanager
def _peer() -> Iterator[Any]:
    """What has the peer record so many consents and says how many seconds they took."""
    folder = _installed()
    with _database() as address:
        process = subprocess.Popen(
            ["node", "recording.mjs"],
            cwd=folder,
            env={"PATH": os.environ["PATH"], "PEER_DATABASE": address},
            text=True,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )

        def record(number: int) -> float:
            assert process.stdin is not None
            assert process.stdout is not None
            print(number, file=process.stdin, flush=True)
            return float(process.stdout.readline())

        try:
            yield record
        finally:
            process.communicate()


def _installed() -> Path:
    """The peer's program with its packages, in the folder for what benchmarks leave behind."""
    folder = Path(settings.BASE_DIR) / "var" / "bench-c15t"
    folder.mkdir(parents=True, exist_ok=True)
    for each in FOLDER.iterdir():
        shutil.copy(each, folder)
    command = ["npm", "install", "--silent", "--no-audit", "--no-fund", "--no-package-lock"]
    subprocess.run(command, cwd=folder, check=True, timeout=300)
    return folder


@contextmanager
def _database() -> Iterator[str]:
    """An empty database; its address for the peer's driver."""
    ours = connection.settings_dict
    _run(f'DROP DATABASE IF EXISTS "{DATABASE}" WITH (FORCE)', f'CREATE DATABASE "{DATABASE}"')
    try:
        yield f"postgresql://{ours['USER']}@/{DATABASE}?host={ours['HOST']}&port={ours['PORT']}"
    finally:
        _run(f'DROP DATABASE IF EXISTS "{DATABASE}" WITH (FORCE)')


def _run(*statements: str) -> None:
    with public_context(), connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
