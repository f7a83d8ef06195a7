"""One form for every way of writing an identifier."""

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from privacy.subjects.identifiers import (
    IdentifierInvalid,
    IdentifierKind,
    compared,
    masked,
    normalise,
    written_forms,
)

KINDS = [kind.value for kind in IdentifierKind]
ATOMS = st.text("abcxyzABCXYZ0189.+_-éßÅſK", min_size=1, max_size=12)
ADDRESSES = st.one_of(
    st.emails(),
    st.builds(lambda local, host: f" {local}@{host}.example.com", ATOMS, ATOMS),
)
TYPED = {
    "email": ADDRESSES,
    "phone": st.from_regex(
        r"\A(\+233|\+1|\+39|00233|0)[ (./-]?[0-9]{2,3}[ )./-]?[0-9]{3}[ ./-]?[0-9]{4}( ext\. [0-9])?\Z"
    ),
    "customer_id": st.text(min_size=1, max_size=101),
}


@pytest.mark.parametrize("kind", KINDS)
@settings(deadline=None)
@given(data=st.data())
def test_normalising_twice_is_normalising_once(kind, data):
    typed = data.draw(TYPED[kind])
    try:
        once = normalise(kind, typed, region="GH")
    except IdentifierInvalid:
        assume(False)
    assert normalise(kind, once, region="GH") == once
    assert normalise(kind, f"  {typed}\t", region="GH") == once


@pytest.mark.parametrize("typed", ["AMA.Mensah@Example.COM", " ama.mensah@example.com\n", "ama.mensah@EXAMPLE.com"])
def test_an_address_is_one_whatever_its_case(typed):
    assert normalise("email", typed) == "ama.mensah@example.com"


@pytest.mark.parametrize(
    "typed", ["+233 56 032 0128", "+233560320128", "056 032 0128", "(056) 032-0128", "00233560320128"]
)
def test_a_phone_number_is_one_however_it_is_written(typed):
    assert normalise("phone", typed, region="GH") == "+233560320128"


def test_a_phone_number_without_its_country_is_refused_where_no_country_is_known():
    with pytest.raises(IdentifierInvalid, match="country code"):
        normalise("phone", "056 032 0128")
    assert normalise("phone", "+233 56 032 0128") == "+233560320128"


def test_a_number_that_reads_differently_the_second_time_is_refused():
    with pytest.raises(IdentifierInvalid):
        normalise("phone", "0000000000", region="GH")


def test_customer_numbers_keep_their_case():
    assert normalise("customer_id", " Ab-12 ") == "Ab-12"


@pytest.mark.parametrize(
    ("kind", "typed"),
    [
        ("email", ""),
        ("email", "ama"),
        ("email", "ama@"),
        ("email", "ama@example.com, kofi@example.com"),
        ("email", "ama@example.com\nBcc: all@example.com"),
        ("phone", ""),
        ("phone", "+1"),
        ("phone", "call me"),
        ("customer_id", "  "),
        ("customer_id", "x" * 101),
        ("passport", "G123"),
    ],
)
def test_what_is_no_identifier_is_refused_without_repeating_it(kind, typed):
    with pytest.raises(IdentifierInvalid) as caught:
        normalise(kind, typed)
    assert caught.value.__suppress_context__ or caught.value.__context__ is None
    if len(typed.strip()) > 2:
        assert typed.strip() not in str(caught.value)


@pytest.mark.parametrize(
    ("kind", "value", "shown"),
    [
        ("email", "ama.mensah@example.com", "a•••••@example.com"),
        ("phone", "+233560320128", "•••••128"),
        ("customer_id", "C-1042", "•••••42"),
        ("customer_id", "C17", "•••••7"),
        ("customer_id", "7", "•••••"),
    ],
)
def test_a_masked_identifier_never_shows_more_than_a_third_of_a_number(kind, value, shown):
    assert masked(kind, value) == shown


SAME_NUMBERS = [
    "Ké-17",  # the accent in one character
    "Ke\u0301-17",  # and in two
    "Ｋé－１７",
    "\ufeffKé\u200b-\u00ad1\u20607",
    "\u200e Ké-17 \u200f",
    " Ké-17\u00a0",
]


@pytest.mark.parametrize("typed", SAME_NUMBERS)
def test_a_customer_number_is_one_however_its_letters_are_made(typed):
    assert compared("customer_id", normalise("customer_id", typed)) == "Ké-17"


@pytest.mark.parametrize("typed", ["KÉ-17", "Ke-17", "Kè-17", "Ké-18", "Ké17"])
def test_customer_numbers_that_look_different_are_different(typed):
    assert compared("customer_id", normalise("customer_id", typed)) != "Ké-17"


def test_a_customer_number_keeps_the_letters_it_was_written_with_and_loses_what_cannot_be_seen():
    written = [normalise("customer_id", each) for each in SAME_NUMBERS]
    assert written == ["Ké-17", "Ké-17", "Ｋé－１７", "Ké-17", "Ké-17", "Ké-17"]


@given(typed=TYPED["customer_id"])
def test_what_is_compared_is_the_same_for_every_form_in_which_it_may_be_written(typed):
    try:
        once = normalise("customer_id", typed)
    except IdentifierInvalid:
        assume(False)
    forms = written_forms("customer_id", once)
    assert forms[0] == once
    assert {compared("customer_id", each) for each in forms} == {compared("customer_id", once)}


def test_only_customer_numbers_have_several_forms_and_those_in_plain_letters_have_one():
    assert written_forms("email", "é@example.com") == ("é@example.com",)
    assert written_forms("customer_id", "K-17") == ("K-17",)
    assert written_forms("customer_id", "Ｋé") == ("Ｋé", "Ké", "Ｋe\u0301", "Ke\u0301")


def test_what_only_looks_like_nothing_is_no_customer_number():
    with pytest.raises(IdentifierInvalid):
        normalise("customer_id", "\u200b\ufeff \u00ad")
