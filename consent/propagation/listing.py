"""Whom a recipient or a source has to stop for, as a file that an officer hands on."""

import csv
import io

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from consent.propagation.models import WithdrawalTask
from privacy.register.csv_cells import text_cell


def as_csv(tasks: QuerySet[WithdrawalTask]) -> str:
    """One line for each task, the person by all that they are known by: who gets the list must find them."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([_("person"), _("purpose"), _("withdrawn at"), _("to stop by"), _("number")])
    ready = tasks.select_related("purpose", "record").prefetch_related("subject__identifiers").order_by("pk")
    for task in ready.iterator(1000):
        known = ", ".join(each.value for each in task.subject.identifiers.all())
        cells = [known, task.purpose.title, task.record.recorded_at.isoformat(), task.due_on.isoformat(), str(task.pk)]
        writer.writerow([text_cell(cell) for cell in cells])
    return "\ufeff" + out.getvalue()
