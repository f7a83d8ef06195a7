"""The formats in which the record can be downloaded."""

from collections.abc import Callable
from dataclasses import dataclass

from privacy.register.activities.export.linked import as_jsonld
from privacy.register.activities.export.paper import as_pdf
from privacy.register.activities.export.shape import Record
from privacy.register.activities.export.tables import as_csv, as_xlsx


@dataclass(frozen=True, slots=True)
class Format:
    """How a record becomes a file."""

    extension: str
    content_type: str
    render: Callable[[Record], bytes]


FORMATS = {
    "xlsx": Format("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", as_xlsx),
    "csv": Format("csv", "text/csv; charset=utf-8", as_csv),
    "pdf": Format("pdf", "application/pdf", as_pdf),
    "jsonld": Format("jsonld", "application/ld+json", as_jsonld),
}
