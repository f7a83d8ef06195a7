"""A portal on servers of its own, so that they can be restarted without disturbing any other test.

    python -m tests.journey.own_portal make ROWS      an organisation with a large table and an approved run over it
    python -m tests.journey.own_portal look           what became of the run, by the record and by the source

Prints JSON. PRIVACY_DESK_DATA_DIR says where everything lives.
"""

import json
import sys
from typing import Any

import django

SLUG, TABLE = "own", "large_own"


def main(arguments: list[str]) -> dict[str, Any]:
    django.setup()
    return make(int(arguments[1])) if arguments[0] == "make" else look()


def make(rows: int) -> dict[str, Any]:
    from django.core.management import call_command

    from config.embedded import superuser_url
    from privacy.tenants.context import organisation_context
    from tests.conftest import make_organisation
    from tests.large import connect_large, make_large_table, start_large_run

    call_command("migrate_organisations", verbosity=0)
    table = make_large_table(superuser_url("test"), rows, TABLE)
    with organisation_context(make_organisation(SLUG)) as organisation:
        connect_large(table)
        expected = start_large_run().steps.get().expected
    return {"dsn": table.dsn, "schema": organisation.schema_name, "expected": expected}


def look() -> dict[str, Any]:
    from config.embedded import superuser_url
    from privacy.tenants.context import organisation_context
    from privacy.tenants.models import Organisation
    from retention.enums import ChunkState
    from retention.models import Certificate, Run, RunChunk
    from tests.large import LargeTable

    with organisation_context(Organisation.objects.get(slug=SLUG)):
        run = Run.objects.get()
        step = run.steps.get()
        chunks = RunChunk.objects.filter(step=step)
        return {
            "state": run.state,
            "rows": step.rows,
            "left": step.survivors,
            "chunks": sum(chunk.rows for chunk in chunks.filter(state=ChunkState.COMPLETED)),
            "unsettled": chunks.filter(state__in=[ChunkState.INTENDED, ChunkState.PREPARED]).count(),
            "certificates": Certificate.objects.count(),
            "touched": LargeTable(superuser_url("test"), TABLE).touched,
        }


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main(sys.argv[1:])) + "\n")
