"""Writing datasets into a ZIP file that is never held in memory and never on disk in the clear.

A ZIP file is written one member at a time and rows can be read only once; so the JSON form waits in an encrypted
temporary file while the CSV form goes into the archive.
"""

import csv
import hashlib
import io
import json
import re
import tempfile
import unicodedata
import zipfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import tzinfo
from pathlib import Path
from typing import Any, BinaryIO, Protocol, cast

from privacy.subjects.files import EncryptedWriter, decrypted
from requests.fulfilment.values import as_cell, as_json, as_words

SHOWN_ROWS = 100
SHOWN_CHARACTERS = 300
ALIVE_EVERY = 1000
_WAITING = "requests.accesspackage.waiting"

KeepAlive = Callable[[], None]


class Writable(Protocol):
    """What an archive is written to: in order, and never looked at again."""

    def write(self, data: bytes, /) -> int: ...
    def flush(self) -> object: ...


@dataclass(frozen=True)
class Column:
    """A column with what the person should know about it; `is_key`: it is in the files and not on the page."""

    name: str
    label: str
    category: str = ""
    purposes: tuple[str, ...] = ()
    is_key: bool = False


@dataclass
class Section:
    """A dataset as the readable page shows it: all of a small one, the beginning of a large one.

    Keys of rows say nothing to a person, so the page leaves them out; the files have them.
    """

    title: str
    source: str
    columns: Sequence[Column]
    csv_name: str
    json_name: str
    rows: int = 0
    shown: list[list[str]] = field(default_factory=list)

    @property
    def headings(self) -> list[str]:
        return [column.label for column in self.columns if not column.is_key]

    def show(self, row: Sequence[Any], zone: tzinfo) -> None:
        """Add a row to the page."""
        said = (value for column, value in zip(self.columns, row, strict=True) if not column.is_key)
        self.shown.append([_shortened(as_words(value, zone)) for value in said])

    @property
    def categories(self) -> list[str]:
        return sorted({column.category for column in self.columns if column.category})

    @property
    def purposes(self) -> list[str]:
        return sorted({purpose for column in self.columns for purpose in column.purposes})

    @property
    def more(self) -> int:
        """Rows that are in the files only."""
        return self.rows - len(self.shown)


@dataclass(frozen=True)
class AddedFile:
    """A file that came as it is. `size` in bytes; `digest` its SHA-256 (hex)."""

    name: str
    source: str
    size: int
    digest: str


class Archive:
    """The ZIP file of an access package."""

    def __init__(self, target: Writable, *, folder: Path, zone: tzinfo, keep_alive: KeepAlive) -> None:
        """folder: for files that wait, encrypted. zone: in which the page tells times."""
        self._zip = zipfile.ZipFile(cast(BinaryIO, target), "w", zipfile.ZIP_DEFLATED, compresslevel=6)
        self._folder = folder
        self._zone = zone
        self._keep_alive = keep_alive
        self.sections: list[Section] = []
        self.files: list[AddedFile] = []

    def add_dataset(self, *, title: str, source: str, columns: Sequence[Column], rows: Iterable[Sequence[Any]]) -> None:
        """Write one dataset as CSV and JSON. A dataset without rows leaves no files."""
        name = f"data/{len(self.sections) + 1:02d}-{file_name(title)}"
        section = Section(title, source, columns, f"{name}.csv", f"{name}.json")
        iterator = iter(rows)
        first = next(iterator, None)
        if first is None:
            return
        with tempfile.TemporaryFile(dir=self._folder) as waiting:
            with EncryptedWriter(waiting, context=_WAITING) as json_form:
                self._write_rows(section, first, iterator, json_form)
            waiting.seek(0)
            with self._zip.open(section.json_name, "w", force_zip64=True) as member:
                for chunk in decrypted(waiting, context=_WAITING):
                    member.write(chunk)
        self.sections.append(section)

    def add_text(self, name: str, text: str) -> None:
        """Write a small member."""
        self._zip.writestr(name, text)

    def add_file(self, name: str, *, source: str, chunks: Iterable[bytes]) -> None:
        """Write a file as it is.

        Args:
            name: in the archive, with its folder.
            source: where it comes from, in words.
        """
        size, digest = 0, hashlib.sha256()
        with self._zip.open(name, "w", force_zip64=True) as member:
            for chunk in chunks:
                size += member.write(chunk)
                digest.update(chunk)
                self._keep_alive()
        self.files.append(AddedFile(name, source, size, digest.hexdigest()))

    def close(self) -> None:
        """Write the directory of the ZIP file; without it nothing can open it."""
        self._zip.close()

    def _write_rows(
        self, section: Section, first: Sequence[Any], others: Iterable[Sequence[Any]], json_form: EncryptedWriter
    ) -> None:
        json_form.write(_json_head(section))
        with self._zip.open(section.csv_name, "w", force_zip64=True) as member:
            table = io.TextIOWrapper(member, encoding="utf-8-sig", newline="", write_through=True)
            writer = csv.writer(table)
            writer.writerow([column.label for column in section.columns])
            for row in chained(first, others):
                writer.writerow([as_cell(value) for value in row])
                json_form.write((b",\n" if section.rows else b"\n") + _json_row(section, row))
                if section.rows < SHOWN_ROWS:
                    section.show(row, self._zone)
                section.rows += 1
                if section.rows % ALIVE_EVERY == 0:
                    self._keep_alive()
            table.flush()
            table.detach()
        json_form.write(b"\n]}\n")


def chained(first: Sequence[Any], others: Iterable[Sequence[Any]]) -> Iterable[Sequence[Any]]:
    """Rows of which the first was read already, to see whether there is one."""
    yield first
    yield from others


def _json_head(section: Section) -> bytes:
    about = {
        "dataset": section.title,
        "source": section.source,
        "columns": [
            {"name": column.name, "label": column.label, "category": column.category, "purposes": list(column.purposes)}
            for column in section.columns
        ],
    }
    return json.dumps(about, ensure_ascii=False)[:-1].encode() + b', "rows": ['


def _json_row(section: Section, row: Sequence[Any]) -> bytes:
    values = {column.name: as_json(value) for column, value in zip(section.columns, row, strict=True)}
    return json.dumps(values, ensure_ascii=False).encode()


def _shortened(text: str) -> str:
    return text if len(text) <= SHOWN_CHARACTERS else text[: SHOWN_CHARACTERS - 1] + "…"


def file_name(title: str) -> str:
    """A name for a file that every system can unpack."""
    without_accents = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", without_accents.lower()).strip("-")[:60] or "data"
