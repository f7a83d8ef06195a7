"""A register as CSV, with the controller in front of every line, and as XLSX, with a sheet for each."""

import csv
import io

from django.utils.translation import gettext as _

from privacy.paper.workbook import Sheet, workbook
from privacy.register.activities.export.table import Table
from privacy.register.csv_cells import text_cell


def as_csv(table: Table) -> bytes:
    """Every line can be read by itself: it says whose it is, too."""
    names = [name for name, _value in table.particulars]
    values = [value for _name, value in table.particulars]
    text = io.StringIO()
    csv.writer(text).writerows(_safe([[*names, *table.headings], *([*values, *row] for row in table.rows)]))
    return ("\ufeff" + text.getvalue()).encode()


def as_xlsx(table: Table) -> bytes:
    """Cells are texts, never formulas; the same mark as in CSV keeps them so when the sheet is saved as CSV."""
    return workbook(
        [
            Sheet(table.sheet, _safe([table.headings, *table.rows])),
            Sheet(_("Controller"), _safe([[_("Particular"), _("Value")], *map(list, table.particulars)])),
        ],
        made_at=table.made_at,
    )


def _safe(rows: list[list[str]]) -> list[list[str]]:
    return [[text_cell(cell) for cell in row] for row in rows]
