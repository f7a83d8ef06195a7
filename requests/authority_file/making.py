"""Making the file for an authority, or the person's copy of it; never kept here, and each making is in the ledger.

It is in the language of the complaint's letters, which the person chose; what people wrote stays as they wrote it.
"""

import hashlib
from dataclasses import dataclass

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from privacy.ledger.actors import Actor
from privacy.ledger.services import record
from privacy.letters.composing import letter_language
from privacy.officers.models import Officer
from requests.authority_file.archive import as_zip
from requests.authority_file.contents import contents_of
from requests.authority_file.shape import For
from requests.enums import RequestKind
from requests.errors import ComplaintRefused
from requests.models import SubjectRequest
from requests.services.moves import check_may_handle

_ACTIONS = {For.AUTHORITY: "authority_file_made", For.PERSON: "person_copy_made"}


@dataclass(frozen=True)
class MadeFile:
    name: str
    data: bytes


@transaction.atomic
def make_file(*, case: SubjectRequest, officer: Officer, reader: For) -> MadeFile:
    """Make the file of a complaint; who made it, for whom, and its digest are written down.

    Raises:
        NotAllowed: the complaint is not this officer's.
        ConflictOfInterest: the officer handled the case complained of.
        ComplaintRefused: it is no complaint.
    """
    case = SubjectRequest.objects.select_related("subject", "decided_by").get(pk=case.pk)
    check_may_handle(officer, case)
    if case.kind != RequestKind.COMPLAINT:
        raise ComplaintRefused(_("This is not a complaint."))
    language = letter_language(case.language)
    with translation.override(language):
        data = as_zip(contents_of(case, reader, language=language))
    record(
        action=f"subject_request.{_ACTIONS[reader]}", actor=Actor.officer(officer), target=case,
        data={"sha256": hashlib.sha256(data).hexdigest()},
    )  # fmt: skip
    return MadeFile(f"{case.reference}-{reader.value}.zip", data)
