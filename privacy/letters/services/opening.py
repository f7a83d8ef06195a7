"""Opening the PDF of a letter, which the ledger notes (ASVS 5.0, 16.3.2)."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from privacy.ledger.actors import Actor
from privacy.ledger.models import LedgerEntry
from privacy.ledger.services import record
from privacy.letters.access import may_see
from privacy.letters.errors import NotAllowed
from privacy.letters.models import Letter
from privacy.officers.models import Officer

OPENED = "letter.pdf_opened"
NOT_AGAIN_FOR = timedelta(hours=1)


@transaction.atomic
def open_pdf(*, letter: Letter, officer: Officer) -> bytes | None:
    """The PDF of a letter; who opened it is written down, once for each officer and hour. None when it has none.

    Raises:
        NotAllowed: the officer may not read the letter.
    """
    if not may_see(officer, letter):
        raise NotAllowed
    pdf: bytes | None = letter.pdf
    if pdf is None:
        return None
    actor = Actor.officer(officer)
    seen = LedgerEntry.objects.filter(
        action=OPENED, object_type=letter._meta.label_lower, object_id=str(letter.pk), actor_kind=actor.kind,
        actor_id=actor.id, recorded_at__gt=timezone.now() - NOT_AGAIN_FOR,
    )  # fmt: skip
    if not seen.exists():
        record(action=OPENED, actor=actor, target=letter, data={"pdf_sha256": letter.pdf_sha256})
    return pdf
