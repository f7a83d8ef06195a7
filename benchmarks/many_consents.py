"""One organisation with 1,000,000 consents: how long an answer takes, and how long checking all seals takes.

The consents are recorded by the bulk call's own service and sealed as always; nothing is copied. Answers are measured
beside a bare query of the same rows by their key; verification beside reading the same rows without looking at them.
"""

import json
import os
import random
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

from django.db import connection
from django.test import Client

from benchmarks.consent import furnish_register, post, the_portal
from benchmarks.own_organisation import organisation_of_its_own
from consent.models import ConsentRecord, CurrentConsent
from consent.services import record_statements
from consent.statement import Statement
from privacy.ledger.actors import SYSTEM
from privacy.ledger.sealing import seal_all
from privacy.ledger.verification import verify_organisation
from privacy.officers.models import Scope
from privacy.subjects.links import new_link
from privacy.subjects.models import LinkPurpose
from privacy.subjects.services import find_subject

CONSENTS = int(os.environ.get("BENCH_CONSENTS", "1000000"))
AT_ONCE = 10_000
ASKED = 400
PREFIX = "bench-many-"
GOAL_LOOKUP_MS = 50
GOAL_VERIFYING = 0.1


def rows() -> list[dict[str, Any]]:
    """Lookup, preference centre and verification, for the table of `make bench`."""
    with organisation_of_its_own(PREFIX) as organisation:
        key = furnish_register(Scope.CONSENTS_WRITE, Scope.CONSENTS_READ)
        recording = _seconds(lambda: _record(CONSENTS))
        sys.stderr.write(f"  recorded {CONSENTS / recording:,.0f} a second, all of people who are new\n")
        host = f"{organisation.slug}.localhost"
        lookup = _in_turns(_bare_lookup, _lookup(host, key))
        page = _in_turns(_bare_lookup, _page(host))
        sealing = _seconds(seal_all)
        verifying, floor = _seconds(_verify), _seconds(_read_all)
    return [
        _answer_row("look up one person", lookup, goal=f"95 of 100 under {GOAL_LOOKUP_MS} ms"),
        _answer_row("preference centre of one person", page, goal=""),
        {
            "work": f"verify {CONSENTS:,} consents (sealing them took {sealing:.0f} s)",
            "floor": f"{CONSENTS / floor:,.0f} rows/s, reading them without a look",
            "ours": f"{CONSENTS / verifying:,.0f} rows/s",
            "ratio": round(floor / verifying, 2),
            "goal": GOAL_VERIFYING,
            "met": floor / verifying >= GOAL_VERIFYING,
        },
    ]


def _record(number: int) -> None:
    for first in range(0, number, AT_ONCE):
        given = [
            Statement(
                kind="email", identifier=f"person{n}@example.com", purpose="newsletter", decision="given",
                method="electronic",
            )
            for n in range(first, min(first + AT_ONCE, number))
        ]  # fmt: skip
        stored = record_statements(statements=given, actor=SYSTEM)
        if any(each.record_id is None for each in stored):
            raise AssertionError("a consent was refused")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _email() -> str:
    return f"person{random.randrange(CONSENTS)}@example.com"


def _bare_lookup() -> None:
    subject = find_subject(kind="email", value=_email())
    if subject is None or not list(CurrentConsent.objects.filter(subject=subject)):
        raise AssertionError("the person is not known")


def _lookup(host: str, key: str) -> Callable[[], None]:
    handler = the_portal()

    def call() -> None:
        body = json.dumps({"subject": {"email": _email()}})
        found = json.loads(post(handler, host, "/api/v1/consents/lookup/", body, 200, key))
        if found["consents"][0]["decision"] != "given":
            raise AssertionError("the person's consent is not known")

    return call


def _page(host: str) -> Callable[[], None]:
    """The page of a visitor who came by the mailed link."""
    client = Client(headers={"host": host})
    subject = find_subject(kind="email", value=_email())
    assert subject is not None
    client.post(f"/preferences/{new_link(purpose=LinkPurpose.PREFERENCES, subject=subject)}/")

    def call() -> None:
        response = client.get("/preferences/")
        if response.status_code != 200 or b"Newsletter" not in response.content:
            raise AssertionError(f"the preference centre answered {response.status_code}")

    return call


def _in_turns(floor: Callable[[], None], ours: Callable[[], None]) -> tuple[list[float], list[float]]:
    for act in (floor, ours) * 5:
        act()
    pairs = [(_seconds(floor), _seconds(ours)) for _ in range(ASKED)]
    bare, full = zip(*pairs, strict=True)
    return list(bare), list(full)


def _answer_row(work: str, measured: tuple[list[float], list[float]], *, goal: str) -> dict[str, Any]:
    floor, ours = ([1000 * each for each in times] for times in measured)
    late = statistics.quantiles(ours, n=20)[-1]
    return {
        "work": f"{work}, {CONSENTS:,} consents",
        "floor": f"{statistics.median(floor):.1f} ms, two bare queries",
        "ours": f"{statistics.median(ours):.1f} ms; 95 of 100 within {late:.1f} ms",
        "ratio": round(statistics.median(ours) / statistics.median(floor), 1),
        "goal": goal,
        "met": late < GOAL_LOOKUP_MS if goal else None,
    }


def _verify() -> None:
    verdict = verify_organisation()
    if verdict.breaches:
        raise AssertionError("the ledger is broken")


def _read_all() -> None:
    number = sum(1 for _row in ConsentRecord.objects.iterator(chunk_size=2000))
    if number != CONSENTS:
        raise AssertionError(f"{number} rows are there")


def _seconds(act: Callable[[], Any]) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began
