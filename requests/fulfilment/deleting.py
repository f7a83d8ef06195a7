"""Deleting access packages: when their time is over, or because the person is erased."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from privacy.errands.files import delete_copies
from privacy.ledger.actors import SYSTEM, Actor
from privacy.ledger.services import record
from privacy.subjects.links import revoke_links
from privacy.subjects.models import LinkPurpose
from requests.fulfilment.storage import remove_file
from requests.models import AccessPackage


@transaction.atomic
def expire_package(*, package_id: str, now: datetime | None = None) -> None:
    """Delete a package whose time is over. One that has time left stays."""
    package = AccessPackage.objects.select_for_update().select_related("case").get(pk=package_id)
    if package.deleted_at is None and package.expires_at <= (now or timezone.now()):
        delete_package(package=package, actor=SYSTEM)


def delete_package(*, package: AccessPackage, actor: Actor) -> None:
    """Delete a package's file now, in the caller's transaction. The file goes first: a row without its file is found
    out at once, a file without its row never.
    """
    remove_file(package)
    delete_copies(case_id=package.case_id)
    package.deleted_at = timezone.now()
    package.save(update_fields=["deleted_at"])
    revoke_links(purpose=LinkPurpose.DOWNLOAD, target_id=package.case_id)
    record(action="access_package.deleted", actor=actor, target=package.case)
