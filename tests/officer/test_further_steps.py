"""Further steps for small groups as an officer types them."""

import pytest
from django.core.exceptions import ValidationError

from privacy.datamap.admin.steps import StepsField

TYPED = {
    "month, year, decade, nothing": [
        {"strategy": "generalise_date", "params": {"to": "month"}},
        {"strategy": "generalise_date", "params": {"to": "year"}},
        {"strategy": "generalise_date", "params": {"to": "decade"}},
        {"strategy": "null", "params": {}},
    ],
    "10, 100": [
        {"strategy": "generalise_number", "params": {"size": 10}},
        {"strategy": "generalise_number", "params": {"size": 100}},
    ],
    "first 3, first 1": [
        {"strategy": "generalise_postcode", "params": {"keep": 3}},
        {"strategy": "generalise_postcode", "params": {"keep": 1}},
    ],
    "/24, /16, /8": [{"strategy": "generalise_ip", "params": {"keep": each}} for each in (3, 2, 1)],
    "always other": [{"strategy": "constant", "params": {"value": "other"}}],
    "": [],
}


@pytest.mark.parametrize(("typed", "stored"), TYPED.items())
def test_steps_are_read_as_they_are_shown(typed, stored):
    field = StepsField(required=False)
    assert field.clean(typed) == stored
    assert field.prepare_value(stored) == typed
    assert field.has_changed(stored, typed) is False
    assert field.has_changed(stored, "year, nothing") is True


def test_each_step_may_stand_on_a_line_of_its_own_in_any_case():
    assert StepsField().clean(" Year\n\nNOTHING ") == [
        {"strategy": "generalise_date", "params": {"to": "year"}}, {"strategy": "null", "params": {}},
    ]  # fmt: skip


@pytest.mark.parametrize("typed", ["day", "0", "first", "/12", "-5", "year decade", "first x"])
def test_what_is_no_step_is_refused_with_what_one_looks_like(typed):
    with pytest.raises(ValidationError, match="“decade” of a date"):
        StepsField().clean(typed)
