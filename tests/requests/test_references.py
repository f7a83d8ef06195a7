import pytest

from requests.errors import RequestInvalid
from requests.references import _ALPHABET, check_character, new_reference, read_reference


def test_a_new_reference_is_read_back_however_it_is_typed():
    reference = new_reference()
    assert len(reference) == 12
    for typed in (
        reference,
        reference.lower(),
        f"  {reference} ",
        reference.replace("-", ""),
        reference.replace("-", " "),
    ):
        assert read_reference(typed) == reference


def test_letters_that_look_like_digits_are_read_as_digits():
    seven = "0011AB0"
    reference = f"PR-0011-AB0{check_character(seven)}"
    assert read_reference(reference.replace("0", "O").replace("1", "l")) == reference


def test_any_one_wrong_character_is_noticed():
    reference = new_reference()
    for place in (3, 4, 5, 6, 8, 9, 10, 11):
        for wrong in set(_ALPHABET) - {reference[place]}:
            with pytest.raises(RequestInvalid):
                read_reference(reference[:place] + wrong + reference[place + 1 :])


@pytest.mark.parametrize("typed", ["", "PR-", "PR-7F3K-92Q", "XX-7F3K-92QD", "PR-7F3K-92QDD", "PR-7F3U-92QD", "💥"])
def test_what_is_no_reference_gets_words_that_say_what_one_looks_like(typed):
    with pytest.raises(RequestInvalid, match="PR-7F3K-92QD"):
        read_reference(typed)


def test_a_thousand_references_differ():
    assert len({new_reference() for _ in range(1000)}) == 1000
