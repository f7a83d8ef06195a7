"""Conditions as officers type them, and how they are told what cannot be one."""

import pytest
from django.core.exceptions import ValidationError

from privacy.datamap.admin.conditions import LONGEST, LONGEST_LIST, ConditionsField


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
        (condition(["closed, final", "open"], "in"), 'status in "closed, final", open'),
        (
            condition(['5" pipe', 'say "hi", then', "a\\b, c"], "in"),
            r'status in 5" pipe, "say \"hi\", then", "a\\b, c"',
        ),
        (condition(["'tis", "O'Brien", "'quoted'"], "in"), '''status in "'tis", O'Brien, "'quoted'"'''),
        (condition(['"begun', "closed", ""], "in"), r'status in "\"begun", closed, ""'),
        (
            condition(["größer, kleiner", " open ", "7", "null", "[1, 2]"], "in"),
            'status in "größer, kleiner", " open ", "7", "null", "[1, 2]"',
        ),
        (condition(["two\nlines", "next\x85line"], "in"), r'status in "two\nlines", "next\u0085line"'),
        (condition(""), 'status = ""'),
        (condition('"begun'), r'status = "\"begun"'),
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
        ('status = "closed', "begins with a quote"),
        ('status in "closed, final, open', "begins with a quote"),
        ('status in "closed" final, open', "begins with a quote"),
        ("status in 'tis, open", "begins with a quote"),
        (r'status = "C:\data"', "for a backslash"),
        (r'status = "a\u0000"', "Null characters"),
        (r'status = "\ud800"', "begins with a quote"),
        ("status in open,, closed", "missing beside a comma"),
        ("status in open,", "missing beside a comma"),
        ("status in open, new\nstatus in closed, done", "one list"),
    ],
)
def test_what_cannot_be_compared_is_refused_with_what_to_write_instead(typed, advice):
    with pytest.raises(ValidationError, match=advice):
        ConditionsField(required=False).to_python(typed)


def test_single_quotes_keep_a_comma_as_well_and_blanks_around_quotes_do_not_matter():
    read = ConditionsField().to_python("""status in 'closed, final' , "open" ,7""")
    assert read == [condition(["closed, final", "open", 7], "in")]


def test_lines_about_one_column_that_a_row_can_fulfil_together_are_taken():
    typed = "status in open, closed\nstatus in closed, done\nstatus != done\nkind = open"
    assert [each["op"] for each in ConditionsField().to_python(typed)] == ["in", "in", "!=", "="]


def test_a_list_may_be_longer_than_one_value_and_one_too_long_is_not_to_be_cut_into_lines():
    field = ConditionsField()
    values = [f"status number {number:03d}" for number in range(30)]
    assert field.to_python("status in " + ", ".join(values)) == [condition(values, "in")]
    with pytest.raises(ValidationError, match=r"of its own for the others\. A second line does not add"):
        field.to_python("status in " + "open, " * (LONGEST_LIST // 6) + "closed")
    with pytest.raises(ValidationError, match=f"has {LONGEST + 1} letters: “xxxx.*Write {LONGEST} at most"):
        field.to_python(f"status in open, {'x' * (LONGEST + 1)}")
    with pytest.raises(ValidationError, match=rf"Write {LONGEST} at most\.'"):
        field.to_python("status = " + "x" * LONGEST)
