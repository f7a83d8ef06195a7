"""The record as a table: CSV, with the controller in front of every line, and XLSX, with a sheet for each."""

import csv
import io

from django.utils.translation import gettext as _

from privacy.paper.workbook import Sheet, workbook
from privacy.register.activities.export.columns import columns, controller_rows
from privacy.register.activities.export.shape import Record
from privacy.register.csv_cells import text_cell


def as_csv(record: Record) -> bytes:
    """Every line can be read by itself: it says whose it is, too."""
    ours, told = controller_rows(record), columns()
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([text_cell(heading) for heading, _of in [*ours, *told]])
    for line in record.lines:
        cells = [*(value for _heading, value in ours), *(of(line) for _heading, of in told)]
        writer.writerow([text_cell(cell) for cell in cells])
    return ("\ufeff" + text.getvalue()).encode()


def as_xlsx(record: Record) -> bytes:
    """Cells are texts, never formulas; the same mark as in CSV keeps them so when the sheet is saved as CSV."""
    told = columns()
    return workbook(
        [
            Sheet(
                _("Activities"),
                _safe([[name for name, _of in told], *([of(each) for _n, of in told] for each in record.lines)]),
            ),
            Sheet(_("Controller"), _safe([[_("Particular"), _("Value")], *map(list, controller_rows(record))])),
        ],
        made_at=record.as_at,
    )


def _safe(rows: list[list[str]]) -> list[list[str]]:
    return [[text_cell(cell) for cell in row] for row in rows]
