"""Finding and adding people."""

import threading
from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection, transaction

from privacy.subjects.crypto import encrypt, index_as_written, keyed_index
from privacy.subjects.identifiers import IdentifierInvalid
from privacy.subjects.models import Identifier, Subject
from privacy.subjects.people import Person, find, lock_or_add
from privacy.subjects.services import find_or_add_subject, find_subject, identifier_of, mark_verified
from privacy.tenants.context import organisation_context
from tests.connections import second_connection

EMAIL = "ama@example.com"


def test_a_person_is_found_again_however_they_write_their_address(alpha):
    subject = find_or_add_subject(kind="email", value=EMAIL, name="Ama")
    assert find_or_add_subject(kind="email", value=" AMA@Example.com", name="Somebody else") == subject
    assert find_subject(kind="email", value="Ama@example.COM") == subject
    assert (Subject.objects.count(), Identifier.objects.count()) == (1, 1)
    assert Subject.objects.get().name == "Ama"


def test_the_same_text_of_another_kind_is_another_identifier(alpha):
    subject = find_or_add_subject(kind="customer_id", value=EMAIL)
    assert find_subject(kind="email", value=EMAIL) is None
    assert find_subject(kind="customer_id", value=EMAIL) == subject


def test_a_person_known_to_one_organisation_is_unknown_to_another(alpha, beta):
    subject = find_or_add_subject(kind="email", value=EMAIL)
    with organisation_context(beta):
        assert find_subject(kind="email", value=EMAIL) is None
    assert find_subject(kind="email", value=EMAIL) == subject


def test_an_identifier_is_decrypted_only_when_there_is_one(alpha):
    subject = find_or_add_subject(kind="email", value="AMA@example.com")
    assert identifier_of(subject, "email") == EMAIL
    assert identifier_of(subject, "phone") is None


def test_control_is_proven_for_one_kind_and_the_first_moment_stays(alpha):
    subject = find_or_add_subject(kind="email", value=EMAIL)
    Identifier.objects.create(subject=subject, kind="phone", value="+233560320128", index=bytes(32))
    mark_verified(subject=subject, kind="email")
    first = subject.identifiers.get(kind="email").verified_at
    mark_verified(subject=subject, kind="email")
    assert first is not None
    assert subject.identifiers.get(kind="email").verified_at == first
    assert subject.identifiers.get(kind="phone").verified_at is None


def test_what_is_no_identifier_adds_nobody(alpha):
    with pytest.raises(IdentifierInvalid):
        find_or_add_subject(kind="email", value="ama")
    assert Subject.objects.count() == 0


