"""Drafts: an officer edits the text, then sends or discards it.

The subject line of a draft stays as it was composed: it is not encrypted, and mail programs show it on locked screens.
"""

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from privacy.ledger.actors import Actor
from privacy.ledger.services import record
from privacy.letters.access import check_may_send
from privacy.letters.addressing import check_still_meant
from privacy.letters.errors import LinkGone, LinkMissing, WordingInvalid, WrongState
from privacy.letters.kinds import letter_kind
from privacy.letters.links import fresh_link
from privacy.letters.models import Letter, LetterState
from privacy.letters.moves import move_letter
from privacy.letters.services.outbox import finished, queue_sending
from privacy.letters.wording import LINK_PLACEHOLDER, LONGEST_TEXT, check_link
from privacy.officers.models import Officer


@transaction.atomic
def edit_draft(*, letter: Letter, officer: Officer, text: str) -> Letter:
    """Replace the text of a draft.

    Raises:
        NotAllowed: the letter is not this officer's to send.
        WrongState: it is no draft any more.
        WordingInvalid: it is empty or too long.
        LinkMissing: the place of the secret link was removed or doubled, or one was added.
    """
    letter = locked_draft(letter, officer)
    text = checked_text(letter, text)
    if text != letter.body:
        letter.body = text
        letter.save(update_fields=["body"])
        record(action="letter.draft_edited", actor=Actor.officer(officer), target=letter)
    return letter


def checked_text(letter: Letter, text: str) -> str:
    """The text of a draft as it may be kept; raises what `edit_draft` says of a text."""
    text = text.replace("\r\n", "\n").strip() + "\n"
    if not text.strip():
        raise WordingInvalid([_("Write the text of the letter.")])
    if len(text) > LONGEST_TEXT:
        raise WordingInvalid([_("Keep the text to %(n)d characters.") % {"n": LONGEST_TEXT}])
    has_link = bool(letter.link_purpose or letter.secret)
    if (problem := check_link(letter_kind(letter.kind), text, has_link=has_link)) is not None:
        raise LinkMissing(problem)
    return text


@transaction.atomic
def send_draft(*, letter: Letter, officer: Officer) -> Letter:
    """Put a draft into the outbox, with a fresh secret link where it has one.

    Raises:
        NotAllowed: the letter is not this officer's to send.
        WrongState: it is no draft any more; a second press of the button ends here.
        AddresseeGone: whoever it is addressed to may not get it any more.
        NotWanted: it is marketing, and the person said no meanwhile.
        TakenBack: what it says was taken back meanwhile.
        LinkGone: its secret link cannot be made any more, because the case has moved on.
    """
    letter = locked_draft(letter, officer)
    check_still_meant(letter)
    secret = fresh_link(letter) or letter.secret
    if LINK_PLACEHOLDER in letter.body and secret is None:
        raise LinkGone
    changes = finished(letter) | {"secret": secret}
    if not move_letter(_one(letter), come_from=LetterState.DRAFT, to=LetterState.QUEUED, **changes):
        raise WrongState
    letter.refresh_from_db()
    data = {"kind": letter.kind, "case": str(letter.case_id or ""), "pdf_sha256": letter.pdf_sha256}
    record(action="letter.written", actor=Actor.officer(officer), target=letter, data=data)
    queue_sending(letter)
    return letter


@transaction.atomic
def discard_draft(*, letter: Letter, officer: Officer) -> None:
    """Delete a draft. What it said reached nobody and has no purpose; the ledger says that there was one.

    Raises:
        NotAllowed: the letter is not this officer's to send.
        WrongState: it is no draft any more.
    """
    letter = locked_draft(letter, officer)
    data = {"kind": letter.kind, "case": str(letter.case_id or "")}
    record(action="letter.draft_discarded", actor=Actor.officer(officer), target=letter, data=data)
    letter.delete()


def locked_draft(letter: Letter, officer: Officer) -> Letter:
    """The draft as it is now, locked.

    Raises:
        NotAllowed: the letter is not this officer's to send.
        WrongState: it is no draft any more, or is gone.
    """
    found = _one(letter).select_for_update(of=("self",)).first()
    if found is None:
        raise WrongState
    check_may_send(officer, found)
    if found.state != LetterState.DRAFT:
        raise WrongState
    return found


def _one(letter: Letter) -> QuerySet[Letter]:
    return Letter.objects.filter(pk=letter.pk)
