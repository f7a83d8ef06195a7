"""What changed between two versions of a notice, word by word."""

import itertools

import pytest
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


@pytest.mark.parametrize("added", ["\n\nThree.", " Three.", "\n"])
def test_the_last_word_of_a_text_stays_where_something_comes_behind_it_and_where_it_goes_again(added):
    stays = [Piece(SAME, "One.\n\nTwo two.")]
    assert compare("One.\n\nTwo two.", f"One.\n\nTwo two.{added}") == [*stays, Piece(NEW, added)]
    assert compare(f"One.\n\nTwo two.{added}", "One.\n\nTwo two.") == [*stays, Piece(GONE, added)]


def test_so_does_that_of_a_paragraph_in_which_another_word_changed():
    assert compare("We keep all calls.", "We keep no calls.\n\nAsk us.") == [
        Piece(SAME, "We keep "), Piece(GONE, "all "), Piece(NEW, "no "), Piece(SAME, "calls."),
        Piece(NEW, "\n\nAsk us."),
    ]  # fmt: skip


def test_a_passage_that_was_written_anew_is_not_told_by_the_words_it_happens_to_share():
    before, after = "We answer for the data in it. Ask our officer.\n", "We keep invoices of six years.\n"
    assert compare(before, after) == [Piece(GONE, before), Piece(NEW, after)]


def test_what_takes_the_place_of_the_last_word_of_a_paragraph_stays_on_its_line():
    before, after = "We keep all your calls.\n\nAsk us.", "We keep all your visits.\n\nAsk us."
    stays, gone, come = Piece(SAME, "We keep all your "), Piece(GONE, "calls."), Piece(NEW, "visits.")
    assert compare(before, after) == [stays, gone, come, Piece(SAME, "\n\nAsk us.")]
    assert compare("We keep all your calls.\n", "We keep all your visits.") == [stays, gone, come, Piece(GONE, "\n")]


def test_the_same_text_has_not_changed_and_line_ends_are_no_change():
    assert not is_changed(compare("One.\r\nTwo.", "One.\nTwo."))
    assert is_changed(compare("One.\nTwo.", "One.\nTwo!"))
    assert compare("", "") == []


TEXTS = st.text(alphabet="ab. \t\n\r\x0b\u00a0\u2028", max_size=40)


@given(TEXTS, TEXTS)
@example("a", "")
@example("", "b b")
@example("a b", "a b\n\nb")
@example(" a", "a")
def test_no_word_is_lost_of_either_text(before, after):
    pieces = compare(before, after)
    assert "".join(each.text for each in pieces if each.change is not NEW) == before.replace("\r\n", "\n")
    assert "".join(each.text for each in pieces if each.change is not GONE) == after.replace("\r\n", "\n")
    assert all(one.change is not two.change for one, two in itertools.pairwise(pieces))
