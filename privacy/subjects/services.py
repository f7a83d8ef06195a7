"""Finding and adding data subjects."""

from datetime import datetime
from enum import StrEnum

from django.db import transaction
from django.utils import timezone

from privacy.subjects.crypto import keyed_index
from privacy.subjects.identifiers import IdentifierInvalid, normalise
from privacy.subjects.models import Identifier, Subject


class Replaced(StrEnum):
    """What became of an identifier that was to be replaced."""

    DONE = "done"
    NOT_KNOWN = "not_known"
    """The person was not known by the old one, or one of the two is none."""
    SOMEBODY_ELSES = "somebody_elses"


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


@transaction.atomic
def replace_identifier(
    *, subject: Subject, kind: str, old: str, new: str, region: str = "", now: datetime | None = None
) -> Replaced:
    """An identifier of a person was corrected: the new one is in use from now on, the old one becomes a former one.

    The new one counts as nobody's proof: control over it is shown by a link that is mailed there. It is taken only
    where the person was known by the old one, and never from somebody else.

    Args:
        old, new: as a source writes them.
    """
    try:
        before = keyed_index(kind, normalise(kind, old, region=region))
        value = normalise(kind, new, region=region)
    except IdentifierInvalid:
        return Replaced.NOT_KNOWN
    index, moment = keyed_index(kind, value), now or timezone.now()
    if before == index or not subject.identifiers.filter(kind=kind, index=before).exists():
        return Replaced.NOT_KNOWN
    Identifier.objects.bulk_create(
        [Identifier(subject=subject, kind=kind, value=value, index=index)], ignore_conflicts=True
    )
    present = Identifier.objects.select_for_update().get(kind=kind, index=index)
    if present.subject_id != subject.pk:
        return Replaced.SOMEBODY_ELSES
    present.former_since = None
    present.save(update_fields=["former_since"])
    subject.identifiers.filter(kind=kind, index=before, former_since__isnull=True).update(former_since=moment)
    return Replaced.DONE


def mark_verified(*, subject: Subject, kind: str, now: datetime | None = None) -> None:
    """The person has shown control over their identifier of this kind (by a mailed link, say). Former ones get none."""
    subject.identifiers.filter(kind=kind, verified_at__isnull=True, former_since__isnull=True).update(
        verified_at=now or timezone.now()
    )


def identifier_of(subject: Subject, kind: str) -> str | None:
    """The subject's identifier of a kind that is in use, decrypted; None when there is none."""
    found = subject.identifiers.filter(kind=kind, former_since__isnull=True).order_by("id").first()
    return found.value if found else None
