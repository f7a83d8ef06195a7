"""The disclosure log as a CSV file. People are named as far as the pages name them, and by their opaque number."""

import csv
import io
from collections.abc import Iterable, Iterator

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from privacy.register.csv_cells import text_cell
from privacy.register.models import Disclosure
from privacy.subjects.identifiers import masked

_AT_ONCE = 1000


def csv_chunks(rows: QuerySet[Disclosure]) -> Iterator[str]:
    """The file, piece by piece, whatever its length."""
    yield "\ufeff" + _lines([_heading()])
    page: list[list[str]] = []
    ready = rows.select_related("recipient", "purpose", "voided").prefetch_related("subject__identifiers")
    for row in ready.iterator(_AT_ONCE):
        page.append(_cells(row))
        if len(page) == _AT_ONCE:
            yield _lines(page)
            page = []
    yield _lines(page)


def known_as(row: Disclosure) -> str:
    """How the person is known, as far as a list may show it."""
    return ", ".join(masked(each.kind, each.value) for each in row.subject.identifiers.all()) or "–"


def _heading() -> list[str]:
    return [
        _("disclosed on"), _("person"), _("number of the person"), _("recipient"), _("country"), _("safeguard"),
        _("kinds of data"), _("purpose"), _("basis"), _("told to the person"), _("how"), _("entered"), _("entered at"),
        _("void because"), _("number"),
    ]  # fmt: skip


def _cells(row: Disclosure) -> list[str]:
    return [
        row.disclosed_on.isoformat(), known_as(row), str(row.subject_id), row.recipient.name, row.recipient.country,
        row.recipient.safeguard_words, row.categories_words, row.purpose.title, row.basis_words,
        _("no") if row.is_secret else _("yes"), row.get_means_display(), row.get_way_display(),
        row.entered_at.isoformat(timespec="seconds"),
        row.voided.get_reason_display() if hasattr(row, "voided") else "", str(row.pk),
    ]  # fmt: skip


def _lines(rows: Iterable[list[str]]) -> str:
    text = io.StringIO()
    csv.writer(text).writerows([text_cell(str(cell)) for cell in row] for row in rows)
    return text.getvalue()
