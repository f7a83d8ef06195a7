"""What a letter will look like, before it is one: as mail and on paper. Nothing is kept."""

from django.utils import timezone, translation

from privacy.letters.addresses import portal_url
from privacy.letters.composing import Wording, compose_with
from privacy.letters.kinds import LetterKind
from privacy.letters.models import Letter
from privacy.letters.pdf import letter_pdf
from privacy.letters.samples import SAMPLE_LAW
from privacy.letters.services.outbox import whole_text
from privacy.letters.wording import LINK_PLACEHOLDER, check_wording
from privacy.register.selectors import local_date, profile


def draft_as(letter: Letter, text: str) -> Letter:
    """A letter like this draft with another text; it is in no table."""
    return Letter(
        kind=letter.kind, reference=letter.reference, language=letter.language, name=letter.name,
        address=letter.address, heading=letter.heading, body=text,
    )  # fmt: skip


def sample_letter(kind: LetterKind, *, language: str, law: str, heading: str, text: str) -> Letter:
    """The letter that a wording makes of the sample of its kind.

    Args:
        law: whose sample; empty for the first of the organisation.

    Raises:
        WordingInvalid: the wording cannot be used.
    """
    check_wording(kind, heading=heading, text=text)
    with translation.override(language):
        ours = profile()
        particulars = kind.sample(law or next(iter(ours.laws), SAMPLE_LAW)) | {"organisation": ours}
        made = compose_with(kind, Wording(heading, text), particulars=particulars, language=language)
    case = particulars.get("case")
    return Letter(
        kind=kind.code, reference=case.reference if case else "", language=language,
        name=case.name if case else None, address="ama.mensah@example.com", heading=made.heading, body=made.text,
    )  # fmt: skip


def as_mail_text(letter: Letter, kind: LetterKind) -> str:
    """The text of the mail, with a word where the secret link goes."""
    shown = whole_text(letter, kind=kind, organisation=profile(), portal=portal_url())
    with translation.override(letter.language):
        return shown.replace(LINK_PLACEHOLDER, "https://…")


def as_paper(letter: Letter) -> bytes:
    return letter_pdf(letter, text=letter.body, dated_on=local_date(timezone.now()), organisation=profile())
