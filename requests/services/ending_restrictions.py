"""Telling a person that what they had restricted will be used again, before it is (GDPR Art. 18(3)).

Danger: data is used again, and its person learns of it afterwards or never.
Rule: the letter and the last day are one act. Until that day is over nothing is used, so that the person can object.
"""

from datetime import date, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from privacy.ledger.actors import Actor
from privacy.letters.composing import letter_language
from privacy.officers.models import Officer
from privacy.register.models import Purpose
from privacy.register.restrictions.errors import RestrictionError
from privacy.register.restrictions.models import Restriction
from privacy.register.restrictions.selectors import in_force_for, restrictions_of
from privacy.register.restrictions.services import set_last_day
from privacy.register.selectors import local_date, local_midnight
from requests.errors import ChangeInvalid, NotAllowed
from requests.letters import write_case_letter
from requests.models import SubjectRequest
from requests.services.moves import check_may_handle, locked

LEAST_DAYS = 7
"""The law names no length for the notice; a week lets the person write before the data is used."""
LONGEST_REASONS = 4_000
LIFT = "restrictions.lift_restriction"


def endless(case: SubjectRequest) -> list[Restriction]:
    """What was restricted by a case and has no end yet, in one query."""
    found = restrictions_of(case.subject).filter(case_id=case.pk, lifted_at__isnull=True, in_force_until__isnull=True)
    return list(found)


@transaction.atomic
def announce_end(
    *, case: SubjectRequest, officer: Officer, restriction_id: UUID, until: date, reasons: str
) -> Restriction:
    """Write to the person that a restriction ends, and why, and let it end after the day that the letter names.

    Args:
        restriction_id: one that was placed by this case.
        until: its last day, a week from now at the earliest.
        reasons: as the person reads them.

    Raises:
        NotAllowed: the case is not this officer's, or they may not lift restrictions.
        ChangeInvalid: there is nothing to end, the day is too early, no reasons are given, or nobody can be written to.
    """
    case = locked(case)
    check_may_handle(officer, case)
    if not officer.has_perm(LIFT):
        raise NotAllowed
    restriction = next((each for each in endless(case) if each.pk == restriction_id), None)
    if restriction is None:
        raise ChangeInvalid(_("It is lifted already, or has a last day already."))
    today = local_date(timezone.now())
    if until < today + timedelta(days=LEAST_DAYS):
        message = _("Give the person %(n)d days at least to write to us before the data is used again.")
        raise ChangeInvalid(message % {"n": LEAST_DAYS})
    if not 0 < len(reasons.strip()) <= LONGEST_REASONS:
        raise ChangeInvalid(_("Give reasons, in %(n)d characters at most.") % {"n": LONGEST_REASONS})
    actor = Actor.officer(officer)
    letter = write_case_letter(
        kind="restriction_ending", case=case, actor=actor, what=[_what(case, restriction, until)],
        reasons=reasons.strip(), until=until,
    )  # fmt: skip
    if letter is None:
        raise ChangeInvalid(_("There is no address of the person. Tell them, and lift it with the day of that."))
    try:
        return set_last_day(restriction=restriction, until=until, told_on=today, actor=actor)
    except RestrictionError as error:
        raise ChangeInvalid(str(error)) from None


def _what(case: SubjectRequest, restriction: Restriction, until: date) -> str:
    """What is used again, in words for the person; not what they restricted or objected to otherwise, and longer."""
    ends = local_midnight(until + timedelta(days=1))
    held = [each for each in in_force_for(case.subject) if each.in_force_until is None or each.in_force_until > ends]
    others = [each for each in held if each.pk != restriction.pk]
    purposes = [restriction.purpose] if restriction.purpose else list(Purpose.objects.filter(is_prohibited=False))
    still = [each for each in purposes if any(other.reaches(each) for other in others)]
    with translation.override(letter_language(case.language)):
        if still and len(still) == len(purposes):
            return _("Nothing yet: you restricted this, or objected to it, in another way as well")
        if restriction.purpose is not None:
            return restriction.purpose.title
        whole = str(restriction.get_category_display()) if restriction.category else _("Everything we do with the data")
        if not still:
            return whole
        except_for = _("%(whole)s, except for what you restricted or objected to in another way: %(purposes)s")
        return except_for % {"whole": whole, "purposes": "; ".join(each.title for each in still)}
