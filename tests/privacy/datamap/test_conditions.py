"""Conditions as officers type them, and how they are told what cannot be one."""

import pytest
from django.core.exceptions import ValidationError

from privacy.datamap.admin.conditions import ConditionsField


def condition(value: object, op: str = "=") -> dict[str, object]:
    return {"column": "status", "op": op, "value": value}


@pytest.mark.parametrize(
    ("stored", "typed"),
    [
        (condition("cancelled"), "status = cancelled"),
        (condition(7), "status = 7"),
        (condition(1234567890123456789), "status = 1234567890123456789"),
        (condition(True), "status = true"),
        (condition("7"), 'status = "7"'),
        (condition("null"), 'status = "null"'),
        (condition("50.5"), 'status = "50.5"'),
        (condition("a, b"), 'status = "a, b"'),
        (condition("NaN"), "status = NaN"),
        (condition("-Infinity"), "status = -Infinity"),
        (condition(["new", 7], "in"), "status in new, 7"),
        (condition(None, "is null"), "status is null"),
    ],
)
def test_conditions_are_read_as_they_were_written(stored, typed):
    field = ConditionsField(required=False)
    assert (field.prepare_value([stored]), field.to_python(typed)) == (typed, [stored])
    assert (field.has_changed([stored], typed), field.has_changed([stored], "status = other")) == (False, True)


@pytest.mark.parametrize(
    ("typed", "advice"),
    [
        ("status != null", "is not null"),
        ("status = null", "is null"),
        ("status > 50.5", "whole number"),
        ("status in 1, 2.5", "whole number"),
        ("status = a\0b", "Null characters"),
        ("status cancelled", "status = cancelled"),
    ],
)
def test_what_cannot_be_compared_is_refused_with_what_to_write_instead(typed, advice):
    with pytest.raises(ValidationError, match=advice):
        ConditionsField(required=False).to_python(typed)
