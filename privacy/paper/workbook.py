"""A spreadsheet file (XLSX) of texts: a heading row that stays in sight, and cells that wrap.

Every cell is written as a text, so nothing in it is ever run as a formula or opened as a link.
"""

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from xlsxwriter import Workbook
from xlsxwriter.format import Format

LONGEST_CELL = 32_767
"""Characters that a cell can hold; more is cut, with an ellipsis."""

_WIDTH = 32  # of a column, in characters
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_NOT_IN_A_NAME = re.compile(r"[\[\]:*?/\\']")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet with its rows; the first one is the heading."""

    name: str
    rows: Sequence[Sequence[str]]


def workbook(sheets: Sequence[Sheet], *, made_at: datetime) -> bytes:
    """The file.

    Args:
        made_at: stands in the file as its moment of making; a fixed one makes the bytes reproducible.
    """
    file = io.BytesIO()
    with Workbook(file, {"in_memory": True}) as book:
        book.set_properties({"created": made_at.astimezone(UTC).replace(tzinfo=None)})
        heading = book.add_format({"bold": True, "num_format": "@", "text_wrap": True, "valign": "top"})
        plain = book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"})
        for sheet in sheets:
            _write(book, sheet, heading, plain)
    return file.getvalue()


def _write(book: Workbook, sheet: Sheet, heading: Format, plain: Format) -> None:
    page = book.add_worksheet(_name(sheet.name))
    page.freeze_panes(1, 0)
    page.set_column(0, max((len(row) for row in sheet.rows), default=1) - 1, _WIDTH)
    for number, row in enumerate(sheet.rows):
        for column, cell in enumerate(row):
            page.write_string(number, column, _text(cell), plain if number else heading)


def _name(text: str) -> str:
    """Sheets have names of at most 31 characters, without some signs."""
    return _NOT_IN_A_NAME.sub(" ", text)[:31].strip() or "1"


def _text(cell: str) -> str:
    """What XML cannot hold is left out, and what a cell cannot hold is cut."""
    text = _NOT_XML.sub("", cell.replace("\r\n", "\n").replace("\r", "\n"))
    return text if len(text) <= LONGEST_CELL else text[: LONGEST_CELL - 1] + "…"
