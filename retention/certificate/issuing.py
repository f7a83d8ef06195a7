"""Issuing the certificate of a run, in the transaction that completes it: there is no completed run without one."""

from django.utils import timezone, translation

from privacy.ledger.actors import SYSTEM
from privacy.ledger.sealed import new_id
from privacy.ledger.services import record
from privacy.ledger.signing import sign
from retention.certificate.content import content_of
from retention.certificate.document import KIND
from retention.models import Certificate, Run


def issue_certificate(run: Run, *, evidence: str) -> Certificate:
    """Write down and sign what a completed run did, or who says that it is done.

    Args:
        evidence: what shows that it is done, as a code.

    Raises:
        ProfileMissing: the organisation has not said who it is.
    """
    number, now = new_id(), timezone.now()
    with translation.override("en"):  # one text whoever's worker it was; its codes are for everybody
        content = content_of(run, certificate_id=str(number), issued_at=now, evidence=evidence)
    certificate = Certificate(id=number, run=run, document=sign(content, kind=KIND))
    certificate.save()
    record(action="certificate.issued", actor=SYSTEM, target=run, data={"certificate": str(number)})
    return certificate
