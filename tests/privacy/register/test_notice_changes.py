"""What changed between two versions of a notice, word by word."""

import itertools

from hypothesis import example, given
from hypothesis import strategies as st

from privacy.register.notice_changes import Change, Piece, compare, is_changed

SAME, GONE, NEW = Change.SAME, Change.GONE, Change.NEW


def test_words_that_went_and_came_are_told_with_what_stayed():
    pieces = compare("We keep invoices for six years.\n", "We keep invoices and calls for ten years.\n")
    assert pieces == [
        Piece(SAME, "We keep invoices "), Piece(NEW, "and calls "), Piece(SAME, "for "), Piece(GONE, "six "),
        Piece(NEW, "ten "), Piece(SAME, "years.\n"),
    ]  # fmt: skip


def test_a_paragraph_that_came_between_is_new_as_a_whole():
    pieces = compare("One.\n\nThree.\n", "One.\n\nTwo two.\n\nThree.\n")
    assert [each.text for each in pieces if each.change is NEW] == ["Two two.\n\n"]
    assert [each for each in pieces if each.change is GONE] == []


def test_a_passage_that_was_written_anew_is_not_told_by_the_words_it_happens_to_share():
    before, after = "We answer for the data in it. Ask our officer.\n", "We keep invoices of six years.\n"
    assert compare(before, after) == [Piece(GONE, before), Piece(NEW, after)]


def test_the_same_text_has_not_changed_and_line_ends_are_no_change():
    assert not is_changed(compare("One.\r\nTwo.", "One.\nTwo."))
    assert is_changed(compare("One.\nTwo.", "One.\nTwo!"))
    assert compare("", "") == []


TEXTS = st.text(alphabet="ab \n", max_size=40)


@given(TEXTS, TEXTS)
@example("a", "")
@example("", "b b")
def test_no_word_is_lost_of_either_text(before, after):
    pieces = compare(before, after)
    assert "".join(each.text for each in pieces if each.change is not NEW) == before
    assert "".join(each.text for each in pieces if each.change is not GONE) == after
    assert all(one.change is not two.change for one, two in itertools.pairwise(pieces))
