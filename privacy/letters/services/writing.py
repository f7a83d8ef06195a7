"""Writing letters. Sending is a job of its own, so that no mail goes out for something that was rolled back."""

import uuid
from typing import Any

from django.db import transaction

from privacy.ledger.actors import Actor
from privacy.ledger.services import record
from privacy.letters.composing import compose, letter_language
from privacy.letters.errors import LinkMissing
from privacy.letters.kinds import letter_kind
from privacy.letters.models import Letter, LetterState
from privacy.letters.services.outbox import finished, queue_sending
from privacy.letters.wording import check_link
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

    Raises:
        UnknownKind: no app declares the kind.
        LinkMissing: the text needs a link and none is given, or the other way round.
    """
    what = letter_kind(kind)
    language = letter_language(language) if what.is_on_paper else what.languages[0]
    composed = compose(what, particulars=context, language=language, law=law)
    has_link = link is not None or bool(draft and link_purpose)
    if (problem := check_link(what, composed.text, has_link=has_link)) is not None:
        raise LinkMissing(problem)
    index = keyed_index(IdentifierKind.EMAIL, normalise(IdentifierKind.EMAIL, address)) if to_a_stranger else None
    letter = Letter(
        kind=kind, subject=subject, case_id=case_id, language=language, address=address, heading=composed.heading,
        body=composed.text, wording=composed.source, secret=link, link_purpose=link_purpose, law=law,
        reference=reference, name=name, address_index=None if subject else index, state=LetterState.DRAFT,
    )  # fmt: skip
    data = {"kind": kind, "case": str(case_id or "")}
    if draft:
        letter.save()
        record(action="letter.drafted", actor=actor, target=letter, data=data)
        return letter
    for field, value in finished(letter).items():
        setattr(letter, field, value)
    letter.state = LetterState.QUEUED
    letter.save()
    record(action="letter.written", actor=actor, target=letter, data=data | {"pdf_sha256": letter.pdf_sha256})
    queue_sending(letter)
    return letter
