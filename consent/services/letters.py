"""The receipt of a decision, by mail."""

from collections.abc import Sequence

from django.utils import translation

from consent.models import ConsentRecord, Decision
from consent.selectors import agreed_at, goes_on_because, preferences
from privacy.ledger.actors import Actor
from privacy.letters.addresses import portal_url
from privacy.letters.composing import letter_language
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
    with translation.override(letter_language(record.language)):
        is_given = record.decision == Decision.GIVEN
        goes_on = "" if is_given else goes_on_because(record.subject, record.purpose)
    agreed = None if is_given else agreed_at(record.subject, record.purpose)
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
            "method": record.method,
            "is_given": is_given,
            "is_withdrawn": record.decision == Decision.WITHDRAWN,
            "goes_on_because": goes_on,
            "agreed_again_on": local_date(agreed) if agreed else None,
            "over_on": local_date(record.expires_at) if record.expires_at and record.was_over else None,
            "preferences_url": portal_url("/preferences/"),
        },
        actor=actor,
        language=record.language,
        unsubscribe_from=record.purpose.code if is_given and not record.was_over else "",
    )


def send_receipt_of_stopping(
    *, records: Sequence[ConsentRecord], refused: Sequence[ConsentRecord] = (), actor: Actor, language: str
) -> Letter | None:
    """Write the person one letter about all that they withdrew at once. None when we know no mail address.

    Args:
        records: all of one person, at least one.
        refused: what the same person refused by it.
    """
    subject = records[0].subject
    address = identifier_of(subject, IdentifierKind.EMAIL)
    if address is None:
        return None
    with translation.override(letter_language(language)):
        fixed = [each for each in preferences(subject, language) if each.why_not]
        stays = [each for each in fixed if not each.is_bound and not each.restriction]
    go_on = {each.purpose for each in stays}
    return write_letter(
        kind="consents_stopped",
        subject=subject,
        address=address,
        context={
            "organisation": profile(),
            "withdrawn": [
                (each.title, "" if each in go_on else each.withdrawal_consequences)
                for each in (record.purpose for record in records)
            ],
            "refused": [record.purpose for record in refused],
            "numbers": [str(record.pk) for record in (*records, *refused)],
            "bound": [(each.purpose.title, each.why_not) for each in fixed if each.is_bound],
            "stays": [(each.purpose.title, each.why_not) for each in stays],
            "date": local_date(records[0].recorded_at),
            "preferences_url": portal_url("/preferences/"),
        },
        actor=actor,
        language=language,
    )
