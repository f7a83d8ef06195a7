"""What a letter gets when it goes into the outbox: end of its text, date, PDF; and the job that sends it."""

import hashlib
from typing import Any

from django.utils import timezone, translation

from privacy.jobs.services import enqueue
from privacy.letters.addresses import portal_url
from privacy.letters.composing import frame
from privacy.letters.kinds import LetterKind, letter_kind
from privacy.letters.models import Letter
from privacy.letters.pdf import letter_pdf
from privacy.letters.wording import as_mail
from privacy.letters.words import officer_title
from privacy.register.models import OrganisationProfile
from privacy.register.selectors import local_date, profile


def finished(letter: Letter) -> dict[str, Any]:
    """The columns of a letter as it goes out; the letter itself is not changed. Its `body` is still the bare text."""
    kind, ours, today = letter_kind(letter.kind), profile(), local_date(timezone.now())
    found: dict[str, Any] = {
        "body": whole_text(letter, kind=kind, organisation=ours, portal=portal_url()),
        "dated_on": today,
    }
    if kind.is_on_paper:
        pdf = letter_pdf(letter, text=letter.body, dated_on=today, organisation=ours)
        found |= {"pdf": pdf, "pdf_sha256": hashlib.sha256(pdf).hexdigest()}
    return found


def whole_text(letter: Letter, *, kind: LetterKind, organisation: OrganisationProfile, portal: str) -> str:
    """The text of the mail: the letter's, and who writes, with the address of their portal."""
    with translation.override(letter.language):
        context = {
            "organisation": organisation, "officer_title": officer_title(organisation),
            "reference": letter.reference, "portal": portal,
        }  # fmt: skip
        return f"{as_mail(letter.body).rstrip()}\n\n{frame(kind.audience.value, context)}"


def queue_sending(letter: Letter) -> None:
    """Have the letter sent after the commit. Each time it is sent has a job of its own."""
    enqueue(kind="letters.send", slot=slot_of(letter))


def slot_of(letter: Letter) -> str:
    """Names the job that sends a letter for the first, second, … time."""
    return str(letter.pk) if not letter.sendings else f"{letter.pk}/{letter.sendings}"
