"""The formats in which registers can be downloaded."""

from collections.abc import Callable

from privacy.register.activities.export.columns import as_table
from privacy.register.activities.export.linked import as_jsonld
from privacy.register.activities.export.paper import as_pdf
from privacy.register.activities.export.shape import Record
from privacy.register.activities.export.table import Format, R, Table
from privacy.register.activities.export.tables import as_csv, as_xlsx
from privacy.register.activities.export.without_consent import WithoutConsent, without_consent_table


def _tables(table_of: Callable[[R], Table]) -> dict[str, Format[R]]:
    """The formats that show a table."""
    return {
        "xlsx": Format(
            "xlsx",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            lambda register: as_xlsx(table_of(register)),
        ),
        "csv": Format("csv", "text/csv; charset=utf-8", lambda register: as_csv(table_of(register))),
        "pdf": Format("pdf", "application/pdf", lambda register: as_pdf(table_of(register))),
    }


FORMATS: dict[str, Format[Record]] = {
    **_tables(as_table),
    "jsonld": Format("jsonld", "application/ld+json", as_jsonld),
}
"""Of the record of processing activities."""

WITHOUT_CONSENT_FORMATS: dict[str, Format[WithoutConsent]] = _tables(without_consent_table)
"""Of the register of processing without consent: the vocabulary of JSON-LD has no terms for its grounds."""
