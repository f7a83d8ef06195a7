"""Officers' wordings are text: nothing in them is read but the places that the kind declares."""

import pytest

from privacy.letters.errors import WordingInvalid
from privacy.letters.wording import as_mail, check_wording, fill
from tests.privacy.letters.conftest import SAMPLE_KINDS

LINKED = SAMPLE_KINDS["linked"]
GOOD = "{greeting}\n\nOpen this:\n\n{link}\n\n{reasons}\n"


def problems(text: str = GOOD, heading: str = "About {name}") -> list[str]:
    try:
        check_wording(LINKED, heading=heading, text=text)
    except WordingInvalid as error:
        return error.problems
    return []


def test_a_wording_with_all_that_it_needs_is_accepted():
    assert problems() == []


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (GOOD + "{secret}", "{secret} is not known in this letter. Known are: {greeting}, {name}, {link}, {reasons}."),
        (GOOD + "{% load x %}", "In line 8 there is a brace that belongs to no placeholder."),
        (GOOD + "{{ settings.SECRET_KEY }}", "In line 8 there is a brace that belongs to no placeholder."),
        (GOOD + "{{name}}", "In line 8 there is a brace that belongs to no placeholder."),
        (GOOD + "{name", "In line 8 there is a brace that belongs to no placeholder."),
        (GOOD + "name}", "In line 8 there is a brace that belongs to no placeholder."),
        (GOOD + "{Name}", "In line 8 there is a brace that belongs to no placeholder."),
        (GOOD + "{name.__class__}", "In line 8 there is a brace that belongs to no placeholder."),
        (GOOD + "{name!r}", "In line 8 there is a brace that belongs to no placeholder."),
        (GOOD.replace("{reasons}", ""), "{reasons} is missing: every letter of this kind has to say it (why)."),
        (GOOD.replace("{link}", ""), "{link} is missing"),
        (GOOD + "{reasons}", "{reasons} may stand in the text once only."),
        (GOOD.replace("{reasons}", "Why: {reasons}"), "Put {reasons} on a line by itself"),
        (GOOD + "[[link]]", "Write {link} where the secret link goes, not [[link]]."),
        ("  \n", "Write the text of the letter."),
        (GOOD + "x" * 20_001, "Keep the text to 20000 characters."),
    ],
)
def test_what_is_wrong_with_a_text_is_said_so_that_it_can_be_put_right(text, told):
    (found,) = problems(text)
    assert told in found


@pytest.mark.parametrize(
    ("heading", "told"),
    [
        ("", "Write a subject line."),
        ("{reasons}", "{reasons} cannot stand in the subject line of this letter."),
        ("{link}", "{link} cannot stand in the subject line of this letter."),
        ("{", "In the subject line there is a brace"),
        ("one\ntwo", "Keep the subject line to one line of 200 characters."),
        ("x" * 201, "Keep the subject line to one line of 200 characters."),
    ],
)
def test_what_is_wrong_with_a_subject_line_is_said(heading, told):
    (found,) = problems(heading=heading)
    assert told in found


def test_everything_that_is_wrong_is_said_at_once():
    assert len(problems("{unknown} {", heading="")) == 5


def test_a_value_is_never_read_again():
    values = {"greeting": "Hello {name}", "name": "{link} {{ x }} {% y %}", "link": "L", "reasons": ""}
    assert fill("{greeting}\n{name}", values) == "Hello {name}\n{link} {{ x }} {% y %}\n"


def test_paragraphs_that_stay_empty_are_left_out():
    assert fill("One\r\n\r\n{a}\r\n\r\nTwo", {"a": ""}) == "One\n\nTwo\n"
    assert fill("One\n\n{a}\n\nTwo", {"a": "x\n\n"}) == "One\n\nx\n\nTwo\n"


def test_titles_are_underlined_in_the_mail():
    assert as_mail("One\n\n## Our reasons\n\nTwo") == "One\n\nOur reasons\n-----------\n\nTwo"
