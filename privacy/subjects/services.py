"""Finding and adding data subjects."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from privacy.subjects.crypto import keyed_index
from privacy.subjects.identifiers import normalise
from privacy.subjects.models import Identifier, Subject


def find_subject(*, kind: str, value: str, region: str = "") -> Subject | None:
    """The subject known under this identifier, if any.

    Raises:
        IdentifierInvalid: it is no identifier of this kind.
    """
    index = keyed_index(kind, normalise(kind, value, region=region))
    found = Identifier.objects.select_related("subject").filter(kind=kind, index=index).first()
    return found.subject if found else None


@transaction.atomic
def find_or_add_subject(*, kind: str, value: str, name: str | None = None, region: str = "") -> Subject:
    """The subject known under this identifier; added when there is none. Safe when two callers add at once.

    Raises:
        IdentifierInvalid: it is no identifier of this kind.
    """
    normalised = normalise(kind, value, region=region)
    index = keyed_index(kind, normalised)
    if found := Identifier.objects.select_related("subject").filter(kind=kind, index=index).first():
        return found.subject
    subject = Subject.objects.create(name=name)
    Identifier.objects.bulk_create(
        [Identifier(subject=subject, kind=kind, value=normalised, index=index)], ignore_conflicts=True
    )
    owner = Identifier.objects.select_related("subject").get(kind=kind, index=index).subject
    if owner.pk != subject.pk:  # somebody else was faster
        subject.delete()
    return owner


def mark_verified(*, subject: Subject, kind: str, now: datetime | None = None) -> None:
    """The person has shown control over their identifiers of this kind (by a mailed link, say)."""
    subject.identifiers.filter(kind=kind, verified_at__isnull=True).update(verified_at=now or timezone.now())


def identifier_of(subject: Subject, kind: str) -> str | None:
    """The subject's identifier of a kind, decrypted; None when there is none."""
    found = subject.identifiers.filter(kind=kind).order_by("id").first()
    return found.value if found else None
