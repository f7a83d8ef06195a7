"""Letters of invented particulars in our own wordings, as they would go out: for looking at, and for tests."""

from dataclasses import dataclass

from django.utils import translation

from privacy.letters.composing import built_in, compose_with
from privacy.letters.kinds import Audience, LetterKind
from privacy.letters.models import Letter
from privacy.letters.pdf import letter_pdf
from privacy.letters.samples import (
    SAMPLE_ADDRESS,
    SAMPLE_DAY,
    SAMPLE_LINK,
    SAMPLE_PORTAL,
    SAMPLE_RECIPIENT,
    sample_organisation,
)
from privacy.letters.services.outbox import whole_text
from privacy.letters.wording import LINK_PLACEHOLDER
from privacy.register.models import OrganisationProfile


@dataclass(frozen=True)
class Printed:
    """`text` as the letter itself says it, `mail` with all that stands under it."""

    heading: str
    text: str
    mail: str
    letter: Letter
    organisation: OrganisationProfile

    def on_paper(self) -> bytes:
        """The PDF."""
        return letter_pdf(self.letter, text=self.text, dated_on=SAMPLE_DAY, organisation=self.organisation)


def printed(kind: LetterKind, *, language: str, law: str) -> Printed:
    """The sample of a kind under a law, in a language; nothing is kept."""
    with translation.override(language):
        particulars = kind.sample(law)
        made = compose_with(kind, built_in(kind, language=language), particulars=particulars, language=language)
    case, ours = particulars.get("case"), sample_organisation(law)
    name = SAMPLE_RECIPIENT if kind.audience == Audience.RECIPIENT else case.name if case else None
    letter = Letter(
        kind=kind.code, reference=case.reference if case else "", language=language, name=name,
        address=SAMPLE_ADDRESS, heading=made.heading, body=made.text,
    )  # fmt: skip
    mail = whole_text(letter, kind=kind, organisation=ours, portal=SAMPLE_PORTAL)
    return Printed(made.heading, made.text, mail.replace(LINK_PLACEHOLDER, SAMPLE_LINK), letter, ours)
