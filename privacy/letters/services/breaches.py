"""Telling people that the security of their data was breached.

What the letter has to say is the union of the laws: GDPR Art. 34(2) with Art. 33(3); SOR/2018-64 s. 3 (Canada): the
circumstances, the day or period, the data, what is done, what the person can do, and whom to ask.

Danger: somebody gets the letter again, because a button was pressed twice, and believes that it happened twice.
Rule: a notice has a number that its form brings along; one number is sent once, and to each address once.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from privacy.ledger.actors import Actor
from privacy.ledger.models import LedgerEntry
from privacy.ledger.services import record
from privacy.letters.addresses import portal_url
from privacy.letters.authorities import authorities_of_laws
from privacy.letters.composing import compose, letter_language
from privacy.letters.errors import BreachNoticeRefused, NotAllowed
from privacy.letters.kinds import letter_kind
from privacy.letters.models import Letter
from privacy.letters.services.writing import write_letter
from privacy.officers.models import Officer
from privacy.register.models import OrganisationProfile
from privacy.register.selectors import local_date, profile
from privacy.subjects.identifiers import IdentifierInvalid, IdentifierKind, normalise
from privacy.subjects.services import find_subject

KIND = "breach_notice"
NOTIFIED = "breach.notified"
MOST_PEOPLE = 100
"""One letter is set and encrypted for each, while the officer waits."""

LONGEST_WORDS = 4_000


@dataclass(frozen=True)
class BreachTold:
    """What people are told of a breach, in the officer's words. `ended_on` is None where it was one day."""

    what_happened: str = field(repr=False)
    began_on: date
    ended_on: date | None
    kinds_of_data: str = field(repr=False)
    what_we_do: str = field(repr=False)
    what_you_can_do: str = field(repr=False)


@transaction.atomic
def notify_of_breach(
    *, number: uuid.UUID, told: BreachTold, people: Sequence[str], language: str, officer: Officer
) -> int:
    """Write to people whose data a breach concerns; returns how many letters were written.

    Args:
        number: of this notice, made with its form; the same number is never sent twice.
        people: their e-mail addresses; also of people whom the portal does not know.
        language: in which they are written to.

    Raises:
        NotAllowed: the officer may not write to people who have no case.
        BreachNoticeRefused: something is missing or wrong, an address is none, or the notice was sent already.
    """
    if not may_notify(officer):
        raise NotAllowed
    check_told(told)
    addresses = _addresses(people)
    OrganisationProfile.objects.select_for_update().get()  # whoever sends the same at this moment is waited for
    if LedgerEntry.objects.filter(action=NOTIFIED, data__notice=str(number)).exists():
        raise BreachNoticeRefused(_("This notice was sent already. Open an empty page for another one."))
    actor, language = Actor.officer(officer), letter_language(language)
    given, law = _particulars(told, language), next(iter(profile().laws), "")
    for address in addresses:
        subject = find_subject(kind=IdentifierKind.EMAIL, value=address)
        write_letter(
            kind=KIND, subject=subject, address=address, context=given, actor=actor, language=language, law=law,
            to_a_stranger=subject is None,
        )  # fmt: skip
    record(action=NOTIFIED, actor=actor, data={"notice": str(number), "people": len(addresses)})
    return len(addresses)


def may_notify(officer: Any) -> bool:
    """Whether an officer may write to people about a breach: whoever sees and sends letters of no case."""
    return officer.is_active and officer.has_perms(["letters.view_letter", "letters.send_letter"])


def composed_breach_notice(*, told: BreachTold, language: str) -> Letter:
    """The letter as it would be, for a preview; it is in no table.

    Raises:
        BreachNoticeRefused: something is missing or wrong.
    """
    check_told(told)
    language = letter_language(language)
    law = next(iter(profile().laws), "")
    made = compose(letter_kind(KIND), particulars=_particulars(told, language), language=language, law=law)
    return Letter(kind=KIND, language=language, heading=made.heading, body=made.text)


def check_told(told: BreachTold) -> None:
    """Raise BreachNoticeRefused when the laws want something that is not said."""
    words = (told.what_happened, told.kinds_of_data, told.what_we_do, told.what_you_can_do)
    if not all(each.strip() for each in words):
        raise BreachNoticeRefused(_("Say what happened, which data it concerns, what you do, and what people can do."))
    if any(len(each) > LONGEST_WORDS for each in words):
        raise BreachNoticeRefused(_("Keep each answer to %(n)d characters.") % {"n": LONGEST_WORDS})
    last = told.ended_on or told.began_on
    if last < told.began_on:
        raise BreachNoticeRefused(_("The last day is before the first. Enter them the other way round."))
    if last > local_date(timezone.now()):
        raise BreachNoticeRefused(_("A breach that people are told of has happened. Enter a day that is not to come."))


def _addresses(people: Sequence[str]) -> list[str]:
    """Each address once, in a form that can be compared."""
    found: dict[str, None] = {}
    for place, each in enumerate((line.strip() for line in people if line.strip()), start=1):
        try:
            found.setdefault(normalise(IdentifierKind.EMAIL, each))
        except IdentifierInvalid:
            raise BreachNoticeRefused(_("Address %(n)d is no e-mail address.") % {"n": place}) from None
    if not found:
        raise BreachNoticeRefused(_("Enter the e-mail addresses of those whose data it concerns, one a line."))
    if len(found) > MOST_PEOPLE:
        message = _("Enter %(n)d addresses at most, and send the others by another notice.")
        raise BreachNoticeRefused(message % {"n": MOST_PEOPLE})
    return list(found)


def _particulars(told: BreachTold, language: str) -> dict[str, Any]:
    with translation.override(language):
        return {
            "organisation": profile(),
            "portal": portal_url(),
            "authorities": authorities_of_laws(profile().laws),
            "what_happened": told.what_happened,
            "began_on": told.began_on,
            "ended_on": told.ended_on,
            "kinds_of_data": told.kinds_of_data,
            "what_we_do": told.what_we_do,
            "what_you_can_do": told.what_you_can_do,
        }
