"""The tables of an organisation as lines of JSON, decrypted: its own data, readable elsewhere.

Danger: a table that nobody thought of is missing from "everything".
Rule: the list of tables comes from PostgreSQL's catalog, not from ours. A table without a model is read as it is.
Values that open doors (passwords, tokens, keys) are named in `LEFT_OUT` and replaced; their rows are there.
"""

import json
from collections.abc import Iterator
from datetime import date, time, timedelta
from decimal import Decimal
from typing import Any

from django.apps import apps
from django.db.models import Model

from privacy.ledger.sealed import plain_value
from privacy.tenants.db import connection
from privacy.tenants.schema_version import organisation_app_labels

LEFT_OUT_WORDS = "(left out: it would open a door)"
LEFT_OUT = {
    "officers_officer": {"password"},
    "officers_apikey": {"id", "hashed_key"},
    "django_session": {"session_key", "session_data"},
    "subjects_maillink": {"token_digest"},
    "letters_letter": {"secret"},
    "datamap_source": {"address"},
    "errands_processor": {"secret"},
    "errands_errand": {"callback_digest"},
}
_ROWS_AT_ONCE = 1000


def table_names() -> list[str]:
    """Every table of the current organisation's schema; seals first, so that no seal names a row that comes later."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()")
        names = {name for (name,) in cursor.fetchall()}
    return sorted(names, key=lambda name: (name != "ledger_seal", name))


def lines_of(table: str) -> Iterator[bytes]:
    """The rows of a table, each a JSON object and a line end. Times in UTC, bytes in hexadecimal digits.

    Raises:
        CannotDecrypt: a value was altered, or its key is not in the environment any more.
    """
    left_out = LEFT_OUT.get(table, set())
    for names, values in _rows(table):
        row = {
            name: LEFT_OUT_WORDS if name in left_out and value is not None else _plain(value)
            for name, value in zip(names, values, strict=True)
        }
        yield json.dumps(row, ensure_ascii=False).encode() + b"\n"


def _rows(table: str) -> Iterator[tuple[list[str], tuple[Any, ...]]]:
    model = _model_of(table)
    if model is None:
        yield from _raw_rows(table)
        return
    names = [field.attname for field in model._meta.concrete_fields]
    rows = model._base_manager.order_by("pk").values_list(*names)
    for row in rows.iterator(chunk_size=_ROWS_AT_ONCE):
        yield names, row


def _raw_rows(table: str) -> Iterator[tuple[list[str], tuple[Any, ...]]]:
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608  the name is from the catalog
        names = [column.name for column in cursor.description or ()]
        while rows := cursor.fetchmany(_ROWS_AT_ONCE):
            for row in rows:
                yield names, row


def _model_of(table: str) -> type[Model] | None:
    labels = organisation_app_labels()
    for model in apps.get_models(include_auto_created=True):
        if model._meta.db_table == table and model._meta.app_label in labels and not model._meta.proxy:
            return model
    return None


def _plain(value: Any) -> Any:
    value = plain_value(value)
    return str(value) if isinstance(value, date | time | timedelta | Decimal) else value
