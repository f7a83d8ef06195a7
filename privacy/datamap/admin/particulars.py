"""The particulars of a mask as an officer types them: one on each line, `to = month`."""

import json
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from unfold.widgets import UnfoldAdminTextareaWidget

from privacy.datamap.admin.typed_values import read_value


class ParticularsField(forms.CharField):
    """Names with values. Numbers, true and false are read as such; quotes make a text of them."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", UnfoldAdminTextareaWidget(attrs={"rows": 1}))
        super().__init__(**kwargs)

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(f"{name} = {_written(each)}" for name, each in value.items()) if _is_map(value) else value

    def to_python(self, value: Any) -> Any:
        found: dict[str, Any] = {}
        for line in (value or "").splitlines():
            if not line.strip():
                continue
            name, equals, text = (part.strip() for part in line.partition("="))
            if not (name.isidentifier() and equals and text):
                raise ValidationError(_("Write each particular like “to = month”, one on each line."))
            found[name] = _read(text)
        return found

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return self.to_python(data) != (initial or {})
        except ValidationError:
            return True


def _is_map(value: Any) -> bool:
    return isinstance(value, dict)


def _read(text: str) -> Any:
    value = read_value(text)
    return value if isinstance(value, str | int | float | bool) else text


def _written(value: Any) -> str:
    """A text is quoted where it would be read as something else."""
    if isinstance(value, str) and value == value.strip() and "\n" not in value and _read(value) == value and value:
        return value
    return json.dumps(value, ensure_ascii=False)
