"""Form fields of the register's pages."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from unfold.widgets import UnfoldAdminSingleDateWidget, UnfoldAdminTextareaWidget


class DayInput(UnfoldAdminSingleDateWidget):
    """A day, chosen in the browser's own calendar; on pages that are not the admin's the theme's has no script."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class LinesField(forms.CharField):
    """A list of texts, one on each line, which is easier to type than JSON."""

    def __init__(self, *, longest: int = 100, **kwargs: Any) -> None:
        self.longest = longest
        kwargs.setdefault("widget", UnfoldAdminTextareaWidget(attrs={"rows": 4}))
        super().__init__(**kwargs)

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        lines = [" ".join(line.split()) for line in (value or "").splitlines()]
        return list(dict.fromkeys(line for line in lines if line))

    def validate(self, value: Any) -> None:
        super().validate(value)
        if too_long := next((number for number, line in enumerate(value, 1) if len(line) > self.longest), None):
            raise ValidationError(
                _("Line %(line)d is longer than %(n)d characters; shorten it."),
                params={"line": too_long, "n": self.longest},
            )

    def has_changed(self, initial: Any, data: Any) -> bool:
        return self.to_python(data) != (initial or [])
