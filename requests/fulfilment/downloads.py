"""Handing out an access package."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from privacy.ledger.actors import Actor
from privacy.ledger.services import record
from privacy.subjects.models import Subject
from requests.addressees import may_get_the_data
from requests.errors import PackageGone
from requests.fulfilment.access_package import open_package
from requests.fulfilment.storage import path_of
from requests.models import AccessPackage, SubjectRequest


@dataclass(frozen=True)
class Download:
    """`size` is in bytes. `chunks` can be read once; reading may end in CannotDecrypt, then nothing of it is valid."""

    name: str
    size: int
    chunks: Iterator[bytes]


@transaction.atomic
def take_download(*, case: SubjectRequest, subject: Subject) -> Download:
    """Count one download of a package and open it.

    Args:
        subject: the person whose session it is; a package of anybody else is not there for them.

    Raises:
        PackageGone: there is none for this person, its time or its number of downloads is over, or the authority of
            who asks for the person has ended.
    """
    if not may_get_the_data(case):
        raise PackageGone
    mine = AccessPackage.objects.filter(case=case, case__subject=subject, deleted_at__isnull=True, for_post=False)
    taken = mine.filter(downloads_left__gt=0, expires_at__gt=timezone.now()).update(
        downloads_left=F("downloads_left") - 1
    )
    package = mine.select_related("case").first()
    if not taken or package is None or not path_of(package).exists():
        raise PackageGone
    record(
        action="access_package.downloaded",
        actor=Actor.subject(subject),
        target=package.case,
        data={"downloads_left": package.downloads_left},
    )
    return Download(f"{package.case.reference}.zip", package.size, open_package(package))
