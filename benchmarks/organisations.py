"""How long an organisation takes to be made: replayed from the template, beside migrations, at few and at many."""

import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.management import call_command
from django.db import connection

from privacy.register.furnishing import furnish
from privacy.tenants.context import public_context
from privacy.tenants.models import Organisation
from privacy.tenants.provisioning import create_organisation, destroy_organisation

PREFIX = "bench-org-"
SAMPLE = 5


def measure(many: int = 200) -> dict[str, Any]:
    """Seconds (median of five) to make an organisation at 1 and at `many`, and by migrations as the floor."""
    with _clean():
        first = _median_creation(0)
        for number in range(SAMPLE, many - SAMPLE):
            _create(number)
        later = _median_creation(many - SAMPLE)
        by_migrations = _migrate_an_empty_schema()
    return {
        "work": f"organisation creation, at 1 and at {many}",
        "floor": f"{by_migrations:.2f} s by migrations",
        "ours": f"{first:.2f} s and {later:.2f} s",
        "ratio": round(by_migrations / later, 1),
        "goal": "under 0.5 s, the same at both",
        "met": later < 0.5,
        "figures": {"seconds_at_1": first, f"seconds_at_{many}": later, "seconds_by_migrations": by_migrations},
    }


def _median_creation(start: int) -> float:
    return statistics.median(_create(number) for number in range(start, start + SAMPLE))


def _create(number: int) -> float:
    slug = f"{PREFIX}{number}"
    began = time.perf_counter()
    create_organisation(
        name=slug,
        slug=slug,
        domain=f"{slug}.localhost",
        furnish=lambda organisation: furnish(
            organisation=organisation, laws=("GH",), country="GH", officer_email="officer@example.com"
        ),
    )
    return time.perf_counter() - began


def _migrate_an_empty_schema() -> float:
    """What django-tenants does by itself: run every migration in the new schema."""
    with connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA IF EXISTS organisation_bench CASCADE")
        cursor.execute("CREATE SCHEMA organisation_bench")
    connection.set_schema("organisation_bench")  # type: ignore[attr-defined]
    try:
        with connection.as_owner():  # type: ignore[attr-defined]
            began = time.perf_counter()
            call_command("migrate", "--skip-checks", verbosity=0, interactive=False, only_this_schema=True)
            return time.perf_counter() - began
    finally:
        connection.set_schema_to_public()  # type: ignore[attr-defined]
        with connection.cursor() as cursor:
            cursor.execute("DROP SCHEMA organisation_bench CASCADE")


@contextmanager
def _clean() -> Iterator[None]:
    _destroy_all()
    try:
        yield
    finally:
        _destroy_all()


def _destroy_all() -> None:
    with public_context():
        for organisation in list(Organisation.objects.filter(slug__startswith=PREFIX)):
            destroy_organisation(organisation=organisation)
