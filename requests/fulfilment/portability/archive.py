"""Writing a portability package: one JSON file with everything, and each table as CSV, never held in memory.

A ZIP file is written one member at a time; so the JSON file waits in an encrypted temporary file while the tables go
into the archive. CSV is RFC 4180: comma, CRLF, quotes where needed, UTF-8 without a byte order mark, names of columns
in the first line. Values are as they are. Text that begins with = or + gets no apostrophe, as it does in the access
package, for the file is made for programs: they would take the apostrophe for a part of the value.
"""

import csv
import io
import json
import tempfile
import zipfile
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO, cast

from privacy.datamap.models import Dataset, Field
from privacy.subjects.files import EncryptedWriter, decrypted
from requests.fulfilment.archive import ALIVE_EVERY, KeepAlive, Writable, chained, file_name
from requests.fulfilment.portability.choosing import LeftOut, Portable
from requests.fulfilment.values import as_json

_WAITING = "requests.portability.waiting"


class PortableArchive:
    """The ZIP file of a portability package. Use it as a context manager; `finish` writes what comes last."""

    def __init__(self, target: Writable, *, about: dict[str, Any], folder: Path, keep_alive: KeepAlive) -> None:
        """about: what data.json says before the tables. folder: for the file that waits, encrypted."""
        self._zip = zipfile.ZipFile(cast(BinaryIO, target), "w", zipfile.ZIP_DEFLATED, compresslevel=6)
        self._about = about
        self._folder = folder
        self._keep_alive = keep_alive
        self._left_out: list[dict[str, Any]] = []
        self._annotations: list[dict[str, Any]] = []
        self._tables = 0
        self._stack = ExitStack()
        self.rows = 0

    def __enter__(self) -> "PortableArchive":
        self._waiting = self._stack.enter_context(tempfile.TemporaryFile(dir=self._folder))
        self._json = EncryptedWriter(self._waiting, context=_WAITING)
        self._json.write(_text(self._about)[:-1] + b', "tables": [')
        return self

    def __exit__(self, *error: object) -> None:
        self._stack.close()

    def leave_out(
        self, source: str, reason: LeftOut, *, dataset: Dataset | None = None, field: Field | None = None
    ) -> None:
        """Name something that does not go along."""
        self._left_out.append(
            {
                "source": source,
                "table": dataset.key if dataset else None,
                "column": field.column if field else None,
                "reason": reason.value,
                "words": str(reason.label),
            }
        )

    def annotate(self, *, about: str, category: str, statement: str, made_at: datetime) -> None:
        """Put the person's words beside the data.

        Args:
            about: the record that was not corrected, in words.
            category: a `DataCategory`. Both are empty where nobody knows.
        """
        self._annotations.append(
            {
                "about": about or None,
                "category": category or None,
                "statement": statement,
                "made_at": made_at.isoformat(),
            }
        )

    def add_table(
        self, dataset: Dataset, columns: Sequence[Portable], first: Sequence[Any], others: Iterable[Sequence[Any]]
    ) -> None:
        """Write a table in both forms. There is at least one row and one column."""
        self._tables += 1
        name = f"data/{self._tables:02d}-{file_name(str(dataset))}.csv"
        self._json.write((b",\n" if self._tables > 1 else b"\n") + _table_head(dataset, columns, name))
        before = self.rows
        with self._zip.open(name, "w", force_zip64=True) as member:
            table = io.TextIOWrapper(member, encoding="utf-8", newline="", write_through=True)
            writer = csv.writer(table)
            writer.writerow([each.field.column for each in columns])
            for row in chained(first, others):
                values = {each.field.column: as_json(row[each.place]) for each in columns}
                writer.writerow([_cell(value) for value in values.values()])
                self._json.write((b",\n" if self.rows > before else b"\n") + _text(values))
                self._count()
            table.flush()
            table.detach()
        self._json.write(b"\n]}")

    def skip(self, rows: Iterable[Sequence[Any]]) -> None:
        """Read on without writing: what is read from a source is read to its end."""
        for number, _row in enumerate(rows, start=1):
            if number % ALIVE_EVERY == 0:
                self._keep_alive()

    def add_text(self, name: str, text: str) -> None:
        """Write a small member."""
        self._zip.writestr(name, text)

    def finish(self) -> None:
        """Write data.json, and the directory without which nothing opens a ZIP file."""
        self._json.write(b'\n], "annotations": ' + _text(self._annotations))
        self._json.write(b', "left_out": ' + _text(self._left_out) + b"}\n")
        self._json.__exit__(None, None, None)
        self._waiting.seek(0)
        with self._zip.open("data.json", "w", force_zip64=True) as member:
            for chunk in decrypted(self._waiting, context=_WAITING):
                member.write(chunk)
                self._keep_alive()
        self._zip.close()

    @property
    def annotations(self) -> list[dict[str, Any]]:
        """The person's words, in the shape of the schema."""
        return self._annotations

    @property
    def left_out(self) -> list[dict[str, Any]]:
        """What was named so far, in the shape of the schema."""
        return self._left_out

    def _count(self) -> None:
        self.rows += 1
        if self.rows % ALIVE_EVERY == 0:
            self._keep_alive()


def _table_head(dataset: Dataset, columns: Sequence[Portable], csv_name: str) -> bytes:
    about = {
        "name": dataset.key,
        "title": str(dataset),
        "source": dataset.source.name,
        "csv": csv_name,
        "columns": [_column(each) for each in columns],
    }
    return _text(about)[:-1] + b', "rows": ['


def _column(each: Portable) -> dict[str, Any]:
    field = each.field
    return {
        "name": field.column,
        "title": field.label or field.column,
        "type": field.data_type,
        "category": field.category,
        "origin": each.origin.value,
        "purposes": [
            {"code": purpose.code, "title": purpose.title, "lawful_basis": purpose.lawful_basis}
            for purpose in field.purposes.all()
            if not purpose.is_prohibited
        ],
    }


def _cell(value: Any) -> str:
    """A JSON value as CSV: nothing for null, text as it is, everything else as JSON writes it."""
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _text(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, allow_nan=False).encode()
