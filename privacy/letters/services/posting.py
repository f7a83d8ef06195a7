"""Letters on paper: an officer printed one and brought it to the post."""

from django.db import transaction
from django.utils import timezone

from privacy.ledger.actors import Actor
from privacy.ledger.services import record
from privacy.letters.access import check_may_send
from privacy.letters.errors import WrongState
from privacy.letters.models import Letter, LetterState
from privacy.letters.moves import move_letter
from privacy.officers.models import Officer


@transaction.atomic
def note_posted(*, letter: Letter, officer: Officer) -> Letter:
    """Write down that a letter was posted.

    Raises:
        NotAllowed: the letter is not this officer's to send.
        WrongState: it does not wait for the post; a second press of the button ends here.
    """
    check_may_send(officer, letter)
    waiting = Letter.objects.filter(pk=letter.pk)
    if letter.state != LetterState.BY_POST or not move_letter(
        waiting, come_from=LetterState.BY_POST, to=LetterState.SENT, sent_at=timezone.now()
    ):
        raise WrongState
    letter.refresh_from_db()
    record(action="letter.posted", actor=Actor.officer(officer), target=letter, data={"pdf_sha256": letter.pdf_sha256})
    return letter
