"""Values of the current organisation can be read by it, in their own field, with a key we have; and by nobody else."""

import hashlib
import os

import pytest

from privacy.subjects.crypto import CannotDecrypt, data_key, decrypt, encrypt, file_key, keyed_index
from privacy.tenants.context import organisation_context, public_context
from privacy.tenants.errors import NoOrganisation

CONTEXT = "test.field"
SECRET = "Ama Mensah"


@pytest.mark.parametrize("text", ["", "a", SECRET, "Ɛfua Ọlá 你好 🙂\n\0", "x" * 100_000])
def test_what_is_encrypted_is_read_back(alpha, text):
    assert decrypt(encrypt(text, context=CONTEXT), context=CONTEXT) == text


def test_the_same_text_is_encrypted_differently_each_time(alpha):
    first, second = encrypt(SECRET, context=CONTEXT), encrypt(SECRET, context=CONTEXT)
    assert first != second
    assert SECRET.encode() not in first + second


def test_another_organisation_cannot_read_the_value(alpha, beta):
    value = encrypt(SECRET, context=CONTEXT)
    with organisation_context(beta), pytest.raises(CannotDecrypt):
        decrypt(value, context=CONTEXT)
    assert decrypt(value, context=CONTEXT) == SECRET


def test_a_value_moved_to_another_field_cannot_be_read(alpha):
    value = encrypt(SECRET, context=CONTEXT)
    with pytest.raises(CannotDecrypt, match=r"other\.field"):
        decrypt(value, context="other.field")


def test_a_value_altered_at_any_byte_cannot_be_read(alpha):
    value = encrypt(SECRET, context=CONTEXT)
    for place in range(len(value)):
        altered = bytearray(value)
        altered[place] ^= 1
        with pytest.raises(CannotDecrypt):
            decrypt(bytes(altered), context=CONTEXT)
    assert decrypt(value, context=CONTEXT) == SECRET


def test_a_value_cut_at_any_place_cannot_be_read(alpha):
    value = encrypt(SECRET, context=CONTEXT)
    for length in range(len(value)):
        with pytest.raises(CannotDecrypt):
            decrypt(value[:length], context=CONTEXT)
    with pytest.raises(CannotDecrypt):
        decrypt(value + b"\0", context=CONTEXT)


def test_the_error_says_nothing_of_the_value(alpha):
    value = encrypt(SECRET, context=CONTEXT)
    with pytest.raises(CannotDecrypt) as caught:
        decrypt(value[:-1], context=CONTEXT)
    assert str(caught.value) == f"a value of {CONTEXT} cannot be decrypted: altered, or not this organisation's"
    assert caught.value.__cause__ is None


def test_after_a_key_change_old_values_are_read_and_new_ones_use_the_new_key(alpha, settings):
    old_key = os.urandom(32)
    settings.DATA_KEYS = {"old": old_key}
    before = encrypt(SECRET, context=CONTEXT)
    settings.DATA_KEYS = {"new": os.urandom(32), "old": old_key}
    after = encrypt(SECRET, context=CONTEXT)
    assert decrypt(before, context=CONTEXT) == decrypt(after, context=CONTEXT) == SECRET
    assert (before[2:5], after[2:5]) == (b"old", b"new")


def test_a_value_whose_key_was_taken_away_names_the_key_to_put_back(alpha, settings):
    settings.DATA_KEYS = {"old": os.urandom(32)}
    value = encrypt(SECRET, context=CONTEXT)
    settings.DATA_KEYS = {"new": os.urandom(32)}
    with pytest.raises(CannotDecrypt, match="'old' is not in PRIVACY_DESK_KEYS"):
        decrypt(value, context=CONTEXT)


def test_another_key_under_the_same_name_does_not_open_the_value(alpha, settings):
    settings.DATA_KEYS = {"k": os.urandom(32)}
    value = encrypt(SECRET, context=CONTEXT)
    settings.DATA_KEYS = {"k": os.urandom(32)}
    with pytest.raises(CannotDecrypt):
        decrypt(value, context=CONTEXT)


def test_overwriting_the_salt_makes_everything_unreadable(alpha):
    value, kept = encrypt(SECRET, context=CONTEXT), alpha.key_salt
    try:
        alpha.key_salt = os.urandom(32)
        with pytest.raises(CannotDecrypt):
            decrypt(value, context=CONTEXT)
    finally:
        alpha.key_salt = kept
    assert decrypt(value, context=CONTEXT) == SECRET


def test_keys_differ_by_organisation_and_by_use(alpha, beta, settings):
    key_id = next(iter(settings.DATA_KEYS))
    keys = [data_key(key_id), file_key(key_id)]
    with organisation_context(beta):
        keys += [data_key(key_id), file_key(key_id)]
    assert len({*keys, *settings.DATA_KEYS.values()}) == len(keys) + len(settings.DATA_KEYS)
    assert [len(key) for key in keys] == [32, 32, 32, 32]


def test_the_index_differs_by_organisation_and_by_kind_and_is_no_plain_digest(alpha, beta):
    email = "ama@example.com"
    found = [keyed_index("email", email), keyed_index("customer_id", email)]
    with organisation_context(beta):
        found.append(keyed_index("email", email))
    assert len({*found, hashlib.sha256(email.encode()).digest()}) == 4
    assert keyed_index("email", email) == found[0]
    assert keyed_index("email", "ama@example.co") != found[0]


def test_nothing_is_encrypted_outside_an_organisation(alpha):
    with public_context():
        for attempt in (lambda: encrypt(SECRET, context=CONTEXT), lambda: keyed_index("email", "ama@example.com")):
            with pytest.raises(NoOrganisation):
                attempt()
