"""The way from the rows to the event as an officer types it: `customer_id → crm.customer (id)`, a step on each line."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from unfold.widgets import UnfoldAdminTextareaWidget

from privacy.datamap.models import Dataset
from retention.paths import hop_in_words

_HOP = re.compile(r"(?P<columns>[^→()]+?)\s*(?:→|->)\s*(?P<to>[^\s()]+)\s*\((?P<to_columns>[^()]+)\)\Z")


class WayField(forms.CharField):
    """A list of {"columns", "to", "to_columns"}, in the words in which a page shows it and an error names it."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", UnfoldAdminTextareaWidget(attrs={"rows": 2}))
        super().__init__(**kwargs)

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, list):
            return value
        return "\n".join(hop_in_words(each["columns"], each["to"], each["to_columns"]) for each in value)

    def to_python(self, value: Any) -> Any:
        lines = [line.strip() for line in (value or "").splitlines()]
        return [_read(line) for line in lines if line]

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return self.to_python(data) != (initial or [])
        except ValidationError:
            return True


def check_way(way: list[dict[str, Any]], start: Dataset, end: Dataset) -> None:
    """Refuse a way that the data map does not know, step by step.

    Raises:
        ValidationError: a dataset or a column is unknown, the numbers of columns differ, or it ends somewhere else.
    """
    datasets = start.source.datasets.prefetch_related("fields")
    columns = {each.key: {field.column for field in each.fields.all()} for each in datasets}
    here = start.key
    for hop in way:
        if hop["to"] not in columns:
            known = ", ".join(sorted(columns))
            words = _("There is no dataset %(to)s. There are: %(known)s.")
            raise ValidationError(words % {"to": hop["to"], "known": known})
        _check_columns(here, hop["columns"], columns[here])
        _check_columns(hop["to"], hop["to_columns"], columns[hop["to"]])
        if len(hop["columns"]) != len(hop["to_columns"]):
            raise ValidationError(_("Name as many columns of %(to)s as lead there.") % hop)
        here = hop["to"]
    if here != end.key:
        words = _("The way ends at %(here)s; it has to lead to %(end)s, the dataset with the event.")
        raise ValidationError(words % {"here": here, "end": end.key})


def _check_columns(dataset: str, named: list[str], known: set[str]) -> None:
    if unknown := [column for column in named if column not in known]:
        words = _("%(dataset)s has no column %(columns)s. It has: %(known)s.")
        listed = {"columns": ", ".join(unknown), "known": ", ".join(sorted(known))}
        raise ValidationError(words % {"dataset": dataset, **listed})


def _read(line: str) -> dict[str, Any]:
    if (match := _HOP.match(line)) is None:
        raise ValidationError(_("Write each step like “customer_id → crm.customer (id)”, one on each line."))
    return {"columns": _names(match["columns"]), "to": match["to"], "to_columns": _names(match["to_columns"])}


def _names(text: str) -> list[str]:
    return [name.strip() for name in text.split(",") if name.strip()]
