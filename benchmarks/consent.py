"""How fast consents are recorded: one by one against a bare view, and by the ten thousand against COPY.

One by one: the whole stack (host, key, terms, lock, record, state, ledger, signed receipt) against a bare DRF view,
without middleware and key, that checks four fields and inserts one row. Both through the same WSGI handler.
In bulk: JSON in, JSON out, with people whom the organisation knows already, against COPY of the finished rows into a
table like that of the records, indexes and all.
"""

import io
import json
import statistics
import time
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.core.handlers.wsgi import WSGIHandler
from django.db import connection
from django.test import override_settings
from django.utils import timezone

from benchmarks import bare
from benchmarks.own_organisation import organisation_of_its_own
from consent.models import ConsentRecord
from consent.services import publish_wording
from privacy.ledger.actors import SYSTEM
from privacy.officers.models import ApiKey, Scope
from privacy.register.models import LawfulBasis, Notice, Purpose
from privacy.tenants.context import owner_context
from privacy.tenants.models import Organisation
from privacy.tenants.names import role_name_for

PREFIX = "bench-consent-"
GOAL_SINGLE, GOAL_BULK = 0.5, 0.1
ROUNDS, CALLS, RECORDS = 9, 60, 10_000


def single_row() -> dict[str, Any]:
    """One line of the table of `make bench`."""
    measured = measure_single()
    return {
        "work": "consent captured one by one, full stack, signed receipt",
        "floor": f"{measured['floor']:.0f}/s bare DRF view, one insert",
        "ours": f"{measured['ours']:.0f}/s",
        "ratio": round(measured["ratio"], 2),
        "goal": f">= {GOAL_SINGLE}",
        "met": measured["ratio"] >= GOAL_SINGLE,
        "figures": measured,
    }


def bulk_row() -> dict[str, Any]:
    """One line of the table of `make bench`."""
    measured = measure_bulk()
    return {
        "work": f"{RECORDS} consents in one call, sealed, with present state",
        "floor": f"{measured['floor']:.0f}/s by COPY",
        "ours": f"{measured['ours']:.0f}/s",
        "ratio": round(measured["ratio"], 2),
        "goal": f">= {GOAL_BULK}",
        "met": measured["ratio"] >= GOAL_BULK,
        "figures": measured,
    }


def measure_single() -> dict[str, float]:
    """Calls a second (median of rounds, taken in turns): `floor`, `ours`, and their `ratio`."""
    with organisation_of_its_own(PREFIX) as organisation:
        key = furnish_register(Scope.CONSENTS_WRITE)
        make_table(organisation, bare.TABLE)
        floor_calls, full = _bare_calls(), full_calls(organisation, key)
        _rate(floor_calls, 10), _rate(full, 10)  # warm up
        rates = [(_rate(floor_calls, CALLS), _rate(full, CALLS)) for _ in range(ROUNDS)]
    floor, ours = (statistics.median(column) for column in zip(*rates, strict=True))
    return {"floor": floor, "ours": ours, "ratio": ours / floor}


def measure_bulk() -> dict[str, float]:
    """Records a second (median of rounds, taken in turns): `floor`, `ours`, and their `ratio`."""
    with organisation_of_its_own(PREFIX) as organisation:
        key = furnish_register(Scope.CONSENTS_WRITE)
        make_table(organisation, f"CREATE TABLE bench_copy (LIKE {ConsentRecord._meta.db_table} INCLUDING ALL)")
        call = _bulk_call(organisation, key)
        call()  # adds the people, whom the measured rounds then know
        rates = []
        for _ in range(3):
            began = time.perf_counter()
            call()
            ours = RECORDS / (time.perf_counter() - began)
            rates.append((_copy_rate(), ours))
    floor, ours = (statistics.median(column) for column in zip(*rates, strict=True))
    return {"floor": floor, "ours": ours, "ratio": ours / floor}


def _rate(call: Callable[[], None], times: int) -> float:
    return times / seconds(call, times)


def seconds(call: Callable[[], None], times: int) -> float:
    """How long so many calls take."""
    began = time.perf_counter()
    for _ in range(times):
        call()
    return time.perf_counter() - began


def decision(number: int) -> dict[str, Any]:
    return {
        "subject": {"email": f"person{number}@example.com"},
        "purpose": "newsletter",
        "decision": "given",
        "method": "electronic",
    }


