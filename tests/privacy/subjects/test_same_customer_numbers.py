"""Customer numbers that were indexed letter by letter, in an organisation that stands when the portal is updated."""

from django.db import connection

from privacy.subjects.crypto import index_as_written
from privacy.subjects.models import Identifier, Subject
from privacy.subjects.services import find_subject, identifier_of
from privacy.tenants.context import public_context
from privacy.tenants.migrating import lagging_organisations, migrate_everything
from privacy.tenants.models import Organisation


def test_an_update_makes_the_index_of_those_who_are_there_anew(committed):
    subject = Subject.objects.create()
    index = index_as_written("customer_id", "Ｋe\u0301 7")
    Identifier.objects.create(subject=subject, kind="customer_id", value="Ｋe\u0301 7", index=index)
    assert find_subject(kind="customer_id", value="Ké 7") is None
    with public_context(), connection.cursor() as cursor:
        cursor.execute(
            f"DELETE FROM \"{committed.schema_name}\".django_migrations WHERE app = 'subjects' AND name LIKE '0003%'"
        )
        Organisation.objects.filter(pk=committed.pk).update(schema_version="0" * 64)
        assert list(lagging_organisations()) == [committed.schema_name]
        assert migrate_everything(report=lambda line: None) == []
        assert lagging_organisations() == {}
    assert find_subject(kind="customer_id", value="Ké 7") == subject
    assert identifier_of(subject, "customer_id") == "Ｋe\u0301 7"
