"""The columns by which a row is reached from its parent, one pair on each line: `customer_id = id`."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from unfold.widgets import UnfoldAdminTextareaWidget


class PairsField(forms.CharField):
    """A list of [own column, parent's column]."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", UnfoldAdminTextareaWidget(attrs={"rows": 2}))
        super().__init__(**kwargs)

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(f"{own} = {theirs}" for own, theirs in value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        pairs = [[part.strip() for part in line.split("=")] for line in (value or "").splitlines() if line.strip()]
        if any(len(pair) != 2 or not all(pair) for pair in pairs):
            raise ValidationError(_("Write each pair like “customer_id = id”: own column, then the parent's."))
        return pairs

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return self.to_python(data) != (initial or [])
        except ValidationError:
            return True
