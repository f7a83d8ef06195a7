"""Conditions on the rows of a table as an officer types them: one on each line, `status = cancelled`."""

import json
import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import ProhibitNullCharactersValidator
from django.utils.translation import gettext as _
from unfold.widgets import UnfoldAdminTextareaWidget

from privacy.datamap.admin.typed_values import read_value
from privacy.datamap.engine.errors import InvalidSpec
from privacy.datamap.specs import conditions

_WITHOUT_VALUE = re.compile(r"(?P<column>\w+)\s+(?P<op>is null|is not null)\Z", re.IGNORECASE)
_WITH_VALUE = re.compile(r"(?P<column>\w+)\s*(?P<op><=|>=|!=|=|<|>|\bin\b)\s*(?P<value>.+)\Z", re.IGNORECASE)

LONGEST = 500
"""Letters of one condition; nobody reads longer ones, and pages are as wide as they are."""


class ConditionsField(forms.CharField):
    """A list of {"column", "op", "value"}. Numbers, true and false are read as such; quotes make a text of them."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", UnfoldAdminTextareaWidget(attrs={"rows": 3}))
        super().__init__(**kwargs)

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(_written(each) for each in value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        if "\0" in (value or ""):
            raise ValidationError(ProhibitNullCharactersValidator.message)
        lines = [line.strip() for line in (value or "").splitlines()]
        if too_long := next((line for line in lines if len(line) > LONGEST), None):
            words = _("A condition has %(length)d letters: “%(begin)s…”. Write %(most)d at most; take several lines.")
            raise ValidationError(words % {"length": len(too_long), "begin": too_long[:40], "most": LONGEST})
        found = [_read(line) for line in lines if line]
        try:
            conditions(found)
        except (InvalidSpec, ValueError) as error:
            raise ValidationError(str(error)) from None
        return found

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return self.to_python(data) != (initial or [])
        except ValidationError:
            return True


def _read(line: str) -> dict[str, Any]:
    if match := _WITHOUT_VALUE.match(line):
        return {"column": match["column"], "op": match["op"].lower(), "value": None}
    if match := _WITH_VALUE.match(line):
        op = match["op"].lower()
        value = [_value(each) for each in match["value"].split(",")] if op == "in" else _value(match["value"])
        return {"column": match["column"], "op": op, "value": value}
    raise ValidationError(_("Write each condition like “status = cancelled”, one on each line."))


def _value(text: str) -> Any:
    text = text.strip()
    value = read_value(text)
    if value is None:
        raise ValidationError(_("Write “email is null” or “email is not null”; a text “null” goes into quotes."))
    if isinstance(value, float):
        raise ValidationError(_("Compare with a whole number; or put the value into quotes to compare it as a text."))
    if value == text:
        return text.strip("'")
    return text if isinstance(value, dict | list) else value


def _written(condition: dict[str, Any]) -> str:
    value = condition.get("value")
    if value is None:
        return f"{condition['column']} {condition['op']}"
    shown = ", ".join(map(_shown, value)) if isinstance(value, list) else _shown(value)
    return f"{condition['column']} {condition['op']} {shown}"


def _shown(value: Any) -> str:
    """A text that would be read as something else is quoted."""
    if not isinstance(value, str):
        return json.dumps(value)
    reads_as_itself = read_value(value) == value and value == value.strip().strip("'") and "," not in value
    return value if reads_as_itself else json.dumps(value)
