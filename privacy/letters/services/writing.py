"""Writing letters. Sending is a job of its own, so that no mail goes out for something that was rolled back."""

import uuid
from typing import Any

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from privacy.ledger.actors import Actor
from privacy.ledger.services import record
from privacy.letters.composing import compose, letter_language
from privacy.letters.errors import LinkMissing
from privacy.letters.kinds import LetterKind, letter_kind
from privacy.letters.models import Letter, LetterState
from privacy.letters.services.outbox import finished, queue_sending
from privacy.letters.unsubscribing import check_one_click
from privacy.letters.wording import check_link, without_link
from privacy.register.selectors import profile
from privacy.subjects.crypto import keyed_index
from privacy.subjects.identifiers import IdentifierKind, normalise
from privacy.subjects.models import Subject


@transaction.atomic
def write_letter(
    *,
    kind: str,
    subject: Subject | None,
    address: str,
    context: dict[str, Any],
    actor: Actor,
    language: str = "en",
    case_id: uuid.UUID | None = None,
    link: str | None = None,
    to_a_stranger: bool = False,
    draft: bool = False,
    link_purpose: str = "",
    law: str = "",
    reference: str = "",
    name: str | None = None,
    by_post: bool = False,
    unsubscribe_from: str = "",
) -> Letter:
    """Write a letter and put it into the outbox, or leave it as a draft for an officer.

    Args:
        kind: code of a declared kind (`privacy.letters.kinds`).
        subject: whom it is about and to; None for a letter to an officer, or to somebody whom the portal does not know.
        address: e-mail address.
        context: the particulars that the kind asks for.
        language: of the person; the first of ours where we do not write it.
        link: secret address put where the text says [[link]], and forgotten once the letter is sent.
        to_a_stranger: without a subject, it is to a person whom the portal does not know, and not to an officer.
        draft: an officer edits and sends it; nothing is queued.
        link_purpose: what the link of a draft is for; a registered link maker makes it when the draft is sent.
        law: code of the law by which a wording of the organisation's own is chosen.
        reference, name: of the case and the person, for the letterhead.
        by_post: there is no e-mail address; an officer prints and posts it. Where its text wants a link, it says how to
            reach us instead.
        unsubscribe_from: code of the purpose that one click on “unsubscribe” ends; the kind says whether it has one.

    Raises:
        UnknownKind: no app declares the kind.
        UnsubscribeMissing: the kind is marketing and no purpose is named, or one is named where there is no such link.
        LinkMissing: the text needs a link and none is given, or the other way round.
    """
    what = letter_kind(kind)
    check_one_click(what, unsubscribe_from)
    language = letter_language(language) if what.is_on_paper else what.languages[0]
    composed = compose(what, particulars=context, language=language, law=law)
    letter = Letter(
        kind=kind, subject=subject, case_id=case_id, language=language, address="" if by_post else address,
        heading=composed.heading, body=composed.text, wording=composed.source, law=law, reference=reference, name=name,
        unsubscribe_from=unsubscribe_from,
    )  # fmt: skip
    if by_post:
        return _for_the_post(letter, actor)
    has_link = link is not None or bool(draft and link_purpose)
    if (problem := check_link(what, letter.body, has_link=has_link)) is not None:
        raise LinkMissing(problem)
    letter.secret, letter.link_purpose = link, link_purpose
    if to_a_stranger and subject is None:
        letter.address_index = keyed_index(IdentifierKind.EMAIL, normalise(IdentifierKind.EMAIL, address))
    return _as_draft(letter, actor) if draft else _by_mail(letter, actor)


def _as_draft(letter: Letter, actor: Actor) -> Letter:
    """An officer looks at it, edits it and sends it."""
    letter.state = LetterState.DRAFT
    letter.save()
    record(action="letter.drafted", actor=actor, target=letter, data=_data(letter))
    return letter


def _by_mail(letter: Letter, actor: Actor) -> Letter:
    """Into the outbox, from which a job sends it."""
    _finish(letter, LetterState.QUEUED)
    data = _data(letter) | {"pdf_sha256": letter.pdf_sha256}
    record(action="letter.written", actor=actor, target=letter, data=data)
    queue_sending(letter)
    return letter


def _for_the_post(letter: Letter, actor: Actor) -> Letter:
    """To be printed and posted by an officer; where its text has a link, it says how to answer without one."""
    with translation.override(letter.language):
        letter.body = without_link(letter.body, _instead(letter_kind(letter.kind)))
    _finish(letter, LetterState.BY_POST)
    data = _data(letter) | {"pdf_sha256": letter.pdf_sha256}
    record(action="letter.to_be_posted", actor=actor, target=letter, data=data)
    return letter


def _instead(kind: LetterKind) -> str:
    """How to answer a letter on paper."""
    if kind.on_paper is not None:
        return kind.on_paper(profile())
    words = _("This letter came by post and has no link. Write to %(email)s, or to our address, with the reference.")
    return words % {"email": profile().officer_email}


def _finish(letter: Letter, state: LetterState) -> None:
    """Give it its end, date and PDF, and store it."""
    for field, value in finished(letter).items():
        setattr(letter, field, value)
    letter.state = state
    letter.save()


def _data(letter: Letter) -> dict[str, str]:
    """What the ledger keeps of it: nothing of the person."""
    return {"kind": letter.kind, "case": str(letter.case_id or "")}
