"""From which columns a period can be counted."""

from django.utils.translation import gettext as _

from privacy.datamap.cutoffs import holds_date
from privacy.datamap.models import Dataset


def no_date(dataset: Dataset, column: str) -> str:
    """Why no period can be counted from a column of a dataset, and what to choose instead; empty when one can."""
    dates = [each.column for each in dataset.fields.all() if each.vanished_at is None and holds_date(each.data_type)]
    if column in dates:
        return ""
    facts = {"column": column, "dataset": dataset.label, "dates": ", ".join(dates)}
    if dates:
        words = _("“%(column)s” of “%(dataset)s” holds no date to count a period from. Choose one of: %(dates)s.")
        return words % facts
    words = _("No column of “%(dataset)s” holds a date to count a period from. Choose another dataset.")
    return words % facts
