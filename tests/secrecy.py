"""Looking for what must be readable nowhere: in every table of the organisation that one is in, and in its jobs."""

import json

from django.db import transaction

from privacy.ledger.actors import SYSTEM
from privacy.ledger.services import record
from privacy.tenants.db import connection


def readable(*values: str) -> set[tuple[str, str]]:
    """Which of the values stands in which table: in a text, inside of JSON, or as the bytes of a binary column.

    Rows are read as PostgreSQL writes them, past models and their decryption. Capitals and small letters are the same.
    """
    forms, found = {value: _forms(value) for value in values}, set()
    with connection.cursor() as cursor:
        cursor.execute("SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = current_schema() ORDER BY 1")
        for table in [*(name for (name,) in cursor.fetchall()), "public.jobs_job"]:
            cursor.execute(f"SELECT lower(t::text) FROM {table} t")
            for (row,) in cursor.fetchall():
                found |= {(table, value) for value in values if any(form in row for form in forms[value])}
    return found


def check_readable_nowhere(*values: str) -> None:
    """Fails where a value is found; and where the same search does not find it as soon as the ledger says it."""
    assert readable(*values) == set()
    with transaction.atomic():
        record(action="control.said", actor=SYSTEM, data={"said": values})
        assert readable(*values) == {("ledger_ledgerentry", value) for value in values}
        transaction.set_rollback(True)


def _forms(value: str) -> set[str]:
    """As a text, inside of JSON with and without escapes, and as bytes. A row's text doubles its quotes once more."""
    texts = {value, json.dumps(value)[1:-1], json.dumps(value, ensure_ascii=False)[1:-1]}
    texts |= {text.replace("\\", "\\\\").replace('"', '""') for text in texts}
    return {text.lower() for text in texts} | {each.encode().hex() for each in (value, value.lower())}
