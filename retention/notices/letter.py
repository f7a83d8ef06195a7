"""The letter by which a person is told what a rule will do to their data, and what they can do about it."""

import datetime as dt

from privacy.datamap.models import Action
from privacy.ledger.actors import SYSTEM
from privacy.letters.addresses import portal_url
from privacy.letters.composing import letter_language
from privacy.letters.models import Letter
from privacy.letters.services import write_letter
from privacy.register.models import OrganisationProfile
from privacy.subjects.identifiers import IdentifierKind
from privacy.subjects.services import find_subject
from retention.models import Rule

KIND = "advance_notice"


def write_notice(
    *, rule: Rule, address: str, language: str | None, acts_from: dt.date, organisation: OrganisationProfile
) -> Letter:
    """Write the letter about one row. It belongs to the person's file where the portal knows somebody by the address,

    and otherwise from the day on which they make a request.

    Args:
        language: as the source writes it; the first of ours where it is none of them.
        acts_from: the first day on which the rule may act.
    """
    context = {
        "organisation": organisation,
        "rule": rule.name,
        "reason": rule.legal_reason.rstrip("."),
        "what": rule.dataset.label,
        "is_deleted": rule.action == Action.DELETE,
        "begins_anew": rule.newest_counts,
        "day": acts_from,
        "portal": portal_url(),
    }
    subject = find_subject(kind=IdentifierKind.EMAIL, value=address)
    return write_letter(
        kind=KIND, subject=subject, address=address, context=context, actor=SYSTEM, language=letter_language(language),
        to_a_stranger=True,
    )  # fmt: skip
