"""The receipt of a decision, by mail."""

from consent.models import ConsentRecord, Decision
from privacy.ledger.actors import Actor
from privacy.letters.addresses import portal_url
from privacy.letters.models import Letter
from privacy.letters.services import write_letter
from privacy.register.selectors import local_date, profile
from privacy.subjects.identifiers import IdentifierKind
from privacy.subjects.services import identifier_of


def send_receipt(*, record: ConsentRecord, actor: Actor) -> Letter | None:
    """Write the person what was recorded, in their language, with what it means. None when we know no mail address."""
    address = identifier_of(record.subject, IdentifierKind.EMAIL)
    if address is None:
        return None
    return write_letter(
        kind="consent_receipt",
        subject=record.subject,
        address=address,
        context={
            "organisation": profile(),
            "record": record,
            "purpose": record.purpose,
            "wording": record.wording,
            "date": local_date(record.recorded_at),
            "is_given": record.decision == Decision.GIVEN,
            "is_withdrawn": record.decision == Decision.WITHDRAWN,
            "preferences_url": portal_url("/preferences/"),
        },
        actor=actor,
        language=record.language,
    )
