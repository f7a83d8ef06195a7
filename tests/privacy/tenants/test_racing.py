"""Creating organisations against leftovers and against each other."""

import threading

import pytest
from django.db import connection

from privacy.tenants.context import public_context
from privacy.tenants.errors import OrganisationInvalid
from privacy.tenants.models import Domain, Organisation
from privacy.tenants.provisioning import create_organisation, destroy_organisation


def test_the_host_of_the_installation_is_not_an_organisations(alpha, settings):
    with pytest.raises(OrganisationInvalid, match="whole installation"):
        create_organisation(name="New", slug="new", domain=settings.PUBLIC_HOSTS[0])


def test_a_name_longer_than_its_column_is_refused(alpha):
    with pytest.raises(OrganisationInvalid, match="200 characters"):
        create_organisation(name="x" * 201, slug="new", domain="new.localhost")


def test_a_schema_that_is_no_organisations_is_not_taken_over(alpha):
    with public_context(), connection.cursor() as cursor:
        cursor.execute("CREATE SCHEMA leftover")
    with pytest.raises(OrganisationInvalid, match="remove it"):
        create_organisation(name="New", slug="leftover", domain="new.localhost")


def test_slugs_that_differ_by_hyphen_and_underscore_are_one_schema(alpha):
    create_organisation(name="One", slug="a-b", domain="one.localhost")
    with pytest.raises(OrganisationInvalid, match="exists already"):
        create_organisation(name="Two", slug="a_b", domain="two.localhost")


def test_of_two_who_create_the_same_organisation_at_once_one_is_told_to_choose_another(committed):
    start, made, refused = threading.Barrier(2), [], []
    slug = f"{committed.slug}x"

    def create():
        try:
            connection.ensure_connection()
            start.wait(10)
            made.append(create_organisation(name="Twin", slug=slug, domain=f"{slug}.localhost"))
        except OrganisationInvalid as error:
            refused.append(str(error))
        finally:
            connection.close()

    threads = [threading.Thread(target=create) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    try:
        assert len(made) == 1
        assert len(refused) == 1
        assert "choose another" in refused[0]
        with public_context():
            assert Organisation.objects.filter(slug=slug).count() == Domain.objects.filter(tenant=made[0]).count() == 1
    finally:
        for organisation in made:
            destroy_organisation(organisation=organisation)


def test_what_is_no_organisation_is_never_dropped(alpha):
    for schema_name in ("public", "organisation_template"):
        with pytest.raises(OrganisationInvalid, match="never dropped"):
            destroy_organisation(organisation=Organisation(schema_name=schema_name))
