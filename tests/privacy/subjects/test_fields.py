"""What an encrypted field leaves in the database, and what can be asked of it."""

import pytest
from django.core import serializers
from django.core.exceptions import FieldError
from django.db import connection
from django.db.models import Q

from privacy.subjects.crypto import CannotDecrypt
from privacy.subjects.models import LinkEnquiry, Subject
from privacy.subjects.services import find_or_add_subject

NAME, EMAIL = "Ama Mensah", "ama.mensah@example.com"


def stored(table: str) -> bytes:
    """All that PostgreSQL holds of a table's rows, bytes as they are."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {table}")
        return b"|".join(
            bytes(value) if isinstance(value, memoryview | bytes) else str(value).encode()
            for row in cursor.fetchall()
            for value in row
        )


def test_the_columns_hold_no_plaintext(alpha):
    subject = find_or_add_subject(kind="email", value=EMAIL, name=NAME)
    assert NAME.encode() not in stored("subjects_subject")
    assert b"mensah" not in stored("subjects_identifier").lower()
    assert str(subject.pk).encode() in stored("subjects_subject")  # the search finds what is there in the clear
    assert b"email" in stored("subjects_identifier")


def test_a_field_is_read_back_as_it_was_written(alpha):
    for name in (NAME, "", None):
        subject = Subject.objects.create(name=name)
        assert Subject.objects.get(pk=subject.pk).name == name


def test_json_is_read_back_as_it_was_written(alpha):
    payload = {"email": EMAIL, "kinds": [1, None, True, "é"]}
    enquiry = LinkEnquiry.objects.create(purpose="test.link", payload=payload)
    assert LinkEnquiry.objects.get(pk=enquiry.pk).payload == payload
    assert EMAIL.encode() not in stored("subjects_linkenquiry")


def test_ciphertext_copied_between_fields_is_refused(alpha):
    subject = find_or_add_subject(kind="email", value=EMAIL, name=NAME)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE subjects_subject SET name = (SELECT value FROM subjects_identifier)")
    with pytest.raises(CannotDecrypt):
        Subject.objects.get(pk=subject.pk)


@pytest.mark.parametrize(
    "condition",
    [Q(name=NAME), Q(name__contains="Ama"), Q(name__in=[NAME]), Q(name__lower=NAME), Q(identifiers__value=EMAIL)],
)
def test_searching_an_encrypted_field_is_an_error_and_not_an_empty_answer(alpha, condition):
    find_or_add_subject(kind="email", value=EMAIL, name=NAME)
    with pytest.raises(FieldError, match="keyed index"):
        list(Subject.objects.filter(condition))


def test_whether_there_is_a_value_can_be_asked(alpha):
    named, nameless = Subject.objects.create(name=NAME), Subject.objects.create()
    assert list(Subject.objects.filter(name__isnull=False)) == [named]
    assert list(Subject.objects.filter(name__isnull=True)) == [nameless]


def test_encrypted_fields_are_never_serialised(alpha):
    Subject.objects.create(name=NAME)
    with pytest.raises(TypeError, match="not serialised"):
        serializers.serialize("json", Subject.objects.all())
    assert "created_at" in serializers.serialize("json", Subject.objects.all(), fields=["created_at"])
