import pytest
from django.core.exceptions import ValidationError

from privacy.datamap.admin.particulars import ParticularsField


@pytest.mark.parametrize(
    ("params", "typed"),
    [
        ({}, ""),
        ({"to": "month"}, "to = month"),
        ({"value": "Erased contact"}, "value = Erased contact"),
        ({"value": "12"}, 'value = "12"'),
        ({"value": "a = b"}, "value = a = b"),
        ({"value": ""}, 'value = ""'),
        ({"value": "NaN"}, "value = NaN"),
        ({"value": " two\nlines"}, 'value = " two\\nlines"'),
        ({"keep": 3, "to": "year", "domain": "naïve 🦊"}, "keep = 3\nto = year\ndomain = naïve 🦊"),
    ],
)
def test_particulars_are_read_as_they_were_written(params, typed):
    field = ParticularsField(required=False)
    assert (field.prepare_value(params), field.to_python(typed)) == (typed, params)
    assert (field.has_changed(params, typed), field.has_changed(params, f"{typed}\nmore = 1")) == (False, True)


@pytest.mark.parametrize("typed", ["month", "to =", "= month", '{"to": "month"}', "to = month\nyear"])
def test_what_names_no_particular_is_refused_with_an_example(typed):
    with pytest.raises(ValidationError, match="to = month"):
        ParticularsField(required=False).to_python(typed)
