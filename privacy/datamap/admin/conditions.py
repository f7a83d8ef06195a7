"""Conditions on the rows of a table as an officer types them: one on each line, `status = cancelled`."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import ProhibitNullCharactersValidator
from django.utils.translation import gettext as _
from unfold.widgets import UnfoldAdminTextareaWidget

from privacy.datamap.admin.condition_values import read_list, read_one, write_value
from privacy.datamap.engine.errors import InvalidSpec
from privacy.datamap.specs import conditions

_WITHOUT_VALUE = re.compile(r"(?P<column>\w+)\s+(?P<op>is null|is not null)\Z", re.IGNORECASE)
_WITH_VALUE = re.compile(r"(?P<column>\w+)\s*(?P<op><=|>=|!=|=|<|>|\bin\b)\s*(?P<value>.+)\Z", re.IGNORECASE)

LONGEST = 500
"""Letters of one condition, or of one value in a list; nobody reads longer ones, and pages are as wide as they are."""

LONGEST_LIST = 2_000
"""Letters of a condition with a list."""


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
        for line in lines:
            _check_length(line)
        found = [_read(line) for line in lines if line]
        _check_possible(found)
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


def _check_length(line: str) -> None:
    """A list wraps between its values, so it may be longer than one value may."""
    match = _WITH_VALUE.match(line)
    if match is None or match["op"].lower() != "in":
        if len(line) > LONGEST:
            words = _("A condition has %(length)d letters: “%(begin)s…”. Write %(most)d at most.")
            raise ValidationError(words % {"length": len(line), "begin": line[:40], "most": LONGEST})
    elif len(line) > LONGEST_LIST:
        words = _(
            "A list has %(length)d letters: “%(begin)s…”. Write %(most)d at most: fewer values, and a rule or minimum "
            "of its own for the others. A second line does not add to a list: a row is taken where all lines are true."
        )
        raise ValidationError(words % {"length": len(line), "begin": line[:40], "most": LONGEST_LIST})


def _read(line: str) -> dict[str, Any]:
    if match := _WITHOUT_VALUE.match(line):
        return {"column": match["column"], "op": match["op"].lower(), "value": None}
    if match := _WITH_VALUE.match(line):
        op = match["op"].lower()
        value = _read_list(match["value"]) if op == "in" else read_one(match["value"])
        return {"column": match["column"], "op": op, "value": value}
    raise ValidationError(_("Write each condition like “status = cancelled”, one on each line."))


def _read_list(text: str) -> list[Any]:
    values = read_list(text)
    if too_long := next((each for each in values if len(str(each)) > LONGEST), None):
        words = _("A value in a list has %(length)d letters: “%(begin)s…”. Write %(most)d at most.")
        raise ValidationError(words % {"length": len(too_long), "begin": too_long[:40], "most": LONGEST})
    return values


def _check_possible(found: list[dict[str, Any]]) -> None:
    """Lists that no row can be in both of are one that was cut in two: a minimum would keep nothing any more."""
    wanted: dict[str, set[str]] = {}
    for each in (each for each in found if each["op"] == "in"):
        column, values = each["column"], set(map(str, each["value"]))
        wanted[column] = wanted.get(column, values) & values
        if not wanted[column]:
            words = _(
                "No row has two values of “%(column)s” at once, and a row is taken only where all lines are true. For "
                "one value or the other write one list: “%(column)s in open, closed”."
            )
            raise ValidationError(words % {"column": column})


def _written(condition: dict[str, Any]) -> str:
    column, op, value = condition["column"], condition.get("op", "="), condition.get("value")
    if value is None:
        return f"{column} {op}"
    shown = ", ".join(map(write_value, value)) if isinstance(value, list) else write_value(value)
    return f"{column} {op} {shown}"
