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


@transaction.atomic
def discard_unposted(*, letter: Letter, officer: Officer) -> None:
    """Delete a letter on paper that was not posted and says what is not so any more; the ledger says there was one.

    Raises:
        NotAllowed: the letter is not this officer's to send.
        WrongState: it does not wait for the post.
    """
    check_may_send(officer, letter)
    found = Letter.objects.select_for_update().filter(pk=letter.pk, state=LetterState.BY_POST).first()
    if found is None:
        raise WrongState
    data = {"kind": found.kind, "case": str(found.case_id or ""), "pdf_sha256": found.pdf_sha256}
    record(action="letter.discarded_unposted", actor=Actor.officer(officer), target=found, data=data)
    found.delete()