def test_many_who_add_the_same_person_at_once_get_one_person(committed):
    start, found = threading.Barrier(6), []

    def add():
        try:
            with organisation_context(committed):
                connection.ensure_connection()
                start.wait(10)
                found.append(find_or_add_subject(kind="email", value=EMAIL, name="Ama").pk)
        finally:
            connection.close()

    threads = [threading.Thread(target=add) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert len(found) == 6
    assert len(set(found)) == 1
    assert [subject.pk for subject in Subject.objects.all()] == found[:1]
    assert Identifier.objects.count() == 1


def test_whoever_comes_second_waits_for_the_first_and_adds_nobody(committed):
    """The first has inserted and not committed; the second has not seen it when it looks."""
    subject = find_or_add_subject(kind="email", value="somebody.else@example.com")
    waiting = threading.Event()
    found = []

    def add():
        try:
            with organisation_context(committed):
                waiting.set()
                found.append(find_or_add_subject(kind="email", value=EMAIL).pk)
        finally:
            connection.close()

    with second_connection(committed) as first:
        first.execute("BEGIN")
        first.execute(
            "INSERT INTO subjects_identifier (subject_id, kind, value, index) VALUES (%s, 'email', %s, %s)",
            [subject.pk, encrypt(EMAIL, context="subjects.identifier.value"), keyed_index("email", EMAIL)],
        )
        thread = threading.Thread(target=add)
        thread.start()
        waiting.wait(10)
        _wait_until_somebody_waits_for_a_lock(first)
        assert found == []
        first.execute("COMMIT")
        thread.join(10)
    assert found == [subject.pk]
    assert Subject.objects.count() == 1


def test_who_waits_for_a_new_person_holds_no_known_one(committed):
    """Else two callers who name the same people wait for each other, and PostgreSQL ends one of them."""
    known = find_or_add_subject(kind="email", value="known@example.com")
    people = [Person.known_by("email", name) for name in (EMAIL, "known@example.com", "third@example.com")]
    found = []

    def name_all():
        try:
            with organisation_context(committed), transaction.atomic():
                found.append(lock_or_add(people))
        finally:
            connection.close()

    with second_connection(committed) as first:
        first.execute("BEGIN")
        (other,) = first.execute(
            "INSERT INTO subjects_subject (id, created_at) VALUES (gen_random_uuid(), now()) RETURNING id"
        ).fetchone()
        first.execute(
            "INSERT INTO subjects_identifier (subject_id, kind, value, index) VALUES (%s, 'email', %s, %s)",
            [other, encrypt(EMAIL, context="subjects.identifier.value"), keyed_index("email", EMAIL)],
        )
        thread = threading.Thread(target=name_all)
        thread.start()
        _wait_until_somebody_waits_for_a_lock(first)
        first.execute("SELECT FROM subjects_subject WHERE id = %s FOR NO KEY UPDATE NOWAIT", [known.pk])
        first.execute("COMMIT")
        thread.join(10)
    (ids,) = found
    assert [ids[person] for person in people[:2]] == [other, known.pk]
    assert set(ids.values()) == set(Subject.objects.values_list("pk", flat=True))
    assert len(ids) == 3


def _wait_until_somebody_waits_for_a_lock(observer):
    for _ in range(200):
        waits = observer.execute(
            "SELECT count(*) FROM pg_locks WHERE NOT granted AND locktype = 'transactionid'"
        ).fetchone()
        if waits != (0,):
            return
        threading.Event().wait(0.02)
    raise AssertionError("nobody waited")


def test_a_customer_is_found_again_however_the_letters_of_their_number_are_made(alpha):
    subject = find_or_add_subject(kind="customer_id", value="Ｋe\u0301\u200b7", name="Ama")
    for typed in ("Ké7", "Ke\u0301７", "K\u00adé7\ufeff"):
        assert find_subject(kind="customer_id", value=typed) == subject
        assert find_or_add_subject(kind="customer_id", value=typed) == subject
    assert find_subject(kind="customer_id", value="Kè7") is None
    assert identifier_of(subject, "customer_id") == "Ｋé7"


def test_one_customer_in_two_ways_of_writing_is_one_of_many_people(alpha):
    first, second, other = (Person.known_by("customer_id", each) for each in ("Ｋ7", "K7", "K8"))
    added = lock_or_add([first, other, second])
    assert added[first] == added[second] != added[other]
    assert find([second, first]) == {second: added[first], first: added[first]}
    assert lock_or_add([second, first, other]) == added
    assert sorted(each.value for each in Identifier.objects.all()) == ["K8", "Ｋ7"]


def test_customers_of_before_are_found_again_after_their_index_is_made_anew(alpha):
    anew = import_module("privacy.subjects.migrations.0003_same_customer_numbers").index_anew

    def add_of_before(value):
        subject = Subject.objects.create()
        index = index_as_written("customer_id", value)
        Identifier.objects.create(subject=subject, kind="customer_id", value=value, index=index)
        return subject

    ama, plain, one, two = (add_of_before(each) for each in ("Ｋe\u0301 7", "K-8", "é9", "e\u03019"))
    lost = add_of_before("é1")
    stranger = encrypt("é1", context="another.field")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE subjects_identifier SET value = %s WHERE subject_id = %s", [stranger, lost.pk])
    assert find_subject(kind="customer_id", value="Ké 7") is None
    with connection.schema_editor() as editor:
        anew(apps, editor)
        anew(apps, editor)
    assert find_subject(kind="customer_id", value="Ké 7") == ama
    assert identifier_of(ama, "customer_id") == "Ｋe\u0301 7"
    assert find_subject(kind="customer_id", value="K-8") == plain
    assert find_subject(kind="customer_id", value="é9") == one
    assert Identifier.objects.get(subject=two).index == index_as_written("customer_id", "e\u03019")
