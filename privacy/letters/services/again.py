"""Sending a letter again that could not be sent. One door; what was sent goes through it never."""

from django.db import transaction

from privacy.ledger.actors import Actor
from privacy.ledger.services import record
from privacy.letters.access import check_may_send
from privacy.letters.addressing import check_still_meant
from privacy.letters.errors import AddressInvalid, AddressNotTheirs, LinkGone, WrongState
from privacy.letters.links import fresh_link
from privacy.letters.models import Letter, LetterState
from privacy.letters.moves import move_letter
from privacy.letters.services.outbox import queue_sending
from privacy.letters.wording import LINK_PLACEHOLDER
from privacy.officers.models import Officer
from privacy.subjects.crypto import keyed_index
from privacy.subjects.identifiers import IdentifierInvalid, IdentifierKind, normalise


@transaction.atomic
def send_again(*, letter: Letter, officer: Officer, address: str | None = None) -> Letter:
    """Put a letter that could not be sent into the outbox again, word for word, to a corrected address if need be.

    A secret link is made anew, for the old one may have run out meanwhile. Whoever gets it can act as the person, so a
    letter with one goes to an address that is on file for the person, and to no other that an officer might type.

    Args:
        address: the corrected address; the letter's own when absent.

    Raises:
        NotAllowed: the letter is not this officer's to send.
        WrongState: it did not fail, or is on its way again already.
        AddressInvalid: that is no e-mail address.
        AddressNotTheirs: the letter has a secret link, and the address is not on file for the person.
        AddresseeGone: whoever it is addressed to may not get it any more.
        NotWanted: it is marketing, and the person said no meanwhile.
        TakenBack: what it says was taken back meanwhile.
        LinkGone: its secret link is gone and cannot be made anew.
    """
    found = Letter.objects.select_for_update(of=("self",)).filter(pk=letter.pk).first()
    if found is None:
        raise WrongState
    check_may_send(officer, found)
    if found.state != LetterState.FAILED:
        raise WrongState
    check_still_meant(found)
    to = _checked(found, address)
    secret = fresh_link(found) or found.secret
    has_link = LINK_PLACEHOLDER in found.body
    if has_link and secret is None:
        raise LinkGone
    moved = move_letter(
        Letter.objects.filter(pk=found.pk), come_from=LetterState.FAILED, to=LetterState.QUEUED, failure="",
        attempts=0, sendings=found.sendings + 1, sending_since=None, address=to, secret=secret if has_link else None,
    )  # fmt: skip
    if not moved:
        raise WrongState
    data = {"address_corrected": to != found.address, "failure": found.failure}
    found.refresh_from_db()
    record(action="letter.queued_again", actor=Actor.officer(officer), target=found, data=data)
    queue_sending(found)
    return found


def _checked(letter: Letter, address: str | None) -> str:
    """The address to which it may go."""
    if address is None or address.strip() == letter.address:
        return letter.address
    try:
        normal = normalise(IdentifierKind.EMAIL, address)
    except IdentifierInvalid:
        raise AddressInvalid from None
    if LINK_PLACEHOLDER in letter.body and not _is_theirs(letter, normal):
        raise AddressNotTheirs
    return normal


def _is_theirs(letter: Letter, normal: str) -> bool:
    if letter.subject is None:
        return False
    index = keyed_index(IdentifierKind.EMAIL, normal)
    return letter.subject.identifiers.filter(kind=IdentifierKind.EMAIL, index=index, former_since__isnull=True).exists()
