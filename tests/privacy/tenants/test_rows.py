"""Rows by plain SQL are what the ORM brings."""

import pytest
from django.db import connection

from privacy.officers.models import ApiKey, Scope
from privacy.subjects.models import Subject
from privacy.tenants.context import public_context
from privacy.tenants.models import Domain, Organisation
from privacy.tenants.rows import rows


def same(found, expected) -> bool:
    """Every field, what is encrypted or JSON included."""
    names = [field.attname for field in expected._meta.concrete_fields]
    return [getattr(found, name) for name in names] == [getattr(expected, name) for name in names]


def test_an_encrypted_field_is_read(alpha):
    subject = Subject.objects.create(name="Ama Mensah")
    (found,) = rows(Subject, "WHERE id = %s", [subject.pk])
    assert found.name == "Ama Mensah"
    assert same(found, Subject.objects.get(pk=subject.pk))


def test_json_and_times_are_read(alpha):
    key, _secret = ApiKey.objects.create_key(name="Shop", scopes=[Scope.CONSENTS_READ, Scope.CONSENTS_WRITE])
    (found,) = rows(ApiKey, "WHERE prefix = %s", [key.prefix])
    assert found.scopes == ["consents:read", "consents:write"]
    assert same(found, ApiKey.objects.get(pk=key.pk))


def test_bytes_are_read_by_way_of_another_table(alpha):
    table = Domain._meta.db_table
    joined = f"JOIN {table} ON {table}.tenant_id = {Organisation._meta.db_table}.id"
    with public_context():
        (found,) = rows(Organisation, f"{joined} WHERE {table}.domain = %s", ["alpha.localhost"])
        assert same(found, Organisation.objects.get(pk=alpha.pk))


@pytest.mark.parametrize("number", [0, 1, 3])
def test_as_many_come_as_there_are_in_one_statement(alpha, number, django_assert_num_queries):
    Subject.objects.bulk_create(Subject() for _ in range(number))
    with django_assert_num_queries(1, connection=connection):
        assert len(rows(Subject, "")) == number


def test_what_was_read_can_be_changed_and_saved(alpha):
    subject = Subject.objects.create(name="Ama Mensah")
    (found,) = rows(Subject, "WHERE id = %s", [subject.pk])
    found.name = "Ama Boateng"
    found.save()
    assert Subject.objects.get().name == "Ama Boateng"
