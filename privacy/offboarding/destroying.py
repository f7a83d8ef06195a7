"""The end of a cancelled organisation: schema, role, files, rows and keys go; a signed certificate stays.

Danger: destroying too early, the wrong organisation, or half of one.
Rule: state and date are asked again under a lock. What will be destroyed is counted first and written to the
certificate, in the transaction after which there is no way back; that transaction also overwrites the key salt, so that
from then on nothing encrypted can be read here. Then the files go, then everything in the database in one transaction
together with the signature. Killed anywhere, the next run goes on where the certificate says it is.

A backup made before holds the salt as well: what is in backups ends when they are deleted.
"""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from privacy.jobs.services import jobs_and_schedules
from privacy.ledger.sealing import seal_all
from privacy.ledger.signing import sign
from privacy.offboarding.cancelling import mark_of
from privacy.offboarding.proof import last_seals
from privacy.offboarding.tables import table_names
from privacy.tenants.context import current_organisation, organisation_context, public_context
from privacy.tenants.db import connection
from privacy.tenants.files import count_files, remove_files
from privacy.tenants.models import DestructionCertificate, Organisation, new_key_salt
from privacy.tenants.provisioning import destroy_organisation

CERTIFICATE_KIND = "destruction-certificate"


def destroy_when_due(*, mark: str, now: datetime | None = None) -> DestructionCertificate | None:
    """Destroy the current organisation if its last day is over, or go on where an earlier attempt stopped.

    Args:
        mark: of the cancellation that is meant (`cancelling.mark_of`); another one, or none, destroys nothing.

    Returns:
        The signed certificate; None when nothing was to be destroyed.
    """
    organisation = current_organisation()
    if organisation.is_cancelled:
        seal_all()
    with public_context():
        certificate = _begin(organisation.pk, mark, now or timezone.now())
        if certificate is None:
            return None
        remove_files(certificate.schema_name)
        return _finish(organisation.pk, certificate)


@transaction.atomic
def _begin(key: int, mark: str, now: datetime) -> DestructionCertificate | None:
    """The point of no return: count, overwrite the salt, and let nobody in any more."""
    organisation = Organisation.objects.select_for_update().get(pk=key)
    if organisation.state == Organisation.State.DESTROYING:
        return DestructionCertificate.objects.get(schema_name=organisation.schema_name, completed_at__isnull=True)
    due = organisation.destroy_at is not None and organisation.destroy_at <= now
    if not organisation.is_cancelled or mark_of(organisation) != mark or not due:
        return None
    certificate = DestructionCertificate.objects.create(
        schema_name=organisation.schema_name, name=organisation.name, content=_facts(organisation), began_at=now
    )
    organisation.state = Organisation.State.DESTROYING
    organisation.key_salt = new_key_salt()
    organisation.cancel_reason = ""
    organisation.save(update_fields=["state", "key_salt", "cancel_reason"])
    return certificate


@transaction.atomic
def _finish(key: int, certificate: DestructionCertificate) -> DestructionCertificate:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout = '5s'")  # somebody still reads: tried again later
    organisation = Organisation.objects.select_for_update().get(pk=key)
    destroy_organisation(organisation=organisation)
    certificate.completed_at = timezone.now()
    certificate.content |= {"id": str(certificate.pk), "destroyed_at": certificate.completed_at.isoformat()}
    certificate.signed = sign(certificate.content, kind=CERTIFICATE_KIND)
    certificate.save(update_fields=["completed_at", "content", "signed"])
    return certificate


def _facts(organisation: Organisation) -> dict[str, object]:
    """What the certificate says: counts, digests, times, codes. No personal data."""
    assert organisation.cancelled_at is not None
    with organisation_context(organisation):
        tables, seals = _counts(), last_seals()
    files = count_files(organisation.schema_name)
    return {
        "organisation": organisation.name,
        "keys": f"{settings.PUBLIC_BASE_URL}/.well-known/jwks.json",
        "schema": organisation.schema_name,
        "cancelled_at": organisation.cancelled_at.isoformat(),
        "by": "system: the time after the cancellation was over",
        "tables": tables,
        "files": {"count": files.count, "bytes": files.size},
        "public_rows": jobs_and_schedules(schema_name=organisation.schema_name),
        "last_seals": seals,
        "removed": ["schema", "database role", "files", "host names", "jobs", "schedules", "key salt"],
    }


def _counts() -> dict[str, int]:
    parts = [f"SELECT '{name}', count(*) FROM \"{name}\"" for name in table_names()]  # noqa: S608  from the catalog
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts))
        return dict(sorted(cursor.fetchall()))
