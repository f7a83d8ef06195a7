"""In which language a case writes to its person."""

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from privacy.ledger.actors import Actor
from privacy.ledger.services import record
from privacy.officers.models import Officer
from requests.errors import QuestionRefused
from requests.models import SubjectRequest
from requests.services.moves import check_may_handle, expect, locked
from requests.transitions import OPEN


@transaction.atomic
def change_letter_language(*, case: SubjectRequest, officer: Officer, language: str) -> SubjectRequest:
    """Write the next letters of an open case in another language; those that were written stay as they are.

    Raises:
        NotAllowed: the case is not this officer's.
        WrongState: the case is closed.
        QuestionRefused: there are no letters in this language, or it is the one of the case already.
    """
    case = locked(case)
    check_may_handle(officer, case)
    expect(case, *OPEN)
    if language not in dict(settings.LETTER_LANGUAGES) or language == case.language:
        raise QuestionRefused(_("Choose another language than the one the letters are in, out of the list."))
    before, case.language = case.language, language
    case.save(update_fields=["language"])
    record(
        action="subject_request.language_changed", actor=Actor.officer(officer), target=case,
        data={"before": before, "language": language},
    )  # fmt: skip
    return case
