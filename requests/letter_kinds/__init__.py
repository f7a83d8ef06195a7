"""The letters of cases. What each says is in `templates/letters/case_*`; what it may say is declared here."""

from requests.letter_kinds import answers, clocks, complaints, identity, intake, officers, recipients, rights

KINDS = (
    *intake.KINDS,
    *identity.KINDS,
    *clocks.KINDS,
    *answers.KINDS,
    *rights.KINDS,
    *complaints.KINDS,
    *recipients.KINDS,
    *officers.KINDS,
)
