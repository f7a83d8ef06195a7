"""What was written into an organisation once, written again: for what hundreds of tests need alike and is dear to make.

Rows are taken from the tables as they are, so that nothing here knows what they mean. They keep their numbers, which
sequences never give twice. The number of the transaction is written anew: seals go by it.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from django.db import transaction

from privacy.tenants.context import organisation_context, owner_context
from privacy.tenants.db import connection
from privacy.tenants.models import Organisation
from privacy.tenants.privileges import row_guarded_tables

_Rows = dict[str, list[bytes]]  # by table and columns, as COPY writes and reads them
_WRITTEN_ANEW = "transaction"


@dataclass
class Remembered:
    """The rows that something added to an organisation."""

    organisation: Organisation
    _added: _Rows = field(repr=False)

    def write_again(self) -> None:
        """Add them, in the transaction that the caller is in."""
        with owner_context(self.organisation), connection.cursor() as cursor:
            for table, rows in self._added.items():
                with cursor.copy(f"COPY {table} FROM STDIN") as copy:
                    copy.write(b"".join(rows))


def remember(organisation: Organisation, act: Callable[[], object]) -> Remembered:
    """Have something done in an organisation, note what it added, and undo it.

    Raises AssertionError when it changed or removed what was there before: that cannot be written again.
    """
    with transaction.atomic():
        before = _rows(organisation)
        with organisation_context(organisation):
            act()
        after = _rows(organisation)
        transaction.set_rollback(True)
    for table, rows in before.items():
        assert set(rows) <= set(after[table]), f"rows of {table} were changed or removed"
    added = {table: [row for row in rows if row not in set(before[table])] for table, rows in after.items()}
    return Remembered(organisation, {table: rows for table, rows in added.items() if rows})


def _rows(organisation: Organisation) -> _Rows:
    found = {}
    with owner_context(organisation), connection.cursor() as cursor:
        cursor.execute(
            "SELECT format('%%I.%%I (%%s)', n.nspname, c.relname, string_agg(quote_ident(a.attname), ', '"
            " ORDER BY a.attnum)) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
            " JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped"
            " AND a.attgenerated = '' AND a.attname <> %s"
            " WHERE c.relkind = 'r' AND (n.nspname = %s OR n.nspname = 'public' AND c.relname = ANY(%s))"
            " GROUP BY n.nspname, c.relname ORDER BY 1",
            [_WRITTEN_ANEW, organisation.schema_name, row_guarded_tables()],
        )
        for (table,) in cursor.fetchall():
            with cursor.copy(f"COPY {table} TO STDOUT") as copy:
                found[table] = [bytes(row) for row in copy]
    return found
