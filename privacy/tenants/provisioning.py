"""Making an organisation: registry row, PostgreSQL role and schema, in one transaction.

The schema is replayed from the rendered template as one SQL text: about 0.3 s whatever the number of organisations,
where migrations take seconds that grow with it.
"""

import re
from collections.abc import Callable

from django.conf import settings
from django.db import IntegrityError, transaction

from privacy.tenants.context import organisation_context, owner_context, public_context
from privacy.tenants.db import connection
from privacy.tenants.errors import OrganisationInvalid
from privacy.tenants.models import Domain, Organisation, SchemaSnapshot
from privacy.tenants.names import is_organisation_schema, schema_name_for
from privacy.tenants.privileges import drop_role, grant_own_schema, row_guarded_tables
from privacy.tenants.schema_version import expected_version

_HOST_NAME = re.compile(r"(?=.{1,253}\Z)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*\Z")


def create_organisation(
    *, name: str, slug: str, domain: str, furnish: Callable[[Organisation], object] | None = None
) -> Organisation:
    """Create an organisation with its schema, role and host name: all of it or nothing.

    Args:
        name: legal or trading name, as people know it.
        slug: letters, digits and hyphens, 30 at most; gives the schema its name.
        domain: host name of its portal, without scheme and port.
        furnish: fills the new schema (profile, first officer), run inside it and in the same transaction.

    Raises:
        OrganisationInvalid: a particular is unusable or taken; the message says what to do.
    """
    domain = domain.lower().strip()
    schema_name = schema_name_for(slug)
    with public_context(), transaction.atomic():
        _check_particulars(name=name, schema_name=schema_name, slug=slug, domain=domain)
        snapshot = _current_snapshot()
        organisation = _register(
            Organisation(name=name, slug=slug, schema_name=schema_name, schema_version=snapshot.version), domain
        )
        with connection.cursor() as cursor:
            cursor.execute(f'CREATE SCHEMA "{schema_name}"')
        with owner_context(organisation), connection.cursor() as cursor:
            cursor.execute(snapshot.sql)
        grant_own_schema(schema_name)
        if furnish is not None:
            with organisation_context(organisation):
                furnish(organisation)
    return organisation


def destroy_organisation(*, organisation: Organisation) -> None:
    """Drop the organisation's schema, role and registry rows. There is no way back but a backup."""
    schema_name = organisation.schema_name
    if not is_organisation_schema(schema_name):
        raise OrganisationInvalid(f"{schema_name!r} is not the schema of an organisation and is never dropped")
    with public_context(), transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(f'DROP SCHEMA "{schema_name}" CASCADE')
            for table in row_guarded_tables():
                cursor.execute(f'DELETE FROM public."{table}" WHERE schema_name = %s', [schema_name])  # noqa: S608
        drop_role(schema_name)
        Domain.objects.filter(tenant=organisation).delete()
        Organisation.objects.filter(pk=organisation.pk)._raw_delete("default")


def is_host_name(text: str) -> bool:
    """Whether this is a host name as browsers send it: no scheme, no port, lower case."""
    return bool(_HOST_NAME.match(text))


def _register(organisation: Organisation, domain: str) -> Organisation:
    try:
        with transaction.atomic():
            organisation.save(force_insert=True)
            Domain.objects.create(tenant=organisation, domain=domain, is_primary=True)
    except IntegrityError:
        raise OrganisationInvalid(
            "somebody took the slug or the host name at this moment: choose another slug or host name"
        ) from None
    return organisation


def _check_particulars(*, name: str, schema_name: str, slug: str, domain: str) -> None:
    if not 0 < len(name.strip()) <= 200:
        raise OrganisationInvalid("give the organisation a name, 200 characters at most")
    if not is_organisation_schema(schema_name):
        raise OrganisationInvalid(
            f"the slug {slug!r} cannot be used: start with a letter, then letters, digits and hyphens, 30 at most"
        )
    if not is_host_name(domain):
        raise OrganisationInvalid(f"{domain!r} is not a host name: write it like privacy.example.com, without https://")
    if domain in settings.PUBLIC_HOSTS:
        raise OrganisationInvalid(f"{domain!r} is the host of the whole installation: choose another for its portal")
    if Organisation.objects.filter(schema_name=schema_name).exists():
        raise OrganisationInvalid(f"an organisation with the slug {slug!r} exists already: choose another slug")
    if _schema_exists(schema_name):
        raise OrganisationInvalid(f"the database holds a schema {schema_name!r} that is no organisation's: remove it")
    if Domain.objects.filter(domain=domain).exists():
        raise OrganisationInvalid(f"the host name {domain!r} belongs to another organisation: choose another")


def _schema_exists(schema_name: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT 1 FROM pg_namespace WHERE nspname = %s)", [schema_name])
        return cursor.fetchone()[0]


def _current_snapshot() -> SchemaSnapshot:
    snapshot = SchemaSnapshot.objects.filter(version=expected_version()).first()
    if snapshot is None:
        raise OrganisationInvalid("the database is not migrated to this version: run `manage.py migrate_organisations`")
    return snapshot
