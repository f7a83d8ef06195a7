"""Publishing the words that people are asked with."""

import re

from django.db import transaction
from django.utils.translation import gettext as _

from consent.errors import PurposeNotByConsent, PurposeProhibited, WordingInvalid
from consent.models import Wording, words_digest
from consent.terms import latest_wording
from privacy.ledger.actors import Actor
from privacy.ledger.services import record
from privacy.register.models import LawfulBasis, Purpose

_LANGUAGE = re.compile(r"[a-z]{2}(-[A-Z]{2})?")


@transaction.atomic
def publish_wording(*, purpose: Purpose, language: str, text: str, actor: Actor) -> Wording:
    """Publish new words for a purpose as the next version. The same words again stay the same version.

    Args:
        language: `en`, `fr`, `fr-CA`.
        text: word for word as people see or hear it.

    Raises:
        ConsentRefused: the purpose takes no consent, or the words are empty or the language is none.
    """
    purpose = Purpose.objects.select_for_update(no_key=True).get(pk=purpose.pk)
    _check(purpose, language, text)
    newest = latest_wording(purpose, language)
    if newest is not None and newest.text == text:
        return newest
    wording = Wording.objects.create(
        purpose=purpose,
        language=language,
        version=newest.version + 1 if newest else 1,
        text=text,
        digest=words_digest(text),
    )
    record(
        action="consent.wording_published",
        actor=actor,
        target=wording,
        data={"purpose": purpose.code, "language": language, "version": wording.version, "digest": wording.digest},
    )
    return wording


def _check(purpose: Purpose, language: str, text: str) -> None:
    if purpose.is_prohibited:
        raise PurposeProhibited(_("The organisation has promised never to do this. There is nothing to ask for."))
    if purpose.lawful_basis != LawfulBasis.CONSENT:
        raise PurposeNotByConsent(_("This purpose does not rest on consent. There is nothing to ask for."))
    if not _LANGUAGE.fullmatch(language):
        raise WordingInvalid(_("Give the language as a code like en or fr-CA."))
    if not text.strip():
        raise WordingInvalid(_("Write the words that people will see or hear."))
