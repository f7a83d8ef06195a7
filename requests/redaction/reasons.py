"""Why something may be withheld from a document, and what of it may be told.

Danger: a ground that the person must not even learn of (PIPEDA, s. 9(2.4)) stands in the log of a redacted document.
Rule: whatever leaves this room is asked for through `told`; what must stay secret, or is not known, says "withheld".
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from privacy.law.catalogue import ground, grounds_for
from privacy.law.enums import KindOfRequest
from privacy.law.errors import UnknownLaw
from requests.clocks import laws_of
from requests.models import SubjectRequest


@dataclass(frozen=True)
class Reason:
    """`section` names the provision; empty for what holds under every law."""

    code: str
    section: str
    words: str | Promise
    is_secret: bool = False


GENERAL = (
    Reason("third_party", "", _("Personal information about another person")),
    Reason("privilege", "", _("Legal privilege")),
    Reason("confidential_business", "", _("Confidential commercial information")),
    Reason("safety", "", _("Safety of a person")),
    Reason("security_measures", "", _("How data or premises are protected")),
    Reason("not_about_person", "", _("Not about the person who asks")),
)
WITHHELD = Reason("withheld", "", _("Withheld"))
_BY_CODE = {reason.code: reason for reason in GENERAL}


def reasons(case: SubjectRequest) -> list[Reason]:
    """What an officer can choose from: the general reasons, then the grounds for withholding of the case's laws."""
    grounds = grounds_for(laws=laws_of(case.deadlines), kind=KindOfRequest.ACCESS)
    return [*GENERAL, *(reason_of(each.code) for each in grounds)]


def reason_of(code: str) -> Reason:
    """A reason by its code, for officers of the case; one that is not known any more says "withheld"."""
    if code in _BY_CODE:
        return _BY_CODE[code]
    try:
        found = ground(code)
    except UnknownLaw:
        return WITHHELD
    return Reason(code, f"{found.law} {found.section}", gettext(found.words), not found.disclosable)


def told(code: str) -> Reason:
    """What everybody else may learn of a reason."""
    reason = reason_of(code)
    return WITHHELD if reason.is_secret else reason
