"""The only doors into an organisation.

`with organisation_context(organisation):` is safe between threads because it keeps nothing but local state;
django-tenants' `with tenant:` and its decorators share state between threads and are not used.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from django_tenants.utils import tenant_context

from privacy.tenants.db import connection
from privacy.tenants.errors import NoOrganisation, OrganisationNotServed
from privacy.tenants.names import PUBLIC_SCHEMA

if TYPE_CHECKING:
    from privacy.tenants.models import Organisation


@contextmanager
def organisation_context(organisation: "Organisation") -> Iterator["Organisation"]:
    """Run the body in one organisation's schema and role."""
    with tenant_context(organisation):
        yield organisation


@contextmanager
def enter_organisation(schema_name: str, *, states: frozenset[str] = frozenset({"active"})) -> Iterator["Organisation"]:
    """Look the organisation up by its schema and enter it; for jobs and commands.

    Args:
        states: in which the organisation may be entered (`Organisation.State`).

    Raises:
        NoOrganisation: there is none by that name.
        OrganisationNotServed: it is in another state, or its tables lag behind the code.
    """
    from privacy.tenants.models import Organisation
    from privacy.tenants.schema_version import expected_version

    with public_context():
        organisation = Organisation.objects.filter(schema_name=schema_name).first()
    if organisation is None:
        raise NoOrganisation(schema_name)
    if organisation.state not in states:
        raise OrganisationNotServed(schema_name, "it is not active")
    if organisation.schema_version != expected_version():
        raise OrganisationNotServed(schema_name, "its tables lag behind; run `manage.py migrate_organisations`")
    with organisation_context(organisation):
        yield organisation


@contextmanager
def public_context() -> Iterator[None]:
    """Run the body in the public schema, with the owner's rights."""
    previous = connection.tenant
    connection.set_schema_to_public()
    try:
        yield
    finally:
        connection.set_tenant(previous)


@contextmanager
def owner_context(organisation: "Organisation") -> Iterator["Organisation"]:
    """Run the body in an organisation's schema with the owner's rights: nothing is refused here, so keep it short."""
    with organisation_context(organisation), connection.as_owner():
        yield organisation


def current_organisation() -> "Organisation":
    """The organisation that this thread is in.

    Raises:
        NoOrganisation: it is in none.
    """
    from privacy.tenants.models import Organisation

    tenant = connection.tenant
    if not isinstance(tenant, Organisation) or tenant.schema_name == PUBLIC_SCHEMA:
        raise NoOrganisation(connection.schema_name)
    return tenant
