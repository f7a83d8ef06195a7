"""A notice in parts that a page can show."""

from hypothesis import given, settings
from hypothesis import strategies as st

from privacy.register.notice_text import Part, parts_of, without_marks


def test_headings_paragraphs_and_points_are_told_apart():
    body = (
        "Who we are\n\nWe are Alpha.\nWe sell.\n\n# What we keep.\n\nWe keep:\n- names\n  and titles\n- addresses\n\n"
    )
    assert parts_of(body) == [
        Part("heading", "Who we are"),
        Part("paragraph", "We are Alpha. We sell."),
        Part("heading", "What we keep."),
        Part("paragraph", "We keep:"),
        Part("points", items=["names and titles", "addresses"]),
    ]


def test_an_empty_notice_has_no_parts():
    assert parts_of("") == parts_of(" \n\r\n \n") == []


def test_a_heading_is_read_without_its_mark_and_every_other_line_as_it_was_written():
    body = "# Who we are\r\n\r\nWe are\r\n# 1 of all.\r\n\r\n  ## What we keep.\r\n"
    assert without_marks(body) == "Who we are\n\nWe are\n# 1 of all.\n\nWhat we keep.\n"


@settings(deadline=None)
@given(st.lists(st.text("ab cd.#-\n", max_size=30), max_size=6))
def test_no_word_of_a_notice_is_lost(blocks):
    body = "\n\n".join(blocks)
    shown = " ".join(" ".join([part.text, *part.items]) for part in parts_of(body))
    assert _letters(shown) == _letters(body)


def _letters(text: str) -> str:
    return "".join(character for character in text if character.isalpha())
