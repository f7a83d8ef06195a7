"""Writing letters. Sending is a job of its own, so that no mail goes out for something that was rolled back."""

import uuid

from django.db import transaction
from django.template import Context, Engine
from django.utils import translation

from privacy.jobs.services import enqueue
from privacy.ledger.actors import Actor
from privacy.ledger.services import record
from privacy.letters.models import Letter
from privacy.subjects.crypto import keyed_index
from privacy.subjects.identifiers import IdentifierKind, normalise
from privacy.subjects.models import Subject

LINK_PLACEHOLDER = "[[link]]"


@transaction.atomic
def write_letter(
    *,
    kind: str,
    subject: Subject | None,
    address: str,
    context: dict[str, object],
    actor: Actor,
    language: str = "en",
    case_id: uuid.UUID | None = None,
    link: str | None = None,
    to_a_stranger: bool = False,
) -> Letter:
    """Write a letter and put it into the outbox.

    Args:
        kind: names the templates `letters/<kind>.subject.txt` and `letters/<kind>.txt`.
        subject: whom it is about and to; None for a letter to an officer, or to somebody whom the portal does not know.
        address: e-mail address.
        context: what the templates say.
        to_a_stranger: without a subject, it is to a person whom the portal does not know, and not to an officer.
        link: secret address put where the text says [[link]], and forgotten once the letter is sent.
    """
    with translation.override(language):
        heading = " ".join(_as_text(f"letters/{kind}.subject.txt", context).split())
        body = _as_text(f"letters/{kind}.txt", context)
    if (LINK_PLACEHOLDER in body) != (link is not None):
        raise ValueError(
            f"the letter {kind!r} and its link do not belong together: the text must hold {LINK_PLACEHOLDER}"
        )
    index = keyed_index(IdentifierKind.EMAIL, normalise(IdentifierKind.EMAIL, address)) if to_a_stranger else None
    letter = Letter.objects.create(
        kind=kind, subject=subject, case_id=case_id, language=language, address=address, heading=heading, body=body,
        secret=link, address_index=None if subject else index,
    )  # fmt: skip
    record(action="letter.written", actor=actor, target=letter, data={"kind": kind, "case": str(case_id or "")})
    enqueue(kind="letters.send", slot=str(letter.pk))
    return letter


def claim_letters(*, subject: Subject, address: str) -> int:
    """Give a person the letters that were written to their address before the portal knew them. How many.

    Raises:
        IdentifierInvalid: it is no mail address.
    """
    index = keyed_index(IdentifierKind.EMAIL, normalise(IdentifierKind.EMAIL, address))
    theirs = Letter.objects.filter(subject__isnull=True, address_index=index)
    return theirs.update(subject=subject, address_index=None)


def _as_text(template: str, context: dict[str, object]) -> str:
    """A template as plain text: nothing is escaped, and no value can pose as the place of the link."""
    harmless = {
        name: value.replace(LINK_PLACEHOLDER, "") if isinstance(value, str) else value
        for name, value in context.items()
    }
    source = Engine.get_default().get_template(template)
    return source.render(Context(harmless, autoescape=False)).strip() + "\n"