def bare_decision() -> dict[str, Any]:
    return {"email": "person1@example.com", "purpose": "newsletter", "decision": "given", "method": "electronic"}


def _bare_calls() -> Callable[[], None]:
    with override_settings(MIDDLEWARE=[], ROOT_URLCONF=bare.__name__):
        handler = WSGIHandler()
    body = json.dumps(bare_decision())

    def call() -> None:
        with override_settings(ROOT_URLCONF=bare.__name__):
            post(handler, "localhost", bare.ADDRESS, body, 201)

    return call


def full_calls(organisation: Organisation, key: str) -> Callable[[], None]:
    handler, host = the_portal(), f"{organisation.slug}.localhost"
    bodies = [json.dumps(decision(number)) for number in range(50)]
    turn = iter(range(10**9))

    def call() -> None:
        post(handler, host, "/api/v1/consents/", bodies[next(turn) % len(bodies)], 201, key)

    return call


def _bulk_call(organisation: Organisation, key: str) -> Callable[[], None]:
    handler, host = the_portal(), f"{organisation.slug}.localhost"
    body = json.dumps({"records": [decision(number) for number in range(RECORDS)]})

    def call() -> None:
        answer = json.loads(post(handler, host, "/api/v1/consents/bulk/", body, 200, key))
        if answer["stored"] != RECORDS:
            raise AssertionError(f"only {answer['stored']} of {RECORDS} records were stored")

    return call


def the_portal() -> WSGIHandler:
    """What the web server's processes run."""
    from config.wsgi import application

    return application


def post(handler: WSGIHandler, host: str, address: str, body: str, expected: int, key: str = "") -> bytes:
    sent, statuses = body.encode(), []
    environ = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": address,
        "SERVER_NAME": host,
        "SERVER_PORT": "80",
        "HTTP_HOST": host,
        "CONTENT_TYPE": "application/json",
        "CONTENT_LENGTH": str(len(sent)),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(sent),
        "wsgi.errors": io.StringIO(),
    } | ({"HTTP_AUTHORIZATION": f"Api-Key {key}"} if key else {})
    answer = handler(environ, lambda status, headers: statuses.append(status))  # type: ignore[arg-type]
    content = b"".join(answer)
    answer.close()
    if not statuses[0].startswith(str(expected)):
        raise AssertionError(f"{address} answered {statuses[0]}")
    return content


def _copy_rate() -> float:
    """Copy rows that are ready, as text, in one statement and one transaction."""
    names = [field.column for field in ConsentRecord._meta.concrete_fields]
    columns = ", ".join(f'"{name}"' for name in names)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {columns} FROM {ConsentRecord._meta.db_table} ORDER BY recorded_at DESC LIMIT {RECORDS}"
        )
        rows = [(uuid.uuid4(), *row[1:]) for row in cursor.fetchall()]
        began = time.perf_counter()
        with cursor.copy(f"COPY bench_copy ({columns}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        return len(rows) / (time.perf_counter() - began)


def furnish_register(*scopes: Scope) -> str:
    """A purpose with words, a notice, and a key with these scopes; returns the key."""
    purpose = Purpose.objects.create(
        code="newsletter",
        title="Newsletter",
        description="News by e-mail.",
        lawful_basis=LawfulBasis.CONSENT,
        withdrawal_consequences="No news.",
        data_categories=["contact"],
    )
    publish_wording(purpose=purpose, language="en", text="Yes, send me news by e-mail.", actor=SYSTEM)
    Notice.objects.create(version="1", title="Notice", body="x", published_at=timezone.now() - timedelta(days=1))
    return ApiKey.objects.create_key(name="bench", scopes=list(scopes))[1]


def make_table(organisation: Organisation, statement: str) -> None:
    role = role_name_for(connection.settings_dict["NAME"], organisation.schema_name)
    table = statement.split()[2]
    with owner_context(organisation), connection.cursor() as cursor:
        cursor.execute(statement)
        cursor.execute(f'GRANT SELECT, INSERT ON {table} TO "{role}"')
        cursor.execute(f'GRANT USAGE ON ALL SEQUENCES IN SCHEMA "{organisation.schema_name}" TO "{role}"')
