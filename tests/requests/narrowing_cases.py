"""Cases about what may be done with data, for tests of their decisions."""

from django.utils import timezone

from demo.crm.offixpro.known import AMA_MENSAH
from privacy.ledger.actors import SYSTEM
from privacy.subjects.identifiers import IdentifierKind
from privacy.subjects.services import find_or_add_subject, mark_verified
from requests import services
from requests.enums import Channel, IdentityLevel
from requests.models import SubjectRequest
from requests.services.opening import begin_case, create_case
from tests.requests.conftest import run_jobs

EMAIL = AMA_MENSAH.email


def opened(kind: str, officer, *codes: str) -> SubjectRequest:
    """A case that its officer decides next."""
    subject = find_or_add_subject(kind=IdentifierKind.EMAIL, value=EMAIL)
    mark_verified(subject=subject, kind=IdentifierKind.EMAIL)
    case = create_case(
        kind=kind, subject=subject, name="Ama Mensah", details="", language="en", channel=Channel.LETTER,
        received_at=timezone.now(), actor=SYSTEM, particulars={"purposes": list(codes)} if codes else None,
    )  # fmt: skip
    begin_case(case=case, level=IdentityLevel.MAIL_LINK, actor=SYSTEM)
    services.confirm_identity(case=case, officer=officer)
    run_jobs("requests.plan")
    case.refresh_from_db()
    assert case.state == "deciding"
    return case
