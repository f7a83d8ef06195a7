"""The letters of cases. What each says is in `templates/letters/case_*`; what it may say is declared here."""

from requests.letter_kinds import answers, clocks, complaints, identity, intake, officers, recipients, rights
from requests.letter_kinds.demands import with_demands

_DECLARED = (
    *intake.KINDS,
    *identity.KINDS,
    *clocks.KINDS,
    *answers.KINDS,
    *rights.KINDS,
    *complaints.KINDS,
    *recipients.KINDS,
    *officers.KINDS,
)
KINDS = tuple(with_demands(_DECLARED))
