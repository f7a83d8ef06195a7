"""The organisation's own wordings: saving a version, and going back to ours."""

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from privacy.law.catalogue import jurisdictions
from privacy.ledger.actors import Actor
from privacy.ledger.services import record
from privacy.letters.composing import one_line
from privacy.letters.errors import NotAllowed, WordingChanged, WordingInvalid
from privacy.letters.kinds import LetterKind, letter_kind
from privacy.letters.models import LetterTemplate
from privacy.letters.wording import check_wording
from privacy.officers.models import Officer

CHANGE = "letters.change_lettertemplate"


@transaction.atomic
def save_wording(
    *, kind: str, language: str, law: str = "", heading: str, text: str, based_on: int, officer: Officer
) -> LetterTemplate:
    """Save a new version of the organisation's wording and use it from now on. Letters already written stay.

    Args:
        law: code of a law for which it is used; empty for every law that has none of its own.
        based_on: the version that the officer began from, 0 for ours: nobody's version is replaced unseen.

    Raises:
        NotAllowed: the officer may not change wordings.
        UnknownKind: no app declares the kind.
        WordingInvalid: an unknown or missing placeholder, a stray brace, an unknown language or law.
        WordingChanged: somebody saved another version meanwhile.
    """
    what = _checked(kind, language, law, officer)
    heading, text = one_line(heading), text.replace("\r\n", "\n").strip() + "\n"
    check_wording(what, heading=heading, text=text)
    used = _in_use(kind, language, law)
    if (used.version if used else 0) != based_on:
        raise WordingChanged
    newest = LetterTemplate.objects.filter(kind=kind, language=language, law=law).order_by("-version").first()
    LetterTemplate.objects.filter(kind=kind, language=language, law=law, is_active=True).update(is_active=False)
    try:
        with transaction.atomic():
            saved = LetterTemplate.objects.create(
                kind=kind, language=language, law=law, version=(newest.version if newest else 0) + 1,
                heading=heading, text=text, edited_by=officer,
            )  # fmt: skip
    except IntegrityError:
        raise WordingChanged from None
    data = {"kind": kind, "language": language, "law": law, "version": saved.version}
    record(action="lettertemplate.saved", actor=Actor.officer(officer), target=saved, data=data)
    return saved


@transaction.atomic
def restore_built_in(*, kind: str, language: str, law: str = "", officer: Officer) -> bool:
    """Stop using the organisation's own wording; its versions are kept. False when there was none in use.

    Raises:
        NotAllowed: the officer may not change wordings.
        UnknownKind, WordingInvalid: as `save_wording`.
    """
    _checked(kind, language, law, officer)
    used = _in_use(kind, language, law)
    if used is None:
        return False
    LetterTemplate.objects.filter(pk=used.pk).update(is_active=False)
    data = {"kind": kind, "language": language, "law": law, "version": used.version}
    record(action="lettertemplate.restored", actor=Actor.officer(officer), target=used, data=data)
    return True


def _checked(kind: str, language: str, law: str, officer: Officer) -> LetterKind:
    if not officer.is_active or not officer.has_perm(CHANGE):
        raise NotAllowed
    what = letter_kind(kind)
    if language not in what.languages or language not in dict(settings.LETTER_LANGUAGES):
        raise WordingInvalid([_("Choose one of the languages in which letters are written.")])
    if law and law not in laws_of(what):
        raise WordingInvalid([_("Choose one of the laws for which this letter is written.")])
    return what


def laws_of(kind: LetterKind) -> list[str]:
    """Codes of the laws for which a letter of this kind can have a wording of its own."""
    known = [each.code for each in jurisdictions()]
    return [code for code in known if not kind.laws or code in kind.laws]


def _in_use(kind: str, language: str, law: str) -> LetterTemplate | None:
    return (
        LetterTemplate.objects.select_for_update(of=("self",))
        .filter(kind=kind, language=language, law=law, is_active=True)
        .first()
    )
