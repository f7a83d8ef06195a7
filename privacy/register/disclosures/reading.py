"""Reading a CSV file with disclosures. Every row is read, and every fault of a row says by its line what to do.

Messages never repeat what the file holds: it names people.
"""

import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from privacy.register.disclosures.columns import COLUMNS
from privacy.register.disclosures.errors import DisclosureRefused
from privacy.register.disclosures.statement import DisclosureStatement
from privacy.subjects.identifiers import IdentifierInvalid, IdentifierKind, normalise
from privacy.subjects.people import Person
from privacy.subjects.reading import NOT_TEXT

MOST_ROWS = 10_000
LARGEST_FILE = 8 * 1024 * 1024
LONGEST_CELL = 4000
_NAMES = tuple(column.name for column in COLUMNS)
_REQUIRED = tuple(column.name for column in COLUMNS if column.required)


class FileUnreadable(Exception):
    """Nothing of the file can be used; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the file. `line`: as an editor counts them.

    `said`: as far as it could be read; None when its cells cannot be told apart. It is a statement only where there are
    no `faults`, each of which names the column that could not be read.
    """

    line: int
    said: DisclosureStatement | None
    faults: tuple[DisclosureRefused, ...] = ()


def text_of(content: bytes) -> str:
    """The text of an uploaded file.

    Raises:
        FileUnreadable: it is too large, or no text in UTF-8.
    """
    if len(content) > LARGEST_FILE:
        raise FileUnreadable(_("The file is larger than 8 MB. Divide it into several."))
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise FileUnreadable(_("The file is not in UTF-8. Save it as “CSV UTF-8” and upload it again.")) from None
    if NOT_TEXT.search(text):
        raise FileUnreadable(_("The file holds characters that no text has. Save it as “CSV UTF-8” and try again."))
    return text


def read_rows(text: str) -> list[Row]:
    """Every row of a file.

    Raises:
        FileUnreadable: there are no rows, too many, or the columns are others.
    """
    lines = _lines(text)
    _number, heading = next(lines, (1, []))
    places = _places([cell.strip().lower() for cell in heading])
    rows: list[Row] = []
    for number, cells in lines:
        if len(rows) == MOST_ROWS:
            raise FileUnreadable(_("The file has more than %d rows. Divide it into several.") % MOST_ROWS)
        rows.append(_row(number, cells, places, columns=len(heading)))
    if not rows:
        raise FileUnreadable(_("There is no row below the names of the columns."))
    return rows


def _lines(text: str) -> Iterator[tuple[int, list[str]]]:
    """Every row that is not empty, with the line on which it begins."""
    delimiter = ";" if text.partition("\n")[0].count(";") > text.partition("\n")[0].count(",") else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    begins = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield begins, cells
            begins = reader.line_num + 1
    except csv.Error:
        raise FileUnreadable(
            _("The quotation marks from line %d on do not come in pairs. Correct them, or save the file as CSV anew.")
            % begins
        ) from None


def _places(heading: list[str]) -> dict[str, int]:
    known = [name for name in heading if name in _NAMES]
    if missing := [name for name in _REQUIRED if name not in known]:
        raise FileUnreadable(_("The first line has to name the columns. Missing: %s.") % ", ".join(missing))
    if len(known) != len(heading) or len(set(known)) != len(known):
        raise FileUnreadable(_("Use only these columns, each once: %s.") % ", ".join(_NAMES))
    return {name: heading.index(name) for name in known}


def _row(number: int, cells: list[str], places: dict[str, int], *, columns: int) -> Row:
    if len(cells) > columns:
        words = _("There are more cells than columns. Put quotation marks around what holds the separator.")
        return Row(number, None, (DisclosureRefused("row", words),))
    said = {name: cells[place].strip() if place < len(cells) else "" for name, place in places.items()}
    faults = [DisclosureRefused(name, _("This cell is empty. Fill it in.")) for name in _REQUIRED if not said[name]]
    if any(len(value) > LONGEST_CELL for value in said.values()):
        faults.append(DisclosureRefused("row", _("A cell is longer than %d characters. Shorten it.") % LONGEST_CELL))
    statement = _statement(said, faults)
    return Row(number, statement, tuple(faults))


def _statement(said: dict[str, str], faults: list[DisclosureRefused]) -> DisclosureStatement:
    """What the cells say; what cannot be read is added to the faults and left empty."""

    def read(what: Callable[[], Any], otherwise: Any) -> Any:
        try:
            return what()
        except DisclosureRefused as refusal:
            faults.append(refusal)
            return otherwise

    return DisclosureStatement(
        recipient=said["recipient"],
        purpose=said["purpose"],
        disclosed_on=read(lambda: _day(said["date"]), date.min) if said["date"] else date.min,
        categories=tuple(said["categories"].replace(",", " ").lower().split()),
        means=said["means"].lower(),
        person=read(lambda: _person(said), None),
        ground=said.get("ground", "").lower(),
        authority=said.get("authority", ""),
        approver=said.get("approver", ""),
        is_secret=read(lambda: _yes(said.get("secret", "")), False),
        reference=said["reference"],
        note=said.get("note", ""),
    )


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise DisclosureRefused("date", _("Write the day as year, month and day, like 2026-03-31.")) from None


def _person(said: dict[str, str]) -> Person | None:
    named = [(kind, said[kind]) for kind in IdentifierKind.values if said.get(kind)]
    if len(named) != 1:
        raise DisclosureRefused("email", _("Fill in exactly one of: %s.") % ", ".join(IdentifierKind.values))
    kind, value = named[0]
    try:
        return Person.known_by(kind, normalise(kind, value))
    except IdentifierInvalid as error:
        raise DisclosureRefused(kind, str(error)) from None


def _yes(text: str) -> bool:
    if text.lower() not in ("", "yes", "no"):
        raise DisclosureRefused("secret", _("Write yes, or leave it empty."))
    return text.lower() == "yes"
