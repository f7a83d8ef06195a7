"""Whether the person had the use of their data restricted, or objected to it, on the day of a disclosure.

Danger: somebody said no, was told that it is obeyed, and their data goes out all the same.
Rule: what is in force at the end of the day refuses the disclosure; of a day that is today, what is in force now. A log
of days cannot tell whether data went out before the person's word or after it, so that the word wins. A restriction and
an objection give way to a coded ground without consent, which is written down with its authority and its approver
(GDPR Art. 18(2), 21(1)); that data is public is no such ground, and nothing goes before an objection to direct
marketing (GDPR Art. 21(3)).
"""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext as _

from privacy.register.disclosures.errors import DisclosureRefused
from privacy.register.disclosures.statement import DisclosureStatement
from privacy.register.models import GroundWithoutConsent, Purpose
from privacy.register.restrictions.enums import RestrictionKind, ScopeKind
from privacy.register.restrictions.models import Restriction
from privacy.register.restrictions.selectors import strongest

_GIVES_NO_WAY = frozenset({"", GroundWithoutConsent.PUBLIC_SOURCE})
_AT_FAULT = {ScopeKind.PURPOSE: "purpose", ScopeKind.CATEGORY: "categories", ScopeKind.EVERYTHING: "subject"}


def refusal_by_the_person(
    said: DisclosureStatement, purpose: Purpose, kept: Sequence[Restriction], moment: datetime
) -> DisclosureRefused | None:
    """Why the person's own word does not allow it; None when it does.

    Args:
        purpose: the one that the statement names.
        kept: everything in the register of restrictions about the person, whenever it was in force.
        moment: the one that counts, as `last_moment` tells it.
    """
    against = [each for each in kept if each.holds_at(moment) and _reaches(each, said, purpose)]
    if said.ground not in _GIVES_NO_WAY:
        against = [each for each in against if each.kind == RestrictionKind.MARKETING]
    found = strongest(against)
    return DisclosureRefused(_AT_FAULT[found.scope], _words(found)) if found is not None else None


def last_moment(day: date, zone: ZoneInfo) -> datetime:
    """The end of a day where the organisation is; now, where the day has not ended."""
    end = datetime.combine(day + timedelta(days=1), time.min, tzinfo=zone) - timedelta(microseconds=1)
    return min(end, timezone.now())


def _reaches(restriction: Restriction, said: DisclosureStatement, purpose: Purpose) -> bool:
    return any(restriction.reaches(purpose, category) for category in said.categories)


def _words(found: Restriction) -> str:
    match found.kind:
        case RestrictionKind.MARKETING:
            return _("The person objected to direct marketing for this purpose. Nothing is disclosed for it.")
        case RestrictionKind.RESTRICTION:
            return _(
                "The person had the use of this data restricted, and that was in force on that day. Do not disclose; "
                "if a law demands it, name the ground without consent with its authority and who approved."
            )
    return _(
        "The person objected to this use of their data, and that was in force on that day. Do not disclose; if a law "
        "demands it, name the ground without consent with its authority and who approved."
    )
