"""An organisation that exists for one measurement."""

import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from privacy.register.furnishing import furnish
from privacy.tenants.context import organisation_context, public_context
from privacy.tenants.models import Organisation
from privacy.tenants.provisioning import create_organisation, destroy_organisation


@contextmanager
def organisation_of_its_own(prefix: str, *, laws: Sequence[str] = ("GH",)) -> Iterator[Organisation]:
    """A furnished organisation; the thread is in it. It is destroyed afterwards.

    Args:
        prefix: of its short name; whatever an interrupted measurement left under it is destroyed first.
        laws: codes of the laws that apply to it.
    """
    _destroy_all(prefix)
    slug = f"{prefix}{uuid.uuid4().hex[:6]}"
    organisation = create_organisation(
        name=slug,
        slug=slug,
        domain=f"{slug}.localhost",
        furnish=lambda made: furnish(
            organisation=made, laws=tuple(laws), country="GH", officer_email="officer@example.com"
        ),
    )
    try:
        with organisation_context(organisation):
            yield organisation
    finally:
        _destroy_all(prefix)


def _destroy_all(prefix: str) -> None:
    with public_context():
        for organisation in list(Organisation.objects.filter(slug__startswith=prefix)):
            destroy_organisation(organisation=organisation)
